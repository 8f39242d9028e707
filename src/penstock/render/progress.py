"""A bar that says how far a long run is, on a terminal, and leaves nothing behind.

Takes a stream, and what the run tells of its course; writes one line over and over. It must not show what a
manifest says. Whether the stream is a terminal, its caller knows.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TextIO, TypeVar

from penstock.course import COMPARING, LINKING, PACKING, PACKS, READING, REPORT, RULES, SAVING, STATE, Course
from penstock.render.paint import Line, paint

Item = TypeVar("Item")

AFTER = 1_000_000_000
"""How many nanoseconds a run takes before anything is shown."""
_BETWEEN = 100_000_000
"""The same between one look of the line and the next."""

_EVERY = 64
_BAR = 30
_NEVER = 1 << 63
_CLEAR = "\r\x1b[2K"
"""To the start of the line, and erase it: https://ecma-international.org/publications-and-standards/standards/ecma-48/"""

_WORDS = {
    PACKS: ("Preparing policies", ""),
    READING: ("Reading", "files"),
    LINKING: ("Linking", ""),
    PACKING: ("Linking", ""),
    STATE: ("Recalling", ""),
    COMPARING: ("Comparing", ""),
    RULES: ("Judging", "manifests"),
    REPORT: ("Reporting", ""),
    SAVING: ("Saving", ""),
}
_WIDEST = max(len(word) for word, of in _WORDS.values() if of)


class Progress(Course):
    """Follows a run for the one who waits for it."""

    every = _EVERY

    def __init__(self, stream: TextIO, *, color: bool, after: int | None = None) -> None:
        super().__init__()
        self._stream = stream
        self._color = color
        self._next = self.clock() + (AFTER if after is None else after)
        self._part = ""
        self._shown = False

    def part(self, name: str) -> _Part:
        return _Part(self, name)

    def turn(self, name: str) -> str:
        """From now on, another part is at work; gives the one before."""
        before, self._part = self._part, name
        if name in _WORDS and self.clock() >= self._next:
            self._show(line(name, 0, 0))
        return before

    def done(self, done: int, of: int) -> None:
        if self.clock() >= self._next:
            self._show(line(self._part, done, of, plain=not _has_blocks(self._stream)))

    def each(self, items: Sequence[Item]) -> Iterator[Item]:
        for start in range(0, len(items), self.every):
            yield from items[start : start + self.every]
            self.done(min(start + self.every, len(items)), len(items))

    def end(self) -> None:
        self._next = _NEVER
        if self._shown:
            self._shown = False
            self._write(_CLEAR)

    def _show(self, shown: Line) -> None:
        self._next = self.clock() + _BETWEEN
        self._shown = True
        # One column is left free: a full line wraps, and what has wrapped is not erased.
        text = paint([_cut(shown, _columns(self._stream) - 1)], color=self._color)
        self._write(_CLEAR + text.rstrip("\n"))

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):  # nobody is there to see it: the run goes on
            self._next, self._shown = _NEVER, False


class _Part:
    """A part while it goes on."""

    __slots__ = ("_before", "_name", "_progress")

    def __init__(self, progress: Progress, name: str) -> None:
        self._progress = progress
        self._name = name
        self._before = name

    def __enter__(self) -> None:
        self._before = self._progress.turn(self._name)

    def __exit__(self, *_: object) -> None:
        self._progress.turn(self._before)


def line(part: str, done: int, of: int, *, plain: bool = False) -> Line:
    """The line for a part: how far it is, or with nothing to count only its name."""
    word, things = _WORDS.get(part, ("Working", ""))
    if not of or not things:
        return [(f"{word}...", "name")]
    full = _BAR * min(done, of) // of
    black, white = ("#", ".") if plain else ("━", "─")
    return [
        (f"{word:<{_WIDEST}}  ", "name"),
        (black * full, "good"),
        (white * (_BAR - full), "quiet"),
        (f"  {min(done, of):,} of {of:,} {things}", ""),
    ]


def _cut(shown: Line, width: int) -> Line:
    kept: Line = []
    for text, role in shown:
        kept.append((text[: max(width, 0)], role))
        width -= len(text)
    return kept


def _has_blocks(stream: TextIO) -> bool:
    return (stream.encoding or "").lower().replace("-", "").startswith("utf")


def _columns(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError, AttributeError):
        return 80
