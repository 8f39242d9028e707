"""Lines to the rows of a table: one block a currency, one row a use case, team, task, workflow, payer or tier.

Takes a projection; gives sums of its lines. A row that lacks a task says so: its sum is a lower bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from penstock.cost.budgets import payer_on
from penstock.cost.figures import Figure, total
from penstock.cost.model import Gap, Line, MonthCost, Owner, Payer
from penstock.cost.projection import Projection
from penstock.record import dataclass

BY = ("use-case", "team", "task", "workflow", "cost-owner", "month", "tier")
"""What costs can be shown by."""
PAYERS: tuple[Payer, ...] = ("it", "line-of-business", "not stated", "no budget")


@dataclass(frozen=True, slots=True)
class Row:
    """The lines that share a key, in one currency."""

    key: str
    detail: str
    """A word more: the stage of a use case, the model of a tier, who answers for a cost center."""
    per_month: Figure
    per_year: Figure
    tasks: int
    missing: int
    """Tasks of the key that are not projected."""


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one currency, the dearest first, and their sums."""

    currency: str
    rows: tuple[Row, ...]
    per_month: Figure
    per_year: Figure
    running: tuple[Figure, Figure]
    """What pilots and production cost, a month and a year."""
    planned: tuple[Figure, Figure]
    """What use cases that do not run yet are to cost."""


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month: what each payer pays, in the order of the block's payers."""

    month: str
    paid: tuple[Figure, ...]
    cost: Figure


@dataclass(frozen=True, slots=True)
class MonthBlock:
    """The months of one currency."""

    currency: str
    payers: tuple[Payer, ...]
    """Those that pay anything in these months."""
    rows: tuple[MonthRow, ...]
    paid: tuple[Figure, ...]
    cost: Figure


def blocks(projection: Projection, by: str) -> tuple[Block, ...]:
    """The rows by anything but months."""
    key = _key(projection, by)
    missing: dict[str, set[tuple[str, str]]] = {}
    for gap in projection.gaps:
        missing.setdefault(key(gap)[0], set()).add((gap.case.name, gap.task))
    found = []
    for currency in projection.currencies:
        own = [line for line in projection.lines if line.currency == currency]
        grouped: dict[str, list[Line]] = {}
        for line in own:
            grouped.setdefault(key(line)[0], []).append(line)
        rows = [
            Row(name, key(lines[0])[1], *sums(name, currency, lines), len(lines), len(missing.get(name, ())))
            for name, lines in grouped.items()
        ]
        found.append(
            Block(
                currency,
                tuple(sorted(rows, key=lambda row: (-row.per_year.value, row.key))),
                *sums("everything", currency, own),
                sums("what runs", currency, [line for line in own if line.case.status == "running"]),
                sums("what is planned", currency, [line for line in own if line.case.status == "planned"]),
            )
        )
    return tuple(found)


def sums(name: str, currency: str, lines: Sequence[Line]) -> tuple[Figure, Figure]:
    """What lines of one currency cost, a month and a year."""
    return (
        total(f"cost of {name} in a month", currency, [line.per_month for line in lines]),
        total(f"cost of {name} in a year", currency, [line.per_year for line in lines]),
    )


def month_blocks(projection: Projection) -> tuple[MonthBlock, ...]:
    """The rows by calendar month, with what each payer pays.

    A currency has a row for every month asked for, once something in it has a day to start on.
    """
    found = []
    for currency in projection.currencies:
        own = [each for each in projection.months if each.line.currency == currency]
        payers = tuple(payer for payer in PAYERS if any(each.owner.payer == payer for each in own))
        dated = any(line.currency == currency and line.case.starts_on for line in projection.lines)
        by_month: dict[str, list[MonthCost]] = {month: [] for month in projection.calendar if dated}
        for each in own:
            by_month.setdefault(each.month, []).append(each)
        rows = tuple(
            MonthRow(month, *_paid(month, currency, costs, payers)) for month, costs in sorted(by_month.items())
        )
        found.append(MonthBlock(currency, payers, rows, *_paid("all months", currency, own, payers)))
    return tuple(found)


def _paid(
    name: str, currency: str, costs: Sequence[MonthCost], payers: Iterable[Payer]
) -> tuple[tuple[Figure, ...], Figure]:
    paid = tuple(
        total(f"paid by {payer} in {name}", currency, [each.cost for each in costs if each.owner.payer == payer])
        for payer in payers
    )
    return paid, total(f"cost of {name}", currency, [each.cost for each in costs])


def owner_now(projection: Projection, use_case: str, as_of: date) -> Owner:
    """Who pays for a use case at the as-of date."""
    return payer_on(projection.budgets.get(use_case, ()), as_of, as_of)


def owner_name(owner: Owner) -> str:
    """``it GIT-7002``: the payer, with the cost center where there is one."""
    return f"{owner.payer} {owner.cost_center}".rstrip()


def _key(projection: Projection, by: str) -> Callable[[Line | Gap], tuple[str, str]]:
    def owner(of: Line | Gap) -> tuple[str, str]:
        found = owner_now(projection, of.case.name, projection.as_of)
        return owner_name(found), found.accountable

    keys: dict[str, Callable[[Line | Gap], tuple[str, str]]] = {
        "use-case": lambda of: (of.case.name, of.case.stage),
        "team": lambda of: (of.team, ""),
        "task": lambda of: (of.name, of.tier.name if isinstance(of, Line) else ""),
        "workflow": lambda of: (of.case.workflow, of.case.name),
        "cost-owner": owner,
        "tier": lambda of: (of.tier.name, of.tier.model) if isinstance(of, Line) else ("", ""),
    }
    return keys[by]
