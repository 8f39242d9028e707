"""Which manifest of one state of a rollout is which of another: by kind and name, and across a change of name.

Takes two loaded rollouts, gives the pairs and what is left on either side. Where a manifest stands plays no part,
so moving or splitting files is no change; nor does the new name of what it refers to. Must not know of git, of
policies, nor of what a change means.
"""

from __future__ import annotations

import copy
import functools
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any

from penstock.manifest import shapes
from penstock.manifest.paths import element_name, value_at
from penstock.manifest.references import references
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.model import Path
from penstock.record import dataclass, field

ENOUGH_ALIKE = 0.6
"""From which share of equal fields on two manifests of different names are the same one, renamed."""

MOST_COMPARISONS = 4096
"""How many pairs of left-over manifests are compared field by field at most, for each kind."""

_SAME_THING = {
    "Organization": (),
    "UseCase": ("workflow",),
    "Agent": ("useCase", "tasks"),
    "DataSource": ("system",),
    "AccessGrant": ("principal", "dataSource"),
    "TokenBudget": ("useCase",),
    "ModelTier": ("tier",),
    "FteOwner": ("person",),
    "VendorContract": ("vendor", "category"),
    "HeadcountForecast": ("function", "businessUnit"),
}
"""The fields of ``spec`` that say what a manifest is about. Where one goes and one comes that agree in them, the
one has become the other, however much of the rest was rewritten: a new name alone must not hide a change."""

_OF_EVERY_ONE = ("apiVersion", "kind")
"""What says nothing about one manifest among others of its kind."""

_Pairs = list[tuple[Resource, Resource]]


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two states of a rollout, manifest by manifest."""

    old: Rollout
    new: Rollout
    pairs: tuple[tuple[Resource, Resource], ...]
    """Each manifest that is in both, as it was and as it is, in the new rollout's order."""
    _old: Mapping[Resource, Resource] = field(init=False, repr=False)
    _new: Mapping[Resource, Resource] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_old", {new: old for old, new in self.pairs})
        object.__setattr__(self, "_new", dict(self.pairs))

    def old_of(self, resource: Resource) -> Resource | None:
        """What a manifest of now was; None when it is new."""
        return self._old.get(resource)

    def new_of(self, resource: Resource) -> Resource | None:
        """What a manifest of then has become; None when it is gone."""
        return self._new.get(resource)

    @property
    def added(self) -> tuple[Resource, ...]:
        """The manifests that are new, in the new rollout's order."""
        return tuple(resource for resource in self.new.resources if resource not in self._old)

    @property
    def removed(self) -> tuple[Resource, ...]:
        """The manifests that are gone, in the old rollout's order."""
        return tuple(resource for resource in self.old.resources if resource not in self._new)

    @property
    def renamed(self) -> tuple[tuple[Resource, Resource], ...]:
        """The pairs whose names differ."""
        return tuple((old, new) for old, new in self.pairs if old.name != new.name)

    @property
    def changed(self) -> tuple[tuple[Resource, Resource], ...]:
        """The pairs whose data differ, those renamed among them."""
        return tuple((old, new) for old, new in self.pairs if old.data != new.data)


def pair(old: Rollout, new: Rollout) -> Pairing:
    """Pair the manifests of two states of a rollout.

    By kind and name first. Of what is left, by kind: those that are equal but for the name, then those that are
    about the same thing, then those of which enough is equal (``ENOUGH_ALIKE``); the most alike first, and by name
    among equals, so that no order of files plays a part. A kind comes after those that it refers to, so that a
    reference to what was renamed is equal. Work is bounded (``MOST_COMPARISONS``): where more is left over, only
    what hashing finds is found.
    """
    pairs: _Pairs = []
    there = {resource.kind for resource in new.resources}
    for kind in _by_reference():
        if kind in there:
            pairs += _of_kind(kind, old, new, pairs)
    order = {resource: number for number, resource in enumerate(new.resources)}
    return Pairing(old, new, tuple(sorted(pairs, key=lambda found: order[found[1]])))


@functools.cache
def _by_reference() -> tuple[str, ...]:
    """Every kind, after those that its manifests refer to; of kinds in a circle, one has to be first."""
    order: list[str] = []
    seen: set[str] = set()

    def visit(kind: str) -> None:
        if kind not in seen:
            seen.add(kind)
            for reference in references(kind):
                visit(reference.kind or kind)
            order.append(kind)

    for kind in shapes.kinds():
        visit(kind)
    return tuple(order)


def _of_kind(kind: str, old: Rollout, new: Rollout, known: _Pairs) -> _Pairs:
    left = _Left(old.of_kind(kind), new.of_kind(kind))
    for resource in left.new:
        # The first of a name is the one that references mean; a second one is an error already, and left over.
        if resource.name and new.get(kind, resource.name) is resource:
            same = old.get(kind, resource.name)
            if same is not None:
                left.take(same, resource)
    if left.both():
        leaves = _Leaves(new, {now: then.name for then, now in known if then.name != now.name})
        left.agreeing(leaves.of, leaves)
        left.agreeing(leaves.about, leaves)
        left.alike(left.old, left.new, leaves, ENOUGH_ALIKE)
    return left.pairs


class _Left:
    """What is left of one kind on either side, and the pairs found so far."""

    def __init__(self, old: Iterable[Resource], new: Iterable[Resource]) -> None:
        # Dictionaries as sets that keep their order.
        self._old, self._new = dict.fromkeys(old), dict.fromkeys(new)
        self.pairs: _Pairs = []

    @property
    def old(self) -> tuple[Resource, ...]:
        return tuple(self._old)

    @property
    def new(self) -> tuple[Resource, ...]:
        return tuple(self._new)

    def both(self) -> bool:
        """Whether there is something left on both sides."""
        return bool(self._old and self._new)

    def take(self, old: Resource, new: Resource) -> None:
        """Note a pair."""
        del self._old[old], self._new[new]
        self.pairs.append((old, new))

    def agreeing(self, key: Callable[[Resource], Hashable], leaves: _Leaves) -> None:
        """Pair those whose keys are equal; the most alike first where several share one."""
        groups: dict[Hashable, tuple[list[Resource], list[Resource]]] = defaultdict(lambda: ([], []))
        for side, resources in enumerate((self.old, self.new)):
            for resource in resources:
                found = key(resource)
                if found is not None:
                    groups[found][side].append(resource)
        for before, after in groups.values():
            self.alike(before, after, leaves, 0.0)

    def alike(
        self, before: Iterable[Resource], after: Iterable[Resource], leaves: _Leaves, at_least: float
    ) -> None:
        """Pair those of two groups that are at least so much alike, the most alike first."""
        before, after = sorted(before, key=_name), sorted(after, key=_name)
        if len(before) * len(after) > MOST_COMPARISONS:
            if at_least == 0.0:  # whichever is taken, they agree in what matters
                for old, new in zip(before, after, strict=False):
                    self.take(old, new)
            return
        scored = [(-leaves.shared(old, new), old, new) for old in before for new in after]
        for score, old, new in sorted(scored, key=lambda each: (each[0], each[1].name, each[2].name)):
            if -score >= at_least and old in self._old and new in self._new:
                self.take(old, new)


class _Leaves:
    """The fields of manifests with their values, each worked out once; what was renamed goes by its old name."""

    def __init__(self, new: Rollout, old_names: Mapping[Resource, str]) -> None:
        self._new = new
        self._old_names = old_names
        self._known: dict[Resource, frozenset[Hashable]] = {}

    def of(self, resource: Resource) -> frozenset[Hashable]:
        """Every field of the manifest with its value, but for its name and what all of its kind have."""
        if resource not in self._known:
            data = {key: value for key, value in self._data(resource).items() if key not in _OF_EVERY_ONE}
            if isinstance(data.get("metadata"), dict):
                data["metadata"] = {key: value for key, value in data["metadata"].items() if key != "name"}
            self._known[resource] = frozenset(_leaves(data, ()))
        return self._known[resource]

    def shared(self, old: Resource, new: Resource) -> float:
        """How much of two manifests is equal, from 0 to 1: twice the common fields, of the fields of both."""
        before, after = self.of(old), self.of(new)
        return 2 * len(before & after) / (len(before) + len(after) or 1)

    def about(self, resource: Resource) -> Hashable:
        """What the manifest is about; None when it does not say."""
        fields = _SAME_THING.get(resource.kind)
        if fields is None:
            return None
        data = self._data(resource)
        found = [value_at(data, ("spec", name)) for name in fields]
        return None if fields and found[0] is None else frozenset(_leaves(found, ()))

    def _data(self, resource: Resource) -> Mapping[str, Any]:
        """The manifest's data, with the old names of what it refers to; copied as far as a name differs."""
        copies: dict[Path, Any] = {}

        def own(path: Path) -> Any:
            if path not in copies:
                if not path:
                    copies[path] = dict(resource.data)
                else:
                    parent = own(path[:-1])
                    copies[path] = parent[path[-1]] = copy.copy(parent[path[-1]])
            return copies[path]

        for edge in self._new.edges_from(resource):
            old_name = self._old_names.get(edge.target) if edge.target is not None else None
            if old_name is not None and edge.field.items is None:
                own(edge.path[:-1])[edge.path[-1]] = old_name
        data: Mapping[str, Any] = copies.get((), resource.data)
        return data


def _leaves(value: object, path: tuple[Hashable, ...]) -> Iterator[Hashable]:
    """The scalars below a value, with their paths. A list's elements go by name, or in no order if scalars."""
    if isinstance(value, Mapping) and value:
        for key, below in value.items():
            yield from _leaves(below, (*path, str(key)))
    elif isinstance(value, list) and value:
        names = [element_name(element) for element in value]
        of_the_name = Counter(names)
        for index, element in enumerate(value):
            name = names[index]
            label: Hashable = name if name is not None and of_the_name[name] == 1 else index
            yield from _leaves(element, (*path, ("", label) if isinstance(element, (Mapping, list)) else ("",)))
    else:
        yield (path, type(value).__name__, str(value))


def _name(resource: Resource) -> str:
    return resource.name
