"""The generated code against the exact evaluation: what it returns is right, and it returns where it should."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from itertools import product
from typing import Any
from unittest import mock

import pytest
from conformance import all_cases, env, same, value

from penstock.cel.checker import check
from penstock.cel.closures import Frame
from penstock.cel.env import Env
from penstock.cel.errors import BudgetError
from penstock.cel.exact import Built, build
from penstock.cel.fast import generate, generate_many, write
from penstock.cel.fast.account import UnknownError
from penstock.cel.fast.code import Compiled, late, load
from penstock.cel.parser import parse
from penstock.cel.protocol import Lazy
from penstock.cel.resolve import resolve
from penstock.cel.types import BOOL, DOUBLE, INT, NUMBER, STRING, Field, Type, list_of, record
from penstock.cel.values import Optional, UInt

Functions = Mapping[str, Callable[..., object]]
NONE: Functions = {}


@dataclass(frozen=True)
class Both:
    """An expression, compiled both ways."""

    fast: Compiled
    built: Built

    def exactly(self, bindings: Mapping[str, object], functions: Functions = NONE) -> object:
        return self.built.node(Frame(bindings, functions, self.built.slots))


@cache
def both(text: str, typed: bool = False) -> Both:
    """``typed``: with the types that ``ENV`` declares, and those that the checker finds from there."""
    expression = parse(text)
    if not typed:
        resolution = resolve(expression)
        return Both(generate(expression, resolution).function(), build(expression, resolution))
    checked = check(expression, ENV)
    assert all(each.warning for each in checked.problems), text
    fast = generate(expression, checked.resolution, checked.types).function()
    return Both(fast, build(expression, checked.resolution))


def agree(text: str, bindings: Mapping[str, object], *, typed: bool = False, functions: Functions = NONE) -> bool:
    """Whether the fast code returned; what it returned was then the exact value, of the same types."""
    ways = both(text, typed)
    try:
        got = ways.fast(bindings, functions)
    except Exception:
        return False
    expected = ways.exactly(bindings, functions)
    assert alike(got, expected), f"{text} gave {got!r} instead of {expected!r} for {bindings!r}"
    return True


def alike(got: object, expected: object) -> bool:
    if isinstance(got, Optional) and isinstance(expected, Optional) and got.present and expected.present:
        return alike(got.value, expected.value)
    if isinstance(got, (list, tuple)) and type(got) is type(expected):
        return len(got) == len(expected) and all(map(alike, got, expected))
    return got is expected or same(got, expected)


MOMENT = datetime(2026, 6, 30, tzinfo=timezone.utc)
NAN = float("nan")
VALUES: list[Any] = [
    *(None, True, False, 0, 1, 2, -1, 2**53, 2**53 + 1, 2**63 - 1, -(2**63), UInt(0), UInt(1), UInt(2**64 - 1)),
    *(0.0, 1.0, -1.5, 2.0**53, 2.0**63, NAN, float("inf"), "", "a", "abc", "1", b"", b"a"),
    *(
        [],
        [1],
        [True],
        [1.0],
        [NAN],
        ["a"],
        ("a",),
        (1,),
        [[1]],
        {},
        {"a": 1},
        {1: 2},
        {True: 2},
        {"a": {"a": True}},
    ),
    *(MOMENT, datetime(2026, 6, 30), timedelta(days=1), timedelta(0), Type("int"), Optional(), Optional(True, 1)),
    Lazy({"a": lambda: 1}),
]
BINARY = ["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in"]
LITERALS = [
    "0",
    "1",
    "-1",
    "2",
    "1u",
    "0.0",
    "1.0",
    "1.5",
    "9007199254740993",
    "9007199254740993.0",
    "'a'",
    "b'a'",
]
LITERALS += [
    "true",
    "false",
    "null",
    "['a', 'b']",
    "[1, 2]",
    "[2, 3, 4, 5, 6]",
    "[1.0]",
    "[true]",
    "['a', 1]",
    "[]",
]
LITERALS += [
    "{'a': 1}",
    "{1: 2}",
    "timestamp('2026-06-30T00:00:00Z')",
    "duration('24h')",
    "int",
    "[x]",
    "{'a': x}",
]
FORMS = """
x.a | has(x.a) | x["a"] | x[0] | x[1] | x[-1] | x[true] | x[0u] | x[1.0] | x.?a | x[?0] | x[?"a"] | has(x.a.a)
x.a.a | !x | -x | x ? 1 : 2 | x && true | true && x | x || false | false || x | x && x | size(x) | x.size()
string(x) | int(x) | double(x) | bool(x) | timestamp(x) | duration(x) | type(x) | dyn(x) | x.contains("a")
"abc".contains(x) | bytes(x) | x.startsWith("a") | "abc".startsWith(x) | x.endsWith("a") | "abc".endsWith(x)
x.matches("a") | "a".matches(x) | uint(x) | x.all(y, y == 1) | x.exists(y, y == "a") | x.exists_one(y, y == y)
x.filter(y, y != 1) | x.map(y, y) | x.map(y, [y]) | x.all(i, y, i == 0) | x.exists(i, y, y == 1)
x.transformList(i, y, y) | x.transformMap(i, y, y) | x.map(y, y == 1, y) | x.transformMapEntry(i, y, {y: i})
x.sortBy(y, y) | cel.bind(y, x, y == y) | cel.bind(y, x + x, y) | [x] == [x] | x == x | {"a": x} == {"a": x}
{x: 1} | {x: 1, 1: 2} | [1].exists(y, y == x) | ["a", "b"].exists(y, y in [x]) | x in [x] | [x, x][0]
["a"].all(y, y == x.a) | x + "b" | "b" + x | "b" + x + "c" | x + x + x | x + 1 + 1 | x - 1 - 1 | x * 2 * 2
x < 1 || x > 1 | x.orValue(1) | x.value() | x.hasValue() | x.optMap(y, y) | x.optFlatMap(y, optional.of(y))
x.or(optional.of(2)) | [?x] | {?"a": x} | x.join() | x.lowerAscii() | x.reverse() | x.first() | x.sum()
x.getFullYear() | "%s".format([x]) | math.abs(x) | x.exists(y, x.exists(z, z == y)) | x.all(y, y in x)
x.all(y, x.exists(z, z.a == y.a)) | x.exists(y, [1, "a"].exists(z, z == y)) | x.map(y, y + y)
x.map(y, "a" + y) | x.all(y, x == x) | ["a", "b"].all(y, y.contains(x)) | ["a"].all(y, x.startsWith(y))
""".replace("\n", " | ")


@pytest.mark.parametrize("operator", BINARY)
def test_every_pair_of_values(operator: str) -> None:
    returned = [agree(f"x {operator} y", {"x": x, "y": y}) for x, y in product(VALUES, VALUES)]
    # What is no error is not left to the exact evaluation, but for what Python cannot do.
    if operator in ("==", "!="):
        assert all(returned)


@pytest.mark.parametrize("operator", BINARY)
def test_literals_beside_values(operator: str) -> None:
    for literal, x in product(LITERALS, VALUES):
        agree(f"x {operator} {literal}", {"x": x})
        agree(f"{literal} {operator} x", {"x": x})
        agree(f"[1].all(i, x {operator} {literal})", {"x": x})


@pytest.mark.parametrize("form", [form for form in map(str.strip, FORMS.split(" | ")) if form])
def test_forms_on_every_value(form: str) -> None:
    for x in VALUES:
        agree(form, {"x": x})
        agree(f"[0].map(w, {form})", {"x": x})
        agree(f"[x].map(x, {form})", {"x": x})
        agree(f"x.all(x, [{form}] != [])", {"x": [x]})


@pytest.mark.skipif(not all_cases(), reason="no conformance cases")
def test_conformance_cases() -> None:
    outcomes: Counter[bool] = Counter()
    for case in all_cases():
        if case["check_only"] or case["res"]["k"] != "value":
            continue
        bindings = {name: value(shape) for name, shape in case["bind"].items()}
        expression = parse(case["expr"])
        checked = check(expression, env(case))
        typed = checked.types if not any(not each.warning for each in checked.problems) else None
        for types in (None, typed):
            built = build(expression, checked.resolution)
            try:
                got = generate(expression, checked.resolution, types).function()(bindings, NONE)
            except Exception:
                outcomes[False] += 1
                continue
            outcomes[True] += 1
            assert alike(got, built.node(Frame(bindings, NONE, built.slots))), case["expr"]
    assert outcomes[False] < 0.04 * outcomes[True]


SPEC = record(
    "spec",
    {
        "n": Field(INT),
        "d": Field(DOUBLE),
        "u": Field(NUMBER),
        "s": Field(STRING, True),
        "b": Field(BOOL),
        "xs": Field(list_of(STRING)),
        "rs": Field(list_of(record("item", {"name": Field(STRING, True), "n": Field(INT)}))),
    },
)
ENV = Env(variables={"object": record("object", {"spec": Field(SPEC, True)})})
RECORD = {
    "object": {
        "spec": {
            "n": 7,
            "d": 1.5,
            "u": 3,
            "s": "text",
            "b": True,
            "xs": ["a", "b"],
            "rs": [{"name": "a", "n": 1}, {"name": "b", "n": 2}],
        }
    }
}
TAKEN = [
    "has(object.spec.n) && object.spec.n <= 12",
    "object.spec.b ? object.spec.n + 1 : object.spec.n - 1",
    "object.spec.n / 2 == 3 && object.spec.n % 2 == 1 && -object.spec.n / 2 == -3 && -object.spec.n % 2 == -1",
    "object.spec.d * 2.0 < 4.0 && object.spec.u < 4 && object.spec.u + 1 == 4 && object.spec.u == 3.0",
    "'a' + object.spec.s + 'b'",
    "object.spec.s.matches('^[a-z]+$') && object.spec.s.contains('ex') && size(object.spec.s) == 4",
    "'a' in object.spec.xs && object.spec.s in ['text', 'data'] && 'n' in object.spec",
    "object.spec.rs.exists(r, r.name == 'b') && object.spec.rs.all(r, r.n > 0)",
    "object.spec.xs.all(x, object.spec.rs.exists(r, r.name == x))",
    "object.spec.xs.all(x, object.spec.rs.all(r, r.name != x)) || object.spec.xs.all(x, x in object.spec.xs)",
    "object.spec.rs.filter(r, r.n > 1).map(r, r.name)",
    "object.spec.rs.transformMap(i, r, r.name)",
    "object.spec.rs.sortBy(r, -r.n).map(r, r.name)",
    "cel.bind(n, object.spec.n * 2, n > 3 && n < 20)",
    "timestamp('2026-06-30T00:00:00Z') - timestamp('2026-01-01T00:00:00Z') <= duration('8784h')",
    "object.?spec.?n.orValue(3) == 7",
    "[object.spec.n, 2, 3].exists_one(x, x == 7)",
    "{'a': object.spec.n, 'b': 2}.size() == 2",
    "string(object.spec.n) + 'x'",
    "object.spec.xs.join(',') == 'a,b'",
    "math.greatest(object.spec.n, 3)",
    "object['spec']['n'] == 7 && object.spec.xs[0] == 'a'",
]


@pytest.mark.parametrize("text", TAKEN)
def test_the_fast_path_is_taken(text: str) -> None:
    assert agree(text, RECORD)
    assert agree(text, RECORD, typed=True)


RAISES = [
    "missing || true",
    "object.missing || true",
    "[0, 1].exists(x, 1 / x == 1)",
    "9223372036854775807 + object.spec.n == 1 || true",
    "object.spec.n && false",
    "object.spec.xs[-1] == 'a' || true",
    "cel.bind(n, 1 / 0, true)",
]


@pytest.mark.parametrize("text", RAISES)
def test_what_only_the_exact_evaluation_knows(text: str) -> None:
    assert not agree(text, RECORD)


def test_functions_of_the_host() -> None:
    functions = {"twice": lambda x: x * 2, "size": lambda x: 99, "show": lambda x: type(x).__name__}
    assert agree("twice(x) + 1", {"x": 2}, functions=functions)
    assert agree("x.twice()", {"x": 2}, functions=functions)
    assert agree("[1, 2].map(y, twice(y))", {"x": 2}, functions=functions)
    assert agree("show(x) + show(1u) + show(int) + show([1u])", {"x": (1,)}, functions=functions)
    # One that hides a standard function is called by the exact evaluation.
    assert not agree("size([x])", {"x": 2}, functions=functions)


def test_names_cannot_reach_python() -> None:
    words = ["class", "lambda", "__import__", "B", "F", "W", "G", "slow", "x", "K0", "t1", "v1", "f1", "e1"]
    for word in words:
        assert agree(f"x.all({word}, {word} == 1) && cel.bind({word}, y, {word} == 2)", {"x": [1], "y": 2}), word
        assert agree(f"{word} == 3 && o.{word} == 4", {word: 3, "o": {word: 4}}), word
    for text in ("'", '"', "\\", "\n", "\ud800", "{x}", "%s", '"); import os; ("', "\0", "é", "\u2028"):
        assert agree("x == o[y] && o.size() == 1", {"x": 1, "y": text, "o": {text: 1}})
    assert agree("'\"\\'\\\\\\n{x}' + x + '\\u2028'", {"x": "é"})


def test_variables_shadow_each_other() -> None:
    assert agree("[1].map(x, [2].map(x, x)[0] + x)", {"x": 9})
    assert agree("cel.bind(x, x, cel.bind(x, x + 1, x)) + x", {"x": 9})
    assert agree("[[1], [2]].map(x, x.map(x, .x + x))", {"x": 9})
    assert agree("xs.all(x, cel.bind(y, x.a, xs.exists(x, x.a == y)))", {"xs": [{"a": "1"}, {"a": "2"}]})
    assert agree("xs.map(x, cel.bind(y, x.a + 'b', xs.map(x, y + x.a)))", {"xs": [{"a": "1"}, {"a": "2"}]})


def test_a_look_up_in_a_set_is_the_loop_it_stands_for() -> None:
    text = "xs.map(a, ys.exists(b, b.k == a.j))"
    ways = ["1", 1, 1.0, True, None, "2", UInt(1)]
    for one, other, third in product(ways, ways, ways):
        agree(text, {"xs": [{"j": one}, {"j": other}], "ys": [{"k": other}, {"k": third}]})
    assert agree(text, {"xs": [{"j": "1"}], "ys": []})
    assert agree(text, {"xs": [], "ys": 3})
    assert not agree(text, {"xs": [{"j": "1"}], "ys": [{"k": "2"}, {}]})
    assert agree(text, {"xs": [{"j": "1"}], "ys": [{"k": "1"}, {}]})
    assert agree("xs.map(a, a.l.map(c, a.l.exists(b, b == c)))", {"xs": [{"l": ["1"]}, {"l": ["2"]}, {"l": [3]}]})
    assert agree("xs.map(a, a.l.map(c, c in a.m))", {"xs": [{"l": ["1"], "m": ["1"]}, {"l": ["1"], "m": ["2"]}]})


def test_many_expressions_in_one_module_survive_marshal() -> None:
    texts = {"one": "x + 1", "two": "x.matches('a')", "three": "[x].exists(y, y == uint(1))"}
    parsed = {name: parse(text) for name, text in texts.items()}
    entries = [(name, expression, resolve(expression), None) for name, expression in parsed.items()]
    functions = load(generate_many(entries).dump()).functions()
    assert functions["one"]({"x": 1}, NONE) == 2
    assert functions["two"]({"x": "cab"}, NONE) is True
    assert functions["three"]({"x": 1}, NONE) is True
    assert list(functions) == list(texts)


def test_source_is_compiled_when_it_is_first_called() -> None:
    expression = parse("[x].exists(y, y == 1)")
    source, name = write(expression, resolve(expression), {})
    with mock.patch("builtins.compile", wraps=compile) as compiled:
        function = late(source, name)
        assert not compiled.called
        assert [function({"x": x}, NONE) for x in (1, 2)] == [True, False]
        assert compiled.call_count == 1


def test_source_that_python_refuses_says_so_when_it_is_called() -> None:
    function = late("(" * 500 + ")" * 500, "e1")
    with pytest.raises((SyntaxError, MemoryError)):
        function({}, NONE)


def doubled(first: str, twice: Callable[[str], str], times: int) -> str:
    """``cel.bind(a0, first, cel.bind(a1, a0 + a0, …))``"""
    text = f"a{times}"
    for number in range(times, 0, -1):
        text = f"cel.bind(a{number}, {twice(f'a{number - 1}')}, {text})"
    return f"cel.bind(a0, {first}, {text})"


SHARED: Any = [1]
ALSO_SHARED: Any = [1]
for _ in range(40):
    SHARED, ALSO_SHARED = [SHARED, SHARED], [ALSO_SHARED, ALSO_SHARED]
LONG = {
    "xs": list(range(10_000)),
    "ints": list(range(100_000)),
    "s": "x" * 100_000,
    "m": {f"k{i}": i for i in range(3_000)},
    "n": {f"k{i}": i for i in range(3_000)},
    "texts": ["x" * 100_000] * 1_000,
    "others": ["x" * 99_999 + "x"] * 1_000,
    "p": SHARED,
    "q": ALSO_SHARED,
}
STOPPED = [
    "xs.all(x, xs.all(y, x + y >= 0))",
    "xs.all(x, xs.exists(y, y == x))",
    "xs.all(x, xs.all(y, xs.all(z, x + y + z >= 0)))",
    "ints.all(x, x in ints)",
    "m.map(a, m.map(b, m.map(c, 1)))",
    "xs.map(x, s + s)",
    "xs.map(x, xs + xs)",
    "xs.map(x, lists.range(1000000))",
    "texts.all(x, others.all(y, x == y))",
    "texts.all(x, others.all(y, x.contains(y)))",
    "xs.all(x, m == n)",
    "xs.all(x, xs.sortBy(y, -y) != [])",
    "xs.all(x, s.matches('a*b*c*$') || true)",
    "xs.all(x, '%s'.format([xs]) != '')",
]


@pytest.mark.parametrize("text", STOPPED)
def test_the_budget_ends_what_takes_too_long(text: str) -> None:
    with pytest.raises(BudgetError):
        both(text).fast(LONG, NONE)


@pytest.mark.parametrize(
    "text",
    [
        doubled("s + s", lambda name: f"{name} + {name}", 28),
        doubled("'abc'", lambda name: f"{name} + {name}", 28),
        doubled("[1]", lambda name: f"{name} + {name}", 28),
        doubled("'abc'", lambda name: f"{name}.replace('', {name})", 12),
        "p == q",
        "p in [q]",
    ],
)
def test_what_grows_outside_loops_is_left_to_the_exact_evaluation(text: str) -> None:
    with pytest.raises(UnknownError):
        both(text).fast(LONG, NONE)


def test_loops_that_look_things_up_cost_no_more_than_their_lists() -> None:
    names = [{"k": str(i)} for i in range(50_000)]
    assert both("xs.all(x, xs.exists(y, y.k == x.k))").fast({"xs": names}, NONE) is True
    assert both("xs.all(x, x in xs)").fast({"xs": [str(i) for i in range(100_000)]}, NONE) is True
    assert both("xs.all(x, xs.exists(y, y >= 0))").fast({"xs": LONG["ints"]}, NONE) is True


LONG_TEXTS = [
    *("a" + "+a" * 4_000, "1" + "-1" * 2_000, "1" + "*1" * 2_000, "s" + "+s" * 4_000, "a" + "+a*a-a" * 1_000),
    *("a == 1" + " == b" * 700, "b" + " && b" * 1_500, "b && b || " * 700 + "b", "d < d" + " && d < d" * 700),
    *("(" * 32 + "a" + ")" * 32, "(1+" * 31 + "a" + ")" * 31, "[" * 32 + "a" + "]" * 32, "!" * 90 + "b"),
    *(
        '{"a":' * 31 + "a" + "}" * 31,
        "-(" * 25 + "a" + ")" * 25,
        "b ? a : " * 90 + "a",
        "(b ? " * 31 + "a" + " : a)" * 31,
    ),
    *("m" + ".m" * 90, "m" + '["m"]' * 90, "l" + "[0]" * 90, "s" + ".replace('x', 'x')" * 90),
    *("xs" + ".filter(x, x > 0)" * 80, "xs" + ".map(x, x + 1)" * 80, "size([" * 15 + "a" + "])" * 15),
    "".join(f"xs.exists(x{i}, " for i in range(31)) + "a == 1" + ")" * 31,
    "".join("(b && " if i % 2 else "(b || " for i in range(31)) + "b" + ")" * 31,
    doubled("a", lambda name: f"{name} + 1", 28),
    "a in [" + ", ".join(map(str, range(1_000))) + "]",
]


@pytest.mark.parametrize("text", LONG_TEXTS)
def test_long_and_deep_texts(text: str) -> None:
    deep: Any = {}
    nested: Any = []
    for _ in range(100):
        deep, nested = {"m": deep}, [nested]
    assert agree(text, {"a": 1, "b": True, "s": "x", "d": 1.5, "xs": [1, 2], "m": deep["m"], "l": nested})


def test_generated_code_imports_little() -> None:
    expression = parse("has(object.n) && object.n <= 12 && xs.all(x, x.startsWith('a') && x + 'b' != x)")
    dumped = generate(expression, resolve(expression)).dump()
    script = (
        "import sys; from penstock.cel.fast.code import load; f = load(sys.stdin.buffer.read()).function();"
        "assert f({'object': {'n': 1}, 'xs': ['a']}, {}) is True; print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], input=dumped, capture_output=True, check=True)
    loaded = set(done.stdout.decode().split())
    unwanted = {f"penstock.cel.{name}" for name in ("parser", "check", "exact", "resolve", "standard", "syntax")}
    assert not loaded & {*unwanted, "penstock.cel.fast.generator", "re2"}
