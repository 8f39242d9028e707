"""A table as lines of styled text: headings, rows, perhaps a sum below a rule.

Takes cells of text that is safe to print; gives lines that fit the width, cutting the texts on the left first.
Knows nothing of costs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from penstock.record import dataclass
from penstock.render.paint import Line, Segment
from penstock.render.value import fitted
from penstock.render.width import columns

_GAP = 2
_LEAST = 10
"""Columns that a text keeps, however narrow the terminal."""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and whether what is below it stands at the right."""

    title: str
    right: bool = False
    optional: bool = False
    """Whether it may go where the terminal is too narrow: the one furthest to the right first."""


Cells = Sequence[Segment]


def draw(
    heads: Sequence[Column], rows: Sequence[Cells], width: int, *, sums: Sequence[Cells] = (), indent: int = 2
) -> Iterator[Line]:
    """The lines of a table; columns without a heading and a text are left out."""
    every = [*rows, *sums]
    used = [n for n, head in enumerate(heads) if head.title or any(cells[n][0] for cells in every)]
    sizes = {n: max(columns(heads[n].title), *(columns(cells[n][0]) for cells in every), 0) for n in used}
    for dropped in [n for n in reversed(used) if heads[n].optional]:
        if sum(sizes.values()) + _GAP * (len(sizes) - 1) > width - indent:
            del sizes[dropped]
    used = list(sizes)
    _shrink(sizes, heads, width - indent - _GAP * (len(used) - 1))
    yield _line(heads, [(head.title, "quiet") for head in heads], sizes, indent)
    for cells in rows:
        yield _line(heads, cells, sizes, indent)
    if sums:
        yield [(" " * indent, ""), ("─" * (sum(sizes.values()) + _GAP * (len(used) - 1)), "frame")]
        for cells in sums:
            yield _line(heads, cells, sizes, indent)


def _shrink(sizes: dict[int, int], heads: Sequence[Column], room: int) -> None:
    while sum(sizes.values()) > room:
        texts = [n for n in sizes if not heads[n].right and sizes[n] > _LEAST]
        if not texts:
            return
        sizes[max(texts, key=lambda n: sizes[n])] -= 1


def _line(heads: Sequence[Column], cells: Cells, sizes: dict[int, int], indent: int) -> Line:
    line: Line = [(" " * indent, "")]
    for place, n in enumerate(sizes):
        text, role = cells[n]
        text = fitted(text, sizes[n])
        blanks = " " * (sizes[n] - columns(text))
        gap = " " * _GAP if place else ""
        line += [(gap + blanks, ""), (text, role)] if heads[n].right else [(gap, ""), (text, role), (blanks, "")]
    return line
