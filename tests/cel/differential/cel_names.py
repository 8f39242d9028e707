"""The variables of the differential tests, with their types, and what an expression may write to get at them.

Data only. ``record`` is a map with known fields, for an engine that knows such types; to the others it is a map.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cel_literals import Below, value

from penstock.cel.env import Env
from penstock.cel.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    NUMBER,
    STRING,
    TIMESTAMP,
    UINT,
    Field,
    Type,
    enumeration,
    list_of,
    map_of,
    record,
)

_ITEM = record("item", {"n": Field(INT, True), "s": Field(STRING)})
_FIELDS = {
    "a": Field(INT, True),
    "b": Field(STRING),
    "c": Field(list_of(INT), True),
    "e": Field(enumeration(("x", "y")), True),
    "n": Field(NUMBER),
    "items": Field(list_of(_ITEM), True),
}
_RECORD = record("record", _FIELDS)

VARIABLES: Mapping[str, Type] = {
    "i": INT,
    "j": INT,
    "u": UINT,
    "d": DOUBLE,
    "s": STRING,
    "b": BYTES,
    "f": BOOL,
    "t": TIMESTAMP,
    "r": DURATION,
    "li": list_of(INT),
    "ls": list_of(STRING),
    "ld": list_of(DOUBLE),
    "lt": list_of(TIMESTAMP),
    "m": map_of(STRING, INT),
    "mi": map_of(INT, STRING),
    "mb": map_of(BOOL, INT),
    "ms": map_of(STRING, STRING),
    "x": DYN,
    "y": DYN,
    "o": map_of(STRING, DYN),
    "record": _RECORD,
}
ENV = Env(variables=VARIABLES)

LEAVES: Mapping[str, Type] = {
    **{name: kind for name, kind in VARIABLES.items() if kind is not _RECORD},
    "record.a": INT,
    "(has(record.b) ? record.b : s)": STRING,
    "record.c": list_of(INT),
    "record.e": STRING,
    "(has(record.n) ? record.n : 1)": DYN,
    "has(record.b)": BOOL,
    "has(record.n)": BOOL,
    "has(o.a)": BOOL,
    "has(o.a.b)": BOOL,
    "has(m.a)": BOOL,
    "o.a": DYN,
    "o.a.b": DYN,
    "(has(o.b) ? o.b : x)": DYN,
    "record.items[0].n": INT,
    "record.items[1].s": STRING,
    "record.items.map(v, v.n)": list_of(INT),
    "record.items.exists(v, v.n > i)": BOOL,
    "record.items.filter(v, has(v.s)).map(v, v.s)": list_of(STRING),
    "double(record.n)": DOUBLE,
}


def bindings(below: Below, text: str) -> dict[str, object]:
    """Values of their declared types for the variables that the text has in it."""
    words = set(re.findall(r"\w+", text))
    return {name: value(below, kind) for name, kind in VARIABLES.items() if name in words}
