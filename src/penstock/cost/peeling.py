"""What peeling saves: each reliably executable, repeating task on each cheaper tier of the rollout.

A task is eligible as for rule LV503: it repeats, and its reliability reaches ``minReliability``, whatever its
complexity is said to be. Tiers are compared at the task's own tokens, not by what they are called.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from penstock.cost.fields import Fields
from penstock.cost.figures import Figure, difference, product
from penstock.cost.model import Line, Saving, Thresholds, Tier
from penstock.cost.periods import MONTH, YEAR
from penstock.cost.rates import Rates, convert
from penstock.cost.tasks import cost_of_run, runs_in
from penstock.cost.tiers import priced


def savings_of(fields: Fields, lines: Sequence[Line], rates: Rates, thresholds: Thresholds) -> tuple[Saving, ...]:
    """Every saving, the largest first; those that cannot be compared last."""
    tiers = [priced(fields, resource) for resource in fields.valid("ModelTier")]
    usable = [tier for tier in tiers if isinstance(tier, Tier)]
    found = [
        saving
        for line in lines
        if line.runs.value and is_eligible(fields, line, thresholds)
        for saving in _of_line(fields, line, usable, rates)
    ]
    return tuple(sorted(found, key=lambda saving: _order(saving, rates)))


def is_eligible(fields: Fields, line: Line, thresholds: Thresholds) -> bool:
    """Whether a cheaper tier should do for the task."""
    resource, path = line.case.resource, line.path
    reliability = fields.number(resource, (*path, "reliability"), "reliability", "")
    reliable = reliability is not None and reliability.value >= thresholds.min_reliability
    return bool(fields.flag(resource, (*path, "repeatable"))) and reliable


def _of_line(fields: Fields, line: Line, tiers: Sequence[Tier], rates: Rates) -> Iterator[Saving]:
    candidates = [(tier, _per_run(line, tier, rates)) for tier in tiers if tier.name != line.tier.name]
    costs = [cost.value for _, cost in candidates if cost is not None]
    cheapest = min(costs, default=line.per_run.value)
    for tier, cost in candidates:
        if cost is not None and cost.value >= line.per_run.value:
            continue
        yield Saving(
            line,
            tier,
            _saved(line, tier, cost, MONTH, "month") if cost is not None else None,
            _saved(line, tier, cost, YEAR, "year") if cost is not None else None,
            cost is not None and cost.value == cheapest,
            line.tier.level == "frontier" and tier.level != "frontier",
            bool(fields.flag(line.case.resource, (*line.path, "regulatedAccountability"))),
        )


def _per_run(line: Line, tier: Tier, rates: Rates) -> Figure | None:
    cost = cost_of_run(tier, line.input_tokens, line.output_tokens)
    return convert(rates, cost, tier.currency, line.currency)


def _saved(line: Line, tier: Tier, cost: Figure, span: Figure, label: str) -> Figure:
    on_tier = f"cost of {line.task} on {tier.name} in a {label}"
    then = product(on_tier, line.currency, runs_in(line.runs, line.per, span), cost)
    now = line.per_month if label == "month" else line.per_year
    return difference(f"saving of {line.task} on {tier.name} in a {label}", line.currency, now, then)


def _order(saving: Saving, rates: Rates) -> tuple[object, ...]:
    if saving.per_year is None:
        return 1, "", 0, saving.line.name, saving.tier.name
    based = convert(rates, saving.per_year, saving.line.currency, rates.base or saving.line.currency)
    currency = "" if based is not None and rates.base else saving.line.currency
    return 0, currency, -(based or saving.per_year).value, saving.line.name, saving.tier.name
