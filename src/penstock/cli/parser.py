"""The argument parser of every command, without running any."""

from __future__ import annotations

import argparse
from importlib import import_module

from penstock import __version__
from penstock.cli import COMMANDS

_DESCRIPTION = "Policy as code for enterprise agentic-AI rollouts: lint manifests in git at the exact field."
_EPILOG = """exit codes: 0 clean, 1 findings, 2 usage, configuration or policy fault, 130 interrupted

start with `penstock init`, then `penstock check`; `penstock explain LV801` says what a rule asks and why"""


def build() -> argparse.ArgumentParser:
    """The whole parser: also what shell completion is made from."""
    parser = argparse.ArgumentParser(
        prog="penstock",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("-V", "--version", action="version", version=f"penstock {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in COMMANDS:
        command = import_module(f"penstock.cli.{name}")
        subparser = commands.add_parser(name, help=command.HELP, description=_sentence(command.HELP))
        command.configure(subparser)
        subparser.set_defaults(run=command.run)
    return parser


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
