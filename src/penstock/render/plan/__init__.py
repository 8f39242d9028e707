"""Every way a plan is written: takes a ``penstock.plan.Plan``, gives a string, and does nothing else."""

from __future__ import annotations

from penstock.plan import Plan

FORMATS = {
    "text": "for a person at a terminal: the steps, what blocks the next stage, the next actions",
    "json": "everything, by the published schema plan/v1",
    "markdown": "for an issue or a page: the steps as tables, the actions as checklists",
}
"""The name of every format and what it is for."""


def render(
    plan: Plan,
    format: str,  # noqa: A002 - what users and the command line call it
    *,
    color: bool = False,
    width: int = 100,
    plain: bool = False,
) -> str:
    """``plan`` in one of ``FORMATS``; colour, ``width`` in columns and ``plain`` (ASCII) matter to text alone."""
    if format == "json":
        from penstock.render.plan import json

        return json.render(plan)
    if format == "markdown":
        from penstock.render.plan import markdown

        return markdown.render(plan)
    from penstock.render.plan import text

    return text.render(plan, color=color, width=width, plain=plain)
