"""What the generator may rely on of a value: its type, by what made it, and its kind, the type's short name.

A type here is a promise: a host's declaration, or what the generated code ensures. Where a type is only likely,
it is ``dyn``. Must not know any tree.
"""

from __future__ import annotations

from collections.abc import Sequence

from penstock.cel.types import DYN, NUMBER, STRING, Parameter, Record, Type, Union

KINDS = {
    "bool": "bool",
    "int": "int",
    "uint": "uint",
    "double": "double",
    "string": "string",
    "bytes": "bytes",
    "null_type": "null",
    "google.protobuf.Timestamp": "timestamp",
    "google.protobuf.Duration": "duration",
    "type": "type",
    "list": "list",
    "map": "map",
    "optional_type": "optional",
}
LIST = Type("list")
MAP = Type("map")
OPTIONAL = Type("optional_type")
NUMBERS = frozenset({"int", "uint", "double", "number"})
# ``==`` of Python is CEL's when one side is sure to be one of these: nothing else equals them.
ALONE = frozenset({"string", "bytes", "timestamp", "duration", "null"})
# Likewise for the relations: Python refuses to compare one of these with anything else.
ORDERED = frozenset({"string", "bytes", "timestamp", "duration"})


def kind(of: Type) -> str:
    """``dyn`` for a type that says too little."""
    if type(of) is Type:  # most of them
        return KINDS.get(of.name, "dyn")
    if isinstance(of, Union):
        members = {kind(member) for member in of.members}
        return "number" if members and members <= NUMBERS else "dyn"
    return "dyn" if isinstance(of, Parameter) else KINDS.get(of.name, "dyn")


def join(types: Sequence[Type]) -> Type:
    """The type of a value that has one of the types."""
    if not types:
        return DYN
    first, *others = types
    if all(other == first for other in others):
        return first
    kinds = {kind(each) for each in types}
    if len(kinds) == 1 and "dyn" not in kinds:
        return NUMBER if kinds == {"number"} else STRING if kinds == {"string"} else Type(first.name)
    return NUMBER if kinds <= {"int", "double", "number"} else DYN


def field_type(of: Type, name: str) -> Type:
    if isinstance(of, Record):
        field = of.fields.get(name)
        return field.type if field is not None else DYN
    return of.parameters[1] if kind(of) == "map" and len(of.parameters) == 2 else DYN


def element_type(of: Type) -> Type:
    """What a comprehension with one variable meets: an element of a list, a key of a map."""
    return of.parameters[0] if kind(of) in ("list", "map") and of.parameters else DYN


def indexed_type(of: Type) -> Type:
    if isinstance(of, Record):
        return DYN
    return of.parameters[-1] if kind(of) in ("list", "map") and of.parameters else DYN
