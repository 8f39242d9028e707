"""A projection as a comment for a pull or merge request: what it costs, what is exceeded, what is missing.

Takes a ``View``; gives Markdown within the size that GitHub takes. Long tables are cut, and say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from penstock.cost.grouping import blocks, month_blocks
from penstock.cost.model import Check
from penstock.model import Location
from penstock.render.cost import words
from penstock.render.cost.amounts import ROUNDED, money, percent, signed
from penstock.render.cost.view import View
from penstock.render.markdown import link
from penstock.render.markdown_escape import code, escape

MARKER = "<!-- penstock cost -->"
"""The comment's first line, by which a later run finds it to update it."""

_MOST = 50
"""Rows of a table: with the longest names still below what a comment may hold."""
_SHORT = 200
"""Characters of a text of a manifest."""


def render(view: View, *, link_base: str = "") -> str:
    """The view as Markdown; ``link_base`` is what a file's path is put behind to make a link."""
    projection = view.projection
    span = "" if view.by == "month" else f" per {view.per}"
    title = f"penstock: projected token cost{span} of {_text(projection.rollout)}, as of {projection.as_of}"
    parts = [f"{MARKER}\n## {title}\n"]
    parts += _comparison(view) if view.comparison else _costs(view)
    parts += _limits(projection.checks, view)
    parts += _missing(view, link_base)
    if not view.comparison:
        parts += _savings(view)
    parts += [f"{_text(note, 1000)}\n" for note in (*projection.notes[:_MOST], ROUNDED)]
    return "\n".join(parts)


def _costs(view: View) -> Iterator[str]:
    projection = view.projection
    label = "At least" if projection.gaps else "Total"
    if view.by == "month":
        for months in month_blocks(projection):
            heads = ["Month", *(words.PAYERS[payer] for payer in months.payers), months.currency]
            rows = [[row.month, *(money(each.value) for each in (*row.paid, row.cost))] for row in months.rows]
            total = [f"**{label}**", *(f"**{money(each.value)}**" for each in (*months.paid, months.cost))]
            yield _table(heads, rows, len(heads) - 1, total)
    else:
        at = 0 if view.per == "month" else 1
        for block in blocks(projection, view.by):
            whole = (block.per_month, block.per_year)[at].value
            rows = []
            for row in block.rows:
                cost = (row.per_month, row.per_year)[at].value
                name = code(_cut(words.row_name(row.key, view.by)))
                share = percent(cost / whole) if whole else ""
                rows.append([name, _text(row.detail), str(row.tasks), money(cost), share])
            heads = [words.BY[view.by], words.DETAILS.get(view.by, ""), "Tasks", block.currency, "Share"]
            tasks = sum(row.tasks for row in block.rows)
            yield _table(heads, rows, 3, [f"**{label}**", "", str(tasks), f"**{money(whole)}**", ""])
    if not projection.lines:
        yield f"{words.nothing(projection)}\n"
    if said := words.converted_words(projection, view.per):
        yield f"{_text(said, 1000)}\n"
    if projection.revenue and projection.cases:
        yield f"{escape(words.revenue_words(projection.revenue, projection.thresholds))}\n"


def _comparison(view: View) -> Iterator[str]:
    comparison = view.comparison
    assert comparison is not None
    yield f"What if {', '.join(code(_cut(text)) for text in comparison.texts)}?\n"
    at = 0 if view.per == "month" else 1
    for total in comparison.totals:
        rows = []
        for change in (*(row for row in comparison.rows if row.currency == total.currency), total):
            before, after, off = (pair[at].value for pair in (change.before, change.after, change.difference))
            name = code(_cut(words.row_name(change.key, view.by))) if change.key else "**Total**"
            rows.append([name, money(before), money(after), signed(off), percent(off / before) if before else ""])
        heads = [words.BY[view.by], f"{total.currency} before", "after", "difference", "in percent"]
        yield _table(heads, rows[:-1], 4, rows[-1])
    if comparison.together is not None:
        yield f"{words.together_words(comparison.together, view.per)}\n"
    for crossing in comparison.crossings[:_MOST]:
        yield f"- **{words.crossing_words(crossing)}**: {_check(crossing.after)}"
    if comparison.crossings:
        yield ""
    else:
        yield "No limit is newly exceeded, and none newly holds.\n"


def _limits(checks: Sequence[Check], view: View) -> Iterator[str]:
    if not checks:
        return
    yield f"**{words.tally(view.projection)}.**\n"
    limits = [check for check in checks if words.is_limit(check)]
    yield from _listed("Exceeded", [check for check in limits if check.verdict == "over"])
    yield from _listed("Not known", [check for check in limits if check.verdict == "unknown"])
    yield from _listed("Beside what was expected", words.expectations(checks))


def _listed(head: str, checks: Sequence[Check]) -> Iterator[str]:
    if not checks:
        return
    yield f"{head}:\n"
    for check in checks[:_MOST]:
        yield f"- {_check(check)}"
    if len(checks) > _MOST:
        yield f"- and {len(checks) - _MOST} more"
    yield ""


def _check(check: Check) -> str:
    name = _text(f"{check.budget.case.name}, {words.check_name(check)}")
    if check.projected is None:
        return f"{name}: {_text(check.reason)}"
    least = "at least " if check.at_least else ""
    amounts = f"{least}{money(check.projected.value)} of {money(check.limit.value)} {check.budget.currency}"
    unknown = check.verdict == "unknown"
    off = words.verdict(check) if not (unknown or words.is_limit(check)) else percent(check.share) or "of nothing"
    return f"{name}: {amounts} ({off}{f'; {_text(check.reason)}' if unknown and check.reason else ''})"


def _missing(view: View, link_base: str) -> Iterator[str]:
    gaps = view.projection.gaps
    if not gaps:
        return
    yield "**Not projected** (the sums are lower bounds):\n"
    for gap in gaps[:_MOST]:
        where: Location = gap.resource.location(gap.path)
        yield f"- {_text(gap.name)}: {_text(gap.message)} ({link(where, link_base)})"
    if len(gaps) > _MOST:
        yield f"- and {len(gaps) - _MOST} more"
    yield ""


def _savings(view: View) -> Iterator[str]:
    best = [saving for saving in view.projection.savings if saving.best and saving.per_month and saving.per_year]
    if not best:
        return
    at = 0 if view.per == "month" else 1
    rows = []
    for saving in best[:_MOST]:
        amounts = (saving.per_month, saving.per_year)[at]
        shown = f"{money(amounts.value)} {saving.line.currency}" if amounts else ""
        names = (saving.line.name, saving.line.tier.name, saving.tier.name)
        rows.append([*(code(_cut(name)) for name in names), words.saving_note(saving), shown])
    yield f"{words.eligible_words(view.projection.thresholds)}:\n"
    yield _table(["Task", "From", "To", "Note", f"Saves a {view.per}"], rows, 1)


def _table(heads: list[str], rows: list[list[str]], right: int, total: list[str] | None = None) -> str:
    """A table whose last ``right`` columns are numbers."""
    marks = ["---:" if n >= len(heads) - right else "---" for n in range(len(heads))]
    lines = [heads, marks, *rows[:_MOST]]
    if len(rows) > _MOST:
        lines.append([f"{len(rows) - _MOST} more", *[""] * (len(heads) - 1)])
    lines += [total] if total else []
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _text(text: str, most: int = _SHORT) -> str:
    return escape(_cut(text, most))


def _cut(text: str, most: int = _SHORT) -> str:
    return text if len(text) <= most else text[:most] + "..."
