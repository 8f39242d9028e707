"""What a plan holds: per use case its steps, what stands in the way, what to do next, and what is coming up.

Frozen data only. Stages are those of a use case; dates are ISO 8601.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from penstock.model import Finding, Location, Rule
from penstock.record import dataclass, field

STEP_NUMBERS = tuple(range(13))
"""The steps of a plan: 0 the manifests themselves, 1 to 11 the framework's, 12 orchestration and autonomy."""


class State(str, Enum):
    """How far a step is. Defined in ``steps``."""

    DONE = "done"
    IN_PROGRESS = "in-progress"
    BLOCKED = "blocked"
    NOT_DUE = "not-due"


@dataclass(frozen=True, slots=True)
class Owner:
    """Who takes an action: a person that the manifests name, or the role that the framework gives it to."""

    person: str | None
    capacity: str
    """What the person is, such as ``owner of DataSource/crm``; without a person the role: ``the CIO``."""
    missing: str | None = None
    """Without a person: what the manifests do not say, such as ``DataSource/crm has no spec.owner``."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A finding that stands between a use case and a step that is done."""

    finding: Finding
    step: int
    """The step of its rule."""
    blocking: bool
    """Whether it fails a check: its severity is the failing one or worse."""
    owner: Owner
    stage: str | None = None
    """The stage from which on it is a finding; None for one of today."""
    resolves_on: str | None = None
    """The first day on which it is gone although nobody changes a manifest."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the framework for one use case."""

    number: int
    """Index into ``penstock.model.STEPS``."""
    state: State
    obstacles: tuple[Obstacle, ...] = ()
    examined: tuple[str, ...] = ()
    """The rules that had something to judge, by id: what ``done`` rests on."""
    note: str | None = None
    """Why the step is not due, or why it is blocked without a finding of its own."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: it removes every obstacle of one rule that is one owner's."""

    step: int
    rule: Rule
    what: str
    owner: Owner
    obstacles: tuple[Obstacle, ...]
    blocking: bool
    stage: str | None
    """The stage before which it must be done; None for at once."""
    resolves_on: str | None = None
    """The day that does it, when nothing but waiting is needed."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a use case can go to a later stage."""

    stage: str
    blockers: tuple[Obstacle, ...]
    """What a check would fail on if the use case were at that stage."""
    earliest: str | None = None
    """The first day on which dates no longer stand in the way; None when no date does."""
    unjudged: tuple[str, ...] = ()
    """The rules that could not judge something because a manifest is broken, by id."""

    @property
    def ready(self) -> bool:
        """Whether nothing stands in the way, as far as all rules could tell."""
        return not self.blockers and not self.unjudged

    @property
    def open(self) -> tuple[Obstacle, ...]:
        """The blockers that somebody must mend, whatever the date."""
        return tuple(blocker for blocker in self.blockers if blocker.resolves_on is None)


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A finding that a later day brings although nobody changes a manifest."""

    on: str
    finding: Finding
    owner: Owner
    blocking: bool


@dataclass(frozen=True, slots=True)
class UseCasePlan:
    """The plan of one use case."""

    name: str
    title: str | None
    stage: str
    location: Location
    """Where its stage is written."""
    steps: tuple[Step, ...]
    """One for each of ``STEP_NUMBERS``."""
    readiness: tuple[Readiness, ...]
    """The stages ahead, up to the next at which more is asked; none in production and when retired."""
    actions: tuple[Action, ...]
    upcoming: tuple[Upcoming, ...]
    goes_live_on: str | None = None
    """The day that its manifest plans for production, while that is ahead."""

    @property
    def framework(self) -> tuple[Step, ...]:
        """The framework's eleven steps."""
        return tuple(step for step in self.steps if 1 <= step.number <= 11)


@dataclass(frozen=True, slots=True)
class Plan:
    """The sequenced plan of a rollout."""

    rollout: str
    as_of: str
    horizon: str
    """The last day that ``upcoming`` looks at."""
    version: str
    """penstock's own version."""
    use_cases: tuple[UseCasePlan, ...]
    elsewhere: tuple[Finding, ...] = ()
    """Findings of today that stand in the way of none of the rollout's use cases."""
    rules: Mapping[str, Rule] = field(default_factory=dict)
    """Every rule in force, by id."""
