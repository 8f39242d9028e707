"""A piece of a file with carets under a span, as compilers show it.

Takes a text and a span, gives lines: plain ones from ``frame``, styled ones from ``styled``. Tabs, wide and
combining characters keep the carets in place; active characters are shown; long lines and long spans are cut.
Knows nothing of findings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from penstock.model import Span
from penstock.record import dataclass
from penstock.render.escape import split_lines
from penstock.render.paint import Line, paint
from penstock.render.width import Cell, cells, is_plain

MAX_LINES = 6
"""A longer span is shown by its first three and last two lines."""

_CUT = "..."


@dataclass(frozen=True, slots=True)
class Look:
    """How a frame is drawn: columns for line numbers, columns in all, the mark and its role."""

    gutter: int
    width: int
    mark: str = "^"
    role: str = "error"
    context: bool = True
    """Whether the line above the span is shown."""

    @property
    def room(self) -> int:
        """The columns left for source text."""
        return max(20, self.width - self.gutter - 3)


def frame(text: str, span: Span, *, width: int = 100) -> list[str]:
    """The frame of a span of ``text`` as plain lines; none when the span lies outside the text."""
    source = split_lines(text)
    look = Look(len(str(last_line(source, span))), width)
    return paint(styled(source, span, look), color=False).split("\n")[:-1]


def styled(source: Sequence[str], span: Span, look: Look) -> Iterator[Line]:
    """The lines of the frame; none when the span lies outside the source."""
    clamped = _clamp(source, span)
    if clamped is None:
        return
    first, start, last, end = clamped
    yield _margin(look)
    if first == last:
        yield from _single(source, first, (start, end), look)
    else:
        yield from _several(source, (first, start), (last, end), look)


def last_line(source: Sequence[str], span: Span) -> int:
    """The greatest line number a frame of ``span`` shows."""
    return min(span.end.line, max(len(source), 1))


def _clamp(source: Sequence[str], span: Span) -> tuple[int, int, int, int] | None:
    """First line, first index, last line and end index of the span, all counted from 0 and inside the source."""
    first, last = span.start.line - 1, span.end.line - 1
    start, end = span.start.column - 1, span.end.column - 1
    if not 0 <= first < len(source) or not any(source):
        return None
    if last >= len(source):
        last, end = len(source) - 1, len(source[-1])
    if last > first and end <= 0:
        last -= 1
        end = len(source[last])
    start = max(0, min(start, len(source[first])))
    end = max(0, min(end, len(source[last])))
    return (first, start, last, end) if last > first else (first, start, first, max(start, end))


def _margin(look: Look, number: int | None = None) -> Line:
    label = "" if number is None else str(number)
    return [(f"{label:>{look.gutter}} | ", "frame")]


def _above(source: Sequence[str], first: int, indent: str, look: Look) -> Iterator[Line]:
    if look.context and first > 0 and source[first - 1].strip(" \t"):
        text = _shortened(source[first - 1], look.room - len(indent))
        yield [*_margin(look, first), (indent + text, "")]


def _single(source: Sequence[str], first: int, span: tuple[int, int], look: Look) -> Iterator[Line]:
    line = source[first]
    start, end = span
    if len(line) <= look.room and is_plain(line):
        yield from _above(source, first, "", look)
        yield [*_margin(look, first + 1), (line, "")]
        yield [*_margin(look), (" " * start, ""), (look.mark * max(1, end - start), look.role)]
        return
    row = cells(line)
    low, high = _window(row, start, end, look.room)
    if low == 0:
        yield from _above(source, first, "", look)
    before = _CUT if low else ""
    after = _CUT if high < len(row) else ""
    text = before + "".join(cell.text for cell in row[low:high]) + after
    yield [*_margin(look, first + 1), (text, "")]
    indent = len(before) + _width(row[low:start])
    marks = look.mark * max(1, _width(row[start : min(end, high)]))
    yield [*_margin(look), (" " * indent, ""), (marks, look.role)]


def _several(source: Sequence[str], start: tuple[int, int], end: tuple[int, int], look: Look) -> Iterator[Line]:
    """A span over several lines: a bar at the left joins its first and its last character."""
    room = look.room - 2
    yield from _above(source, start[0], "  ", look)
    row = cells(source[start[0]])
    yield [*_margin(look, start[0] + 1), ("  " + _shortened(source[start[0]], room), "")]
    line = "_" * min(_width(row[: start[1]]) + 1, room)
    yield [*_margin(look), (f" {line}{look.mark}", look.role)]
    for number in _shown_between(start[0], end[0]):
        if number is None:
            yield [(_CUT, "frame")]
            continue
        yield [*_margin(look, number + 1), ("| ", look.role), (_shortened(source[number], room), "")]
    row = cells(source[end[0]])
    line = "_" * min(max(1, _width(row[: end[1]])), room)
    yield [*_margin(look), (f"|{line}{look.mark}", look.role)]


def _shown_between(first: int, last: int) -> list[int | None]:
    """The line indexes behind the first one, None standing for those left out."""
    if last - first < MAX_LINES:
        return list(range(first + 1, last + 1))
    return [first + 1, first + 2, None, last - 1, last]


def _width(row: Sequence[Cell]) -> int:
    return sum(cell.width for cell in row)


def _fitting(row: Sequence[Cell], low: int, room: int) -> int:
    """The end of the longest stretch from ``low`` that takes at most ``room`` columns."""
    high = low
    while high < len(row) and room >= row[high].width:
        room -= row[high].width
        high += 1
    return high


def _shortened(line: str, room: int) -> str:
    if len(line) <= room and is_plain(line):
        return line
    row = cells(line)
    if _width(row) <= room:
        return "".join(cell.text for cell in row)
    return "".join(cell.text for cell in row[: _fitting(row, 0, room - len(_CUT))]) + _CUT


def _window(row: Sequence[Cell], start: int, end: int, room: int) -> tuple[int, int]:
    """The stretch of a line to show: all of it, or as much around the span as there is room for."""
    if _width(row) <= room:
        return 0, len(row)
    high = _fitting(row, 0, room - len(_CUT))
    if end <= high:
        return 0, high
    low, before = start, room // 4
    while low > 0 and before >= row[low - 1].width:
        low -= 1
        before -= row[low].width
    left = len(_CUT) if low else 0
    if _width(row[low:]) <= room - left:
        return low, len(row)
    return low, _fitting(row, low, room - left - len(_CUT))
