"""``penstock report``: a check as evidence for auditors, and the proof that it still holds."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

HELP = "write a check down as evidence for auditors, and verify such a file"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands and their arguments."""
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    audit = commands.add_parser("audit", help="check, and write the results with the digests of all that was read")
    audit.set_defaults(subcommand=_audit)
    audit.add_argument("paths", nargs="*", metavar="PATH", help="folders or files to check (default: here)")
    audit.add_argument("--as-of", metavar="DATE", help="judge as of this date, YYYY-MM-DD (default: today in UTC)")
    audit.add_argument("--config", metavar="FILE", help="use this file instead of the nearest penstock.yaml")
    audit.add_argument("-o", "--output", metavar="FILE", type=Path, help="write here (default: standard output)")
    verify = commands.add_parser("verify", help="check an audit file's digest, run it again, and compare")
    verify.set_defaults(subcommand=_verify)
    verify.add_argument("file", metavar="FILE", type=Path, help="what `penstock report audit` has written")


def run(arguments: argparse.Namespace) -> int:
    """Run the subcommand."""
    return int(arguments.subcommand(arguments))


def _audit(arguments: argparse.Namespace) -> int:
    from penstock.cli import OK
    from penstock.cli.days import judging_day
    from penstock.cli.files import write_atomically
    from penstock.cli.output import put
    from penstock.errors import UsageError
    from penstock.render.audit import SEAL, data
    from penstock.render.escape import visible
    from penstock.render.serialize import json_text
    from penstock.render.totals import closing, remarks
    from penstock.workspace.audit import gather, would_be_read
    from penstock.workspace.check import Options

    if arguments.config is not None and not Path(arguments.config).is_file():
        raise UsageError(f"there is no configuration file {arguments.config}")
    config = Path(arguments.config).absolute() if arguments.config else None
    options = Options(tuple(arguments.paths), as_of=judging_day(arguments.as_of), config=config)
    if arguments.output is not None and would_be_read(options, arguments.output):
        hint = "write it outside the rollout, into a hidden folder, or list it under manifests.exclude"
        raise UsageError(f"{arguments.output} would be a manifest of the rollout that it is about", hint=hint)
    evidence = gather(options)
    made = data(evidence)
    if arguments.output is None:
        put(json_text(made))
        return OK
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(arguments.output, json_text(made))
    for line in (closing(evidence.report), *remarks(evidence.report)):
        put(f"{line}\n")
    put(f"{visible(str(arguments.output))}: {made[SEAL]}\n")
    return OK


def _verify(arguments: argparse.Namespace) -> int:
    from penstock.cli import FINDINGS, OK
    from penstock.cli.output import put
    from penstock.render.audit import SEAL, data, differences, seal
    from penstock.render.escape import one_line, visible
    from penstock.workspace.audit import gather, options_of

    then = _read(arguments.file)
    name = visible(str(arguments.file))
    if seal(then) != then[SEAL]:
        put(f"{name} is not as it was written: its content has {seal(then)}, it states {visible(then[SEAL])}.\n")
        return FINDINGS
    now = data(gather(options_of(tuple(then["paths"]), then["config"], then["asOf"])))
    found = list(differences(then, now))
    for line in found:
        put(f"{one_line(line)}\n")
    if found:
        put(f"{name} differs from a check made now in {len(found)} place{'s' if len(found) > 1 else ''}.\n")
        return FINDINGS
    put(f"{name} holds: the same files and packs give the same results as of {then['asOf']} ({then[SEAL]}).\n")
    return OK


def _read(file: Path) -> dict[str, Any]:
    """The content of an audit file.

    Raises:
        InputError: it cannot be read, or is none.
    """
    import json

    from penstock.errors import InputError
    from penstock.manifest.schema import validate_against

    hint = "`penstock report audit` writes such files"
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"the file cannot be read: {error.strerror or error}", file=str(file)) from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"this is no JSON: {error}", file=str(file), hint=hint) from None
    wrong = validate_against("audit/v1/audit", found)
    if wrong:
        raise InputError(f"this is no audit file: {wrong[0].message}", file=str(file), hint=hint)
    audit: dict[str, Any] = found
    return audit
