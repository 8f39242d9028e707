"""A rollout: its resources by kind and name, and the references between them.

Takes resources in file order, gives them and their edges in constant time. Must not know of files, findings or
policies. Which fields are references comes from the schemas alone. Edges are made when they are asked for: of a
hundred thousand manifests, few are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from penstock.manifest.paths import element_name, value_at
from penstock.manifest.references import ReferenceField, Stated, references
from penstock.manifest.resource import Resource
from penstock.model import Location, Path
from penstock.record import dataclass
from penstock.source.comments import has_comments


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
    of: str | None = None
    """The name of the resource in whose list the element should be, where the manifest says that."""
    judged: bool = True
    """False when nothing can be said of an element because the reference to its resource leads nowhere."""

    @property
    def dangling(self) -> bool:
        """Whether the name written is one that does not exist."""
        return self.judged and self.target is None


class Rollout:
    """The resources of one rollout, in file order, and what refers to what."""

    __slots__ = (
        "_by_id",
        "_by_kind",
        "_config",
        "_elements",
        "_incoming",
        "_loose",
        "_names",
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
        config: Location | Callable[[], Location | None] | None = None,
        unread: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.root = root
        """The rollout's folder, as shown to the user."""
        self._config = config
        self.unread = unread
        """Files that hold, or may hold, manifests which could not be read: what is missing may stand there."""
        self.resources = tuple(resources)
        self._by_id: dict[str, Resource] = {}
        by_kind: dict[str, list[Resource]] = {}
        for resource in self.resources:
            by_kind.setdefault(resource.kind, []).append(resource)
            if resource.id != resource.kind:
                self._by_id.setdefault(resource.id, resource)
        self._by_kind = {kind: tuple(found) for kind, found in by_kind.items()}
        self._names: dict[str, tuple[str, ...]] = {}
        self._elements: dict[tuple[Resource, Path], dict[str, int]] = {}
        self._incoming: dict[Resource, tuple[Resource, ...]] | None = None
        self._loose: tuple[Resource, ...] = ()

    def __repr__(self) -> str:
        return f"Rollout({self.name!r}, {len(self.resources)} resources)"

    @property
    def config(self) -> Location | None:
        """Where its penstock.yaml names it, for findings about the rollout as a whole."""
        if callable(self._config):
            self._config = self._config()
        return self._config

    @property
    def count(self) -> int:
        """How many resources there are."""
        return len(self.resources)

    @property
    def sound(self) -> bool:
        """Whether every manifest satisfies its schema and has a name of its own."""
        return all(resource.valid for resource in self.resources)

    def commented(self) -> Iterator[Resource]:
        """The resources in files that may hold comments for penstock."""
        known: dict[str, bool] = {}
        for resource in self.resources:
            path = resource.file
            if path not in known:
                known[path] = has_comments(resource.document.file)
            if known[path]:
                yield resource

    def get(self, kind: str, name: str) -> Resource | None:
        """The resource of that kind and name; the first in file order when several took the name."""
        found = self._by_id.get(f"{kind}/{name}") if name else None
        return found if found is not None and found.kind == kind else None

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
    def edges(self) -> Iterator[Edge]:
        """Every reference, by source in file order, then in the order of the source's schema."""
        return (edge for resource in self.resources for edge in self.edges_from(resource))

    def edges_from(self, resource: Resource) -> tuple[Edge, ...]:
        """The references that the resource makes."""
        fields = references(resource.kind)
        return tuple(self._edge(resource, given, fields[given[0]]) for given in resource.references)

    def edges_to(self, resource: Resource) -> tuple[Edge, ...]:
        """The references that other resources make to the resource, or to an element of it."""
        edges = (edge for source in self.referrers(resource) for edge in self.edges_from(source))
        return tuple(edge for edge in edges if edge.target is resource)

    def referrers(self, resource: Resource, kind: str | None = None) -> tuple[Resource, ...]:
        """The other resources that refer to the resource, of one kind or of all, in file order, each once."""
        found = self._followed().get(resource, ())
        return found if kind is None else tuple(source for source in found if source.kind == kind)

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

    def holders(self, field: ReferenceField, source: Resource, of: str | None) -> tuple[Resource, ...] | None:
        """The resources in whose lists an element reference of ``source`` looks; None when that is unknown.

        ``of`` is the name of the one that the manifest says it is.
        """
        if field.kind is None:
            return (source,)
        if field.of is None:
            # Without any holder, the one that is meant may be in a file that could not be read.
            return self.of_kind(field.kind) or (None if self.unread else ())
        holder = self.get(field.kind, of) if of is not None else None
        return None if holder is None else (holder,)

    def _edge(self, source: Resource, given: Stated, field: ReferenceField) -> Edge:
        kind, (_, path, name, of) = field.kind or source.kind, given
        if field.items is None:
            return Edge(source, path, field, kind, name, self.get(kind, name), of=of)
        holders = self.holders(field, source, of)
        for holder in holders or ():
            index = self.element_names(holder, field.items).get(name)
            if index is not None:
                return Edge(source, path, field, kind, name, holder, (*field.items, index), of=of)
        return Edge(source, path, field, kind, name, None, judged=holders is not None, of=of)

    def dangling(self) -> Iterator[Edge]:
        """The edges whose names do not exist, in the order of ``edges``."""
        self._followed()
        return (edge for source in self._loose for edge in self.edges_from(source) if edge.dangling)

    def _followed(self) -> dict[Resource, tuple[Resource, ...]]:
        """By resource, the others that refer to it, each once."""
        if self._incoming is None:
            self._incoming, self._loose = self._follow()
        return self._incoming

    def _follow(self) -> tuple[dict[Resource, tuple[Resource, ...]], tuple[Resource, ...]]:
        """Who refers to whom, and the resources with references that lead nowhere: all references, once."""
        incoming: dict[Resource, list[Resource]] = {}
        loose: list[Resource] = []
        for source in self.resources:
            fields = references(source.kind)
            targets: dict[Resource, None] = {}
            dangling = False
            for given in source.references:
                field = fields[given[0]]
                if field.items is None:
                    target = self.get(field.kind or source.kind, given[2])
                    dangling = dangling or target is None
                else:
                    edge = self._edge(source, given, field)
                    target = edge.target if field.kind is not None else None
                    dangling = dangling or edge.dangling
                if target is not None and target is not source:
                    targets[target] = None
            for target in targets:
                incoming.setdefault(target, []).append(source)
            if dangling:
                loose.append(source)
            source.settle()
        return {target: tuple(sources) for target, sources in incoming.items()}, tuple(loose)
