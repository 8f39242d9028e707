"""The map of access in each output: one module a format, named as the format and imported when asked for.

Each takes an ``AccessMap`` and gives a string.
"""

from __future__ import annotations

from importlib import import_module

from penstock.access.model import AccessMap
from penstock.record import replace

FORMATS = {
    "text": "for a person at a terminal: a tree for each agent, source, or group and person",
    "json": "everything, by the published schema access/v1",
    "mermaid": "a flowchart that GitHub and GitLab draw",
    "dot": "the same graph for Graphviz",
    "markdown": "tables and a picture, for a wiki page or a review",
}
"""The name of every format and what it is for."""
VIEWS = ("agents", "sources", "people")


def render(
    found: AccessMap,
    format: str,  # noqa: A002 - what users and the command line call it
    views: tuple[str, ...] = ("agents",),
    *,
    full: bool = False,
    color: bool = False,
    width: int = 100,
) -> str:
    """The map in one of ``FORMATS``.

    ``views`` says what is shown, and does not matter to ``json``, which has everything; ``full``, ``color`` and
    ``width`` (columns) matter to ``text`` alone.
    """
    module = import_module(f"penstock.render.access.{format}")
    if format == "json":
        return str(module.render(found))
    if "sources" not in views:
        agents, holders = (found.agents if "agents" in views else ()), (found.holders if "people" in views else ())
        found = replace(found, agents=agents, holders=holders)
    if format == "text":
        return str(module.render(found, views, full=full, color=color, width=width))
    return str(module.render(found, views))
