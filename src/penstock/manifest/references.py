"""Which fields of a kind are references, and to what: the schema keyword ``x-references``.

Takes a kind, gives the fields that hold the name of another resource, or of an element of a list. Must not know
of resources: where a reference leads is the rollout's business.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from sys import intern

from penstock import bundle
from penstock.manifest import shapes
from penstock.manifest.paths import value_at
from penstock.model import Path
from penstock.record import dataclass

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
    compiled = bundle.compiled(shapes.COMPILED)
    if compiled is not None:
        return tuple(ReferenceField(*field) for field in compiled.REFERENCES[kind])
    found = []
    for path, schema in shapes.walk(shapes.inlined(f"{shapes.ROLLOUT}/{kind}")):
        given = schema.get("x-references")
        if isinstance(given, str):
            found.append(ReferenceField(path, given))
        elif isinstance(given, dict):
            items, of = _path(given.get("items")), _path(given.get("of"))
            found.append(ReferenceField(path, given.get("kind"), items, of))
    return tuple(found)


Stated = tuple[int, Path, str, "str | None"]
"""A name in a reference field: the field's number among those of the kind, where it stands, and the name.

Behind it, for an element of another resource's list, the name of that resource where the manifest gives it.
"""


def stated(kind: str, data: object) -> tuple[Stated, ...]:
    """The names that a manifest's reference fields hold, field by field."""
    found: list[Stated] = []
    for number, start, rest, of in _ways(kind):
        held = data
        for key in start:
            held = held.get(key) if isinstance(held, dict) else None
            if held is None:
                break
        else:
            owner = value_at(data, of) if of is not None else None
            named = owner if isinstance(owner, str) else None
            for path, name in values_at(held, rest, start) if rest else ((start, held),):
                if isinstance(name, str) and name:
                    # Thousands of manifests name the same few others, in the same few places.
                    found.append((number, _shared(path) if rest else path, intern(name), named))
    return tuple(found)


@functools.cache
def _ways(kind: str) -> tuple[tuple[int, tuple[str, ...], tuple[str | None, ...], Path | None], ...]:
    """The reference fields of a kind: number, the keys before the first list, the rest of the path, and ``of``."""
    ways = []
    for number, field in enumerate(references(kind)):
        keys = tuple(itertools.takewhile(lambda key: key is not EACH, field.path))
        ways.append((number, tuple(map(str, keys)), field.path[len(keys) :], field.of))
    return tuple(ways)


@functools.lru_cache(maxsize=4096)
def _shared(path: Path) -> Path:
    return path


@functools.cache
def expects_referrers(kind: str) -> bool:
    """Whether a resource of the kind is suspicious when nothing refers to it."""
    compiled = bundle.compiled(shapes.COMPILED)
    if compiled is not None:
        return kind in compiled.EXPECT_REFERRERS
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
