"""Hostile expressions and values: bounded time, no other exception than ours, nothing on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.cel import CelError, EvalError, Lazy, ParseError, closures, engine
from penstock.cel.scan import MAX_LENGTH

# The slowest takes 0.3 s on a quiet machine; exponential time would take years.
SECONDS = 5.0
HOSTILE = {
    "open parentheses": "(" * 8000,
    "nested parentheses": "(" * 32 + "1" + ")" * 32,
    "nested lists": "[" * 4000 + "]" * 4000,
    "quotes": '"' * 8191,
    "escapes, unclosed": '"' + r"\n" * 4000,
    "escapes, closed": '"' + r"\n" * 4000 + '"',
    "raw escapes": 'r"' + r"\n" * 4000 + r"\"",
    "triple quotes, unclosed": '"""' + r"\n" * 4000,
    "triple quotes, nearly closed": "'''" + "''x" * 2500,
    "empty strings": "''" * 4000,
    "sums": "1+" * 4095 + "1",
    "alternatives": "a||" * 2000 + "a",
    "minuses": "-" * 8000 + "1",
    "negations": "!" * 8000 + "a",
    "conditions": "a?b:" * 2000 + "c",
    "fields": "a" + ".b" * 4000,
    "indexes": "a" + "[0]" * 2700,
    "method calls": "a" + ".b()" * 2000,
    "elements": "[" + "1," * 4000 + "1]",
    "arguments": "f(" + "a," * 4000 + "a)",
    "entries": "{" + "1:1," * 2000 + "2:2}",
    "digits": "1" * MAX_LENGTH,
    "dots": "1." * 4000,
    "backslashes": "\\" * 8000,
    "slashes": "/" * 8000,
    "too long": "x" * (MAX_LENGTH + 1),
    "long duration": "duration('" + "1h" * 4000 + "x')",
    "long timestamp": "timestamp('" + "1" * 8000 + "')",
    "long number": "int('" + "9" * 8000 + "')",
    "backtracking pattern": "'" + "a" * 4000 + "b'.matches('" + "(a*)*" * 100 + "$')",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_little_time(name: str) -> None:
    cel = engine("cel-python")
    started = time.process_time()
    fault = fault_of(lambda: cel.compile(HOSTILE[name]).evaluate({}, {}))
    assert time.process_time() - started < SECONDS
    assert fault is None or (fault.line is not None and len(fault.message) < 400)


def fault_of(action: Callable[[], object]) -> CelError | None:
    try:
        action()
    except CelError as error:
        return error
    return None


def test_as_many_brackets_as_allowed_and_one_more() -> None:
    cel = engine("cel-python")
    assert cel.compile("(" * 32 + "1" + ")" * 32).evaluate({}, {}) == 1
    with pytest.raises(ParseError, match="brackets are nested more than 32 deep") as caught:
        cel.compile("(" * 33 + "1" + ")" * 33)
    assert caught.value.column == 33


def test_brackets_in_strings_and_comments_do_not_count() -> None:
    cel = engine("cel-python")
    assert cel.compile(f"'{'(' * 50}' // {'[' * 50}\n != '))'").evaluate({}, {}) is True


def test_long_chains_of_logic_are_fine_and_deep_arithmetic_is_a_syntax_error() -> None:
    cel = engine("cel-python")
    assert cel.compile("false || " * 800 + "true").evaluate({}, {}) is True
    assert cel.compile("1 + " * 100 + "1").evaluate({}, {}) == 101
    with pytest.raises(ParseError, match="more than 150 levels deep"):
        cel.compile("1 + " * 400 + "1")


def test_the_length_is_named() -> None:
    with pytest.raises(ParseError, match=r"the expression has 8,193 characters; at most 8,192 are allowed"):
        engine("cel-python").compile("x" * 8193)


@pytest.mark.parametrize(
    "text",
    [
        "l.all(a, l.all(b, l.all(c, l.all(d, a + b + c + d >= 0))))",
        "l.exists(a, l.exists(b, l.exists(c, l.exists(d, a + b + c + d < 0)))) || true",
        "l.map(a, l.map(b, l.map(c, [a, b, c])))",
        "[''].map(a, 'xxxxxxxxxx').map(a, a+a+a+a+a+a+a+a+a+a).map(a, a+a+a+a+a+a+a+a+a+a)"
        ".map(a, a+a+a+a+a+a+a+a+a+a).map(a, a+a+a+a+a+a+a+a+a+a).map(a, a+a+a+a+a+a+a+a+a+a)",
    ],
)
def test_an_evaluation_without_end_is_stopped_and_nothing_absorbs_that(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closures, "MAX_WORK", 200_000)
    with pytest.raises(EvalError, match="the evaluation was stopped after"):
        engine("cel-python").compile(text).evaluate({"l": list(range(100))}, {})


def test_values_nested_too_deeply_are_an_evaluation_error() -> None:
    def deep() -> object:
        value: object = 1
        for _ in range(20_000):
            value = [value]
        return value

    with pytest.raises(EvalError, match="nested too deeply"):
        engine("cel-python").compile("a == b").evaluate({"a": deep(), "b": deep()}, {})


def test_a_host_function_without_end_is_an_evaluation_error() -> None:
    def forever(value: object) -> object:
        return forever(value)

    with pytest.raises(EvalError, match="nested too deeply"):
        engine("cel-python").compile("f(1) || true").evaluate({}, {"f": forever})


def test_an_invalid_pattern_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(EvalError, match="invalid regular expression"):
        engine("cel-python").compile("'a'.matches('(?<=b)a')").evaluate({}, {})
    assert capfd.readouterr() == ("", "")


def test_the_recursion_limit_stays() -> None:
    before = sys.getrecursionlimit()
    engine("cel-python").compile("[1].all(x, x == 1)").evaluate({}, {})
    assert sys.getrecursionlimit() == before


# --- arbitrary text, expressions and values -----------------------------------------------------------------

_FRAGMENTS = st.sampled_from(
    [
        *(
            "a",
            "b",
            "x",
            "1",
            "1.5",
            "2u",
            "'s'",
            "r'\\'",
            "b'x'",
            "null",
            "true",
            "if",
            "`q`",
            "é",
            "😀",
            " ",
            "\n",
        ),
        *(
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            ",",
            ":",
            "?",
            ".",
            "+",
            "-",
            "*",
            "/",
            "%",
            "!",
            "==",
            "<",
            "in",
            "&&",
            "||",
        ),
        *("has(", ".all(x,", ".map(x,", "timestamp(", "duration('1s')", "size(", ".size()", "type(", "//", "\\"),
        '"""',
    ]
)


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=60), st.lists(_FRAGMENTS, max_size=25).map("".join)))
def test_any_text_compiles_or_is_a_syntax_error_inside_the_text(text: str) -> None:
    lines = text.split("\n")
    fault = fault_of(lambda: engine("cel-python").compile(text))
    if fault is not None:
        assert isinstance(fault, ParseError)
        assert fault.line is not None
        assert fault.column is not None
        assert 1 <= fault.line <= len(lines)
        assert 1 <= fault.column <= len(lines[fault.line - 1]) + 1
        return
    assert engine("cel-python").compile(text).text == text


_VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=5),
        st.binary(max_size=3),
        st.datetimes(),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.text(max_size=2), st.booleans(), st.integers(0, 2)), inner, max_size=3),
    ),
    max_leaves=6,
)
_UNARY = [
    *("-{}", "!{}", "size({})", "{}.size()", "int({})", "string({})", "double({})", "timestamp({})", "type({})"),
    *(
        "duration({})",
        "bool({})",
        "bytes({})",
        "uint({})",
        "{}.getHours()",
        "{}.all(x, x)",
        "{}.map(x, x)",
        "{}.a",
    ),
    *("f({})", "has({}.a)", "({} ? 1 : 2)", "[{}]", "{{'k': {}}}"),
]
_BINARY = ["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in", "&&", "||"]


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(st.sampled_from(_UNARY), inner).map(lambda pair: pair[0].format(pair[1])),
        st.tuples(inner, st.sampled_from(_BINARY), inner).map(lambda three: f"({three[0]} {three[1]} {three[2]})"),
        st.tuples(inner, inner).map(lambda pair: f"{pair[0]}[{pair[1]}]"),
        st.tuples(inner, inner).map(lambda pair: f"{pair[0]}.matches({pair[1]})"),
    )


_EXPRESSIONS = st.recursive(
    st.sampled_from(["a", "b", "lazy.a", "1", "0", "''", "1.5", "null", "7u"]), _grown, max_leaves=6
)


@settings(max_examples=300)
@given(_EXPRESSIONS, _VALUES, _VALUES)
def test_any_expression_over_any_values_gives_a_native_value_or_an_evaluation_error(
    text: str, a: object, b: object
) -> None:
    bindings = {"a": a, "b": b, "lazy": Lazy({"a": lambda: b})}

    def run() -> object:
        program = engine("cel-python").compile(text)
        value = program.evaluate(bindings, {"f": lambda each: each})
        assert type(value).__module__ in ("builtins", "datetime")
        return value

    fault = fault_of(run)
    # A syntax error: such as the index of a number literal.
    assert fault is None or (fault.message and fault.line is not None)


@given(_VALUES, _VALUES)
def test_equality_is_symmetric_and_never_an_error(a: object, b: object) -> None:
    cel = engine("cel-python")
    bindings = {"a": a, "b": b}
    assert cel.compile("(a == b) == (b == a) && (a != b) == !(a == b)").evaluate(bindings, {}) is True
