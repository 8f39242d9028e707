"""CEL's arithmetic on native values: ``+ - * / %`` and the sign.

Takes and gives native values; raises EvalError without a place, with the values in it. Integers are 64 bits and
never wrap; doubles are IEEE 754, where dividing by zero gives an infinity. Must not know any engine.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from penstock.cel import moments
from penstock.cel.closures import MAX_WORK
from penstock.cel.errors import EvalError
from penstock.cel.types import DURATION, TIMESTAMP
from penstock.cel.values import MadeList, UInt, describe, type_name

Operation: TypeAlias = Callable[[Any, Any], object]

INT_MIN, INT_MAX, UINT_MAX = -(2**63), 2**63 - 1, 2**64 - 1


def add(left: object, right: object) -> object:
    kind = type(left)
    if kind is type(right):
        if kind is int:
            number: int = left + right  # type: ignore[operator]
            if INT_MIN <= number <= INT_MAX:
                return number
        elif kind is float or (kind is str and len(left) + len(right) <= MAX_WORK):  # type: ignore[arg-type]
            return left + right  # type: ignore[operator]
    return _operate("+", left, right)


def subtract(left: object, right: object) -> object:
    kind = type(left)
    if kind is type(right):
        if kind is int:
            number: int = left - right  # type: ignore[operator]
            if INT_MIN <= number <= INT_MAX:
                return number
        elif kind is float:
            return left - right  # type: ignore[operator]
    return _operate("-", left, right)


def multiply(left: object, right: object) -> object:
    kind = type(left)
    if kind is type(right):
        if kind is int:
            number: int = left * right  # type: ignore[operator]
            if INT_MIN <= number <= INT_MAX:
                return number
        elif kind is float:
            return left * right  # type: ignore[operator]
    return _operate("*", left, right)


def divide(left: object, right: object) -> object:
    return _operate("/", left, right)


def modulo(left: object, right: object) -> object:
    return _operate("%", left, right)


NEGATED = frozenset({"int", "double"})
"""The types that have a sign to turn."""


def negate(value: object) -> object:
    name = type_name(value)
    if name not in NEGATED:
        raise EvalError(f"no such overload: - of {describe(value)}")
    if name == "double":
        return -value  # type: ignore[operator]
    if value == INT_MIN:
        raise EvalError(f"integer overflow: - of {describe(value)}")
    return -int(value)  # type: ignore[call-overload]


def _operate(symbol: str, left: object, right: object) -> object:
    implementation = OPERATIONS[symbol].get((type_name(left), type_name(right)))
    if implementation is None:
        raise EvalError(f"no such overload: {describe(left)} {symbol} {describe(right)}")
    try:
        return implementation(left, right)
    except ZeroDivisionError:
        reason = "division by zero"
    except OverflowError as error:
        # Python's own text speaks of dates and C's types.
        reason = str(error) if str(error) in (_OVERFLOW, _TOO_LONG) else "out of range"
    except (ValueError, TypeError) as error:  # TypeError: a datetime from the host that has no timezone
        reason = str(error)
    raise EvalError(f"{reason}: {describe(left)} {symbol} {describe(right)}")


_OVERFLOW = "integer overflow"
_TOO_LONG = f"the result would be longer than {MAX_WORK:,}"


def _int(operation: Callable[[int, int], int]) -> Operation:
    def operate(left: int, right: int) -> int:
        number = operation(int(left), int(right))
        if not INT_MIN <= number <= INT_MAX:
            raise OverflowError(_OVERFLOW)
        return number

    return operate


def _uint(operation: Callable[[int, int], int]) -> Operation:
    def operate(left: int, right: int) -> UInt:
        number = operation(int(left), int(right))
        if not 0 <= number <= UINT_MAX:
            raise OverflowError(_OVERFLOW)
        return UInt(number)

    return operate


def _quotient(left: int, right: int) -> int:
    """Cut towards zero, where Python rounds down."""
    number = abs(left) // abs(right)
    return number if (left < 0) is (right < 0) else -number


def _remainder(left: int, right: int) -> int:
    """With the sign of the dividend. What the quotient cannot hold has no remainder either."""
    if left == INT_MIN and right == -1:
        raise OverflowError(_OVERFLOW)
    number = abs(left) % abs(right)
    return -number if left < 0 else number


def _double_quotient(left: float, right: float) -> float:
    if right != 0:
        return left / right
    if left == 0 or left != left:
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def _concatenation(left: Any, right: Any) -> object:
    if len(left) + len(right) > MAX_WORK:
        raise OverflowError(_TOO_LONG)
    return left + right


def _list_concatenation(left: Any, right: Any) -> object:
    if len(left) + len(right) > MAX_WORK:
        raise OverflowError(_TOO_LONG)
    return MadeList([*left, *right])


def _numbers(integers: Callable[[int, int], int], doubles: Operation | None) -> dict[tuple[str, str], Operation]:
    found = {("int", "int"): _int(integers), ("uint", "uint"): _uint(integers)}
    return found if doubles is None else {**found, ("double", "double"): doubles}


_T, _D = TIMESTAMP.name, DURATION.name
OPERATIONS: Mapping[str, Mapping[tuple[str, str], Operation]] = MappingProxyType(
    {
        "+": {
            **_numbers(operator.add, operator.add),
            ("string", "string"): _concatenation,
            ("bytes", "bytes"): _concatenation,
            ("list", "list"): _list_concatenation,
            (_T, _D): moments.later,
            (_D, _T): lambda left, right: moments.later(right, left),
            (_D, _D): moments.together,
        },
        "-": {
            **_numbers(operator.sub, operator.sub),
            (_T, _T): lambda left, right: moments.between(right, left),
            (_T, _D): lambda left, right: moments.later(left, moments.negated(right)),
            (_D, _D): lambda left, right: moments.together(left, moments.negated(right)),
        },
        "*": _numbers(operator.mul, operator.mul),
        "/": _numbers(_quotient, _double_quotient),
        "%": _numbers(_remainder, None),
    }
)
"""What each operator of two operands does, by the names of their types."""
