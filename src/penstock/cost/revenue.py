"""What IT owns beside the annual revenue: the line of 3 to 7 % at which investment in AI is capped.

Takes the lines, budgets and rates of a rollout. Compares ceilings as rule LV409 does, and also what is projected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from penstock.cost.budgets import owner_of
from penstock.cost.fields import Fields
from penstock.cost.figures import Figure, quotient, total
from penstock.cost.model import Budget, Gap, Line, Revenue
from penstock.cost.rates import Rates, convert


def revenue_line(
    fields: Fields,
    lines: Sequence[Line],
    gaps: Sequence[Gap],
    budgets: Mapping[str, tuple[Budget, ...]],
    rates: Rates,
) -> Revenue | None:
    """The comparison; None where no revenue is stated."""
    organization = fields.rollout.organization
    if organization is None or not organization.valid or rates.base is None:
        return None
    path = ("spec", "annualRevenue", "amount")
    revenue = fields.number(organization, path, "annual revenue", rates.base)
    if revenue is None or not revenue.value:
        return None
    left_out: list[str] = []

    def based(figure: Figure, currency: str, what: str) -> list[Figure]:
        amount = convert(rates, figure, currency, rates.base or "")
        if amount is None:
            left_out.append(f"{what} is left out: no exchange rate for {currency}")
        return [amount] if amount is not None else []

    owned = {name for name, found in budgets.items() if found[0].owner.payer == "it"}
    projected = [
        part
        for line in lines
        if line.case.name in owned
        for part in based(line.per_year, line.currency, f"the cost of {line.name}")
    ]
    ceilings = [
        part
        for yearly, currency, name in _ceilings(fields)
        for part in based(yearly, currency, f"the ceiling of {name}")
    ]
    in_all = total("a year of what IT pays for", rates.base, projected)
    at_most = total("a year of the ceilings that IT owns", rates.base, ceilings)
    return Revenue(
        revenue,
        in_all,
        at_most,
        100 * in_all.value / revenue.value,
        100 * at_most.value / revenue.value,
        any(gap.case.name in owned for gap in gaps),
        tuple(left_out),
    )


def _ceilings(fields: Fields) -> list[tuple[Figure, str, str]]:
    """A year of each IT-owned ceiling, its currency and its budget."""
    found = []
    for resource in fields.valid("TokenBudget"):
        currency = fields.text(resource, ("spec", "currency"))
        period = fields.period(resource, ("spec", "budgetDuration"))
        if owner_of(fields, resource).payer != "it" or currency is None or period is None:
            continue
        ceiling = fields.number(resource, ("spec", "maxBudget"), f"ceiling of {resource.name}", currency)
        if ceiling is not None:
            yearly = quotient(f"ceiling of {resource.name} in a year", currency, ceiling, period)
            found.append((yearly, currency, resource.name))
    return found
