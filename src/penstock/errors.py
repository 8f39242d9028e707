"""The faults that end a run with exit code 2. Findings are not errors: they are data in ``penstock.model``."""

from __future__ import annotations

from penstock.model import Span


class PenstockError(Exception):
    """A fault the user can mend. ``str()`` is the whole message; a place, when known, comes first.

    ``frame`` is the text of the file the place is in, for a caret under the fault.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        span: Span | None = None,
        hint: str | None = None,
        frame: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.span = span
        self.hint = hint
        self.frame = frame

    def __str__(self) -> str:
        place = self.file or ""
        if self.file and self.span:
            place += f":{self.span.start.line}:{self.span.start.column}"
        text = f"{place}: {self.message}" if place else self.message
        return f"{text}\n  help: {self.hint}" if self.hint else text


class UsageError(PenstockError):
    """The command line asks for something that cannot be done."""


class InputError(PenstockError):
    """A configuration or input file cannot be used."""


class PolicyError(PenstockError):
    """A policy or pack cannot be loaded."""


class GroupedError(PenstockError):
    """Several faults at once: every one is shown, not the first."""

    def __init__(self, errors: tuple[PenstockError, ...]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = errors
