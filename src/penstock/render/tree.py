"""A tree drawn with box characters, values in one column.

Takes branches of text that is safe to print, gives lines. Knows nothing of what the branches mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from penstock.record import dataclass
from penstock.render.paint import Line, Segment
from penstock.render.value import CUT, fitted
from penstock.render.width import columns, wrap

_BRANCH, _LAST, _BAR, _GAP = "├─ ", "└─ ", "│  ", "   "
_ASCII = str.maketrans(
    {"├": "|", "└": "`", "│": "|", "─": "-", "…": "~", "█": "#", "░": ".", **dict.fromkeys("▏▎▍▌▋▊▉", "-")}
)
_LEAST_VALUE = 16
"""Columns that a value is left, however long the label before it is."""
_LEAST_ROOM = 24
"""Columns that a branch needs: where there are fewer, the tree ends."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A label, with a value in the column of its group, or behind it when ``heads`` a group of its own."""

    text: str
    value: Segment | None = None
    below: tuple[Branch, ...] = ()
    heads: bool = False
    """Whether the values below stand in a column of their own, and this one's right behind its label."""
    details: tuple[str, ...] = ()
    """Text between the label and what is below, wrapped to the width."""
    role: str = ""


def draw(branches: Sequence[Branch], width: int) -> Iterator[Line]:
    """The lines of a tree."""
    yield from _draw(branches, "", width, _column(branches, "", width))


def plain_characters(text: str) -> str:
    """The text for a terminal that knows no box-drawing and block characters."""
    return text.translate(_ASCII)


def _draw(branches: Sequence[Branch], prefix: str, width: int, column: int) -> Iterator[Line]:
    for branch in branches:
        last = branch is branches[-1]
        inner = prefix + (_GAP if last else _BAR)
        yield _row(branch, prefix + (_LAST if last else _BRANCH), width, column)
        for detail in branch.details:
            for line in wrap(detail, max(20, width - len(inner))):
                yield [(inner, "frame"), (line, "")]
        if branch.below and len(inner) + _LEAST_ROOM > width:
            yield [(inner + _LAST, "frame"), (CUT, "quiet")]
            continue
        below = _column(branch.below, inner, width) if branch.heads else column
        yield from _draw(branch.below, inner, width, below)


def _row(branch: Branch, prefix: str, width: int, column: int) -> Line:
    line: Line = [(prefix, "frame")]
    if branch.value is None:
        return [*line, (fitted(branch.text, max(8, width - len(prefix))), branch.role)]
    text, role = branch.value
    if branch.heads:
        label = fitted(branch.text, max(8, width - len(prefix) - _LEAST_VALUE))
        room = max(8, width - len(prefix) - columns(label) - 2)
        return [*line, (label, branch.role), (": ", ""), (fitted(text, room), role)]
    label = fitted(branch.text, max(8, column - len(prefix)))
    end = len(prefix) + columns(label)
    room = width - max(column, end) - 2
    return [*line, (label, branch.role), (" " * (max(column, end) - end + 2), ""), (fitted(text, room), role)]


def _column(branches: Sequence[Branch], prefix: str, width: int) -> int:
    """Where the values of the group begin, but for two blanks."""
    most = max(len(prefix) + 20, width * 3 // 5)
    return min(max(_widths(branches, len(prefix) + len(_BRANCH)), default=0), most)


def _widths(branches: Sequence[Branch], indent: int) -> Iterator[int]:
    for branch in branches:
        if branch.value is not None and not branch.heads:
            yield indent + columns(branch.text)
        if not branch.heads:
            yield from _widths(branch.below, indent + len(_BRANCH))
