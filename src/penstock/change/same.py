"""When two values mean the same.

Takes native data and the schema of the field. ``1`` and ``1.0`` are one number, ``P12M`` and ``P1Y`` one period,
keys have no order. ``true`` and ``1`` differ, as do ``P30D`` and ``P1M``, an empty list and none.
"""

from __future__ import annotations

from penstock.change import lengths
from penstock.manifest import shapes
from penstock.manifest.shapes import Schema

NO_SCHEMA: Schema = {}


class _Absent:
    """The value of a field that is not there, which differs from every value that is."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()


def same(old: object, new: object, schema: Schema = NO_SCHEMA) -> bool:
    """Whether two values of a field mean the same. The order of a list counts, that of keys does not."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(same(old[key], new[key], below(schema, key)) for key in old)
    if isinstance(old, list) and isinstance(new, list):
        element = below(schema, 0)
        return len(old) == len(new) and all(
            same(before, after, element) for before, after in zip(old, new, strict=True)
        )
    if is_number(old) and is_number(new):
        # Neither is equal to itself where it is no number (.nan).
        return old == new or (old != old and new != new)
    if type(old) is not type(new):
        return False
    if old != new and form(schema) == "Period":
        before = lengths.period(old)
        return before is not None and before == lengths.period(new)
    return bool(old == new)


def is_number(value: object) -> bool:
    """Whether a value is a number; true and false are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def below(schema: Schema, element: str | int) -> Schema:
    """The schema of what stands under a key or index; an empty one where nothing is known of it."""
    return shapes.child(schema, element) or NO_SCHEMA


def form(schema: Schema) -> str:
    """What a value looks like, by the title of the definition that its field follows: ``Period``, ``Person``."""
    return str(schema.get("x-form", {}).get("title", ""))
