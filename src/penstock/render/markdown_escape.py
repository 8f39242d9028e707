"""Any text as Markdown that shows it: no markup, HTML, link, mention, reference or formula of its own.

For GitHub's and GitLab's Markdown. The result has no line break, so it fits a table cell or a list item.
"""

from __future__ import annotations

import re

from penstock.render.escape import one_line, visible_lines

_ACTIVE = re.compile(
    r"(?P<reference>[@$]|[#!~%](?=\w))"
    r"|(?P<html>[&<>])"
    r"|(?P<scheme>:(?=//))"
    r"|(?P<markup>[\\`*_{}\[\]()|~!#]|(?<=www)\.)",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?<!`)`([^`\s](?:[^`]*[^`\s])?)`(?!`)")
"""A pair of backticks, none of them beside another: a run of several would begin or end code of its own."""
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escape(text: str) -> str:
    """``text`` for running Markdown text, its lines joined by blanks."""
    return _ACTIVE.sub(_inert, one_line(text))


def escape_lines(text: str) -> str:
    """``text`` for running Markdown text, its lines kept apart by ``<br>``."""
    return "<br>".join(_ACTIVE.sub(_inert, line) for line in visible_lines(text))


def prose(text: str) -> str:
    """``text`` as ``escape`` writes it, but what stands between two backticks as code, as it was meant."""
    return _prose(one_line(text))


def prose_lines(text: str) -> str:
    """The same, its lines kept apart by ``<br>``; code does not go past the end of its line."""
    return "<br>".join(_prose(line) for line in visible_lines(text))


def _prose(line: str) -> str:
    parts = _CODE.split(line)
    # Every second part stood between backticks, of which none is within it.
    return "".join(code(part) if number % 2 else _ACTIVE.sub(_inert, part) for number, part in enumerate(parts))


def code(text: str) -> str:
    """``text`` as code, fit for a table as well."""
    text = one_line(text)
    if text and not re.search("[`|]", text):
        return f"`{text}`"
    return f"<code>{_ACTIVE.sub(_inert, text)}</code>"


def _inert(match: re.Match[str]) -> str:
    char = match[0]
    if match["html"]:
        return _ENTITIES[char]
    if match["scheme"]:
        return "&#58;"
    # Mentions and formulas are looked for in the rendered text, where a backslash or an entity is gone; only an
    # element around the character keeps it apart from the word.
    return f"<span>{char}</span>" if match["reference"] else f"\\{char}"
