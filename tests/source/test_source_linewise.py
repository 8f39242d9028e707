"""Reading line by line: what is read that way, what is left to the parser, and that both see the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.source import SourceFile, eventwise, limits, parser, read
from penstock.source.line import LONGEST, OPENED, UnsureError, place, understood
from penstock.source.linewise import Root, roots

settings.register_profile("linewise", derandomize=True, max_examples=150)
PROFILE = settings.get_profile("linewise")
EXAMPLES = Path(__file__).parents[2] / "examples"


def by_events(text: str, with_parser: type[object]) -> list[tuple[str, int, int, int]]:
    """What the parser makes of a text that is without fault, types and order told apart."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parser, "PARSER", with_parser)
        result = eventwise.read(SourceFile("file.yaml", text))
    assert result.faults == (), text
    starts = result.documents[0]._places._starts if result.documents else ()
    return [
        (repr(each.data), begin, each.start.line, each.start.column)
        for each, begin in zip(result.documents, starts, strict=True)
    ]


def same(text: str) -> bool:
    """Whether a text is read line by line; then both parsers read the same."""
    found = roots(text)
    if found is None:
        return False
    shown = [(repr(data), begin, line, column) for data, begin, line, column in found]
    assert shown == by_events(text, parser.PARSER), text
    assert shown == by_events(text, parser.PythonParser), text
    return True


def data(text: str) -> object:
    """The data of a text that holds one document and is read line by line."""
    assert same(text)
    ((value, _, _, _),) = roots(text) or [Root()]
    return value


# A manifest as people write them: each piece is one the reader must be sure of.
WORDS = st.sampled_from(["name", "spec", "endsOn", "example.com/team", "a-b", "_x", "Key", "no", "y", "x1"])
BARE = st.sampled_from(
    ["text", "two words", "2026-01-31", "P1Y", "12", "-7", "1.5", "0x1F", "010", "true", "~", "null", "yes", "a:b",
     "a#b", "https://example.com/a?b=c", "ana@example.com", "é 日本 😀", "x  y", "-x", "--- a", "...", "<<", "=",
     "1e3", "it's", 'say "so"', "a, b", "a [b] {c}", "v = f(x) and y < 3", "a\u00a0b", "$x", "(x)", "a\\n"]
)  # fmt: skip
BARE_INSIDE = st.sampled_from(["text", "two words", "2026-01-31", "12", "-7", "true", "~", "a:b", "ana@x.example"])
QUOTED = st.sampled_from(['"text"', "'text'", '""', "''", '"# no comment"', "'a: b'", '"12"', "'[x]'", '" x "'])
BEHIND = st.sampled_from(["", "", "", "  ", " # why", "  # a: b", " #"])
SCALARS = BARE | QUOTED
INSIDE = st.recursive(
    BARE_INSIDE | QUOTED,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(inner, max_size=3).map(lambda items: f"[ {' , '.join(items)} ]"),
        st.dictionaries(WORDS, inner, max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs.items()) + "}"
        ),
    ),
    max_leaves=5,
)
BLOCKS = st.lists(st.sampled_from(["text", "two words", "# no comment", "a: b", "- x", "", "é  "]), max_size=4)


@st.composite
def node(draw: st.DrawFn, indent: int, depth: int) -> list[str]:
    """The lines of a block mapping or list at a column; what stands between its entries is drawn as well."""
    pad = " " * indent
    lines: list[str] = []
    if draw(st.booleans()) and depth:
        for _ in range(draw(st.integers(1, 3))):
            if draw(st.booleans()):
                lines.append(f"{pad}- {draw(SCALARS | INSIDE)}{draw(BEHIND)}")
            else:
                gap = draw(st.sampled_from(["- ", "-   "]))
                inner = draw(mapping(indent + len(gap), depth - 1))
                lines += [pad + gap + inner[0].lstrip(" "), *inner[1:]]
        return lines
    return draw(mapping(indent, depth))


@st.composite
def mapping(draw: st.DrawFn, indent: int, depth: int) -> list[str]:
    """The lines of a block mapping at a column, its first entry first."""
    pad = " " * indent
    lines: list[str] = []
    for key in draw(st.lists(WORDS, min_size=1, max_size=3, unique=True)):
        form = draw(st.integers(0, 5))
        if form <= 2 or not depth:
            lines.append(f"{pad}{key}: {draw(SCALARS | INSIDE)}{draw(BEHIND)}")
        elif form == 3:
            block = ["text", *draw(BLOCKS)]
            lines.append(f"{pad}{key}: {draw(st.sampled_from(['|', '|-', '>', '>-']))}{draw(BEHIND)}")
            lines += [f"{pad}  {line}" if line else "" for line in block]
        else:
            lines.append(f"{pad}{key}:{draw(BEHIND)}")
            same_column = draw(st.booleans())
            inner = draw(node(indent + draw(st.sampled_from([1, 2, 4])), depth - 1))
            if draw(st.integers(0, 9)):
                is_list = inner[0].lstrip(" ").startswith("- ")
                shift = len(inner[0]) - len(inner[0].lstrip(" ")) - indent if is_list and same_column else 0
                lines += [line[shift:] for line in inner]
        lines += draw(st.sampled_from([[], [], [], [""], [f"{pad}# why"], ["# why"], ["   "]]))
    return lines


MARKS = st.sampled_from(["---", "--- ", "--- # next"])


@st.composite
def manifests(draw: st.DrawFn) -> str:
    """A file of plain manifests."""
    lines = draw(st.sampled_from([[], ["# head"], ["---"], ["# head", "", "---"], ["---", "# head"]]))
    for number in range(draw(st.integers(1, 3))):
        lines = [*lines, draw(MARKS)] if number else lines
        lines = [*lines, *draw(node(draw(st.sampled_from([0, 0, 2])), 3))]
    end = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    return end.join(lines) + draw(st.sampled_from([end, ""]))


@PROFILE
@given(manifests())
def test_plain_manifests_are_read_as_the_parser_reads_them(text: str) -> None:
    same(text)


def mutated(text: str, at: int, cut: int, put: str) -> str:
    at %= len(text) + 1
    return text[:at] + put + text[at + cut :]


@PROFILE
@given(
    st.builds(
        mutated,
        manifests(),
        st.integers(0, 10_000),
        st.integers(0, 3),
        st.sampled_from(
            [*" :-#\n[]{},\"'|>&*!?%@`a1.~\\=<\r\té\u00a0", "", "\n  ", ": ", " #", "- ", "---\n", "...\n"]
        ),
    )
)
def test_changed_manifests_are_read_so_or_left_to_the_parser(text: str) -> None:
    same(text)


ODD = st.lists(
    st.sampled_from(
        ["a: ", "b:", "a", "- ", "-", " ", "\n", "\n  ", "\n    ", ": ", ":", "#", " # c", "[", "]", "{", "}",
         ", ", "|\n", ">-\n", '"', "'", "x", "1", "~", "---\n", "\n---\n", "...", "&x ", "*x", "!t ", "<<: ", "? ",
         "\t", "\r\n", "é"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@PROFILE
@given(ODD)
def test_odd_texts_are_read_so_or_left_to_the_parser(text: str) -> None:
    same(text)


def test_most_examples_are_read_line_by_line() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.rglob("*.yaml"))]
    assert len(texts) > 80
    assert sum(map(same, texts)) > 0.8 * len(texts)


PLAIN = [
    ("a: 1\nb: {c: [x, 'y'], d: {}}\n", {"a": 1, "b": {"c": ["x", "y"], "d": {}}}),
    ("# head\n\na:\n  b: x # why\n  c:\nd:\n", {"a": {"b": "x", "c": None}, "d": None}),
    ("- a: 1\n  b: 2\n- c\n- [d]\n", [{"a": 1, "b": 2}, "c", ["d"]]),
    ("a:\n- b\n- c: 1\n  d:\n  - e\nf: 2\n", {"a": ["b", {"c": 1, "d": ["e"]}], "f": 2}),
    ("a:\n    b:\n          c: x\n    d: y\n", {"a": {"b": {"c": "x"}, "d": "y"}}),
    ("a: |\n  x\n   y\n\n  # z\n\nb: >-\n  x\n  y\n\n  z\nc: 1\n", {"a": "x\n y\n\n# z\n", "b": "x y\nz", "c": 1}),
    ("a: >\n  b\n   c\n\n  d\n  e\nf: 1\n", {"a": "b\n c\n\nd e\n", "f": 1}),
    ("- a: >-\n    b\n    c\n  d: |\n   e\n- f\n", [{"a": "b c", "d": "e\n"}, "f"]),
    ("a: 'no: comment # here'\n", {"a": "no: comment # here"}),
    ("a: b:c\nd: e#f\ng: -1\nh: -x\ni: 010\n", {"a": "b:c", "d": "e#f", "g": -1, "h": "-x", "i": 10}),
]


@pytest.mark.parametrize(("text", "value"), PLAIN)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_is_read_line_by_line(text: str, value: object, end: str) -> None:
    assert repr(data(text.replace("\n", end))) == repr(value)


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\na: 2\n", "a: {b: 1, b: 2}\n", "a: &x 1\n", "a: *x\n", "a: !!str 1\n", "<<: {a: 1}\n", "'a': 1\n",
        "1: a\n", "null: a\n", "a: \"\\n\"\n", "a: 'it''s'\n", "a: b: c\n", "a: b:\n", "a:\tb\n", "a: b\n  c\n",
        "a: b\n  c: d\n", "a: 'b\n  c'\n", "a: [b,\n  c]\n", "a: [b: c]\n", "a: {b}\n", "a: [b,]\n", "a: [}\n",
        "a: |2\n   b\n", "a: |+\n  b\n", "a: |\n\n  b\n", "a: |\nb: 1\n", "a: |\n  b", "- >\n  b\n",
        "a: |\n  b\n \n", "- a\nb: 1\n", "a: 1\n- b\n", "a:\n  b: 1\n c: 2\n", "  a: 1\nb: 2\n", "- - a\n", "-\n",
        "a: - b\n", "a: -\n", "? a\n", "text\n", "[a]\n", "{a: 1}\n", "a: @b\n", "a: %b\n", "a: 'b'c\n",
        "a: .inf\n", "a: 99999999999999999999\n", "a: 1\n...\n", "%YAML 1.2\n---\na: 1\n", "--- a\n",
        "a: 1\rb: 2\n", "a: 1\r\nb: 2\n",
        "a: \x07\n", "a: \x85\n", "a: \u2028\n", "a: \ufeff\n", "a: \ud800\n", "a : 1\n",
        "a: [[[[[[b]]]]]]\n", f"a: {'x' * LONGEST}\n", f"{'x' * 101}: 1\n", f"a: {'#' * LONGEST}\n",
    ],
)  # fmt: skip
def test_what_is_left_to_the_parser(text: str) -> None:
    assert roots(text) is None


@pytest.mark.parametrize("text", ["", "\n", "# only\n", "---\n", "---\n# c\n---\n", "  \n\n", "# c"])
def test_nothing_is_no_document(text: str) -> None:
    assert same(text)
    assert roots(text) == []


def test_documents_know_where_they_begin() -> None:
    text = "# c\n\n  a: 1\n--- # next\n---\n# d\nb: 2\n---\n- c\n"
    assert same(text)
    assert roots(text) == [({"a": 1}, 5, 3, 3), ({"b": 2}, 23, 7, 1), (["c"], 36, 9, 1)]
    returns = text.replace("\n", "\r\n")
    assert same(returns)
    assert roots(returns) == [({"a": 1}, 7, 3, 3), ({"b": 2}, 27, 7, 1), (["c"], 43, 9, 1)]


def test_the_place_of_a_value_is_found_by_the_parser() -> None:
    for end in ("\n", "\r\n"):
        text = end.join(["a: 1", "---", "# c", "b:", "  c: two", ""])
        first, second = read(SourceFile("file.yaml", text)).documents
        span = second.locate(("b", "c")).span
        assert (span.start.line, span.start.column, span.end.column) == (5, 6, 9)
        assert first.locate(("a",)).span.start.line == 1
        assert first.layout is second.layout


def test_a_line_s_collections_are_of_each_document_alone() -> None:
    text = "a: [x, {b: []}]\nc:\n  - {d: 1}\n"
    first, second = data(text), data(text)
    assert first == second
    for value, other in zip(collections(first), collections(second), strict=True):
        assert value is not other


def collections(value: object) -> Iterator[object]:
    if isinstance(value, (dict, list)):
        yield value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from collections(inner)


def nested(depth: int, column: int = 0) -> str:
    return "\n".join(" " * column + " " * level + "k:" for level in range(depth)) + "\n"


def test_deep_documents_are_left_to_the_parser() -> None:
    assert same(nested(limits.DEPTH // 2))
    assert roots(nested(limits.DEPTH + 1)) is None
    assert read(SourceFile("file.yaml", nested(limits.DEPTH + 1))).faults != ()
    assert read(SourceFile("file.yaml", nested(limits.DEPTH))).faults == ()
    items = "".join(" " * level + "- k:\n" for level in range(0, 4 * limits.DEPTH, 4))
    assert roots(items) is None


def test_large_texts_are_left_to_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "NODES", 10)
    assert roots("a: 12345\n") is not None
    assert roots("a: 1234567\n") is None


def test_json_is_left_to_the_parser() -> None:
    text = "a: \\ud83d\\ude00\n"  # two escapes that JSON joins, and YAML takes as they are written
    assert read(SourceFile("x.yaml", text)).documents[0].data == {"a": "\\ud83d\\ude00"}
    assert read(SourceFile("x.JSON", text)).documents[0].data == {"a": "\\U0001f600"}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("  a: 1", (place(2, False), "a", 1, 2, 2)),
        ("- x", (place(0, True), None, "x", 0, 2)),
        ("-   a: x", (-2, "a", "x", 0, 4)),
        ("a:", (-2, "a", OPENED, 0, 0)),
        ("a: [1]", (-2, "a", [1], 0, 0)),
        ("a: >-", (-2, "a", ">-", 0, 0)),
        ("   # x", None),
        ("", None),
    ],
)
def test_what_a_line_says(line: str, value: object) -> None:
    assert understood(line) == value


@pytest.mark.parametrize("line", ["a", "-", "- - a", "a b: c", "a:b", "a: [", "- |", "a: b:", "---"])
def test_what_a_line_alone_does_not_say(line: str) -> None:
    with pytest.raises(UnsureError):
        understood(line)


def test_plain_manifests_need_no_parser(tmp_path: Path) -> None:
    (tmp_path / "plain.yaml").write_text("a: 1\nb: [x]\n")
    script = (
        "import sys; from pathlib import Path; from penstock.source import read_path;"
        "print(read_path(Path('plain.yaml'), 'plain.yaml').documents[0].data, 'yaml' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("{'a': 1, 'b': ['x']} False\n", "")
