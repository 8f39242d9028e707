"""``penstock access``: who and which agent reaches which data, and how far a mistake could spread."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from penstock.access import AccessMap, Choice
    from penstock.access.pair import Status
    from penstock.cli.output import Output

HELP = "show who and which agent reaches which data, by which grant or tool, and what is too much or too little"

_VIEWS = ("agents", "sources", "people")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "what",
        nargs="*",
        metavar="WHAT",
        help="Agent/name, DataSource/name, UseCase/name, a person or a group (default: everything)",
    )
    parser.add_argument(
        "--rollout", default=".", metavar="PATH", help="the rollout's folder or a file in it (default: here)"
    )
    parser.add_argument("--as-of", metavar="DATE", help="the day of the map, YYYY-MM-DD (default: today in UTC)")
    parser.add_argument(
        "--config", metavar="FILE", type=Path, help="use this file instead of the nearest penstock.yaml"
    )
    parser.add_argument(
        "--view",
        choices=_VIEWS,
        help="what stands at the top of the trees (default: what WHAT names, or agents, then people)",
    )
    parser.add_argument(
        "--only",
        metavar="STATUS",
        help="only accesses that are: uncovered, excess, missing, expired, not-yet-in-force, borrowed, unused,"
        " as-needed, granted; several with commas",
    )
    parser.add_argument(
        "-o",
        "--output",
        action="append",
        default=[],
        dest="access_formats",
        metavar="FORMAT[=FILE]",
        help="text, json, mermaid, dot or markdown; may be repeated with files",
    )
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="default: auto")


def run(arguments: argparse.Namespace) -> int:
    """Show the map. It shows and does not judge: what is wrong on it is for ``penstock check`` to fail."""
    from penstock.access import access_map, choose, narrowed
    from penstock.cli.days import judging_day
    from penstock.cli.output import outputs
    from penstock.render.access import FORMATS
    from penstock.workspace.opened import open_rollout

    wanted = outputs(arguments.access_formats, FORMATS)
    statuses = _statuses(arguments.only)
    as_of = judging_day(arguments.as_of)
    opened = open_rollout(Path(arguments.rollout), arguments.config)
    whole = access_map(opened.rollout, as_of)
    choice = choose(whole, arguments.what, statuses)
    found = narrowed(whole, choice)
    views = (arguments.view,) if arguments.view else _views(choice)
    for output in wanted:
        _write(found, output, views, full=bool(arguments.what), color=arguments.color)
    return 0


def _views(choice: Choice) -> tuple[str, ...]:
    """What is shown when nothing is asked for: that which was named, agents before people."""
    if choice.principals is None:
        return ("agents", "people") if choice.sources is None else ("sources",)
    named = {"agents" if principal.kind == "agent" else "people" for principal in choice.principals}
    return tuple(view for view in ("agents", "people") if view in named) or ("agents",)


def _write(found: AccessMap, output: Output, views: tuple[str, ...], *, full: bool, color: str) -> None:
    from penstock.cli.files import write_atomically
    from penstock.cli.output import colored, put
    from penstock.cli.screen import columns, show
    from penstock.render.access import render

    if output.file is not None:
        write_atomically(output.file, render(found, output.format, views, full=full))
    elif output.format == "text":
        show(render(found, output.format, views, full=full, color=colored(color), width=columns()))
    else:
        put(render(found, output.format, views))


def _statuses(given: str | None) -> list[Status]:
    from penstock.access.pair import Status
    from penstock.starter.names import pick

    words = [word.strip() for word in given.split(",") if word.strip()] if given else []
    return [Status(pick(word, [status.value for status in Status], "status")) for word in words]
