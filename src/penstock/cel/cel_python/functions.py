"""celpy's functions and operators over native values. Whatever is not here comes from our standard library.

Takes and gives native Python values; celpy's own types never leave this module.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, cast

from celpy import celtypes, evaluation

from penstock.cel import arithmetic, moments
from penstock.cel.calls import Implementations
from penstock.cel.standard import time
from penstock.cel.values import UInt, type_name


def _integer(kind: type, low: int, high: int) -> Callable[[Any], object]:
    """celpy's own constructors build and decorate a function at each call: 20 µs."""

    def lift(value: int) -> object:
        if not low <= value < high:
            raise ValueError("overflow")
        return int.__new__(kind, value)

    return lift


_LIFT: dict[str, Callable[[Any], object]] = {
    "int": _integer(celtypes.IntType, -(2**63), 2**63),
    "uint": _integer(celtypes.UintType, 0, 2**64),
    "double": celtypes.DoubleType,
    "string": celtypes.StringType,
    "bytes": celtypes.BytesType,
    "google.protobuf.Timestamp": celtypes.TimestampType,
    "google.protobuf.Duration": celtypes.DurationType,
}


def _lower(value: object) -> object:
    if isinstance(value, celtypes.BoolType):
        return bool(value)
    if isinstance(value, celtypes.UintType):
        return UInt(value)
    kinds: tuple[Callable[[Any], object], ...] = (int, float, str, bytes)
    for kind in kinds:
        if isinstance(value, cast("type", kind)):
            return kind(value)
    if isinstance(value, datetime):
        utc = value.astimezone(timezone.utc)
        return datetime.combine(utc.date(), utc.time(), tzinfo=timezone.utc)
    if isinstance(value, timedelta):
        return moments.checked(timedelta(value.days, value.seconds, value.microseconds))
    raise ValueError(str(value))


def integer(text: str) -> object:
    """The value of an int literal. Raises ValueError when it does not fit into 64 bits."""
    return _lower(celtypes.IntType(text))


def uint(text: str) -> object:
    """The value of a uint literal without its suffix. Raises ValueError as ``integer`` does."""
    return _lower(celtypes.UintType(text))


def _celpy(name: str) -> Callable[..., object]:
    function = cast("Callable[..., object]", evaluation.base_functions[name])

    def call(*arguments: object) -> object:
        return _lower(function(*(_LIFT[type_name(argument)](argument) for argument in arguments)))

    return call


_celpy_divide = _celpy("_/_")


def _divide(left: Any, right: Any) -> object:
    if not isinstance(left, float):
        return _celpy_divide(left, right)
    # celpy says that x / 0.0 is +inf, whatever the signs, and for 0.0 / 0.0 too.
    if right != 0 or left == 0 or left != left:
        return left / right if right != 0 else float("nan")
    return float("inf") if (left > 0) is not str(right).startswith("-") else float("-inf")


def _or_ours(symbol: str) -> Callable[[Any, Any], object]:
    """celpy's operator, but for lists, which are ours, and times, which celpy counts in microseconds."""
    theirs, ours = _celpy(f"_{symbol}_"), arithmetic.OPERATIONS[symbol]

    def operate(left: object, right: object) -> object:
        if isinstance(left, (list, tuple, datetime, timedelta)):
            return ours[type_name(left), type_name(right)](left, right)
        return theirs(left, right)

    return operate


def _part(name: str) -> Callable[..., object]:
    """getHours() and its like. What celpy says of a bad timezone names its files and classes."""
    function = _celpy(name)

    def call(value: object, *zone: object) -> object:
        try:
            return function(value, *zone)
        except Exception:
            raise ValueError("not a timezone such as Europe/Paris or +02:00") from None

    return call


IMPLEMENTATIONS = Implementations(
    functions={
        **{name: _celpy(name) for name in ("contains", "startsWith", "endsWith")},
        **{function.name: _part(function.name) for function in time.FUNCTIONS},
    },
    operators={
        "+": _or_ours("+"),
        "-": _or_ours("-"),
        "*": _celpy("_*_"),
        "/": _divide,
        "%": _celpy("_%_"),
        "unary -": _celpy("-_"),
    },
)
