"""Which fields of a kind are references, and to what: the schema keyword ``x-references``.

Takes a kind, gives the fields that hold the name of another resource, or of an element of a list. Must not know
of resources: where a reference leads is the rollout's business.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from penstock.manifest import shapes
from penstock.model import Path

EACH = None
"""In a field's path: every element of the list."""


@dataclass(frozen=True, slots=True)
class ReferenceField:
    """One field that holds a name."""

    path: tuple[str | None, ...]
    """The field, with EACH for every element of a list: ``("spec", "tasks", EACH, "modelTier")``."""
    kind: str | None = None
    """The kind referred to; None for an element of a list in the same manifest."""
    items: Path | None = None
    """The list whose elements are referred to; None when the resource itself is."""
    of: Path | None = None
    """The field of the same manifest that names the resource which has the list; None for any of the kind."""


@functools.cache
def references(kind: str) -> tuple[ReferenceField, ...]:
    """The reference fields of a kind, in the order of its schema; none for a kind that is not known."""
    if kind not in shapes.kinds():
        return ()
    found = []
    for path, schema in shapes.walk(shapes.inlined(f"{shapes.ROLLOUT}/{kind}")):
        stated = schema.get("x-references")
        if isinstance(stated, str):
            found.append(ReferenceField(path, stated))
        elif isinstance(stated, dict):
            items, of = _path(stated.get("items")), _path(stated.get("of"))
            found.append(ReferenceField(path, stated.get("kind"), items, of))
    return tuple(found)


@functools.cache
def expects_referrers(kind: str) -> bool:
    """Whether a resource of the kind is suspicious when nothing refers to it."""
    return kind in shapes.kinds() and bool(
        shapes.document(f"{shapes.ROLLOUT}/{kind}").get("x-expects-referrers", False)
    )


def values_at(data: object, path: tuple[str | None, ...], at: Path = ()) -> Iterator[tuple[Path, object]]:
    """Every value that is present at a field's path, with its own path, in the data's order."""
    if not path:
        yield at, data
        return
    head, rest = path[0], path[1:]
    if head is EACH:
        for index, element in enumerate(data if isinstance(data, list) else ()):
            yield from values_at(element, rest, (*at, index))
    elif isinstance(data, dict) and head in data:
        yield from values_at(data[head], rest, (*at, head))


def _path(text: str | None) -> Path | None:
    return tuple(text.split(".")) if text else None
