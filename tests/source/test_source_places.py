"""Where values stand: the place a finding points to, for every way of writing a value."""

from __future__ import annotations

import pytest
from source_texts import document, place, reading, written

from penstock.model import Path, Position, Span
from penstock.source import SourceFile, read

# The text, the path, and what `locate` covers there.
PLACES: list[tuple[str, Path, str]] = [
    # scalars, as written
    ("a: plain text # comment\n", ("a",), "plain text"),
    ("a:   'quo''ted'   # comment\n", ("a",), "'quo''ted'"),
    ('a: "dou\\"ble"\n', ("a",), '"dou\\"ble"'),
    ("a: 12", ("a",), "12"),
    ("a: b#c\n", ("a",), "b#c"),
    ("a: one\n  two\nb: 1\n", ("a",), "one\n  two"),
    ("a: 'one\n  two'\n", ("a",), "'one\n  two'"),
    ("a: |\n  one\n  two\n\nb: 1\n", ("a",), "|\n  one\n  two"),
    ("a: >-  # folded\n  one\n\n\n# comment\nb: 1\n", ("a",), ">-  # folded\n  one"),
    ("a: |+\n  one\n\n", ("a",), "|+\n  one"),
    ("a:\n  plain\n", ("a",), "plain"),
    ("- a\n- b\n", (1,), "b"),
    ("-   a   \n", (0,), "a"),
    ("just a text\n", (), "just a text"),
    # nothing is written: the key, or the dash
    ("a:\nb: 1\n", ("a",), "a"),
    ("a: # comment\nb: 1\n", ("a",), "a"),
    ("a:", ("a",), "a"),
    ("a: {b: , c: 1}\n", ("a", "b"), "b"),
    ("a: {b, c: 1}\n", ("a", "b"), "b"),
    ("a:\n  -\n  - 1\n", ("a", 0), "-"),
    # anchors and tags are not part of the value
    ("a: &x value\n", ("a",), "value"),
    ("a: !!str 12\n", ("a",), "12"),
    ("a: &x !!str 12\n", ("a",), "12"),
    ("a: !!str &x '12'\n", ("a",), "'12'"),
    ("a: &x # comment\n  [1]\n", ("a",), "[1]"),
    ("a: &x {b: 1}\n", ("a",), "{b: 1}"),
    ("a: [&x b, c]\n", ("a", 0), "b"),
    ("a: &x\nb: 1\n", ("a",), "&x"),
    ("a: &x\n  b: 1\n", ("a",), "a"),
    ("- &x\n  b: 1\n", (0,), "b: 1"),
    ("- &x b: 1\n", (0,), "b: 1"),
    # flow collections, as written
    ("a: [1, {b: 2}, 'x']  # c\n", ("a",), "[1, {b: 2}, 'x']"),
    ("a: [1, {b: 2}, 'x']\n", ("a", 1), "{b: 2}"),
    ("a: [1, {b: 2}, 'x']\n", ("a", 1, "b"), "2"),
    ("a: [1, {b: 2}, 'x']\n", ("a", 2), "'x'"),
    ("a: [\n  1,\n  2\n]\n", ("a",), "[\n  1,\n  2\n]"),
    ("a: [b: 1, c]\n", ("a", 0), "b: 1"),
    ("a: [b: 1, c]\n", ("a", 0, "b"), "1"),
    ("a: {}\n", ("a",), "{}"),
    ("[1, 2]\n", (1,), "2"),
    # block collections: the key
    ("a:\n  b: 1\n", ("a",), "a"),
    ("a:\n- 1\n", ("a",), "a"),
    ("a:\n  b:\n    c: 1\n", ("a", "b"), "b"),
    ("'quoted key':\n  b: 1\n", ("quoted key",), "'quoted key'"),
    ("? long key\n: b: 1\n", ("long key",), "long key"),
    # elements of a block list: their first line
    ("- name: x  # comment\n  other: y\n", (0,), "name: x"),
    ("- name: 'a # b' # c\n  other: y\n", (0,), "name: 'a # b'"),
    ("- name: a#b\n", (0,), "name: a#b"),
    ("- name:\n    deep: 1\n", (0,), "name:"),
    ("- name:   # comment\n    deep: 1\n", (0,), "name:"),
    ("- name: |  # comment\n    deep\n", (0,), "name: |"),
    ("- name: 'one\n    two'\n", (0,), "name: 'one"),
    ("- name: {a: 1, b: '#'} # c\n", (0,), "name: {a: 1, b: '#'}"),
    ("- name: {a: 1,\n    b: 2}\n", (0,), "name: {a: 1,"),
    ("- name: *x # c\n", (0,), "name: *x"),
    ("- name: &x # c\n    a: 1\n", (0,), "name: &x"),
    ("- - a\n  - b\n", (0,), "a"),
    ("- - - a # c\n    - b\n", (0,), "a"),
    ("-\n  name: x\n", (0,), "name: x"),
    ("- ? name\n  : x\n", (0,), "name"),
    # the root
    ("kind: A\nmetadata:\n  name: x # c\nspec: {}\n", (), "x"),
    ("{kind: A, metadata: {name: 'x'}}\n", (), "'x'"),
    ("# c\nkind: A\nspec: {}\n", (), "kind"),
    ("kind: A\nmetadata: {name: [1]}\n", (), "kind"),
    ("kind: A\nmetadata:\n  name:\n", (), "name"),
    ("- first # c\n- second\n", (), "first"),
    ("[1,\n 2]\n", (), "[1,\n 2]"),
    ("{}\n", (), "{}"),
    # absent paths: the nearest parent that is there
    ("a:\n  b: 1\n", ("a", "x"), "a"),
    ("a:\n  b: 1\n", ("a", "b", "c"), "1"),
    ("a: {b: 1}\n", ("a", "x", "y"), "{b: 1}"),
    ("a:\n- x: 1\n", ("a", 0, "y"), "x: 1"),
    ("a:\n- x: 1\n", ("a", 1), "a"),
    ("a:\n- x: 1\n", ("a", -1), "a"),
    ("a:\n- x: 1\n", ("a", "0"), "a"),
    ("a:\n  b: 1\n", ("a", 0), "a"),
    ("kind: A\nmetadata: {name: x}\n", ("spec",), "x"),
]


@pytest.mark.parametrize(("text", "path", "expected"), PLACES)
def test_locate(text: str, path: Path, expected: str, any_parser: str) -> None:
    spot = reading(text).documents[0].locate(path)
    assert written(text, spot.span) == expected
    assert spot.anchor is None


SHARED = """\
base: &base
  plain: 1
  flow: &flow {x: 1, y: [2]}
  block:
    deep: 3
list: &list
  - &one
    name: first
    size: 1
  - name: second
use: *base
elements: [*one, *flow]
merged:
  <<: *base
  own: 4
  plain: 5
twice:
  <<: [*flow, *base]
inline:
  <<: {z: 6}
chain: &chain
  <<: *base
last:
  <<: *chain
text: &text some text
again: *text
"""

# The path, what the use covers, what the anchored value covers and the line it stands on.
THROUGH_ALIASES: list[tuple[Path, str, str, int]] = [
    (("use",), "*base", "base", 1),
    (("use", "plain"), "*base", "1", 2),
    (("use", "flow"), "*base", "{x: 1, y: [2]}", 3),
    (("use", "flow", "y", 0), "*base", "2", 3),
    (("use", "block"), "*base", "block", 4),
    (("use", "block", "deep"), "*base", "3", 5),
    (("use", "absent"), "*base", "base", 1),
    (("elements", 0), "*one", "name: first", 8),
    (("elements", 0, "size"), "*one", "1", 9),
    (("elements", 1), "*flow", "{x: 1, y: [2]}", 3),
    (("elements", 1, "y", 0), "*flow", "2", 3),
    (("merged", "block", "deep"), "*base", "3", 5),
    (("merged", "flow"), "*base", "{x: 1, y: [2]}", 3),
    (("twice", "x"), "*flow", "1", 3),
    (("twice", "plain"), "*base", "1", 2),
    (("last", "plain"), "*chain", "1", 2),
    (("chain", "plain"), "*base", "1", 2),
    (("again",), "*text", "some text", 25),
]


@pytest.mark.parametrize(("path", "use", "anchored", "line"), THROUGH_ALIASES)
def test_locate_through_aliases(path: Path, use: str, anchored: str, line: int, any_parser: str) -> None:
    spot = document(SHARED).locate(path)
    assert written(SHARED, spot.span) == use
    assert spot.anchor is not None
    assert (written(SHARED, spot.anchor), spot.anchor.start.line) == (anchored, line)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("merged", "own"), "4"),
        (("merged", "plain"), "5"),
        (("inline", "z"), "6"),
        (("base", "flow"), "{x: 1, y: [2]}"),
        (("list", 0), "name: first"),
        (("merged",), "merged"),
        (("last",), "last"),
    ],
)
def test_locate_beside_aliases(path: Path, expected: str) -> None:
    spot = document(SHARED).locate(path)
    assert (written(SHARED, spot.span), spot.anchor) == (expected, None)


@pytest.mark.parametrize(
    ("text", "path", "key"),
    [
        ("a:\n  b: 1\n", ("a", "b"), "b"),
        ("a: {'b c': 1}\n", ("a", "b c"), "'b c'"),
        ("a: {&k b: 1}\n", ("a", "b"), "b"),
        ("? a\n: b\n", ("a",), "a"),
        ("a:\n- x\n", ("a", 0), "x"),
        ("a: {b: 1}\n", ("a", "x"), "{b: 1}"),
        ("kind: A\n", (), "kind"),
    ],
)
def test_locate_key(text: str, path: Path, key: str) -> None:
    spot = document(text).locate_key(path)
    assert (written(text, spot.span), spot.anchor) == (key, None)


def test_locate_key_through_aliases() -> None:
    shared = document(SHARED)
    assert written(SHARED, shared.locate_key(("use",)).span) == "use"
    assert shared.locate_key(("use",)).anchor is None
    for path in (("use", "flow"), ("merged", "flow")):
        spot = shared.locate_key(path)
        assert (written(SHARED, spot.span), written(SHARED, spot.anchor)) == ("*base", "flow")
    text = "name: &n key\nuse: {*n : 1}\n"
    assert written(text, document(text).locate_key(("use", "key")).span) == "*n"


def test_repeated_keys_are_found_where_the_kept_value_stands() -> None:
    text = "a: 1\na: 2\n"
    assert place(reading(text).documents[0].locate(("a",)).span) == (1, 4)


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ((), ()),
        (("a", "b", 0), ("a", "b", 0)),
        (("a", "b", 1), ("a", "b")),
        (("a", "b", -1), ("a", "b")),
        (("a", "b", "0"), ("a", "b")),
        (("a", "x", "y"), ("a",)),
        (("x",), ()),
        (("t", "x"), ("t",)),
        (("n", 0), ("n",)),
        (("a", 0), ("a",)),
    ],
)
def test_nearest(path: Path, nearest: Path) -> None:
    assert document("a: {b: [1]}\nt: text\nn:\n").nearest(path) == nearest


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_positions_are_the_editor_s(end: str, bom: str, any_parser: str) -> None:
    from penstock.source import read_bytes

    lines = ["# Überschrift 😀", "größe: 😀😀 x", "a: {ключ: 'é', b: [1]}", "c: |", "  😎 text", "d: e"]
    raw = (bom + end.join(lines) + end).encode()
    found = read_bytes(raw, "file.yaml").documents[0]
    assert found.start == Position(2, 1)
    assert found.locate(("größe",)).span == Span.at(2, 8, 4)
    assert found.locate(("a", "ключ")).span == Span.at(3, 11, 3)
    assert found.locate(("a", "b", 0)).span == Span.at(3, 20, 1)
    assert found.locate(("c",)).span == Span(Position(4, 4), Position(5, 9))
    assert found.locate_in(("c",), 1, 3, 4) == Span.at(5, 5, 4)
    assert found.locate(("d",)).span == Span.at(6, 4, 1)


def test_places_in_later_documents(any_parser: str) -> None:
    text = "%YAML 1.2\n---\na: 1\n...\n# between\n---\n  c: 3\n...\n%TAG !e! tag:x,2000:\n--- {d: 4}\n--- &x e\n"
    found = reading(text).documents
    assert [place(each.locate(path).span) for each, path in zip(found, PATHS, strict=True)] == [
        (3, 4),
        (7, 6),
        (10, 9),
        (11, 8),
    ]


PATHS: list[Path] = [("a",), ("c",), ("d",), ()]


def test_an_unusable_place_is_the_beginning() -> None:
    first, second = reading("a: 1\n---\nb: 2\n").documents
    foreign = type(first)(first.file, 7, {"a": 1}, Position(3, 4), second._places)
    assert foreign.locate(("a",)).span == Span(Position(3, 4), Position(3, 4))
    assert foreign.locate_key(("a",)).span == Span(Position(3, 4), Position(3, 4))
    assert foreign.locate_in(("a",), 1, 1) == Span(Position(3, 4), Position(3, 4))


def test_no_place_costs_no_second_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    from penstock.source import layout

    def refuse(*_: object) -> None:
        raise AssertionError("parsed again")

    monkeypatch.setattr(layout, "compose", refuse)
    found = read(SourceFile("file.yaml", SHARED)).documents[0]
    assert found.nearest(("use", "plain", "x")) == ("use", "plain")
    with pytest.raises(AssertionError, match="parsed again"):
        found.locate(("use",))


def test_a_document_is_parsed_again_once_and_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from penstock.source import layout

    asked: list[str] = []
    compose = layout.compose

    def listen(prepared: object, start: int, end: int) -> object:
        asked.append(prepared.text[start:end])  # type: ignore[attr-defined]
        return compose(prepared, start, end)  # type: ignore[arg-type]

    monkeypatch.setattr(layout, "compose", listen)
    found = reading("a: 1\n---\nb: 2\n---\nc: 3\n").documents
    for _ in range(3):
        found[1].locate(("b",))
    assert asked == ["---\nb: 2\n"]
