"""``penstock plan``: per use case, the framework's steps in order, what blocks the next stage, who does what."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from penstock.plan import Plan
    from penstock.workspace.opened import Opened

HELP = "plan the next steps of each use case: what is done, what blocks its next stage, who does what"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "use_case", nargs="?", metavar="USE-CASE", help="the use case to plan (default: every one)"
    )
    parser.add_argument(
        "--rollout", metavar="PATH", type=Path, default=Path(), help="the rollout's folder (default: here)"
    )
    parser.add_argument(
        "-o",
        "--output",
        action="append",
        default=[],
        dest="plan_formats",
        metavar="FORMAT[=FILE]",
        help="text, json or markdown; may be repeated with files",
    )
    parser.add_argument("--as-of", metavar="DATE", help="plan as of this date, YYYY-MM-DD (default: today in UTC)")
    parser.add_argument(
        "--config", metavar="FILE", type=Path, help="use this file instead of the nearest penstock.yaml"
    )
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="default: auto")


def run(arguments: argparse.Namespace) -> int:
    """Write the plan. It plans and does not judge: what it finds is no fault."""
    from penstock.cli.days import judging_day
    from penstock.cli.files import write_atomically
    from penstock.cli.output import colored, outputs, put
    from penstock.cli.screen import columns
    from penstock.render.plan import FORMATS, render
    from penstock.workspace.opened import open_rollout

    wanted = outputs(arguments.plan_formats, FORMATS)
    as_of = judging_day(arguments.as_of)
    made = _plan(open_rollout(arguments.rollout, arguments.config), arguments.use_case, as_of)
    for output in wanted:
        if output.file is not None:
            write_atomically(output.file, render(made, output.format))
        else:
            put(render(made, output.format, color=colored(arguments.color), width=columns(), plain=_plain()))
    return 0


def _plan(opened: Opened, word: str | None, as_of: str) -> Plan:
    from penstock.plan import plan

    only = None if word is None else _named(opened, word)
    config, book = opened.config, opened.book(as_of)
    return plan(
        opened.loaded,
        book.policies,
        config.selection,
        as_of=as_of,
        fail_on=config.fail_on,
        only=only,
        circumstances=opened.circumstances(book, as_of),
    )


def _named(opened: Opened, word: str) -> str:
    """The name of the use case that a word means: its name, or ``UseCase/name``.

    Raises:
        UsageError: there is none; with the nearest.
    """
    from penstock.errors import UsageError
    from penstock.suggest import choices, did_you_mean

    name = word.removeprefix("UseCase/")
    known = opened.rollout.names("UseCase")
    if name in known:
        return name
    if not known:
        raise UsageError(
            f"there is no use case {word!r}", hint="the rollout has none: `penstock new UseCase NAME`"
        )
    hint = did_you_mean(name, known) or f"the rollout's use cases: {choices(known)}"
    raise UsageError(f"there is no use case {word!r}", hint=hint)


def _plain() -> bool:
    """Whether standard output lacks the signs that a plan is drawn with."""
    from penstock.render.plan.text import GLYPHS

    try:
        GLYPHS.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return True
    return False
