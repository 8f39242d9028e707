"""What ``--explain`` asks about, found in a projection: the figures to show with everything they are made of.

Takes a word: nothing for the totals, a use case, ``USE-CASE/TASK``, a tier, or one of ``TOPICS``. Gives figures.
"""

from __future__ import annotations

from typing import Literal

from penstock.cost.figures import Figure
from penstock.cost.grouping import blocks, sums
from penstock.cost.model import Line
from penstock.cost.projection import Projection
from penstock.errors import UsageError
from penstock.manifest import wording
from penstock.record import replace

TOPICS = ("limits", "peeling", "revenue", "months")
"""What can be explained beside use cases, tasks and tiers."""


def explained(projection: Projection, what: str, per: Literal["month", "year"]) -> tuple[Figure, ...]:
    """The figures that the word asks about.

    Raises:
        UsageError: it names nothing that has a figure.
    """
    at = 0 if per == "month" else 1
    if not what:
        totals = [(block.per_month, block.per_year)[at] for block in blocks(projection, "use-case")]
        both = projection.converted
        return (*totals, *([(both.per_month, both.per_year)[at]] if both else []))
    lines = [line for line in projection.lines if what in (line.case.name, line.name)]
    if lines:
        return (*_costs(what, lines, at), *_limits(projection, lines if "/" in what else None, what))
    tier = next((line.tier for line in projection.lines if line.tier.name == what), None)
    if tier is not None:
        return tier.input_price, tier.output_price
    if what not in TOPICS:
        raise _unknown(projection, what)
    found = _topic(projection, what, at)
    if not found:
        raise UsageError(f"there is nothing to explain about {what}: no figure of that sort can be projected")
    return found


def _costs(what: str, lines: list[Line], at: int) -> list[Figure]:
    if "/" in what:
        line = lines[0]
        return [(line.per_month, line.per_year)[at]]
    currencies = sorted({line.currency for line in lines})
    return [
        sums(what, currency, [each for each in lines if each.currency == currency])[at] for currency in currencies
    ]


def _limits(projection: Projection, lines: list[Line] | None, what: str) -> list[Figure]:
    """Projected and limit of each check of a use case, or of one task."""
    case = what.partition("/")[0]
    task = lines[0].task if lines else None
    found = []
    for check in projection.checks:
        of_task = check.kind in ("per-run", "per-query") and check.subject == task
        whole = task is None and check.kind not in ("per-run", "per-query", "notice")
        if check.budget.case.name == case and (of_task or whole) and check.projected is not None:
            found += [check.projected, check.limit]
    return list(dict.fromkeys(found))


def _topic(projection: Projection, what: str, at: int) -> tuple[Figure, ...]:
    if what == "limits":
        pairs = [(check.projected, check.limit) for check in projection.checks if check.projected is not None]
        return tuple(dict.fromkeys(figure for pair in pairs for figure in pair))
    if what == "peeling":
        found = [(saving.per_month, saving.per_year)[at] for saving in projection.savings]
        return tuple(figure for figure in found if figure is not None)
    if what == "months":
        return tuple(
            replace(each.cost, name=f"{each.cost.name}, {each.line.case.name}") for each in projection.months
        )
    revenue = projection.revenue
    return (revenue.projected, revenue.ceilings, revenue.revenue) if revenue else ()


def _unknown(projection: Projection, what: str) -> UsageError:
    gap = next((gap for gap in projection.gaps if what in (gap.name, gap.case.name)), None)
    if gap is not None:
        return UsageError(f"{what} is not projected: {gap.message}")
    names = [
        *(case.name for case in projection.cases),
        *(line.name for line in projection.lines),
        *dict.fromkeys(line.tier.name for line in projection.lines),
        *TOPICS,
    ]
    near = wording.did_you_mean(what, names)
    hint = "name a use case, USE-CASE/TASK, a tier, limits, peeling, revenue or months; or nothing for the totals"
    return UsageError(f"there is nothing to explain that is called {wording.name(what)}{near}", hint=hint)
