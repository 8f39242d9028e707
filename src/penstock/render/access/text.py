"""The map of access for a terminal: a line and a tree for each agent, source, or group and person.

Takes an ``AccessMap``, gives text. In short, a source is a line, with what is wrong below it; in full, it has its
grants, tools and needs, and an agent what holds it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from penstock.access.model import AccessMap, Agent, Holder, Source, Task
from penstock.access.pair import Access, Status
from penstock.render.access import words
from penstock.render.escape import line_start, one_line
from penstock.render.paint import Line, paint
from penstock.render.totals import count
from penstock.render.tree import Branch, draw
from penstock.render.width import wrap

ROLES = {
    Status.UNCOVERED: "error",
    Status.EXCESS: "error",
    Status.MISSING: "error",
    Status.EXPIRED: "error",
    Status.NOT_YET: "warning",
    Status.BORROWED: "warning",
    Status.UNUSED: "warning",
    Status.AS_NEEDED: "good",
    Status.GRANTED: "",
}


def render(found: AccessMap, views: Iterable[str], *, full: bool, color: bool = False, width: int = 100) -> str:
    """The map as text: ``views`` of ``agents``, ``sources``, ``people``, one after the other."""
    return paint(_lines(found, tuple(views), full, width), color=color)


def _lines(found: AccessMap, views: tuple[str, ...], full: bool, width: int) -> Iterator[Line]:
    sources = {source.name: source for source in found.sources}
    for view in views:
        if view == "agents":
            yield from _apart(_agent(agent, sources, full, width) for agent in found.agents)
        elif view == "people":
            yield from _apart(_holder(holder, sources, full, width) for holder in found.holders)
        else:
            yield from _apart(_source(source, found, full, width) for source in found.sources)
    summary = words.summary(found)
    problems = words.totals(found.accesses)
    yield from _wrapped(f"{summary[0].upper()}{summary[1:]}.", width, "warning" if problems else "good")
    if found.agents and not full and "agents" in views:
        hint = (
            f"`penstock access Agent/{found.agents[0].name}` shows its grants, its tools and what holds it back."
        )
        yield from _wrapped(hint, width, "quiet")
    for note in words.notes(found):
        yield from _wrapped(f"note: {note}.", width, "")


def _apart(blocks: Iterable[Iterator[Line]]) -> Iterator[Line]:
    for block in blocks:
        yield from block
        yield []


def _agent(agent: Agent, sources: Mapping[str, Source], full: bool, width: int) -> Iterator[Line]:
    yield from _head(f"agent {agent.name}", words.agent(agent), width)
    yield from _wrapped(words.radius(agent), width, "")
    problems = words.totals(agent.accesses)
    if problems:
        yield from _wrapped(problems, width, "warning")
    branches = [_access(access, words.source(sources[access.source]), full) for access in agent.accesses]
    yield from draw([*branches, *_copies(agent), *(_restraints(agent) if full else ())], width)


def _holder(holder: Holder, sources: Mapping[str, Source], full: bool, width: int) -> Iterator[Line]:
    lends = f"lends its access to {words.listed(f'agent {name}' for name in holder.lends_to)}"
    yield from _head(words.principal(holder.principal), lends if holder.lends_to else "", width)
    branches = [_access(access, words.source(sources[access.source]), full) for access in holder.accesses]
    yield from draw(branches or [Branch("no grant", role="quiet")], width)


def _source(source: Source, found: AccessMap, full: bool, width: int) -> Iterator[Line]:
    parts = [source.classification, f"owner {source.owner}" if source.owner else "no owner"]
    parts += [source.governance] if source.governance else []
    yield from _head(source.name, words.listed(parts), width)
    needs = words.listed(f"use case {need.use_case} ({need.permission.value})" for need in source.needed_by)
    yield from _wrapped(f"needed by {needs or 'no use case'}", width, "")
    if source.copies:
        record = f"; where they differ, {source.system_of_record} counts" if source.system_of_record else ""
        yield from _wrapped(f"the same data is in {words.listed(source.copies)}{record}", width, "")
    reaching = [access for access in found.accesses if access.source == source.name]
    branches = [_access(access, words.principal(access.principal), full) for access in reaching]
    yield from draw(branches or [Branch("nobody reaches it", role="quiet")], width)


def _access(access: Access, label: str, full: bool) -> Branch:
    remarks = tuple(one_line(f"{words.STATUS[each.status]}: {words.remark(each)}") for each in access.remarks)
    role = ROLES[access.status]
    if full:
        below = (*_grants(access), *_ways(access))
        return Branch(
            one_line(label),
            (f"{words.reach(access)}, {words.statuses(access.statuses)}", role),
            below,
            True,
            remarks,
        )
    through = words.changed_through(access)
    value = f"{words.reach(access):<5}  {words.statuses(access.statuses)}{f' ({through})' if through else ''}"
    return Branch(one_line(label), (one_line(value), role), details=remarks)


def _grants(access: Access) -> Iterator[Branch]:
    for grant in access.grants:
        details = tuple(one_line(each) for each in words.conditions(grant))
        yield Branch("granted", (one_line(words.granted(access, grant)), ""), details=details)
    if not access.grants:
        yield Branch("granted", ("nothing", "quiet"))


def _ways(access: Access) -> Iterator[Branch]:
    for way in access.ways:
        yield Branch("through", (one_line(words.way(way)), ""))
    if access.need:
        purpose = f": {access.need.purpose}" if access.need.purpose else ""
        text = f"{access.need.permission.value}, by use case {access.need.use_case}{purpose}"
        yield Branch("needed", (one_line(text), ""))
    elif access.principal.kind == "agent" and access.status is not Status.GRANTED:
        yield Branch("needed", ("no", "quiet"))


def _copies(agent: Agent) -> Iterator[Branch]:
    if agent.blast.copies:
        details = tuple(one_line(words.copy(one)) for one in agent.blast.copies)
        yield Branch("the same data twice", role="warning", details=details)


def _restraints(agent: Agent) -> Iterator[Branch]:
    """What holds the agent back: how far it goes alone, who looks, who can stop it."""
    blast = agent.blast
    guards = f"{count(blast.guards_in, 'condition')} on input, {blast.guards_out} on output"
    below = (
        _stated("autonomy", words.AUTONOMY[blast.autonomy] if blast.autonomy else None),
        *map(_task, blast.tasks),
        Branch("guardrails", (guards, "" if blast.guards_in and blast.guards_out else "warning")),
        _stated("kill switch", blast.kill_switch),
        _stated("pulled by", words.listed(blast.operators)),
    )
    yield Branch("held back by", below=below)


def _stated(label: str, text: str | None) -> Branch:
    return Branch(label, (one_line(text), "") if text else ("not stated", "warning"))


def _task(task: Task) -> Branch:
    first, *others = (one_line(each) for each in words.checks(task))
    return Branch(
        f"task {one_line(task.name)}", (first, "" if task.is_covered else "warning"), details=tuple(others)
    )


def _head(name: str, rest: str, width: int) -> Iterator[Line]:
    first, *others = wrap(one_line(f"{name}: {rest}" if rest else name), width)
    label = one_line(name)
    yield [(line_start(first[: len(label)]), "name"), (first[len(label) :], "")]
    yield from ([(line_start(line), "")] for line in others)


def _wrapped(text: str, width: int, role: str) -> Iterator[Line]:
    yield from ([(line_start(line), role)] for line in wrap(one_line(text), width))
