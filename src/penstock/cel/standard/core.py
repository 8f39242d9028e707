"""The functions of CEL itself: sizes, tests of text, conversions. Those of time are in ``time``.

Data and one-line implementations: what a conversion does is in ``conversions``. Source: the CEL language
definition, "List of Standard Definitions".
"""

from __future__ import annotations

from penstock.cel.closures import MAX_WORK
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

_LONG_PATTERN = 1000
_A, _B = Parameter("A"), Parameter("B")


def _size() -> Function:
    sized = (STRING, BYTES, list_of(_A), map_of(_A, _B))
    return Function("size", tuple(Overload((each,), INT, len, style) for style in (False, True) for each in sized))


def _test(name: str, implementation: Implementation) -> Function:
    return Function(name, (Overload((STRING, STRING), BOOL, implementation, receiver=True),))


def _matches(text: str, pattern: str) -> bool:
    # RE2's time is linear in the text, but for long patterns it is that of both multiplied.
    if len(pattern) > _LONG_PATTERN and len(pattern) * len(text) > MAX_WORK:
        raise ValueError(f"a pattern of {len(pattern):,} characters is too long for a text of {len(text):,}")
    return occurs(pattern, text)


def _conversion(name: str, result: Type, *sources: Type) -> Function:
    convert = CONVERSIONS[name]
    return Function(name, tuple(Overload((source,), result, convert) for source in sources))


FUNCTIONS: tuple[Function, ...] = (
    _size().about("How many characters, bytes, elements or entries there are.", "size('café') == 4"),
    _test("contains", str.__contains__).about(
        "Whether a text has another within it.", "'tacocat'.contains('coc')"
    ),
    _test("startsWith", str.startswith).about(
        "Whether a text begins with another.", "'tacocat'.startsWith('taco')"
    ),
    _test("endsWith", str.endswith).about("Whether a text ends with another.", "'tacocat'.endsWith('cat')"),
    Function(
        "matches",
        tuple(Overload((STRING, STRING), BOOL, _matches, receiver) for receiver in (True, False)),
    ).about(
        "Whether a regular expression (RE2) fits somewhere in a text; `^` and `$` make it fit the whole.",
        "'LV801'.matches('^LV[0-9]+$')",
    ),
    _conversion("bool", BOOL, BOOL, STRING).about("A text such as `true` or `false` as a bool.", "bool('true')"),
    _conversion("bytes", BYTES, BYTES, STRING).about(
        "A text as the bytes of its UTF-8.", "bytes('é') == b'\\xc3\\xa9'"
    ),
    _conversion("double", DOUBLE, DOUBLE, INT, UINT, STRING).about(
        "A number, or a text that is one, as a double.", "double('2.5') + double(1) == 3.5"
    ),
    _conversion("duration", DURATION, DURATION, STRING).about(
        "A length of time, from numbers with `h`, `m`, `s`, `ms`, `us` or `ns` behind them; there are no days.",
        "duration('1h30m') == duration('5400s')",
    ),
    _conversion("int", INT, INT, UINT, DOUBLE, STRING, TIMESTAMP).about(
        "A number cut to a whole one, a text of digits, or the seconds of a timestamp since 1970, as an int.",
        "int(-2.9) == -2",
    ),
    _conversion("string", STRING, STRING, BOOL, INT, UINT, DOUBLE, BYTES, TIMESTAMP, DURATION).about(
        "A value as text.", "string(12) + ' months' == '12 months'"
    ),
    _conversion("timestamp", TIMESTAMP, TIMESTAMP, STRING, INT).about(
        "A moment, from a text with date, time and zone, or from the seconds since 1970.",
        "timestamp('1970-01-01T00:01:00Z') == timestamp(60)",
    ),
    _conversion("uint", UINT, UINT, INT, DOUBLE, STRING).about(
        "A number, or a text of digits, as an unsigned int.", "uint(3) == 3u"
    ),
    _conversion("dyn", DYN, _A).about(
        "The value itself, with its type unknown to the checker: for comparing what it would refuse.",
        "dyn(1) == 1.0",
    ),
    _conversion("type", type_of(_A), _A).about("The type of a value.", "type(1) == int"),
)
