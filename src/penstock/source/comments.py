"""Comments addressed to penstock, and what in the document each of them stands on.

Takes a document, gives its comments that begin with ``penstock:`` in the order of the text. It must not know what
a comment may ask for.

A comment behind something on its line stands on what begins on the line, the outermost of it; where nothing
begins, on what ends there. A comment on a line of its own stands on what follows, and before the first field on
the whole document.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from operator import attrgetter
from typing import TYPE_CHECKING

from penstock.record import dataclass
from penstock.source.document import Document, Places
from penstock.source.on_disk import FileOnDisk

if TYPE_CHECKING:
    from penstock.model import Path, Span
    from penstock.source.document import SourceFile
    from penstock.source.outline import Outline
    from penstock.source.text import Lines

# Besides `penstock:`, what was clearly meant to be it: a suppression must not go unseen for a slip.
_ADDRESSED = re.compile(r"#[ \t]*(?:penstock[ \t]*:|(?i:penstock)[ \t:]*(?i:ign)[a-zA-Z]*[ \t]*\[)")
_BLANK = re.compile(r"[ \t\r\n]*")
_AT = attrgetter("at")
_WHOLE: tuple[Path, ...] = ((),)


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment, which is always on one line."""

    text: str
    """From the ``#`` on, without trailing space."""
    span: Span
    paths: tuple[Path, ...]
    """What it stands on; ``()`` as a path is the whole document. None at all: it stands on nothing.

    Several where it stands behind several fields or elements in brackets on one line, or on a merge key, which
    is every field that it brings in.
    """


def has_comments(file: SourceFile) -> bool:
    """Whether a file may hold comments for penstock. Finding them costs much more than this question."""
    if isinstance(file, FileOnDisk):
        return file.commented
    return _ADDRESSED.search(file.text) is not None


def blank(file: SourceFile) -> Document:
    """A document for a file that holds none: its comments stand on the whole of it."""
    from penstock.model import Position

    return Document(file, 0, None, Position(1, 1), Places(file, ()))


def comments(document: Document) -> tuple[Comment, ...]:
    """The comments of a document that are for penstock."""
    text = document.file.text
    if _ADDRESSED.search(text) is None:
        return ()
    # Late: where things stand takes the parser, and most files have no comment for penstock.
    from penstock.source.outline import outline

    layout = document.layout
    stretch = layout.stretch(document.index)
    if _ADDRESSED.search(text, *stretch) is None:
        return ()
    found = outline(text, layout.tree(document.index), *stretch)
    ground = _Ground(text, layout.lines, found)
    followers = _followers(text, found.comments)
    return tuple(
        Comment(shown, layout.lines.span(start, start + len(shown)), ground.below(start, follower))
        for (start, end), follower in zip(found.comments, followers, strict=True)
        if _ADDRESSED.match(text, start, end)
        for shown in (text[start:end].rstrip(" \t"),)
    )


def _followers(text: str, found: list[tuple[int, int]]) -> list[int]:
    """For each comment, where the next thing stands that is neither white space nor a comment."""
    followers: list[int] = []
    for index in range(len(found) - 1, -1, -1):
        blanks = _BLANK.match(text, found[index][1])
        behind = blanks.end() if blanks else found[index][1]
        again = followers and behind == found[index + 1][0]
        followers.append(followers[-1] if again else behind)
    return followers[::-1]


class _Ground:
    """What comments stand on, in one document."""

    def __init__(self, text: str, lines: Lines, found: Outline) -> None:
        self._text = text
        self._lines = lines
        self._found = found

    def below(self, start: int, follower: int) -> tuple[Path, ...]:
        """The paths that a comment at ``start`` stands on; ``follower`` is where the next thing stands."""
        begins = self._found.begins
        if not begins or start < begins[0].at:
            return _WHOLE
        line_start = start - self._column(start) + 1
        if self._text[line_start:start].strip(" \t"):
            return self._on_line(line_start, start)
        return self._following(start, follower)

    def _on_line(self, line_start: int, start: int) -> tuple[Path, ...]:
        """The outermost of what begins on a line up to ``start``; else of what ends there."""
        found = self._found
        first, last = (bisect_left(found.begins, at, key=_AT) for at in (line_start, start))
        on_line = found.begins[first:last]
        if on_line:
            least = min(begin.depth for begin in on_line)
            return tuple(dict.fromkeys(path for each in on_line if each.depth == least for path in each.paths))
        first, last = (bisect_right(found.ends, at, key=_AT) for at in (line_start, start))
        ending = min(found.ends[first:last], key=attrgetter("depth"), default=None)
        return ending.paths if ending is not None else ()

    def _following(self, start: int, follower: int) -> tuple[Path, ...]:
        """What begins first on the line of ``follower``, unless the comment stands at the end of what is above."""
        begins = self._found.begins
        if self._text[follower : follower + 1] in ("]", "}"):
            return ()
        at = bisect_left(begins, follower, key=_AT)
        if at == len(begins) or self._line(begins[at].at) != self._line(follower):
            return ()
        column = self._column(start)
        least = self._column(begins[at].at)
        if any(least < self._column(index) <= column for index in begins[at].closed):
            return ()
        return begins[at].paths

    def _line(self, index: int) -> int:
        return self._lines.position(index).line

    def _column(self, index: int) -> int:
        return self._lines.position(index).column
