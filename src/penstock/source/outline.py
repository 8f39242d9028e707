"""What begins and what ends where in a document as written, and the comments in between.

Takes a text and a document's tree, gives the places of its fields and list elements with their paths in the data.
Everything outside scalars is white space, signs and comments, so one walk over the tree finds every comment. It
must not know what comments say.
"""

from __future__ import annotations

import re
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from penstock.record import dataclass, field
from penstock.source.tree import fields

if TYPE_CHECKING:
    from penstock.model import Path
    from penstock.source.tree import Node, Tree

_COMMENT = re.compile(r"#[^\r\n]*")
_LINE = re.compile(r"[^\r\n]*")
_HEADER = re.compile(r"[|>][-+0-9]*")
_SIGN = {sign: re.compile(rf"#[^\r\n]*|(?<![^ \t\r\n])[{sign}](?![^ \t\r\n])") for sign in "-?"}


class Begin(NamedTuple):
    """Where a field, a list element or a value of its own begins, with dash, question mark, anchor and tag."""

    at: int
    depth: int
    paths: tuple[Path, ...]
    """What it is in the data: one path, but for a merge key, which is all the fields that it brings in."""
    closed: tuple[int, ...] = ()
    """Where the block collections begin that end with the sibling before it, outermost first."""


class End(NamedTuple):
    """Where a scalar or flow collection ends."""

    at: int
    depth: int
    paths: tuple[Path, ...]


@dataclass(slots=True)
class Outline:
    """A document's places, each list in the order of the text; indices into the file's text."""

    begins: list[Begin] = field(default_factory=list)
    ends: list[End] = field(default_factory=list)
    comments: list[tuple[int, int]] = field(default_factory=list)
    """From the ``#`` to the end of the line."""


def outline(text: str, tree: Tree | None, start: int, end: int) -> Outline:
    """The outline of a document, and of all comments in ``text[start:end]``."""
    walk = _Walk(text, start)
    if tree is not None and tree.root is not None:
        walk.root(tree.root)
        end = min(end, tree.end)
    walk.skip(end)
    # As good as sorted: only keys and values that are not written at all may stand elsewhere.
    walk.found.begins.sort(key=attrgetter("at"))
    walk.found.ends.sort(key=attrgetter("at"))
    return walk.found


class _Walk:
    """Goes through the nodes in the order of the text; ``cursor`` is how far the text has been looked at."""

    def __init__(self, text: str, start: int) -> None:
        self.found = Outline()
        self._text = text
        self._cursor = start

    def root(self, node: Node) -> None:
        if node.flow or node.kind in ("scalar", "alias"):
            self._value(node, ((),), (), 0)
        else:
            # What stands before the first field stands before all of them: anchor and tag do not count.
            self._entries(node, (), 0, ())

    def skip(self, end: int) -> None:
        """Note the comments up to ``end``, where no scalar stands in between."""
        if end > self._cursor:
            self.found.comments += (each.span() for each in _COMMENT.finditer(self._text, self._cursor, end))
            self._cursor = end

    def _value(
        self, node: Node, own: tuple[Path, ...], base: Path, depth: int, *, merged: bool = False
    ) -> tuple[int, ...]:
        """Note a value at the paths ``own``, whose fields lie below ``base``.

        Gives where the block collections begin that end where the value ends.
        """
        flow = node.flow or node.kind in ("scalar", "alias")
        if not node.missing and not node.bare:
            self.found.begins.append(Begin(node.begin, depth, own))
        if not node.missing and flow:  # which may be on another line than its anchor
            self.found.begins.append(Begin(node.start, depth, own))
        if node.kind == "scalar":
            self._scalar(node)
        closed = self._entries(node, base, depth, own if merged else ()) if node.children else ()
        if not flow:
            return closed
        if node.flow:
            self.skip(node.end)
        if not node.missing and node.style not in ("|", ">"):
            self.found.ends.append(End(node.end, depth, own))
        return ()

    def _entries(self, node: Node, base: Path, depth: int, merged: tuple[Path, ...]) -> tuple[int, ...]:
        """Note the fields or elements of a collection; ``merged``: those it stands for as a merge key's value."""
        if not node.children:
            return ()
        first = len(self.found.begins)
        closed: tuple[int, ...] = ()
        if node.kind == "sequence":
            for index, child in enumerate(node.children):
                path = base if merged else (*base, index)
                own = merged or (path,)
                begin = child.begin if node.flow else self._sign("-", child.begin)
                self.found.begins.append(Begin(begin, depth + 1, own, closed))
                closed = self._value(child, own, path, depth + 1, merged=bool(merged)) or _room(begin, child)
        else:
            brought = _brought(node, base)
            for key, value in zip(node.children[::2], node.children[1::2], strict=False):
                if key.real.kind != "scalar":
                    self._unread(key, value, depth + 1)
                    continue
                merge = brought is not None and _is_merge(key)
                path = base if merge else (*base, key.real.text)
                own = (brought or ()) if merge else (path,)
                begin = self._sign("?", key.begin)
                self.found.begins.append(Begin(begin, depth + 1, own, closed))
                self._hidden(key)
                closed = self._value(value, own, path, depth + 1, merged=merge) or _room(begin, value)
        return () if node.flow else (self.found.begins[first].at, *closed)

    def _sign(self, sign: str, end: int) -> int:
        """Where the sign of a field or element stands that itself begins at ``end``; there, if it has none."""
        at = end
        for each in _SIGN[sign].finditer(self._text, self._cursor, end):
            if each[0] == sign:
                at = each.start()
                break
        if at < end:
            self.skip(at)
            self._cursor = at + 1
        return at

    def _scalar(self, node: Node) -> None:
        """Note the comments before a scalar, and step over it."""
        if node.missing:
            return
        behind = node.start
        if node.style in ("|", ">"):
            header = _HEADER.match(self._text, node.start)
            line = _LINE.match(self._text, header.end() if header else node.start)
            behind = line.end() if line else behind
        self.skip(behind)
        self._cursor = max(node.end, self._cursor)

    def _unread(self, key: Node, value: Node, depth: int) -> None:
        """Step over a key that is no text, and its value: they are not in the data."""
        self.found.begins.append(Begin(self._sign("?", key.begin), depth, ()))
        self._hidden(key)
        self._hidden(value)

    def _hidden(self, node: Node) -> None:
        """Step over a node that comments cannot mean."""
        waiting = [node]
        while waiting:
            node = waiting.pop()
            if node.kind == "scalar":
                self._scalar(node)
            waiting.extend(reversed(node.children))


def _room(begin: int, value: Node) -> tuple[int, ...]:
    """For a field or element without a value: where a collection could begin, as if there were one."""
    return (begin + 1,) if value.missing else ()


def _is_merge(key: Node) -> bool:
    return key.kind == "scalar" and key.text == "<<" and not key.style and key.bare


def _brought(node: Node, base: Path) -> tuple[Path, ...] | None:
    """The fields that a mapping has from its merge key; None for one without."""
    keys = node.children[::2]
    if not any(_is_merge(key) for key in keys):
        return None
    own = {id(key) for key in keys}
    return tuple((*base, name) for name, entry in fields(node).items() if id(entry.key) not in own)
