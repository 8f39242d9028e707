"""Comments for penstock: each is found where YAML has a comment, and stands on what it is written at.

In the tables every comment says itself what it stands on: ``a/b/0`` a path, ``whole`` the document, ``nothing``;
``bait`` is no comment at all, and must not be found.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from source_texts import reading, written

from penstock.model import Path, Position, Span
from penstock.source import Document, SourceFile, read_bytes
from penstock.source.comments import blank, comments, has_comments

pytestmark = pytest.mark.usefixtures("any_parser")


def shown(path: Path) -> str:
    return "/".join(map(str, path)) or "whole"


def stood_on(document: Document) -> list[tuple[str, str]]:
    """What each comment says that it stands on, and what it does."""
    return [
        (comment.text.partition("penstock:")[2].strip(), " ".join(map(shown, comment.paths)) or "nothing")
        for comment in comments(document)
    ]


BLOCK = """\
# penstock: whole
apiVersion: rollout/v1  # penstock: apiVersion
# penstock: kind
# a remark between the two
# penstock: kind
kind: UseCase

# penstock: spec
spec:  # penstock: spec
# penstock: spec/tasks
  tasks:  # penstock: spec/tasks
    # penstock: spec/tasks/0
    - name: classify  # penstock: spec/tasks/0
      # penstock: spec/tasks/0/modelTier
      modelTier: frontier  # penstock: spec/tasks/0/modelTier
    # penstock: spec/tasks/1
    -  # penstock: spec/tasks/1
      name: route  # penstock: spec/tasks/1/name
    - - a  # penstock: spec/tasks/2
      - b  # penstock: spec/tasks/2/1
    -  # penstock: spec/tasks/3
      # penstock: nothing
    - # penstock: spec/tasks/4
  zero:
  # penstock: spec/zero/0
  - a: 1
    b: 2  # penstock: spec/zero/0/b
    # penstock: nothing
  # penstock: spec/stage
  stage:  # penstock: spec/stage
    # penstock: spec/stage
    pilot  # penstock: spec/stage
      # penstock: spec/empty
  empty:  # penstock: spec/empty
    # penstock: nothing
  last:\t1\t# penstock: spec/last
  # penstock: nothing
# penstock: nothing
"""

SCALARS = """\
plain: a#b # penstock: plain
'it''s # penstock: bait': 1
"double \\" # penstock: bait": 2
long: one
  two#three
  four  # penstock: long
quoted: "one # penstock: bait
  # penstock: bait
  two"  # penstock: quoted
single: 'one

  # penstock: bait
  two'# penstock: single
literal: |  # penstock: literal
  text # penstock: bait
  # penstock: bait
# penstock: folded
folded: >-
  # penstock: bait

  text


# penstock: keep
keep: |+  # penstock: keep

  # penstock: bait


# penstock: indented
indented: |2  # penstock: indented
    # penstock: bait
 # penstock: none
none: |
# penstock: list
list:
- |
  # penstock: bait
# penstock: list/1
- >  # penstock: list/1
  # penstock: bait
  text
? |
  # penstock: bait
: value
tail: |
  # penstock: bait
# penstock: nothing
"""
FLOW = """\
# penstock: whole
first: 1
# penstock: list
list: [  # penstock: list
  # penstock: list/0
  a,  # penstock: list/0
  b, c,  # penstock: list/1 list/2
  # penstock: list/3
  {x: 1, y: 2},  # penstock: list/3
  {x: 1,  # penstock: list/4
   # penstock: list/4/y
   y: 2, z: 3,  # penstock: list/4/y list/4/z
   # penstock: nothing
  },  # penstock: list/4
  [
   d  # penstock: list/5/0
   # penstock: nothing
  ], e: [  # penstock: list/6
    1, 2]  # penstock: list/6/e/0 list/6/e/1
  # penstock: nothing
]  # penstock: list
one: {a: "# penstock: bait", b: '# penstock: bait'}  # penstock: one
span: {a: "x
  y"  # penstock: span/a
  # penstock: span/b
  , b: 1  # penstock: span/b
  # penstock: nothing
  ,
  c: 1
  }# penstock: span
below:
  # penstock: below
  [a,  # penstock: below
   b]  # penstock: below/1
"""

SHARED = """\
base: &base  # penstock: base
  # penstock: base/x
  x: 1  # penstock: base/x
  y: 2
# penstock: other
other: &other
  {z: 3}  # penstock: other
tagged:
  # penstock: tagged
  !!map &tagged  # penstock: tagged
  # penstock: tagged/a
  a: 1
# penstock: use
use: *base  # penstock: use
list:
  - *base  # penstock: list/0
  # penstock: list/1
  - &in-list  # penstock: list/1
    # penstock: list/1/x-y
    &x-y x-y: 1  # penstock: list/1/x-y
  - !!str  # penstock: list/2
    text  # penstock: list/2
merged:
  # penstock: merged/x
  <<: *base  # penstock: merged/x
  # penstock: merged/y
  y: 3
both:
  <<: [*base, *other]  # penstock: both/x both/y both/z
written:
  <<: {q: 1,  # penstock: written/q written/r
       # penstock: written/r
       r: 2}  # penstock: written/r
again:
  q: 1
  <<: &again {q: 2}  # penstock: nothing
"""

STREAM = """\
# penstock: whole
%YAML 1.1  # penstock: whole
# penstock: whole
---  # penstock: whole
# penstock: whole
a: 1  # penstock: a
# penstock: nothing
--- # penstock: whole
b: 1
... # penstock: nothing
# penstock: whole
---
# penstock: whole
c: 1
---
# penstock: nothing
--- {d: 1,  # penstock: whole
  e: 2}  # penstock: e
--- !!map &all  # penstock: whole
# penstock: whole
f: 1
"""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "text", [BLOCK, SCALARS, FLOW, SHARED, STREAM], ids=["block", "scalars", "flow", "shared", "stream"]
)
def test_a_comment_stands_on_what_it_is_written_at(text: str, end: str) -> None:
    result = reading(text.replace("\n", end))
    assert result.faults == ()
    found = [pair for document in result.documents for pair in stood_on(document)]
    assert found == [(said, said) for said, _ in found]
    assert len(found) == text.count("penstock:") - text.count("penstock: bait")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 1 # penstock: x", "# penstock: x"),
        ("a: 1 #penstock:x", "#penstock:x"),
        ("a: 1 #\tpenstock \t: \t x \t ", "#\tpenstock \t: \t x"),
        ("a: 1 # penstock: x # penstock: y", "# penstock: x # penstock: y"),
        ("a: 1 # Penstock: IGNORE[x] y", "# Penstock: IGNORE[x] y"),
        ("a: 1 # penstock ignore [x] y", "# penstock ignore [x] y"),
        ("a: 1 # PENSTOCK ignroe[x] y", "# PENSTOCK ignroe[x] y"),
    ],
)
def test_what_is_meant_for_penstock_is_found(text: str, found: str) -> None:
    (document,) = reading(text).documents
    (comment,) = comments(document)
    assert comment.text == found
    assert written(text, comment.span) == found
    assert has_comments(SourceFile("a.yaml", text))


@pytest.mark.parametrize(
    "text",
    [
        "a: 1 # see penstock: x",
        "a: 1 # Penstock: the pipe",
        "a: 1 # penstock ignores this",
        "a: 1 # penstocks: x",
        "# a: 1  # penstock: x\nb: 1",
        "## penstock: x\na: 1",
        "a: b# penstock: x",
        "a: '# penstock: x'",
        "a: |\n  # penstock: x",
        '{"a": "# penstock: x"}',
        "penstock: x # y",
        "",
    ],
)
def test_what_is_not_meant_for_penstock_is_left_alone(text: str) -> None:
    assert [comments(document) for document in reading(text).documents] == [()] * len(reading(text).documents)


def test_columns_are_counted_in_characters_and_without_the_byte_order_mark() -> None:
    text = "é: 😀 # penstock: x"
    for raw in (text.encode("utf-8-sig"), text.encode("utf-16")):
        (document,) = read_bytes(raw, "file.yaml").documents
        assert [comment.span for comment in comments(document)] == [Span(Position(1, 6), Position(1, 19))]


def test_a_byte_order_mark_does_not_stand_before_a_comment() -> None:
    (document,) = read_bytes(b"\xef\xbb\xbf# penstock: whole\r\na: 1\r\n", "file.yaml").documents
    assert stood_on(document) == [("whole", "whole")]


def test_places_behind_shortened_escapes_of_json_are_right() -> None:
    text = '{"a": "\\ud83d\\ude00\\ud83d\\ude00",\n "b": 1}  # penstock: b\n'
    (document,) = reading(text, "file.json").documents
    assert stood_on(document) == [("b", "b")]
    assert written(text, comments(document)[0].span) == "# penstock: b"


@pytest.mark.parametrize(
    "broken",
    [
        "---\nb: [\n# penstock: lost\n",
        "---\n@b # penstock: lost\n",
        "---\nb: 1\nc # penstock: lost\n",
        "---\n\x00",
    ],
)
def test_a_broken_document_takes_nothing_from_those_before(broken: str) -> None:
    result = reading(f"# penstock: whole\na: 1  # penstock: a\n# penstock: nothing\n{broken}# penstock: lost\n")
    assert result.faults
    assert [stood_on(document) for document in result.documents] == [
        [("whole", "whole"), ("a", "a"), ("nothing", "nothing")]
    ]


def test_behind_the_end_of_a_document_only_comments_are_looked_at() -> None:
    result = reading('a: 1\n...\n# penstock: nothing\nb: "\n# penstock: lost\n"\n')
    assert result.faults
    assert [stood_on(document) for document in result.documents] == [[]]


def test_a_document_with_faults_that_was_read_has_its_comments() -> None:
    result = reading(
        "a: 1\na: 2  # penstock: a\n"
        "? {b: '# penstock: bait'}  # penstock: nothing\n: c:\n   d: 1  # penstock: nothing\n"
        "d: *x  # penstock: d\n"
    )
    assert len(result.faults) == 3
    assert [stood_on(document) for document in result.documents] == [
        [(said, said) for said in ("a", "nothing", "nothing", "d")]
    ]


def test_the_comments_of_a_file_without_documents_stand_on_the_whole() -> None:
    text = "# penstock: whole\n---  # penstock: whole\n"
    assert reading(text).documents == ()
    assert stood_on(blank(SourceFile("file.yaml", text))) == [("whole", "whole")] * 2


def test_a_text_without_comments_costs_no_second_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    from penstock.source import layout

    def refuse(*_: object) -> None:
        raise AssertionError("parsed again")

    first, second = reading("a: 1\n---\nb: 1  # penstock: x\n").documents
    monkeypatch.setattr(layout, "compose", refuse)
    assert comments(first) == ()
    with pytest.raises(AssertionError, match="parsed again"):
        comments(second)


LONG = 100_000


@pytest.mark.parametrize(
    "text",
    [
        f"a: 1  # penstock: {'x' * LONG}",
        f"a: 1  # penstock: {'# penstock: ' * (LONG // 12)}",
        f"a: 1  #{' ' * LONG}penstock: x",
        f"a: '{'# penstock:' * (LONG // 11)}'  # penstock: x",
    ],
    ids=["long", "hashes", "blanks", "bait"],
)
def test_a_long_comment_is_one_comment(text: str) -> None:
    (document,) = reading(text).documents
    assert [comment.paths for comment in comments(document)] == [(("a",),)]


def seconds(text: str, count: int) -> float:
    documents = reading(text).documents
    start = time.process_time()
    assert sum(len(comments(document)) for document in documents) == count
    return time.process_time() - start


@pytest.mark.parametrize(
    "line",
    ["k{}: 1  # penstock: x\n", "k{}: 1\r  # penstock: x\r", "# penstock: x\n", "---\na: 1  # penstock: x\n"],
    ids=["behind", "above", "in-a-row", "documents"],
)
def test_thousands_of_comments_take_time_in_proportion(line: str) -> None:
    def text(count: int) -> str:
        return "first: 1\n" + "".join(line.format(number) for number in range(count)) + "last: 1\n"

    seconds(text(100), 100)
    few, many = seconds(text(200), 200), seconds(text(3200), 3200)
    # Sixteen times as many: quadratic would be 256 times as long.
    assert many < 80 * max(few, 0.005)


# Whole documents by construction: every comment is put at a place of which it is known what it is.

BAITS = st.sampled_from(["", " ", "a # penstock: bait", "# penstock: bait", "b#c", "d: e", "- f", "] }", "é 😀"])
WORDS = st.sampled_from(["a", "b1", "c-d", "e#f", "2028-12-31"])


@dataclass
class Page:
    """A document as it is written down, with the comments that were put into it."""

    draw: st.DrawFn
    lines: list[str] = field(default_factory=list)
    put: list[tuple[str, str]] = field(default_factory=list)

    def comment(self, stands_on: str) -> str:
        said = f"{len(self.put)} {stands_on}"
        self.put.append((said, stands_on))
        return f"# penstock: {said}"

    def maybe(self) -> bool:
        return self.draw(st.integers(0, 2)) == 2

    def behind(self, line: str, stands_on: str, gaps: tuple[str, ...] = (" ", "  ", "\t")) -> None:
        """A line, perhaps with a comment behind it."""
        gap = self.draw(st.sampled_from(gaps))
        self.lines.append(f"{line}{gap}{self.comment(stands_on)}" if self.maybe() else line)

    def above(self, indent: int, stands_on: str) -> None:
        """Perhaps comments on lines of their own, no deeper than what follows."""
        while self.maybe():
            at = self.draw(st.integers(0, indent))
            self.lines.append(" " * at + self.comment(stands_on))
            if self.maybe():
                self.lines.append(self.draw(st.sampled_from(["", " " * at + "# a remark"])))

    def below(self, indent: int) -> None:
        """Perhaps a comment at the end of a collection that is indented so far."""
        if self.maybe():
            self.lines.append(" " * indent + self.comment("nothing"))

    def mapping(self, indent: int, path: Path, depth: int, lead: str = "") -> None:
        """The fields of a block mapping; ``lead`` stands before the first, which is then its element's line."""
        for number in range(self.draw(st.integers(1, 3))):
            here = (*path, f"k{number}")
            line = " " * indent
            stands_on = here
            if number == 0 and lead:
                line, stands_on = lead, path
            else:
                self.above(indent, shown(here) if path or number else "whole")
            key = self.draw(st.sampled_from([f"k{number}", f'"k{number}"', f"'k{number}'"]))
            self.value(f"{line}{key}:", indent, here, stands_on, depth)

    def sequence(self, indent: int, path: Path, depth: int) -> None:
        for number in range(self.draw(st.integers(1, 3))):
            here = (*path, number)
            self.above(indent, shown(here))
            line = " " * indent + "-"
            if depth and self.maybe():
                self.mapping(indent + 2, here, depth - 1, line + " ")
                self.below(indent + 2)
            else:
                self.value(line, indent, here, here, 0)

    def value(self, line: str, indent: int, here: Path, begun: Path, depth: int) -> None:
        """A value behind a key or dash; ``begun`` is the outermost of what begins on the line."""
        kinds = ["plain", "quoted", "lines", "block", "flow", "open"] + ["mapping", "list"] * (depth > 0)
        kind = self.draw(st.sampled_from(kinds))
        inner = " " * (indent + 2)
        if kind == "plain":
            self.behind(f"{line} {self.draw(WORDS)}", shown(begun))
        elif kind == "quoted":
            text = self.draw(BAITS)
            self.behind(line + " " + self.draw(st.sampled_from([f'"{text}"', f"'{text}'"])), shown(begun))
        elif kind == "lines":
            self.lines += [f'{line} "{self.draw(BAITS)}', f"{inner}{self.draw(BAITS)}"]
            self.behind(f'{inner}{self.draw(BAITS)}"', shown(here))
        elif kind == "block":
            header = self.draw(st.sampled_from(["|", ">", "|-", ">+", "|2"]))
            self.behind(f"{line} {header}", shown(begun), (" ",))  # without libyaml no tab may stand there
            self.lines += [f"{inner}x{self.draw(BAITS)}", *[inner + self.draw(BAITS) for _ in range(2)]]
        elif kind == "flow":
            self.behind(f'{line} [{self.draw(WORDS)}, {{a: "{self.draw(BAITS)}"}}]', shown(begun))
        elif kind == "open":
            self.open(line, inner, here, begun)
        elif kind == "mapping":
            self.behind(line, shown(begun))
            self.mapping(indent + 2, here, depth - 1)
            self.below(indent + 2)
        else:
            self.behind(line, shown(begun))
            self.sequence(indent + 2, here, depth - 1)
            self.below(indent + 2)

    def open(self, line: str, inner: str, here: Path, begun: Path) -> None:
        """A flow collection over several lines."""
        self.behind(f"{line} [", shown(begun))
        self.above(9, shown((*here, 0)))
        self.behind(f"{inner}{self.draw(WORDS)},", shown((*here, 0)))
        self.behind(f'{inner}{{a: "{self.draw(BAITS)}",', shown((*here, 1)))
        self.above(9, shown((*here, 1, "b")))
        self.behind(f"{inner}b: {self.draw(WORDS)}", shown((*here, 1, "b")))
        if self.maybe():
            self.lines.append(self.comment("nothing"))
        self.behind(f"{inner}}}", shown((*here, 1)))
        self.behind(f"{inner}]", shown(here))


@st.composite
def streams(draw: st.DrawFn) -> tuple[str, list[list[tuple[str, str]]]]:
    """A text of one or several documents, and for each the comments that were put into it."""
    pages = []
    for number in range(draw(st.integers(1, 2))):
        page = Page(draw)
        if number or page.maybe():
            page.behind("---", "whole")
        page.above(9, "whole")
        page.mapping(0, (), 3)
        pages.append(page)
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    text = end.join(line for page in pages for line in page.lines) + draw(st.sampled_from(["", end]))
    return text, [page.put for page in pages]


@settings(max_examples=300)
@given(streams())
def test_a_comment_put_at_a_known_place_stands_there(drawn: tuple[str, list[list[tuple[str, str]]]]) -> None:
    text, put = drawn
    result = reading(text)
    assert result.faults == ()
    assert [stood_on(document) for document in result.documents] == put


PIECES = [
    "a",
    ": ",
    "- ",
    "\n",
    "\n  ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "'",
    '"',
    "&x ",
    "*x",
    "<<: ",
    "|\n",
    "? ",
    "!!str ",
    "---\n",
]
MARKS = [
    " # penstock: x",
    "# penstock: x\n",
    "#penstock:",
    "...\n",
    "\r",
    "\t",
    "\x00",
    "é",
    ">2\n",
    "%YAML 1.1\n",
    "\\",
]


@settings(max_examples=400)
@example("a: &x\n  b: *x # penstock: x\n")
@example("? # penstock: x\n: # penstock: x\n")
@given(st.lists(st.sampled_from(PIECES + MARKS), max_size=30).map("".join))
def test_no_text_raises(text: str) -> None:
    result = reading(text)
    for document in result.documents:
        for comment in comments(document):
            assert written(text, comment.span) == comment.text
            assert has_comments(SourceFile("a.yaml", comment.text))
            assert result.faults or all(document.nearest(path) == path for path in comment.paths)
