"""CEL's own functions and operators: which exist, for which types of arguments.

Data only: takes nothing, gives tables; must not know any engine. A policy checker reads ``BUILTINS``, an
engine reads ``OVERLOADS``. Source: the CEL language definition, "List of Standard Definitions".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Signature:
    """How a function may be called: ``arguments`` counts what stands in the parentheses."""

    arguments: int
    receiver: bool


_LONG_NAMES = {"timestamp": "google.protobuf.Timestamp", "duration": "google.protobuf.Duration"}


def _types(*overloads: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(_LONG_NAMES.get(name, name) for name in overload.split()) for overload in overloads)


_TIMESTAMP_PART = _types("timestamp", "timestamp string")
_TIME_PART = _TIMESTAMP_PART | _types("duration")
_PLUS = "int int", "uint uint", "double double"

OPERATORS: Mapping[str, frozenset[tuple[str, ...]]] = MappingProxyType(
    {
        "+": _types(
            *_PLUS,
            "string string",
            "bytes bytes",
            "list list",
            "timestamp duration",
            "duration timestamp",
            "duration duration",
        ),
        "-": _types(*_PLUS, "timestamp timestamp", "timestamp duration", "duration duration"),
        "*": _types(*_PLUS),
        "/": _types(*_PLUS),
        "%": _types("int int", "uint uint"),
        "unary -": _types("int", "double"),
    }
)

# The first type is the receiver's when the function is called as x.f().
OVERLOADS: Mapping[str, frozenset[tuple[str, ...]]] = MappingProxyType(
    {
        "size": _types("string", "bytes", "list", "map"),
        "contains": _types("string string"),
        "startsWith": _types("string string"),
        "endsWith": _types("string string"),
        "matches": _types("string string"),
        "getDate": _TIMESTAMP_PART,
        "getDayOfMonth": _TIMESTAMP_PART,
        "getDayOfWeek": _TIMESTAMP_PART,
        "getDayOfYear": _TIMESTAMP_PART,
        "getFullYear": _TIMESTAMP_PART,
        "getMonth": _TIMESTAMP_PART,
        "getHours": _TIME_PART,
        "getMinutes": _TIME_PART,
        "getSeconds": _TIME_PART,
        "getMilliseconds": _TIME_PART,
        "bool": _types("bool", "string"),
        "bytes": _types("bytes", "string"),
        "double": _types("double", "int", "uint", "string"),
        "duration": _types("duration", "string"),
        "int": _types("int", "uint", "double", "string", "timestamp"),
        "string": _types("string", "bool", "int", "uint", "double", "bytes", "timestamp", "duration"),
        "timestamp": _types("timestamp", "string", "int"),
        "uint": _types("uint", "int", "double", "string"),
    }
)
# These take a value of any type.
ANY = frozenset({"dyn", "type"})
_EITHER_STYLE = frozenset({"size", "matches"})
_RECEIVER_STYLE = frozenset(
    name for name in OVERLOADS if name.startswith("get") or name in ("contains", "startsWith", "endsWith")
)
TYPES = frozenset({"bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint"})
RESERVED = frozenset(
    (
        *("as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let"),
        *("loop", "namespace", "null", "package", "return", "true", "var", "void", "while"),
    )
)


def _signatures(name: str, overloads: frozenset[tuple[str, ...]]) -> frozenset[Signature]:
    counts = {len(types) for types in overloads}
    plain = {Signature(count, False) for count in counts if name not in _RECEIVER_STYLE}
    receiver = {Signature(count - 1, True) for count in counts if name in _RECEIVER_STYLE | _EITHER_STYLE}
    return frozenset(plain | receiver)


BUILTINS: Mapping[str, frozenset[Signature]] = MappingProxyType(
    {name: _signatures(name, overloads) for name, overloads in OVERLOADS.items()}
    | {name: frozenset({Signature(1, False)}) for name in ANY}
)
