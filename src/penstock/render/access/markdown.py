"""The map of access for a review or a wiki page: tables and a picture.

Takes an ``AccessMap``, gives Markdown as GitHub and GitLab read it: a table for each agent, source, or group and
person. Every text of a manifest is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from penstock.access.model import AccessMap, Agent, Holder, Source
from penstock.access.pair import Access
from penstock.render.access import mermaid, words
from penstock.render.access.graph import graph
from penstock.render.markdown_escape import code, escape

MOST_DRAWN = 150
"""Arrows: a larger picture cannot be read, and Mermaid refuses it some time later."""


def render(found: AccessMap, views: Sequence[str]) -> str:
    """The map as Markdown."""
    return "\n".join(_blocks(found, views))


def _blocks(found: AccessMap, views: Sequence[str]) -> Iterator[str]:
    yield f"## Access map of {escape(found.rollout)}\n"
    summary = words.summary(found)
    yield f"{escape(summary[0].upper() + summary[1:])}.\n"
    for view in views:
        if view == "agents":
            yield from (_agent(agent) for agent in found.agents)
        elif view == "people":
            yield from (_holder(holder) for holder in found.holders)
        else:
            yield from (_source(source, found) for source in found.sources)
    yield from (f"> {escape(note)}.\n" for note in words.notes(found))
    yield _picture(found, views)


def _agent(agent: Agent) -> str:
    head = f"### Agent {code(agent.name)}\n\n{escape(words.agent(agent))}; {escape(words.radius(agent))}.\n"
    lines = [head, *(_table("Data source", agent.accesses, by_source=True))]
    if agent.blast.copies:
        lines += ["", *(f"- {escape(words.copy(one))}" for one in agent.blast.copies)]
    return "\n".join(lines) + "\n"


def _holder(holder: Holder) -> str:
    title = words.principal(holder.principal)
    lends = words.listed(f"agent {name}" for name in holder.lends_to)
    head = f"### {escape(title[0].upper() + title[1:])}\n"
    lines = [head, *([f"Lends its access to {escape(lends)}.\n"] if lends else [])]
    return "\n".join([*lines, *_table("Data source", holder.accesses, by_source=True)]) + "\n"


def _source(source: Source, found: AccessMap) -> str:
    owner = f"owner {source.owner}" if source.owner else "no owner"
    head = f"### Data source {code(source.name)}\n\n{source.classification}, {escape(owner)}.\n"
    reaching = [access for access in found.accesses if access.source == source.name]
    return "\n".join([head, *_table("Who", reaching, by_source=False)]) + "\n"


def _table(title: str, accesses: Sequence[Access], *, by_source: bool) -> Iterator[str]:
    if not accesses:
        yield "No access."
        return
    yield f"| {title} | Reach | Needed | Status | Grants | Through |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for access in accesses:
        label = f"{code(access.source)} {access.classification}" if by_source else _who(access)
        said = [f"**{words.STATUS[one.status]}**: {escape(words.remark(one))}" for one in access.remarks]
        status = "<br>".join(said) or words.statuses(access.statuses)
        grants = "<br>".join(escape(words.granted(access, grant)) for grant in access.grants)
        ways = "<br>".join(escape(words.way(way)) for way in access.ways)
        needed = access.needed.value if access.needed else ""
        cells = (label, words.reach(access), needed, status, grants, ways)
        yield f"| {' | '.join(cells)} |"


def _who(access: Access) -> str:
    return escape(words.principal(access.principal))


def _picture(found: AccessMap, views: Sequence[str]) -> str:
    drawn = len(graph(found, views).edges)
    if drawn > MOST_DRAWN:
        return f"{drawn} arrows are too many for a picture: name agents or sources to `penstock access`.\n"
    return f"```mermaid\n{mermaid.render(found, views)}```\n"
