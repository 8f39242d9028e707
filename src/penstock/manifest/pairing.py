"""Which manifest of one state of a rollout is which of another: by kind and name, and across a change of name.

Takes two loaded rollouts, gives the pairs and what is left on either side. Where a manifest stands plays no part,
so moving or splitting files is no change. Must not know of git, of policies, nor of what a change means.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from penstock.manifest.paths import element_name, value_at
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout

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
    among equals, so that no order of files plays a part. Work is bounded (``MOST_COMPARISONS``): where more is
    left over, only what hashing finds is found.
    """
    pairs: _Pairs = []
    for kind in dict.fromkeys(resource.kind for resource in new.resources):
        pairs += _of_kind(kind, old, new)
    order = {resource: number for number, resource in enumerate(new.resources)}
    return Pairing(old, new, tuple(sorted(pairs, key=lambda found: order[found[1]])))


def _of_kind(kind: str, old: Rollout, new: Rollout) -> _Pairs:
    left = _Left(old.of_kind(kind), new.of_kind(kind))
    for resource in left.new:
        # The first of a name is the one that references mean; a second one is an error already, and left over.
        if resource.name and new.get(kind, resource.name) is resource:
            same = old.get(kind, resource.name)
            if same is not None:
                left.take(same, resource)
    if left.both():
        leaves = _Leaves()
        left.agreeing(leaves.of, leaves)
        left.agreeing(_about, leaves)
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
    """The fields of manifests with their values, each worked out once."""

    def __init__(self) -> None:
        self._known: dict[Resource, frozenset[Hashable]] = {}

    def of(self, resource: Resource) -> frozenset[Hashable]:
        """Every field of the manifest with its value, but for its name and what all of its kind have."""
        if resource not in self._known:
            data = {key: value for key, value in resource.data.items() if key not in ("apiVersion", "kind")}
            if isinstance(data.get("metadata"), dict):
                data["metadata"] = {key: value for key, value in data["metadata"].items() if key != "name"}
            self._known[resource] = frozenset(_leaves(data, ()))
        return self._known[resource]

    def shared(self, old: Resource, new: Resource) -> float:
        """How much of two manifests is equal, from 0 to 1: twice the common fields, of the fields of both."""
        before, after = self.of(old), self.of(new)
        return 2 * len(before & after) / (len(before) + len(after) or 1)


def _leaves(value: object, path: tuple[Hashable, ...]) -> Iterator[Hashable]:
    """The scalars below a value, with their paths. A list's elements go by name, or in no order if scalars."""
    if isinstance(value, Mapping) and value:
        for key, below in value.items():
            yield from _leaves(below, (*path, str(key)))
    elif isinstance(value, list) and value:
        names = [element_name(element) for element in value]
        for index, element in enumerate(value):
            name = names[index]
            label: Hashable = name if name is not None and names.count(name) == 1 else index
            yield from _leaves(element, (*path, ("", label) if isinstance(element, (Mapping, list)) else ("",)))
    else:
        yield (path, type(value).__name__, str(value))


def _about(resource: Resource) -> Hashable:
    """What the manifest is about; None when it does not say."""
    fields = _SAME_THING.get(resource.kind)
    if fields is None:
        return None
    found = [value_at(resource.data, ("spec", name)) for name in fields]
    return None if fields and found[0] is None else frozenset(_leaves(found, ()))


def _name(resource: Resource) -> str:
    return resource.name
