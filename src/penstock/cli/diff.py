"""``penstock diff``: what changed between two revisions in meaning, and what it breaks or mends."""

from __future__ import annotations

import argparse

HELP = "tell what changed since a revision of git in meaning, and which findings it adds or mends"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("base", metavar="BASE", help="the revision to compare with, from where the two parted")
    parser.add_argument("head", nargs="?", metavar="HEAD", help="the newer revision (default: the working tree)")
    parser.add_argument(
        "--path", default=".", metavar="PATH", help="the folder of a rollout, or above several (default: here)"
    )
    parser.add_argument(
        "-o",
        "--output",
        action="append",
        default=[],
        dest="diff_formats",
        metavar="FORMAT[=FILE]",
        help="text, json or markdown; may be repeated with files",
    )
    parser.add_argument(
        "--as-of", metavar="DATE", help="judge both sides as of this date, YYYY-MM-DD (default: today in UTC)"
    )
    parser.add_argument(
        "--exit-code", action="store_true", help="exit 1 when something fails a check that did not before"
    )
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="default: auto")


def run(arguments: argparse.Namespace) -> int:
    """Compare, write every output, and say by the exit code, if asked, whether something newly fails."""
    from penstock.cli import FINDINGS, OK
    from penstock.cli.days import judging_day
    from penstock.cli.files import write_atomically
    from penstock.cli.output import colored, link_base, outputs
    from penstock.cli.screen import columns, show
    from penstock.render.diff import FORMATS, render
    from penstock.workspace.comparison import Wanted, compare

    wanted = outputs(arguments.diff_formats, FORMATS)
    as_of = judging_day(arguments.as_of)
    comparison = compare(Wanted(arguments.base, arguments.head, arguments.path, as_of))
    for output in wanted:
        if output.file is not None:
            write_atomically(output.file, render(comparison, output.format, link_base=link_base()))
        else:
            color = colored(arguments.color)
            show(render(comparison, output.format, color=color, width=columns(), link_base=link_base()))
    return FINDINGS if arguments.exit_code and comparison.fails else OK
