"""``penstock.regex``: whatever way a test is made, it says what RE2 says, in linear time."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from penstock.regex import TooMuchError, compiled, found, matcher, occurs, re2_matcher
from penstock.regex.linear import plain_matcher
from penstock.regex.plain import NotPlainError, parse

LETTERS = "ab-.\n1_ é😀\v\x00\ud800"

characters = st.sampled_from(
    ["a", "b", "1", "-", "_", " ", "é", "😀", "\\.", "\\-", "\\n", "\\t", "]", "}", "\x00"]
)
CLASSES = r". \d \D \w \W \s \S [ab] [^a] [a-b1] [-a] [a-] [^\s-] [\w.] [^\W] [\n-\r] [^\x00-é] [é-😀] [*+?]"
RARER = r"[a\]b] [\D\d] [+--] [!-~]"
classes = st.sampled_from(f"{CLASSES} {RARER}".split())
counts = st.sampled_from(["*", "+", "?", "{2}", "{0,2}", "{1,}", "{0}", "{2,3}", "{0,61}", "{0,}"])


def composed(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    sequences = st.lists(inner, max_size=4).map("".join)
    choices = st.lists(sequences, min_size=1, max_size=3).map("|".join)
    groups = st.builds("{}{})".format, st.sampled_from(["(", "(?:"]), choices)
    return st.one_of(sequences, groups, st.builds("{}{}".format, groups, counts))


atoms = st.one_of(
    characters, characters, classes, st.builds("{}{}".format, st.one_of(characters, classes), counts)
)
branches = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "^"]),
    st.recursive(atoms, composed, max_leaves=8),
    st.sampled_from(["", "$"]),
)
patterns = st.lists(branches, min_size=1, max_size=2).map("|".join)
texts = st.one_of(st.text(LETTERS, max_size=12), st.text(max_size=6))


@settings(max_examples=400, deadline=None)
@given(patterns, st.lists(texts, min_size=3, max_size=8))
@example("^a$", ["a", "a\n", "A"])
@example("a.b", ["a\nb", "a\x00b", "a\ud800b"])
@example("\\s", ["\v", "\f", "\u00a0", "\u2028"])
@example("\\d\\w", ["٣a", "1é", "1_"])
@example("^(ab|a)(c|bcd)$", ["abcd", "abc", "ac"])
@example("(a|b){2}$|^-", ["ab", "xab", "-", "a-"])
def test_every_way_agrees_with_re2(pattern: str, some: list[str]) -> None:
    try:
        expected = re2_matcher(pattern)
    except ValueError:
        assert plain_matcher(pattern, pytest.fail) is None
        return
    quick = matcher(pattern)
    for text in some:
        assert quick(text) is expected(text), (pattern, text)
        assert occurs(pattern, text) is expected(text)


@settings(max_examples=600, deadline=None)
@given(st.text("ab^$.|()[]{}*+?\\-,12dwsé:P<>\n", max_size=9), st.lists(texts, min_size=2, max_size=4))
@example("a**", [""])
@example("x{2}{3}", ["xxxxxx"])
@example("[b-a]", ["a"])
@example("a{1001}", ["a"])
@example("[a-\\d]", ["a"])
@example("a{,2}", ["a{,2}"])
@example("[]a]", ["]"])
@example("^*", [""])
def test_what_is_called_plain_is_valid_and_means_the_same(pattern: str, some: list[str]) -> None:
    plain = plain_matcher(pattern, lambda: re2_matcher(pattern))
    if plain is not None:
        expected = re2_matcher(pattern)
        assert [plain(text) for text in some] == [expected(text) for text in some], pattern


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$",
        r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
        r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?$",
        r"^[A-Za-z][A-Za-z0-9]*(\.([A-Za-z][A-Za-z0-9]*|\*)|\[\*\])*$",
        r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        r"^https?://",
        r"^[^@\s]+@[^@\s]+\.[a-z]+$",
        "[0-9]+",
        ".*dev.*",
        "^$|^a+$",
    ],
)
def test_common_expressions_are_plain(pattern: str) -> None:
    assert plain_matcher(pattern, lambda: re2_matcher(pattern)) is not None


@pytest.mark.parametrize(
    "pattern",
    [
        "^(a*)*$",
        "^(a|a)*$",
        "^(a|a?)+$",
        "^(a+)+$",
        "^(.*)(.*)(.*)$",
        "^.*a.*b$",
        "^(a?){30}a{30}$",
        "^(a{1,10}){1,10}$",
        "b[a-z]+[0-9]b",
        "^a(|)(|)(|)(|)(|)$",
        "^(a|ab)(c|bcd)*(d*)*$",
        "^" + "(a?" * 25 + ")" * 25 + "$",
        "^" + "(|b)" * 100 + "$",
    ],
)
def test_what_python_could_backtrack_over_is_not_plain(pattern: str) -> None:
    assert plain_matcher(pattern, lambda: re2_matcher(pattern)) is None
    assert matcher(pattern)("a" * 60 + "!") is re2_matcher(pattern)("a" * 60 + "!")


@settings(max_examples=150, deadline=None)
@given(patterns, st.text("ab-1", min_size=1, max_size=3), st.text("ab-1\n!", max_size=2))
def test_no_text_holds_a_plain_expression_up(pattern: str, turn: str, end: str) -> None:
    plain = plain_matcher(pattern, lambda: re2_matcher(pattern))
    if plain is None:
        return
    text = turn * (15_000 // len(turn)) + end
    start = time.perf_counter()
    plain(text)
    assert time.perf_counter() - start < 1.5, pattern


def test_a_repeated_group_leaves_long_texts_to_re2() -> None:
    asked: list[str] = []

    def otherwise(text: str) -> bool:
        asked.append(text)
        return True

    plain = plain_matcher("^(a|bc)*$", lambda: otherwise)
    assert plain is not None
    assert plain("abc")
    assert asked == []
    assert plain("a" * 20_001)
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("é", "caf\u00e9", True),
        ("^x", "x\ud800", False),
        ("", "", True),
        ("", "\ud800", False),
        ("a$", "a\n", False),
        ("(?i)ÄB", "äb", True),
        ("\\pL", "é", True),
        ("\\bfoo\\b", "a foo b", True),
    ],
)
def test_occurs(pattern: str, text: str, expected: bool) -> None:
    assert occurs(pattern, text) is expected
    assert re2_matcher(pattern)(text) is expected


def test_letters_in_either_case_are_those_of_re2() -> None:
    characters = [*map(chr, range(0x250)), *map(chr, range(0x2100, 0x2150))]
    for letter in "aiksz1":
        pattern = f"(?i)^{letter}$"
        plain = plain_matcher(pattern, lambda: re2_matcher("never"))
        assert plain is not None
        exact = re2_matcher(pattern)
        assert [each for each in characters if plain(each)] == [each for each in characters if exact(each)]
    for text in ("Digital Marketing", "MAR\u212aETING", "market"):
        assert occurs("(?i)marketing", text) is re2_matcher("(?i)marketing")(text)
    for pattern in ("(?i)\u00e4", "(?i)[a-z]", "(?i)\\w", "(?is)a", "a(?i)b"):
        with pytest.raises(NotPlainError):
            parse(pattern)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(", "invalid regular expression: missing ): ("),
        ("a**", "invalid regular expression: bad repetition operator: **"),
        ("(?=a)", "invalid regular expression: invalid perl operator: (?="),
        ("\ud800", "invalid regular expression: it has half a surrogate pair"),
    ],
)
def test_an_invalid_expression(pattern: str, message: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011
        occurs(pattern, "a")
    assert str(error.value) == message
    with pytest.raises(ValueError, match="invalid regular expression"):
        compiled(pattern)


def test_found_gives_the_matches_from_left_to_right() -> None:
    assert list(found("[0-9]*", "12 é 3")) == [((0, 2),), ((3, 3),), ((5, 5),), ((6, 7),)]
    assert list(found("a(b)?", "aab")) == [((0, 1), (-1, -1)), ((1, 3), (2, 3))]
    assert list(found("^", "aa")) == [((0, 0),)]
    assert list(found("x", "\ud800x")) == []


def test_found_does_not_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(list(found("[a-z]+", "word " * 20_000))) == 20_000
    monkeypatch.setattr("penstock.regex._MAX_SCANNED", 100_000_000)
    start = time.perf_counter()
    with pytest.raises(TooMuchError):
        list(found("a.*b|a", "a" * 200_000))
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize(
    "pattern", ["a", "^a", "a$", "^a$", "^(a|b)$", "[ab]", "^[ab]+$", "^(a|bc)*$", "(?i)a", ""]
)
@pytest.mark.parametrize("value", [None, 1, True, b"a", ["a"], {"a": 1}, ()])
def test_only_a_string_can_be_asked(pattern: str, value: Any) -> None:
    with pytest.raises((TypeError, AttributeError)):
        matcher(pattern)(value)


def test_parse_refuses_what_it_does_not_know() -> None:
    for pattern in (
        "(?P<n>a)",
        "[[:alpha:]]",
        "\\Qa",
        "\\x41",
        "a*?",
        "(a",
        "a)",
        "a" * 1001,
        "(" * 21 + ")" * 21,
    ):
        with pytest.raises(NotPlainError):
            parse(pattern)
