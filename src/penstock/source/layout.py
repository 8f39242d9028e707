"""Where the values of a file's documents stand, worked out on first demand by a second pass over the file.

Takes a file, a document's index and a path; gives Spots and Spans, through aliases and merge keys; None where the
file has no such document. Only the part of the file that the document takes up is parsed again. It must not know
what the data means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from penstock.pattern import late
from penstock.source.document import SourceFile, Spot
from penstock.source.inside import find
from penstock.source.text import Lines, prepare
from penstock.source.tree import compose, fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from penstock.model import Path, Span
    from penstock.source.text import Prepared
    from penstock.source.tree import Node, Tree

_LINE = late(r"[^\r\n]*")
_BLOCK_HEADER = late(r"[|>][-+0-9]*")
_END_MARK = late(r"\.\.\.[ \t]*(?:#[^\r\n]*)?(?=[\r\n])")
_BLANKS = late(r"(?:[\r\n][ \t]*(?:#[^\r\n]*)?)*")


class _Place(NamedTuple):
    """What stands at a path: ``node`` as written there, ``key`` of a field, and the first alias on the way."""

    node: Node
    key: Node | None
    use: Node | None


class Layout:
    """The places of one file, shared by its documents."""

    __slots__ = ("_file", "_limit", "_lines", "_prepared", "_starts", "_trees")

    def __init__(self, file: SourceFile, starts: Sequence[int], end: int | None = None) -> None:
        """``starts``: where each document begins in the prepared text; ``end``: how much of it was read."""
        self._file = file
        self._starts = starts
        self._limit = end
        self._lines: Lines | None = None
        self._prepared: Prepared | None = None
        self._trees: dict[int, Tree] = {}

    def locate(self, document: int, path: Path) -> Spot | None:
        """See ``Document.locate``."""
        root = self._root(document)
        return None if root is None else self._spot(root, path)

    def locate_key(self, document: int, path: Path) -> Spot | None:
        """See ``Document.locate_key``."""
        root = self._root(document)
        if root is None:
            return None
        place, depth = _descend(root, path)
        if depth < len(path) or place.key is None:
            return self._spot(root, path)
        return self._with_use(self._span(place.key), place.use)

    def locate_in(self, document: int, path: Path, line: int, column: int, length: int) -> Span | None:
        """See ``Document.locate_in``."""
        root = self._root(document)
        if root is None:
            return None
        place, depth = _descend(root, path)
        node = place.node.real
        if depth < len(path) or node.kind != "scalar" or node.missing:
            return self._spot(root, path).span
        return self.lines.span(*find(self._file.text, node, line, column, length))

    def tree(self, document: int) -> Tree | None:
        """The document as written; None where the file has no such document."""
        if document >= len(self._starts):
            return None
        if document not in self._trees:
            self._trees[document] = compose(self._text, self._starts[document], self._end(document))
        return self._trees[document]

    def stretch(self, document: int) -> tuple[int, int]:
        """Where a document begins and ends in the file's text, with the comments before and behind it.

        Of a file without documents, all that the parser may see.
        """
        begin = self._boundary(document) if document else 0
        last = document + 1 >= len(self._starts)
        end = self._end(document) if last else self._boundary(document + 1)
        return self._text.index(begin), self._text.index(end)

    def _boundary(self, document: int) -> int:
        """Where a document that is not the first begins: at its marks, or where the one before is marked to end.

        What stands between the two is comments, and they look ahead.
        """
        text, start, above = self._text.text, self._starts[document], self._starts[document - 1]
        at = max(text.rfind("\n...", above, start), text.rfind("\r...", above, start)) + 1
        ended = _END_MARK.match(text, at) if at else None
        blank = _BLANKS.match(text, ended.end(), start) if ended else None
        return ended.end() if ended and blank and blank.end() == start else start

    def _end(self, document: int) -> int:
        """How far the text may be parsed for a document, in the prepared text."""
        if document + 1 < len(self._starts):
            return self._starts[document + 1]
        return self._limit or len(self._text.text)

    @property
    def _text(self) -> Prepared:
        if self._prepared is None:
            self._prepared = prepare(self._file)
        return self._prepared

    @property
    def lines(self) -> Lines:
        """The lines of the file."""
        if self._lines is None:
            self._lines = Lines(self._file.text)
        return self._lines

    def _root(self, document: int) -> Node | None:
        tree = self.tree(document)
        return None if tree is None else tree.root

    def _spot(self, root: Node, path: Path) -> Spot:
        place, depth = _descend(root, path)
        if depth == 0:
            place = _representative(root)
        use = place.use or _alias(place.node)
        return self._with_use(self._natural(place.node.real), use)

    def _with_use(self, span: Span, use: Node | None) -> Spot:
        return Spot(span) if use is None else Spot(self._span(use), span)

    def _span(self, node: Node) -> Span:
        return self.lines.span(node.start, node.end)

    def _natural(self, node: Node) -> Span:
        """The span of a value where it is written out."""
        text, span = self._file.text, self.lines.span
        if node.kind == "scalar" and node.style in ("|", ">"):
            return span(node.start, node.start + len(text[node.start : node.end].rstrip()))
        if node.flow or (node.kind in ("scalar", "alias") and not node.missing):
            return self._span(node)
        if node.key is not None:
            return self._span(node.key)
        if node.missing:
            dash = text[max(node.start - 1, 0) : node.start] == "-"
            return span(node.start - dash, node.end)
        return span(node.start, _first_line_end(text, node))


def _descend(root: Node, path: Path) -> tuple[_Place, int]:
    """The value at the longest present beginning of ``path``, and how long that is."""
    place = _Place(root, None, None)
    for depth, element in enumerate(path):
        use = place.use or _alias(place.node)
        node = place.node.real
        if node.kind == "mapping" and isinstance(element, str):
            entry = fields(node).get(element)
            if entry is None:
                return place, depth
            place = _Place(entry.value, entry.key, use or entry.use)
        elif node.kind == "sequence" and type(element) is int and 0 <= element < len(node.children):
            place = _Place(node.children[element], None, use)
        else:
            return place, depth
    return place, len(path)


def _alias(node: Node) -> Node | None:
    """The node if it is an alias that stands for something."""
    return node if node.target is not None else None


def _representative(root: Node) -> _Place:
    """What stands for a whole document: its metadata.name, else its first key, else itself."""
    place, depth = _descend(root, ("metadata", "name"))
    if depth == 2 and place.node.real.kind == "scalar":
        return place
    if root.kind == "mapping" and root.children:
        return _Place(root.children[0], None, None)
    return _Place(root, None, None)


def _first_line_end(text: str, node: Node) -> int:
    """Where the first line of a block collection ends, without comment and trailing space."""
    found = _LINE.match(text, node.start)
    line_end = found.end() if found is not None else node.end
    last = node.start
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if part.start > line_end:
            continue
        if part.kind in ("mapping", "sequence"):
            waiting.extend(part.children)
            if not part.flow:
                continue
        if part.style in ("|", ">"):
            header = _BLOCK_HEADER.match(text, part.start)
            last = max(last, header.end() if header is not None else part.start)
        else:
            last = max(last, part.end)
    if last >= line_end:
        return line_end
    # Behind the last value stand only a colon, anchors, tags, and a comment if any.
    return last + len(text[last:line_end].split("#")[0].rstrip())
