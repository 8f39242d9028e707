"""Which judgements an edit may have changed: those that read what was edited, before or after.

Takes the columns of a state and the manifests that changed, as they were and as they are; gives numbers of
resources. It may name too many, never too few.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from penstock.manifest import shapes
from penstock.record import dataclass
from penstock.workspace.state.columns import Columns, Numbers


@dataclass(frozen=True, slots=True)
class Change:
    """One manifest that changed."""

    number: int
    kind: str
    name: str
    sides: tuple[dict[str, Any], dict[str, Any]]
    """What it was and is."""
    targets: frozenset[str]
    """The ids of what it referred to or refers to."""
    validity: bool
    """Whether it satisfied its schema before and does not now, or the other way round."""

    @property
    def is_of_text(self) -> bool:
        """Whether it says what it said: comments and lines have changed."""
        return not self.validity and alike(*self.sides)


def concerned(columns: Columns, changes: Iterable[Change]) -> set[int]:
    """The resources, and perhaps the rollout as a whole, whose judgement a change may have changed."""
    found: set[int] = set()
    for change in changes:
        found.add(change.number)
        if change.is_of_text:
            # The same verdicts: only the places that findings point to may have moved.
            found.update(reader for reader in _readers(columns, change) if reader in columns.found)
        else:
            found.update(_readers(columns, change))
    return found


def _readers(columns: Columns, change: Change) -> Iterator[int]:
    """Whoever read the manifest, one way or another."""
    yield from columns.by_name.get(f"{change.kind}/{change.name}", ())
    yield from columns.by_kind.get(change.kind, ())
    for target in change.targets:
        kind, _, name = target.partition("/")
        yield from columns.by_referrers.get((kind, name, change.kind), ())
    # Its lists may have lost or got an element that others name, and so those who refer to it.
    for other in shapes.kinds():
        yield from columns.by_referrers.get((change.kind, change.name, other), ())
    for numbers in _by_fields(columns, change):
        yield from numbers


def _by_fields(columns: Columns, change: Change) -> Iterator[Numbers]:
    """Whoever asked for manifests of the kind by values, one side of which may have had them."""
    asked = columns.by_fields.get(change.kind)
    if not asked:
        return
    scalars = [set(_scalars(side)) for side in change.sides]
    for fields, numbers in asked.items():
        values = [value for _, value in fields]
        if change.validity or any(_may_have(side, values) for side in scalars):
            yield numbers


def alike(one: object, other: object) -> bool:
    """Whether two values are the same for every rule: for Python, true is 1 and 1.0, and order is nothing."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(map(alike, one.values(), other.values()))
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return one == other


def _may_have(scalars: set[object], values: Iterable[object]) -> bool:
    return all(not isinstance(value, (str, int, float)) or value in scalars for value in values)


def _scalars(data: object) -> Iterator[object]:
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif value is not None:
            yield value
