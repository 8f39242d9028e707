"""What stands around a manifest: whose it is, which use case it is of, how sensitive the data is that it is about.

Takes a rollout; gives facts for sentences, None or an empty text where the manifests do not say. Manifests may
break their schema: whatever is not as it should be counts as not said.
"""

from __future__ import annotations

from collections.abc import Iterator

from penstock.change.model import Facts
from penstock.manifest.paths import value_at
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout

_CLASSES = ("public", "internal", "confidential", "restricted")


def text_at(resource: Resource | None, *path: str) -> str | None:
    """The text in a field; None where there is none."""
    found = value_at(resource.data, path) if resource is not None else None
    return found if isinstance(found, str) and found else None


def facts(rollout: Rollout, resource: Resource) -> Facts:
    """What matters beside every change of a manifest."""
    is_budget = resource.kind == "TokenBudget"
    return Facts(
        owner=owner(rollout, resource),
        sensitivity=sensitivity(rollout, resource),
        use_case=use_case(rollout, resource),
        currency=currency(resource),
        period=text_at(resource, "spec", "budgetDuration") if is_budget else None,
    )


def owner(rollout: Rollout, resource: Resource) -> str | None:
    """Who pays for it or answers for it."""
    match resource.kind:
        case "TokenBudget":
            return (
                text_at(resource, "spec", "owner", "costCenter")
                or text_at(resource, "spec", "owner", "accountable")
                or text_at(resource, "spec", "owner", "budget")
            )
        case "UseCase":
            return text_at(resource, "spec", "sponsor")
        case "DataSource":
            return text_at(resource, "spec", "owner")
        case "AccessGrant" | "Waiver":
            return text_at(resource, "spec", "approver")
        case "FteOwner":
            return text_at(resource, "spec", "person")
        case "Agent":
            name = text_at(resource, "spec", "fteOwner")
            return person(rollout, name) or name
    return None


def person(rollout: Rollout, fte_owner: object) -> str | None:
    """The address of the person behind an FteOwner."""
    return text_at(rollout.get("FteOwner", fte_owner), "spec", "person") if isinstance(fte_owner, str) else None


def use_case(rollout: Rollout, resource: Resource) -> str | None:
    """The name of the use case that a manifest belongs to."""
    if resource.kind == "UseCase":
        return resource.name or None
    agent = text_at(resource, "spec", "principal", "agent") if resource.kind == "AccessGrant" else None
    if agent is not None:
        return text_at(rollout.get("Agent", agent), "spec", "useCase")
    return text_at(resource, "spec", "useCase")


def currency(resource: Resource) -> str | None:
    """The currency of a manifest's amounts."""
    for path in (("currency",), ("commitment", "currency"), ("annualRevenue", "currency")):
        found = text_at(resource, "spec", *path)
        if found:
            return found
    return None


def classification(rollout: Rollout, source: object) -> str | None:
    """How sensitive the data of a source is, by the source's name."""
    found = rollout.get("DataSource", source) if isinstance(source, str) else None
    return text_at(found, "spec", "classification")


def sensitivity(rollout: Rollout, resource: Resource) -> str | None:
    """The highest classification of the sources that a manifest is or speaks of."""
    if resource.kind == "DataSource":
        return text_at(resource, "spec", "classification")
    found = (classification(rollout, name) for name in _sources(rollout, resource))
    known = [_CLASSES.index(each) for each in found if each in _CLASSES]
    return _CLASSES[max(known)] if known else None


def _sources(rollout: Rollout, resource: Resource) -> Iterator[str]:
    if resource.kind not in ("AccessGrant", "Agent", "UseCase"):
        return
    for edge in rollout.edges_from(resource):
        if edge.kind == "DataSource":
            yield edge.name


def source_in_words(rollout: Rollout, source: object) -> str:
    """``crm (restricted)``."""
    found = classification(rollout, source)
    return f"{source} ({found})" if found else str(source)
