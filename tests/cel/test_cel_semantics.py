"""What expressions mean: values, errors in words with places, and errors that logic absorbs."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from penstock.cel import EvalError, ParseError, engine

DATA: dict[str, object] = {
    "m": {"a": 1, "n": None, "deep": {"leaf": "x"}},
    "l": [1, 2.0, "three", None, True],
    "big": 10**30,
    "naive": datetime(2026, 1, 1),
    "ts": datetime(2026, 3, 1, 12, 30, 15, 250_000, tzinfo=timezone.utc),
}


def run(text: str) -> object:
    return engine("cel-python").compile(text).evaluate(DATA, {})


@pytest.mark.parametrize(
    "text",
    [
        # Numbers of every type compare by size, at any depth.
        "1 == 1.0",
        "1u == 1 && 1u == 1.0",
        "1 != 1.5",
        "1 < 1.5 && 1.5 <= 2 && 2u > 1.5 && 2 >= 2u",
        "m.a == 1.0",
        "[1, [2]] == [1.0, [2u]]",
        "{'a': [1]} == {'a': [1.0]}",
        "1.0 in [1, 2] && 1 in [1.0] && 2u in l",
        "1.0 in {1: 'a'} && {1: 'a'}[1.0] == 'a' && {1: 'a'}[1u] == 'a'",
        "[10, 20][1.0] == 20",
        "0.0 == -0.0",
        "big > 9223372036854775807",
        # A bool is not a number, and no two types are equal.
        "true != 1 && !(true == 1) && !(false == 0.0)",
        "!(true in [1]) && !(1 in [true]) && !(1 in {true: 1})",
        "[true] != [1] && {'a': true} != {'a': 1} && {true: 1} != {1: 1}",
        "!('a' == 1) && 'a' != 1 && !('1' == 1) && !([] == {})",
        "b'a' != 'a'",
        "timestamp('2026-01-01T00:00:00Z') != '2026-01-01T00:00:00Z'",
        # null compares with anything.
        "null == null && !(null == 1) && null != 'a' && m.n == null && m.a != null && m.deep != null",
        "null in [null] && !(null in [0, false, ''])",
        # NaN is not even itself.
        "0.0 / 0.0 != 0.0 / 0.0 && !([0.0/0.0] == [0.0/0.0]) && !(0.0/0.0 < 1.0)",
        "1.0 / 0.0 > 1e300 && -1.0 / 0.0 < -1e300 && 1.0 / -0.0 < 0.0",
        # Fields.
        "has(m.a) && !has(m.b) && has(m.n) && has(m.deep.leaf) && !has(m.deep.other)",
        "m['a'] == 1 && m.deep['leaf'] == 'x' && 'a' in m && !('b' in m)",
        "{'content-type': 1}.`content-type` == 1",
        "{'in': 1}.in == 1 && {'if': 1}.if == 1",
        # Errors are absorbed where another operand decides.
        "m.b == 1 || true",
        "true || m.b == 1",
        "!(m.b == 1 && false)",
        "!(false && m.b == 1)",
        "1/0 == 1 || 'a' == 1 || true",
        "'a' || true",
        "[0, 1].exists(x, 1/x == 1)",
        "[1, 0].exists(x, 1/x == 1)",
        "![0, 1].all(x, 1/x == 2)",
        "![1, 0].all(x, 1/x == 2)",
        "true ? true : m.b",
        "[].all(x, x.y) && ![].exists(x, x.y)",
        # Comprehensions.
        "[1, 2, 3].filter(x, x > 1) == [2, 3] && [1, 2].map(x, x * 2) == [2, 4]",
        "[1, 2, 3].map(x, x > 1, x * 2) == [4, 6]",
        "[1, 2].exists_one(x, x == 1) && ![1, 1].exists_one(x, x == 1) && [1].existsOne(x, true)",
        "{'a': 1, 'b': 2}.all(k, k in ['a', 'b']) && {'a': 1}.map(k, k) == ['a']",
        "[[1, 2], [3]].all(x, x.exists(y, y < 4 && x.size() < 3)) && [1].map(x, [2].map(x, x))[0][0] == 2",
        "[1, 2].map(x, x + 1).map(x, [5].map(y, x + y)[0]) == [7, 8]",
        # Literals.
        r"'a\x41\u00e9\U0001F600\101\n\"' == 'aA' + 'é' + '😀A' + '\n' + '\"'",
        r"r'a\d' == 'a\\d' && '''it's\na''' == 'it\'s\na' && b'\xff\u{}'.size() == 1".replace(r"\u{}", ""),
        "0x1F == 31 && -0x1 == -1 && 1e3 == 1000.0 && .5 == 0.5 && -9223372036854775808 < 0",
        "size('é😀') == 2 && b'é'.size() == 2 && l.size() == 5 && size(m) == 3",
        # Text.
        "'abc'.contains('b') && 'abc'.startsWith('ab') && 'abc'.endsWith('bc') && 'a' + 'b' == 'ab'",
        "'é1'.matches('^.\\\\d$') && matches('foobar', 'o{2}b') && !'a'.matches('^b')",
        # Conversions.
        "int('-12') == -12 && int(1.9) == 1 && int(-1.9) == -1 && uint('3') == 3u && double('1e3') == 1000.0",
        "string(12.0) == '12' && string(1000000.0) == '1000000' && string(0.1) == '0.1' && string(true) == 'true'",
        "string(b'abc') == 'abc' && bytes('é') == b'\\xc3\\xa9' && bool('TRUE') && string(1u) == '1'",
        "type(1) == int && type('a') == string && type(null) == null_type && type(m) == map && type(int) == type",
        "int(timestamp('1970-01-01T00:01:00Z')) == 60 && timestamp(60) == timestamp('1970-01-01T00:01:00Z')",
        # Time.
        "timestamp('2026-01-31T00:00:00+02:00') == timestamp('2026-01-30T22:00:00Z')",
        "timestamp('2026-01-01T00:00:00Z') + duration('36h') == timestamp('2026-01-02T12:00:00Z')",
        "timestamp('2026-01-02T00:00:00Z') - timestamp('2026-01-01T00:00:00Z') == duration('24h')",
        "duration('1h30m') == duration('5400s') && -1 * 1 < 0 && duration('-1.5s') < duration('1ms')",
        "string(duration('90m')) == '5400s' && string(duration('1.5s')) == '1.5s'",
        "string(timestamp('2026-01-01T00:00:00.25Z')) == '2026-01-01T00:00:00.25Z'",
        "ts.getFullYear() == 2026 && ts.getMonth() == 2 && ts.getDate() == 1 && ts.getDayOfMonth() == 0",
        "ts.getDayOfWeek() == 0 && ts.getHours() == 12 && ts.getMinutes() == 30 && ts.getMilliseconds() == 250",
        "ts.getHours('America/New_York') == 7 && ts.getHours('+05:30') == 18",
        "// a comment\n1 == 1 // another",
    ],
)
def test_is_true(text: str) -> None:
    assert run(text) is True


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7 / -2", -3),
        ("-7 % 2", -1),
        ("1 + 2 * 3 - 4", 3),
        ("2u * 3u", 6),
        ("1.5 + 1.5", 3.0),
        ("- -3", 3),
        ("[1, 'a', null] + [b'x']", [1, "a", None, b"x"]),
        ("{'a': {'b': [1u]}, 2: true}", {"a": {"b": [1]}, 2: True}),
        ("type(1.0)", "double"),
        (
            "timestamp('2026-01-01T00:00:00.123456Z')",
            datetime(2026, 1, 1, 0, 0, 0, 123456, tzinfo=timezone.utc),
        ),
        ("duration('1h1m1s1ms1us')", timedelta(hours=1, minutes=1, seconds=1, milliseconds=1, microseconds=1)),
        ("m.n", None),
    ],
)
def test_value(text: str, value: object) -> None:
    got = run(text)
    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("m.b", "no such key: `b`", (1, 3)),
        ("m.b.c", "no such key: `b`", (1, 3)),
        ("has(m.b.c)", "no such key: `b`", (1, 7)),
        ("has(m.a.c)", "no such field: `c`: int 1 has no fields", (1, 9)),
        ("m['b']", 'no such key: `"b"`', (1, 3)),
        ("{1: 1}[true]", "no such key: `true`", (1, 8)),
        ("{true: 1}[1]", "no such key: `1`", (1, 11)),
        ("m.n.x", "no such field: `x`: null has no fields", (1, 5)),
        ("l[9]", "index 9 is out of range: a list of 5", (1, 3)),
        ("l[-1]", "index -1 is out of range: a list of 5", (1, 3)),
        ("l['a']", 'a list has no element at string "a"', (1, 3)),
        ("l[0.5]", "a list has no element at double 0.5", (1, 3)),
        ("'abc'[0]", 'string "abc" has no elements', (1, 7)),
        ("true &&\n  nowhere.x", "there is no name `nowhere`", (2, 3)),
        ("nothing(1)", "there is no function `nothing`", (1, 1)),
        ("1 / 0", "division by zero: int 1 / int 0", (1, 1)),
        ("1 % 0", "division by zero: int 1 % int 0", (1, 1)),
        ("1u / 0u", "division by zero: uint 1u / uint 0u", (1, 1)),
        ("9223372036854775807 + 1", "integer overflow: int 9223372036854775807 + int 1", (1, 1)),
        ("-9223372036854775808 - 1", "integer overflow: int -9223372036854775808 - int 1", (1, 1)),
        ("9223372036854775807 * 2", "integer overflow: int 9223372036854775807 * int 2", (1, 1)),
        ("-(-9223372036854775808)", "integer overflow: - of int -9223372036854775808", (1, 1)),
        ("0u - 1u", "integer overflow: uint 0u - uint 1u", (1, 1)),
        ("-9223372036854775808 / -1", "integer overflow: int -9223372036854775808 / int -1", (1, 1)),
        ("1 + 1.0", "no such overload: int 1 + double 1.0", (1, 1)),
        ("'a' + 1", 'no such overload: string "a" + int 1', (1, 1)),
        ("'a' * 2", 'no such overload: string "a" * int 2', (1, 1)),
        ("true + true", "no such overload: bool true + bool true", (1, 1)),
        ("-true", "no such overload: - of bool true", (1, 1)),
        ("null < 1", "`<` cannot compare null and int 1", (1, 1)),
        ("'a' >= 1", '`>=` cannot compare string "a" and int 1', (1, 1)),
        ("true < 1", "`<` cannot compare bool true and int 1", (1, 1)),
        ("[1] < [2]", "`<` cannot compare a list of 1 and a list of 1", (1, 1)),
        ("naive < ts", "`<`: a datetime without a timezone is no moment", (1, 1)),
        ("'a' in 'abc'", '`in` needs a list or a map on its right, not string "abc"', (1, 1)),
        ("!1", "`!` needs a bool, not int 1", (1, 1)),
        ("1 ? 2 : 3", "`?:` needs a bool, not int 1", (1, 1)),
        ("'a' || false", '`||` needs a bool, not string "a"', (1, 1)),
        ("true && null", "`&&` needs a bool, not null", (1, 1)),
        ("m.b == 1 || false", "no such key: `b`", (1, 3)),
        ("m.b == 1 && true", "no such key: `b`", (1, 3)),
        ("[1, 0].all(x, 1 / x == 1)", "division by zero: int 1 / int 0", (1, 15)),
        ("[0].exists(x, 1 / x == 1)", "division by zero: int 1 / int 0", (1, 15)),
        ("[1, 0].exists_one(x, 1 / x == 1)", "division by zero: int 1 / int 0", (1, 22)),
        ("[1].all(x, x)", "all() needs a bool, not int 1", (1, 5)),
        ("m.a.exists(x, true)", "exists() needs a list or a map, not int 1", (1, 5)),
        ("[1].map(x, 1, x)", "map() needs a bool, not int 1", (1, 5)),
        ("{1.5: 1}", "a map's key is a string, a whole number or a bool, not double 1.5", (1, 1)),
        ("{'a': 1, 'a': 2}", 'the map has the key "a" twice', (1, 1)),
        ("{1: 1, 1u: 2}", "the map has the key 1u twice", (1, 1)),
        ("size(1)", "no such overload: size(int 1); allowed: size(string|bytes|list|map)", (1, 1)),
        (
            "'a'.contains(1)",
            'no such overload: contains(int 1) on string "a"; allowed: contains(string) on string',
            (1, 5),
        ),
        (
            "contains('a', 'a')",
            'no such overload: contains(string "a", string "a"); allowed: contains(string) on string',
            (1, 1),
        ),
        (
            "m.int()",
            "no such overload: int() on a map of 3; allowed: int(int|uint|double|string|timestamp)",
            (1, 3),
        ),
        ("int('1_0')", 'int(string "1_0"): not a whole number', (1, 1)),
        ("int(' 1')", 'int(string " 1"): not a whole number', (1, 1)),
        ("int('٣')", 'int(string "٣"): not a whole number', (1, 1)),
        ("int('9223372036854775808')", 'int(string "9223372036854775808"): out of range', (1, 1)),
        ("int(1e30)", "int(double 1e+30): out of range", (1, 1)),
        ("int(0.0/0.0)", "int(double NaN): out of range", (1, 1)),
        ("uint(-1)", "uint(int -1): out of range", (1, 1)),
        ("double('1_0')", 'double(string "1_0"): not a number', (1, 1)),
        ("double('x')", 'double(string "x"): not a number', (1, 1)),
        ("bool('yes')", 'bool(string "yes"): not true or false', (1, 1)),
        ("bool(1)", "no such overload: bool(int 1); allowed: bool(bool|string)", (1, 1)),
        ("string(b'\\xff')", "string(bytes b'\\xff'): not UTF-8", (1, 1)),
        (
            "string([1])",
            "no such overload: string(a list of 1); "
            "allowed: string(string|bool|int|uint|double|bytes|timestamp|duration|net.ip|net.cidr)",
            (1, 1),
        ),
        (
            "'a'.matches('(')",
            'matches(string "(") on string "a": invalid regular expression: missing ): (',
            (1, 5),
        ),
        (
            "ts.getHours('Mars/Olympus')",
            'getHours(string "Mars/Olympus") on timestamp 2026-03-01T12:30:15.25Z: '
            "not a timezone such as Europe/Paris or +02:00",
            (1, 4),
        ),
        ("timestamp(253402300800)", "timestamp(int 253402300800): outside the years 1 to 9999", (1, 1)),
        ("big + 1", "integer overflow: int 1000000000000000000000000000000 + int 1", (1, 1)),
    ],
)
def test_error(text: str, message: str, place: tuple[int, int]) -> None:
    with pytest.raises(EvalError) as caught:
        run(text)
    error = caught.value
    assert (error.message, (error.line, error.column), error.text) == (message, place, text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "now",
            "today",
            "12:30",
            "P1D",
            "",
            "2026-01-01",
            "2026-W01-1",
            "2026-01-01T00:00:00",
            "20260101T000000Z",
        ),
        *("2026-01-01 00:00:00Z", "2026-01-01T00:00:00Z ", "2026-01-01T00:00:00z", "2026-1-1T00:00:00Z"),
        *("٢٠٢٦-01-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-02-30T00:00:00Z", "2026-01-01T00:00:00+24:00"),
        *("2026-01-01T00:00:00.1234567890Z", "0001-01-01T00:00:00+01:00", "2026-01-01T00:00:60Z"),
    ],
)
def test_a_timestamp_is_rfc_3339_and_nothing_else(text: str) -> None:
    with pytest.raises(EvalError, match=r"^timestamp\(string"):
        run(f"timestamp('{text}')")


@pytest.mark.parametrize(
    "text", ["", "1", "s", ".s", "1d", "1h 30m", "1 h", "--1s", "1e3s", "1.2.3s", "P1D", "10000000h"]
)
def test_a_duration_is_strict(text: str) -> None:
    with pytest.raises(EvalError, match=r"^duration\(string"):
        run(f"duration('{text}')")


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("", "the expression is empty", (1, 1)),
        (" \n ", "the expression is empty", (1, 1)),
        ("1 +", "the expression ends where more is expected", (1, 4)),
        ("a &&\n\n", "the expression ends where more is expected", (1, 5)),
        ("a and b", "`and` is not expected here; write `&&`", (1, 3)),
        ("a ==\n  = b", "`=` is not expected here; write `==`", (2, 3)),
        ("'ok' 'more'", "`'more'` is not expected here", (1, 6)),
        ("(a", "`(` is not closed", (1, 1)),
        ("[a, {b: (c]}", "`]` closes nothing", (1, 11)),
        ("a)", "`)` closes nothing", (1, 2)),
        ("a == 'b", "the string is not closed: ' is missing", (1, 6)),
        ('"""a', 'the string is not closed: """ is missing', (1, 1)),
        ("'a\nb'", "the string is not closed: ' is missing", (1, 1)),
        (r"'a\qb'", r"`\q` is not an escape sequence; a backslash is written `\\`", (1, 3)),
        (r"'\ud800'", r"`\ud800` is not a character", (1, 2)),
        (r"b'\u0041'", r"`\u0041` is not allowed in bytes", (1, 3)),
        ("a = 'x'", "`=` is not expected here; write `==`", (1, 3)),
        ("if", "`if` is a reserved word", (1, 1)),
        ("[1].map(while, 1)", "`while` is a reserved word", (1, 9)),
        ("x.all(x.y, true)", "all() takes a variable's name first", (1, 7)),
        ("has(a)", "has() takes one field, such as has(a.b)", (1, 1)),
        ("has(a['b'])", "has() takes one field, such as has(a.b)", (1, 1)),
        ("Agent{name: 'x'}", "messages (`Name{...}`) are not supported; write a map", (1, 1)),
        ("99999999999999999999", "the number does not fit into 64 bits", (1, 1)),
        ("x > -1u", "the number does not fit into 64 bits", (1, 5)),
        ("`a`", "a name in backticks can only be a field, after a dot", (1, 1)),
        ("a.`b*c`", "a name in backticks has letters, digits and `_.-/ ` and ends with a backtick", (1, 3)),
        ("a # b", "`#` is not expected here", (1, 3)),
    ],
)
def test_syntax_error(text: str, message: str, place: tuple[int, int]) -> None:
    with pytest.raises(ParseError) as caught:
        run(text)
    error = caught.value
    assert (error.message, (error.line, error.column)) == (message, place)
