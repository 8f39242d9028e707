"""Every way a comparison is written: takes a ``Comparison``, gives a string, and does nothing else."""

from __future__ import annotations

from penstock.workspace.compared import Comparison

FORMATS = {
    "text": "for a person at a terminal: what changed, what widens a risk first, what it breaks and mends",
    "json": "everything, by the published schema diff/v1",
    "markdown": "for a comment on a pull request or the summary of a job",
}
"""The name of every format and what it is for."""


def render(
    comparison: Comparison,
    format: str,  # noqa: A002 - what users and the command line call it
    *,
    color: bool = False,
    width: int = 100,
    link_base: str = "",
) -> str:
    """``comparison`` in one of ``FORMATS``; colour and ``width`` in columns matter to text alone."""
    if format == "json":
        from penstock.render.diff import json

        return json.render(comparison)
    if format == "markdown":
        from penstock.render.diff import markdown

        return markdown.render(comparison, link_base=link_base)
    from penstock.render.diff import text

    return text.render(comparison, color=color, width=width)
