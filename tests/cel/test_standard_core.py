"""The functions of CEL itself, and how a call finds its overload."""

from __future__ import annotations

import time
from collections.abc import Mapping

import pytest

from penstock.cel import calls, engine
from penstock.cel.env import Function, Overload
from penstock.cel.errors import BudgetError, EvalError
from penstock.cel.library import OPERATORS
from penstock.cel.standard import functions_by_name
from penstock.cel.types import BOOL, DYN, INT, NUMBER, STRING, Parameter, Type, enumeration, list_of, record
from penstock.cel.values import MixedMap, UInt, describe, equal, has_key, type_name


def call(name: str, *arguments: object, receiver: bool = False) -> object:
    return calls.call(functions_by_name()[name], arguments, receiver)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("size", ("a😀",), 2),
        ("size", (b"abc",), 3),
        ("size", ((1, 2),), 2),
        ("size", ({"a": 1},), 1),
        ("matches", ("abc", "b."), True),
        ("bool", ("t",), True),
        ("bytes", ("é",), "é".encode()),
        ("double", ("-0.0",), -0.0),
        ("double", (UInt(3),), 3.0),
        ("int", ("-9223372036854775808",), -(2**63)),
        ("int", (-7.9,), -7),
        ("int", (UInt(5),), 5),
        ("uint", (" 1".strip(),), UInt(1)),
        ("uint", (25.9,), UInt(25)),
        ("string", (True,), "true"),
        ("string", (12.0,), "12"),
        ("string", (UInt(2**64 - 1),), "18446744073709551615"),
        ("dyn", (None,), None),
        ("type", (None,), Type("null_type")),
        ("type", (UInt(1),), Type("uint")),
        ("type", (Type("int"),), Type("type")),
    ],
)
def test_functions(name: str, arguments: tuple[object, ...], expected: object) -> None:
    got = call(name, *arguments)
    assert got == expected
    assert type(got) is type(expected)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("size", ("ab",), 2),
        ("matches", ("abc", "^b"), False),
        ("contains", ("abc", "bc"), True),
        ("startsWith", ("abc", "bc"), False),
        ("endsWith", ("abc", "bc"), True),
    ],
)
def test_methods(name: str, arguments: tuple[object, ...], expected: object) -> None:
    assert call(name, *arguments, receiver=True) is expected or call(name, *arguments, receiver=True) == expected


@pytest.mark.parametrize(
    ("name", "arguments", "receiver", "message"),
    [
        ("size", (None,), False, "no such overload: size(null); allowed: size(string|bytes|list|map)"),
        ("size", (1,), True, "no such overload: size() on int 1; allowed: size() on string|bytes|list|map"),
        (
            "contains",
            ("a", "b"),
            False,
            'no such overload: contains(string "a", string "b"); allowed: contains(string) on string',
        ),
        ("int", ("1.5",), False, 'int(string "1.5"): not a whole number'),
        ("int", (2.0**63,), False, "int(double 9.223372036854776e+18): out of range"),
        ("uint", (-1,), False, "uint(int -1): out of range"),
        ("double", ("1_0",), False, 'double(string "1_0"): not a number'),
        ("bool", ("yes",), False, 'bool(string "yes"): not true or false'),
        ("string", (b"\xff",), False, "string(bytes b'\\xff'): not UTF-8"),
        ("dyn", (1, 2), False, "no such overload: dyn(int 1, int 2); allowed: dyn(any value)"),
    ],
)
def test_refusals(name: str, arguments: tuple[object, ...], receiver: bool, message: str) -> None:
    with pytest.raises(EvalError) as caught:
        call(name, *arguments, receiver=receiver)
    assert caught.value.message == message


def test_a_pattern_too_long_for_its_text_is_refused_before_matching() -> None:
    start = time.process_time()
    with pytest.raises(EvalError, match=r"a pattern of 100,000 characters is too long for a text of 100,000$"):
        call("matches", "x" * 100_000, "x" * 100_000)
    assert time.process_time() - start < 2
    assert call("matches", "x" * 100_000, "x" * 1000) is True


def chosen(*parameters: Type, variadic: bool = False) -> Function:
    return Function("f", (Overload(parameters, BOOL, lambda *found: len(found)),), variadic=variadic)


@pytest.mark.parametrize(
    ("parameter", "takes", "refuses"),
    [
        (DYN, None, ...),
        (Parameter("A"), b"", ...),
        (NUMBER, 1.5, "1"),
        (NUMBER, 1, True),
        (enumeration(("a", "b")), "a", 1),
        (record("Thing", {}), {"a": 1}, []),
        (list_of(INT), ["a"], {}),
        (STRING, "", UInt(1)),
    ],
)
def test_parameters(parameter: Type, takes: object, refuses: object) -> None:
    function = chosen(parameter)
    assert calls.call(function, (takes,), False) == 1
    if refuses is not ...:
        with pytest.raises(EvalError, match=r"^no such overload: f\("):
            calls.call(function, (refuses,), False)


def test_a_variadic_function_takes_its_last_parameter_once_or_more() -> None:
    function = chosen(STRING, INT, variadic=True)
    assert calls.call(function, ("a", 1), False) == 2
    assert calls.call(function, ("a", 1, 2, 3), False) == 4
    for arguments in (("a",), ("a", 1, "b"), ()):
        with pytest.raises(EvalError, match=r"; allowed: f\(string, int, …\)$"):
            calls.call(function, arguments, False)


def test_the_first_overload_that_fits_is_called() -> None:
    function = Function(
        "f", tuple(Overload((kind,), INT, lambda _, i=i: i) for i, kind in enumerate((INT, DYN, STRING)))
    )
    assert [calls.call(function, (value,), False) for value in (1, "a", 2.0)] == [0, 1, 1]


@pytest.mark.parametrize("error", [EvalError("as it is"), BudgetError(), RecursionError()])
def test_what_comes_out_of_a_function_as_it_is(error: Exception) -> None:
    def fail(_value: object) -> object:
        raise error

    with pytest.raises(type(error)) as caught:
        calls.call(Function("f", (Overload((DYN,), DYN, fail),)), (1,), False)
    assert caught.value is error


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError("no good"), "no good"),
        (OverflowError("Python int too large"), "out of range"),
        (ZeroDivisionError("by zero"), "division by zero"),
        (MemoryError(), "MemoryError"),
    ],
)
def test_other_errors_become_reasons(error: Exception, reason: str) -> None:
    def fail(_value: object) -> object:
        raise error

    with pytest.raises(EvalError) as caught:
        calls.call(Function("f", (Overload((DYN,), DYN, fail),)), ("x",), False)
    assert caught.value.message == f'f(string "x"): {reason}'


def test_the_tables_follow_from_the_declarations() -> None:
    assert OPERATORS["%"] == {("int", "int"), ("uint", "uint")}
    assert OPERATORS["unary -"] == {("int",), ("double",)}


def test_every_declared_function_has_an_implementation() -> None:
    for function in functions_by_name().values():
        assert function.overloads, function.name
        assert all(overload.implementation for overload in function.overloads), function.name


class Quantity:
    cel_name = "quantity"


def test_a_class_of_the_library_says_its_name() -> None:
    assert type_name(Quantity()) == "quantity"
    assert describe(Quantity()) == "a quantity"


def test_true_and_one_are_two_keys() -> None:
    mixed = MixedMap([(1, "one"), (True, "yes"), ("a", 3)])
    assert (mixed[1], mixed[True], mixed[1.0], len(mixed)) == ("one", "yes", "one", 3)
    assert type_name(mixed) == "map"
    assert [has_key(mixed, key) for key in (1, True, 1.0, UInt(1), "a", 0, False)] == [True] * 5 + [False] * 2
    assert [has_key({True: 0, 2: 0}, key) for key in (True, 1, 1.0, 2.0, False)] == [
        True,
        False,
        False,
        True,
        False,
    ]
    assert equal(mixed, MixedMap([("a", 3), (True, "yes"), (UInt(1), "one")]))
    assert not equal(mixed, MixedMap([("a", 3), (True, "one"), (1, "yes")]))


def test_looking_for_one_in_a_large_map_takes_one_look() -> None:
    class Counting(dict[object, object]):
        def __iter__(self):  # type: ignore[no-untyped-def]
            raise AssertionError("the whole map was read")

    large: Mapping[object, object] = Counting(dict.fromkeys(range(1000)))
    assert has_key(large, 1)
    assert not has_key(large, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'A'.lowerAscii()", "a"),
        ("math.abs(x) + math.greatest(1, 2)", 5),
        ("optional.of(x).orValue(1)", -3),
        ("'%s'.format([timestamp('2026-01-01T00:00:00.000000001Z')])", "2026-01-01T00:00:00.000000001Z"),
        ("[{'abs': 1}].all(math, math.abs == 1)", True),
    ],
)
def test_the_engine_on_cel_python_has_the_same_functions(text: str, expected: object) -> None:
    program = engine("cel-python").compile(text)
    assert program.evaluate({"x": -3}, {}) == expected


def test_a_function_in_a_name_space_is_one_name_to_cel_python() -> None:
    program = engine("cel-python").compile("1 + math.abs(x)")
    with pytest.raises(EvalError) as caught:
        program.evaluate({"x": "a"}, {})
    message = 'no such overload: math.abs(string "a"); allowed: math.abs(int|uint|double)'
    assert (caught.value.message, caught.value.line, caught.value.column) == (message, 1, 5)
