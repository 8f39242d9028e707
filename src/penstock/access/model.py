"""The map of access: agents with their blast radius, groups and people, sources.

Frozen data only, made of the pairs in ``penstock.access.pair``. Texts are those of the manifests, as written.
"""

from __future__ import annotations

from penstock.access.pair import Access, Need, Place, Principal
from penstock.record import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A data source, as far as access to it is concerned."""

    name: str
    title: str | None
    classification: str
    owner: str | None
    governance: str | None
    system_of_record: str | None
    copies: tuple[str, ...]
    """The other sources that hold the same data, whichever of the two manifests says so."""
    needed_by: tuple[Need, ...]
    place: Place | None
    """None when no usable manifest describes it."""


EVERY_RUN = ("before-action", "before-delivery", "after-run")
"""The moments of a checkpoint that see every run, as the rule LV308 counts them unless it is told otherwise."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a person looks at what an agent does."""

    name: str
    when: str | None
    reviewer: str | None


@dataclass(frozen=True, slots=True)
class Task:
    """A task that an agent performs, with the checkpoints over it and the person who reviews its results."""

    name: str
    checkpoints: tuple[Checkpoint, ...]
    final_reviewer: str | None

    @property
    def is_covered(self) -> bool:
        """Whether a person looks at every run: a sample leaves most of them unseen."""
        return self.final_reviewer is not None or any(one.when in EVERY_RUN for one in self.checkpoints)


@dataclass(frozen=True, slots=True)
class Copy:
    """The same data twice within an agent's reach, or a copy where the system of record is another."""

    source: str
    copy_of: str
    both: bool
    """Whether the agent reaches both."""
    system_of_record: str | None


@dataclass(frozen=True, slots=True)
class Blast:
    """What an agent can do at most, and what holds it back. Counts are of sources within its reach."""

    reached: tuple[tuple[str, int], ...]
    """Sources by classification, most sensitive first; only those that occur."""
    changed: tuple[tuple[str, int], ...]
    """Of those, the sources it can write to or administer."""
    writes: tuple[str, ...]
    """The names of the latter."""
    copies: tuple[Copy, ...]
    customer_facing: bool | None
    autonomy: str | None
    tasks: tuple[Task, ...]
    guards_in: int
    guards_out: int
    kill_switch: str | None
    operators: tuple[str, ...]

    @property
    def reach_count(self) -> int:
        return sum(count for _, count in self.reached)

    @property
    def unchecked(self) -> tuple[str, ...]:
        """The tasks that have runs which no person looks at."""
        return tuple(task.name for task in self.tasks if not task.is_covered)


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent, whose access it borrows, and its blast radius."""

    name: str
    title: str | None
    use_case: str | None
    stage: str | None
    """Of the use case; None when that is not known."""
    acts_as: Principal | None
    accesses: tuple[Access, ...]
    """One for each source that it is granted, is wired to or needs: the most sensitive first, then by name."""
    blast: Blast
    place: Place


@dataclass(frozen=True, slots=True)
class Holder:
    """A group or a person, with its grants and the agents that borrow them."""

    principal: Principal
    accesses: tuple[Access, ...]
    lends_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccessMap:
    """Who reaches what in one rollout on one day."""

    rollout: str
    as_of: str
    agents: tuple[Agent, ...]
    """The one with the largest reach first."""
    holders: tuple[Holder, ...]
    """Groups, then persons, by name."""
    sources: tuple[Source, ...]
    """The most sensitive first, then by name."""
    use_cases: tuple[str, ...]
    """The names of all use cases."""
    idle_use_cases: tuple[str, ...]
    """Of those, the ones that no agent works for."""
    left_out: tuple[str, ...]
    """Manifests that break their schema and files that could not be read: what they say is not in the map."""

    @property
    def accesses(self) -> tuple[Access, ...]:
        """Those of the agents, then those of the groups and persons."""
        of_agents = (access for agent in self.agents for access in agent.accesses)
        return (*of_agents, *(access for holder in self.holders for access in holder.accesses))
