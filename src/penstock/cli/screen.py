"""What is written for a person at a terminal: as wide as it is, in characters that it has."""

from __future__ import annotations

import os
import sys

_NARROWEST, _WIDEST = 40, 120


def columns() -> int:
    """The columns to use: the terminal's, 100 where there is none, within reason."""
    return max(_NARROWEST, min(terminal(100), _WIDEST))


def terminal(otherwise: int) -> int:
    """The terminal's columns, or ``COLUMNS``: as ``shutil.get_terminal_size``, without all that it brings."""
    try:
        given = int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        given = 0
    if given > 0 or sys.__stdout__ is None:
        return given or otherwise
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or otherwise
    except (AttributeError, ValueError, OSError):
        return otherwise


def show(text: str) -> None:
    """Write text to standard output; trees in plain characters where its encoding has no others."""
    from penstock.cli.output import put
    from penstock.render.tree import plain_characters

    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = plain_characters(text)
    put(text)
