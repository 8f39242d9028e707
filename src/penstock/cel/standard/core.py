"""The functions of CEL itself: sizes, tests of text, conversions. Those of time are in ``time``.

Data and one-line implementations: what a conversion does is in ``conversions``. Source: the CEL language
definition, "List of Standard Definitions".
"""

from __future__ import annotations

from penstock.cel.conversions import CONVERSIONS
from penstock.cel.env import Function, Implementation, Overload
from penstock.cel.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    STRING,
    TIMESTAMP,
    UINT,
    Parameter,
    Type,
    list_of,
    map_of,
    type_of,
)
from penstock.regex import occurs

_A, _B = Parameter("A"), Parameter("B")


def _size() -> Function:
    sized = (STRING, BYTES, list_of(_A), map_of(_A, _B))
    return Function("size", tuple(Overload((each,), INT, len, style) for style in (False, True) for each in sized))


def _test(name: str, implementation: Implementation) -> Function:
    return Function(name, (Overload((STRING, STRING), BOOL, implementation, receiver=True),))


def _matches(text: str, pattern: str) -> bool:
    return occurs(pattern, text)


def _conversion(name: str, result: Type, *sources: Type) -> Function:
    convert = CONVERSIONS[name]
    return Function(name, tuple(Overload((source,), result, convert) for source in sources))


FUNCTIONS: tuple[Function, ...] = (
    _size(),
    _test("contains", str.__contains__),
    _test("startsWith", str.startswith),
    _test("endsWith", str.endswith),
    Function(
        "matches",
        tuple(Overload((STRING, STRING), BOOL, _matches, receiver) for receiver in (True, False)),
    ),
    _conversion("bool", BOOL, BOOL, STRING),
    _conversion("bytes", BYTES, BYTES, STRING),
    _conversion("double", DOUBLE, DOUBLE, INT, UINT, STRING),
    _conversion("duration", DURATION, DURATION, STRING),
    _conversion("int", INT, INT, UINT, DOUBLE, STRING, TIMESTAMP),
    _conversion("string", STRING, STRING, BOOL, INT, UINT, DOUBLE, BYTES, TIMESTAMP, DURATION),
    _conversion("timestamp", TIMESTAMP, TIMESTAMP, STRING, INT),
    _conversion("uint", UINT, UINT, INT, DOUBLE, STRING),
    _conversion("dyn", DYN, _A),
    _conversion("type", type_of(_A), _A),
)
