"""The list functions, through the evaluator and alone."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import pytest

from penstock.cel import EvalError, program
from penstock.cel.env import Function, Overload
from penstock.cel.errors import BudgetError
from penstock.cel.standard import _joined, functions_by_name, lists
from penstock.cel.standard.lists import sort_by
from penstock.cel.types import DYN, INT, STRING, list_of
from penstock.cel.values import MadeList, Optional, UInt


def value(text: str, **bindings: object) -> object:
    return program.compile(text)(bindings)


def implementation(name: str) -> object:
    return functions_by_name()[name].overloads[0].implementation


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lists.range(4)", [0, 1, 2, 3]),
        ("lists.range(0)", []),
        ("lists.range(-3)", []),
        ("[1, 2, 3, 4].slice(1, 3)", [2, 3]),
        ("[1, 2, 3, 4].slice(0, 4)", [1, 2, 3, 4]),
        ("[1, 2].slice(2, 2)", []),
        ("[[1, 2], [], [[3]]].flatten()", [1, 2, [3]]),
        ("dyn([1, [2, [3, [4]]]]).flatten(0)", [1, [2, [3, [4]]]]),
        ("dyn([1, [2, [3, [4]]]]).flatten(2)", [1, 2, 3, [4]]),
        ("dyn([1, [2, [3, [4]]]]).flatten(9223372036854775807)", [1, 2, 3, 4]),
        ("dyn([]).flatten()", []),
        ("[-2, 5, -2, 1, 1, 5].distinct()", [-2, 5, 1]),
        ("['c', 'a', 'a', 'b', 'c'].distinct()", ["c", "a", "b"]),
        ("[1, 1.0, 1u, 2].distinct()", [1, 2]),
        ("[1, true, false, 0].distinct()", [1, True, False, 0]),
        ("[[1], [1.0], [true], [2]].distinct()", [[1], [True], [2]]),
        ("[{'a': 1}, {'a': 1u}, {'a': '1'}].distinct()", [{"a": 1}, {"a": "1"}]),
        ("[null, null].distinct()", [None]),
        ("['a', b'a'].distinct()", ["a", b"a"]),
        ("size([0.0 / 0.0, 0.0 / 0.0].distinct())", 2),
        ("[1, 2, 3].reverse()", [3, 2, 1]),
        ("[].reverse()", []),
        ("'abc'.reverse()", "cba"),
        ("[4, 3, 2, 1].sort()", [1, 2, 3, 4]),
        ("['d', 'a', 'B'].sort()", ["B", "a", "d"]),
        ("[2.5, 1, 2u].sort()", [1, 2, 2.5]),
        ("[true, false].sort()", [False, True]),
        ("[b'b', b'a'].sort()", [b"a", b"b"]),
        ("[duration('1h'), duration('2m')].sort() == [duration('2m'), duration('1h')]", True),
        ("[].sort()", []),
        ("[1, 2, 2].isSorted()", True),
        ("[2.0, 1.0].isSorted()", False),
        ("['a', 'b'].isSorted()", True),
        ("[].isSorted()", True),
        ("[1, 3].sum()", 4),
        ("[1u, 3u].sum() == 4u", True),
        ("[0.1, 0.2, 0.3].sum()", 0.1 + 0.2 + 0.3),
        ("[1e16, 1.0, -1e16].sum()", 0.0),
        ("[duration('1m'), duration('1s')].sum() == duration('61s')", True),
        ("[duration('1ns'), duration('1ns')].sum() == duration('2ns')", True),
        ("[].sum()", 0),
        ("[3, 1, 2].min()", 1),
        ("[3, 1, 2].max()", 3),
        ("['b', 'a'].max()", "b"),
        ("[1, 0.5].min()", 0.5),
        ("[timestamp('2026-01-02T00:00:00Z'), timestamp('2026-01-01T00:00:00Z')].min().getDayOfMonth()", 0),
        ("[1, 2, 2, 3].indexOf(2)", 1),
        ("[1, 2, 2, 3].lastIndexOf(2)", 2),
        ("[1.0, 2.0].indexOf(2)", 1),
        ("[1, 2].indexOf(true)", -1),
        ("[[1], [2]].indexOf([2.0])", 1),
        ("dyn([]).indexOf('a')", -1),
        ("dyn([]).lastIndexOf('a')", -1),
        ("'banana'.indexOf('na')", 2),
        ("[1, 2].first().value()", 1),
        ("[1, 2].last().value()", 2),
        ("[].first().hasValue()", False),
        ("dyn([]).last().hasValue()", False),
    ],
)
def test_value(text: str, expected: object) -> None:
    got = value(text)
    assert got == expected
    assert repr(got) == repr(expected), "of the same types too"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lists.range(1000000000000)", "a list may have at most 10,000,000 elements"),
        ("[1, 2].slice(-1, 2)", "places are counted from 0 and cannot be negative"),
        ("[1, 2].slice(2, 1)", "the start is behind the end"),
        ("[1, 2].slice(0, 10)", "the list has 2 elements"),
        ("dyn([1]).flatten(-1)", "the depth cannot be negative"),
        ("dyn({}).flatten()", "no such overload"),
        ("dyn([1]).flatten('1')", "no such overload"),
        ("['d', 3].sort()", "the elements must be comparable with each other, not int, string"),
        ("[true, 1].sort()", "the elements must be comparable with each other, not bool, int"),
        ("dyn([[1], [2]]).sort()", "the elements must be comparable with each other, not list"),
        ("[0.0 / 0.0, 1.0].sort()", "NaN has no place in an order"),
        ("[0.0 / 0.0].max()", "NaN has no place in an order"),
        ("[].min()", "the list is empty"),
        ("[].max()", "the list is empty"),
        ("[9223372036854775807, 1].sum()", "integer overflow"),
        ("[18446744073709551615u, 1u].sum()", "integer overflow"),
        (
            "dyn([1, 2.5]).sum()",
            "the elements must all be ints, all uints, all doubles or all durations, not double, int",
        ),
        ("dyn(['a']).sum()", "not string"),
        ("[duration('2000000h'), duration('2000000h')].sum()", "a duration of more than 292 years"),
    ],
)
def test_error(text: str, message: str) -> None:
    with pytest.raises(EvalError) as error:
        value(text)
    assert message in error.value.message


def test_values_of_the_host() -> None:
    moment = datetime(2026, 1, 1, tzinfo=timezone.utc)
    assert value("x.sort()", x=(3, 1, 2)) == [1, 2, 3]
    assert value("x.min() == x[1]", x=[moment + timedelta(days=1), moment]) is True
    with pytest.raises(EvalError, match="offset-naive"):
        value("x.sort()", x=[moment, datetime(2026, 1, 1)])
    with pytest.raises(EvalError, match="without a timezone"):
        value("x.distinct()", x=[datetime(2026, 1, 1)])


def test_made_lists_are_known_as_made() -> None:
    """The budget counts the elements of those, not of the host's."""
    made = [
        lists._range(3),
        lists._slice([1, 2], 0, 1),
        lists._flatten([[1]]),
        lists._distinct([1]),
        sort_by([1], [1]),
    ]
    assert {type(each) for each in made} == {MadeList}


def test_sort_by() -> None:
    assert sort_by(["b", "a", "c"], [2, 1, 2]) == ["a", "b", "c"]
    assert sort_by([{"n": 1}, {"n": 2}], [1, 0.5]) == [{"n": 2}, {"n": 1}]
    assert sort_by([], []) == []
    with pytest.raises(
        EvalError, match=r"sortBy\(\): the keys must be comparable with each other, not int, string"
    ):
        sort_by([1, 2], [1, "a"])
    with pytest.raises(EvalError, match=r"sortBy\(\): NaN has no place in an order"):
        sort_by([1], [float("nan")])
    with pytest.raises(EvalError, match=r"sortBy\(\): can't compare offset-naive"):
        sort_by([1, 2], [datetime(2026, 1, 1), datetime(2026, 1, 1, tzinfo=timezone.utc)])


def test_distinct_of_many_nested_values_is_quick() -> None:
    start = time.perf_counter()
    assert len(lists._distinct([[number % 50_000, "a"] for number in range(100_000)])) == 50_000
    assert time.perf_counter() - start < 5


def test_lists_that_hold_one_another_many_times_end() -> None:
    nested: object = []
    for _ in range(60):
        nested = [nested, nested]
    start = time.perf_counter()
    with pytest.raises(BudgetError):
        lists._distinct([nested])
    with pytest.raises(BudgetError):
        lists._flatten([nested], 100)
    deep: object = []
    for _ in range(5_000):
        deep = [deep]
    with pytest.raises(ValueError, match="nested more than 100 deep"):
        lists._distinct([deep])
    assert lists._flatten([deep], 10_000) == []
    assert time.perf_counter() - start < 30


def test_a_name_may_have_overloads_of_several_families() -> None:
    overloads = functions_by_name()["indexOf"].overloads
    assert [each.parameters[0].name for each in overloads] == ["string", "string", "list"]
    assert functions_by_name()["first"].overloads[0].implementation is not None
    assert isinstance(implementation("first"), type(lists._first))


def test_a_second_overload_for_the_same_types_is_refused() -> None:
    function = Function("f", (Overload((list_of(INT), STRING), DYN),))
    assert len(_joined(function, (Overload((list_of(INT), STRING), DYN, receiver=True),)).overloads) == 2
    with pytest.raises(ValueError, match="f is declared twice for the same arguments"):
        _joined(function, (Overload((list_of(STRING), STRING), DYN),))


def test_first_and_last_are_optionals() -> None:
    assert lists._first([UInt(1)]) == Optional(True, 1)
    assert lists._last([]) == Optional()
