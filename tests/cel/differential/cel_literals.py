"""Literals and values for the differential tests, most of them near a limit.

``literal`` writes one as an expression does; ``value`` makes a native one, for a variable.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone

from penstock.cel.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    NULL,
    STRING,
    TIMESTAMP,
    TYPE,
    UINT,
    Enumeration,
    Record,
    Type,
    Union,
    list_of,
    map_of,
)
from penstock.cel.values import UInt

_INTS = (0, 1, 2, 3, -1, -2, 7, 10, 60, 255, 2**31, 2**53, 2**53 + 1, 2**62, 2**63 - 1, -(2**63), -(2**63) + 1)
_UINTS = (0, 1, 2, 3, 7, 2**32, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1)
_DOUBLES = (
    *(0.0, -0.0, 1.0, -1.0, 2.0, 1.5, 2.5, -2.5, 0.1, 1e-5, 1e15, 1e16, 1e21, 5e-324, 1.7976931348623157e308),
    *(9007199254740993.0, 9223372036854775807.0, -9223372036854775808.0, 9223372036854774784.0),
    *(18446744073709551615.0, 18446744073709549568.0, float("nan"), float("inf"), float("-inf")),
)
_STRINGS = (
    *(
        "",
        "a",
        "b",
        "abc",
        "aa",
        "Abc",
        "é",
        "e\u0301",
        "ß",
        "İ",
        "😀",
        "a😀b",
        " a ",
        "\t\n",
        "a,b",
        "0",
        "1",
        "-1",
    ),
    *(
        "1.5",
        "1e3",
        "true",
        "false",
        "TRUE",
        "t",
        "NaN",
        "inf",
        "1u",
        "9223372036854775807",
        "9223372036854775808",
    ),
    *("18446744073709551615", "1970-01-01T00:00:00Z", "2024-02-29T23:59:59.5+02:00", "2023-02-29T00:00:00Z"),
    *("1h", "-1.5s", "1h30m", "1d", "", "YWJj", "YWI", "\x00", "\ufeff", "\u2028", "'", '"', "\\", "`", "%d"),
)
_BYTES = (b"", b"a", b"abc", b"\xff", b"\x00", b"\xc3\xa9", b"\xc3", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80")
_TIMESTAMPS = (
    *("1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "2024-02-29T12:30:45Z"),
    *(
        "1969-12-31T23:59:59.5Z",
        "2024-12-30T23:00:00Z",
        "2026-03-29T01:30:00+02:00",
        "2000-01-01T00:00:00.000000001Z",
    ),
    *("2024-10-27T00:59:59.123Z", "1900-03-01T00:00:00-05:30"),
)
_DURATIONS = (
    *(
        "0s",
        "1s",
        "-1s",
        "1ns",
        "-1ns",
        "999999999ns",
        "1.5s",
        "-1.5s",
        "24h",
        "1h30m15.25s",
        "90m",
        "1us",
        "1.001ms",
    ),
    *("9223372036s", "-9223372036s", "2562047h", "100us"),
)
_TYPES = ("int", "uint", "double", "string", "bytes", "bool", "null_type", "list", "map", "type")

TEXTS: Mapping[str, tuple[str, ...]] = {
    "integral": (
        "0",
        "1",
        "-1",
        "007",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "12",
    ),
    "natural": ("0", "1", "7", "18446744073709551615", "18446744073709551616", "42"),
    "decimal": ("0", "1.5", "-0.0", "1e3", "1e400", ".5", "NaN", "-Infinity", "2.5e-3"),
    "stamp": (*_TIMESTAMPS, "2024-01-01", "2023-02-29T00:00:00Z"),
    "span": (*_DURATIONS, "1d", "1"),
    "encoded": ("", "YQ==", "YWJj", "YWI", "/+8=", "!"),
}
"""What conversions read, by the name of the hole."""

Below = Callable[[int], int]
"""Where all choices come from: ``below(3)`` is 0, 1 or 2. Hypothesis draws it, or a seeded generator does."""


def literal(below: Below, kind: Type) -> str:
    """One of a few values, or now and then a small one, as an expression writes it."""

    def pick(options: tuple[object, ...]) -> object:
        return options[below(len(options))]

    if kind == INT:
        return _integer(pick(_INTS), below(10) == 9)
    if kind == UINT:
        return f"{pick(_UINTS)}u"
    if kind == DOUBLE:
        return double(pick(_DOUBLES))
    if kind == STRING:
        return string(str(pick(_STRINGS)), below(4))
    if kind == BYTES:
        value = pick(_BYTES)
        assert isinstance(value, bytes)
        return "b'" + "".join(f"\\x{each:02x}" for each in value) + "'"
    if kind == BOOL:
        return ("true", "false")[below(2)]
    if kind == TIMESTAMP:
        return f"timestamp('{pick(_TIMESTAMPS)}')"
    if kind == DURATION:
        return f"duration('{pick(_DURATIONS)}')"
    return str(pick(_TYPES)) if kind == TYPE else "null"


def _integer(value: object, hexadecimal: bool) -> str:
    assert isinstance(value, int)
    text = hex(value) if hexadecimal else str(value)
    return f"({text})" if value < 0 else text


def double(value: object) -> str:
    assert isinstance(value, float)
    if value != value:
        return "(0.0 / 0.0)"
    if value in (float("inf"), float("-inf")):
        return f"({'-' if value < 0 else ''}1.0 / 0.0)"
    text = repr(value)
    text = text if "." in text or "e" in text else f"{text}.0"
    return f"({text})" if text.startswith("-") else text


def string(value: str, style: int) -> str:
    """In one of four ways to quote."""
    quote = "'\"'\""[style]
    if style >= 2 and not set(value) & set("'\"\\\n\r\t\x00"):
        return f"r{quote}{value}{quote}" if style == 2 else f"{quote * 3}{value}{quote * 3}"
    escaped = (
        value.replace("\\", "\\\\").replace(quote, f"\\{quote}").replace("\n", "\\n").replace("\x00", "\\000")
    )
    return f"{quote}{escaped}{quote}"


_LONGEST = 9_223_372_036 * 10**6
# cel-expr-python fails for the first and the last day that Python has.
_FIRST, _LAST = datetime(1, 1, 3, tzinfo=timezone.utc), datetime(9999, 12, 29, tzinfo=timezone.utc)
_SECONDS = int((_LAST - _FIRST).total_seconds())


def value(below: Below, kind: Type, depth: int = 0) -> object:
    """A native value of a type; of dyn, what JSON can hold; of a record, its fields."""
    if isinstance(kind, Record):
        present = {name: each for name, each in kind.fields.items() if each.required or below(3)}
        return {name: value(below, each.type, depth + 1) for name, each in present.items()}
    if isinstance(kind, Enumeration):
        return kind.values[below(len(kind.values))]
    if isinstance(kind, Union):
        return value(below, kind.members[below(len(kind.members))])
    if kind.name == "list":
        return [value(below, kind.parameters[0], depth + 1) for _ in range(_count(below))]
    if kind.name == "map":
        return _map(below, kind.parameters[0], kind.parameters[1], depth)
    return _json(below, depth) if kind == DYN else SCALARS[kind](below)


def _count(below: Below) -> int:
    return below(2) if below(6) == 0 else 2 + below(2)


def _map(below: Below, key: Type, item: Type, depth: int) -> dict[object, object]:
    names: list[object] = [name for name in ("a", "b") if below(4)] if key == STRING else []
    names += [SCALARS[key](below) for _ in range(below(3))]
    return {name: value(below, item, depth + 1) for name in names}


def _json(below: Below, depth: int) -> object:
    shape = below(9 if depth < 3 else 6)
    if shape < 6:
        kinds = (STRING, INT, DOUBLE, BOOL, NULL, STRING)
        return SCALARS[kinds[shape]](below)
    return value(below, list_of(DYN) if shape == 6 else map_of(STRING, DYN), depth)


def _some_int(below: Below) -> int:
    return (_INTS[below(len(_INTS))], below(16) - 3, below(2**64) - 2**63)[below(3)]


def _some_double(below: Below) -> float:
    choice = below(4)
    if choice == 3:
        bits: float = struct.unpack("<d", struct.pack("<Q", below(2**64)))[0]
        return bits
    return (_DOUBLES[below(len(_DOUBLES))], float(below(12) - 3), (below(2000) - 1000) / 8)[choice]


def _some_text(below: Below) -> str:
    if below(3):
        return _STRINGS[below(len(_STRINGS))]
    starts = (0x20, 0x30, 0x61, 0xA0, 0x390, 0x4E00, 0xE000, 0x1F600, 0x10FFC0)
    return "".join(chr(starts[below(len(starts))] + below(64)) for _ in range(below(5)))


def _some_bytes(below: Below) -> bytes:
    return _BYTES[below(len(_BYTES))] if below(2) else bytes(below(256) for _ in range(below(5)))


def _some_moment(below: Below) -> datetime:
    if below(4) == 0:
        return datetime.fromisoformat("2024-02-29T23:59:59.999999+00:00")
    fraction = timedelta(microseconds=below(3) * 250_001)
    if below(2):
        return datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=below(2**33) - 2**32) + fraction
    return _FIRST + timedelta(seconds=below(_SECONDS)) + fraction


def _some_span(below: Below) -> timedelta:
    if below(2):
        return timedelta(seconds=below(7200) - 3600, milliseconds=below(4) * 250)
    return timedelta(microseconds=below(2 * _LONGEST) - _LONGEST)


SCALARS: Mapping[Type, Callable[[Below], object]] = {
    INT: _some_int,
    UINT: lambda below: UInt(_UINTS[below(len(_UINTS))] if below(2) else below(12)),
    DOUBLE: _some_double,
    STRING: _some_text,
    BYTES: _some_bytes,
    BOOL: lambda below: bool(below(2)),
    NULL: lambda below: None,
    TIMESTAMP: _some_moment,
    DURATION: _some_span,
}
