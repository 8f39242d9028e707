"""The math extension: the greatest and the least, rounding, signs, tests of doubles, bits.

Takes and gives native numbers, a result of the type of its argument; ValueErrors say what is allowed.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

from penstock.cel.arithmetic import INT_MAX, INT_MIN, UINT_MAX
from penstock.cel.env import Function, Implementation, Overload
from penstock.cel.errors import EvalError
from penstock.cel.types import BOOL, DOUBLE, DYN, INT, UINT, Type, Union, list_of
from penstock.cel.values import UInt, comparable, describe, type_name

_ANY_NUMBER = Union("number", members=(INT, UINT, DOUBLE))
_NUMBERS = (INT, UINT, DOUBLE)


def _extreme(name: str, better: Callable[[Any, Any], bool]) -> Function:
    """Of several that are equal the first; a NaN is better than nothing and nothing is better than it."""

    def best(*numbers: object) -> object:
        found = numbers[0]
        for number in numbers:
            pair = comparable(number, found)
            if pair is not None and better(*pair):
                found = number
        return found

    def best_of(*lists: Sequence[object]) -> object:
        if len(lists) > 1:
            raise EvalError(
                f"no such overload: {name}() takes numbers or one list of numbers, not {len(lists)} lists"
            )
        if not lists[0]:
            raise ValueError("an empty list has none")
        for place, number in enumerate(lists[0]):
            if type_name(number) not in ("int", "uint", "double"):
                raise ValueError(f"the element at {place} is {describe(number)}, not a number")
        return best(*lists[0])

    plain = [Overload((kind,), kind, best) for kind in _NUMBERS]
    lists = [Overload((list_of(kind),), kind, best_of) for kind in (*_NUMBERS, DYN)]
    mixed = Overload((_ANY_NUMBER,), DYN, best)
    return Function(name, (*plain, mixed, *lists), variadic=True)


def _whole(rounded: Callable[[float], int]) -> Callable[[float], float]:
    """Rounding that keeps infinities, NaN and the sign of zero."""
    return lambda number: math.copysign(rounded(number), number) if math.isfinite(number) else number


def _half_away(number: float) -> int:
    """The nearest whole number; a half goes away from zero, where Python's round() goes to the even one."""
    whole = math.trunc(abs(number))
    return whole + (abs(number) - whole >= 0.5)


def _absolute(number: Any) -> object:
    if isinstance(number, float):
        return math.fabs(number)
    if number == INT_MIN:
        raise ValueError("integer overflow")
    return abs(int(number))


def _sign(number: Any) -> object:
    return type(number)((number > 0) - (number < 0)) if number == number else number


def _square_root(number: float) -> float:
    return math.sqrt(number) if not number < 0 else math.nan


def _signed(bits: int) -> int:
    """64 bits as an int: those beyond are lost, the highest is the sign."""
    bits &= UINT_MAX
    return bits if bits <= INT_MAX else bits - UINT_MAX - 1


def _unsigned(bits: int) -> UInt:
    return UInt(bits & UINT_MAX)


def _shift(operation: Callable[[int, int], int], wrap: Callable[[int], int]) -> Implementation:
    def shifted(bits: int, by: int) -> int:
        if by < 0:
            raise ValueError("bits cannot be shifted by a negative number")
        # To the right as well zeros come in, whatever the sign.
        return wrap(operation(bits & UINT_MAX, by)) if by < 64 else wrap(0)

    return shifted


def _function(name: str, *overloads: tuple[tuple[Type, ...], Type, Implementation]) -> Function:
    return Function(f"math.{name}", tuple(Overload(*overload) for overload in overloads))


def _bitwise(name: str, operation: Callable[[int, int], int]) -> Function:
    return _function(
        name,
        ((INT, INT), INT, lambda left, right: _signed(operation(left, right))),
        ((UINT, UINT), UINT, lambda left, right: _unsigned(operation(left, right))),
    )


def _shifting(name: str, operation: Callable[[int, int], int]) -> Function:
    return _function(
        name,
        ((INT, INT), INT, _shift(operation, _signed)),
        ((UINT, INT), UINT, _shift(operation, _unsigned)),
    )


def _of_double(name: str, result: Type, implementation: Implementation) -> Function:
    return _function(name, ((DOUBLE,), result, implementation))


FUNCTIONS: tuple[Function, ...] = (
    _extreme("math.greatest", operator.gt).about(
        "The greatest of the numbers, or of a list of them.", "math.greatest(1, 5, 3) == 5"
    ),
    _extreme("math.least", operator.lt).about(
        "The least of the numbers, or of a list of them.", "math.least([1, 5, 3]) == 1"
    ),
    _of_double("ceil", DOUBLE, _whole(math.ceil)).about(
        "The next whole number upwards, as a double.", "math.ceil(1.2) == 2.0"
    ),
    _of_double("floor", DOUBLE, _whole(math.floor)).about(
        "The next whole number downwards, as a double.", "math.floor(-1.2) == -2.0"
    ),
    _of_double("round", DOUBLE, _whole(_half_away)).about(
        "The nearest whole number, as a double; a half goes away from zero.", "math.round(2.5) == 3.0"
    ),
    _of_double("trunc", DOUBLE, _whole(math.trunc)).about(
        "The number without what is behind the point, as a double.", "math.trunc(-1.9) == -1.0"
    ),
    _of_double("isNaN", BOOL, math.isnan).about("Whether a double is no number at all.", "math.isNaN(0.0 / 0.0)"),
    _of_double("isInf", BOOL, math.isinf).about("Whether a double is infinite.", "math.isInf(-1.0 / 0.0)"),
    _of_double("isFinite", BOOL, math.isfinite).about(
        "Whether a double is neither infinite nor NaN.", "math.isFinite(1.5)"
    ),
    _function(
        "abs", ((INT,), INT, _absolute), ((UINT,), UINT, lambda number: number), ((DOUBLE,), DOUBLE, _absolute)
    ).about("The number without its sign.", "math.abs(-5) == 5"),
    _function("sign", *(((kind,), kind, _sign) for kind in _NUMBERS)).about(
        "-1, 0 or 1, of the type of the number.", "math.sign(-5.5) == -1.0"
    ),
    _function("sqrt", *(((kind,), DOUBLE, _square_root) for kind in _NUMBERS)).about(
        "The square root, as a double; NaN of a negative number.", "math.sqrt(81) == 9.0"
    ),
    _bitwise("bitAnd", operator.and_).about("The bits that both numbers have.", "math.bitAnd(6, 3) == 2"),
    _bitwise("bitOr", operator.or_).about(
        "The bits that one of the numbers has, or both.", "math.bitOr(6, 3) == 7"
    ),
    _bitwise("bitXor", operator.xor).about("The bits that just one of the numbers has.", "math.bitXor(6, 3) == 5"),
    _function(
        "bitNot",
        ((INT,), INT, operator.invert),
        ((UINT,), UINT, lambda bits: _unsigned(~bits)),
    ).about("Every bit the other way.", "math.bitNot(5) == -6"),
    _shifting("bitShiftLeft", operator.lshift).about(
        "The bits moved to the left.", "math.bitShiftLeft(1, 3) == 8"
    ),
    _shifting("bitShiftRight", operator.rshift).about(
        "The bits moved to the right, with zeros behind them.", "math.bitShiftRight(8, 3) == 1"
    ),
)
