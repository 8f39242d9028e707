"""How names, functions and lazy values reach a program, and how its faults come out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest

from penstock.cel import Engine, EvalError, Lazy, ParseError, engine
from penstock.errors import UsageError


@pytest.fixture(scope="module")
def cel() -> Engine:
    return engine("cel-python")


def test_an_unknown_engine_is_an_error_that_lists_the_engines() -> None:
    with pytest.raises(UsageError, match=r"no CEL engine `cel-go`[\s\S]*engines: penstock, cel-python"):
        engine("cel-go")


def test_no_engine_is_imported_before_it_is_asked_for() -> None:
    code = (
        "import sys, penstock.cel\n"
        "assert not {'celpy', 'lark', 're2', 'pendulum'} & set(sys.modules), 'imported too early'\n"
        "limit = sys.getrecursionlimit()\n"
        "penstock.cel.engine('cel-python').compile('1 + 1').evaluate({}, {})\n"
        "assert sys.getrecursionlimit() == limit, 'the recursion limit was changed'\n"
        "assert 'celpy' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# --- names -------------------------------------------------------------------------------------------------


def test_a_comprehension_variable_hides_a_name_only_inside_its_comprehension(cel: Engine) -> None:
    program = cel.compile("x.a.all(x, x > 1) && x.b")
    assert program.text == "x.a.all(x, x > 1) && x.b"
    assert program.evaluate({"x": {"a": [2, 3], "b": True}}, {}) is True


def test_a_leading_dot_means_the_free_name(cel: Engine) -> None:
    program = cel.compile("[1].exists(x, .x == 2)")
    assert program.evaluate({"x": 2}, {}) is True


# --- bindings and functions ---------------------------------------------------------------------------------


class OwnError(EvalError):
    """As a host defines one."""


def test_a_function_is_called_with_the_very_objects_that_were_bound(cel: Engine) -> None:
    resource = {"kind": "Agent", "spec": {"n": [1]}}
    seen: list[object] = []

    def look(value: object, word: object) -> object:
        seen.extend((value, word))
        return resource["spec"]

    bindings = {"object": resource}
    assert cel.compile("look(object, 'x').n[0]").evaluate(bindings, {"look": look}) == 1
    assert cel.compile("object.look('y') == look(object, 'z')").evaluate(bindings, {"look": look}) is True
    assert [value is resource for value in seen[::2]] == [True] * 3
    assert seen[1::2] == ["x", "y", "z"]
    assert cel.compile("object.spec").evaluate(bindings, {}) is resource["spec"]


def test_a_function_gets_and_gives_native_values_only(cel: Engine) -> None:
    seen: list[object] = []
    text = "[1u, type(1), {1u: [2u]}].keep()"
    cel.compile(text).evaluate({}, {"keep": seen.append})
    assert seen == [[1, "int", {1: [2]}]]
    assert [type(part) for part in (seen[0], *seen[0])] == [list, int, str, dict]  # type: ignore[misc]


def test_a_host_function_stands_before_a_built_in_one(cel: Engine) -> None:
    assert cel.compile("size('abc')").evaluate({}, {"size": lambda text: 7}) == 7


def raising(error: Exception) -> Callable[..., object]:
    def function(*_: object) -> object:
        raise error

    return function


@pytest.mark.parametrize(
    "text",
    [
        "f(1)",
        "f(1).a.b == 2",
        "1 + f(1)",
        "[f(1)].map(x, x)",
        "[1].all(x, f(x))",
        "false || f(1)",
        "f(1) && true",
        "f(1) ? 1 : 2",
        "{'a': f(1)}.b",
        "has(f(1).a)",
        "g(f(1))",
        "!f(1)",
        "f(1) == f(2)",
        "1 in f(1)",
        "string(f(1))",
        "1.f()",
        "[1].exists_one(x, f(x))",
    ],
)
def test_the_very_error_a_function_raised_comes_out(cel: Engine, text: str) -> None:
    error = OwnError("nobody knows")
    text = text.replace("1.f()", "x.f()")
    with pytest.raises(OwnError) as caught:
        cel.compile(text).evaluate({"x": 1}, {"f": raising(error), "g": lambda value: value})
    assert caught.value is error


@pytest.mark.parametrize(
    "text", ["true || f(1)", "f(1) || true", "[1, 2].exists(x, x == 2 || f(x))", "true ? true : f(1)"]
)
def test_logic_absorbs_a_functions_error(cel: Engine, text: str) -> None:
    assert cel.compile(text).evaluate({}, {"f": raising(OwnError("nobody knows"))}) is True


def test_an_error_without_a_place_gets_the_calls(cel: Engine) -> None:
    with pytest.raises(OwnError) as caught:
        cel.compile("true &&\n  f(1)").evaluate({}, {"f": raising(OwnError("nobody knows"))})
    assert (caught.value.line, caught.value.column, caught.value.text) == (2, 3, "true &&\n  f(1)")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("f(1)", 'f(int 1): invalid literal for int() with base 10: "x"'.replace('"', "'")),
        ("g(1, 2)", "no such overload: g(int 1, int 2)"),
        ("g('a')", "g(string \"a\"): unsupported operand type(s) for +: 'int' and 'str'"),
    ],
)
def test_any_other_exception_of_a_function_is_an_evaluation_error(cel: Engine, text: str, message: str) -> None:
    functions: dict[str, Callable[..., object]] = {"f": lambda _: int("x"), "g": lambda value: 1 + value}
    with pytest.raises(EvalError) as caught:
        cel.compile(text).evaluate({}, functions)
    assert (caught.value.message, caught.value.line, caught.value.column) == (message, 1, 1)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        0,
        -5,
        1.5,
        "é",
        b"\xff",
        [1, [2.0]],
        {"a": {"b": None}},
        datetime(2026, 6, 30, tzinfo=timezone.utc),
        timedelta(hours=1),
    ],
)
def test_values_come_out_as_they_went_in(cel: Engine, value: object) -> None:
    got = cel.compile("x").evaluate({"x": value}, {})
    assert got is value
    assert cel.compile("[x, x][1] == x && {'k': x}.k == x").evaluate({"x": value}, {}) is True


# --- lazy values --------------------------------------------------------------------------------------------


def test_a_lazy_value_is_computed_when_reached_and_once(cel: Engine) -> None:
    computed: list[str] = []

    def make(name: str) -> Callable[[], object]:
        return lambda: computed.append(name) or {"n": 1}  # type: ignore[func-returns-value]

    bindings = {"variables": Lazy({"a": make("a"), "b": make("b")})}
    assert cel.compile("variables.a.n + variables.a.n == 2 || variables.b.n == 1").evaluate(bindings, {}) is True
    assert computed == ["a"]
    assert cel.compile("has(variables.b) && !has(variables.c)").evaluate(bindings, {}) is True
    assert computed == ["a"]


def test_a_lazy_error_is_remembered_and_keeps_the_place_in_its_own_expression(cel: Engine) -> None:
    runs: list[int] = []
    inner = cel.compile("f() + 1/0")

    def make() -> object:
        return inner.evaluate({}, {"f": lambda: runs.append(1) or 1})  # type: ignore[func-returns-value]

    bindings = {"variables": Lazy({"x": make})}
    assert cel.compile("variables.x == 1 || true").evaluate(bindings, {}) is True
    errors = []
    for _ in range(2):
        with pytest.raises(EvalError, match="division by zero") as caught:
            cel.compile("   variables.x").evaluate(bindings, {})
        errors.append(caught.value)
    assert errors[0] is errors[1]
    assert runs == [1]
    assert (errors[0].text, errors[0].line, errors[0].column) == ("f() + 1/0", 1, 7)


def test_a_lazy_value_defined_in_terms_of_itself_is_an_error(cel: Engine) -> None:
    programs = {"a": cel.compile("variables.b + 1"), "b": cel.compile("variables.a + 1")}
    bindings: dict[str, object] = {}
    bindings["variables"] = Lazy(
        {name: lambda program=program: program.evaluate(bindings, {}) for name, program in programs.items()}  # type: ignore[misc]
    )
    with pytest.raises(EvalError, match="`a` is defined in terms of itself"):
        cel.compile("variables.a").evaluate(bindings, {})


def test_a_name_that_a_lazy_mapping_lacks_is_a_missing_key(cel: Engine) -> None:
    with pytest.raises(EvalError, match="no such key: `y`"):
        cel.compile("variables.y").evaluate({"variables": Lazy({})}, {})


def test_all_bindings_may_be_lazy(cel: Engine) -> None:
    bindings = Lazy({"x": lambda: 1, "y": raising(AssertionError("reached"))})
    assert cel.compile("x == 1").evaluate(bindings, {}) is True


def test_any_other_exception_of_a_lazy_value_is_an_evaluation_error(cel: Engine) -> None:
    with pytest.raises(EvalError, match="cannot be evaluated: 'broken'"):
        cel.compile("variables.x").evaluate({"variables": Lazy({"x": raising(KeyError("broken"))})}, {})


# --- threads ------------------------------------------------------------------------------------------------


def test_threads_may_compile_and_evaluate_at_once(cel: Engine) -> None:
    shared = cel.compile("list.filter(x, x % n == 0).map(x, x * n)")

    def work(n: int) -> tuple[object, object]:
        own = engine("cel-python").compile(f"list.exists(x, x == {n})")
        numbers = list(range(50))
        return shared.evaluate({"list": numbers, "n": n}, {}), own.evaluate({"list": numbers}, {})

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(work, range(1, 40)))
    assert results == [([x * n for x in range(0, 50, n)], True) for n in range(1, 40)]


def test_a_syntax_error_has_a_place_and_plain_words(cel: Engine) -> None:
    with pytest.raises(ParseError) as caught:
        cel.compile("a &&\n  b = 1")
    assert (caught.value.message, caught.value.line, caught.value.column) == (
        "`=` is not expected here; write `==`",
        2,
        5,
    )
