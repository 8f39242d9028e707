"""Syntax errors in words for people: what is wrong, at which characters, and what to do."""

from __future__ import annotations

import pytest
from source_texts import fault, place, reading, written

from penstock.source.parser import Failure
from penstock.source.syntax import explain

SECOND = "a second colon on one line: only one key can stand there"
NO_ENTRY = "this line is neither a key with a value nor an element of a list"
DIRECTIVE = "this line cannot be used: % begins a directive to the parser"

# The text, the message, where it begins, what it covers, and a word of the hint.
ERRORS: list[tuple[str, str, tuple[int, int], str, str]] = [
    # tabs
    ("a:\n\tb: 1\n", "a tab is used for indentation", (2, 1), "\t", "spaces"),
    ("a:\n  b: 1\n\t\tc: 2\n", "a tab is used for indentation", (3, 1), "\t\t", "spaces"),
    ("a:\n  b:\n  \tc: 1\n", "a tab is used for indentation", (3, 3), "\t", "spaces"),
    ("a: |\n\ttext\n", "a tab is used for indentation", (2, 1), "\t", "spaces"),
    ("-\ta: 1\n  b: 2\n", "a tab stands where YAML wants a space", (1, 2), "\t", "space"),
    # quotes
    ('a: "one\nb: 2\n', 'the quote " is never closed', (1, 4), '"one', "close"),
    ("a: 'one\nb: 2\n", "the quote ' is never closed", (1, 4), "'one", "apostrophe"),
    ('a: "one\n---\nb: 2\n', 'the quote " is never closed', (1, 4), '"one', "close"),
    ("a: 'it's'\n", "text follows the closing quote", (1, 8), "s'", "''"),
    ('a: "b" c\nd: 1\n', "text follows the closing quote", (1, 8), "c", "whole value"),
    ('a: "C:\\path"\n', "\\p is not an escape", (1, 7), "\\p", "\\\\"),
    ('a: "\\xZZ"\n', "the escape lacks hexadecimal digits", (1, 5), "\\xZ", "\\x takes 2"),
    ('a: "\\ud83d"\n', "the escape \\ud83d is no character", (1, 5), "\\ud83d", "\\U"),
    ('a: "\\U00110000"\n', "the escape \\U00110000 is no character", (1, 5), "\\U00110000", "\\U"),
    # colons
    ("a: 1\nkey:value\nb: 2\n", "a space is missing behind the colon", (2, 1), "key:value", "key: value"),
    ("key:value\nb: 2\n", "a space is missing behind the colon", (1, 1), "key:value", "key: value"),
    ("a: 1\nkey:value", "a space is missing behind the colon", (2, 1), "key:value", "key: value"),
    ("- key:value\n  b: 2\n", "a space is missing behind the colon", (1, 1), "-", "key: value"),
    ("{a:}\n", "a space is missing behind the colon", (1, 3), ":", "quotes"),
    ("title: Plan: the first\n", SECOND, (1, 12), ":", "Plan"),
    ("a: 'b': c\n", SECOND, (1, 7), ":", "\"'b': c\""),
    ("a: 1\nword\nb: 2\n", NO_ENTRY, (2, 1), "word", "key:"),
    ("{a: 1, : 2}\n", "a key is missing before the colon", (1, 8), ":", "key"),
    ("a" * 1100 + ": 1\n", "the key is longer than 1,024 characters", (1, 1), "a", "shorten"),
    ('{"' + "a" * 1100 + '": 1}\n', "the key is longer than 1,024 characters", (1, 1104), ":", "shorten"),
    # indentation
    (
        "a: 1\n  b: 2\n",
        "this line is indented deeper than the one above it, which has its value already",
        (2, 3),
        "b: 2",
        "align",
    ),
    ("a:\n    b: 1\n  c: 2\n", "the indentation fits no line above: 2 spaces", (3, 3), "c: 2", "0 spaces or 4"),
    ("a:\n  - x\n - y\n", "the indentation fits no line above: 1 space", (3, 2), "- y", "0 spaces or 2 spaces"),
    ("a: |\n    x\n  y\n", "the indentation fits no line above: 2 spaces", (3, 3), "y", "4 spaces"),
    ("  a: 1\nb: 2\n", "this line is indented less than the first one", (2, 1), "b: 2", "alike"),
    # lists
    ("a: 1\n- b\n", "a list element stands among the keys of a mapping", (2, 1), "- b", "below"),
    ("- a\nb: 1\n", "this line is not an element of the list above", (2, 1), "b: 1", "dash"),
    ("a: - b\n", "a list cannot begin on the line of its key", (1, 4), "-", "next line"),
    ("a: 1\n-b\n", "a space is missing behind the dash", (2, 1), "-b", "- b"),
    # brackets
    ("a: [1, 2\nb: 3\n", "the bracket [ is never closed", (1, 4), "[1, 2", "]"),
    ("a: [1,\n", "the bracket [ is never closed", (1, 4), "[1,", "]"),
    ("a: {x: [1, 2\n", "the bracket [ is never closed", (1, 8), "[1, 2", "]"),
    ("a: {x: 1\nb: 3\n", "the bracket { is never closed", (1, 4), "{x: 1", "}"),
    ("a: [1\n---\nb: ]\n", "the bracket [ is never closed", (1, 4), "[1", "]"),
    ("a: [it's, 'x]', y\nb: 1\n", "the bracket [ is never closed", (1, 4), "[it's, 'x]', y", "]"),
    ("a: [1, 2}\n", "[ is closed by }", (1, 9), "}", "]"),
    ("a: [1]]\n", "] closes nothing", (1, 7), "]", "remove"),
    ("{a: 1}}\n", "} closes nothing", (1, 7), "}", "remove"),
    ('a: ["x" "y"]\n', "a comma or colon is missing before this", (1, 9), '"', "comma"),
    ("a: {x: 1 y: 2}\n", "a comma or colon is missing before this", (1, 11), ":", "comma"),
    ('{"a" 1}\n', "a comma or colon is missing before this", (1, 6), "1", "colon between"),
    ("a: [1,, 2]\n", "no value stands before this comma", (1, 7), ",", "remove"),
    # characters with a meaning
    ("a: @x\n", "a value cannot begin with @", (1, 4), "@x", "quotes"),
    ("a: `x`\n", "a value cannot begin with `", (1, 4), "`x`", "quotes"),
    ("a: %x\n", "a value cannot begin with %", (1, 4), "%x", "quotes"),
    ("a: *.yaml\n", "* begins an alias, and no name follows", (1, 4), "*.yaml", '"*.yaml"'),
    ("a: & b\n", "& begins an anchor, and no name follows", (1, 4), "&", '"&"'),
    ("a: | x\n  y\n", "this cannot stand behind | on its line", (1, 6), "x", "next line"),
    ("a: >q\n  y\n", "this cannot stand behind > on its line", (1, 5), "q", "next line"),
    ("a: |0\n  y\n", "this cannot stand behind | on its line", (1, 5), "0", "next line"),
    ("a: !e!x y\n", "this tag is not allowed", (1, 4), "!e!x", "plain data"),
    ("a: !<x\n", "this tag is not allowed", (1, 4), "!<x", "plain data"),
    # documents
    ('{"a": 1} x\n', "text follows the end of the document", (1, 10), "x", "---"),
    ("a: 1\n... x\n", "text follows the end of the document", (2, 5), "x", "---"),
    ("%YAML 1.2\na: 1\n", DIRECTIVE, (1, 1), "%YAML 1.2", "remove"),
    ("%YAML 3.0\n---\n", DIRECTIVE, (1, 1), "%YAML 3.0", "remove"),
    ("%TAG ! x\n%TAG ! y\n---\n", DIRECTIVE, (2, 1), "%TAG", "remove"),
    # what is no YAML at all
    ("a: 1\n<<<<<<< HEAD\nb: 1\n", "a merge conflict is left in the file", (2, 1), "<<<<<<< HEAD", "settle"),
    ("{{- if x }}\na: 1\n", "this looks like a template, which is not YAML", (1, 1), "{{- if x }}", "render"),
]


@pytest.mark.parametrize(("text", "message", "start", "covered", "hint"), ERRORS)
def test_syntax_errors(
    text: str, message: str, start: tuple[int, int], covered: str, hint: str, any_parser: str
) -> None:
    found = fault(text)
    assert (found.kind, found.message) == ("syntax-error", message)
    assert place(found.span) == start
    assert written(text, found.span).startswith(covered)
    assert hint in (found.hint or "")


@pytest.mark.parametrize(("text", "message", "start"), [each[:3] for each in ERRORS])
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_other_line_ends_move_nothing(text: str, message: str, start: tuple[int, int], end: str) -> None:
    found = fault(text.replace("\n", end))
    assert (found.message, place(found.span)) == (message, start)


@pytest.mark.parametrize(
    ("text", "message", "start"), [each[:3] for each in ERRORS if "..." not in each[0] and "%" not in each[0]]
)
def test_earlier_documents_move_the_line_only(text: str, message: str, start: tuple[int, int]) -> None:
    result = reading(f"é: 😀\n---\n{text}")
    assert [each.data for each in result.documents] == [{"é": "😀"}]
    (found,) = result.faults
    assert (found.message, place(found.span), found.document) == (message, (start[0] + 2, start[1]), 1)


def test_a_bracket_s_opening_is_shown() -> None:
    found = fault("a: [1,\n  2}\n")
    ((span, message),) = found.related
    assert (place(span), message) == ((1, 4), "opened here")


@pytest.mark.parametrize("text", ["a: 1 'b'\n", "a:\n  - b: [c, d]\n    e: 'f'\n", "a: {? b}\n", "a: [b?c, d]\n"])
def test_odd_but_right(text: str, any_parser: str) -> None:
    assert reading(text).faults == ()


def test_unknown_words_of_the_parser_are_kept() -> None:
    problem = explain(Failure("found a wombat", 3, "while digging", 0), "ab: cd\n")
    assert (problem.message, problem.hint) == ("while digging: found a wombat", None)
    assert (problem.start, problem.end) == (3, 3)
    assert explain(Failure("found a wombat", 99), "ab").message == "found a wombat"
    assert explain(Failure("", 0), "").message == "this is not YAML"


def test_long_lines_are_shortened_in_hints() -> None:
    found = fault("a: 1\nkey:" + "v" * 5_000 + "\nb: 2\n")
    assert len(found.hint or "") < 80
