"""What can be wrong with an expression, each with its place: a text, a type, an evaluation.

Places are counted from 1, columns in code points; the end is behind the last character. Knows nothing of trees.
"""

from __future__ import annotations

from penstock.record import dataclass


class CelError(Exception):
    """A fault in an expression. The place, when known, is in ``text``, counted from 1.

    ``text`` is the expression at fault: of an error that comes out of a lazy binding, that binding's own.
    """

    def __init__(
        self,
        message: str,
        line: int | None = None,
        column: int | None = None,
        text: str | None = None,
        end_line: int | None = None,
        end_column: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.end_line = end_line
        self.end_column = end_column
        self.text = text
        self.start, self.end = 0, 1

    @property
    def is_placed(self) -> bool:
        return self.line is not None

    def place(self, text: str, start: int, end: int) -> None:
        """Set the place: the characters from ``start`` to ``end`` of ``text``, counted from 0."""
        self.text, self.start, self.end = text, start, end
        self.line, self.column = position(text, start)
        self.end_line, self.end_column = position(text, end)


class ParseError(CelError):
    """The text is not an expression that can be evaluated."""


class EvalError(CelError):
    """The expression has no value for these bindings. ``||``, ``&&``, all() and exists() may absorb it."""


class BudgetError(Exception):
    """Not an EvalError: an evaluation that takes too long or makes too much must end, even inside exists()."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing the checker has to say of an expression.

    ``start`` and ``end`` count the characters of the text from 0. A warning leaves the expression usable.
    """

    message: str
    start: int
    end: int
    hint: str | None = None
    warning: bool = False


class CheckError(CelError):
    """The expression contradicts its environment: unknown names and functions, wrong types. All of them."""

    def __init__(self, text: str, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems
        self.place(text, problems[0].start, problems[0].end)


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of the character at an offset."""
    line_start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, offset) + 1, offset - line_start + 1
