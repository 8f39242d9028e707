"""One agent and one source: what is granted, wired and needed -> the access, with what is wrong about it.

What the rules LV301, LV302, LV303, LV306, LV309, LV310 and LV311 find is seen here by the same measures. Must not
know of manifests, nor of any other agent or source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from penstock.access.pair import (
    EVERYBODY,
    Access,
    Force,
    Grant,
    Need,
    Permission,
    Place,
    Principal,
    Remark,
    Status,
    Way,
)
from penstock.record import dataclass

_WAYS = {"tool": "tool", "mcp-server": "MCP server"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an agent and a source."""

    agent: Principal
    acts_as: Principal | None
    source: str
    classification: str
    grants: tuple[Grant, ...]
    """Its own, those of whom it acts as, those to everybody."""
    ways: tuple[Way, ...]
    need: Need | None
    use_case: str | None
    """The use case that says what is needed; None when it is not known: then nothing is too much or too little."""
    is_wired: bool
    """Whether the agent declares any source behind a tool or server."""
    is_over: bool
    """Whether the use case is retired: then nothing is needed any more, so nothing is missing."""
    place: Place
    """The agent's use case, for what is missing."""

    @property
    def counted(self) -> tuple[Grant, ...]:
        """The grants that the agent may rely on: its own and those of whom it acts as, not one to everybody."""
        return tuple(grant for grant in self.grants if grant.principal in (self.agent, self.acts_as))

    @property
    def own(self) -> tuple[Grant, ...]:
        return tuple(grant for grant in self.grants if grant.principal == self.agent)


def access_of_agent(facts: Facts) -> Access:
    """The access of an agent to a source."""
    remarks = tuple(sorted(_remarks(facts), key=lambda remark: remark.status.rank))
    statuses = tuple(dict.fromkeys(remark.status for remark in remarks))
    return Access(
        principal=facts.agent,
        source=facts.source,
        classification=facts.classification,
        granted=most(grant.permission for grant in in_force(facts.grants)),
        wired=most(way.permission for way in facts.ways),
        needed=facts.need.permission if facts.need else None,
        grants=facts.grants,
        ways=facts.ways,
        need=facts.need,
        statuses=statuses or (Status.AS_NEEDED if facts.need else Status.GRANTED,),
        remarks=remarks,
    )


def access_of_holder(principal: Principal, source: str, classification: str, grants: tuple[Grant, ...]) -> Access:
    """The access of a group or person to a source: nothing says what people need."""
    remarks = tuple(remark for grant in grants for remark in lapsed(grant))
    return Access(
        principal=principal,
        source=source,
        classification=classification,
        granted=most(grant.permission for grant in in_force(grants)),
        wired=None,
        needed=None,
        grants=grants,
        ways=(),
        need=None,
        statuses=tuple(dict.fromkeys(remark.status for remark in remarks)) or (Status.GRANTED,),
        remarks=remarks,
    )


def in_force(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """The grants that are in force."""
    return tuple(grant for grant in grants if grant.force is Force.IN_FORCE)


def most(permissions: Iterable[Permission]) -> Permission | None:
    """The highest of the permissions."""
    return max(permissions, key=lambda permission: permission.rank, default=None)


def lapsed(grant: Grant) -> Iterator[Remark]:
    """What is to be said of a grant that is not in force."""
    if grant.force is Force.EXPIRED:
        text = f"grant `{grant.name}` expired after {grant.expires_on}"
        yield Remark(Status.EXPIRED, text, grant.place.at("spec", "expiresOn"), grant.name)
    elif grant.force is Force.NOT_YET:
        text = f"grant `{grant.name}` begins on {grant.granted_on}"
        yield Remark(Status.NOT_YET, text, grant.place.at("spec", "grantedOn"), grant.name)


def _remarks(facts: Facts) -> Iterator[Remark]:
    relied_on = most(grant.permission for grant in in_force(facts.counted))
    yield from _uncovered(facts, relied_on)
    if facts.use_case is not None:
        yield from _left_over(facts, facts.use_case) if facts.is_over else _excess(facts, facts.use_case)
        yield from _missing(facts, relied_on)
    for grant in facts.counted:
        yield from lapsed(grant)
    yield from _borrowed(facts)
    own = in_force(facts.own)
    if own and facts.is_wired and not facts.ways:
        text = "none of the agent's tools and MCP servers reaches it"
        yield Remark(Status.UNUSED, text, own[0].place.at("spec", "dataSource"), own[0].name)


def _uncovered(facts: Facts, relied_on: Permission | None) -> Iterator[Remark]:
    for way in facts.ways:
        if _rank(relied_on) < way.permission.rank:
            only = f"only {relied_on.value} is granted" if relied_on else "no grant in force covers it"
            text = f"{_WAYS[way.kind]} `{way.name}` can {_verb(way.permission)} it, but {only}"
            yield Remark(Status.UNCOVERED, text, way.place)


def _excess(facts: Facts, use_case: str) -> Iterator[Remark]:
    """As the rules do, an own grant is measured whether or not it is in force; a borrowed one only while it is."""
    limit = facts.need.permission if facts.need else None
    for grant in facts.grants:
        if grant.principal != facts.agent and grant.force is not Force.IN_FORCE:
            continue
        if grant.permission.rank <= _rank(limit) or _is_open(facts, grant):
            continue
        needs = f"needs {limit.value} at most" if limit else "does not need it"
        text = f"grant `{grant.name}` gives {grant.permission.value}, but use case `{use_case}` {needs}"
        at = "permission" if limit else "dataSource"
        yield Remark(Status.EXCESS, text, grant.place.at("spec", at), grant.name)


def _left_over(facts: Facts, use_case: str) -> Iterator[Remark]:
    """Of a retired use case, every own grant that has not expired; what is borrowed belongs to its lender."""
    for grant in facts.own:
        if grant.force is not Force.EXPIRED:
            text = f"grant `{grant.name}` gives {grant.permission.value}, but use case `{use_case}` is retired"
            yield Remark(Status.EXCESS, text, grant.place.at("spec", "principal"), grant.name)


def _is_open(facts: Facts, grant: Grant) -> bool:
    """Public data that everybody may read is in nobody's way."""
    return (
        grant.principal == EVERYBODY and grant.permission is Permission.READ and facts.classification == "public"
    )


def _missing(facts: Facts, relied_on: Permission | None) -> Iterator[Remark]:
    need = facts.need
    if need is None or facts.is_over or _rank(relied_on) >= need.permission.rank:
        return
    has = f"only {relied_on.value} is granted" if relied_on else "no grant in force gives it"
    text = f"use case `{need.use_case}` needs {need.permission.value}, but {has}"
    yield Remark(Status.MISSING, text, facts.place)


def _borrowed(facts: Facts) -> Iterator[Remark]:
    for grant in in_force(facts.grants):
        if grant.principal == facts.agent:
            continue
        lender = (
            "everybody" if grant.principal == EVERYBODY else f"{grant.principal.kind} `{grant.principal.name}`"
        )
        text = f"grant `{grant.name}` is to {lender}, not to the agent itself"
        yield Remark(Status.BORROWED, text, grant.place.at("spec", "principal"), grant.name)


def _rank(permission: Permission | None) -> int:
    return permission.rank if permission is not None else 0


def _verb(permission: Permission) -> str:
    return {Permission.READ: "read", Permission.WRITE: "write to", Permission.ADMIN: "administer"}[permission]
