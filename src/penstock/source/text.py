"""Text to positions, and the text as the parser may see it.

Takes a file's text, gives lines and columns (from 1, columns in code points), and a ``Prepared`` text: cut at
the first character that no YAML file may hold, with JSON's surrogate pairs written as YAML's escapes. It must
not know the parser.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from penstock.model import Position, Span
from penstock.record import dataclass

if TYPE_CHECKING:
    from penstock.source.document import SourceFile

_BREAK = re.compile(r"\r\n?|\n")
# libyaml also ends a line at U+0085, U+2028 and U+2029, as YAML 1.1 did and 1.2 does not: a comment could hide
# a field. They and the byte order mark inside a text are refused like the control characters.
_FORBIDDEN = (
    "[^\\t\\n\\r\\x20-\\x7e\\xa0-\\u2027\\u202a-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]"
)
_PRINTED = bytes((*b"\t\n\r", *range(0x20, 0x7F), *range(0x80, 0x100)))
_CONTROL = re.compile("[\x80-\x9f]")
_ELSEWHERE = "\u2028\u2029\ufeff\ufffe\uffff"
_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


class Lines:
    """Where the lines of a text begin: they end with LF, CR LF or CR."""

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in _BREAK.finditer(text))]

    def position(self, index: int) -> Position:
        """The position of the character at ``index``."""
        line = bisect_right(self._starts, index)
        return Position(line, index - self._starts[line - 1] + 1)

    def span(self, start: int, end: int) -> Span:
        """The span from the character at ``start`` to just before the one at ``end``."""
        return Span(self.position(start), self.position(end))


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the parser reads: ``text``, whole unless ``bad`` is the index of a forbidden character behind it."""

    text: str
    bad: int | None = None
    shifts: tuple[tuple[int, ...], tuple[int, ...]] | None = None

    def index(self, index: int) -> int:
        """The index in the file's own text of the character at ``index`` of ``text``."""
        if self.shifts is None:
            return index
        at = bisect_right(self.shifts[0], index)
        return index + self.shifts[1][at - 1] if at else index


def is_clean(text: str) -> bool:
    """Whether there is no character in a text that no YAML file may hold."""
    # Not by one pattern: to compile its set of characters takes longer than to read a hundred files.
    try:
        raw = text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    if raw.translate(None, _PRINTED):
        return False
    return text.isascii() or not (_CONTROL.search(text) or any(each in text for each in _ELSEWHERE))


def prepare(file: SourceFile) -> Prepared:
    """The text as the parser may see it."""
    text = file.text
    bad = None
    if not is_clean(text):
        found = re.search(_FORBIDDEN, text)
        bad = found.start() if found is not None else None
        text = text[:bad]
    if "\\u" in text and file.path.lower().endswith(".json"):
        return _join_surrogates(text, bad)
    return Prepared(text, bad)


def _join_surrogates(text: str, bad: int | None) -> Prepared:
    """JSON writes characters above U+FFFF as two escapes; YAML's parser knows only the eight-digit one."""
    ends: list[int] = []
    shifts: list[int] = []
    pieces: list[str] = []
    behind = length = shift = 0
    for found in _PAIR.finditer(text):
        high, low = int(found[2], 16), int(found[3], 16)
        escape = f"{found[1]}\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08x}"
        pieces += (text[behind : found.start()], escape)
        length += found.start() - behind + len(escape)
        behind = found.end()
        shift += len(found[0]) - len(escape)
        ends.append(length)
        shifts.append(shift)
    if not ends:
        return Prepared(text, bad)
    pieces.append(text[behind:])
    return Prepared("".join(pieces), bad, (tuple(ends), tuple(shifts)))


def shown(text: str, most: int = 60) -> str:
    """A text as it may stand in a message: on one line, and not too long."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 3]}..."


def forbidden(character: str) -> tuple[str, str]:
    """What to say of a character that no YAML file may hold: message and hint."""
    code = f"U+{ord(character):04X}"
    name = _NAMES.get(character)
    shown = f"{code} ({name})" if name else code
    if character in "\x85\u2028\u2029":
        return (
            f"the character {shown} is a line break to some readers of YAML and a letter to others",
            "remove it, or write it as an escape in double quotes",
        )
    if character == "\ufeff":
        return f"the character {shown} stands inside the text", "remove it; editors show it as nothing"
    return f"the character {shown} may not stand in YAML", "remove it; editors often do not show it"


_NAMES = {
    "\0": "NUL",
    "\x08": "backspace",
    "\x0b": "vertical tab",
    "\x0c": "form feed",
    "\x1b": "escape",
    "\x7f": "delete",
    "\x85": "next line",
    "\u2028": "line separator",
    "\u2029": "paragraph separator",
    "\ufeff": "byte order mark",
}
