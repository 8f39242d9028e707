"""The blast radius of an agent: what it can do at most with what it reaches, and what holds it back.

Takes an Agent, its use case and its accesses; gives a ``Blast`` and the order of agents by it. Weighs nothing:
there is no score, only counts that can be traced to grants, tools and servers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from penstock.access.model import Agent, Blast, Checkpoint, Copy, Source, Task
from penstock.access.pair import CLASSIFICATIONS, UNKNOWN, Access
from penstock.manifest.resource import Resource

_AUTONOMY = ("autonomous", "act-with-approval", None, "suggest")
"""From the widest to the narrowest; what is not stated may be anything, but acts are then not known of."""


def blast_of(
    agent: Resource, use_case: Resource | None, accesses: Sequence[Access], sources: Mapping[str, Source]
) -> Blast:
    """The blast radius of an agent."""
    spec: dict[str, Any] = agent.data["spec"]
    guardrails, stopgap = spec.get("guardrails") or {}, spec.get("stopgap") or {}
    reached = [access for access in accesses if access.reach is not None]
    writes = [access for access in reached if access.reach is not None and access.reach.changes]
    return Blast(
        reached=_by_classification(reached),
        changed=_by_classification(writes),
        writes=tuple(access.source for access in writes),
        copies=tuple(_copies([access.source for access in reached], sources)),
        customer_facing=spec.get("customerFacing"),
        autonomy=spec.get("autonomy"),
        tasks=tuple(_tasks(spec, use_case)),
        guards_in=len(guardrails.get("input", ())),
        guards_out=len(guardrails.get("output", ())),
        kill_switch=stopgap.get("killSwitch"),
        operators=tuple(stopgap.get("operators", ())),
    )


def reach_order(agent: Agent) -> tuple[object, ...]:
    """The key by which agents are ordered, the one with the largest reach first.

    In turn: more restricted sources that it can change, then more confidential, internal, public and unknown ones;
    the same for sources within its reach; the wider autonomy; the name.
    """
    blast = agent.blast
    autonomy = _AUTONOMY.index(blast.autonomy) if blast.autonomy in _AUTONOMY else len(_AUTONOMY)
    return (*_descending(blast.changed), *_descending(blast.reached), autonomy, agent.name)


def _descending(counts: Iterable[tuple[str, int]]) -> tuple[int, ...]:
    known = dict(counts)
    return tuple(-known.get(classification, 0) for classification in (*CLASSIFICATIONS, UNKNOWN))


def _by_classification(accesses: Iterable[Access]) -> tuple[tuple[str, int], ...]:
    counts = Counter(access.classification for access in accesses)
    return tuple((each, counts[each]) for each in (*CLASSIFICATIONS, UNKNOWN) if counts[each])


def _copies(reached: Sequence[str], sources: Mapping[str, Source]) -> Iterator[Copy]:
    """Pairs that are both in reach, once; and a copy whose system of record is out of reach."""
    for name in reached:
        source = sources[name]
        for other in source.copies:
            if other in reached and name < other:
                record = source.system_of_record or sources[other].system_of_record
                yield Copy(name, other, True, record)
        record = source.system_of_record
        if record is not None and record != name and record not in reached:
            yield Copy(name, record, False, record)


def _tasks(spec: Mapping[str, Any], use_case: Resource | None) -> Iterator[Task]:
    """The tasks of the use case that the agent performs: those that it lists, or all."""
    if use_case is None:
        yield from (Task(name, (), None) for name in spec.get("tasks", ()))
        return
    stated: dict[str, Any] = use_case.data["spec"]
    performed = spec.get("tasks")
    for task in stated.get("tasks", ()):
        if performed is None or task["name"] in performed:
            over = tuple(_checkpoints(stated.get("checkpoints", ()), task["name"]))
            yield Task(task["name"], over, (task.get("humanFinalReview") or {}).get("reviewer"))


def _checkpoints(stated: Iterable[Mapping[str, Any]], task: str) -> Iterator[Checkpoint]:
    for checkpoint in stated:
        if task in checkpoint.get("tasks", (task,)):
            yield Checkpoint(checkpoint["name"], checkpoint.get("when"), checkpoint.get("reviewer"))
