"""Manifest text on its way to a terminal, a log, JSON or Markdown."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.render.escape import line_start, one_line, split_lines, visible, visible_lines
from penstock.render.markdown_escape import code, escape, escape_lines
from penstock.render.serialize import json_text


@pytest.mark.parametrize(
    ("char", "shown"),
    [
        ("\x00", r"\x00"),
        ("\x1b", r"\x1b"),
        ("\x7f", r"\x7f"),
        ("\x85", r"\x85"),
        ("\x9b", r"\x9b"),
        ("\t", r"\t"),
        ("\n", r"\n"),
        ("\r", r"\r"),
        ("\u061c", r"\u061c"),
        ("\u200b", r"\u200b"),
        ("\u200d", r"\u200d"),
        ("\u200e", r"\u200e"),
        ("\u2028", r"\u2028"),
        ("\u202e", r"\u202e"),
        ("\u2066", r"\u2066"),
        ("\u2069", r"\u2069"),
        ("\ufeff", r"\ufeff"),
        ("\ud800", r"\ud800"),
        ("\uffff", r"\uffff"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_active_characters_are_shown(char: str, shown: str) -> None:
    assert visible(f"a{char}b") == f"a{shown}b"


@pytest.mark.parametrize("text", ["café", "cafe\u0301", "顧客", "👍", "❤\ufe0f", "\u00a0", "\\x1b", "a: b"])
def test_other_characters_stay(text: str) -> None:
    assert visible(text) == text


@given(st.characters())
def test_nothing_of_a_control_or_format_category_that_reorders_or_hides_stays(char: str) -> None:
    shown = visible(char)
    assert all(unicodedata.category(one) not in {"Cc", "Cs", "Zl", "Zp"} for one in shown)
    bidi = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN"}
    assert not any(unicodedata.bidirectional(one) in bidi for one in shown)


@pytest.mark.parametrize("text", ["##[error]x", "a ##vso[task.complete]b", "##teamcity[x]", "###[group]"])
def test_commands_of_ci_systems_are_broken(text: str) -> None:
    assert "##" not in visible(text).replace("\\x23#", "")


def test_headings_in_comments_stay() -> None:
    assert visible("## a heading") == "## a heading"


@pytest.mark.parametrize(
    ("text", "shown"), [("::error::x", r"\x3a:error::x"), ("  ::x", r"  \x3a:x"), (": x", ": x"), ("a::b", "a::b")]
)
def test_a_line_cannot_start_a_workflow_command(text: str, shown: str) -> None:
    assert line_start(text) == shown


def test_lines_are_kept_or_joined() -> None:
    text = " a\r\n\n\tb\rc\u2028d "
    assert visible_lines(text) == ["a", "b", r"c\u2028d"]
    assert one_line(text) == r"a b c\u2028d"
    assert visible_lines("") == [""]
    assert split_lines("a\r\nb\rc\nd\u2028\x85e") == ["a", "b", "c", "d\u2028\x85e"]


@given(st.recursive(st.text(st.characters(codec="utf-8")), lambda inner: st.lists(inner)))
def test_json_comes_back_exactly(data: object) -> None:
    text = json_text(data)
    assert json.loads(text) == data
    assert visible(text.replace("\n", "").replace("##", "")) == text.replace("\n", "").replace("##", "")


def test_json_is_always_utf_8() -> None:
    assert json.loads(json_text("\ud800a")) == "\ufffda"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", r"a\|b"),
        ("`x`", r"\`x\`"),
        ("<b>&", "&lt;b&gt;&amp;"),
        ("*a* _b_", r"\*a\* \_b\_"),
        ("[a](b)", r"\[a\]\(b\)"),
        ("hi @team", "hi <span>@</span>team"),
        ("fixes #12", "fixes <span>#</span>12"),
        ("a $x$", "a <span>$</span>x<span>$</span>"),
        ("see https://x.example", "see https&#58;//x.example"),
        ("www.x.example", r"www\.x.example"),
        ("100 % of it", "100 % of it"),
        ("a\nb\x1b", r"a b\\x1b"),
    ],
)
def test_markdown_shows_text_and_does_nothing_else(text: str, shown: str) -> None:
    assert escape(text) == shown


def test_markdown_keeps_lines_apart() -> None:
    assert escape_lines("a|\r\n<b>") == r"a\|<br>&lt;b&gt;"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("spec.endsOn", "`spec.endsOn`"),
        ("@team <b> $x$", "`@team <b> $x$`"),
        ("a`b", r"<code>a\`b</code>"),
        ("a|b", r"<code>a\|b</code>"),
        ("", "<code></code>"),
        ("a\\", "`a\\`"),
    ],
)
def test_markdown_code(text: str, shown: str) -> None:
    assert code(text) == shown
