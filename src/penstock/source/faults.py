"""The faults of one file as they are found.

Takes messages and indices into the text, gives ``Fault``s with spans. It must not know the parser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from penstock.source.document import Fault
from penstock.source.text import Lines

if TYPE_CHECKING:
    from penstock.model import Path, Span
    from penstock.source.document import FaultKind


class Collector:
    """Gathers the faults of one text."""

    __slots__ = ("_lines", "_text", "faults")

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: Lines | None = None
        self.faults: list[Fault] = []

    def span(self, start: int, end: int) -> Span:
        """The span between two indices of the text."""
        if self._lines is None:
            self._lines = Lines(self._text)
        return self._lines.span(start, end)

    def add(
        self,
        message: str,
        hint: str | None,
        start: int,
        end: int,
        document: int,
        path: Path = (),
        kind: FaultKind = "syntax-error",
        related: tuple[tuple[Span, str], ...] = (),
    ) -> None:
        """Note a fault that stands between two indices of the text."""
        self.faults.append(Fault(kind, message, self.span(start, end), hint, related, document, path))
