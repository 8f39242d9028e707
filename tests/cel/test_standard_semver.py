"""Semantic versions."""

from __future__ import annotations

from itertools import pairwise

import pytest

from penstock.cel import EvalError, program

ORDER = ("0.9.9", "1.0.0-1", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta.2", "1.0.0-beta.11")
ORDER += ("1.0.0-rc.1", "1.0.0", "1.2.3", "1.10.0", "2.0.0")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("isSemver('1.0.0')", True),
        ("isSemver('1.0.0-rc.1+build.5')", True),
        ("isSemver('1.0.0-0a')", True),
        ("isSemver('hello')", False),
        ("isSemver('v1.0')", False),
        ("isSemver('1.0')", False),
        ("isSemver('01.0.0')", False),
        ("isSemver('1.0.0-01')", False),
        ("isSemver('1.0.0-')", False),
        ("isSemver('1.0.0+a..b')", False),
        ("isSemver('9999999999999999999.0.0')", False),
        ("isSemver('v1.0', true)", True),
        ("isSemver('01.01.01', true)", True),
        ("isSemver('v1-rc', true)", False),
        ("isSemver('1.0.00-rc', true)", True),
        ("semver('1.2.3').major()", 1),
        ("semver('1.2.3').minor()", 2),
        ("semver('1.2.3').patch()", 3),
        ("semver('v1', true) == semver('1.0.0')", True),
        ("semver('1.0.0+a') == semver('1.0.0+b')", True),
        ("semver('1.0.0-a') == semver('1.0.0')", False),
        ("semver('1.2.3').compareTo(semver('1.2.3'))", 0),
        ("semver('1.2.3').compareTo(semver('2.0.0'))", -1),
        ("semver('1.2.3').compareTo(semver('0.1.2'))", 1),
        ("semver('1.2.3').isLessThan(semver('1.2.4'))", True),
        ("semver('1.2.3').isGreaterThan(semver('1.2.4'))", False),
    ],
)
def test_value(text: str, expected: object) -> None:
    assert program.compile(text)({}) == expected


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(ORDER)))
def test_order(lower: str, higher: str) -> None:
    text = "semver(x).isLessThan(semver(y)) && semver(y).isGreaterThan(semver(x))"
    assert program.compile(text)({"x": lower, "y": higher}) is True


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("semver('1.0')", "not a semantic version such as 1.2.3 or 1.2.3-rc.1"),
        ("semver('1.0.0-01')", "numbers have no leading zeros"),
        ("semver('1-rc', true)", "a version without its patch number cannot have more behind it"),
        ("semver('1.0.0').compareTo(quantity('1'))", "no such overload"),
    ],
)
def test_error(text: str, message: str) -> None:
    with pytest.raises(EvalError) as error:
        program.compile(text)({})
    assert message in error.value.message
