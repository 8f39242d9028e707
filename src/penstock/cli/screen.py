"""What is written for a person at a terminal: as wide as it is, in characters that it has."""

from __future__ import annotations

import shutil
import sys

_NARROWEST, _WIDEST = 40, 120


def columns() -> int:
    """The columns to use: the terminal's, 100 where there is none, within reason."""
    return max(_NARROWEST, min(shutil.get_terminal_size((100, 24)).columns, _WIDEST))


def show(text: str) -> None:
    """Write text to standard output; trees in plain characters where its encoding has no others."""
    from penstock.cli.output import put
    from penstock.render.tree import plain_characters

    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = plain_characters(text)
    put(text)
