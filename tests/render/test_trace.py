"""Traces as trees: what is shown of each part, and that the drawing holds for any text, value and width."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.cel import program
from penstock.cel.trace import trace
from penstock.cel.types import INT
from penstock.cel.values import Optional, UInt
from penstock.render.escape import ACTIVE
from penstock.render.trace import render
from penstock.render.value import as_data, label, shown
from penstock.render.width import columns

LAB = {
    "kind": "VendorContract",
    "metadata": {"name": "acme-lab"},
    "spec": {"endsOn": "2028-12-31", "vendor": "Äcme 東京", "tags": ["a", "b"]},
}


def tree(text: str, width: int = 80, **bindings: object) -> list[str]:
    compiled = program.compile(text)
    return render(trace(compiled, {"object": LAB, **bindings}), width=width).splitlines()


def test_fields_and_literals_are_left_out() -> None:
    assert tree("has(object.spec.endsOn) && object.spec.endsOn <= '2027-12-31'") == [
        "has(object.spec.endsOn) && object.spec.endsOn <= '2027-12-31'",
        "= false",
        "├─ has(object.spec.endsOn)             = true",
        "└─ object.spec.endsOn <= '2027-12-31'  = false",
        '   └─ object.spec.endsOn               = "2028-12-31"',
    ]


def test_what_was_not_needed_is_not_evaluated() -> None:
    assert tree("!has(object.spec.term) || size(object.spec.term) > 0 ? 1 : object.spec.tags.size()") == [
        "!has(object.spec.term) || size(object.spec.term) > 0 ? 1 :",
        "object.spec.tags.size()",
        "= 1",
        "├─ !has(object.spec.term) || size(object.spec.t…  = true",
        "│  ├─ !has(object.spec.term)                      = true",
        "│  │  └─ has(object.spec.term)                    = false",
        "│  └─ size(object.spec.term) > 0                  not evaluated",
        "└─ object.spec.tags.size()                        not evaluated",
    ]


def test_an_error_is_shown_where_it_is() -> None:
    lines = tree("1 + object.spec.nothing")
    assert lines[1].startswith("error: ")
    assert lines[2].startswith("└─ object.spec.nothing  error: ")
    assert "nothing" in lines[2]


def test_turns_of_a_macro() -> None:
    assert tree("numbers.all(n, n < 8)", numbers=list(range(12))) == [
        "numbers.all(n, n < 8)",
        "= false",
        "├─ numbers    = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]",
        "├─ for n = 0  = true",
        "│  └─ n       = 0",
        "├─ for n = 1  = true",
        "│  └─ n       = 1",
        "├─ for n = 2  = true",
        "│  └─ n       = 2",
        "├─ … 5 more",
        "└─ for n = 8  = false",
        "   └─ n       = 8",
    ]


def test_a_turn_with_a_condition_and_a_result() -> None:
    assert tree("people.map(p, p.age > 30, p.name)", people=[{"name": "Ann", "age": 40}]) == [
        "people.map(p, p.age > 30, p.name)",
        '= ["Ann"]',
        '├─ people         = [{name: "Ann", age: 40}]',
        "└─ for p = Ann",
        "   ├─ p.age > 30  = true",
        "   │  └─ p.age    = 40",
        '   └─ p.name      = "Ann"',
    ]


def test_a_chain_of_operators_is_flat_however_long() -> None:
    assert tree("a + b + c - 1", a=1, b=2, c=3) == [
        "a + b + c - 1",
        "= 5",
        "└─ a + b + c  = 6",
        "   ├─ a       = 1",
        "   ├─ b       = 2",
        "   └─ c       = 3",
    ]
    assert len(tree(" + ".join(["a"] * 1500), a=1)) > 1500


def test_wide_characters_keep_the_column() -> None:
    lines = tree("object['東京'] + object['Ä'] + object['x']", object={"東京": "a", "Ä": "b", "x": "c"})
    values = [tuple(line.split("  = ")) for line in lines[2:]]
    assert [(columns(before), value) for before, value in values] == [(17, '"a"'), (17, '"b"'), (17, '"c"')]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    text = (
        "object.spec.tags.all(t, t.startsWith(object.spec.vendor) || object.spec.endsOn > '2026-01-01')"
        " && [1, 2].exists(x, x > 5)"
    )
    lines = tree(text, width, long="x" * 500)
    # A word of the expression itself may be longer than the narrowest screens.
    assert all(columns(line) <= max(width, 60) for line in lines)
    assert all(columns(line) <= width for line in lines if line[:1] in "├└│")


def test_active_characters_are_shown() -> None:
    text = "\n".join(tree("evil + '\u202e'", evil="\x1b[31m\r\n"))
    assert not {"\x1b", "\r", "\u202e"} & set(text)
    assert '"\\u001b[31m\\r\\n"' in text


def test_a_long_text_of_an_expression_is_wrapped_and_its_values_cut() -> None:
    lines = tree("long == '" + "y" * 100 + "'", long="x" * 500)
    assert lines[-1].startswith('└─ long  = "xxx')
    assert lines[-1].endswith("x…")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (1, "1"),
        (UInt(1), "1u"),
        (1.0, "1.0"),
        ('a "b"', '"a \\"b\\""'),
        (b"a\xff", 'b"a\\\\xff"'),
        (datetime(2026, 6, 30, tzinfo=timezone.utc), "2026-06-30T00:00:00Z"),
        (timedelta(hours=1, milliseconds=500), "3600.5s"),
        (INT, "int"),
        (Optional(True, 1), "optional.of(1)"),
        (Optional(), "optional.none()"),
        ([], "[]"),
        ({}, "{}"),
        (LAB, "VendorContract/acme-lab"),
        ([LAB, 1], "[VendorContract/acme-lab, 1]"),
        ({"a": {"b": [1]}, "c d": 2}, '{a: {b: [1]}, "c d": 2}'),
        (list(range(100)), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, … 86 more]"),
        ([[[[[[1]]]]]], "[[[[[…]]]]]"),
        ("x" * 100, '"' + "x" * 58 + "…"),
        ("\x1b\u202e", '"\\u001b\\u202e"'),
    ],
)
def test_values_on_one_line(value: object, text: str) -> None:
    assert shown(value) == text


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
)


@given(VALUES, st.integers(8, 120))
def test_any_value_fits_its_room_and_is_safe_to_print(value: object, room: int) -> None:
    text = shown(value, room)
    assert columns(text) <= room
    assert not ACTIVE.search(text)


@given(VALUES)
def test_any_value_becomes_json(value: object) -> None:
    json.dumps(as_data(value), allow_nan=False)


def test_a_tree_too_deep_for_the_screen_ends() -> None:
    lines = tree("-(-(-(-(-(-(-(-(-(-(a))))))))))", 40, a=1)
    assert lines[-1].strip(" └─│") == "…"
    assert all(columns(line) <= 40 for line in lines)


def test_a_value_is_called_by_its_name() -> None:
    assert [label(each) for each in (LAB, {"name": "sort", "x": 1}, 3, {"x": 1})] == [
        "acme-lab",
        "sort",
        "3",
        "{x: 1}",
    ]


def test_values_as_data() -> None:
    given = {
        "when": datetime(2026, 6, 30, tzinfo=timezone.utc),
        "for": timedelta(seconds=90),
        "count": UInt(3),
        "bytes": b"ab",
        "type": INT,
        "there": Optional(True, [UInt(1)]),
        "missing": Optional(),
        "numbers": [float("nan"), float("inf"), float("-inf"), 1.5],
        1: True,
    }
    assert as_data(given) == {
        "when": "2026-06-30T00:00:00Z",
        "for": "90s",
        "count": 3,
        "bytes": "YWI=",
        "type": "int",
        "there": [1],
        "missing": None,
        "numbers": ["NaN", "Infinity", "-Infinity", 1.5],
        "1": True,
    }
