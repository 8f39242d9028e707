"""What a what-if changes, for a person at a terminal: rows before and after, and the limits it crosses.

Takes a comparison; gives lines. Currencies stay apart, with one sentence for all of them where rates are stated.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from penstock.cost.comparing import Change, Comparison, Crossing
from penstock.render.cost import words
from penstock.render.cost.amounts import money, percent, signed
from penstock.render.cost.table import Cells, Column, draw
from penstock.render.escape import one_line
from penstock.render.paint import Line
from penstock.render.width import wrap


def lines(comparison: Comparison, by: str, per: Literal["month", "year"], width: int) -> Iterator[Line]:
    """The sections of a what-if."""
    first, *rest = wrap(one_line(", ".join(comparison.texts)), width, taken=len("What if"))
    yield [("What if ", "note"), (first, "name")]
    yield from ([(line, "name")] for line in rest)
    heads = [
        Column(words.BY[by]),
        *(Column(title, right=True) for title in ("Before", "After", "Difference", "")),
    ]
    for currency in dict.fromkeys(change.currency for change in (*comparison.totals, *comparison.rows)):
        yield []
        yield [(currency, "name")]
        rows, sums = (
            [_cells(change, by, per) for change in changes if change.currency == currency]
            for changes in (comparison.rows, comparison.totals)
        )
        yield from draw(heads, rows, width, sums=sums)
    if comparison.together is not None:
        yield []
        yield from ([(line, "")] for line in wrap(words.together_words(comparison.together, per), width))
    yield from _crossings(comparison, width)


def _cells(change: Change, by: str, per: Literal["month", "year"]) -> Cells:
    at = 0 if per == "month" else 1
    before, after, off = (pair[at].value for pair in (change.before, change.after, change.difference))
    role = "good" if off < 0 else "warning" if off > 0 else "quiet"
    name = one_line(words.row_name(change.key, by)) if change.key else "Total"
    share = percent(off / before) if before and off else ""
    amounts = [(money(before), ""), (money(after), ""), (signed(off), role)]
    return [(name, "" if change.key else "name"), *amounts, (share, role)]


def _crossings(comparison: Comparison, width: int) -> Iterator[Line]:
    yield []
    if not comparison.crossings:
        yield [("No limit is newly exceeded, and none newly holds.", "")]
        return
    yield [("Limits", "name")]
    by_key = {crossing.after.key: crossing for crossing in comparison.crossings}
    for check in words.together(crossing.after for crossing in comparison.crossings):
        # Audiences that were shown the same amount go by a name of their own: their projections are one.
        crossing = by_key.get(check.key) or next(
            each
            for each in comparison.crossings
            if each.after.budget is check.budget and each.after.kind == "notice"
        )
        role = {"over": "error", "within": "good", "unknown": "warning"}[check.verdict]
        says = words.crossing_words(crossing)
        text = f"{check.budget.case.name}, {words.check_name(check)}: {_amounts(crossing)}"
        first, *rest = wrap(one_line(text), width - 4, taken=len(says) + 2)
        yield [("  ", ""), (says, role), (f"  {first}", "")]
        yield from ([("    " + line, "")] for line in rest)


def _amounts(crossing: Crossing) -> str:
    before, after = crossing.before.projected, crossing.after.projected
    if after is None:
        return crossing.after.reason
    was = f"{money(before.value)} before, " if before is not None else ""
    limit = f"{money(crossing.after.limit.value)} {crossing.after.budget.currency}"
    return f"{was}{money(after.value)} after, of {limit}"
