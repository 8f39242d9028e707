"""Who answers for a resource: the schema keyword ``x-owner``.

Takes a rollout and one of its resources; gives the people whom its manifests name as owners. On a field that holds
an e-mail address the keyword marks the owner; on a reference it says that whoever owns the resource referred to
owns this one too. Must not know what an owner may or may not do.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator

from penstock.manifest import shapes, wording
from penstock.manifest.paths import path_text
from penstock.manifest.references import values_at
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.model import Path
from penstock.record import dataclass

KEYWORD = "x-owner"


@dataclass(frozen=True, slots=True)
class Owner:
    """One person who answers for a resource, and the field that says so."""

    person: str
    """The e-mail address, as it is written."""
    resource: Resource
    """The manifest that names the person: the resource itself, or one that it refers to."""
    path: Path
    """The field with the address."""
    through: tuple[tuple[Resource, Path], ...] = ()
    """The references that lead there, each by its manifest and field; none when the resource names the person."""

    @property
    def reason(self) -> str:
        """What makes the person the owner: ```spec.fteOwner` is FteOwner/dana, whose `spec.person` is `…```."""
        words = f"{wording.code(path_text(self.resource.data, self.path))} is {wording.name(self.person)}"
        target = self.resource
        for source, field in reversed(self.through):
            words = f"{wording.code(path_text(source.data, field))} is {target.id}, whose {words}"
            target = source
        return words


@functools.cache
def owner_fields(kind: str) -> tuple[tuple[str | None, ...], ...]:
    """The fields of a kind that say who owns it, in the order of its schema; None in a path is any element."""
    if kind not in shapes.kinds():
        return ()
    schema = shapes.inlined(f"{shapes.ROLLOUT}/{kind}")
    return tuple(path for path, field in shapes.walk(schema) if field.get(KEYWORD) is True)


def owners(rollout: Rollout, resource: Resource) -> tuple[Owner, ...]:
    """Everybody who owns a resource; nobody where its kind has no owner, or the manifest leaves the field out."""
    return tuple(_owners(rollout, resource, ()))


def _owners(rollout: Rollout, resource: Resource, through: tuple[tuple[Resource, Path], ...]) -> Iterator[Owner]:
    if any(seen is resource for seen, _ in through):
        return
    edges = {edge.path: edge for edge in rollout.edges_from(resource)}
    for field in owner_fields(resource.kind):
        for path, value in values_at(resource.data, field):
            edge = edges.get(path)
            if edge is None:
                if isinstance(value, str) and value:
                    yield Owner(value, resource, path, through)
            elif edge.target is not None:
                yield from _owners(rollout, edge.target, (*through, (resource, path)))
