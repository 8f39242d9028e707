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
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escape(text: str) -> str:
    """``text`` for running Markdown text, its lines joined by blanks."""
    return _ACTIVE.sub(_inert, one_line(text))


def escape_lines(text: str) -> str:
    """``text`` for running Markdown text, its lines kept apart by ``<br>``."""
    return "<br>".join(_ACTIVE.sub(_inert, line) for line in visible_lines(text))


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
