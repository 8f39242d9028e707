"""CEL's conversion functions on native values: ``int("3")``, ``string(1.5)``, ``timestamp("…")``.

Takes a value of one of the types that ``standard.core`` declares, gives the converted value; raises ValueError
or OverflowError. Must not know any engine. Stricter than Python's own constructors, which take
"1_0", " 1 " and digits of other scripts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import cast

from penstock.cel import moments
from penstock.cel.types import Type
from penstock.cel.values import UInt, type_name

_BOOLS = dict.fromkeys(("1", "t", "true", "TRUE", "True"), True) | dict.fromkeys(
    ("0", "f", "false", "FALSE", "False"), False
)


def _to_bool(value: object) -> object:
    if isinstance(value, str):
        if value not in _BOOLS:
            raise ValueError("not true or false")
        return _BOOLS[value]
    return value


def _to_int(value: object) -> object:
    return _integer(value, -(2**63), 2**63)


def _to_uint(value: object) -> object:
    return UInt(_integer(value, 0, 2**64))


def _integer(value: object, low: int, high: int) -> int:
    number: int
    if isinstance(value, str):
        digits = value[1:] if value[:1] == "+" or (value[:1] == "-" and low < 0) else value
        if not (digits.isascii() and digits.isdigit() and len(digits) < 40):
            raise ValueError("not a whole number")
        number = int(value)
    elif isinstance(value, datetime):
        number = moments.since_epoch(value) // 10**9
    elif isinstance(value, float):
        # The ends are doubles that a conversion may have rounded into range, so they are out of it.
        if not low - 1 < value < high or value == low < 0:
            raise ValueError("out of range")
        number = int(value)
    else:
        number = int(cast("int", value))
    if not low <= number < high:
        raise ValueError("out of range")
    return number


def _to_double(value: object) -> object:
    if isinstance(value, str) and (not value.isascii() or "_" in value or value != value.strip()):
        raise ValueError("not a number")
    try:
        return float(cast("str | int | float", value))
    except ValueError:
        raise ValueError("not a number") from None


def _to_string(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # As short as it can be and still be the same number; 12.0 is "12".
        text = repr(value).removesuffix(".0")
        return {"nan": "NaN", "inf": "+Inf", "-inf": "-Inf"}.get(text, text)
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            raise ValueError("not UTF-8") from None
    if isinstance(value, datetime):
        return moments.timestamp_text(value)
    if isinstance(value, timedelta):
        return moments.duration_text(value)
    return str(value)


def _to_bytes(value: object) -> object:
    return value.encode("utf-8") if isinstance(value, str) else value


def _to_timestamp(value: object) -> object:
    if isinstance(value, str):
        return moments.parse_timestamp(value)
    if isinstance(value, int):
        return moments.timestamp_at(value * 10**9)
    return value


def _to_duration(value: object) -> object:
    return moments.parse_duration(value) if isinstance(value, str) else value


CONVERSIONS: Mapping[str, Callable[[object], object]] = MappingProxyType(
    {
        "bool": _to_bool,
        "bytes": _to_bytes,
        "double": _to_double,
        "duration": _to_duration,
        "dyn": lambda value: value,
        "int": _to_int,
        "string": _to_string,
        "timestamp": _to_timestamp,
        "type": lambda value: Type(type_name(value)),
        "uint": _to_uint,
    }
)
