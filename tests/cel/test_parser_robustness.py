"""The parser and texts that nobody means: bounded time, bounded depth, no other exception than a placed one."""

from __future__ import annotations

import inspect
import sys
import time
from contextlib import suppress

import pytest
from conformance import CASES, Case, all_cases, identity
from hypothesis import given, settings
from hypothesis import strategies as st
from parser_invariants import check_parse

from penstock.cel import ParseError, parse
from penstock.cel.limits import MAX_DEPTH, MAX_LENGTH, MAX_NESTING
from penstock.cel.syntax import Binary, Logic

# The slowest takes 0.05 s on a quiet machine. Time that grows with the square would take minutes.
SECONDS = 2.0
HOSTILE = {
    "open parentheses": "(" * MAX_LENGTH,
    "nested lists": "[" * 4096 + "]" * 4096,
    "open calls": "f(" * 4096,
    "open lists of maps": "[{" * 4096,
    "closed brackets": ")]}" * 2730,
    "quotes": '"' * 8191,
    "apostrophes and quotes": "'\"" * 4096,
    "lines of quotes": "'\n" * 4096,
    "escapes, unclosed": '"' + r"\n" * 4000,
    "escapes, closed": '"' + r"\n" * 4000 + '"',
    "escapes in bytes": 'b"' + r"\n" * 4000 + '"',
    "raw escapes": 'r"' + r"\n" * 4000 + r"\"",
    "triple quotes, unclosed": '"""' + r"\n" * 4000,
    "triple quotes, nearly closed": "'''" + "''x" * 2500,
    "triple quotes, escaped": r"'''\'" * 1600,
    "raw triple quotes, nearly closed": 'r"""' + '""x' * 2500,
    "empty strings": "''" * 4000,
    "prefixes": "br" * 4096,
    "prefixed quotes": "b'r'" * 2048,
    "sums": "1+" * 4095 + "1",
    "sums of products": "1*1+" * 2047 + "1",
    "mixed operators": "a==b+c*" * 1000 + "d",
    "alternatives": "a||" * 2000 + "a",
    "alternatives of conjunctions": "a&&b||" * 1300 + "a",
    "minuses": "-" * 8000 + "1",
    "negations": "!" * 8000 + "a",
    "signs": "!-" * 4096,
    "conditions": "a?b:" * 2000 + "c",
    "open conditions": "a?" * 4096,
    "fields": "a" + ".b" * 4000,
    "optional fields": "a" + ".?b" * 2700,
    "indexes": "a" + "[0]" * 2700,
    "method calls": "a" + ".b()" * 2000,
    "macros": "a" + ".all(x,x)" * 900,
    "bindings": "cel.bind(x,1," * 600,
    "a block of many": "cel.block([" + "1," * 2000 + "1], 2)",
    "elements": "[" + "1," * 4000 + "1]",
    "commas": "[" + "," * 8000 + "]",
    "arguments": "f(" + "a," * 4000 + "a)",
    "entries": "{" + "1:1," * 2000 + "2:2}",
    "digits": "1" * MAX_LENGTH,
    "hexadecimal digits": "0x" + "f" * 8190,
    "digits behind the point": "1." + "1" * 8190,
    "digits of an exponent": "1e" + "1" * 8190,
    "dots": "1." * 4000,
    "backslashes": "\\" * 8000,
    "slashes": "/" * 8000,
    "comments": "//\n" * 2730,
    "spaces": " " * 8191 + "a",
    "backticks": "`" * 8000,
    "names in backticks": "a" + ".`b`" * 2000,
    "a long name": "x" * MAX_LENGTH,
    "a long strange name": "é" * MAX_LENGTH,
    "too long": "x" * (MAX_LENGTH + 1),
    "surrogates": "'\ud800' + b'\udfff' + \ud800",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_little_time(name: str) -> None:
    started = time.process_time()
    with suppress(ParseError):
        parse(HOSTILE[name])
    assert time.process_time() - started < SECONDS
    check_parse(HOSTILE[name])


@pytest.mark.parametrize(
    ("opening", "closing"), [("(", ")"), ("[", "]"), ("f(", ")"), ("a[", "]"), ("{1:", "}"), ("a.f(", ")")]
)
def test_as_many_brackets_as_allowed_and_one_more(opening: str, closing: str) -> None:
    parse(opening * MAX_NESTING + "1" + closing * MAX_NESTING)
    with pytest.raises(ParseError, match="brackets are nested more than 32 deep") as caught:
        parse(opening * (MAX_NESTING + 1) + "1" + closing * (MAX_NESTING + 1))
    assert caught.value.column == len(opening) * (MAX_NESTING + 1) - (opening == "{1:") * 2


def test_brackets_side_by_side_and_in_strings_and_comments_do_not_count() -> None:
    parse("+".join(["(1)", "[1][0]", "f({})"] * 100))
    parse(f"'{'(' * 50}' // {'[' * 50}\n != '))'")


@pytest.mark.parametrize(
    ("many", "count"),
    [
        ("!" * 99 + "a", 100),
        ("-" * 99 + "a", 100),
        ("a" + ".b" * 99, 100),
        ("a" + "[0]" * 99, 100),
        ("a" + ".f()" * 99, 100),
        ("a?b:" * 99 + "c", 100),
        ("cel.block([" + "1," * 99 + "], 2)", 100),
        ("a && " * 1600 + "b", 2),
        ("a + " * 2000 + "b", 2),
        ("a * b == " * 800 + "c", 3),
    ],
)
def test_as_many_levels_as_allowed(many: str, count: int) -> None:
    assert check_parse(many) is not None
    deeper = "!" * (MAX_DEPTH - count) + f"({many})"
    assert check_parse(deeper) is not None
    with pytest.raises(ParseError, match="the expression is nested more than 100 levels deep"):
        parse(f"{'!' if count < MAX_DEPTH else '- '}{deeper}".replace("- ", "!"))


def test_the_deepest_text_takes_few_frames() -> None:
    """Eight frames a bracket, and none for anything else."""
    before = sys.getrecursionlimit()
    layer = "a || b && c == d + e * -f(g ? h : "
    sys.setrecursionlimit(len(inspect.stack(0)) + 8 * MAX_NESTING + 40)
    try:
        with pytest.raises(ParseError, match="brackets are nested"):
            parse(layer * 100)
        for text in (
            "-[" * 32 + "]" * 32,
            "-{1:" * 32 + "1" + "}" * 32,
            "!" * 8000 + "a",
            "a?b:" * 2000 + "c",
            "a+" * 4000 + "a",
        ):
            check_parse(text)
    finally:
        sys.setrecursionlimit(before)


def test_chains_are_one_node_or_lean_to_the_left() -> None:
    chain = parse("a || " * 1000 + "b").root
    assert isinstance(chain, Logic)
    assert len(chain.operands) == 1001
    node, count = parse("a - " * 1000 + "b").root, 0
    while isinstance(node, Binary):
        node, count = node.left, count + 1
    assert count == 1000


# --- arbitrary text -----------------------------------------------------------------------------------------

_FRAGMENTS = st.sampled_from(
    (
        *(
            "a",
            "b",
            "x",
            "cel",
            "1",
            "1.5",
            "2u",
            "0x1F",
            "'s'",
            '"""t"""',
            "r'\\'",
            "b'x'",
            "'\\n'",
            "null",
            "true",
        ),
        *("(", ")", "[", "]", "{", "}", ",", ":", "?", ".", ".?", "[?", "+", "-", "*", "/", "%", "!", "&&", "||"),
        *("==", "!=", "<", "<=", ">", ">=", " in ", "has(", ".all(x, ", ".map(x, ", ".exists(i, v, ", ".f("),
        *(
            "cel.bind(x, ",
            "cel.block([",
            "cel.index(0)",
            "cel.iterVar(0, 0)",
            ".optMap(x, ",
            ".transformMap(k, v, ",
        ),
        *("if", "`q`", ".`q-r`", " and ", " not ", " is ", "True", "é", "“", "=", "&", "😀", " ", "\n", "//"),
        *("\\", "'", '"', "'''", '"""', "`", "\u00a0", "#", "\r"),
    )
)


@settings(max_examples=500)
@given(st.one_of(st.text(max_size=60), st.lists(_FRAGMENTS, max_size=25).map("".join)))
def test_any_text_is_an_expression_or_a_mistake_inside_the_text(text: str) -> None:
    check_parse(text)


_NAMES = st.sampled_from(["a", "b.c", "x", "1", "'s'", "[]", "{}", "null", "-1", "2u"])
_FORMS = (
    *("({})", "!{}", "-{}", "[{}]", "[?{}, 1]", "{{1: {}}}", "f({})", "({}).g()", "({})[0]", "a[{}]", "a[?{}]"),
    *(
        "({}).b",
        "({}).?b",
        "has(({}).b)",
        "({}).all(x, x)",
        "x.map(y, {})",
        "cel.bind(y, {}, y)",
        "x.optMap(y, {})",
    ),
)
_OPERATORS = ("||", "&&", "==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "/", "%", "? 1 :")


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(st.sampled_from(_FORMS), inner).map(lambda pair: pair[0].format(pair[1])),
        st.tuples(inner, st.sampled_from(_OPERATORS), inner).map(" ".join),
    )


@settings(max_examples=200)
@given(st.recursive(_NAMES, _grown, max_leaves=12))
def test_a_grown_expression_is_an_expression_unless_its_signs_are_mixed(text: str) -> None:
    if check_parse(text) is None:
        with pytest.raises(ParseError, match="cannot follow"):
            parse(text)


@settings(max_examples=200)
@given(st.recursive(_NAMES, _grown, max_leaves=6), st.data())
def test_a_character_lost_or_put_in_leaves_an_expression_or_a_mistake(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    put_in = data.draw(st.sampled_from(["", *"()[]{}.,:?!-'\"\\=&| x1"]))
    check_parse(text[:at] + put_in + text[at + (not put_in) :])


# --- the official cases -------------------------------------------------------------------------------------


@pytest.mark.skipif(not CASES.is_file(), reason=f"no conformance cases at {CASES}")
def test_every_official_case_parses() -> None:
    """Those whose result is an error too: theirs are errors of evaluation or of types."""
    failures: list[str] = []
    cases: list[Case] = list(all_cases())
    for case in cases:
        try:
            parse(case["expr"])
        except ParseError as error:
            failures.append(f"{identity(case)}: {error}")
    assert not failures, "\n".join(failures)
    assert len(cases) > 1600
