"""What one line of plain YAML says by itself: at which column it puts which key and value.

Takes a line without its end, gives a ``Line``. It knows only lines that mean the same wherever they may stand:

- ``key: value``, where the key is a bare word, ``- value``, and both in one: ``- key: value``;
- the value is bare, or in quotes without escapes, and ends on the line; or it is the head of a block scalar, or
  lists and mappings of such keys and values in brackets that close on the line; behind a key it may be missing;
- a blank line, and a comment, alone or behind any of these.

Of all else it is unsure: anchors, aliases, tags, merge keys, quoted and numeric keys, escapes, directives, texts
over several lines, and all that a reader would have to complain of. It must not know other lines.
"""

from __future__ import annotations

import re
from functools import lru_cache
from sys import intern
from typing import Any

from penstock.source.resolver import WORDS, Scalar, UnfitScalarError, plain

LONGEST = 1000
"""Characters of a line that is read here. A longer one need not be kept."""
_DEEPEST = 5
"""Brackets within one another on a line."""

_WORD = r"[A-Za-z_][A-Za-z0-9_./-]{0,99}"
_QUOTED = r"\"[^\"\\]*\"|'[^']*'"
_FIRST = r"[^\s\-?:,\[\]{}#&*!|>'\"%@`]"
# No two neighbours in a pattern can share characters in more than one way, so that failing takes linear time.
_BARE = rf"(?:{_FIRST}|-(?=[^ ]))[^:#]*(?:(?::(?=[^ ])|(?<! )#)[^:#]*)*"
_BARE_IN_BRACKETS = rf"(?:{_FIRST}|-(?=[A-Za-z0-9]))[^:?#,\[\]{{}}]*(?::(?=[A-Za-z0-9/])[^:?#,\[\]{{}}]*)*"
_LINE = re.compile(
    rf"( *)(- +)?(?:({_WORD}):(?: +|$))?"
    rf"(?:({_QUOTED}) *|([\[{{].*[\]}}]) *|([|>]-?) *|({_BARE}))?(?:(?<![^ ])#.*)?"
)
_PART = re.compile(rf" *(?:({_WORD}): +)?(?:({_QUOTED})|({_BARE_IN_BRACKETS})|(?=[\[{{]))")
_END = re.compile(r" *([,\]}])")
_EMPTY = re.compile(r"[\[{] *[\]}]")


class UnsureError(Exception):
    """It takes the parser to tell."""


class Header(str):
    """The head of a block scalar, such as ``>-``, in the place of its text."""

    __slots__ = ()


class _Opened:
    """What stands in the place of a value that is still to come."""


OPENED = _Opened()

Line = tuple[int, str | None, object, int, int]
"""A line: its place, key and value, its column, and the column of its key, which differs behind a dash.

The place is a number that is the same for all lines with nothing but a scalar at the same column behind a dash, or
behind a key; for every other line it is -2.
"""


def place(column: int, dashed: bool) -> int:
    """The place of a line that puts a scalar into the mapping, or the list if ``dashed``, at a column."""
    return 2 * column + dashed


@lru_cache(maxsize=8192)  # manifests are alike: nine of ten lines have come before
def understood(text: str) -> Line | None:
    """What a line without tabs says; None for a blank one or a comment.

    Raises:
        UnsureError: it takes the parser to tell.
    """
    found = _LINE.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        raise UnsureError
    indent, dash, key, quoted, flow, block, bare = found.groups()
    empty = quoted is flow is block is bare is None
    column = len(indent)
    if key is None:
        if dash is None and empty:
            return None
        if dash is None or empty or block:
            raise UnsureError
    elif key in WORDS:
        raise UnsureError
    inner = column + len(dash or "")
    value = _value(quoted, flow, block, bare)
    single = (quoted is not None or bare is not None) and (key is None or dash is None)
    return place(column, key is None) if single else -2, key and intern(key), value, column, inner


def _value(quoted: str | None, flow: str | None, block: str | None, bare: str | None) -> object:
    if quoted is not None:
        return quoted[1:-1]
    if flow is not None:
        return _collection(flow)
    if block is not None:
        return Header(block)
    return OPENED if bare is None else _scalar(bare)


def _scalar(bare: str) -> Scalar:
    try:
        return plain(bare.rstrip(" "))
    except UnfitScalarError:
        raise UnsureError from None


def fresh(value: Any) -> object:
    """The value, with lists and mappings of its own."""
    if value.__class__ is list:
        return [fresh(each) for each in value]
    if value.__class__ is dict:
        return {key: fresh(each) for key, each in value.items()}
    return value


def _collection(text: str) -> object:
    value, end = _brackets(text, 0, 1)
    if end != len(text):
        raise UnsureError
    return value


def _brackets(text: str, at: int, depth: int) -> tuple[object, int]:
    """The collection that is opened at ``at``, and where its closing bracket is behind it."""
    pairs: dict[str, object] = {}
    items: list[object] = []
    made, closing = (pairs, "}") if text[at] == "{" else (items, "]")
    empty = _EMPTY.match(text, at)
    if empty is not None and text[empty.end() - 1] == closing:
        return made, empty.end()
    while text[at] != closing:
        found = _PART.match(text, at + 1)
        if found is None or depth > _DEEPEST:
            raise UnsureError
        key, quoted, bare = found.groups()
        at = found.end()
        value: object
        if quoted is not None:
            value = quoted[1:-1]
        elif bare is not None:
            value = _scalar(bare)
        else:
            value, at = _brackets(text, at, depth + 1)
        end = _END.match(text, at)
        if end is None or end[1] not in (",", closing) or key in pairs or key in WORDS:
            raise UnsureError
        at = end.end() - 1
        if made is items and key is None:
            items.append(value)
        elif made is pairs and key is not None:
            pairs[intern(key)] = value
        else:
            raise UnsureError
    return made, at + 1
