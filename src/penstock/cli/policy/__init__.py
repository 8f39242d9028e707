"""``penstock policy``: tools for the authors of policies, one module a subcommand.

The arguments are declared here, so that no other command pays for these modules: a subcommand's is imported when
it runs. It has ``run(arguments) -> bool``, true when it found something.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from importlib import import_module

HELP = (
    "work on policies: write them, check their expressions, run their examples, see what the examples leave open"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands and their arguments."""
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, (about, declare) in _SUBCOMMANDS.items():
        command = commands.add_parser(name, help=about)
        command.set_defaults(subcommand=name)
        declare(command)
        if name == "new":
            continue
        command.add_argument(
            "packs",
            nargs="*",
            metavar="PACK",
            help="folders of policy files, package:NAME, or levie (default: "
            f"{_DEFAULT_PACKS.get(name, 'the packs of the nearest penstock.yaml, or levie')})",
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

    subcommand = import_module(f"penstock.cli.policy.{arguments.subcommand}")
    return FINDINGS if subcommand.run(arguments) else OK


def _lint(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--fail-on", choices=("error", "warning"), default="error", help="the least that fails (default: error)"
    )


def _test(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--coverage",
        action="store_true",
        help="list the parts of expressions that no example shows both true and false",
    )
    _measure(command, "exit with 1 when the examples show less of both; needs --coverage")


def _mutate(command: argparse.ArgumentParser) -> None:
    _measure(command, "exit with 1 when the examples notice fewer of the changes")


def _new(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "name",
        metavar="NAME",
        help="the rule's name; it states the defect, in lower-case letters, digits and hyphens",
    )
    command.add_argument(
        "--kind",
        action="append",
        default=[],
        metavar="KIND",
        help="what it is about; may be given several times; Rollout is the rollout as a whole (default: UseCase)",
    )
    command.add_argument("--id", metavar="ID", help="the rule's id, such as ACME101 (default: the pack's next)")
    command.add_argument(
        "--pack",
        metavar="FOLDER",
        help="the folder of the policies (default: the one that penstock.yaml names, or policies)",
    )
    command.add_argument("--title", metavar="TEXT", help="the defect in a sentence (default: the name as words)")


def _docs(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--output", required=True, metavar="FOLDER", help="where the pages lie; pages it did not write stay"
    )
    command.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 when a page is not as it would be written"
    )


def _measure(command: argparse.ArgumentParser, fail_under: str) -> None:
    """What the subcommands that measure have in common."""
    command.add_argument(
        "--rule",
        action="append",
        default=[],
        metavar="RULE",
        help="only these rules: an id, a name, step:8; may be given several times",
    )
    command.add_argument("--fail-under", type=float, metavar="PERCENT", help=fail_under)
    command.add_argument("--output", choices=("text", "json"), default="text", help="default: text")


_DEFAULT_PACKS = {"docs": "your own packs of the nearest penstock.yaml"}
_SUBCOMMANDS: Mapping[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "new": ("write a policy to make your own, with examples that hold", _new),
    "lint": ("check policies against the schemas, and for what can never hold or contradicts another", _lint),
    "test": ("run the examples inside policy files", _test),
    "mutate": ("change policies in small ways, and list the changes that no example notices", _mutate),
    "docs": ("write a Markdown page for each rule, and an index", _docs),
}
