"""What the examples of a policy have shown of its expressions: each part that decides, seen true and seen false.

Takes a policy and its pack's example base; gives counts, and what has not been seen with its place. Whether the
examples hold is for ``examples`` to say.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from penstock.cel.coverage import Recording
from penstock.cel.errors import position
from penstock.cel.program import Program
from penstock.errors import UsageError
from penstock.model import Location
from penstock.policy.examples import load_example, outcome_of
from penstock.policy.model import ExampleBase, Expression, Policy, Validation
from penstock.record import dataclass, replace


@dataclass(frozen=True, slots=True)
class Unseen:
    """A part of an expression, from ``start`` to ``end`` of its text, that has never had the value."""

    expression: Expression
    start: int
    end: int
    value: bool

    @property
    def text(self) -> str:
        """The part as written."""
        return self.expression.text[self.start : self.end]

    @property
    def location(self) -> Location:
        """Its place in the policy file."""
        return self.expression.location(*position(self.expression.text, self.start))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many outcomes the examples of a policy should show, and which they do not: two for each part."""

    policy: Policy
    outcomes: int
    unseen: tuple[Unseen, ...]

    @property
    def seen(self) -> int:
        """How many outcomes an example shows."""
        return self.outcomes - len(self.unseen)


def cover_policy(policy: Policy, base: ExampleBase) -> Coverage:
    """Run the examples of a policy, and note what its expressions give.

    Raises:
        UsageError: the policy was compiled by another engine than penstock's own.
    """
    recordings: list[tuple[Expression, Recording]] = []

    def record(expression: Expression, is_condition: bool) -> Expression:
        if not isinstance(expression.program, Program):
            raise UsageError("coverage is measured by the engine penstock", hint="leave --engine out")
        recording = Recording(expression.program, is_condition=is_condition)
        recordings.append((expression, recording))
        return replace(expression, program=recording)

    watched = _each(policy, record)
    for example in (*policy.good, *policy.bad):
        loaded = load_example(example, base)
        if not loaded.problems:
            outcome_of(watched, loaded, base)
    unseen = tuple(
        Unseen(expression, part.start, part.end, value)
        for expression, recording in recordings
        for part, seen in recording.seen.items()
        for value, found in ((True, seen.true), (False, seen.false))
        if not found
    )
    return Coverage(policy, 2 * sum(len(recording.seen) for _, recording in recordings), unseen)


def _each(policy: Policy, change: Callable[[Expression, bool], Expression]) -> Policy:
    """The policy with each of its expressions changed, in the order of the file; true for those that decide."""
    stage, for_each = policy.stage, policy.for_each
    if stage is not None and stage.use_case is not None:
        stage = replace(stage, use_case=change(stage.use_case, False))
    conditions = tuple((name, change(condition, True)) for name, condition in policy.conditions)
    variables = {name: change(variable, False) for name, variable in policy.variables.items()}
    if for_each is not None and for_each.expression is not None:
        for_each = replace(for_each, expression=change(for_each.expression, False))
    return replace(
        policy,
        stage=stage,
        conditions=conditions,
        variables=MappingProxyType(variables),
        for_each=for_each,
        validations=tuple(_validation(validation, change) for validation in policy.validations),
    )


def _validation(validation: Validation, change: Callable[[Expression, bool], Expression]) -> Validation:
    expression, message = change(validation.expression, True), validation.message_expression
    related = tuple(
        replace(
            target,
            resource=change(target.resource, False),
            at=change(target.at, False) if isinstance(target.at, Expression) else target.at,
        )
        for target in validation.related
    )
    message = change(message, False) if message is not None else None
    return replace(validation, expression=expression, message_expression=message, related=related)
