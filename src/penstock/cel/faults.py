"""A ParseError with its place, for every module that reads the text of an expression."""

from __future__ import annotations

from penstock.cel.errors import ParseError


def fault(text: str, start: int, end: int, message: str) -> ParseError:
    """The error over the characters from ``start`` to ``end``, counted from 0."""
    error = ParseError(message)
    error.place(text, start, end)
    return error
