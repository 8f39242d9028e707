"""Two projections beside each other: as the manifests say, and as a what-if has it.

Takes both; gives differences by row, and the limits that are crossed one way or the other.
"""

from __future__ import annotations

from collections.abc import Iterator

from penstock.cost.figures import Figure, difference, total
from penstock.cost.grouping import blocks, month_blocks
from penstock.cost.model import Check
from penstock.cost.projection import Projection
from penstock.cost.rates import in_base
from penstock.record import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """One row before and after. Zero where there is no such row, or no currency."""

    currency: str
    key: str
    before: tuple[Figure, Figure]
    """A month and a year; for a calendar month that month, twice."""
    after: tuple[Figure, Figure]
    difference: tuple[Figure, Figure]


@dataclass(frozen=True, slots=True)
class Crossing:
    """A limit whose verdict the what-if changes."""

    before: Check
    after: Check


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a what-if changes."""

    texts: tuple[str, ...]
    before: Projection
    after: Projection
    rows: tuple[Change, ...]
    totals: tuple[Change, ...]
    """One a currency."""
    together: Change | None
    """Everything in the revenue's currency, where something is in another and all of it can be converted."""
    crossings: tuple[Crossing, ...]
    """Ceilings and allocations first, then forecasts and what was shown."""


def compare(before: Projection, after: Projection, by: str, texts: tuple[str, ...]) -> Comparison:
    """Put two projections of the same rollout beside each other."""
    first, second = _amounts(before, by), _amounts(after, by)
    rows: list[Change] = []
    totals: list[Change] = []
    # The order of the rows before, and behind it what is new.
    for currency, key in dict.fromkeys((*first, *second)):
        nothing = total("nothing", currency, ()), total("nothing", currency, ())
        old, new = first.get((currency, key), nothing), second.get((currency, key), nothing)
        month, year = (
            difference(f"difference of {key or 'everything'}", currency, b, a)
            for a, b in zip(old, new, strict=True)
        )
        (rows if key else totals).append(Change(currency, key, old, new, (month, year)))
    crossings = sorted(_crossings(before, after), key=lambda each: each.after.kind in ("forecast", "notice"))
    together = _together(before, after) if by != "month" else None
    return Comparison(texts, before, after, tuple(rows), tuple(totals), together, tuple(crossings))


def _together(before: Projection, after: Projection) -> Change | None:
    base = after.rates.base
    if base is None or {*before.currencies, *after.currencies} <= {base}:
        return None
    old, new = in_base(before.rates, base, before.lines), in_base(after.rates, base, after.lines)
    if old.left_out or new.left_out:
        return None
    first, second = (old.per_month, old.per_year), (new.per_month, new.per_year)
    month, year = (
        difference(f"difference of everything, in {base}", base, b, a) for a, b in zip(first, second, strict=True)
    )
    return Change(base, "", first, second, (month, year))


def _amounts(projection: Projection, by: str) -> dict[tuple[str, str], tuple[Figure, Figure]]:
    """By currency and key; the empty key is for the sum."""
    found: dict[tuple[str, str], tuple[Figure, Figure]] = {}
    if by == "month":
        for months in month_blocks(projection):
            found.update({(months.currency, row.month): (row.cost, row.cost) for row in months.rows})
            found[months.currency, ""] = (months.cost, months.cost)
        return found
    for block in blocks(projection, by):
        found.update({(block.currency, row.key): (row.per_month, row.per_year) for row in block.rows})
        found[block.currency, ""] = (block.per_month, block.per_year)
    return found


def _crossings(before: Projection, after: Projection) -> Iterator[Crossing]:
    old = {check.key: check for check in before.checks}
    for check in after.checks:
        was = old.get(check.key)
        if was is not None and was.verdict != check.verdict:
            yield Crossing(was, check)
