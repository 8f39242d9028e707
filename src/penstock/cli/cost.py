"""``penstock cost``: what a rollout is projected to cost, before the first bill."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from penstock.cost.model import Thresholds
    from penstock.render.cost import View
    from penstock.workspace.opened import Opened

HELP = "project token costs, against ceilings, allocations and revenue, before the first bill"

_BY = ("use-case", "team", "task", "workflow", "cost-owner", "month", "tier")
_EPILOG = """what-ifs:
  frontier=mid                    everything on tier frontier runs on tier mid
  frontier=-20%                   its prices; also frontier.inputPrice=4, frontier.outputPrice=x2
  frontier.primary=MODEL          another of its models
  claims.volume=+50%              the runs of a use case
  claims/triage.modelTier=small   the tier of one task; also .volume, .tokens.input and .tokens.output
  EUR=1.1                         an exchange rate

the exit code says nothing about the costs: `penstock check` judges them"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "use_cases",
        nargs="*",
        metavar="USE-CASE",
        help="only these use cases, NAME or UseCase/NAME (default: all)",
    )
    parser.add_argument("--rollout", default=".", metavar="PATH", help="the rollout's folder (default: here)")
    parser.add_argument(
        "--as-of", metavar="DATE", help="project as of this date, YYYY-MM-DD (default: today in UTC)"
    )
    parser.add_argument(
        "--config", metavar="FILE", type=Path, help="use this file instead of the nearest penstock.yaml"
    )
    parser.add_argument("--by", choices=_BY, default="use-case", help="what a row is (default: use-case)")
    parser.add_argument(
        "--months", type=int, default=12, metavar="N", help="with --by month: how many months (default: 12)"
    )
    parser.add_argument(
        "--per", choices=("month", "year"), default="month", help="the period of the amounts (default: month)"
    )
    parser.add_argument(
        "--what-if",
        action="append",
        default=[],
        metavar="CHANGE",
        help="compare with this change; may be repeated",
    )
    parser.add_argument(
        "--explain",
        nargs="?",
        const="",
        metavar="WHAT",
        help="show what figures are made of: of the totals, or of a use case, USE-CASE/TASK, a tier, "
        "limits, peeling, revenue or months",
    )
    parser.add_argument(
        "-o",
        "--output",
        action="append",
        default=[],
        dest="cost_formats",
        metavar="FORMAT[=FILE]",
        help="text, json, csv or markdown; may be repeated with files",
    )
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="default: auto")
    parser.epilog = _EPILOG


def run(arguments: argparse.Namespace) -> int:
    """Project and write every output. It reports and does not judge: a broken ceiling is no fault."""
    from penstock.cli.days import parse_day
    from penstock.cli.files import write_atomically
    from penstock.cli.output import colored, link_base, outputs, put
    from penstock.cli.screen import columns, show
    from penstock.errors import UsageError
    from penstock.render.cost import FORMATS, render
    from penstock.workspace.check import today
    from penstock.workspace.opened import open_rollout

    if not 1 <= arguments.months <= 120:
        raise UsageError(f"--months takes a number from 1 to 120, not {arguments.months}")
    wanted = outputs(arguments.cost_formats, FORMATS)
    if arguments.explain is not None:
        for output in wanted:
            if output.format not in ("text", "json"):
                raise UsageError(f"--explain has no {output.format}", hint="its outputs are text and json")
    as_of = parse_day(arguments.as_of or today(), "--as-of")
    opened = open_rollout(Path(arguments.rollout), arguments.config)
    view = _view(opened, arguments, as_of)
    for output in wanted:
        if output.file is not None:
            write_atomically(output.file, render(view, output.format, link_base=link_base()))
            continue
        color = colored(arguments.color)
        text = render(view, output.format, color=color, width=columns(), link_base=link_base())
        (show if output.format == "text" else put)(text)
    return 0


def _view(opened: Opened, arguments: argparse.Namespace, as_of: date) -> View:
    from penstock import __version__
    from penstock.cost.comparing import compare
    from penstock.cost.explaining import explained
    from penstock.cost.projection import project
    from penstock.cost.whatif import overlay_of
    from penstock.render.cost import View

    overlay = overlay_of(opened.rollout, arguments.what_if)
    asked: dict[str, Any] = {
        "use_cases": tuple(name.removeprefix("UseCase/") for name in arguments.use_cases),
        "thresholds": _thresholds(opened),
        "months": arguments.months if "month" in (arguments.by, (arguments.explain or "")[:5]) else 0,
    }
    before = project(opened.rollout, as_of, **asked)
    after = project(opened.rollout, as_of, overlay=overlay, **asked) if arguments.what_if else before
    compared = compare(before, after, arguments.by, tuple(arguments.what_if)) if arguments.what_if else None
    figures = (
        ()
        if arguments.explain is None
        else explained(after, arguments.explain.removeprefix("UseCase/"), arguments.per)
    )
    return View(after, __version__, arguments.by, arguments.per, compared, figures)


def _thresholds(opened: Opened) -> Thresholds:
    """The parameters of the rules that judge the same, as the configuration sets them."""
    from fractions import Fraction

    from penstock.cost.model import Thresholds
    from penstock.record import replace

    found = Thresholds()
    for rules, parameter, name in (
        (("LV503", "repeatable-task-not-peeled"), "minReliability", "min_reliability"),
        (("LV409", "it-budgets-near-revenue-cap"), "warnPercent", "warn_percent"),
        (("LV409", "it-budgets-near-revenue-cap"), "failPercent", "fail_percent"),
    ):
        for rule in rules:
            override = opened.config.selection.overrides.get(rule)
            value = override.params.get(parameter) if override else None
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                found = replace(found, **{name: Fraction(repr(value))})
    return found
