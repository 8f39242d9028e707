"""Places inside a scalar: from a character of its value to the file's text.

Takes a scalar as written and as read, gives indices into the text. However YAML folds lines and space, the
visible characters of the value and of the text are the same ones in the same order, so they are counted. It must
not know documents or paths.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from penstock.source.tree import Node

_SPACE = frozenset(" \t\r\n")
_BREAK = re.compile(r"[\r\n]")
_HEADER = re.compile(r"[^\r\n]*(?:\r\n?|\n)?")
_HEX = r"\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}"
_PAIR = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_CHARACTER = {
    '"': re.compile(rf"{_PAIR}|{_HEX}|\\\r\n|\\.|.", re.DOTALL),
    "'": re.compile(r"''|.", re.DOTALL),
}
_ANY = re.compile(r".", re.DOTALL)
_BLANK_ESCAPE = re.compile(r"\\(?:[ntr \t\n\r]|\r\n|x20|x09|x0[aAdD]|u0020|u0009|u000[aAdD])")


class _Written(NamedTuple):
    """One character of the value as written."""

    start: int
    end: int
    visible: bool


def find(text: str, node: Node, line: int, column: int, length: int) -> tuple[int, int]:
    """Where ``length`` characters from ``line``, ``column`` of a scalar's value stand: start and end index."""
    value = node.text
    lines = value.split("\n")
    line = min(max(line, 1), len(lines))
    offset = sum(len(each) + 1 for each in lines[: line - 1]) + min(max(column, 1) - 1, len(lines[line - 1]))
    last = min(offset + max(length, 1) - 1, len(value))
    bounds = _bounds(text, node)
    written = list(_written(text, *bounds, node.style))
    start, end = _place(text, bounds, value, written, offset)
    if last > offset:
        end = max(_place(text, bounds, value, written, last)[1], end)
    return start, end


def _bounds(text: str, node: Node) -> tuple[int, int]:
    """Where the content of the scalar stands, without quotes or block header."""
    if node.style in ("'", '"'):
        return node.start + 1, node.end - 1
    if node.style in ("|", ">"):
        header = _HEADER.match(text, node.start, node.end)
        return (header.end() if header is not None else node.start), node.end
    return node.start, node.end


def _written(text: str, start: int, end: int, style: str) -> Iterator[_Written]:
    for found in _CHARACTER.get(style, _ANY).finditer(text, start, end):
        blank = found[0] in _SPACE or (style == '"' and _BLANK_ESCAPE.fullmatch(found[0]) is not None)
        yield _Written(*found.span(), not blank)


def _place(
    text: str, bounds: tuple[int, int], value: str, written: list[_Written], offset: int
) -> tuple[int, int]:
    """Where the character at ``offset`` of the value stands; behind the last one for the value's length."""
    if len(written) == len(value):  # nothing folded or indented: one for one
        return written[offset][:2] if offset < len(written) else (bounds[1], bounds[1])
    visible = [each for each in written if each.visible]
    before = sum(1 for each in value[:offset] if each not in _SPACE)
    if offset < len(value) and value[offset] not in _SPACE and before < len(visible):
        return visible[before][:2]
    # White space. Measure from the visible character before it, or the one after it, on the same line.
    behind = visible[before - 1].end if 0 < before <= len(visible) else bounds[0]
    blank = len(value[:offset]) - len(value[:offset].rstrip(" \t\r"))
    at = behind + blank
    if before and "\n" not in value[offset - blank - 1 : offset] and not _BREAK.search(text, behind, at):
        return at, at + (text[at : at + 1] in (" ", "\t"))
    blank = len(value[offset:]) - len(value[offset:].lstrip(" \t\r"))
    if before < len(visible) and value[offset + blank : offset + blank + 1] not in ("\n", ""):
        at = visible[before].start - blank
        if at >= bounds[0] and not _BREAK.search(text, at, visible[before].start):
            return at, at + 1
    return behind, behind
