"""CEL's types, as values (what ``type(1)`` gives) and as what the checker knows of an expression.

Data only. A host describes its own data with ``Record`` and ``Enumeration``; must not know where they come from.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from penstock.record import dataclass, field


@dataclass(frozen=True, slots=True)
class Type:
    """A type by its CEL name, with the types of what it holds: ``Type("list", (INT,))``.

    As a value it has no parameters: ``type([1]) == list``.
    """

    name: str
    parameters: tuple[Type, ...] = ()

    def __str__(self) -> str:
        if not self.parameters:
            protobuf = self.name.startswith("google.protobuf.")
            return self.name.removeprefix("google.protobuf.").lower() if protobuf else self.name
        return f"{self.name}({', '.join(map(str, self.parameters))})"


@dataclass(frozen=True, slots=True)
class Parameter(Type):
    """A type variable of a declaration: each use of a declaration finds its own type for it."""


@dataclass(frozen=True, slots=True)
class Union(Type):
    """A value of one of several types that the host cannot tell apart: a JSON number is an int or a double."""

    members: tuple[Type, ...] = ()


@dataclass(frozen=True, slots=True)
class Enumeration(Type):
    """A string that is one of a few."""

    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """What is known of one field: ``required`` ones are there whenever the map is."""

    type: Type
    required: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Record(Type):
    """A map with known fields, and no others when closed. ``title`` names it in messages: ``UseCase.spec``."""

    fields: Mapping[str, Field] = field(default_factory=lambda: MappingProxyType({}))
    closed: bool = True
    title: str = ""

    # Two records are never equal: without these, Type's own comparison would not look at the fields.
    __eq__ = object.__eq__
    __hash__ = object.__hash__


DYN = Type("dyn")
NULL = Type("null_type")
BOOL = Type("bool")
INT = Type("int")
UINT = Type("uint")
DOUBLE = Type("double")
STRING = Type("string")
BYTES = Type("bytes")
TIMESTAMP = Type("google.protobuf.Timestamp")
DURATION = Type("google.protobuf.Duration")
TYPE = Type("type")
NUMBER = Union("number", members=(INT, DOUBLE))
"""What JSON and YAML call a number."""


def list_of(item: Type) -> Type:
    return Type("list", (item,))


def map_of(key: Type, value: Type) -> Type:
    return Type("map", (key, value))


def optional_of(value: Type) -> Type:
    return Type("optional_type", (value,))


def type_of(value: Type) -> Type:
    return Type("type", (value,))


def record(title: str, fields: Mapping[str, Field], *, closed: bool = True) -> Record:
    return Record("map", (STRING, DYN), fields, closed, title)


def enumeration(values: tuple[str, ...]) -> Enumeration:
    return Enumeration("string", (), values)
