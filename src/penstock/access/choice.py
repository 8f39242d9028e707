"""The part of a map that somebody asks about: words of a command line -> a narrower map.

A word is ``Agent/name``, ``DataSource/name``, ``UseCase/name``, ``group/name``, ``person/address``, or a name
alone where only one thing has it. Several agents or people are shown beside each other; sources named with them
narrow what is shown of each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from penstock.access.model import AccessMap, Agent, Holder
from penstock.access.pair import Access, Principal, Status
from penstock.errors import UsageError
from penstock.record import dataclass, replace
from penstock.suggest import choices, did_you_mean

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked about. None: no limit."""

    principals: frozenset[Principal] | None = None
    sources: frozenset[str] | None = None
    statuses: frozenset[Status] | None = None
    use_cases: frozenset[str] = frozenset()
    """Those that were named."""

    @property
    def is_everything(self) -> bool:
        return self.principals is None and self.sources is None and self.statuses is None


@dataclass(frozen=True, slots=True)
class _Named:
    """Something that a word can mean."""

    kind: str
    name: str
    principals: tuple[Principal, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.name}"


def choose(found: AccessMap, words: Sequence[str], statuses: Iterable[Status] = ()) -> Choice:
    """What the words mean on this map.

    Raises:
        UsageError: a word means nothing on it, or more than one thing.
    """
    known = tuple(_named(found))
    meant = [_meant(word, known, found) for word in words]
    principals = frozenset(principal for one in meant for principal in one.principals)
    sources = frozenset(source for one in meant for source in one.sources)
    return Choice(
        principals if any(one.kind != "DataSource" for one in meant) else None,
        sources or None,
        frozenset(statuses) or None,
        frozenset(one.name for one in meant if one.kind == "UseCase"),
    )


def narrowed(found: AccessMap, choice: Choice) -> AccessMap:
    """The map, with only what was chosen. What is said of an agent as a whole stays whole."""
    if choice.is_everything:
        return found
    agents = [_narrowed(agent, Principal("agent", agent.name), choice) for agent in found.agents]
    holders = [_narrowed(holder, holder.principal, choice) for holder in found.holders]
    kept = replace(
        found,
        agents=tuple(agent for agent in agents if isinstance(agent, Agent)),
        holders=tuple(holder for holder in holders if isinstance(holder, Holder)),
        idle_use_cases=tuple(name for name in found.idle_use_cases if name in choice.use_cases),
    )
    touched = {access.source for access in kept.accesses}
    if choice.sources is not None and choice.principals is None and choice.statuses is None:
        touched |= choice.sources
    return replace(kept, sources=tuple(source for source in found.sources if source.name in touched))


def _narrowed(one: Agent | Holder, principal: Principal, choice: Choice) -> Agent | Holder | None:
    if choice.principals is not None and principal not in choice.principals:
        return None
    accesses = tuple(access for access in one.accesses if _is_kept(access, choice))
    if not accesses and (choice.sources is not None or choice.statuses is not None):
        return None
    return replace(one, accesses=accesses)


def _is_kept(access: Access, choice: Choice) -> bool:
    if choice.sources is not None and access.source not in choice.sources:
        return False
    return choice.statuses is None or not choice.statuses.isdisjoint(access.statuses)


def _named(found: AccessMap) -> Iterator[_Named]:
    for agent in found.agents:
        yield _Named("Agent", agent.name, (Principal("agent", agent.name),))
    for source in found.sources:
        yield _Named("DataSource", source.name, sources=(source.name,))
    for use_case in found.use_cases:
        agents = (Principal("agent", agent.name) for agent in found.agents if agent.use_case == use_case)
        yield _Named("UseCase", use_case, tuple(agents))
    for holder in found.holders:
        kind = "Agent" if holder.principal.kind == "agent" else holder.principal.kind
        yield _Named(kind, holder.principal.name, (holder.principal,))


def _meant(word: str, known: Sequence[_Named], found: AccessMap) -> _Named:
    kind, slash, name = word.partition("/")
    meant = [one for one in known if slash and one.kind.casefold() == kind.casefold() and one.name == name]
    meant = meant or [one for one in known if one.name == word]
    if len(meant) > 1:
        keys = choices((one.key for one in meant), last="or")
        raise UsageError(f"`{word}` may be several things in this rollout", hint=f"say which: {keys}")
    if meant:
        return meant[0]
    raise UsageError(f"nothing in this rollout is called `{word}`", hint=_hint(word, known, found))


def _hint(word: str, known: Sequence[_Named], found: AccessMap) -> str:
    broken = next((text for text in found.left_out if text.startswith(f"{word} in ")), None)
    if broken is not None:
        return f"{broken} cannot be used: `penstock check` says what is wrong with it"
    names = [one.key if "/" in word else one.name for one in known]
    if meant := did_you_mean(word, names):
        return meant
    if not known:
        return "the rollout has no agent, data source or grant"
    return f"there is {choices([one.key for one in known][:_SHOWN])}{', and more' if len(known) > _SHOWN else ''}"
