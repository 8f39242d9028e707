"""The exact evaluator: what is absorbed and what is not, what is evaluated at all, and where an error stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone

import pytest

from penstock import cel
from penstock.cel import EvalError, Lazy, Optional, Type, UInt

NONE = Optional()


def value(text: str, bindings: Mapping[str, object] | None = None, **functions: Callable[..., object]) -> object:
    return cel.compile(text).evaluate_exactly(bindings or {}, functions)


def fault(text: str, bindings: Mapping[str, object] | None = None) -> tuple[str, str]:
    """The message, and the characters it is about."""
    with pytest.raises(EvalError) as caught:
        value(text, bindings)
    error = caught.value
    assert (error.line, error.end_line, error.text) == (1, 1, text)
    assert error.column is not None
    assert error.end_column is not None
    return error.message, text[error.column - 1 : error.end_column - 1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 / 0 > 0 || true", True),
        ("true || 1 / 0 > 0", True),
        ("1 / 0 > 0 && false", False),
        ("[1 / 1, 2].exists(x, 4 / (x - 1) == 4)", True),
        ("[1, 2, 3].all(x, 6 / (2 - x) == 6)", False),
        ("[1, 'a'].exists(x, x == 'a' || x + 1 == 2)", True),
        ("{'a': 0, 'b': 1}.exists(k, v, 1 / v == 1)", True),
        ("true ? 1 : 1 / 0", 1),
        ("cel.bind(x, 1 / 0, true || x == 1)", True),
        ("cel.bind(x, 1 / 0, 2)", 2),
    ],
)
def test_absorbed_errors(text: str, expected: object) -> None:
    assert value(text) is expected or value(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "1 / 0 > 0 || false",
        "1 / 0 > 0 && true",
        "[0, 1].exists(x, 1 / x == 2)",
        "[0, 1].all(x, 1 / x == 1)",
        "[1, 0].exists_one(x, 1 / x == 1)",
        "[1, 0].filter(x, 1 / x == 1)",
        "[1, 0].map(x, 1 / x)",
        "1 / 0 == 1 ? true : true",
    ],
)
def test_errors_that_count(text: str) -> None:
    assert fault(text) == ("division by zero: int 1 / int 0", "1 / 0" if "x" not in text else "1 / x")


def test_what_is_decided_stops_the_evaluation() -> None:
    calls: list[object] = []

    def seen(item: object) -> bool:
        calls.append(item)
        return item == 2

    assert value("[1, 2, 3].exists(x, seen(x))", seen=seen) is True
    assert value("[1, 2, 3].all(x, !seen(x))", seen=seen) is False
    assert value("seen(2) || seen(3)", seen=seen) is True
    assert calls == [1, 2, 1, 2, 2]


def test_a_bound_variable_is_computed_at_most_once_and_its_error_too() -> None:
    calls: list[object] = []

    def made() -> int:
        calls.append(1)
        return 5

    def failing() -> int:
        calls.append(2)
        raise ValueError("no")

    assert value("cel.bind(x, made(), x + x)", made=made) == 10
    assert value("cel.bind(x, failing(), [1, 2].exists(i, x == i)) || true", failing=failing) is True
    assert calls == [1, 2]
    assert value("[1, 2].map(i, cel.bind(x, i * 10, x + x))") == [20, 40]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{'a': {'b': 1}}.?a.?b", Optional(True, 1)),
        ("{'a': {'b': 1}}.?a.b", Optional(True, 1)),
        ("{'a': {}}.?a.b", NONE),
        ("{}.?a.b.c", NONE),
        ("[1, 2][?1]", Optional(True, 2)),
        ("[1, 2][?2]", NONE),
        ("[1, 2][?-1]", NONE),
        ("{1: 'x'}[?1.0]", Optional(True, "x")),
        ("optional.of([5])[0]", Optional(True, 5)),
        ("optional.of([5])[1]", NONE),
        ("has({'a': {}}.?a.b)", False),
        ("has({'a': {'b': null}}.?a.b)", True),
        ("[1, ?optional.none(), ?optional.of(2)]", [1, 2]),
        ("{'a': 1, ?'b': optional.none(), ?'c': {'x': 3}.?x}", {"a": 1, "c": 3}),
        ("optional.of(2).optMap(x, x * x)", Optional(True, 4)),
        ("optional.none().optMap(x, x * x)", NONE),
        ("optional.of({'y': 1}).optFlatMap(x, x.?y)", Optional(True, 1)),
    ],
)
def test_optionals(text: str, expected: object) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{1: 'a'}[1.0] + {1: 'a'}[1u]", "aa"),
        ("{1: 'a', true: 'b'}[true]", "b"),
        ("{1: 'a', true: 'b'}[1]", "a"),
        ("size({1: 'a', true: 'b'})", 2),
        ("true in {1: 'a'}", False),
        ("[1, 2].transformMap(i, v, v > 1, v * 10)", {1: 20}),
        ("{'a': 1}.transformList(k, v, k + string(v))", ["a1"]),
        ("{'a': 'x', 'b': 'y'}.transformMapEntry(k, v, {v: k})", {"x": "a", "y": "b"}),
        ("['bb', 'a', 'ccc'].sortBy(x, -size(x))", ["ccc", "bb", "a"]),
        ("[3, 4].exists_one(i, v, i == 1 && v == 4)", True),
        ("[1] + [2]", [1, 2]),
        ("type(1u) == uint && type(uint) == type", True),
    ],
)
def test_maps_lists_and_types(text: str, expected: object) -> None:
    found = value(text)
    assert (type(found), found) == (type(expected), expected)


def test_results_keep_the_types_that_python_lacks() -> None:
    assert type(value("1u + 1u")) is UInt
    assert value("type('a')") == Type("string")
    assert type(value("[1].map(x, x)")) is list
    assert type(value("'a,b'.split(',')")) is list


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("true && a.b.c == 1", "no such key: `c`", "c"),
        ("1 + nothing", "there is no name `nothing`", "nothing"),
        ("1 + nothing(2)", "there is no function `nothing`", "nothing(2)"),
        ("a.nothing(2) || false", "there is no function `nothing`", "nothing(2)"),
        ("1 + a.list[7]", "index 7 is out of range: a list of 2", "7"),
        ("1 || false", "`||` needs a bool, not int 1", "1"),
        ("false || (a.b)", "`||` needs a bool, not a map of 0", "a.b"),
        ("!a.list", "`!` needs a bool, not a list of 2", "a.list"),
        ("a.list ? 1 : 2", "`?:` needs a bool, not a list of 2", "a.list"),
        ("a.list.all(x, x)", "all() needs a bool, not int 1", "x"),
        ("a.n.map(x, x)", "map() needs a list or a map, not int 5", "map(x, x)"),
        ("1 + 2 + 'c' + 3", 'no such overload: int 3 + string "c"', "1 + 2 + 'c'"),
        ("-a.b", "no such overload: - of a map of 0", "-a.b"),
        ("{'a': 1, 'b': 2, 'a': 3}", 'the map has the key "a" twice', "{'a': 1, 'b': 2, 'a': 3}"),
        ("[?a.n]", "an element with `?` takes an optional, not int 5", "[?a.n]"),
        ("a.n.optMap(x, x)", "optMap() needs an optional, not int 5", "a.n.optMap(x, x)"),
        ("[1, 2].transformMapEntry(i, v, {'k': v})", 'the map has the key "k" twice', None),
        ("[1, 'a'].sortBy(x, x)", None, "sortBy(x, x)"),
        ("math.greatest('a', 1)", None, "math.greatest('a', 1)"),
    ],
)
def test_errors_have_a_place(text: str, message: str | None, place: str | None) -> None:
    found = fault(text, {"a": {"b": {}, "list": [1, 2], "n": 5}})
    assert message in (None, found[0])
    assert place in (None, found[1])


def test_an_error_on_a_later_line_has_its_lines() -> None:
    with pytest.raises(EvalError) as caught:
        value("true &&\n  [1,\n 2] + 3 == 4")
    error = caught.value
    assert (error.line, error.column, error.end_line, error.end_column) == (2, 3, 3, 8)


def test_an_error_of_a_lazy_binding_keeps_its_own_place() -> None:
    inner = cel.compile("1 / 0")
    with pytest.raises(EvalError) as caught:
        value("true && variables.x == 1", {"variables": Lazy({"x": lambda: inner({})})})
    assert (caught.value.text, caught.value.column, caught.value.end_column) == ("1 / 0", 1, 6)


def test_a_function_of_the_host_hides_the_standard_one() -> None:
    assert value("size('abc')", size=lambda _: -1) == -1
    assert value("'abc'.size()", size=lambda _: -2) == -2


def test_long_chains_take_no_recursion() -> None:
    assert value("1" + " + 1" * 2000) == 2001
    assert value("true" + " && true" * 800) is True
    assert value("1 == 1" + " == true" * 900) is True


def test_what_takes_too_long_is_stopped() -> None:
    for text in (
        "lists.range(3000).all(x, lists.range(3000).all(y, x + y >= 0))",
        "cel.bind(a, 'xxxxxxxxxx', [1,2,3,4,5,6,7,8,9].all(i, size(a.replace('x', a)) > 0) && "
        "lists.range(1000000).all(i, size(a + a) > 0))",
        # 40 lists, each twice in the next: billions of elements to compare.
        "[[0]]" + ".map(x, [x, x])" * 40 + " == [[0]]" + ".map(x, [x, x])" * 40,
    ):
        message, _ = fault(text)
        assert message == "the evaluation was stopped after 10,000,000 steps"


def test_values_that_are_nested_too_deeply_are_an_error() -> None:
    deep: list[object] = []
    for _ in range(5000):
        deep = [deep]
    other: list[object] = []
    for _ in range(5000):
        other = [other]
    assert fault("a == b", {"a": deep, "b": other})[0] == "the expression or its values are nested too deeply"


def test_a_list_within_itself_is_an_error() -> None:
    ring: list[object] = []
    ring.append(ring)
    other: list[object] = []
    other.append(other)
    assert fault("a == b", {"a": ring, "b": other})[0] == "the evaluation was stopped after 10,000,000 steps"


def test_whatever_a_host_value_raises_is_an_evaluation_error() -> None:
    naive = datetime(2026, 1, 1)
    aware = datetime(2026, 1, 1, tzinfo=timezone.utc)
    message, place = fault("a < b", {"a": naive, "b": aware})
    assert message == "`<`: a datetime without a timezone is no moment"
    assert place == "a < b"
