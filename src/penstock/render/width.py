"""How wide text stands in a terminal: takes strings, gives columns. Knows nothing of findings or colours."""

from __future__ import annotations

from collections.abc import Iterator

from penstock.record import dataclass
from penstock.render.escape import ACTIVE, CI_COMMAND, shown

TAB = 4
_ZERO_WIDTH = frozenset({"Mn", "Me"})


@dataclass(frozen=True, slots=True)
class Cell:
    """What is shown for one code point of a source line, and how many columns it takes."""

    text: str
    width: int


_PLAIN = {char: Cell(char, 1) for char in map(chr, range(0x20, 0x7F))}


def columns(text: str) -> int:
    """How many terminal columns ``text``, free of active characters, takes."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(char: str) -> int:
    import unicodedata  # late: most text is ASCII

    if unicodedata.category(char) in _ZERO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def is_plain(line: str) -> bool:
    """Whether each code point of a source line is shown as it is, in one column."""
    return line.isascii() and line.isprintable() and "##" not in line


def cells(line: str) -> list[Cell]:
    """One cell per code point of a source line: tabs as blanks to the next stop, active characters visible."""
    if is_plain(line):
        return [_PLAIN[char] for char in line]
    commands = {match.start() for match in CI_COMMAND.finditer(line)}
    result = []
    column = 0
    for index, char in enumerate(line):
        if char == "\t":
            text = " " * (TAB - column % TAB)
        elif ACTIVE.match(char):
            text = shown(char)
        else:
            text = "\\x23" if index in commands else char
        width = columns(text)
        column += width
        result.append(Cell(text, width))
    return result


def wrap(text: str, width: int, *, taken: int = 0) -> Iterator[str]:
    """``text`` in lines of at most ``width`` columns, broken at blanks; a longer word stands alone.

    ``taken`` columns of the first line are not free.
    """
    measure = len if text.isascii() else columns
    line: str | None = "" if taken else None
    room = width - taken
    if measure(text) <= room and not text.startswith(" "):
        yield text
        return
    for word in text.split(" "):
        if line is None:
            line = word
        elif measure(line) + bool(line) + measure(word) > room:
            yield line
            line, room = word, width
        else:
            line = f"{line} {word}" if line else word
    yield line or ""
