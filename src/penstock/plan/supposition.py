"""A rollout as it would be if one of its manifests were another: nothing else is copied.

Takes a rollout, a manifest of it and its stand-in; gives a rollout that shows the stand-in wherever the manifest
was. The stand-in must make the same references. Must not know of stages or policies.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Edge, Rollout
from penstock.model import Path
from penstock.record import replace


class SupposedRollout(Rollout):
    """``base`` with ``stand_in`` for ``original``, made in constant time but for the lists that are asked for."""

    __slots__ = ("_base", "_original", "_stand_in")

    def __init__(self, base: Rollout, original: Resource, stand_in: Resource) -> None:
        # Not the base class's own: it would index every manifest anew, for each supposition.
        self.name, self.root, self._config, self.unread = base.name, base.root, base._config, base.unread
        self._base = base
        self._original = original
        self._stand_in = stand_in
        self.resources = tuple(map(self._shown, base.resources))

    def get(self, kind: str, name: str) -> Resource | None:
        found = self._base.get(kind, name)
        return found and self._shown(found)

    def of_kind(self, kind: str) -> tuple[Resource, ...]:
        found = self._base.of_kind(kind)
        return tuple(map(self._shown, found)) if kind == self._original.kind else found

    def names(self, kind: str) -> tuple[str, ...]:
        return self._base.names(kind)

    def edges_from(self, resource: Resource) -> tuple[Edge, ...]:
        return tuple(map(self._seen, self._base.edges_from(self._behind(resource))))

    def referrers(self, resource: Resource, kind: str | None = None) -> tuple[Resource, ...]:
        return tuple(map(self._shown, self._base.referrers(self._behind(resource), kind)))

    def element_names(self, holder: Resource, items: Path) -> dict[str, int]:
        return self._base.element_names(self._behind(holder), items)

    def _shown(self, resource: Resource) -> Resource:
        return self._stand_in if resource is self._original else resource

    def _behind(self, resource: Resource) -> Resource:
        return self._original if resource is self._stand_in else resource

    def _seen(self, edge: Edge) -> Edge:
        source, target = self._shown(edge.source), edge.target and self._shown(edge.target)
        same = source is edge.source and target is edge.target
        return edge if same else replace(edge, source=source, target=target)


def at_stage(rollout: Rollout, use_case: Resource, stage: str) -> tuple[Rollout, Resource]:
    """The rollout with the use case at a stage, and the use case there; both as they are where it is there."""
    spec: Mapping[str, Any] = use_case.data["spec"]
    if spec.get("stage") == stage:
        return rollout, use_case
    stand_in = use_case.with_data({**use_case.data, "spec": {**spec, "stage": stage}})
    return SupposedRollout(rollout, use_case, stand_in), stand_in
