"""What a change is: one thing that means something else than before, told in a sentence.

Plain data. Where it weighs more than another is the order of ``Weight``: what widens a risk comes first.
"""

from __future__ import annotations

from enum import Enum

from penstock.model import Location, Path, Span
from penstock.record import dataclass


class What(str, Enum):
    """The kind of a change."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    RAISED = "raised"
    LOWERED = "lowered"
    WIDENED = "widened"
    NARROWED = "narrowed"
    LENGTHENED = "lengthened"
    SHORTENED = "shortened"
    ADVANCED = "advanced"
    """To a later stage of an order of stages."""
    SET_BACK = "setBack"
    """To an earlier stage."""
    REPLACED = "replaced"
    """A person, a reference or a choice by another."""
    CHANGED = "changed"
    """Any other value by another, in no order that is known."""
    REORDERED = "reordered"


class Weight(str, Enum):
    """How much a reviewer has to mind a change. The first six widen a risk."""

    ACCESS = "access"
    """Somebody or something may do more with data, or for longer."""
    SPEND = "spend"
    """More may be spent, or a price has risen."""
    COMMITMENT = "commitment"
    """A contract binds for longer, for more, or is harder to leave."""
    PEOPLE = "people"
    """Somebody who answered for something does so no longer, or less."""
    OVERSIGHT = "oversight"
    """A safeguard is gone or weaker: a checkpoint, a stop, a guardrail, a classification."""
    RULES = "rules"
    """Less is asked of the manifests, or an exception is made."""
    NOTABLE = "notable"
    """It decides how the rollout goes on."""
    OTHER = "other"
    TEXT = "text"
    """Words for people, the order of a list."""

    @property
    def rank(self) -> int:
        """0 for what comes first."""
        return _RANKS[self]

    @property
    def is_risk(self) -> bool:
        """Whether the change widens a risk."""
        return self.rank <= _RANKS[Weight.RULES]


_RANKS = {weight: rank for rank, weight in enumerate(Weight)}


@dataclass(frozen=True, slots=True)
class Facts:
    """What matters beside a change. None: it does not apply, or the manifests do not say."""

    owner: str | None = None
    """Who answers for it or pays: a cost centre, a person, an FTE."""
    sensitivity: str | None = None
    """How sensitive the data is: the classification of the data source."""
    use_case: str | None = None
    currency: str | None = None
    period: str | None = None
    """The period that an amount is for, ISO 8601."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that means something else than before."""

    resource: str
    """``Kind/name`` as it is called now, or last was; ``penstock.yaml`` for the configuration."""
    path: Path
    """The field: in the new manifest, or in the old one when it is gone."""
    path_text: str
    """The same for people."""
    what: What
    weight: Weight
    sentence: str
    """What is different, without the resource's name. One line, as written in the manifests: not yet escaped."""
    location: Location
    """Where it stands: in the new state, or in the old one when it is gone."""
    is_gone: bool = False
    """Whether the location is one of the old state."""
    old: object = None
    new: object = None
    facts: Facts = Facts()
    was: str | None = None
    """The resource's former ``Kind/name``, when it has been renamed."""

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Risk first, then by resource and place."""
        span = self.location.span or Span.at(0, 0, 0)
        return (self.weight.rank, self.resource, self.is_gone, self.location.file, span, self.sentence)
