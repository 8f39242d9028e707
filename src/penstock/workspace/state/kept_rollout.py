"""A rollout whose resources are made from a state when they are asked for.

Takes a state; gives what ``Rollout`` gives, and the same. A run that judges ten manifests of a hundred thousand
makes those, and the ones that they lead to.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator

from penstock.manifest.intake import Intake
from penstock.manifest.packed import BytesShelf, unpack
from penstock.manifest.references import references
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Edge, Rollout
from penstock.model import Location, Path
from penstock.workspace.state.columns import State


class KeptRollout(Rollout):
    """A rollout as a state has it. All of its resources have names that nobody else has."""

    __slots__ = ("_intakes", "_numbers", "_shelf", "_state")

    def __init__(self, name: str, root: str, state: State, config: Callable[[], Location | None]) -> None:
        # Not the base class's own: it would make every resource.
        self.name, self.root, self._config, self.unread = name, root, config, ()
        self._state = state
        self._shelf = BytesShelf()
        self._numbers: dict[str, int] = {}
        self._intakes: dict[int, Intake] = {}
        self._names = {}
        self._elements: dict[tuple[Resource, Path], dict[str, int]] = {}

    @property
    def resources(self) -> tuple[Resource, ...]:  # type: ignore[override]
        return tuple(self.at(number) for number in range(len(self._state.columns.ids)))

    @property
    def count(self) -> int:
        return len(self._state.columns.ids)

    @property
    def sound(self) -> bool:
        return not self._state.columns.invalid

    def commented(self) -> Iterator[Resource]:
        for file in self._state.columns.commented:
            yield from self.intake(file).resources

    def get(self, kind: str, name: str) -> Resource | None:
        number = self.number(f"{kind}/{name}") if name else None
        return None if number is None else self.at(number)

    def of_kind(self, kind: str) -> tuple[Resource, ...]:
        return tuple(map(self.at, self._state.columns.of_kind(kind)))

    def names(self, kind: str) -> tuple[str, ...]:
        known = self._names.get(kind)
        if known is None:
            columns = self._state.columns
            ids = (columns.ids[number] for number in columns.of_kind(kind))
            known = self._names[kind] = tuple(sorted(each.partition("/")[2] for each in ids))
        return known

    def referrers(self, resource: Resource, kind: str | None = None) -> tuple[Resource, ...]:
        found = self._state.columns.incoming.get(resource.id, [])
        if kind is not None:
            ids = self._state.columns.ids
            found = [number for number in found if ids[number].startswith(f"{kind}/")]
        return tuple(map(self.at, found))

    def dangling(self) -> Iterator[Edge]:
        for number in self._state.columns.dangling:
            yield from self.dangling_of(self.at(number))

    def dangling_of(self, resource: Resource) -> Iterator[Edge]:
        """The edges of one resource that lead nowhere."""
        return (edge for edge in self.edges_from(resource) if edge.dangling)

    def number(self, resource_id: str) -> int | None:
        """The number of a resource."""
        if not self._numbers:
            self._numbers = {each: number for number, each in enumerate(self._state.columns.ids)}
        return self._numbers.get(resource_id)

    def at(self, number: int) -> Resource:
        """The resource of a number."""
        file = self.file_of(number)
        return self.intake(file).resources[number - self._state.columns.first[file]]

    def file_of(self, number: int) -> int:
        """The number of the file that a resource is in."""
        return bisect_right(self._state.columns.first, number) - 1

    def intake(self, file: int) -> Intake:
        """What a file holds."""
        found = self._intakes.get(file)
        if found is None:
            found = self._intakes[file] = unpack(self._state.record(file), self._shelf)
        return found

    def renew(self, file: int) -> None:
        """Forget what a file held: there is a newer record."""
        for resource in self._intakes.pop(file).resources if file in self._intakes else ():
            for holder, items in [key for key in self._elements if key[0] is resource]:
                del self._elements[holder, items]

    def targets(self, resource: Resource) -> set[str]:
        """The ids of what a resource refers to, there or not; not itself."""
        fields = references(resource.kind)
        found = set()
        for given in resource.references:
            field = fields[given[0]]
            if field.items is None:
                found.add(f"{field.kind or resource.kind}/{given[2]}")
            elif field.kind is not None:
                target = self._edge(resource, given, field).target
                if target is not None:
                    found.add(target.id)
        return found - {resource.id}
