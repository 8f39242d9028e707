"""Two values of one schema -> where they differ, as high up as one thing can be said of it.

Takes native data with the schema that describes it; gives every difference with its place on either side. What is
equal in meaning is no difference (``same``). Knows nothing of kinds, nor of words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from penstock.change.alignment import align
from penstock.change.same import ABSENT, NO_SCHEMA, below, same
from penstock.manifest.shapes import Schema, properties
from penstock.model import Path, PathElement
from penstock.record import dataclass, replace


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way to a field: the key or index, and the schema of what stands there."""

    element: PathElement
    """In the new value; in the old one for what is gone."""
    schema: Schema
    holder: object
    """What the step goes into, for telling an element by its name."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field whose value is another."""

    old_path: Path
    new_path: Path
    old: object
    """ABSENT for what is new."""
    new: object
    """ABSENT for what is gone."""
    steps: tuple[Step, ...]
    is_order: bool = False
    """Whether the elements of the list are the same, in another order."""
    is_part: bool = False
    """Whether ``old`` and ``new`` are what left and what joined a list of scalars; one of the two is ABSENT."""

    @property
    def schema(self) -> Schema:
        """The schema of the field; an empty one where nothing is known of it."""
        return self.steps[-1].schema if self.steps else NO_SCHEMA

    @property
    def field(self) -> str:
        """The field without names and indices: ``spec.tasks[].modelTier``."""
        return pattern(step.element for step in self.steps)

    @property
    def is_added(self) -> bool:
        return self.old is ABSENT

    @property
    def is_removed(self) -> bool:
        return self.new is ABSENT


def pattern(elements: Iterable[PathElement]) -> str:
    """A path without names and indices: ``spec.tasks[].modelTier``."""
    text = ""
    for element in elements:
        text += "[]" if isinstance(element, int) else f".{element}" if text else element
    return text


def differences(
    old: object, new: object, schema: Schema, units: frozenset[str] = frozenset()
) -> Iterator[Difference]:
    """Every difference of two values, in the order of the schema, then of the new value, then of the old one.

    ``units`` are the fields that are one thing, whatever differs below them.
    """
    yield from _Comparing(units).compare(Difference((), (), old, new, ()), schema)


class _Comparing:
    """One comparison."""

    def __init__(self, units: frozenset[str]) -> None:
        self._units = units

    def compare(self, here: Difference, schema: Schema) -> Iterator[Difference]:
        """The differences at a place and below it."""
        old, new = here.old, here.new
        if same(old, new, schema):
            return
        if here.field in self._units:
            yield here
        elif isinstance(old, dict) and isinstance(new, dict):
            yield from self._mappings(here, old, new, schema)
        elif _is_listing(old, new) or _is_listing(new, old):
            yield from self._lists(here, old, new, schema)
        else:
            yield here

    def _mappings(
        self, here: Difference, old: dict[str, Any], new: dict[str, Any], schema: Schema
    ) -> Iterator[Difference]:
        known = properties(schema)
        for key in dict.fromkeys((*known, *new, *old)):
            if key in old or key in new:
                inner = below(schema, key)
                step = Step(key, inner, new if key in new else old)
                before, after = old.get(key, ABSENT), new.get(key, ABSENT)
                yield from self.compare(_down(here, step, key, key, before, after), inner)

    def _lists(
        self, here: Difference, given_old: object, given_new: object, schema: Schema
    ) -> Iterator[Difference]:
        old = given_old if isinstance(given_old, list) else []
        new = given_new if isinstance(given_new, list) else []
        inner = below(schema, 0)
        aligned = align(old, new, inner)
        told = False
        for before, after in aligned.pairs:
            step = Step(after, inner, new)
            for found in self.compare(_down(here, step, before, after, old[before], new[after]), inner):
                told = True
                yield found
        joined, left = [new[index] for index in aligned.added], [old[index] for index in aligned.removed]
        if not any(isinstance(each, (dict, list)) for each in (*old, *new)):
            if joined:
                yield replace(here, old=ABSENT, new=joined, is_part=True)
            if left:
                yield replace(here, old=left, new=ABSENT, is_part=True)
            told = bool(joined or left)
        else:
            for after in aligned.added:
                yield _down(here, Step(after, inner, new), after, after, ABSENT, new[after])
            for before in aligned.removed:
                yield _down(here, Step(before, inner, old), before, before, old[before], ABSENT)
            told = told or bool(joined or left)
        if aligned.is_reordered or not told:
            yield replace(here, is_order=True)


def _is_listing(listed: object, other: object) -> bool:
    """Whether a list can be told element by element: beside another, or, of mappings, beside none."""
    if not isinstance(listed, list) or not listed:
        return False
    return isinstance(other, list) or (other is ABSENT and any(isinstance(each, dict) for each in listed))


def _down(
    here: Difference, step: Step, before: PathElement, after: PathElement, old: object, new: object
) -> Difference:
    return Difference((*here.old_path, before), (*here.new_path, after), old, new, (*here.steps, step))
