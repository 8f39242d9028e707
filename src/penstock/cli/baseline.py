"""``penstock baseline``: adopt penstock on a rollout that breaks rules, and let the list of findings shrink."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from penstock.model import Finding, Severity
    from penstock.workspace.baselining import Outcome, Survey, Terms

HELP = "list the findings to live with for now, so that only new ones fail the check"

_EPILOG = (
    "Exit codes: 0 the file is in order; 1 findings stand that are not in it, or something could not be judged; "
    "2 usage, configuration or policy fault."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands and their arguments."""
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    create = commands.add_parser("create", help="list every finding there is", epilog=_EPILOG)
    prune = commands.add_parser("prune", help="delete what is mended from the list", epilog=_EPILOG)
    update = commands.add_parser("update", help="prune, follow renames, add what you name", epilog=_EPILOG)
    update.add_argument(
        "--renamed",
        action="append",
        default=[],
        metavar="OLD=NEW",
        help="let entries follow a resource, e.g. Agent/clerk=Agent/claims-clerk; may be repeated",
    )
    update.add_argument(
        "--add",
        metavar="RULES",
        help="list new findings of these rules: ALL, ids, names, step:8, severity:warning",
    )
    for command in (create, prune, update):
        command.set_defaults(subcommand=command.prog.rpartition(" ")[2])
        command.add_argument(
            "path", nargs="?", default=".", metavar="PATH", help="the rollout's folder (default: here)"
        )
        command.add_argument(
            "--as-of", metavar="DATE", help="judge as of this date, YYYY-MM-DD (default: today in UTC)"
        )
        command.add_argument(
            "--config", metavar="FILE", type=Path, help="use this file instead of the nearest penstock.yaml"
        )
        if command is not prune:
            command.add_argument("--owner", metavar="EMAIL", help="who sees to it that what is added is mended")
            command.add_argument("--until", metavar="DATE", help="the last day of what is added, inclusive")
            command.add_argument("--reason", metavar="TEXT", help="why what is added is lived with for now")


def run(arguments: argparse.Namespace) -> int:
    """Write the file as the subcommand says, and tell what became of it."""
    from penstock.cli.days import judging_day
    from penstock.errors import UsageError
    from penstock.workspace.baselining import survey

    path = Path(arguments.path)
    if not path.exists():
        raise UsageError(f"there is no file or folder {path}")
    rollout = survey(path, judging_day(arguments.as_of), arguments.config)
    subcommand = {"create": _create, "prune": _prune, "update": _update}[arguments.subcommand]
    return subcommand(rollout, arguments)


def _create(rollout: Survey, arguments: argparse.Namespace) -> int:
    from penstock.cli.screen import show
    from penstock.render.baseline import created
    from penstock.workspace.baselining import create

    outcome = create(rollout, _terms(rollout, arguments))
    _write(outcome)
    show(created(outcome, rollout.book.rules))
    return _code(_fails(outcome.barred, rollout.fail_on))


def _prune(rollout: Survey, _arguments: argparse.Namespace) -> int:
    from penstock.cli.screen import show
    from penstock.render.baseline import pruned
    from penstock.workspace.baselining import prune

    outcome = prune(rollout)
    _write(outcome)
    show(pruned(outcome))
    return _code(outcome.unsure)


def _update(rollout: Survey, arguments: argparse.Namespace) -> int:
    from penstock.cli.screen import show
    from penstock.render.baseline import updated
    from penstock.workspace.baselining import update

    words = [word.strip() for word in (arguments.add or "").split(",") if word.strip()]
    outcome = update(rollout, _terms(rollout, arguments), _renames(arguments.renamed), words)
    _write(outcome)
    show(updated(outcome))
    return _code(bool(outcome.standing) or outcome.unsure or _fails(outcome.barred, rollout.fail_on))


def _terms(rollout: Survey, arguments: argparse.Namespace) -> Terms:
    from penstock.cli.days import parse_day
    from penstock.errors import UsageError
    from penstock.manifest.formats import is_email
    from penstock.workspace.baselining import Terms

    since = rollout.given.as_of
    until = parse_day(arguments.until, "--until").isoformat() if arguments.until else None
    if until is not None and until < since:
        raise UsageError(f"--until {until} is before {since}, the day to judge by")
    if arguments.owner is not None and not is_email(arguments.owner):
        raise UsageError(f"--owner takes an e-mail address, not {arguments.owner!r}")
    if arguments.reason is not None and not (arguments.reason.strip() and arguments.reason.isprintable()):
        raise UsageError("--reason takes a line of text", hint="say why the findings are lived with for now")
    return Terms(since, arguments.owner, until, arguments.reason or "")


def _renames(given: Iterable[str]) -> dict[str, str]:
    from penstock.errors import UsageError

    renames: dict[str, str] = {}
    for word in given:
        old, _, new = word.partition("=")
        kind, slash, name = old.partition("/")
        if not (slash and name and new.partition("/")[0] == kind and new.partition("/")[2]):
            hint = "it is written Kind/old=Kind/new, with the same kind twice"
            raise UsageError(f"--renamed {word} names no rename", hint=hint)
        if old in renames:
            raise UsageError(f"--renamed names {old} twice")
        renames[old] = new
    return renames


def _write(outcome: Outcome) -> None:
    from penstock.cli.files import write_atomically
    from penstock.errors import UsageError
    from penstock.source.shown import shown

    if outcome.text is None:
        return
    try:
        outcome.path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make the folder {shown(outcome.path.parent)}: {error.strerror}") from None
    write_atomically(outcome.path, outcome.text)


def _fails(findings: Iterable[Finding], fail_on: Severity) -> bool:
    return any(found.severity.at_least(fail_on) for found in findings)


def _code(found: bool) -> int:
    from penstock.cli import FINDINGS, OK

    return FINDINGS if found else OK
