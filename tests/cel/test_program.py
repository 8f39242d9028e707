"""Compiling and calling a program: the public API, checks, threads, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from penstock import cel


def test_a_program_is_called_with_bindings() -> None:
    program = cel.compile("name.startsWith('a') && count >= 2")
    assert program({"name": "abc", "count": 2}) is True
    assert program({"name": "abc", "count": 1}) is False
    assert program.text == "name.startsWith('a') && count >= 2"
    assert (program.type, program.problems) == (cel.DYN, ())


def test_a_program_without_names_needs_no_bindings() -> None:
    assert cel.compile("1 + 2 * 3")() == 7


@pytest.mark.parametrize("text", ["[1] + [2]", "'a,b'.split(',')", "[[1]].flatten()", "[2, 1].sortBy(x, x)"])
def test_lists_come_out_as_lists(text: str) -> None:
    assert type(cel.compile(text)()) is list


def test_an_environment_checks_the_expression_and_types_it() -> None:
    env = cel.Env(variables={"n": cel.INT, "name": cel.STRING})
    assert cel.compile("n + 1", env).type == cel.INT
    assert cel.compile("[name]", env).type == cel.list_of(cel.STRING)
    with pytest.raises(cel.CheckError) as caught:
        cel.compile("n + name || nmae == 'x'", env)
    problems = caught.value.problems
    assert [(problem.start, problem.end) for problem in problems] == [(2, 3), (12, 16)]
    assert (caught.value.line, caught.value.column, caught.value.end_column) == (1, 3, 4)


def test_check_can_be_left_out_and_names_still_resolve() -> None:
    env = cel.Env(variables={"pkg.x": cel.INT}, container="pkg")
    assert cel.compile("x + y", env, check=False)({"pkg.x": 1, "y": 2}) == 3


def test_functions_of_an_environment() -> None:
    double = cel.Function("double2", (cel.Overload((cel.INT,), cel.INT, lambda n: n * 2, receiver=True),))
    given = cel.Function("given", (cel.Overload((cel.INT,), cel.INT),))
    env = cel.Env(functions=[double, given])
    assert cel.compile("4.double2()", env)() == 8
    program = cel.compile("given(1) + 1", env)
    assert program.evaluate({}, {"given": lambda n: n + 40}) == 42
    with pytest.raises(cel.EvalError, match="given"):
        program()


def test_constants_of_an_environment() -> None:
    assert cel.compile("limits.max + 1", cel.Env(constants={"limits.max": 9}))() == 10


def test_parse_errors_have_a_place() -> None:
    with pytest.raises(cel.ParseError) as caught:
        cel.compile("1 +")
    assert caught.value.line == 1


def test_fast_and_exact_agree_on_an_absorbed_error() -> None:
    program = cel.compile("a.missing == 1 || a.n == 1")
    assert program({"a": {"n": 1}}) is True
    with pytest.raises(cel.EvalError) as caught:
        program({"a": {"n": 2}})
    assert (caught.value.message, caught.value.column, caught.value.end_column) == (
        "no such key: `missing`",
        3,
        10,
    )


def test_a_host_error_comes_out_as_it_is() -> None:
    class OwnError(cel.EvalError):
        pass

    def fail() -> object:
        raise OwnError("mine")

    with pytest.raises(OwnError) as caught:
        cel.compile("1 == fail()").evaluate({}, {"fail": fail})
    assert (caught.value.column, caught.value.end_column) == (6, 12)


def test_a_budget_that_is_spent_is_an_evaluation_error() -> None:
    text = "lists.range(4000).all(x, lists.range(4000).all(y, x + y >= 0))"
    with pytest.raises(cel.EvalError, match="stopped after 10,000,000 steps"):
        cel.compile(text)()


def test_one_program_in_many_threads() -> None:
    program = cel.compile("[1, 2, 3].map(x, x * n).exists(y, y == 3 * n) && (a.b == 1 || n > 0)")
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda n: program({"n": n, "a": {}}), range(1, 200)))
    assert results == [True] * 199


def test_the_engine_of_the_name_gives_programs() -> None:
    assert cel.engine().name == "penstock"
    program = cel.engine("penstock").compile("f(x) + 1")
    assert program.evaluate({"x": 1}, {"f": lambda x: x * 2}) == 3


def test_functions_of_the_api_are_not_hidden_by_modules_of_their_name() -> None:
    code = (
        "import penstock.cel.checker, penstock.cel.protocol, penstock.cel.registry\n"
        "from penstock import cel\n"
        "assert callable(cel.check) and callable(cel.engine)\n"
        "assert cel.check(cel.parse('1'), cel.Env()).type == cel.INT\n"
        "assert callable(cel.check) and cel.engine().name == 'penstock'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_importing_the_package_imports_next_to_nothing() -> None:
    code = (
        "import sys, penstock.cel\n"
        "mine = sorted(name for name in sys.modules if name.startswith('penstock'))\n"
        "assert mine == ['penstock', 'penstock.cel'], mine\n"
        "penstock.cel.EvalError, penstock.cel.Lazy\n"
        "late = ('parser', 'checker', 'standard', 'exact', 'fast', 'program')\n"
        "assert not any(f'penstock.cel.{name}' in sys.modules for name in late)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_name_of_the_api_is_there() -> None:
    for name in cel.__all__:
        assert getattr(cel, name) is not None
    assert set(cel.__all__) <= set(dir(cel))
    with pytest.raises(AttributeError, match="nothing"):
        _ = cel.nothing  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("optional.of(1).orValue(1 / 0)", 1),
        ("optional.of(1).or(optional.of(1 / 0)).value()", 1),
        ("{'a': 1}.?a.orValue(nobody)", 1),
        ("[1, 2].map(v, optional.of(v).orValue(1 / 0))", [1, 2]),
        ("optional.none().orValue(2)", 2),
    ],
)
def test_the_other_value_of_an_optional_is_computed_only_when_it_is_needed(text: str, value: object) -> None:
    program = cel.compile(text)
    assert program({}) == program.evaluate_exactly({}) == value


@pytest.mark.parametrize(
    ("text", "bindings", "value"),
    [
        ("type == 'a'", {"type": "a"}, True),
        ("list.map(x, x + 1)", {"list": [1]}, [2]),
        ("type(1) == int", {}, True),
        ("type(1) == int", {"int": 1}, False),
        ("[1].exists(x, type(x) == int)", {}, True),
    ],
)
def test_a_binding_hides_the_type_of_its_name_where_no_environment_says_what_is_bound(
    text: str, bindings: dict[str, object], value: object
) -> None:
    program = cel.compile(text)
    assert program(bindings) == program.evaluate_exactly(bindings) == value
