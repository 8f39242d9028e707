"""What every output says of access in the same words: statuses, permissions, agents, grants, scopes.

Takes the records of ``penstock.access``, gives plain text of manifests as written: each output makes it safe for
itself. Knows nothing of lines, tables or graphs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from penstock.access.model import AccessMap, Agent, Checkpoint, Copy, Source, Task
from penstock.access.pair import Access, Force, Grant, Principal, Remark, Status, Way
from penstock.render.totals import count

STATUS = {
    Status.UNCOVERED: "uncovered",
    Status.EXCESS: "excess",
    Status.MISSING: "missing",
    Status.EXPIRED: "expired",
    Status.NOT_YET: "not yet in force",
    Status.BORROWED: "borrowed",
    Status.UNUSED: "unused",
    Status.AS_NEEDED: "as needed",
    Status.GRANTED: "granted",
}
PROBLEMS = tuple(status for status in Status if status not in (Status.AS_NEEDED, Status.GRANTED))
MEANING = {
    Status.UNCOVERED: "a tool or MCP server reaches what no grant in force covers",
    Status.EXCESS: "granted beyond what the use case needs",
    Status.MISSING: "needed, and not granted",
    Status.EXPIRED: "the last day of a grant has passed",
    Status.NOT_YET: "a grant begins later",
    Status.BORROWED: "reached by a grant to somebody else",
    Status.UNUSED: "granted, and reached by no tool or MCP server",
    Status.AS_NEEDED: "granted as needed",
    Status.GRANTED: "nothing says what is needed",
}
WAYS = {"tool": "tool", "mcp-server": "MCP server"}
AUTONOMY = {
    "suggest": "only suggests",
    "act-with-approval": "acts after approval",
    "autonomous": "acts by itself",
    None: "autonomy not stated",
}
WHEN = {
    "before-action": "before it acts",
    "before-delivery": "before delivery",
    "after-run": "after each run",
    "sampled": "in a sample of runs",
    None: "at a time not stated",
}


def listed(texts: Iterable[str]) -> str:
    return ", ".join(texts)


def principal(one: Principal) -> str:
    """``agent x``, ``group x``, ``person x``, ``everybody``."""
    return "everybody" if one.is_everybody else f"{one.kind} {one.name}"


def statuses(found: Iterable[Status]) -> str:
    """``excess, unused``."""
    return listed(STATUS[status] for status in found)


def reach(access: Access) -> str:
    """``read``, or ``none``."""
    return access.reach.value if access.reach else "none"


def totals(accesses: Iterable[Access]) -> str:
    """``1 uncovered, 2 excess``: how many accesses there are of each status that asks for a change."""
    found = Counter(status for access in accesses for status in access.statuses)
    return listed(f"{found[status]} {STATUS[status]}" for status in PROBLEMS if found[status])


def summary(found: AccessMap) -> str:
    """The map in a line."""
    counted = [count(len(found.agents), "agent")]
    if found.holders:
        counted.append(
            "1 group or person" if len(found.holders) == 1 else f"{len(found.holders)} groups and people"
        )
    counted.append(count(len(found.sources), "data source"))
    if not found.accesses:
        return f"no access to show, as of {found.as_of}"
    problems = totals(found.accesses) or "nothing in excess, nothing missing"
    return f"{listed(counted)}, as of {found.as_of}: {problems}"


def agent(one: Agent) -> str:
    """What an agent is for: ``use case x (pilot), acts after approval, customer-facing``."""
    parts = [f"use case {one.use_case} ({one.stage or 'unknown'})", AUTONOMY[one.blast.autonomy]]
    if one.acts_as:
        parts.append(f"acts as {principal(one.acts_as)}")
    if one.blast.customer_facing:
        parts.append("customer-facing")
    return listed(parts)


def radius(one: Agent) -> str:
    """The blast radius in a line."""
    blast = one.blast
    if not blast.reach_count:
        return "reaches no data source"
    by_class = listed(f"{number} {classification}" for classification, number in blast.reached)
    can_change = f"can change {listed(blast.writes)}" if blast.writes else "can change none of them"
    unchecked = ""
    if blast.unchecked:
        unchecked = f"; {len(blast.unchecked)} of {count(len(blast.tasks), 'task')} without a check of every run"
    return f"reaches {count(blast.reach_count, 'source')} ({by_class}), {can_change}{unchecked}"


def term(grant: Grant) -> str:
    """For how long: ``until 2027-05-03``, ``without end``, ``expired after …``."""
    if grant.force is Force.EXPIRED:
        return f"expired after {grant.expires_on}"
    first = f"from {grant.granted_on} " if grant.force is Force.NOT_YET else ""
    return first + (f"until {grant.expires_on}" if grant.expires_on else "without end")


def scope(grant: Grant) -> str:
    """``tables a, b; rows x = 1``, or ``all of it``."""
    limits = grant.scope
    parts = [
        f"{name} {listed(values)}"
        for name, values in (("tables", limits.tables), ("paths", limits.paths), ("columns", limits.columns))
        if values
    ]
    if limits.rows:
        parts.append(f"rows {limits.rows}")
    return "; ".join(parts) or "all of it"


def conditions(grant: Grant) -> Iterator[str]:
    """The rest of a grant, a sentence each: what of, what for, approval, review."""
    yield scope(grant)
    yield f"for: {grant.purpose}" if grant.purpose else "for: no purpose stated"
    approved = f"approved by {grant.approver}" if grant.approver else "approved by nobody"
    on = f" on {grant.granted_on}" if grant.granted_on else ""
    review = ""
    if grant.review_on:
        review = f", review {'was due' if grant.review_is_due else 'due'} {grant.review_on}"
    yield f"{approved}{on}{review}"


def granted(access: Access, grant: Grant) -> str:
    """``read by x until …``, with whose grant it is where it is somebody else's."""
    whose = f", granted to {principal(grant.principal)}" if access.borrows(grant) else ""
    comma = "," if grant.force is Force.EXPIRED else ""
    return f"{grant.permission.value} by {grant.name}{comma} {term(grant)}{whose}"


def remark(one: Remark) -> str:
    """``grant `x` gives write, but … (file:line)``: what is wrong, and where to change it."""
    where = one.place.location
    line = f":{where.span.start.line}" if where.span else ""
    return f"{one.message} ({where.file}{line})"


def changed_through(access: Access) -> str:
    """By which tools or servers data can be changed, else by which grants; empty where it cannot."""
    if access.reach is None or not access.reach.changes:
        return ""
    ways = [f"{WAYS[one.kind]} {one.name}" for one in access.ways if one.permission.changes]
    grants = [
        f"grant {one.name}" for one in access.grants if one.permission.changes and one.force is Force.IN_FORCE
    ]
    return f"by {listed(dict.fromkeys(ways or grants))}"


def way(one: Way) -> str:
    """``tool x (read)``."""
    return f"{WAYS[one.kind]} {one.name} ({one.permission.value})"


def source(one: Source) -> str:
    """``x (restricted)``, with what is not governed: ``x (restricted, shadow)``."""
    loose = f", {one.governance}" if one.governance and one.governance != "governed" else ""
    return f"{one.name} ({one.classification}{loose})"


def checkpoint(one: Checkpoint) -> str:
    """``approval before it acts, by x``."""
    return f"{one.name} {WHEN[one.when]}, by {one.reviewer or 'nobody named'}"


def checks(task: Task) -> Iterator[str]:
    """Who looks at a task, checkpoint by checkpoint; at least ``nobody``."""
    yield from (checkpoint(one) for one in task.checkpoints)
    if task.final_reviewer:
        yield f"final review, by {task.final_reviewer}"
    elif not task.checkpoints:
        yield "nobody"


def copy(one: Copy) -> str:
    """A copy within reach."""
    if one.both:
        record = f"; where they differ, {one.system_of_record} counts" if one.system_of_record else ""
        return f"{one.source} and {one.copy_of} hold the same data{record}"
    return f"{one.source} is a copy: {one.copy_of} counts, and is out of reach"


def notes(found: AccessMap) -> Iterator[str]:
    """What a reader must know besides: agents that should have nothing left, manifests that are not on the map."""
    for one in found.agents:
        held = [grant for access in one.accesses for grant in access.grants if not access.borrows(grant)]
        grants = [grant for grant in held if grant.force is Force.IN_FORCE]
        if one.stage == "retired" and grants:
            left = count(len(grants), "grant")
            yield f"use case {one.use_case} is retired, and agent {one.name} still has {left} in force"
    for name in found.idle_use_cases:
        yield f"no agent works for use case {name}"
    for holder in found.holders:
        if holder.principal.kind == "agent":
            yield f"agent {holder.principal.name} has grants, and no manifest describes it"
    if found.left_out:
        yield f"not on the map, as `penstock check` says why: {listed(_some(found.left_out))}"


def _some(texts: Sequence[str], most: int = 5) -> Iterator[str]:
    yield from texts[:most]
    if len(texts) > most:
        yield f"{len(texts) - most} more"
