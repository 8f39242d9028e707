"""A syntax error's place in its text, and the questions that tell one cause from another.

Takes a parser's Failure and the text, answers about lines, indentation and words around it. It must not know what
the parser's words mean.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from penstock.record import dataclass

if TYPE_CHECKING:
    from penstock.source.parser import Failure

_LINE = re.compile(r"[^\r\n]*")
_WORD = re.compile(r"[^\s,\[\]{}]+|\S?")


@dataclass(frozen=True, slots=True)
class Problem:
    """A syntax error; indices into the text."""

    message: str
    hint: str | None
    start: int
    end: int
    related: tuple[tuple[int, int, str], ...] = ()


class Site:
    """A failure in its text, and the questions that tell its causes apart."""

    def __init__(self, failure: Failure, text: str) -> None:
        self.text = text
        self.at = min(failure.at, len(text))
        self.opened = failure.opened if failure.opened is not None else self.at
        self.context = failure.context or ""
        self.problem = failure.problem
        self.character = text[self.at : self.at + 1]

    def line_start(self, index: int) -> int:
        return max(self.text.rfind("\n", 0, index), self.text.rfind("\r", 0, index)) + 1

    def line(self, index: int) -> str:
        start = self.line_start(index)
        found = _LINE.match(self.text, start)
        return found[0] if found is not None else ""

    def rest(self, index: int) -> str:
        """The line from ``index`` on, without surrounding space."""
        found = _LINE.match(self.text, index)
        return found[0].strip() if found is not None else ""

    def word(self, index: int) -> str:
        """The word at ``index``, or the one bracket or comma; empty at a line's end."""
        found = _WORD.match(self.text, index)
        return found[0] if found is not None else ""

    def before(self) -> str:
        """What stands before the failure on its line, without indentation."""
        return self.text[self.line_start(self.at) : self.at].lstrip()

    def indent(self, index: int) -> int:
        line = self.line(index)
        return len(line) - len(line.lstrip(" "))

    def line_above(self, index: int) -> int | None:
        """The index of the first visible character of the line above that has one."""
        start = self.line_start(index)
        above = self.text[:start].rstrip()
        if not above:
            return None
        at = self.line_start(len(above))
        return at + self.indent(at)

    def problem_at(self, start: int, message: str, hint: str | None, length: int | None = None) -> Problem:
        """A problem at a word, or at ``length`` characters."""
        end = start + (len(self.word(start)) if length is None else length)
        return Problem(message, hint, start, min(max(end, start), len(self.text)))

    def problem_on_line(self, start: int, message: str, hint: str | None) -> Problem:
        """A problem with the rest of a line."""
        rest = self.line(start)[start - self.line_start(start) :]
        return Problem(message, hint, start, start + len(rest.rstrip()))
