"""Kubernetes' resource quantities: ``quantity("1.5Gi")``, with exact arithmetic and order.

Takes and gives native values and ``Quantity``. Source of the behaviour: Kubernetes' CEL quantity library and the
grammar of its resource quantities. Other than there, every whole number of 64 bits counts as an integer, however
it was written.
"""

from __future__ import annotations

import re
from typing import ClassVar

from penstock.cel.env import Function, Implementation, Overload
from penstock.cel.types import BOOL, DOUBLE, INT, STRING, Type
from penstock.record import dataclass

QUANTITY = Type("kubernetes.Quantity")

_NANOS = 10**9
_TEXT = re.compile(r"([+-]?)(?=\.?[0-9])([0-9]*)(?:\.([0-9]*))?([numkMGTPE]?|[KMGTPE]i|[eE][+-]?[0-9]{1,9})")
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_MAX_TEXT = 200
_MAX_EXPONENT = 300
_MAX_BINARY = (2**63 - 1) * _NANOS
_FORM = "not a quantity such as 500m, 2, 1.5Gi or 1e3 (suffixes: n u m k M G T P E, Ki Mi Gi Ti Pi Ei)"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of thousand-millionths: what is finer is rounded away from zero."""

    cel_name: ClassVar[str] = QUANTITY.name

    nanos: int


def parse(text: str) -> Quantity:
    """Raises ValueError when the text is not a quantity, or one beyond all measure."""
    found = _TEXT.fullmatch(text) if len(text) <= _MAX_TEXT else None
    if found is None:
        raise ValueError(_FORM)
    sign, whole, fraction, suffix = found.groups("")
    exponent = _exponent(suffix) - len(fraction) + 9
    number = int(f"{whole}{fraction}")
    if suffix in _BINARY:
        number <<= _BINARY[suffix]
    # Minus twice: the division rounds up.
    nanos = number * 10**exponent if exponent >= 0 else -(-number // 10**-exponent)
    if suffix in _BINARY:
        nanos = min(nanos, _MAX_BINARY)
    return Quantity(-nanos if sign == "-" else nanos)


def _exponent(suffix: str) -> int:
    if suffix in _BINARY:
        return 0
    if suffix in _DECIMAL:
        return _DECIMAL[suffix]
    exponent = int(suffix[1:])
    if abs(exponent) > _MAX_EXPONENT:
        raise ValueError(f"the exponent is beyond {_MAX_EXPONENT}")
    return exponent


def _is_quantity(text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


def _sign(value: Quantity) -> int:
    return (value.nanos > 0) - (value.nanos < 0)


def _is_integer(value: Quantity) -> bool:
    return value.nanos % _NANOS == 0 and -(2**63) <= value.nanos // _NANOS < 2**63


def _as_integer(value: Quantity) -> int:
    if not _is_integer(value):
        raise ValueError("not a whole number of 64 bits; isInteger() tells")
    return value.nanos // _NANOS


def _as_float(value: Quantity) -> float:
    try:
        return value.nanos / _NANOS
    except OverflowError:
        return float("inf") if value.nanos > 0 else float("-inf")


def _sum(value: Quantity, nanos: int) -> Quantity:
    if abs(value.nanos + nanos) >= 10 ** (_MAX_TEXT + _MAX_EXPONENT + 30):
        raise ValueError("the quantity is too large")
    return Quantity(value.nanos + nanos)


def _compare(value: Quantity, other: Quantity) -> int:
    return (value.nanos > other.nanos) - (value.nanos < other.nanos)


def _method(name: str, result: Type, implementation: Implementation, *parameters: Type) -> Function:
    return Function(name, (Overload((QUANTITY, *parameters), result, implementation, receiver=True),))


def _arithmetic(name: str, sign: int) -> Function:
    overloads = (
        Overload((QUANTITY, QUANTITY), QUANTITY, lambda value, other: _sum(value, sign * other.nanos), True),
        Overload((QUANTITY, INT), QUANTITY, lambda value, other: _sum(value, sign * int(other) * _NANOS), True),
    )
    return Function(name, overloads)


FUNCTIONS: tuple[Function, ...] = (
    Function("quantity", (Overload((STRING,), QUANTITY, parse),)).about(
        "A quantity as Kubernetes writes it, from its text.", "quantity('1Gi') == quantity('1024Mi')"
    ),
    Function("isQuantity", (Overload((STRING,), BOOL, _is_quantity),)).about(
        "Whether a text is a quantity.", "isQuantity('500m') && !isQuantity('much')"
    ),
    _method("sign", INT, _sign).about(
        "-1, 0 or 1, for a quantity below, at or above zero.", "quantity('-5').sign() == -1"
    ),
    _method("isInteger", BOOL, _is_integer).about(
        "Whether a quantity is a whole number that fits an int.", "!quantity('500m').isInteger()"
    ),
    _method("asInteger", INT, _as_integer).about(
        "A quantity as an int; an error when it is none.", "quantity('2k').asInteger() == 2000"
    ),
    _method("asApproximateFloat", DOUBLE, _as_float).about(
        "A quantity as a double.", "quantity('500m').asApproximateFloat() == 0.5"
    ),
    _arithmetic("add", 1).about(
        "The sum of two quantities, or of one and an int.", "quantity('1k').add(24) == quantity('1024')"
    ),
    _arithmetic("sub", -1).about(
        "A quantity less another, or less an int.", "quantity('1k').sub(quantity('100')) == quantity('900')"
    ),
    _method("isLessThan", BOOL, lambda value, other: value.nanos < other.nanos, QUANTITY).about(
        "Whether a quantity or version is below another.", "semver('1.9.0').isLessThan(semver('1.10.0'))"
    ),
    _method("isGreaterThan", BOOL, lambda value, other: value.nanos > other.nanos, QUANTITY).about(
        "Whether a quantity or version is above another.", "quantity('1Gi').isGreaterThan(quantity('1G'))"
    ),
    _method("compareTo", INT, _compare, QUANTITY).about(
        "-1, 0 or 1, for a quantity or version below, equal to or above another.",
        "quantity('1').compareTo(quantity('1000m')) == 0",
    ),
)
