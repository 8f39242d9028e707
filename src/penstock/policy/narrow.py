"""Manifests without the fields that no policy can observe: many of them fit where one whole one would not.

Takes policies, with what ``observed`` has found of each; gives for a resource what is left of its manifest, made
once. Only policies that ask for all manifests of a kind get these, and only where it is known what they observe.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from sys import intern
from typing import TYPE_CHECKING, Any

from penstock.policy.seen import ANY_KIND

if TYPE_CHECKING:
    from penstock.manifest.resource import Resource
    from penstock.policy.model import Policy

Tree = dict[str, "Tree"]
"""Fields by name, each with what may be observed below it."""

_GATHERING = frozenset({"resources", "referrers"})


class Narrow:
    """The narrow manifests of one rollout."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        self._gathering = tuple(policy for policy in policies if not policy.reads.isdisjoint(_GATHERING))
        self._cuts: dict[str, _Cut | None] = {}
        self._made: dict[Resource, dict[str, Any]] = {}

    def has(self, kind: str) -> bool:
        """Whether there are narrow manifests of a kind."""
        return self._cut(kind) is not None

    def data(self, resource: Resource) -> dict[str, Any]:
        """The narrow manifest of a resource; the whole one, where that is needed."""
        found = self._made.get(resource)
        if found is None:
            cut = self._cut(resource.kind)
            if cut is None:
                return resource.data
            found = self._made[resource] = cut.only(resource.data, cut.tree)
        return found

    def _cut(self, kind: str) -> _Cut | None:
        if kind not in self._cuts:
            self._cuts[kind] = _cut(self._gathering, kind)
        return self._cuts[kind]


class _Cut:
    """What is left of a kind's manifests: fields at their places, and others by their names, wherever they are."""

    def __init__(self, tree: Tree, anywhere: Iterable[str]) -> None:
        self.tree = tree
        self._anywhere = tuple(anywhere)

    def only(self, value: Mapping[str, Any], tree: Tree) -> dict[str, Any]:
        """A map without the fields that are not in the tree."""
        found = {name: self._kept(value[name], below) for name, below in tree.items() if name in value}
        for name in self._anywhere:
            if name in value and name not in found:
                found[name] = self._kept(value[name], _NOTHING)
        return found

    def _kept(self, value: Any, tree: Tree) -> Any:
        if isinstance(value, str):
            return intern(value)
        if isinstance(value, dict):
            return self.only(value, tree) if tree or self._anywhere else _NOTHING
        return [self._kept(each, tree) for each in value] if isinstance(value, list) else value


_NOTHING: dict[str, Any] = {}
"""Of a map of which nothing but that it is there can be observed."""


def _cut(policies: Iterable[Policy], kind: str) -> _Cut | None:
    """By what can be observed of a kind's manifests by those who ask for all of them; None: anything."""
    tree: Tree = {}
    anywhere: set[str] = set()
    for policy in policies:
        if policy.gathers is not None and kind not in policy.gathers:
            continue
        if policy.observes is None:
            return None
        for field in policy.observes:
            of, *way = field.split(".")
            if of == ANY_KIND:
                anywhere.update(map(intern, way))
            elif of == kind:
                here = tree
                for name in way:
                    here = here.setdefault(intern(name), {})
    return _Cut(tree, sorted(anywhere))
