"""Lines of styled text, and how they become a string with colours or without.

A line is a list of segments, each a text and the role it plays; the same lines give the same characters in both.
"""

from __future__ import annotations

from collections.abc import Iterable

Segment = tuple[str, str]
"""A text and its role: a key of ``ROLES``, or empty for plain text."""

Line = list[Segment]

ROLES = {
    "error": "bold red",
    "warning": "bold yellow",
    "info": "bold cyan",
    "name": "bold",
    "frame": "bold blue",
    "related": "bold blue",
    "note": "bold",
    "good": "bold green",
    "quiet": "dim",
}


def paint(lines: Iterable[Line], *, color: bool) -> str:
    """The lines as one string, each ended by a newline; ``color`` adds ANSI sequences and nothing else."""
    if color:
        return _coloured(lines)
    return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in lines)


def _coloured(lines: Iterable[Line]) -> str:
    # rich takes a tenth of a second to import: only a terminal pays for it.
    from rich.color import ColorSystem
    from rich.style import Style

    styles = {role: Style.parse(text) for role, text in ROLES.items()}
    plain = Style.null()
    result = []
    for line in lines:
        painted = (
            styles.get(role, plain).render(text, color_system=ColorSystem.STANDARD)
            for text, role in _without_end_blanks(line)
        )
        result.append("".join(painted) + "\n")
    return "".join(result)


def _without_end_blanks(line: Line) -> Line:
    line = list(line)
    while line:
        text, role = line.pop()
        if text := text.rstrip():
            return [*line, (text, role)]
    return line
