"""Lines to months of the calendar: what each task costs each payer in each month.

A whole month costs a twelfth of a year. A month in which a use case starts, or moves from IT to the line of
business, is divided by its days. The first month is that of the as-of date, and counts whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from penstock.cost.budgets import payer_on
from penstock.cost.figures import Figure, constant, product
from penstock.cost.model import Budget, Line, MonthCost, Owner
from penstock.cost.periods import Month, months_from
from penstock.record import replace


def calendar(
    lines: Sequence[Line], budgets: Mapping[str, tuple[Budget, ...]], as_of: date, months: int
) -> Iterator[MonthCost]:
    """The costs of so many months, by month, in the order of the lines."""
    for month in months_from(as_of, months):
        for line in lines:
            yield from _in_month(line, budgets.get(line.case.name, ()), month, as_of)


def _in_month(line: Line, budgets: tuple[Budget, ...], month: Month, as_of: date) -> Iterator[MonthCost]:
    start = line.case.starts_on
    if start is None or start >= month.end:
        return
    first = max(start, month.first)
    for owner, since, until in _payers(budgets, first, month.end, as_of):
        cost = replace(line.per_month, name=f"cost of {line.task} in a whole month")
        yield MonthCost(str(month), since, until, line, owner, _part(cost, line, month, since, until))


def _payers(
    budgets: tuple[Budget, ...], first: date, end: date, as_of: date
) -> Iterator[tuple[Owner, date, date]]:
    last = budgets[0].moves_after if budgets else None
    if last is None or last < as_of or not first <= last < end - timedelta(days=1):
        yield payer_on(budgets, first, as_of), first, end
        return
    moves = last + timedelta(days=1)
    yield payer_on(budgets, first, as_of), first, moves
    yield payer_on(budgets, moves, as_of), moves, end


def _part(cost: Figure, line: Line, month: Month, since: date, until: date) -> Figure:
    days = (until - since).days
    if days == month.days:
        return replace(cost, name=f"cost of {line.task} in {month}")
    share = constant(f"{days} of the {month.days} days of {month}", Fraction(days, month.days))
    return product(f"cost of {line.task} in {month}", line.currency, cost, share)
