"""``penstock policy``: tools for the authors of policies."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from penstock.errors import PenstockError
    from penstock.policy import Pack

HELP = "work on policies: check their expressions, run their examples"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    lint = commands.add_parser(
        "lint", help="check policies against the schemas: names, fields, types, enums, optional fields"
    )
    lint.add_argument(
        "--fail-on", choices=("error", "warning"), default="error", help="the least that fails (default: error)"
    )
    lint.set_defaults(work=_lint)
    test = commands.add_parser("test", help="run the examples inside policy files")
    test.set_defaults(work=_test)
    for command in (lint, test):
        command.add_argument(
            "packs",
            nargs="*",
            metavar="PACK",
            help="folders of policy files, or levie (default: the packs of the nearest penstock.yaml, or levie)",
        )
        command.add_argument(
            "--engine",
            default="penstock",
            metavar="NAME",
            help="the CEL engine: penstock (the default) or cel-python",
        )


def run(arguments: argparse.Namespace) -> int:
    """Run the subcommand; 1 when it finds something."""
    from penstock.cli import FINDINGS, OK

    return FINDINGS if arguments.work(arguments) else OK


def _lint(arguments: argparse.Namespace) -> bool:
    """Print all that can be said of the policies before any manifest is read."""
    from penstock.cel import engine
    from penstock.cli.faults import place, shown
    from penstock.errors import GroupedError
    from penstock.policy import check_unique, load_pack

    errors: list[PenstockError] = []
    warnings: list[PenstockError] = []
    packs: list[Pack] = []
    for reference, base in _references(arguments):
        try:
            packs.append(load_pack(reference, base, engine(arguments.engine), warnings))
        except GroupedError as group:
            errors += group.errors
    try:
        check_unique(packs)
    except GroupedError as group:
        errors += group.errors
    heads = {id(error): "error" for error in errors} | {id(warning): "warning" for warning in warnings}
    for found in sorted((*errors, *warnings), key=place):
        sys.stdout.write(shown(found, heads[id(found)]) + "\n")
    policies = sum(len(pack.policies) for pack in packs)
    checked = "" if errors else f"{policies} polic{'y' if policies == 1 else 'ies'}, "
    sys.stdout.write(f"{checked}{_count(errors, 'error')}, {_count(warnings, 'warning')}\n")
    return bool(errors or (warnings and arguments.fail_on == "warning"))


def _test(arguments: argparse.Namespace) -> bool:
    """Run every example of the packs, and print those that do not give what they say."""
    from penstock.cel import engine
    from penstock.policy import load_pack
    from penstock.policy.examples import run_examples
    from penstock.render.escape import visible

    failures = examples = policies = 0
    for reference, base in _references(arguments):
        pack = load_pack(reference, base, engine(arguments.engine))
        for policy in pack.policies:
            policies += 1
            examples += len(policy.good) + len(policy.bad)
            for failure in run_examples(policy, pack.base):
                failures += 1
                sys.stdout.write(f"{failure.place}: {policy.rule.id} example {failure.example.name}\n")
                sys.stdout.writelines(f"  {visible(problem)}\n" for problem in failure.problems)
    checked = f"{policies} polic{'y' if policies == 1 else 'ies'}"
    sys.stdout.write(f"{checked}, {examples} examples, {failures} failed\n")
    return failures > 0


def _references(arguments: argparse.Namespace) -> list[tuple[str, Path]]:
    """The packs to look at, each with the folder it is relative to."""
    from penstock.source.discovery import MARKER
    from penstock.workspace.config import config_of
    from penstock.workspace.roots import nearest

    if arguments.packs:
        return [(reference, Path.cwd()) for reference in arguments.packs]
    root = nearest(Path.cwd())
    config = config_of(root / MARKER if root else None, root or Path.cwd())
    return [(reference, root or Path.cwd()) for reference in config.packs]


def _count(things: list[PenstockError], noun: str) -> str:
    return f"{len(things)} {noun}{'' if len(things) == 1 else 's'}"
