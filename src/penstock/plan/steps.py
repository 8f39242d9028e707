"""The state of each step of a use case, defined here and nowhere else.

Looked at are the stages from today's to the next that asks for more: pilot for a use case in assess or prepare,
production for one in pilot. A finding that would come with such a stage counts as one of today does.

- blocked: a finding stands on which a check fails, or something could not be judged because a manifest is broken;
- in progress: no such finding stands, but warnings do, or all that blocks a later stage passes on a day that is
  written in the manifests;
- done: rules of the step had something to judge, and nothing is left;
- not due: no rule of the step had anything to judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from penstock.model import Severity
from penstock.plan.judging import Terms
from penstock.plan.model import STEP_NUMBERS, Obstacle, State, Step
from penstock.plan.neighbourhood import Neighbourhood
from penstock.policy.model import ROLLOUT_KIND, STAGES
from penstock.record import dataclass

_NAMED = 3
_ASKING = ("pilot", "production")
"""The stages at which more is asked than before; between them, a use case is being put together."""


def ahead(stage: str) -> tuple[str, ...]:
    """The stages that a use case goes to from here, up to the next at which more is asked."""
    if stage not in STAGES:
        return ()
    following = STAGES[STAGES.index(stage) + 1 :]
    asking = next((index for index, each in enumerate(following) if each in _ASKING), -1)
    return following[: asking + 1]


@dataclass(frozen=True, slots=True)
class Examined:
    """What judging a use case, today and at the stages ahead, looked at."""

    rules: frozenset[str]
    unjudged: frozenset[str]


def steps(
    near: Neighbourhood, stage: str, obstacles: Sequence[Obstacle], examined: Examined, terms: Terms
) -> tuple[Step, ...]:
    """Every step of a use case."""
    return tuple(_step(number, near, stage, obstacles, examined, terms) for number in STEP_NUMBERS)


def _step(
    number: int, near: Neighbourhood, stage: str, obstacles: Sequence[Obstacle], examined: Examined, terms: Terms
) -> Step:
    rules = sorted(rule.id for rule in terms.rules.values() if rule.step == number)
    found = tuple(each for each in obstacles if each.step == number)
    looked_at = tuple(rule for rule in rules if rule in examined.rules or rule not in terms.by_rule)
    unjudged = [rule for rule in rules if rule in examined.unjudged]
    if any(map(_stops, found)):
        return Step(number, State.BLOCKED, found, looked_at)
    if unjudged:
        rules_named = ", ".join(unjudged) if len(unjudged) <= _NAMED else f"{len(unjudged)} of its rules"
        note = f"{rules_named} cannot be judged before the manifests are mended"
        return Step(number, State.BLOCKED, found, looked_at, note)
    if any(each.blocking or each.finding.severity is Severity.WARNING for each in found):
        return Step(number, State.IN_PROGRESS, found, looked_at)
    if looked_at:
        return Step(number, State.DONE, found, looked_at)
    return Step(number, State.NOT_DUE, found, note=_why_not_due(rules, near, stage, terms))


def _stops(obstacle: Obstacle) -> bool:
    """Whether an obstacle blocks: a check fails on it today, or somebody must mend it before a later stage."""
    return obstacle.blocking and (obstacle.stage is None or obstacle.resolves_on is None)


def _why_not_due(rules: Sequence[str], near: Neighbourhood, stage: str, terms: Terms) -> str:
    if not rules:
        return "no rule of this step is in force"
    if stage == "retired":
        return "the use case is retired"
    if stage not in STAGES:
        return "the use case's stage is not known"
    policies = [terms.by_rule[rule] for rule in rules if rule in terms.by_rule]
    gates = [policy.stage.stages if policy.stage else frozenset(STAGES) for policy in policies]
    if all(gate.isdisjoint({stage, *ahead(stage)}) for gate in gates):
        return f"from {next(each for each in STAGES if any(each in gate for gate in gates))} on"
    kinds = dict.fromkeys(kind for policy in policies for kind in policy.kinds)
    if all(kind != ROLLOUT_KIND and not near.of_kind(kind) for kind in kinds):
        return f"no {_either(kinds)} to examine"
    return "nothing in the manifests calls for it"


def _either(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last
