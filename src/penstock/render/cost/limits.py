"""The limits of a projection for a person at a terminal: an overview, or every check of a use case asked for.

Takes a projection; gives lines. The overview has the ceiling of each budget, and all that is exceeded, tight or
not known; a use case named on the command line gets all of its limits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from penstock.cost.model import Budget, Check
from penstock.cost.periods import in_words
from penstock.cost.projection import Projection
from penstock.render.cost import words
from penstock.render.cost.amounts import bar, money, percent
from penstock.render.cost.table import Cells, Column, draw
from penstock.render.escape import one_line
from penstock.render.paint import Line
from penstock.render.totals import count
from penstock.render.width import wrap

_BAR = 10
_MOST = 40
"""Rows of the overview: the worst come first."""
_NEAR = Fraction(8, 10)
"""The share of a limit from which it is tight."""
_HEADS = (
    Column("Projected", right=True),
    Column("Limit", right=True),
    Column("Share", right=True, optional=True),
    Column("", optional=True),
    Column("Verdict"),
)


def lines(projection: Projection, width: int) -> Iterator[Line]:
    """The section on limits; nothing where there is no budget and no use case."""
    if not projection.cases:
        return
    yield []
    head, *more = wrap(f"Limits ({words.tally(projection)})" if projection.checks else "Limits", width)
    yield [("Limits", "name"), (head.removeprefix("Limits"), "")]
    yield from ([(line, "")] for line in more)
    if projection.partial:
        for budget in (budget for found in projection.budgets.values() for budget in found):
            yield from _whole(budget, [check for check in projection.checks if check.budget is budget], width)
    elif projection.checks:
        yield from _overview(projection, width)
    bare = [case.name for case in projection.cases if case.name not in projection.budgets]
    if bare:
        yield from ([("  " + line, "warning")] for line in wrap(f"no budget: {', '.join(bare)}", width - 2))


def _overview(projection: Projection, width: int) -> Iterator[Line]:
    told = words.together(check for check in projection.checks if _stands_out(check))
    told.sort(key=lambda check: (check.verdict != "over", -(check.share or Fraction(0))))
    currencies = {check.budget.currency for check in told}
    mixed = len(currencies) > 1
    heads = [Column("Use case"), Column("Limit for" if mixed else f"Limit for ({currencies.pop()})")]
    rows: list[Cells] = []
    for check in told[:_MOST]:
        (name, role), *amounts = _cells(check)
        name = f"{name} ({check.budget.currency})" if mixed else name
        rows.append([(one_line(check.budget.case.name), ""), (name, role), *amounts])
    yield from draw([*heads, *_HEADS], rows, width)
    if len(told) > _MOST:
        yield [(f"  and {len(told) - _MOST} more like these: --output json has all of them", "warning")]
    yield from _reasons(told[:_MOST], width, "  ")
    rest = len([check for check in projection.checks if words.is_limit(check) and not _stands_out(check)])
    kept = len(words.expectations(check for check in projection.checks if not _stands_out(check)))
    said = [f"{rest} more that {'holds' if rest == 1 else 'hold'} with room"] if rest else []
    said += [f"{count(kept, 'expectation')} not exceeded"] if kept else []
    if said:
        hint = f"and {' and '.join(said)}; name a use case to see all of its limits"
        yield from ([("  " + line, "quiet")] for line in wrap(hint, width - 2))


def _stands_out(check: Check) -> bool:
    if not words.is_limit(check):
        return check.verdict != "within"
    tight = check.share is not None and check.share >= _NEAR
    return check.kind == "per-period" or check.verdict == "over" or tight or check.verdict == "unknown"


def _whole(budget: Budget, checks: Sequence[Check], width: int) -> Iterator[Line]:
    head = f"{budget.resource.name}, {budget.currency}, by the {in_words(budget.duration)}"
    yield [("  ", ""), (one_line(head), "note")]
    if checks:
        yield from draw(
            [Column("Limit for"), *_HEADS], [_cells(check) for check in _told(checks)], width, indent=4
        )
    else:
        yield [("    it states no ceiling", "warning")]
    yield from _reasons(checks, width, "    ")


def _told(checks: Sequence[Check]) -> Iterator[Check]:
    """All of them: first those of queries and of runs, then those of the whole."""
    for kind in ("per-query", "per-run"):
        yield from (check for check in checks if check.kind == kind)
    yield from words.together(check for check in checks if check.kind not in ("per-query", "per-run"))


def _reasons(checks: Sequence[Check], width: int, indent: str) -> Iterator[Line]:
    for case, reason in dict.fromkeys((check.budget.case.name, check.reason) for check in checks if check.reason):
        said = wrap(one_line(f"{case}: {reason}"), width - len(indent))
        yield from ([(indent + line, "warning")] for line in said)


def _cells(check: Check) -> Cells:
    over = check.verdict == "over"
    near = check.share is not None and check.share >= _NEAR and words.is_limit(check)
    role = ("error" if words.is_limit(check) else "warning") if over else "warning" if near else "good"
    if check.verdict == "unknown":
        role = "warning"
    least = "at least " if check.at_least and check.projected else ""
    return [
        (one_line(words.check_name(check)), ""),
        (least + money(check.projected.value) if check.projected else "", ""),
        (money(check.limit.value), ""),
        (percent(check.share), ""),
        (bar(check.share, _BAR), role),
        (words.verdict(check), role if role != "good" else ""),
    ]
