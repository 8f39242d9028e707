"""Random expressions against another engine, and penstock's fast evaluation against its exact one.

The other engine is cel-expr-python, on Google's C++ implementation; without it that part is skipped. Where the two
differ for a known reason, that is a line of ``KNOWN``. A long run reports every disagreement, made small:

    PENSTOCK_CEL_EXAMPLES=100000 PENSTOCK_CEL_SEED=7 pytest tests/cel/differential
"""

from __future__ import annotations

import functools
import os
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

import pytest
from cel_grammar import expression
from cel_literals import Below, value
from cel_names import ENV, LEAVES, VARIABLES, bindings
from cel_outcomes import CEL_EXPR, Outcome, cel_python, ours
from cel_productions import FEATURES
from cel_shrink import shrunk
from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.cel.env import Env, Function, Overload
from penstock.cel.errors import CheckError, ParseError
from penstock.cel.program import compile as compiled
from penstock.cel.types import DYN, STRING
from penstock.cel.values import UInt

# Without the extensions that the oracle does not have, and what each engine chooses for itself.
ORACLE_FEATURES = FEATURES - {"optional-element", "format-any", "map-order", "two", "lists", "sets"}
# What cel-python's grammar has.
CORE_FEATURES = frozenset({"core", "dyn", "text", "strings", "math", "encoders"})
EXAMPLES = int(os.environ.get("PENSTOCK_CEL_EXAMPLES", "0"))
SEED = int(os.environ.get("PENSTOCK_CEL_SEED", "0"))


@dataclass(frozen=True, slots=True)
class Difference:
    """A disagreement that is known: by the words of either side's error, and now and then of the expression."""

    reason: str
    mine: str = "$."
    theirs: str = "$."
    text: str = ""

    def explains(self, text: str, mine: Outcome, theirs: Outcome) -> bool:
        found = re.search(self.mine, mine.error or "") or re.search(self.theirs, theirs.error or "")
        return found is not None and re.search(self.text, text) is not None


KNOWN = (
    Difference("CEL's durations are int64 nanoseconds; the oracle's go to 10,000 years", mine="292 years"),
    Difference("a repeated key is an error like any other; the oracle stops there", theirs="ALREADY_EXISTS"),
    Difference("1 and 1u are one key, for they are equal; the oracle keeps both", mine="has the key .* twice"),
    Difference("`in` a map is false for what can be no key; the oracle has no overload", theirs=r"overloads.*@in"),
    Difference("an element may be asked for by any number; the oracle takes int", theirs=r"_\[\?_\]\(list"),
    Difference(
        "math.least([]) fails when evaluated, not when parsed", theirs="math.*single arg|math.*literal arg"
    ),
    Difference("substring() may end at the end; the oracle refuses (off by one)", theirs="<start> or <end> is gr"),
    Difference("lists, too, can be searched and turned round", theirs=r"\(list\)\.(reverse|indexOf|lastIndexOf)"),
    Difference("CEL has no int(bool)", mine=r"int\(bool"),
    Difference("%s of bytes must be UTF-8; the oracle makes a broken string", mine="format.*not UTF-8"),
    Difference("CEL rounds towards zero before it looks at the range: uint(-0.5) is 0", theirs="of uint64 range"),
    Difference("two minuses are two negations; the oracle drops them both", mine="- of|overflow: -", text="--"),
    Difference("optFlatMap() gives an optional; the oracle takes anything", mine="the body of optFlatMap"),
    Difference("the key of an entry that is left out does not count", theirs="Invalid map key type", text=r"\{\?"),
    Difference("Python's calendar has no hour beyond the year 9999, in no timezone", mine="9999 in that timezone"),
    Difference("base64 has no spaces; the oracle skips them", mine="not base64"),
)


def disagreement(text: str, values: Mapping[str, object]) -> str | None:
    """What penstock and the oracle say, if that is not the same and not known."""
    assert CEL_EXPR is not None
    theirs = CEL_EXPR(text, values)
    try:
        program = compiled(text)
    except ParseError as error:
        mine = Outcome(error=error.message)
    else:
        mine = ours(program, values)
    if theirs.unusable or mine.unusable or mine.agrees(theirs):
        return None
    if any(known.explains(text, mine, theirs) for known in KNOWN):
        return None
    if "string(" in text and any(
        ours(compiled(text, _OTHER_TEXT, check=False), values, {"string": write}).agrees(theirs)
        for write in (_as_the_oracle_writes, _as_the_oracle_writes_nan)
    ):
        return None
    return f"penstock: {mine.error or mine.value}\noracle: {theirs.error or theirs.value}"


def _as_the_oracle_writes(value: object) -> object:
    """string() with what CEL leaves open: doubles as C++ prints them, fractions of seconds in 3, 6 or 9 digits."""
    if isinstance(value, float):
        assert CEL_EXPR is not None
        written = CEL_EXPR("string(d)", {"d": value}).value
        assert isinstance(written, tuple)
        return written[1]
    text = compiled("string(x)")({"x": value})
    if isinstance(value, datetime | timedelta):
        return re.sub(r"\.(\d+)", lambda found: "." + found[1].ljust(-(-len(found[1]) // 3) * 3, "0"), str(text))
    return text


def _as_the_oracle_writes_nan(value: object) -> object:
    """The same, for a nan with a sign, which only the processor knows of."""
    return "-nan" if value != value else _as_the_oracle_writes(value)


_OTHER_TEXT = Env(functions=[Function("string", (Overload((DYN,), STRING),))])
_below = functools.cache(lambda limit: st.integers(0, limit - 1))


Case = tuple[str, Mapping[str, object]]


def typed_case(below: Below, features: frozenset[str] = FEATURES) -> Case:
    """An expression, and values of their declared types for its variables."""
    text = expression(below, LEAVES, features)
    return text, bindings(below, text)


def oracle_case(below: Below) -> Case:
    return typed_case(below, ORACLE_FEATURES)


def core_case(below: Below) -> Case:
    return typed_case(below, CORE_FEATURES)


def hostile_case(below: Below) -> Case:
    """An expression, and any values."""
    text = expression(below, LEAVES, FEATURES)
    return text, _hostile(below, text)


@st.composite
def cases(draw: Callable[[st.SearchStrategy[int]], int], make: Callable[[Below], Case]) -> Case:
    return make(lambda limit: draw(_below(limit)))


def _hostile(below: Below, text: str) -> dict[str, object]:
    """Any value for any variable, and what no host should ever pass."""
    kinds = (*VARIABLES.values(), DYN)
    words = set(re.findall(r"\w+", text))
    names = [name for name in VARIABLES if name in words and below(12)]
    return {
        name: FOREIGN[below(len(FOREIGN))] if below(5) == 0 else value(below, kinds[below(len(kinds))])
        for name in names
    }


class _Text(str):
    """A subclass, as YAML loaders make them."""


FOREIGN = (
    *(object(), {1, 2}, Decimal("1.5"), date(2026, 1, 1), datetime(2026, 1, 1), 2**70, -(2**64), 1j, range(3)),
    *(
        (1, 2),
        (),
        _Text("a"),
        MappingProxyType({"a": 1, True: 2}),
        {1.5: 1, None: 2, (1,): 3},
        {"a": {1}},
        "\ud800",
    ),
    *([[1, [2, [3]]]], [object()], {"a": object()}, bytearray(b"a"), iter(()), Ellipsis, int, len, UInt(3)),
)

_WORDS = (
    "a i x has all map exists size dyn in true null optional cel bind math as let 1 0x1 1u 1. .5 1e9 'a' \"b\""
)
_SIGNS = (
    "( ) [ ] { } , . ? : + - * / % ! < <= == != && || & | = ; @ # $ ' \"\"\" \\ // r'\\' b'\\xff' '\\u00e9' `a-b`"
)
TOKENS = (*_WORDS.split(), *_SIGNS.split(), " ", "\n", "\t", "é", "\x00", "\ud800", "9223372036854775808")


def fast_and_exact(text: str, values: Mapping[str, object], *, typed: bool) -> str | None:
    """How the two evaluations differ, if they do. Whatever is not an EvalError comes through."""
    try:
        program = compiled(text, ENV if typed else None)
    except (CheckError, ParseError):  # brackets left out now and then make what no parser takes
        return None
    fast, exact = ours(program, values), ours(program, values, exactly=True)
    if fast.unusable or exact.unusable or fast.agrees(exact):
        return None
    return f"fast: {fast.error or fast.value}\nexact: {exact.error or exact.value}"


def second_engine(text: str, values: Mapping[str, object]) -> str | None:
    """How penstock and the engine on cel-python differ, if they do."""
    theirs = cel_python(text, values)
    # The conformance cases want a duration's milliseconds beyond its seconds; cel-python gives all of them.
    if theirs.unusable or "getMilliseconds" in text:
        return None
    program = compiled(text)
    mine = ours(program, values)
    if mine.unusable or Outcome(plain(mine.value), mine.error).agrees(Outcome(plain(theirs.value), theirs.error)):
        return None
    return f"penstock: {mine.error or mine.value}\ncel-python: {theirs.error or theirs.value}"


def plain(value: object) -> object:
    """A canonical value without what the second engine's results do not tell apart: uints and types."""
    if isinstance(value, frozenset):
        return frozenset(map(plain, value))
    if not isinstance(value, tuple):
        return value
    name = {"uint": "int", "type": "string"}.get(value[0], value[0]) if value else None
    return (name, *map(plain, value[1:])) if isinstance(name, str) else tuple(map(plain, value))


@pytest.mark.skipif(CEL_EXPR is None, reason="cel-expr-python is not installed")
@settings(max_examples=150)
@given(cases(oracle_case))
def test_agrees_with_cel_expr_python(case: Case) -> None:
    difference = disagreement(*case)
    assert difference is None, difference


@settings(max_examples=100)
@given(cases(core_case))
def test_agrees_with_the_engine_on_cel_python(case: Case) -> None:
    difference = second_engine(*case)
    assert difference is None, difference


@settings(max_examples=100)
@given(cases(typed_case))
def test_fast_code_is_exact_for_values_of_the_declared_types(case: Case) -> None:
    for typed in (False, True):
        difference = fast_and_exact(*case, typed=typed)
        assert difference is None, difference


@settings(max_examples=100)
@given(cases(hostile_case))
def test_fast_code_is_exact_for_any_value(case: Case) -> None:
    difference = fast_and_exact(*case, typed=False)
    assert difference is None, difference


@settings(max_examples=100)
@given(cases(hostile_case))
def test_values_that_break_their_declared_types_raise_nothing_else(case: Case) -> None:
    text, values = case
    try:
        program = compiled(text, ENV)
    except (CheckError, ParseError):
        return
    ours(program, values)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(TOKENS), max_size=12).map("".join))
def test_any_tokens_are_parsed_or_refused(text: str) -> None:
    try:
        program = compiled(text)
    except ParseError as error:
        placed = error.is_placed
    else:
        placed = program.text == text
        assert fast_and_exact(text, {"a": 1, "i": [1], "x": {"a": 1}}, typed=False) is None
    assert placed


# Long runs


def _long_run(make: Callable[[Below], Case], differ: Callable[[str, Mapping[str, object]], str | None]) -> str:
    """Every kind of disagreement once, by its smallest expression and the number of its example."""
    found: dict[str, str] = {}
    for number in range(EXAMPLES):
        text, values = make(random.Random(SEED * 10**9 + number).randrange)
        if differ(text, values) is None:
            continue
        small = shrunk(text, lambda each, values=values: differ(each, values) is not None)  # type: ignore[misc]
        used = {name: value for name, value in values.items() if re.search(rf"\b{name}\b", small)}
        found.setdefault(re.sub(r"[0-9.]+", "0", small), f"{number}: {small}\n{used!r}\n{differ(small, values)}")
    return "\n\n".join(found.values())


@pytest.mark.skipif(not EXAMPLES, reason="a long run: set PENSTOCK_CEL_EXAMPLES")
@pytest.mark.skipif(CEL_EXPR is None, reason="cel-expr-python is not installed")
def test_long_run_against_cel_expr_python() -> None:
    found = _long_run(oracle_case, disagreement)
    assert not found, found


@pytest.mark.skipif(not EXAMPLES, reason="a long run: set PENSTOCK_CEL_EXAMPLES")
def test_long_run_against_the_engine_on_cel_python() -> None:
    found = _long_run(core_case, second_engine)
    assert not found, found


@pytest.mark.skipif(not EXAMPLES, reason="a long run: set PENSTOCK_CEL_EXAMPLES")
@pytest.mark.parametrize("make", [typed_case, hostile_case])
def test_long_run_of_fast_against_exact(make: Callable[[Below], Case]) -> None:
    def differ(text: str, values: Mapping[str, object]) -> str | None:
        kinds = (False, True) if make is typed_case else (False,)
        try:
            return next(filter(None, (fast_and_exact(text, values, typed=typed) for typed in kinds)), None)
        except Exception as error:  # penstock may raise nothing but EvalError
            return f"{type(error).__name__}: {error}"

    found = _long_run(make, differ)
    assert not found, found
