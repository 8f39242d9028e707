"""A rollout: its resources by kind and name, and the references between them.

Takes resources in file order, gives them and their edges in constant time. Must not know of files, findings or
policies. Which fields are references comes from the schemas alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from penstock.manifest.paths import element_name, value_at
from penstock.manifest.references import ReferenceField, references, values_at
from penstock.manifest.resource import Resource
from penstock.model import Location, Path


@dataclass(frozen=True, slots=True)
class Edge:
    """One reference: a field of ``source`` whose value is a name."""

    source: Resource
    path: Path
    """The field that holds the name."""
    field: ReferenceField
    """What the schema says of the field."""
    kind: str
    """The kind of the resource referred to; for an element of the same manifest's list, the source's kind."""
    name: str
    """The name written in the field: of a resource, or of an element of the list ``field.items``."""
    target: Resource | None
    """The resource referred to, or whose list has the element; None when there is none of the name."""
    element: Path | None = None
    """The element's path in the target, for a reference to an element."""
    judged: bool = True
    """False when nothing can be said of an element because the reference to its resource leads nowhere."""

    @property
    def dangling(self) -> bool:
        """Whether the name written is one that does not exist."""
        return self.judged and self.target is None


class Rollout:
    """The resources of one rollout, in file order, and what refers to what."""

    __slots__ = (
        "_by_kind",
        "_by_name",
        "_elements",
        "_incoming",
        "_names",
        "_outgoing",
        "config",
        "name",
        "resources",
        "root",
        "unread",
    )

    def __init__(
        self,
        name: str,
        root: str,
        resources: Iterable[Resource] = (),
        config: Location | None = None,
        unread: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.root = root
        """The rollout's folder, as shown to the user."""
        self.config = config
        """Where its penstock.yaml is, for findings about the rollout as a whole."""
        self.unread = unread
        """Files that hold, or may hold, manifests which could not be read: what is missing may stand there."""
        self.resources = tuple(resources)
        self._by_name: dict[tuple[str, str], Resource] = {}
        by_kind: dict[str, list[Resource]] = {}
        for resource in self.resources:
            by_kind.setdefault(resource.kind, []).append(resource)
            if resource.name:
                self._by_name.setdefault((resource.kind, resource.name), resource)
        self._by_kind = {kind: tuple(found) for kind, found in by_kind.items()}
        self._names: dict[str, tuple[str, ...]] = {}
        self._elements: dict[tuple[Resource, Path], dict[str, int]] = {}
        self._outgoing = {resource: tuple(self._edges_of(resource)) for resource in self.resources}
        self._incoming = self._reverse()

    def __repr__(self) -> str:
        return f"Rollout({self.name!r}, {len(self.resources)} resources)"

    def get(self, kind: str, name: str) -> Resource | None:
        """The resource of that kind and name; the first in file order when several took the name."""
        return self._by_name.get((kind, name))

    def of_kind(self, kind: str) -> tuple[Resource, ...]:
        """Every resource of the kind, in file order."""
        return self._by_kind.get(kind, ())

    def names(self, kind: str) -> tuple[str, ...]:
        """The names of the kind's resources, in alphabetical order."""
        known = self._names.get(kind)
        if known is None:
            known = tuple(sorted({resource.name for resource in self.of_kind(kind) if resource.name}))
            self._names[kind] = known
        return known

    @property
    def organization(self) -> Resource | None:
        """The rollout's Organization; the first when there are several."""
        return next(iter(self.of_kind("Organization")), None)

    @property
    def edges(self) -> tuple[Edge, ...]:
        """Every reference, by source in file order, then in the order of the source's schema."""
        return tuple(edge for edges in self._outgoing.values() for edge in edges)

    def edges_from(self, resource: Resource) -> tuple[Edge, ...]:
        """The references that the resource makes."""
        return self._outgoing.get(resource, ())

    def edges_to(self, resource: Resource) -> tuple[Edge, ...]:
        """The references that other resources make to the resource, or to an element of it."""
        return self._incoming.get(resource, ())

    def referrers(self, resource: Resource, kind: str | None = None) -> tuple[Resource, ...]:
        """The other resources that refer to the resource, of one kind or of all, in file order, each once."""
        sources = (edge.source for edge in self.edges_to(resource))
        return tuple(dict.fromkeys(source for source in sources if kind is None or source.kind == kind))

    def element_names(self, holder: Resource, items: Path) -> dict[str, int]:
        """The names of the elements of the holder's list at ``items``, each with its (first) index."""
        known = self._elements.get((holder, items))
        if known is None:
            known = {}
            listed = value_at(holder.data, items)
            for index, element in enumerate(listed if isinstance(listed, list) else ()):
                name = element_name(element)
                if name is not None:
                    known.setdefault(name, index)
            self._elements[holder, items] = known
        return known

    def holders(self, source: Resource, field: ReferenceField) -> tuple[Resource, ...] | None:
        """The resources in whose lists an element reference of ``source`` looks; None when that is unknown."""
        if field.kind is None:
            return (source,)
        if field.of is None:
            # Without any holder, the one that is meant may be in a file that could not be read.
            return self.of_kind(field.kind) or (None if self.unread else ())
        name = value_at(source.data, field.of)
        holder = self.get(field.kind, name) if isinstance(name, str) else None
        return None if holder is None else (holder,)

    def _edges_of(self, source: Resource) -> Iterable[Edge]:
        for field in references(source.kind):
            for path, name in values_at(source.data, field.path):
                if isinstance(name, str) and name:
                    yield self._edge(source, path, field, name)

    def _edge(self, source: Resource, path: Path, field: ReferenceField, name: str) -> Edge:
        kind = field.kind or source.kind
        if field.items is None:
            return Edge(source, path, field, kind, name, self.get(kind, name))
        holders = self.holders(source, field)
        for holder in holders or ():
            index = self.element_names(holder, field.items).get(name)
            if index is not None:
                return Edge(source, path, field, kind, name, holder, (*field.items, index))
        return Edge(source, path, field, kind, name, None, judged=holders is not None)

    def _reverse(self) -> dict[Resource, tuple[Edge, ...]]:
        incoming: dict[Resource, list[Edge]] = {}
        for edge in self.edges:
            if edge.target is not None and edge.target is not edge.source:
                incoming.setdefault(edge.target, []).append(edge)
        return {target: tuple(edges) for target, edges in incoming.items()}
