"""A projection for a person at a terminal: costs, limits, savings, and what could not be projected.

Takes a ``View``; gives tables no wider than the terminal, with bars. Every text of a manifest is made visible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from penstock.cost.grouping import Block, MonthBlock, blocks, month_blocks
from penstock.cost.model import Saving
from penstock.render.cost import changes, limits, words
from penstock.render.cost.amounts import ROUNDED, bar, money, percent
from penstock.render.cost.table import Cells, Column, draw
from penstock.render.cost.view import View
from penstock.render.escape import one_line
from penstock.render.paint import Line, paint
from penstock.render.phrases import place
from penstock.render.totals import count
from penstock.render.width import wrap

_BAR = 16
_MOST_SAVINGS = 20
_MOST_GAPS = 50


def render(view: View, *, color: bool = False, width: int = 100) -> str:
    """The view as text."""
    return paint(_lines(view, max(width, 60)), color=color)


def _lines(view: View, width: int) -> Iterator[Line]:
    projection = view.projection
    span = "" if view.by == "month" else f", per {view.per}"
    head = f"Projected token cost of {one_line(projection.rollout)}{span}, as of {projection.as_of}"
    yield [(head, "name")]
    if view.comparison is not None:
        yield from changes.lines(view.comparison, view.by, view.per, width)
    else:
        yield from _months(view, width) if view.by == "month" else _costs(view, width)
    yield from _missing(view, width)
    if view.comparison is None:
        yield from limits.lines(projection, width)
        yield from _revenue(view, width)
        yield from _savings(view, width)
    yield []
    for note in (*projection.notes, ROUNDED):
        yield from ([(line, "quiet" if note is ROUNDED else "warning")] for line in wrap(one_line(note), width))


def _costs(view: View, width: int) -> Iterator[Line]:
    for block in blocks(view.projection, view.by):
        yield []
        yield [(block.currency, "name")]
        yield from _block(view, block, width)
    if not view.projection.lines:
        yield []
        yield [(words.nothing(view.projection), "warning")]
    if view.projection.retired and view.projection.cases:
        text = f"Retired, and so without cost: {', '.join(view.projection.retired)}."
        yield []
        yield from ([(line, "quiet")] for line in wrap(one_line(text), width))
    if said := words.converted_words(view.projection, view.per):
        yield []
        yield from ([(line, "")] for line in wrap(said, width))


def _block(view: View, block: Block, width: int) -> Iterator[Line]:
    at = 0 if view.per == "month" else 1
    whole = (block.per_month, block.per_year)[at].value
    heads = [
        Column(words.BY[view.by]),
        Column(words.DETAILS.get(view.by, "")),
        Column("Tasks", right=True),
        Column(f"Per {view.per}", right=True),
        Column("Share", right=True),
        Column("", optional=True),
        Column(""),
    ]
    rows: list[Cells] = []
    for row in block.rows:
        cost = (row.per_month, row.per_year)[at].value
        share = cost / whole if whole else None
        missing = f"and {row.missing} not projected" if row.missing else ""
        rows.append(
            [
                (one_line(words.row_name(row.key, view.by)), ""),
                (one_line(row.detail), "quiet"),
                (str(row.tasks), ""),
                (money(cost), ""),
                (percent(share), ""),
                (bar(share, _BAR), "related"),
                (missing, "warning"),
            ]
        )
    label = "At least" if view.projection.gaps else "Total"
    blank = ("", "")
    sums: list[Cells] = [
        [
            (label, "name"),
            blank,
            (str(sum(row.tasks for row in block.rows)), ""),
            (money(whole), "name"),
            blank,
            blank,
            blank,
        ]
    ]
    if block.running[at].value and block.planned[at].value:
        for name, part in (("of it running", block.running), ("of it planned", block.planned)):
            shown = (money(part[at].value), "")
            sums.append(
                [(name, "quiet"), blank, blank, shown, (percent(part[at].value / whole), ""), blank, blank]
            )
    yield from draw(heads, rows, width, sums=sums)


def _months(view: View, width: int) -> Iterator[Line]:
    found = month_blocks(view.projection)
    for block in (block for block in found if block.rows):
        yield []
        yield [(block.currency, "name")]
        yield from _month_block(view, block, width)
    if not any(block.rows for block in found):
        yield []
        yield [("No month has a cost that is known.", "warning")]
    elif not view.projection.months:
        first = min(line.case.starts_on for line in view.projection.lines if line.case.starts_on is not None)
        text = f"No cost falls into these months: the first begins on {first}. --months shows more of them."
        yield []
        yield from ([(line, "warning")] for line in wrap(text, width))


def _month_block(view: View, block: MonthBlock, width: int) -> Iterator[Line]:
    most = max((row.cost.value for row in block.rows), default=Fraction(0))
    payers = [Column(words.PAYERS[payer], right=True) for payer in block.payers]
    heads = [Column("Month"), *payers, Column("Cost", right=True), Column("", optional=True)]
    rows: list[Cells] = [
        [
            (row.month, ""),
            *((money(paid.value), "quiet" if not paid.value else "") for paid in row.paid),
            (money(row.cost.value), ""),
            (bar(row.cost.value / most if most else None, _BAR), "related"),
        ]
        for row in block.rows
    ]
    label = "At least" if view.projection.gaps else "Total"
    paid = [(money(each.value), "") for each in block.paid]
    yield from draw(
        heads, rows, width, sums=[[(label, "name"), *paid, (money(block.cost.value), "name"), ("", "")]]
    )


def _missing(view: View, width: int) -> Iterator[Line]:
    gaps = view.projection.gaps
    if not gaps:
        return
    tasks = len({(gap.case.name, gap.task) for gap in gaps})
    yield []
    yield [("Not projected", "warning"), (f" ({count(tasks, 'task')}; the sums above are lower bounds)", "")]
    for gap in gaps[:_MOST_GAPS]:
        text = f"{gap.name}: {gap.message}"
        for index, line in enumerate(wrap(one_line(text), width - 4)):
            yield [("  " if not index else "    ", ""), (line, "")]
        yield [("    --> ", "frame"), (place(gap.resource.location(gap.path)), "quiet")]
    if len(gaps) > _MOST_GAPS:
        yield [(f"  and {len(gaps) - _MOST_GAPS} more: --output json has all of them", "warning")]


def _revenue(view: View, width: int) -> Iterator[Line]:
    revenue = view.projection.revenue
    if revenue is None or not view.projection.cases:
        return
    yield []
    yield [("Against revenue", "name")]
    role = words.revenue_role(revenue, view.projection.thresholds)
    text = words.revenue_words(revenue, view.projection.thresholds)
    yield from ([("  " + line, role)] for line in wrap(text, width - 2))
    for left in revenue.left_out:
        yield from ([("  " + line, "warning")] for line in wrap(one_line(left), width - 2))


def _savings(view: View, width: int) -> Iterator[Line]:
    savings = view.projection.savings
    if not savings:
        return
    yield []
    yield [("Peeling", "name")]
    yield from (
        [("  " + line, "quiet")]
        for line in wrap(words.eligible_words(view.projection.thresholds) + ":", width - 2)
    )
    heads = [
        Column("Task"),
        Column("From", optional=True),
        Column("To"),
        Column("Saves a month", right=True),
        Column("a year", right=True, optional=True),
        Column(""),
        Column("Note"),
    ]
    rows = [_saving(saving) for saving in savings[:_MOST_SAVINGS]]
    yield from draw(heads, rows, width, sums=_best(savings))
    if len(savings) > _MOST_SAVINGS:
        yield [(f"  and {len(savings) - _MOST_SAVINGS} more: --output json has all of them", "quiet")]


def _best(savings: Sequence[Saving]) -> Sequence[Cells]:
    """The sum of the largest saving of each task, where several are in one currency."""
    best = {saving.line.name: saving for saving in savings if saving.best}
    currencies = {saving.line.currency for saving in best.values()}
    if len(best) < 2 or len(currencies) > 1:
        return []
    month, year = (
        sum((figure.value for figure in figures if figure is not None), Fraction(0))
        for figures in zip(*((saving.per_month, saving.per_year) for saving in best.values()), strict=True)
    )
    blank = ("", "")
    amounts = [(money(month), "name"), (money(year), "name")]
    return [[("The best of each", "name"), blank, blank, *amounts, (currencies.pop(), "quiet"), blank]]


def _saving(saving: Saving) -> Cells:
    role = "name" if saving.best else "quiet"
    note = words.saving_note(saving)
    if saving.per_month is None or saving.per_year is None:
        amounts = [("?", ""), ("?", "")]
        note = f"no rate for {saving.tier.currency}"
    else:
        amounts = [(money(saving.per_month.value), role), (money(saving.per_year.value), role)]
    return [
        (one_line(saving.line.name), role),
        (saving.line.tier.name, "quiet"),
        (saving.tier.name, role),
        *amounts,
        (saving.line.currency, "quiet"),
        (note, "warning"),
    ]
