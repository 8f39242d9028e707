"""Arithmetic and the math extension, at the edges of 64 bits and of doubles."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.cel import arithmetic, calls
from penstock.cel.closures import MAX_WORK
from penstock.cel.errors import EvalError
from penstock.cel.standard import functions_by_name
from penstock.cel.values import UInt

INT_MIN, INT_MAX, UINT_MAX = -(2**63), 2**63 - 1, 2**64 - 1
OPERATIONS = {
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "%": arithmetic.modulo,
}
NAN, INF = math.nan, math.inf
TS, DAY = datetime(2026, 3, 1, tzinfo=timezone.utc), timedelta(days=1)


def is_same(got: object, expected: object) -> bool:
    """Of one type too; NaN is itself, and the zeros differ."""
    if isinstance(got, float) and isinstance(expected, float):
        return repr(got) == repr(expected)
    return got == expected and isinstance(got, UInt) is isinstance(expected, UInt) and type(got) is type(expected)


def call(name: str, *arguments: object) -> object:
    return calls.call(functions_by_name()[name], arguments, receiver=False)


@pytest.mark.parametrize(
    ("left", "symbol", "right", "expected"),
    [
        (INT_MAX, "+", 0, INT_MAX),
        (UInt(1), "+", UInt(2), UInt(3)),
        (7, "/", -2, -3),
        (-7, "/", 2, -3),
        (-7, "%", 2, -1),
        (7, "%", -2, 1),
        (INT_MAX, "/", 2, INT_MAX // 2),
        (UInt(UINT_MAX), "/", UInt(2), UInt(2**63 - 1)),
        (1.0, "/", 0.0, INF),
        (1.0, "/", -0.0, -INF),
        (-1.0, "/", 0.0, -INF),
        (0.0, "/", 0.0, NAN),
        (INF, "/", 0.0, INF),
        (1e308, "*", 10.0, INF),
        (INF, "-", INF, NAN),
        ("a", "+", "b", "ab"),
        (b"a", "+", b"b", b"ab"),
        (TS, "+", DAY, datetime(2026, 3, 2, tzinfo=timezone.utc)),
        (DAY, "+", TS, datetime(2026, 3, 2, tzinfo=timezone.utc)),
        (TS, "-", TS, timedelta(0)),
        (DAY, "-", DAY, timedelta(0)),
    ],
)
def test_operations(left: object, symbol: str, right: object, expected: object) -> None:
    assert is_same(OPERATIONS[symbol](left, right), expected)


def test_lists_concatenate() -> None:
    assert arithmetic.add([1], ("a", None)) == [1, "a", None]


def test_a_day_is_24_hours_in_every_timezone() -> None:
    paris = datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("Europe/Paris"))
    later = arithmetic.add(paris, DAY)
    assert later == datetime(2026, 3, 29, 11, tzinfo=timezone.utc)
    assert arithmetic.subtract(later, paris) == DAY


@pytest.mark.parametrize(
    ("left", "symbol", "right", "message"),
    [
        (INT_MAX, "+", 1, "integer overflow: int 9223372036854775807 + int 1"),
        (INT_MIN, "-", 1, "integer overflow: int -9223372036854775808 - int 1"),
        (INT_MIN, "/", -1, "integer overflow: int -9223372036854775808 / int -1"),
        (INT_MIN, "%", -1, "integer overflow: int -9223372036854775808 % int -1"),
        (2**32, "*", 2**31, "integer overflow: int 4294967296 * int 2147483648"),
        (UInt(0), "-", UInt(1), "integer overflow: uint 0u - uint 1u"),
        (1, "/", 0, "division by zero: int 1 / int 0"),
        (UInt(1), "%", UInt(0), "division by zero: uint 1u % uint 0u"),
        (1, "+", 1.0, "no such overload: int 1 + double 1.0"),
        (1, "+", UInt(1), "no such overload: int 1 + uint 1u"),
        (True, "+", True, "no such overload: bool true + bool true"),
        ("a", "+", 1, 'no such overload: string "a" + int 1'),
        (1.5, "%", 1.0, "no such overload: double 1.5 % double 1.0"),
        (None, "-", {}, "no such overload: null - a map of 0"),
        (
            datetime(9999, 12, 31, tzinfo=timezone.utc),
            "+",
            DAY,
            "outside the years 1 to 9999: timestamp 9999-12-31T00:00:00Z + duration 86400s",
        ),
        (
            timedelta(days=100_000),
            "+",
            timedelta(days=100_000),
            "a duration of more than 292 years: duration 8640000000s + duration 8640000000s",
        ),
        (
            datetime(2026, 1, 1),
            "+",
            DAY,
            "a datetime without a timezone is no moment: timestamp 2026-01-01 00:00:00 + duration 86400s",
        ),
    ],
)
def test_operations_that_have_no_value(left: object, symbol: str, right: object, message: str) -> None:
    with pytest.raises(EvalError) as caught:
        OPERATIONS[symbol](left, right)
    assert caught.value.message == message


@pytest.mark.parametrize("half", ["x" * 6_000_000, b"x" * 6_000_000, [None] * 6_000_000])
def test_a_sum_that_is_too_long_is_not_made(half: object) -> None:
    with pytest.raises(EvalError, match=f"^the result would be longer than {MAX_WORK:,}: "):
        arithmetic.add(half, half)


@pytest.mark.parametrize(("value", "expected"), [(5, -5), (0.0, -0.0), (INT_MAX, -INT_MAX), (-INF, INF)])
def test_negation(value: object, expected: object) -> None:
    assert is_same(arithmetic.negate(value), expected)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (INT_MIN, "integer overflow: - of int -9223372036854775808"),
        (UInt(1), "no such overload: - of uint 1u"),
        (True, "no such overload: - of bool true"),
        (DAY, "no such overload: - of duration 86400s"),
    ],
)
def test_negation_without_a_value(value: object, message: str) -> None:
    with pytest.raises(EvalError) as caught:
        arithmetic.negate(value)
    assert caught.value.message == message


@given(st.integers(INT_MIN, INT_MAX), st.integers(INT_MIN, INT_MAX).filter(bool))
def test_quotient_and_remainder_belong_together(left: int, right: int) -> None:
    if (left, right) == (INT_MIN, -1):
        return
    quotient, remainder = arithmetic.divide(left, right), arithmetic.modulo(left, right)
    assert quotient * right + remainder == left  # type: ignore[operator]
    assert abs(remainder) < abs(right)  # type: ignore[arg-type]
    assert remainder == 0 or (remainder < 0) is (left < 0)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("greatest", (1, 1.0, UInt(1)), 1),
        ("greatest", (1, 2.5, UInt(2)), 2.5),
        ("greatest", ([UInt(UINT_MAX), 1.0],), UInt(UINT_MAX)),
        ("greatest", (NAN, 1.0), NAN),
        ("least", (1.0, NAN), 1.0),
        ("least", (INT_MIN, -1e300), -1e300),
        ("least", ((3, 1, 2),), 1),
        ("ceil", (-0.5,), -0.0),
        ("ceil", (INF,), INF),
        ("floor", (-1e300,), -1e300),
        ("round", (0.5,), 1.0),
        ("round", (-2.5,), -3.0),
        ("round", (0.49999999999999994,), 0.0),
        ("round", (4503599627370497.0,), 4503599627370497.0),
        ("round", (NAN,), NAN),
        ("trunc", (-0.9,), -0.0),
        ("abs", (-0.0,), 0.0),
        ("abs", (-INF,), INF),
        ("abs", (UInt(3),), UInt(3)),
        ("sign", (-7,), -1),
        ("sign", (UInt(7),), UInt(1)),
        ("sign", (NAN,), NAN),
        ("isNaN", (NAN,), True),
        ("isInf", (-INF,), True),
        ("isFinite", (1e308,), True),
        ("sqrt", (81,), 9.0),
        ("sqrt", (UInt(2),), math.sqrt(2)),
        ("sqrt", (-1,), NAN),
        ("sqrt", (INF,), INF),
        ("bitAnd", (-1, INT_MIN), INT_MIN),
        ("bitOr", (UInt(2**63), UInt(1)), UInt(2**63 + 1)),
        ("bitXor", (-1, 1), -2),
        ("bitNot", (INT_MAX,), INT_MIN),
        ("bitNot", (UInt(1),), UInt(UINT_MAX - 1)),
        ("bitShiftLeft", (1, 63), INT_MIN),
        ("bitShiftLeft", (3, 63), INT_MIN),
        ("bitShiftLeft", (1, INT_MAX), 0),
        ("bitShiftLeft", (UInt(UINT_MAX), 4), UInt(UINT_MAX - 15)),
        ("bitShiftRight", (-1, 1), INT_MAX),
        ("bitShiftRight", (-1, 0), -1),
        ("bitShiftRight", (UInt(8), 3), UInt(1)),
    ],
)
def test_functions(name: str, arguments: tuple[object, ...], expected: object) -> None:
    assert is_same(call(f"math.{name}", *arguments), expected)


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("abs", (INT_MIN,), "math.abs(int -9223372036854775808): integer overflow"),
        ("ceil", (1,), "no such overload: math.ceil(int 1); allowed: math.ceil(double)"),
        ("greatest", ([],), "math.greatest(a list of 0): an empty list has none"),
        ("greatest", ([1, "a"],), 'math.greatest(a list of 2): the element at 1 is string "a", not a number'),
        ("least", ([True],), "math.least(a list of 1): the element at 0 is bool true, not a number"),
        (
            "least",
            ([1], [2]),
            "no such overload: math.least() takes numbers or one list of numbers, not 2 lists",
        ),
        (
            "least",
            (),
            "no such overload: math.least(); allowed: math.least(int|uint|double|number|list, …)",
        ),
        (
            "bitShiftLeft",
            (1, -1),
            "math.bitShiftLeft(int 1, int -1): bits cannot be shifted by a negative number",
        ),
        (
            "bitAnd",
            (1, UInt(1)),
            "no such overload: math.bitAnd(int 1, uint 1u); allowed: math.bitAnd(int|uint, int|uint)",
        ),
    ],
)
def test_refusals(name: str, arguments: tuple[object, ...], message: str) -> None:
    with pytest.raises(EvalError) as caught:
        call(f"math.{name}", *arguments)
    assert caught.value.message == message
