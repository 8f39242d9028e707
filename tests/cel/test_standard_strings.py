"""The strings extension and ``format``: values, refusals, and the limits of what they make."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import pytest

from penstock.cel import calls
from penstock.cel.closures import MAX_WORK
from penstock.cel.errors import EvalError
from penstock.cel.moments import parse_timestamp
from penstock.cel.standard import functions_by_name
from penstock.cel.types import INT
from penstock.cel.values import MixedMap, Optional, UInt


def method(name: str, *arguments: object) -> object:
    return calls.call(functions_by_name()[name], arguments, receiver=True)


def refusal(name: str, *arguments: object) -> str:
    with pytest.raises(EvalError) as caught:
        method(name, *arguments)
    return caught.value.message


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("charAt", ("a😀b", 1), "😀"),
        ("charAt", ("abc", 3), ""),
        ("charAt", ("", 0), ""),
        ("indexOf", ("a😀b😀", "😀"), 1),
        ("indexOf", ("a😀b😀", "😀", 2), 3),
        ("indexOf", ("abc", "", 3), 3),
        ("indexOf", ("abc", "abcd"), -1),
        ("lastIndexOf", ("abcabc", "abc", 3), 3),
        ("lastIndexOf", ("abcabc", "abc", 2), 0),
        ("lastIndexOf", ("abc", "", 2), 2),
        ("lastIndexOf", ("abc", "c", 1), -1),
        ("substring", ("a😀b", 1), "😀b"),
        ("substring", ("a😀b", 1, 2), "😀"),
        ("substring", ("abc", 3, 3), ""),
        ("replace", ("abc", "", "-"), "-a-b-c-"),
        ("replace", ("abc", "", "-", 2), "-a-bc"),
        ("replace", ("aaa", "a", "b", 0), "aaa"),
        ("replace", ("aaa", "a", "b", -7), "bbb"),
        ("replace", ("aaa", "a", "b", 99), "bbb"),
        ("split", ("a,b,c", ","), ["a", "b", "c"]),
        ("split", ("a,b,c", ",", 0), []),
        ("split", ("a,b,c", ",", 1), ["a,b,c"]),
        ("split", ("a,b,c", ",", 2), ["a", "b,c"]),
        ("split", ("", ","), [""]),
        ("split", ("abc", ""), ["a", "b", "c"]),
        ("split", ("abc", "", 2), ["a", "bc"]),
        ("split", ("", ""), [""]),
        ("join", (["a", "b"],), "ab"),
        ("join", (("a", "b"), ", "), "a, b"),
        ("join", ([], ", "), ""),
        ("lowerAscii", ("ÄBCİ",), "Äbcİ"),
        ("upperAscii", ("äbcß",), "äBCß"),
        ("trim", ("\x1c\u200b a\u3000\u2028\x85",), "\x1c\u200b a"),
        ("reverse", ("a😀b",), "b😀a"),
    ],
)
def test_methods(name: str, arguments: tuple[object, ...], expected: object) -> None:
    assert method(name, *arguments) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a"b\\c\nd\ae\x00', '"a\\"b\\\\c\\nd\\ae\x00"'),
        ("it's 😀", '"it\'s 😀"'),
        ("\ud800x", '"\ufffdx"'),
    ],
)
def test_quote(text: str, expected: str) -> None:
    assert calls.call(functions_by_name()["strings.quote"], (text,), receiver=False) == expected


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("charAt", ("abc", 4), 'charAt(int 4) on string "abc": position 4 is not from 0 to 3'),
        ("charAt", ("abc", -1), 'charAt(int -1) on string "abc": position -1 is not from 0 to 3'),
        ("indexOf", ("abc", "", 4), 'indexOf(string "", int 4) on string "abc": position 4 is not from 0 to 3'),
        (
            "substring",
            ("abc", 2, 1),
            'substring(int 2, int 1) on string "abc": the end 1 is before the start 2',
        ),
        (
            "join",
            (["a", 1],),
            "join() on a list of 2: the element at 1 is int 1; only strings can be joined",
        ),
        (
            "charAt",
            ("abc", True),
            'no such overload: charAt(bool true) on string "abc"; allowed: charAt(int) on string',
        ),
        (
            "substring",
            ("abc",),
            'no such overload: substring() on string "abc"; '
            "allowed: substring(int) on string or substring(int, int) on string",
        ),
    ],
)
def test_refusals(name: str, arguments: tuple[object, ...], message: str) -> None:
    assert refusal(name, *arguments) == message


@pytest.mark.parametrize(
    ("template", "values", "expected"),
    [
        ("100%% of %s", ["it"], "100% of it"),
        ("%s %s", [1.0, 0.1], "1 0.1"),
        ("%s", [[float("nan"), float("inf"), float("-inf")]], "[NaN, Infinity, -Infinity]"),
        ("%s", [{"b": [None], "a": INT}], "{a: int, b: [null]}"),
        ("%s", [MixedMap([(1, "x"), (True, "y")])], "{1: x, true: y}"),
        ("%s", [timedelta(seconds=90)], "90s"),
        ("%s", [datetime(2026, 1, 1, tzinfo=timezone.utc)], "2026-01-01T00:00:00Z"),
        ("%s", [parse_timestamp("2026-01-01T00:00:00.000000007Z")], "2026-01-01T00:00:00.000000007Z"),
        ("%d %d", [UInt(7), -3], "7 -3"),
        ("%d %d %d", [1e22, 2.0, -1.5e-7], "10000000000000000000000 2 -0.00000015"),
        ("%.2f %.0f", [1, 0.5], "1.00 0"),
        ("%.1e", [UInt(123456)], "1.2e+05"),
        ("%b %b %b", [True, -5, UInt(6)], "1 -101 110"),
        ("%o %x %X", [8, -255, 255], "10 -ff FF"),
        ("%x", ["é"], "c3a9"),
        ("%.3d|%.3s", [1, "abcd"], "1|abcd"),
        ("%s", ["used", "left over"], "used"),
    ],
)
def test_format(template: str, values: list[object], expected: str) -> None:
    assert method("format", template, values) == expected


@pytest.mark.parametrize(
    ("template", "values", "reason"),
    [
        ("50%", [], "the template ends within a clause: `%`; a percent sign is `%%`"),
        ("%.5", [1], "the template ends within a clause: `%.5`; a percent sign is `%%`"),
        ("%q", [1], "there is no clause `%q`; known: %s, %d, %f, %e, %b, %o, %x, %X, %%"),
        ("%5d", [1], "there is no clause `%5`; known: %s, %d, %f, %e, %b, %o, %x, %X, %%"),
        ("%s%s", [1], "`%s` needs a value number 2: the list has 1"),
        ("%.1001f", [1.0], "the precision of `%.1001f` is not from 0 to 1000"),
        ("%.f", [1.0], "the precision of `%.f` is not from 0 to 1000"),
        ("%d", [True], "`%d` is for numbers, not bool true"),
        ("%f", ["1"], '`%f` is for numbers, not string "1"'),
        ("%x", [1.5], "`%x` is for whole numbers, strings and bytes, not double 1.5"),
        ("%o", [True], "`%o` is for whole numbers, not bool true"),
        (
            "%s",
            [[Optional()]],
            "`%s` is for texts, bools, numbers, bytes, times, types, null, and lists and maps of them, "
            "not an optional",
        ),
    ],
)
def test_format_refuses(template: str, values: list[object], reason: str) -> None:
    message = refusal("format", template, values)
    assert message.partition('": ')[2] == reason


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("replace", ("a" * 10_000, "a", "b" * 10_000)),
        ("replace", ("a" * 10_000, "", "b" * 10_000)),
        ("join", (["x"] * 10_000, "-" * 10_000)),
        ("format", ("%s" * 1000, ["x" * 100_000] * 1000)),
        ("format", ("%.1000f" * 20_000, [1.0] * 20_000)),
        ("format", ("%x", ["x" * 6_000_000])),
    ],
)
def test_nothing_too_long_is_made(name: str, arguments: tuple[object, ...]) -> None:
    start = time.process_time()
    assert refusal(name, *arguments).endswith(f"the result would be longer than {MAX_WORK:,}")
    assert time.process_time() - start < 2


def test_a_list_that_holds_itself_many_times_over_is_not_written_out() -> None:
    value: list[object] = ["x"]
    for _ in range(60):
        value = [value, value]
    start = time.process_time()
    assert "the result would be longer" in refusal("format", "%s", [value])
    assert time.process_time() - start < 20


def test_a_value_nested_too_deeply_is_not_written_out() -> None:
    value: list[object] = []
    for _ in range(500):
        value = [value]
    assert refusal("format", "%s", [value]).endswith("the value is nested more than 100 deep")
