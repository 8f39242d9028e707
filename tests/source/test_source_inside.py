"""Places inside a scalar: from a line and column of its value to the file."""

from __future__ import annotations

import pytest
from source_texts import document, inside, written

from penstock.model import Span

# The file, line, column and length in the value, and what the place covers in the file.
INSIDE: list[tuple[str, int, int, int, str, tuple[int, int]]] = [
    # plain, on one line
    ("a: one two\n", 1, 1, 3, "one", (1, 4)),
    ("a: one two\n", 1, 5, 3, "two", (1, 8)),
    ("a: one two\n", 1, 4, 1, " ", (1, 7)),
    ("a: &x one two\n", 1, 5, 3, "two", (1, 11)),
    ("a: 😀é x\n", 1, 4, 1, "x", (1, 7)),
    ("a: one\n", 1, 4, 1, "", (1, 7)),
    ("a: one\n", 1, 99, 9, "", (1, 7)),
    ("a: one\n", 9, 1, 1, "o", (1, 4)),
    ("a: one\n", 0, 0, 0, "o", (1, 4)),
    # quoted, on one line
    ("a: 'one two'\n", 1, 5, 3, "two", (1, 9)),
    ("a: 'it''s so'\n", 1, 3, 1, "''", (1, 7)),
    ("a: 'it''s so'\n", 1, 6, 2, "so", (1, 11)),
    ('a: "one two"\n', 1, 5, 3, "two", (1, 9)),
    ('a: "t\\tab \\u0041\\x42 \\"q\\" z"\n', 1, 2, 1, "\\t", (1, 6)),
    ('a: "t\\tab \\u0041\\x42 \\"q\\" z"\n', 1, 6, 1, "\\u0041", (1, 11)),
    ('a: "t\\tab \\u0041\\x42 \\"q\\" z"\n', 1, 7, 1, "\\x42", (1, 17)),
    ('a: "t\\tab \\u0041\\x42 \\"q\\" z"\n', 1, 9, 1, '\\"', (1, 22)),
    ('a: "t\\tab \\u0041\\x42 \\"q\\" z"\n', 1, 13, 1, "z", (1, 28)),
    ('a: "one\\ntwo"\n', 2, 1, 3, "two", (1, 10)),
    # quoted, over several lines
    ("a: 'one\n  two three'\n", 1, 5, 3, "two", (2, 3)),
    ("a: 'one\n\n  two'\n", 2, 1, 3, "two", (3, 3)),
    ('a: "one \\\n  two\\\n  three"\n', 1, 5, 3, "two", (2, 3)),
    ('a: "one \\\n  two\\\n  three"\n', 1, 8, 5, "three", (3, 3)),
    # literal blocks, any indentation
    ("a: |\n  one\n  two three\n", 1, 1, 3, "one", (2, 3)),
    ("a: |\n  one\n  two three\n", 2, 5, 5, "three", (3, 7)),
    ("a: |\n  one\n    two\n", 2, 3, 3, "two", (3, 5)),
    ("a: |\n  one\n    two\n", 2, 1, 1, " ", (3, 3)),
    ("a: |2\n    one\n  two\n", 1, 3, 3, "one", (2, 5)),
    ("a: |2\n    one\n  two\n", 1, 1, 1, " ", (2, 3)),
    ("a: |1-\n  one\n two\n", 2, 1, 3, "two", (3, 2)),
    ("a: |+2\n   one\n", 1, 2, 3, "one", (2, 4)),
    ("a:\n      - |\n       one\n\n       two\n", 1, 1, 3, "one", (3, 8)),
    ("- |  # comment\n one\n\n two\n", 3, 1, 3, "two", (4, 2)),
    ("- |\n\n\n one\n", 3, 1, 3, "one", (4, 2)),
    ("- |\n one two  \n three\n", 1, 8, 1, " ", (2, 9)),
    ("- &x |\n one\n", 1, 2, 2, "ne", (2, 3)),
    ("- |\n x && y\n    || z\n", 2, 4, 2, "||", (3, 5)),
    # folded blocks
    ("- >\n one\n two\n", 1, 5, 3, "two", (3, 2)),
    ("- >-\n one\n\n two\n", 2, 1, 3, "two", (4, 2)),
    ("- >\n one\n   kept\n two\n", 2, 3, 4, "kept", (3, 4)),
    ("- >\n one\n two\n", 1, 4, 1, "", (2, 5)),
    # plain, over several lines
    ("a: one\n   two\n   three\n", 1, 9, 5, "three", (3, 4)),
]


@pytest.mark.parametrize(("text", "line", "column", "length", "expected", "start"), INSIDE)
def test_locate_in(
    text: str, line: int, column: int, length: int, expected: str, start: tuple[int, int], any_parser: str
) -> None:
    found = document(text)
    span = found.locate_in(("a",) if isinstance(found.data, dict) else (0,), line, column, length)
    if isinstance(found.data, dict) and isinstance(found.data["a"], list):
        span = found.locate_in(("a", 0), line, column, length)
    assert (written(text, span), (span.start.line, span.start.column)) == (expected, start)


@pytest.mark.parametrize("style", ["|", "|-", "|+", "|3", "'", '"'])
def test_every_character_of_a_value_is_found(style: str) -> None:
    value = "has(a.b) &&\n  a.b < 3 ||\n\nx in ['é', '😀']"
    if style.startswith("|"):
        pad = "   "
        body = "".join(f"{pad}{line}\n" if line else "\n" for line in value.split("\n"))
        text = f"key: {style}\n{body}"
    elif style == "'":
        value = value.replace("\n", " ").replace("'", "^")
        text = f"key: '{value}'\n"
    else:
        text = 'key: "' + value.replace("\n", "\\n") + '"\n'
    found = document(text)
    assert found.data["key"].rstrip("\n") == value
    for number, line in enumerate(value.split("\n"), 1):
        for column, character in enumerate(line, 1):
            span = found.locate_in(("key",), number, column)
            assert written(text, span) == character, (number, column)


def test_an_aliased_value_is_found_where_it_is_written() -> None:
    text = "a: &x one two\nb: *x\nc: {<<: {d: *x}}\n"
    assert document(text).locate_in(("b",), 1, 5, 3) == Span.at(1, 11, 3)
    assert document(text).locate_in(("c", "d"), 1, 5, 3) == Span.at(1, 11, 3)


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [("a: [1]\n", ("a",), "[1]"), ("a:\n", ("a",), "a"), ("a: x\n", ("b",), "a"), ("a:\n  b: 1\n", ("a",), "a")],
)
def test_what_is_no_text_is_taken_whole(text: str, path: tuple[str, ...], expected: str) -> None:
    assert written(text, document(text).locate_in(path, 1, 1)) == expected


@pytest.mark.parametrize("text", ["a: ''\n", 'a: ""\n', "a: |\nb: 1\n", "a: >\n\n\nb: 1\n", "a: |+\n\n\n"])
@pytest.mark.parametrize(("line", "column", "length"), [(1, 1, 1), (1, 5, 3), (3, 3, 9)])
def test_an_empty_value_has_a_place(text: str, line: int, column: int, length: int) -> None:
    assert inside(text, document(text).locate_in(("a",), line, column, length))
