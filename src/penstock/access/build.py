"""A rollout and a day -> the map of access.

Takes a loaded rollout, gives an ``AccessMap``. Manifests that break their schema are left out, and named: nothing
they say can be relied on. A source that only grants or tools speak of is on the map, with nothing known about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from penstock.access import stated
from penstock.access.blast import blast_of, reach_order
from penstock.access.model import AccessMap, Agent, Holder, Source
from penstock.access.pair import (
    CLASSIFICATIONS,
    EVERYBODY,
    UNKNOWN,
    Access,
    Force,
    Grant,
    Need,
    Place,
    Principal,
    Way,
)
from penstock.access.verdict import Facts, access_of_agent, access_of_holder
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout

_KINDS = ("Agent", "AccessGrant", "DataSource", "UseCase")


def access_map(rollout: Rollout, as_of: str) -> AccessMap:
    """Who reaches what, as of a date (ISO 8601)."""
    return _Build(rollout, as_of).map()


@dataclass(frozen=True)
class _Build:
    """The parts of one map, each made once."""

    rollout: Rollout
    as_of: str

    def map(self) -> AccessMap:
        agents = sorted((self._agent(one) for one in stated.usable(self.rollout, "Agent")), key=reach_order)
        sources = sorted(
            self.sources.values(), key=lambda source: (sensitivity(source.classification), source.name)
        )
        return AccessMap(
            rollout=self.rollout.name,
            as_of=self.as_of,
            agents=tuple(agents),
            holders=tuple(self._holders(agents)),
            sources=tuple(sources),
            use_cases=self.rollout.names("UseCase"),
            idle_use_cases=tuple(self._idle(agents)),
            left_out=tuple(self._left_out()),
        )

    @cached_property
    def grants(self) -> Mapping[Principal, tuple[Grant, ...]]:
        """Every grant, by principal, in file order."""
        found: dict[Principal, tuple[Grant, ...]] = {}
        for resource in stated.usable(self.rollout, "AccessGrant"):
            grant = stated.grant(resource, self.as_of)
            found[grant.principal] = (*found.get(grant.principal, ()), grant)
        return found

    @cached_property
    def ways(self) -> Mapping[str, tuple[Way, ...]]:
        """The tools and servers of every agent, by agent."""
        return {one.name: tuple(stated.ways(one)) for one in stated.usable(self.rollout, "Agent")}

    @cached_property
    def needs(self) -> Mapping[str, Mapping[str, Need]]:
        """What every use case needs, by use case and source."""
        return {one.name: stated.needs(one) for one in stated.usable(self.rollout, "UseCase")}

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Every source that is described, granted, wired or needed, by name."""
        named = dict.fromkeys(self.rollout.names("DataSource"))
        named |= {grant.source: None for grants in self.grants.values() for grant in grants}
        named |= {way.source: None for ways in self.ways.values() for way in ways}
        named |= {source: None for needs in self.needs.values() for source in needs}
        described = {one.name: one for one in stated.usable(self.rollout, "DataSource")}
        copies = _copies(described.values())
        return {name: self._source(name, described.get(name), copies.get(name, set())) for name in sorted(named)}

    def _source(self, name: str, resource: Resource | None, copies: set[str]) -> Source:
        needs = tuple(needs[name] for needs in self.needs.values() if name in needs)
        if resource is None:
            return Source(name, None, UNKNOWN, None, None, None, tuple(sorted(copies)), needs, None)
        spec = resource.data["spec"]
        return Source(
            name=name,
            title=resource.data["metadata"].get("title"),
            classification=spec["classification"],
            owner=spec.get("owner"),
            governance=spec["governance"],
            system_of_record=spec.get("systemOfRecord"),
            copies=tuple(sorted(copies)),
            needed_by=needs,
            place=stated.name_of(resource),
        )

    def _agent(self, resource: Resource) -> Agent:
        spec = resource.data["spec"]
        use_case = stated.find(self.rollout, "UseCase", spec["useCase"])
        accesses = tuple(sorted(self._accesses(resource, use_case), key=order))
        return Agent(
            name=resource.name,
            title=resource.data["metadata"].get("title"),
            use_case=spec["useCase"],
            stage=use_case.data["spec"]["stage"] if use_case else None,
            acts_as=stated.acts_as(resource),
            accesses=accesses,
            blast=blast_of(resource, use_case, accesses, self.sources),
            place=stated.name_of(resource),
        )

    def _accesses(self, resource: Resource, use_case: Resource | None) -> Iterator[Access]:
        principal, borrowed = Principal("agent", resource.name), stated.acts_as(resource)
        relied_on = (*self.grants.get(principal, ()), *(self.grants.get(borrowed, ()) if borrowed else ()))
        open_to_all = () if borrowed == EVERYBODY else self.grants.get(EVERYBODY, ())
        # A grant to everybody that is not in force concerns no agent.
        grants = (*relied_on, *(grant for grant in open_to_all if grant.force is Force.IN_FORCE))
        ways = self.ways[resource.name]
        needs = self.needs[use_case.name] if use_case else {}
        concerned = (*(one.source for one in grants), *(one.source for one in ways), *needs)
        for source in dict.fromkeys(concerned):
            yield access_of_agent(
                Facts(
                    agent=principal,
                    acts_as=borrowed,
                    source=source,
                    classification=self.sources[source].classification,
                    grants=tuple(grant for grant in grants if grant.source == source),
                    ways=tuple(way for way in ways if way.source == source),
                    need=needs.get(source),
                    is_over=use_case is not None and use_case.data["spec"]["stage"] == "retired",
                    use_case=use_case.name if use_case else None,
                    is_wired=bool(ways),
                    place=Place(resource, ("spec", "useCase")),
                )
            )

    def _holders(self, agents: Iterable[Agent]) -> Iterator[Holder]:
        """Groups and persons with a grant or an agent that borrows from them; agents that nothing describes."""
        described = {Principal("agent", agent.name) for agent in agents}
        lends: dict[Principal, tuple[str, ...]] = {}
        for agent in agents:
            if agent.acts_as:
                lends[agent.acts_as] = (*lends.get(agent.acts_as, ()), agent.name)
        for principal in sorted((self.grants.keys() | lends.keys()) - described):
            grants = self.grants.get(principal, ())
            accesses = [
                access_of_holder(
                    principal,
                    source,
                    self.sources[source].classification,
                    tuple(grant for grant in grants if grant.source == source),
                )
                for source in dict.fromkeys(grant.source for grant in grants)
            ]
            yield Holder(principal, tuple(sorted(accesses, key=order)), tuple(sorted(lends.get(principal, ()))))

    def _idle(self, agents: Iterable[Agent]) -> Iterator[str]:
        at_work = {agent.use_case for agent in agents}
        return (name for name in self.rollout.names("UseCase") if name not in at_work)

    def _left_out(self) -> Iterator[str]:
        for resource in self.rollout.resources:
            if not resource.valid and resource.kind in _KINDS:
                yield f"{resource.id} in {resource.file}"
        yield from self.rollout.unread


def sensitivity(classification: str) -> int:
    """0 for restricted; what is not known comes last."""
    return (*CLASSIFICATIONS, UNKNOWN).index(classification)


def order(access: Access) -> tuple[int, str]:
    """The most sensitive sources first, then by name."""
    return sensitivity(access.classification), access.source


def _copies(described: Iterable[Resource]) -> dict[str, set[str]]:
    """The sources that hold the same data, both ways, by source."""
    found: dict[str, set[str]] = {}
    for resource in described:
        for other in resource.data["spec"].get("redundantWith", ()):
            if other != resource.name:
                found.setdefault(resource.name, set()).add(other)
                found.setdefault(other, set()).add(resource.name)
    return found
