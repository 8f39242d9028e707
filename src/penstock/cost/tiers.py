"""Model tiers to prices: that of the primary model, or why there is none.

Takes the fields of a rollout; gives a ``Tier``, or the field that is missing.
"""

from __future__ import annotations

from penstock.cost.fields import Fields
from penstock.cost.model import Tier
from penstock.manifest.paths import path_text
from penstock.manifest.resource import Resource
from penstock.model import Path

CURRENCY: Path = ("spec", "currency")
MODELS: Path = ("spec", "models")
PRIMARY: Path = ("spec", "primary")

Missing = tuple[Resource, Path, str]
"""The field to fill in, and what it lacks."""


def price_of(model: str, way: str, currency: str | None) -> tuple[str, str]:
    """The name and the unit of a price; ``way`` is input or output."""
    return f"{way} price of `{model}`", f"{currency or ''} per million tokens".lstrip()


def model_at(fields: Fields, tier: Resource, name: str | None) -> Path | None:
    """Where a model of the tier stands."""
    for path, model in fields.elements(tier, MODELS):
        if name is not None and model.get("name") == name:
            return path
    return None


def priced(fields: Fields, resource: Resource) -> Tier | list[Missing]:
    """The tier at the price of its primary model, or everything that keeps it from having one."""
    if not resource.valid:
        return [(resource, (), f"{resource.id} cannot be used; mend what `penstock check` finds there")]
    primary = fields.text(resource, PRIMARY)
    at = model_at(fields, resource, primary)
    if primary is None or at is None:
        return [(resource, PRIMARY, f"tier `{resource.name}` has no primary model; name one of its models")]
    currency = fields.text(resource, CURRENCY)
    missing: list[Missing] = []
    if currency is None:
        missing.append((resource, CURRENCY, f"tier `{resource.name}` has no currency; state that of its prices"))
    prices = []
    for way in ("input", "output"):
        path = (*at, f"{way}Price")
        price = fields.number(resource, path, *price_of(primary, way, currency))
        if price is None:
            where = path_text(resource.data, path)
            text = f"model `{primary}` of tier `{resource.name}` has no {way} price; state {where}"
            missing.append((resource, path, text))
        else:
            prices.append(price)
    if missing or currency is None:
        return missing
    return Tier(resource, fields.text(resource, ("spec", "tier")) or "", primary, currency, *prices)
