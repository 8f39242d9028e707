"""A projection as CSV: one row a task, and month with ``--by month``, in the words of FOCUS where it has them.

Takes a ``View``; gives RFC 4180 with a heading. Amounts are exact up to twelve decimals. A task that is not
projected has a row without a cost. A cell that a spreadsheet would take for a formula begins with an apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from penstock.cost.figures import Figure, constant
from penstock.cost.grouping import owner_now
from penstock.cost.model import Gap, Line, MonthCost, Owner
from penstock.cost.periods import month_of, months_from
from penstock.cost.tasks import runs_in
from penstock.render.cost.amounts import decimal
from penstock.render.cost.view import View
from penstock.render.escape import one_line

COLUMNS = (
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "BillingCurrency",
    "BilledCost",
    "ConsumedQuantity",
    "ConsumedUnit",
    "x_UseCase",
    "x_Workflow",
    "x_Stage",
    "x_Task",
    "x_Team",
    "x_Tier",
    "x_Model",
    "x_InputTokens",
    "x_OutputTokens",
    "x_Payer",
    "x_CostCenter",
    "x_Accountable",
    "x_BilledCostBefore",
    "x_NotProjected",
)
_FORMULA = ("=", "+", "-", "@")

Row = dict[str, str]


def render(view: View) -> str:
    """The view as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(_rows(view))
    return text.getvalue()


def _rows(view: View) -> Iterator[Row]:
    projection = view.projection
    start, end = _span(view)
    if view.by == "month":
        before = {_key(each): each.cost for each in view.comparison.before.months} if view.comparison else {}
        for each in projection.months:
            days = Fraction((each.ends_on - each.starts_on).days, month_of(each.starts_on).days)
            share = constant("part of the month", days / 12, "years")
            row = _line(each.line, each.owner, each.cost, share)
            yield _dated(row, each.starts_on, each.ends_on) | _before(before.get(_key(each)))
    else:
        lines = {line.name: line for line in view.comparison.before.lines} if view.comparison else {}
        year = constant("period", 1 if view.per == "year" else Fraction(1, 12), "years")
        for line in projection.lines:
            owner = owner_now(projection, line.case.name, projection.as_of)
            was = lines.get(line.name)
            cost = line.per_year if view.per == "year" else line.per_month
            known = _before((was.per_year if view.per == "year" else was.per_month) if was else None)
            yield _dated(_line(line, owner, cost, year), start, end) | known
    missing: dict[str, list[Gap]] = {}
    for gap in projection.gaps:
        missing.setdefault(gap.name, []).append(gap)
    for gaps in missing.values():
        yield _dated(_gap(gaps, owner_now(projection, gaps[0].case.name, projection.as_of)), start, end)


def _span(view: View) -> tuple[date, date]:
    """The month of the as-of date, or twelve months from it: the period of amounts that belong to no month."""
    as_of = view.projection.as_of
    months = list(months_from(as_of, 12 if view.per == "year" and view.by != "month" else 1))
    return (months[0].first, months[-1].end) if months else (as_of, as_of)


def _key(each: MonthCost) -> tuple[str, str, Owner]:
    return each.month, each.line.name, each.owner


def _line(line: Line, owner: Owner, cost: Figure, span: Figure) -> Row:
    runs = runs_in(line.runs, line.per, span).value
    return {
        "BillingCurrency": line.currency,
        "BilledCost": decimal(cost.value),
        "ConsumedQuantity": decimal(runs),
        "ConsumedUnit": "Runs",
        **_task(line),
        "x_Tier": line.tier.name,
        "x_Model": _safe(line.tier.model),
        "x_InputTokens": decimal(runs * line.input_tokens.value),
        "x_OutputTokens": decimal(runs * line.output_tokens.value),
        **_owner(owner),
    }


def _gap(gaps: Sequence[Gap], owner: Owner) -> Row:
    """One row for everything that a task lacks."""
    why = " / ".join(gap.message for gap in gaps)
    return {**_task(gaps[0]), **_owner(owner), "x_NotProjected": _safe(why)}


def _task(of: Line | Gap) -> Row:
    return {
        "x_UseCase": _safe(of.case.name),
        "x_Workflow": _safe(of.case.workflow),
        "x_Stage": _safe(of.case.stage),
        "x_Task": _safe(of.task),
        "x_Team": _safe(of.team),
    }


def _owner(owner: Owner) -> Row:
    return {
        "x_Payer": owner.payer,
        "x_CostCenter": _safe(owner.cost_center),
        "x_Accountable": _safe(owner.accountable),
    }


def _dated(row: Row, start: date, end: date) -> Row:
    return {"ChargePeriodStart": start.isoformat(), "ChargePeriodEnd": end.isoformat(), **row}


def _before(cost: Figure | None) -> Row:
    return {"x_BilledCostBefore": "" if cost is None else decimal(cost.value)}


def _safe(text: str) -> str:
    shown = one_line(text)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown
