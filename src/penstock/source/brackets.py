"""Which bracket of a text is never closed, as far as can be told of a text that is not YAML.

Takes a text, gives indices of brackets; those in quotes do not count. It must not know why it is asked.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CLOSING = MappingProxyType({"[": "]", "{": "}"})
DOCUMENT_MARKS = ("---", "...")

_MARKS = re.compile(r"[\[\]{}]|(?<![^\s\[{,:])[\"']|(?<![^\r\n])(?:---|\.\.\.)")
_QUOTED = MappingProxyType({'"': re.compile(r"\"(?:[^\"\\]|\\.)*\"", re.DOTALL), "'": re.compile(r"'[^']*'")})


def is_closed(text: str, opened: int) -> bool:
    """Whether the bracket at ``opened`` is closed before its document ends."""
    depth = 0
    for _, mark in _brackets(text, opened):
        if mark in DOCUMENT_MARKS:
            return False
        depth += 1 if mark in CLOSING else -1
        if depth == 0:
            return True
    return False


def last_open(text: str) -> int | None:
    """The innermost bracket that is still open at the end of the text."""
    opened: list[int] = []
    for index, mark in _brackets(text, 0):
        if mark in DOCUMENT_MARKS:
            opened.clear()
        elif mark in CLOSING:
            opened.append(index)
        elif opened:
            opened.pop()
    return opened[-1] if opened else None


def _brackets(text: str, start: int) -> Iterator[tuple[int, str]]:
    """The brackets and document marks outside quotes."""
    behind = start
    while (found := _MARKS.search(text, behind)) is not None:
        behind = found.end()
        if found[0] in _QUOTED:
            quoted = _QUOTED[found[0]].match(text, found.start())
            behind = quoted.end() if quoted is not None else behind
        else:
            yield found.start(), found[0]
