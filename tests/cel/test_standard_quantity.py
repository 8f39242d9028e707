"""Resource quantities."""

from __future__ import annotations

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.cel import EvalError, program
from penstock.cel.standard.quantity import Quantity, parse


@pytest.mark.parametrize(
    ("text", "nanos"),
    [
        ("0", 0),
        ("1", 10**9),
        ("+1", 10**9),
        ("-1.5", -15 * 10**8),
        ("1.", 10**9),
        (".5", 5 * 10**8),
        ("100m", 10**8),
        ("1u", 1000),
        ("1n", 1),
        ("1.5Gi", 1536 * 2**20 * 10**9),
        ("200k", 200_000 * 10**9),
        ("2E", 2 * 10**27),
        ("1e3", 1000 * 10**9),
        ("1E3", 1000 * 10**9),
        ("12e-1", 12 * 10**8),
        ("0.1n", 1),
        ("-0.1n", -1),
        ("1e-300", 1),
        ("0e-300", 0),
        ("8Ei", (2**63 - 1) * 10**9),
        ("-16Ei", -(2**63 - 1) * 10**9),
        ("007", 7 * 10**9),
    ],
)
def test_parse(text: str, nanos: int) -> None:
    assert parse(text) == Quantity(nanos)


WRONG = ["", "200K", "Three", "Mi", "1,3G", "10Mo", "10Mm", " 1", "1 ", ".", "+", "1e", "1e1.5", "1_0", "٣", "1ki"]


@pytest.mark.parametrize("text", [*WRONG, "--1", "1e9999", "1" * 201, "1\n"])
def test_not_a_quantity(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a quantity such as 500m|beyond 300"):
        parse(text)
    assert program.compile("isQuantity(x)")({"x": text}) is False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("isQuantity('20Mi')", True),
        ("quantity('200M') == quantity('0.2G')", True),
        ("quantity('200M') == quantity('0.3G')", False),
        ("quantity('2') == dyn(2)", False),
        ("quantity('-3').sign()", -1),
        ("quantity('0').sign()", 0),
        ("quantity('1n').sign()", 1),
        ("quantity('50k').isInteger()", True),
        ("quantity('1.5Gi').isInteger()", True),
        ("quantity('1.5').isInteger()", False),
        ("quantity('9999999999999999999999999999999999999G').isInteger()", False),
        ("quantity('9223372036854775807').asInteger()", 2**63 - 1),
        ("quantity('-50k').asInteger()", -50_000),
        ("quantity('50.703k').asApproximateFloat()", 50703.0),
        ("quantity('100m').asApproximateFloat()", 0.1),
        ("quantity('1e300').asApproximateFloat()", 1e300),
        ("quantity('50k').add(quantity('20')) == quantity('50.02k')", True),
        ("quantity('50k').add(20) == quantity('50020')", True),
        ("quantity('50k').sub(quantity('20')) == quantity('49.98k')", True),
        ("quantity('50k').add(20).sub(quantity('100k')).sub(-50000) == quantity('20')", True),
        ("quantity('50M').isLessThan(quantity('50Mi'))", True),
        ("quantity('50M').isLessThan(quantity('50M'))", False),
        ("quantity('150Mi').isGreaterThan(quantity('100Mi'))", True),
        ("quantity('200M').compareTo(quantity('0.2G'))", 0),
        ("quantity('50M').compareTo(quantity('50Mi'))", -1),
        ("quantity('50Mi').compareTo(quantity('50M'))", 1),
        ("type(quantity('1')) == type(quantity('2'))", True),
    ],
)
def test_value(text: str, expected: object) -> None:
    got = program.compile(text)({})
    assert got == expected
    assert type(got) is type(expected)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("quantity('10Mo')", "not a quantity such as 500m, 2, 1.5Gi or 1e3"),
        ("quantity('1e301')", "the exponent is beyond 300"),
        ("quantity('1.5').asInteger()", "not a whole number of 64 bits; isInteger() tells"),
        ("quantity('9223372036854775808').asInteger()", "not a whole number of 64 bits"),
        ("quantity('1').add(1.5)", "no such overload"),
        ("quantity('1').add('1')", "no such overload"),
        ("dyn(quantity('1')) < quantity('2')", "kubernetes"),
        ("isQuantity(dyn([1]))", "no such overload"),
    ],
)
def test_error(text: str, message: str) -> None:
    with pytest.raises(EvalError) as error:
        program.compile(text)({})
    assert message in error.value.message


def test_beyond_a_double() -> None:
    huge = "1" * 150 + "e300"
    assert program.compile("quantity(x).asApproximateFloat()")({"x": huge}) == math.inf
    assert program.compile("quantity(x).asApproximateFloat()")({"x": f"-{huge}"}) == -math.inf


def test_a_sum_does_not_grow_without_end() -> None:
    add = program.compile("x.add(x)")
    value = parse("9" * 199)
    for _ in range(1_000):
        value = add({"x": value})
    with pytest.raises(EvalError, match="the quantity is too large"):
        program.compile("x.add(x)")({"x": Quantity(10**530 // 2)})


@given(st.text("0123456789.+-eEinumkKMGTP", max_size=12))
def test_parse_gives_a_quantity_or_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(parse(text).nanos, int)
