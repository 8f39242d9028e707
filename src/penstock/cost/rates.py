"""Exchange rates of the Organization, and amounts in another currency at them.

Takes the fields of a rollout; converts figures, or says that it cannot. Currencies are never added otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from penstock.cost.fields import Fields
from penstock.cost.figures import Figure, product, quotient, total
from penstock.cost.model import Converted, Line
from penstock.record import dataclass

RATES = ("spec", "exchangeRates")


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of a currency is worth in that of the annual revenue."""

    figure: Figure
    stated_on: str
    """The day it was stated, or nothing."""


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates there are, by currency. The revenue's own currency has none and needs none."""

    base: str | None
    """The currency of the annual revenue."""
    known: Mapping[str, Rate]


def rates_of(fields: Fields) -> Rates:
    """The rates that the Organization states; none where there is no valid one."""
    organization = fields.rollout.organization
    if organization is None or not organization.valid:
        return Rates(None, {})
    base = fields.text(organization, ("spec", "annualRevenue", "currency"))
    known: dict[str, Rate] = {}
    for path, element in fields.elements(organization, RATES):
        currency = str(element.get("currency"))
        rate = fields.number(organization, (*path, "rate"), *rate_of(currency, base))
        if rate is not None and rate.value > 0 and currency != base:
            known.setdefault(currency, Rate(rate, fields.text(organization, (*path, "statedOn")) or ""))
    return Rates(base, known)


def rate_of(currency: str, base: str | None) -> tuple[str, str]:
    """The name and the unit of a rate."""
    return f"exchange rate of {currency}", f"{base or 'units of the base currency'} for 1 {currency}"


def convert(rates: Rates, figure: Figure, source: str, target: str) -> Figure | None:
    """An amount in another currency; as it is in its own; None where a rate is missing."""
    if source == target:
        return figure
    if any(currency != rates.base and currency not in rates.known for currency in (source, target)):
        return None
    name = f"{figure.name}, in {target}"
    based = figure
    if source != rates.base:
        in_base = name if target == rates.base else f"{figure.name}, in {rates.base or 'the base currency'}"
        based = product(in_base, rates.base or "", figure, rates.known[source].figure)
    return based if target == rates.base else quotient(name, target, based, rates.known[target].figure)


def missing_rate(rates: Rates, source: str, target: str) -> str:
    """What to add so that one currency can be compared with another."""
    lacking = [each for each in dict.fromkeys((source, target)) if each != rates.base and each not in rates.known]
    listed = " and ".join(lacking)
    return f"{source} and {target} cannot be compared: add {listed} to spec.exchangeRates of the Organization"


def converted(rates: Rates, lines: Iterable[Line]) -> Converted | None:
    """The total of all lines in the revenue's currency; None where they are in that currency anyway, or it is
    not stated."""
    lines = tuple(lines)
    currencies = sorted({line.currency for line in lines})
    if rates.base is None or set(currencies) <= {rates.base}:
        return None
    return in_base(rates, rates.base, lines)


def in_base(rates: Rates, base: str, lines: Sequence[Line]) -> Converted:
    """The total of all lines in the base currency, whatever they are in."""
    currencies = sorted({line.currency for line in lines})
    used = [currency for currency in currencies if currency in rates.known]
    return Converted(
        base,
        _everything(rates, base, [(line.currency, line.per_month) for line in lines], "month"),
        _everything(rates, base, [(line.currency, line.per_year) for line in lines], "year"),
        tuple((currency, rates.known[currency].figure, rates.known[currency].stated_on) for currency in used),
        tuple(currency for currency in currencies if currency not in (base, *used)),
    )


def _everything(rates: Rates, base: str, costs: Sequence[tuple[str, Figure]], label: str) -> Figure:
    found = []
    for currency in sorted({currency for currency, _ in costs}):
        own = total(f"{currency} in a {label}", currency, [cost for each, cost in costs if each == currency])
        amount = convert(rates, own, currency, base)
        found += [amount] if amount is not None else []
    return total(f"everything in a {label}, in {base}", base, found)
