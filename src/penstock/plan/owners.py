"""Who takes an action: the person whom the manifests name for it, else the role that the framework gives it to.

Takes a finding and the neighbourhood of its use case, gives an ``Owner``. The order in which people are asked
depends on the kind of the manifest at fault, and where that has nobody of its own, on the step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from penstock.manifest.paths import value_at
from penstock.manifest.resource import Resource
from penstock.model import Finding, Path
from penstock.plan.model import Owner
from penstock.plan.neighbourhood import Neighbourhood
from penstock.record import dataclass, replace


@dataclass(frozen=True, slots=True)
class _Case:
    """A finding, its manifest, and where its use case stands."""

    finding: Finding
    near: Neighbourhood
    at: Resource | None
    """The manifest at fault; None for the rollout as a whole and for a file that could not be read."""


_Ask = Callable[[_Case], Owner]
"""The person in one capacity, or an owner without a person who says what is missing."""


def owner_of(finding: Finding, near: Neighbourhood, step: int) -> Owner:
    """Who takes care of a finding of a step."""
    at = next((each for each in near.resources if each.id == finding.location.resource), None)
    case = _Case(finding, near, at)
    asked, role = _BY_STEP.get(step, _BY_STEP[0])
    if at is not None and at.kind in _BY_KIND:
        asked, role = _BY_KIND[at.kind]
    missing = None
    for ask in asked:
        owner = ask(case)
        if owner.person is not None:
            return owner
        missing = missing or owner.missing
    return Owner(None, role, missing)


def _named(resource: Resource | None, field: str, capacity: str, absent: str) -> Owner:
    """The person in a field of a manifest."""
    if resource is None:
        return Owner(None, capacity, absent)
    person = value_at(resource.data, tuple(field.split(".")))
    if isinstance(person, str) and person:
        return Owner(person, f"{capacity} {resource.id}")
    return Owner(None, capacity, f"{resource.id} has no {field}")


def _involved(case: _Case, kind: str) -> Iterator[Resource]:
    """The manifests of a kind that a finding is about: its own, those its field names, those it shows."""
    known = {each.id: each for each in case.near.of_kind(kind)}
    if case.at is not None:
        if case.at.kind == kind:
            yield case.at
        path = case.finding.location.path
        for edge in case.near.rollout.edges_from(case.at):
            if edge.kind == kind and _same_element(edge.path, path):
                yield from filter(None, [known.get(f"{kind}/{edge.name}")])
    for related in case.finding.related:
        yield from filter(None, [known.get(related.location.resource or "")])


def _same_element(reference: Path, path: Path) -> bool:
    """Whether a field is a reference, holds it, or stands beside it in one element of a list."""
    if len(path) < 2:
        return False
    return path[: len(reference) - 1] == reference[:-1] or reference[: len(path)] == path


def _data_owner(case: _Case) -> Owner:
    source = next(_involved(case, "DataSource"), None)
    if source is None and case.at is not None and case.at.kind == "AccessGrant":
        name = value_at(case.at.data, ("spec", "dataSource"))
        source = case.near.rollout.get("DataSource", name) if isinstance(name, str) else None
    return _named(source, "spec.owner", "owner of", "the finding names no DataSource")


def _accountable(case: _Case) -> Owner:
    budgets = case.near.of_kind("TokenBudget")
    budget = case.at if case.at is not None and case.at.kind == "TokenBudget" else next(iter(budgets), None)
    return _named(budget, "spec.owner.accountable", "accountable for", "there is no TokenBudget")


def _fte(case: _Case) -> Owner:
    agents = [*_involved(case, "Agent"), *case.near.of_kind("Agent")]
    absent = "there is no Agent" if not agents else f"{agents[0].id} has no spec.fteOwner"
    for agent in agents:
        name = value_at(agent.data, ("spec", "fteOwner"))
        fte = case.near.rollout.get("FteOwner", name) if isinstance(name, str) else None
        if fte is not None:
            return replace(_named(fte, "spec.person", "", absent), capacity=f"FTE owner of {agent.id}")
    return Owner(None, "FTE owner", absent)


def _sponsor(case: _Case) -> Owner:
    return _named(case.near.use_case, "spec.sponsor", "sponsor of", "")


def _change_sponsor(case: _Case) -> Owner:
    return _named(case.near.use_case, "spec.changeManagement.sponsor", "sponsor of the change in", "")


def _unit_head(case: _Case) -> Owner:
    return _head(case, value_at(case.near.use_case.data, ("spec", "businessUnit")))


def _it_head(case: _Case) -> Owner:
    organization = case.near.rollout.organization
    if organization is None:
        return Owner(None, "head", "there is no Organization")
    unit = value_at(organization.data, ("spec", "centralIT"))
    return _head(case, unit) if unit else Owner(None, "head", f"{organization.id} has no spec.centralIT")


def _head(case: _Case, unit: object) -> Owner:
    organization = case.near.rollout.organization
    if organization is None:
        return Owner(None, "head", "there is no Organization")
    listed = value_at(organization.data, ("spec", "businessUnits"))
    for each in listed if isinstance(listed, list) else ():
        if value_at(each, ("name",)) == unit:
            head = value_at(each, ("head",))
            return Owner(
                head if isinstance(head, str) else None,
                f"head of business unit {unit}",
                None if isinstance(head, str) else f"business unit {unit} of {organization.id} has no head",
            )
    return Owner(None, "head", f"{organization.id} has no business unit {unit}")


def _own(field: str, capacity: str) -> _Ask:
    """Somebody whom the manifest at fault itself names."""
    return lambda case: _named(case.at, field, capacity, "")


_Asked = tuple[tuple[_Ask, ...], str]
_CIO, _CFO, _HR = "the CIO", "the CFO", "HR"
_LINE = "the line-of-business owner"

_BY_KIND: Mapping[str, _Asked] = {
    "Organization": ((_it_head,), _CIO),
    "DataSource": ((_data_owner, _it_head), _CIO),
    "AccessGrant": ((_data_owner, _own("spec.approver", "approver of"), _it_head), _CIO),
    "TokenBudget": ((_accountable, _unit_head), _CFO),
    "ModelTier": ((_it_head,), _CIO),
    "FteOwner": ((_unit_head, _sponsor), _HR),
    "VendorContract": ((_own("spec.decision.by", "decides on"),), "procurement"),
    "HeadcountForecast": ((_own("spec.audit.author", "author of"),), _HR),
    "Waiver": ((_own("spec.approver", "approver of"),), _CIO),
}
"""Whom to ask where the manifest at fault is somebody's; use cases and agents are many people's."""

_BY_STEP: Mapping[int, _Asked] = {
    0: ((_fte, _sponsor, _unit_head), "whoever maintains the manifests"),
    1: ((_it_head,), _CIO),
    2: ((_data_owner, _it_head), _CIO),
    3: ((_data_owner, _fte, _it_head), _CIO),
    4: ((_accountable, _unit_head), _CFO),
    5: ((_fte, _it_head), _CIO),
    6: ((_unit_head, _sponsor), _HR),
    7: ((_sponsor, _unit_head), _LINE),
    8: ((_fte, _it_head), _CIO),
    9: ((_fte, _sponsor), _LINE),
    10: ((_change_sponsor, _sponsor, _unit_head), _LINE),
    11: ((_unit_head,), _HR),
    12: ((_fte, _it_head), _CIO),
}
