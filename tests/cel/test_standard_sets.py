"""The set functions, and the keys that stand for equality."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.cel import EvalError, program
from penstock.cel.standard.sets import keys
from penstock.cel.types import Type
from penstock.cel.values import Optional, UInt, equal


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sets.contains([], [])", True),
        ("sets.contains([1], [])", True),
        ("sets.contains([], [1])", False),
        ("sets.contains([1, 2, 3, 4], [2, 3])", True),
        ("sets.contains([1], [1, 1])", True),
        ("sets.contains([1], [1, 2])", False),
        ("sets.contains([1], [1.0, 1u])", True),
        ("sets.contains([1], ['1', 1])", False),
        ("sets.contains([1], [true])", False),
        ("sets.contains([[1], [2, 3]], [[2, 3.0]])", True),
        ("sets.contains([{'a': [1]}], [{'a': [1u]}])", True),
        ("sets.contains([0.0 / 0.0], [0.0 / 0.0])", False),
        ("sets.equivalent([], [])", True),
        ("sets.equivalent([1], [1, 1])", True),
        ("sets.equivalent([1, 2, 3], [3u, 2.0, 1])", True),
        ("sets.equivalent([[1.0], [2, 3]], [[1], [2, 3.0]])", True),
        ("sets.equivalent([2, 1], [1])", False),
        ("sets.equivalent([1, 2], [1u, 2, 2.3])", False),
        ("sets.equivalent([1], [true])", False),
        ("sets.intersects([], [])", False),
        ("sets.intersects([1], [])", False),
        ("sets.intersects([1], [1, 2])", True),
        ("sets.intersects([1], [1.1, 2u])", False),
        ("sets.intersects([[1], [2, 3]], [[1, 2], [2, 3.0]])", True),
        ("sets.intersects(['a', null], [null])", True),
        ("sets.intersects([optional.of(1)], [optional.of(1.0)])", True),
        ("sets.intersects([optional.none()], [optional.of(1)])", False),
        ("sets.intersects([quantity('1')], [quantity('1000m')])", True),
        ("sets.contains([int, string], [string])", True),
    ],
)
def test_value(text: str, expected: bool) -> None:
    assert program.compile(text)({}) is expected


def test_wrong_types() -> None:
    with pytest.raises(EvalError, match="no such overload"):
        program.compile("sets.contains(dyn('a'), ['a'])")({})


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.integers(0, 3).map(UInt),
    st.sampled_from([0.0, -0.0, 1.0, 1.5, float("nan"), float("inf")]),
    st.sampled_from(["", "a", "1", b"", b"a"]),
    st.sampled_from([timedelta(), timedelta(1), datetime(2026, 1, 1, tzinfo=timezone.utc)]),
    st.sampled_from([Type("int"), Type("string"), Optional(), Optional(True, 1), Optional(True, True)]),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.lists(inner, max_size=2).map(tuple),
        st.dictionaries(st.sampled_from(["a", "b", 1, UInt(2)]), inner, max_size=2),
    ),
    max_leaves=4,
)


@given(values, values)
def test_keys_are_equal_just_when_the_values_are(left: object, right: object) -> None:
    assert (keys([left]) == keys([right])) is equal(left, right)


def test_many_values_are_quick() -> None:
    many: list[object] = [[number] for number in range(100_000)]
    start = time.perf_counter()
    assert program.compile("sets.equivalent(x, y)")({"x": many, "y": many[::-1]}) is True
    assert time.perf_counter() - start < 10


def test_values_without_a_key() -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        keys([bytearray()])
