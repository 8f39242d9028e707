"""The manifests that a use case stands on: its own, and those that its own refer to.

Takes a rollout and a use case, follows the references that the schemas declare, gives the manifests. Must not know
of policies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from penstock.manifest.paths import value_at
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.manifest.waivers import covered
from penstock.model import Finding
from penstock.policy.judge import whole

_Follow = Callable[[Resource], Iterable[Resource]]


@dataclass(frozen=True)
class Neighbourhood:
    """A use case and what it stands on."""

    rollout: Rollout
    use_case: Resource
    own: frozenset[str]
    """The ids of the use case and of what refers to it: agents, budgets, the grants of its agents."""
    resources: tuple[Resource, ...]
    """All of it, in the order of the files."""

    @cached_property
    def ids(self) -> frozenset[str]:
        """``Kind/name`` of every manifest."""
        return frozenset(resource.id for resource in self.resources)

    @cached_property
    def by_kind(self) -> dict[str, tuple[Resource, ...]]:
        """The manifests of each kind."""
        kinds = dict.fromkeys(resource.kind for resource in self.resources)
        return {kind: tuple(each for each in self.resources if each.kind == kind) for kind in kinds}

    def of_kind(self, kind: str) -> tuple[Resource, ...]:
        """Its manifests of a kind."""
        return self.by_kind.get(kind, ())


def neighbourhoods(rollout: Rollout) -> tuple[Neighbourhood, ...]:
    """What each use case of a rollout stands on, in the order of the files."""
    direct: dict[str, list[Resource]] = {}
    for grant in rollout.of_kind("AccessGrant"):
        source = value_at(grant.data, ("spec", "dataSource"))
        # Who may see the data is part of the same map, also by another way than an agent.
        if isinstance(source, str) and value_at(grant.data, ("spec", "principal", "agent")) is None:
            direct.setdefault(source, []).append(grant)
    order = {resource: index for index, resource in enumerate(rollout.resources)}
    return tuple(_neighbourhood(rollout, use_case, direct, order) for use_case in rollout.of_kind("UseCase"))


def _neighbourhood(
    rollout: Rollout,
    use_case: Resource,
    direct: Mapping[str, Sequence[Resource]],
    order: Mapping[Resource, int],
) -> Neighbourhood:
    own = _reached([use_case], lambda one: (edge.source for edge in rollout.edges_to(one)))
    shared = _reached(own, lambda one: (edge.target for edge in rollout.edges_from(one) if edge.target))
    found = {*own, *shared, *rollout.of_kind("Organization"), *_forecasts(rollout, use_case)}
    for source in shared:
        if source.kind == "DataSource":
            found.update(direct.get(source.name, ()))
    ids = {whole(rollout).id, *(resource.id for resource in found)}
    found.update(waiver for waiver in rollout.of_kind("Waiver") if not ids.isdisjoint(covered(rollout, waiver)))
    ordered = tuple(sorted(found, key=order.__getitem__))
    return Neighbourhood(rollout, use_case, frozenset(resource.id for resource in own), ordered)


def concerns(finding: Finding, near: Neighbourhood, claimed: frozenset[str]) -> bool:
    """Whether a finding on one of its manifests is about this use case.

    ``claimed`` are the manifests that are some use case's own: a finding on a shared manifest that shows those of
    other use cases, and none of this one's, is theirs.
    """
    resource = finding.location.resource
    if resource in near.own:
        return True
    shown = {related.location.resource for related in finding.related if related.location.resource} & claimed
    return not shown or not shown.isdisjoint(near.own)


def _reached(start: Iterable[Resource], follow: _Follow) -> list[Resource]:
    found = dict.fromkeys(start)
    waiting = list(found)
    while waiting:
        for other in follow(waiting.pop()):
            if other not in found:
                found[other] = None
                waiting.append(other)
    return list(found)


def _forecasts(rollout: Rollout, use_case: Resource) -> Iterator[Resource]:
    """The headcount forecasts that the use case bears on: those of its business unit, or of its function."""
    unit, function = (
        value_at(use_case.data, ("spec", "businessUnit")),
        value_at(use_case.data, ("spec", "function")),
    )
    for forecast in rollout.of_kind("HeadcountForecast"):
        about = value_at(forecast.data, ("spec", "businessUnit"))
        if about == unit or (about is None and function in (None, value_at(forecast.data, ("spec", "function")))):
            yield forecast
