"""The map of access as a graph: agents, groups and people -> tools and MCP servers -> data sources.

Takes an ``AccessMap`` and what to show of it; gives nodes and edges in one stable order, their texts made visible
but not yet escaped for a language. An access is drawn through each tool or server that reaches the source, else
straight from the principal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from penstock.access.model import AccessMap, Agent, Holder
from penstock.access.pair import Access, Permission, Principal, Status
from penstock.record import dataclass, field
from penstock.render.access import words
from penstock.render.escape import one_line


@dataclass(frozen=True, slots=True)
class Node:
    """A box. ``kind``: agent, way, holder or source."""

    id: str
    kind: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow between two nodes. Without a status it says only that one belongs to the other."""

    tail: str
    head: str
    lines: tuple[str, ...]
    """Its label: words of this package alone, none of a manifest."""
    status: Status | None


@dataclass(slots=True)
class Graph:
    """What is drawn."""

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)

    @property
    def statuses(self) -> tuple[Status, ...]:
        """The statuses that edges have: what a legend explains."""
        used = {edge.status for edge in self.edges}
        return tuple(status for status in Status if status in used)


def graph(found: AccessMap, views: Sequence[str]) -> Graph:
    """The graph of agents, of people, or, from the side of the sources, of both."""
    drawing = _Drawing(found)
    everybody = "sources" in views
    for agent in found.agents if everybody or "agents" in views else ():
        drawing.agent(agent)
    for holder in found.holders if everybody or "people" in views else ():
        drawing.holder(holder)
    if everybody:
        for source in found.sources:
            drawing.source(source.name)
    return drawing.graph


class _Drawing:
    """A graph in the making: every thing gets one node, numbered by kind in the order of its appearance."""

    def __init__(self, found: AccessMap) -> None:
        self.graph = Graph()
        self._sources = {source.name: source for source in found.sources}
        self._ids: dict[tuple[str, ...], str] = {}
        self._numbers: Counter[str] = Counter()
        self._belonging: set[str] = set()

    def agent(self, agent: Agent) -> None:
        lines = (agent.name, words.AUTONOMY[agent.blast.autonomy])
        tail = self._node("agent", ("agent", agent.name), lines)
        if agent.acts_as:
            self.graph.edges.append(Edge(tail, self._principal(agent.acts_as), ("acts as",), None))
        for access in agent.accesses:
            self._access(tail, agent.name, access)

    def holder(self, holder: Holder) -> None:
        tail = self._principal(holder.principal)
        for access in holder.accesses:
            self._access(tail, "", access)

    def source(self, name: str) -> str:
        """The node of a source."""
        source = self._sources[name]
        loose = (source.governance,) if source.governance and source.governance != "governed" else ()
        return self._node("source", ("source", name), (name, source.classification, *loose))

    def _principal(self, principal: Principal) -> str:
        lines = ("everybody",) if principal.is_everybody else (principal.kind, principal.name)
        return self._node("holder", (principal.kind, principal.name), lines)

    def _access(self, tail: str, agent: str, access: Access) -> None:
        head = self.source(access.source)
        uncovered = {one.place.path for one in access.remarks if one.status is Status.UNCOVERED}
        for way in access.ways:
            between = self._node("way", (agent, way.kind, way.name), (words.WAYS[way.kind], way.name))
            # A tool is one agent's: the first of its sources ties it to that agent.
            if between not in self._belonging:
                self._belonging.add(between)
                self.graph.edges.append(Edge(tail, between, (), None))
            statuses = access.statuses if way.place.path in uncovered else _covered(access)
            label = _label(access, way.permission, statuses)
            self.graph.edges.append(Edge(between, head, label, statuses[0]))
        if not access.ways:
            self.graph.edges.append(Edge(tail, head, _label(access, None, access.statuses), access.status))

    def _node(self, kind: str, key: tuple[str, ...], lines: Iterable[str]) -> str:
        key = (kind, *key)
        if key not in self._ids:
            self._numbers[kind] += 1
            self._ids[key] = f"{kind}{self._numbers[kind]}"
            self.graph.nodes.append(Node(self._ids[key], kind, tuple(_visible(lines))))
        return self._ids[key]


def _visible(lines: Iterable[str]) -> Iterator[str]:
    return (one_line(line) for line in lines)


def _covered(access: Access) -> tuple[Status, ...]:
    """What is to be said of a tool or server within what is granted, whatever another one reaches."""
    others = tuple(status for status in access.statuses if status is not Status.UNCOVERED)
    return others or (Status.AS_NEEDED if access.need else Status.GRANTED,)


def _label(access: Access, wired: Permission | None, statuses: Sequence[Status]) -> tuple[str, ...]:
    """``read``, or with what is wrong below: ``read, granted write``, ``excess``."""
    stated = access.granted or access.needed or (access.grants[0].permission if access.grants else None)
    shown = wired or stated
    text = shown.value if shown else ""
    if wired and access.granted and access.granted is not wired:
        text = f"{wired.value}, granted {access.granted.value}"
    if statuses[0] in (Status.AS_NEEDED, Status.GRANTED):
        return (text,)
    return (text, words.statuses(statuses))
