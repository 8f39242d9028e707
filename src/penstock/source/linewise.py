"""Plain YAML to documents of native data, line by line: several times as fast as the parser's events.

Takes a file's text, gives its documents, or None when it takes the parser to tell. What it gives is what the
builder makes of the parser's events, and such a text is without fault: at the first line that
``penstock.source.line`` is not sure of, or that does not stand where a line of its kind belongs, it gives up. It
must not know what the data means, nor import PyYAML: a run over plain manifests never needs it.
"""

from __future__ import annotations

import re
from typing import Any

from penstock.source import limits
from penstock.source.line import OPENED, Header, UnsureError, fresh, place, understood
from penstock.source.text import is_clean

_MARK = re.compile(r"^---(?: *| +#.*)$", re.MULTILINE)
_MARGIN = 8
"""Levels below the limit that are left to the brackets of one line."""


Root = tuple[object, int, int, int]
"""A document's data, the index at which the document begins, and the line and column, from 1, of its data."""


def roots(text: str) -> list[Root] | None:
    """The documents that are not empty; None when it takes the parser to read them."""
    if len(text) > limits.NODES:  # a smaller text cannot hold that many
        return None
    try:
        return _with_returns(text) if "\r" in text else _roots(text)
    except UnsureError:
        return None


def _with_returns(text: str) -> list[Root]:
    """The documents of a text whose lines all end with CR LF."""
    breaks = text.count("\r\n")
    if text.count("\r") != breaks or text.count("\n") != breaks:
        raise UnsureError
    without = text.replace("\r\n", "\n")
    found: list[Root] = []
    above = behind = 0
    for data, begin, line, column in _roots(without):
        above += without.count("\n", behind, begin)
        behind = begin
        found.append((data, begin + above, line, column))
    return found


def _roots(text: str) -> list[Root]:
    if "\t" in text or not is_clean(text):
        raise UnsureError
    marks = list(_MARK.finditer(text)) if "---" in text else []
    begin = behind = above = 0
    found: list[Root] = []
    for mark in (*marks, None):
        root = _root(text[behind : mark.start()] if mark else text[behind:])
        if root is not None:
            data, own, line, column = root
            found.append((data, begin if behind else own, line + above, column))
        if mark:
            above += text.count("\n", behind, mark.end())
            begin, behind = mark.span()
    return found


def _root(text: str) -> Root | None:
    """The one document of a text, None for an empty one."""
    lines = text.split("\n")
    begin = 0
    for number, line in enumerate(lines, 1):
        first = understood(line)
        if first is not None:
            return _data([None, *reversed(lines)]), begin, number, first[3] + 1
        begin += len(line) + 1
    return None


def _data(lines: list[str | None]) -> object:
    """The data of a document that is not empty: the one loop that every line goes through.

    The lines come last first, with None at the very end.
    """
    document: dict[str, Any] = {}
    # The mapping or list that is read, its column, the key of it that waits for its value, and the place of lines
    # that put a scalar into it; then those that it lies in.
    data: Any = document
    here, expected = -1, -1
    waiting: str | None = ""
    made: Any
    outer: list[tuple[Any, int]] = []
    deepest = limits.DEPTH - _MARGIN
    for at, key, value, column, inner in filter(None, map(understood, iter(lines.pop, None))):
        if at == expected:
            if key is None:
                data.append(value)
            elif key in data:
                raise UnsureError
            else:
                data[key] = value
            continue
        dashed = key is None or inner != column
        if waiting is not None:
            if column > here or (dashed and column == here):
                data[waiting] = made = [] if dashed else {}
                outer.append((data, here))
                data, here = made, column
            else:
                data[waiting] = None
            waiting = None
        while column < here or (column == here and not dashed and data.__class__ is list):
            data, here = outer.pop()
        if column != here or dashed is not (data.__class__ is list) or len(outer) > deepest:
            raise UnsureError
        if key is None:
            data.append(fresh(value))
            expected = place(here, True)
            continue
        if dashed:
            outer.append((data, here))
            data.append(made := {})
            data, here = made, inner
        elif key in data:
            raise UnsureError
        expected = place(here, False)
        if value is OPENED:
            waiting, expected = key, -1
        elif value.__class__ is Header:
            data[key] = _block(lines, value, here)
        else:
            data[key] = fresh(value)
    if waiting is not None:
        data[waiting] = None
    return document[""]


def _block(lines: list[str | None], head: str, here: int) -> str:
    """The text of a block scalar in a mapping at column ``here``, whose lines are taken away."""
    first = lines[-1] or ""
    width = len(first) - len(first.lstrip(" "))
    if width <= here or width == len(first):
        raise UnsureError
    taken: list[str] = []
    while (line := lines.pop()) is not None and (not line or line.startswith(first[:width])):
        taken.append(line[width:])
    lines.append(line)
    if line is None and taken[-1]:  # no line break at the end of the text
        raise UnsureError
    if any(each.isspace() for each in (*taken, line or "")):
        raise UnsureError
    text = _folded(taken) if head[0] == ">" else "\n".join(taken).rstrip("\n")
    return text if head.endswith("-") else text + "\n"


def _folded(lines: list[str]) -> str:
    """The lines joined: by a space, by as many breaks as there are blank ones between, or, beside one that is
    indented further, as they stand.
    """
    text = ""
    blank, indented = 0, False
    for line in lines:
        if not line:
            blank += 1
            continue
        begins = line[0] == " "
        if text:
            text += "\n" * (blank + 1) if indented or begins else "\n" * blank or " "
        text += line
        blank, indented = 0, begins
    return text
