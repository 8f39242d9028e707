"""``penstock eval``: the value of an expression, against a rollout: given, read line by line, or at a prompt."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from penstock.record import dataclass

if TYPE_CHECKING:
    from penstock.cel.program import Program
    from penstock.errors import PenstockError
    from penstock.policy.console import Console, Origin
    from penstock.policy.judge import Subject
    from penstock.workspace.opened import Opened

HELP = "evaluate a CEL expression against a rollout"

_BETWEEN = {"yaml": "---\n", "json": "", "tree": "\n"}
"""What stands between two values, by output."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "expression",
        nargs="?",
        metavar="EXPR",
        help="a CEL expression; without one, or for -, those of standard input, one a line, or a prompt",
    )
    parser.add_argument(
        "path", nargs="?", default=".", metavar="PATH", help="the rollout's folder (default: here)"
    )
    parser.add_argument("--on", metavar="RESOURCE", help="what `object` is: Kind/name, FILE or FILE:Kind/name")
    parser.add_argument(
        "-o",
        "--output",
        choices=tuple(_BETWEEN),
        default="yaml",
        help="tree: also what each part gave (default: yaml)",
    )
    parser.add_argument("--as-of", metavar="DATE", help="what `asOf` is, YYYY-MM-DD (default: today in UTC)")
    parser.add_argument(
        "--config", metavar="FILE", type=Path, help="use this file instead of the nearest penstock.yaml"
    )
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="default: auto")
    parser.epilog = (
        "names: object (with --on), organization, asOf,\n"
        "  ref(name, kind), referrers(manifest, kind), resources(kind)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the value of each expression; 2 when one has none."""
    from penstock.cli.days import judging_day
    from penstock.policy.console import Console

    as_of = judging_day(arguments.as_of)
    opened, subject = _open(arguments)
    console = Console(opened.rollout, as_of, subject)
    if arguments.expression not in (None, "-"):
        return tell(answer(console, arguments.expression, arguments.output, arguments.color))
    if sys.stdin is not None and sys.stdin.isatty():
        from penstock.cli.prompt import converse

        return converse(opened, console, arguments.output, arguments.color)
    return _lines(console, arguments)


def _open(arguments: argparse.Namespace) -> tuple[Opened, Subject | None]:
    from penstock.workspace.opened import open_rollout
    from penstock.workspace.target import only, open_target, parse_target

    if arguments.on is None:
        return open_rollout(Path(arguments.path), arguments.config), None
    target = parse_target(arguments.on)
    opened = open_target(target, Path(arguments.path), arguments.config)
    return opened, only(opened, target)


def _lines(console: Console, arguments: argparse.Namespace) -> int:
    """Evaluate each line of standard input. A fault in one keeps no other from its value."""
    from penstock.policy.console import Origin
    from penstock.render.escape import split_lines

    # A program without standard input has None here.
    given = sys.stdin.buffer.read() if sys.stdin is not None else b""
    text = given.decode("utf-8-sig", "replace")
    code, between = 0, ""
    for number, line in enumerate(split_lines(text), 1):
        if line.strip() and not line.lstrip().startswith("//"):
            origin = Origin("standard input", text, number)
            answered = answer(console, line, arguments.output, arguments.color, origin)
            code = max(code, tell(answered, between))
            between = _BETWEEN[arguments.output] if answered.text else between
    return code


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an expression: its value as text, or a fault; with a tree that shows it, both."""

    text: str
    fault: PenstockError | None = None


def tell(answered: Answer, before: str = "") -> int:
    """Print an answer and give the exit code."""
    from penstock.cli.faults import report
    from penstock.cli.screen import show

    if answered.text:
        show(before + answered.text)
    if answered.fault is None:
        return 0
    sys.stdout.flush()
    report(answered.fault)
    return 2


def answer(console: Console, text: str, output: str, color: str, origin: Origin | None = None) -> Answer:
    """The value of one expression, as it is printed."""
    from penstock.errors import PenstockError
    from penstock.policy.console import Origin

    origin = origin or Origin()
    tree = ""
    try:
        compiled = console.compile(text, origin)
        if output == "tree":
            tree = _tree(console, compiled, color)
        value = console.value(compiled, origin)
    except PenstockError as fault:
        return Answer(tree, fault)
    return Answer(tree or (_json(value) if output == "json" else _yaml(value)))


def _tree(console: Console, compiled: Program, color: str) -> str:
    from penstock.cli.output import colored
    from penstock.cli.screen import columns
    from penstock.render.trace import render

    return render(console.trace(compiled), color=colored(color), width=columns())


def _json(value: object) -> str:
    from penstock.render.serialize import json_text
    from penstock.render.value import as_data

    return json_text(as_data(value))


def _yaml(value: object) -> str:
    from penstock.render.escape import visible
    from penstock.render.value import as_data
    from penstock.starter.text import block

    # What is not plain stands in double quotes, where YAML reads \x1b and \u202e as the characters they were.
    return "".join(f"{visible(line)}\n" for line in block(as_data(value)))
