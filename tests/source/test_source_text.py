"""Characters and files: encodings, line ends, what YAML forbids, JSON."""

from __future__ import annotations

import json

import pytest
from source_texts import fault, place, reading, written

from penstock.model import Position, Span
from penstock.source import SourceFile, decode, read_bytes
from penstock.source.text import Lines, Prepared, is_clean, prepare

FORBIDDEN = [
    ("\0", "U+0000 (NUL)"), ("\x07", "U+0007"), ("\x0b", "U+000B (vertical tab)"), ("\x1b", "U+001B (escape)"),
    ("\x7f", "U+007F (delete)"), ("\x80", "U+0080"), ("\x85", "U+0085 (next line)"),
    ("\u2028", "U+2028 (line separator)"), ("\u2029", "U+2029 (paragraph separator)"),
    ("\ufeff", "U+FEFF (byte order mark)"), ("\ufffe", "U+FFFE"), ("\ud800", "U+D800"), ("\udfff", "U+DFFF"),
]  # fmt: skip


@pytest.mark.parametrize(("character", "name"), FORBIDDEN)
@pytest.mark.parametrize("around", ["b: x{}y\n", "b: 'x{}y'\n", "b: x # {}\n", "{}", "b{}: 1\n"])
def test_forbidden_characters(character: str, name: str, around: str, any_parser: str) -> None:
    text = "a: 1\n---\né: 2\n" + around.format(character) + "---\nc: 3\n"
    result = reading(text)
    (found,) = result.faults
    assert name in found.message
    index = text.index(character)
    assert place(found.span) == (4, index - text.rindex("\n", 0, index))
    assert found.hint
    assert [each.data for each in result.documents] == [{"a": 1}]
    assert found.document == 1
    assert place(result.documents[0].locate(("a",)).span) == (1, 4)


def test_clean_is_what_holds_no_forbidden_character() -> None:
    edges = [0, 8, 9, 10, 11, 12, 13, 14, 0x1F, 0x20, 0x7E, 0x7F, 0x80, 0x85, 0x9F, 0xA0, 0xFF, 0x100, 0x2027]
    edges += [0x2028, 0x2029, 0x202A, 0xD7FF, 0xD800, 0xDFFF, 0xE000, 0xFEFE, 0xFEFF, 0xFF00, 0xFFFD, 0xFFFE]
    for code in [*edges, 0xFFFF, 0x10000, 0x10FFFF]:
        for text in (f"a{chr(code)}", f"é{chr(code)}b"):
            assert is_clean(text) == (prepare(SourceFile("x", text)).text == text), hex(code)


def test_a_document_that_ended_before_a_forbidden_character_is_kept() -> None:
    assert [each.data for each in reading("a: 1\n...\n# \0\n").documents] == [{"a": 1}]
    assert [each.data for each in reading("a: 1\n---\n# \0\n").documents] == [{"a": 1}]
    assert reading("a: 1\n# \0\n").documents == ()


@pytest.mark.parametrize(
    "character", ["\t", "\xa0", "\u2027", "\u202e", "\ud7ff", "\ue000", "\ufffd", "😀", "\U0010ffff"]
)
def test_allowed_characters(character: str, any_parser: str) -> None:
    assert reading(f"a: 'x{character}y'\n").documents[0].data == {"a": f"x{character}y"}


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("a: é".encode(), "a: é"),
        ("\ufeffa: é".encode(), "a: é"),
        ("\ufeffa: 😀".encode("utf-16-le"), "a: 😀"),
        ("\ufeffa: 😀".encode("utf-16-be"), "a: 😀"),
        (b"", ""),
    ],
)
def test_decode(raw: bytes, text: str) -> None:
    assert decode(raw, "x.yaml") == (SourceFile("x.yaml", text), None)


@pytest.mark.parametrize(
    ("raw", "message", "where"),
    [
        (b"a: 1\nb: caf\xe9\n", "byte 0xe9 is not UTF-8", (2, 7)),
        ("\ufeffa: é ".encode() + b"\xff", "byte 0xff is not UTF-8", (1, 6)),
        (b"a: \xed\xa0\x80", "byte 0xed is not UTF-8", (1, 4)),
        (b"a: \xf0\x9f", "byte 0xf0 is not UTF-8", (1, 4)),
        (b"\xff\xfea\0:\0 \0x", "byte 0x78 is not UTF-16", (1, 4)),
        ("a: é".encode("latin-1"), "byte 0xe9 is not UTF-8", (1, 4)),
    ],
)
def test_bytes_that_are_no_text(raw: bytes, message: str, where: tuple[int, int]) -> None:
    result = read_bytes(raw, "x.yaml")
    (found,) = result.faults
    assert (found.kind, found.message, place(found.span)) == ("syntax-error", message, where)
    assert result.documents == ()
    assert written(result.file.text, found.span) == "\ufffd"


def test_utf_32_is_refused_clearly() -> None:
    assert "NUL" in read_bytes("\ufeffa: 1".encode("utf-32-le"), "x.yaml").faults[0].message


@pytest.mark.parametrize("text", ["", "a", "a\n", "a\r\nb\rc\n\nd", "\r\r\n\n", "é😀\r\n😀"])
def test_lines(text: str) -> None:
    lines = Lines(text)
    line, column = 1, 1
    for index, character in enumerate(text):
        assert lines.position(index) == Position(line, column)
        if character == "\n" or (character == "\r" and text[index + 1 : index + 2] != "\n"):
            line, column = line + 1, 1
        else:
            column += 1
    assert lines.position(len(text)) == Position(line, column)


JSON = """\
{
\t"name": "caf\\u00e9 \\ud83d\\ude00 \\/",
\t"list": [1, -2.5e3, true, false, null, "", {}],
\t"deep": {"\\ud83d\\ude00": "x\\\\ud83d"},\t"after": "\\"\\ud83d\\ude00\\ud83d\\ude01",
\t"last": ["\\ud83d\\ude00", 7]
}
"""


def test_json(any_parser: str) -> None:
    result = reading(JSON, "file.json")
    assert result.faults == ()
    (found,) = result.documents
    assert found.data == json.loads(JSON)
    for path, expected in [
        (("name",), '"caf\\u00e9 \\ud83d\\ude00 \\/"'),
        (("list", 1), "-2.5e3"),
        (("deep", "😀"), '"x\\\\ud83d"'),
        (("after",), '"\\"\\ud83d\\ude00\\ud83d\\ude01"'),
        (("last", 1), "7"),
    ]:
        assert written(JSON, found.locate(path).span) == expected
    assert written(JSON, found.locate_key(("deep", "😀")).span) == '"\\ud83d\\ude00"'
    assert written(JSON, found.locate_in(("after",), 1, 2)) == "\\ud83d\\ude00"


@pytest.mark.parametrize(
    ("text", "message", "where"),
    [
        ('{"a": "\\ud83d\\ude00", "a": 1}', "the key a is written twice", (1, 23)),
        ('["\\ud83d\\ude00", "\\ud83d"]', "the escape \\ud83d is no character", (1, 19)),
        ('["\\ud83d\\ude00", "\\ude00\\ud83d"]', "the escape \\ude00 is no character", (1, 19)),
        ('["\\ud83d\\ude00",\n "\\ud83d\\ude00" x]', "a comma or colon is missing before this", (2, 17)),
        ('["\\ud83d\\ude00", "\0"]', "the character U+0000 (NUL) may not stand in YAML", (1, 19)),
        ('{"a": NaN, "b": "\\ud83d\\ude00", "c": .inf}', ".inf is not a finite number", (1, 38)),
    ],
)
def test_faults_behind_surrogate_pairs(text: str, message: str, where: tuple[int, int], any_parser: str) -> None:
    found = fault(text, "FILE.JSON")
    assert (found.message, place(found.span)) == (message, where)


def test_surrogate_pairs_belong_to_json() -> None:
    assert fault('a: "\\ud83d\\ude00"\n').message == "the escape \\ud83d is no character"
    assert reading("a: '\\ud83d\\ude00'\n").documents[0].data == {"a": "\\ud83d\\ude00"}


def test_prepared_indices() -> None:
    prepared = prepare(SourceFile("x.json", '"\\ud83d\\ude00a\\ud83d\\ude00b"'))
    assert prepared.text == '"\\U0001f600a\\U0001f600b"'
    assert [prepared.index(index) for index in (0, 1, 11, 22, 23)] == [0, 1, 13, 26, 27]
    assert prepare(SourceFile("x.json", '"\\u0041"')) == Prepared('"\\u0041"')


def test_spans_between_two_indices() -> None:
    assert Lines("ab\ncd").span(1, 4) == Span(Position(1, 2), Position(2, 2))
