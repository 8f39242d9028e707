"""What scalars mean: the YAML 1.2 core schema, and none of YAML 1.1's surprises."""

from __future__ import annotations

import pytest
from source_texts import data, fault, reading, written

CORE = [
    # null
    ("", None), ("~", None), ("null", None), ("Null", None), ("NULL", None),
    ("nULL", "nULL"), ("none", "none"), ("nil", "nil"),
    # truth values
    ("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False),
    ("tRUE", "tRUE"), ("yes", "yes"), ("Yes", "Yes"), ("NO", "NO"), ("no", "no"), ("on", "on"), ("off", "off"),
    ("y", "y"), ("n", "n"),
    # integers
    ("0", 0), ("7", 7), ("-7", -7), ("+7", 7), ("010", 10), ("-010", -10), ("00", 0), ("0o10", 8), ("0o8", "0o8"),
    ("0x1F", 31), ("0xfg", "0xfg"), ("-0x1F", "-0x1F"), ("+0o7", "+0o7"), ("0b1", "0b1"), ("1_000", "1_000"),
    ("9223372036854775807", 2**63 - 1), ("-9223372036854775808", -(2**63)), ("0x7fffffffffffffff", 2**63 - 1),
    ("0" * 5000 + "1", 1),
    # floats
    ("1.5", 1.5), ("-1.5", -1.5), ("+.5", 0.5), ("1.", 1.0), ("1e3", 1000.0), ("1E+3", 1000.0), ("12e-1", 1.2),
    ("-0.0", -0.0), ("1.5e", "1.5e"), (".", "."), ("..", ".."), ("e3", "e3"), ("1.2.3", "1.2.3"), ("1e", "1e"),
    ("+", "+"), ("-.", "-."), (".e1", ".e1"), ("1_0.5", "1_0.5"), ("190:20:30.15", "190:20:30.15"),
    # what YAML 1.1 read as times and dates
    ("12:30", "12:30"), ("12:30:45", "12:30:45"), ("2026-01-31", "2026-01-31"),
    ("2026-01-31T10:00:00Z", "2026-01-31T10:00:00Z"), ("=", "="),
    # words
    (".info", ".info"), (".nano", ".nano"), ("0 days", "0 days"), ("-x", "-x"), ("P1M", "P1M"),
    # not digits, though Unicode calls them so
    ("١٢", "١٢"), ("\uff11\uff12", "\uff11\uff12"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), CORE)
def test_plain_scalars(text: str, value: object, any_parser: str) -> None:
    read = data(f"key: {text}\n")
    assert read == {"key": value}
    assert type(read["key"]) is type(value)
    assert data(f"- {text}\n") == [value]


@pytest.mark.parametrize("text", [text for text, _ in CORE if text and not text.startswith(("'", '"'))])
def test_quoted_scalars_are_texts(text: str) -> None:
    assert data(f"- '{text}'\n- \"{text}\"\n") == [text, text]


@pytest.mark.parametrize("text", ["true", "12", "~", "null"])
def test_block_scalars_are_texts(text: str) -> None:
    assert data(f"- |-\n  {text}\n- >-\n  {text}\n") == [text, text]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!!str 12", "12"), ("!!str true", "true"), ("!!str", ""), ("!!str ~", "~"), ("! 12", "12"), ("! ~", "~"),
        ("!!int 12", 12), ("!!int '12'", 12), ("!!int 0x10", 16), ("!!float 12", 12.0), ("!!float '1.5'", 1.5),
        ("!!bool true", True), ("!!bool 'false'", False), ("!!null ~", None), ("!!null", None),
        ("!!null ''", None),
        ("!!map {a: 1}", {"a": 1}), ("!!seq [1]", [1]), ("! {a: 1}", {"a": 1}), ("! [1]", [1]),
        ("!<tag:yaml.org,2002:str> 1", "1"),
    ],
)  # fmt: skip
def test_core_tags(text: str, value: object, any_parser: str) -> None:
    read = data(f"key: {text}\n")
    assert read == {"key": value}
    assert type(read["key"]) is type(value)


@pytest.mark.parametrize(
    ("text", "message", "kept"),
    [
        ("!!int twelve", "twelve is not what its tag !!int says", "twelve"),
        ("!!int 1.5", "1.5 is not what its tag !!int says", "1.5"),
        ("!!float x", "x is not what its tag !!float says", "x"),
        ("!!bool yes", "yes is not what its tag !!bool says", "yes"),
        ("!!bool 1", "1 is not what its tag !!bool says", "1"),
        ("!!null x", "x is not what its tag !!null says", "x"),
        ("!!map x", "!!map stands before a scalar", "x"),
        ("!!seq x", "!!seq stands before a scalar", "x"),
        ("9223372036854775808", "9223372036854775808 does not fit in 64 bits", "9223372036854775808"),
        ("-9223372036854775809", "-9223372036854775809 does not fit in 64 bits", "-9223372036854775809"),
        ("0x8000000000000000", "8000000000000000 does not fit in 64 bits", "0x8000000000000000"),
        (".inf", ".inf is not a finite number", ".inf"),
        ("-.INF", "-.INF is not a finite number", "-.INF"),
        (".NaN", ".NaN is not a finite number", ".NaN"),
        ("1e999", "1e999 is larger than any number a computer holds", "1e999"),
    ],
)
def test_scalars_that_cannot_be_held(text: str, message: str, kept: str, any_parser: str) -> None:
    source = f"first: 1\nkey: {text}\nlast: 2\n"
    result = reading(source)
    (found,) = result.faults
    assert (found.kind, found.message, found.path) == ("syntax-error", message, ("key",))
    assert written(source, found.span) == text
    assert result.documents[0].data == {"first": 1, "key": kept, "last": 2}


@pytest.mark.parametrize("digits", [5_000, 100_000])
@pytest.mark.parametrize("form", ["{}", "-{}", "0x{}", "0o{}", "!!int '{}'", "!!float '{}'", "? {}\n  "])
def test_endless_digits_raise_nothing(digits: int, form: str) -> None:
    found = reading(f"- {form.format('7' * digits)}\n").faults
    assert found
    assert all(len(each.message) < 120 for each in found)


@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object/apply:os.system", "!!python/name:os.system", "!!binary", "!!timestamp", "!!set", "!!omap",
        "!!pairs", "!!merge", "!!value", "!Ref", "!vault", "!<tag:example.com,2000:x>", "!!strange",
    ],
)  # fmt: skip
@pytest.mark.parametrize("value", ["text", "[1, 2]", "{a: 1}"])
def test_other_tags_are_faults_at_the_tag(tag: str, value: str, any_parser: str) -> None:
    source = f"first: 1\nkey: {tag} {value}\n"
    found = fault(source)
    assert (found.kind, found.message, found.path) == ("syntax-error", f"the tag {tag} is not allowed", ("key",))
    assert written(source, found.span) == tag


def test_the_tag_behind_an_anchor_is_found() -> None:
    source = "a: &x !y 1\nb: !z &w 2\n"
    found = reading(source).faults
    assert [written(source, each.span) for each in found] == ["!y", "!z"]


def test_a_redefined_tag_handle_does_not_smuggle_tags_in(any_parser: str) -> None:
    source = "%TAG !! tag:example.com,2000:\n---\na: !!str 1\n"
    assert fault(source).message == "the tag !!str is not allowed"
