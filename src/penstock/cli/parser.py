"""The argument parser of every command, without running any.

A command line that names its command first gets the parser of that one alone: the others' arguments are neither
imported nor declared.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from penstock import __version__
from penstock.cli import COMMANDS
from penstock.cli.screen import terminal

_DESCRIPTION = "Policy as code for enterprise agentic-AI rollouts: lint manifests in git at the exact field."
_EPILOG = """exit codes: 0 clean, 1 findings, 2 usage, configuration or policy fault, 130 interrupted

start with `penstock init`, then `penstock check`; `penstock explain LV801` says what a rule asks and why"""


def build(words: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The parser for a command line of these words; without any the whole: what shell completion is made from."""
    parser = argparse.ArgumentParser(
        prog="penstock",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=_RawFormatter,
    )
    parser.add_argument("-V", "--version", action="version", version=f"penstock {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in words[:1] if words and words[0] in COMMANDS else COMMANDS:
        command = import_module(f"penstock.cli.{name}")
        subparser = commands.add_parser(
            name, help=command.HELP, description=_sentence(command.HELP), formatter_class=_Formatter
        )
        command.configure(subparser)
        subparser.set_defaults(run=command.run)
    return parser


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


class _Formatter(argparse.HelpFormatter):
    """As wide as the usual one, which asks ``shutil`` for the width whenever an argument is declared."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **{"width": terminal(80) - 2, **named})


class _RawFormatter(_Formatter, argparse.RawDescriptionHelpFormatter):
    """The same, with a description as it is written."""
