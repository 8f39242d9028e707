"""A document's YAML as a tree of nodes that know where they stand; built only when a place is asked for.

Takes the prepared text and the stretch of it that a document takes up, gives its root node. A text that stops
being YAML gives the nodes up to there. It must not know what the data means.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from penstock.record import dataclass, field
from penstock.source import parser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from penstock.source.text import Prepared

_SPACE = r"(?:\s|#[^\r\n]*)*"
_PROPERTIES = (
    re.compile(""),
    re.compile(rf"[&!]\S*{_SPACE}"),
    re.compile(rf"[&!]\S*{_SPACE}[&!]\S*{_SPACE}"),
)

_EMPTY = (parser.DocumentStart, parser.DocumentEnd)


@dataclass(slots=True, eq=False)
class Node:
    """A value or key as written. ``start`` and ``end`` index the file's text, without anchor and tag."""

    kind: Literal["scalar", "mapping", "sequence", "alias"]
    start: int
    end: int
    text: str = ""
    """A scalar's value."""
    style: str = ""
    """A scalar's first character: a quote, ``|``, ``>``; empty for a plain one."""
    flow: bool = False
    bare: bool = False
    """Whether neither anchor nor tag stands before it."""
    begin: int = 0
    """As ``start``, but with anchor and tag."""
    children: list[Node] = field(default_factory=list)
    """A list's elements; a mapping's keys and values in turn."""
    target: Node | None = None
    """What an alias stands for; None when nothing of that name came before."""
    key: Node | None = None
    """The key a mapping's value is written under."""
    fields: dict[str, Entry] | None = None

    @property
    def real(self) -> Node:
        """The node itself; for an alias, what it stands for."""
        return self.target or self

    @property
    def missing(self) -> bool:
        """Whether nothing is written at all, as in ``key:``."""
        return self.kind == "scalar" and self.start == self.end


class Entry(NamedTuple):
    """A field of a mapping. ``use`` is the alias it was merged through, None when it is written in the mapping."""

    key: Node
    value: Node
    use: Node | None = None


class Tree(NamedTuple):
    """A document as written. ``end`` indexes the file's text."""

    root: Node | None
    end: int
    """Up to here nothing but white space, signs and comments stands behind the root."""


def compose(prepared: Prepared, start: int, end: int) -> Tree:
    """The first document in ``prepared.text[start:end]`` that is not empty."""
    composer = _Composer(prepared, start, end)
    # A text that is not YAML was reported when it was read: here its beginning is enough.
    with suppress(*parser.ERRORS):
        composer.run()
    return Tree(composer.root, prepared.index(start + composer.end))


def fields(mapping: Node) -> dict[str, Entry]:
    """The entries of a mapping by key, merge keys resolved: the first of several wins, own ones before merged."""
    if mapping.fields is not None:
        return mapping.fields
    found: dict[str, Entry] = {}
    merged: Node | None = None
    for key, value in zip(mapping.children[::2], mapping.children[1::2], strict=False):
        if key.kind == "scalar" and key.text == "<<" and not key.style and key.bare:
            merged = merged or value
        elif key.real.kind == "scalar":
            found.setdefault(key.real.text, Entry(key, value))
    mapping.fields = found
    for source, use in _sources(merged):
        for name, entry in fields(source).items():
            found.setdefault(name, Entry(entry.key, entry.value, use or entry.use))
    return found


def _sources(merged: Node | None) -> Iterator[tuple[Node, Node | None]]:
    """The mappings that a merge key names, each with the alias that named it."""
    if merged is None:
        return
    use = merged if merged.kind == "alias" else None
    listed = merged.real.children if merged.real.kind == "sequence" else [merged]
    for node in listed:
        if node.real.kind == "mapping":
            yield node.real, use or (node if node.kind == "alias" else None)


class _Composer:
    """Builds nodes from events, without recursion: the nodes of a broken text hang together, too."""

    def __init__(self, prepared: Prepared, start: int, end: int) -> None:
        self.root: Node | None = None
        self._prepared = prepared
        self._start = start
        self._text = prepared.text[start:end]
        self.end = 0
        self._open: list[Node] = []
        self._anchors: dict[str, Node] = {}

    def run(self) -> None:
        next_event = parser.event_source(self._text)
        while (event := next_event()) is not None:
            kind = event.__class__
            if kind is parser.ScalarEvent:
                self._scalar(event)
            elif kind is parser.MappingEnd or kind is parser.SequenceEnd:
                self._close(event)
            elif kind is parser.MappingStart or kind is parser.SequenceStart:
                node = self._node("mapping" if kind is parser.MappingStart else "sequence", event)
                node.flow = bool(event.flow_style)
                self._begin(node, event)
                self._open.append(node)
            elif kind is parser.Alias:
                node = self._node("alias", event)
                node.target = self._anchors.get(event.anchor)
                self._hang(node)
            elif kind is parser.DocumentEnd and self.root is not None:
                self.end = event.end_mark.index
                break
        while (event := next_event()) is not None:
            if event.__class__ not in _EMPTY and event.start_mark.index != event.end_mark.index:
                return
        self.end = len(self._text)

    def _scalar(self, event: Any) -> None:
        node = self._node("scalar", event)
        node.text = event.value
        node.style = event.style or ""
        if node.missing and node.bare and not self._open:
            return  # an empty document
        self._begin(node, event)

    def _begin(self, node: Node, event: Any) -> None:
        """Hang a scalar or collection into the tree, and take its anchor and tag off its front."""
        self._hang(node)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        count = (event.anchor is not None) + (event.tag is not None)
        if count:
            node.bare = False
            behind = _PROPERTIES[count].match(self._text, event.start_mark.index)
            if behind is not None and (node.kind != "scalar" or behind.end() < event.end_mark.index):
                node.start = self._index(behind.end())

    def _hang(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        holder = self._open[-1]
        if holder.kind == "mapping" and len(holder.children) % 2:
            node.key = holder.children[-1]
        holder.children.append(node)

    def _close(self, event: Any) -> None:
        node = self._open.pop()
        if node.flow:
            node.end = self._index(event.end_mark.index)
        elif node.children:
            node.start = node.children[0].start
        if node.kind == "mapping" and any(key.text == "<<" for key in node.children[::2]):
            # Now, not on demand: a chain of merges must not become a chain of calls.
            fields(node)

    def _node(self, kind: Literal["scalar", "mapping", "sequence", "alias"], event: Any) -> Node:
        start, end = self._index(event.start_mark.index), self._index(event.end_mark.index)
        return Node(kind, start, end, bare=True, begin=start)

    def _index(self, index: int) -> int:
        return self._prepared.index(self._start + index)
