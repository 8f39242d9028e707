"""Every way a projection of costs is written: takes a ``View``, gives a string, and does nothing else.

One module per format, imported when asked for; all of them show amounts as ``amounts`` writes them.
"""

from __future__ import annotations

from penstock.render.cost.view import View

__all__ = ["FORMATS", "View", "render"]

FORMATS = {
    "text": "tables for a person at a terminal",
    "json": "everything, by the published schema cost/v1",
    "csv": "a row per task and month, for spreadsheets and FinOps tools",
    "markdown": "a comment for a pull or merge request",
}
"""The name of every format and what it is for."""


def render(view: View, form: str, *, color: bool = False, width: int = 100, link_base: str = "") -> str:
    """The view in one of ``FORMATS``; ``color`` and ``width`` matter to text, ``link_base`` to markdown."""
    if form == "json":
        from penstock.render.cost.json import render as as_json

        return as_json(view)
    if form == "csv":
        from penstock.render.cost.csv import render as as_csv

        return as_csv(view)
    if form == "markdown":
        from penstock.render.cost.markdown import render as as_markdown

        return as_markdown(view, link_base=link_base)
    if view.explained:
        from penstock.render.cost.explain import render as as_explain

        return as_explain(view.explained, color=color, width=width)
    from penstock.render.cost.text import render as as_text

    return as_text(view, color=color, width=width)
