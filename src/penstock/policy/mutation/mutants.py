"""A policy with one change: its mutants.

Takes a policy and its expressions where they stand; gives policies that differ from it in one place, in the order
of the file. What the checker would refuse is no mutant. Messages are left alone: examples need not state them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import MappingProxyType

from penstock.cel.errors import position
from penstock.model import Location, Path
from penstock.policy.expressions import Expressions
from penstock.policy.model import STAGES, Expression, Policy, StageGate
from penstock.policy.mutation import values
from penstock.policy.mutation.edits import edits
from penstock.policy.select import check_params
from penstock.record import dataclass, replace


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed policy, and where it differs."""

    policy: Policy
    path: Path
    """The changed part of the policy file."""
    change: str
    before: str
    after: str
    """The part as it was and as it is now; empty for one that is left out."""
    offset: int = 0
    """Where in the text of an expression the change is shown, in characters."""

    @property
    def location(self) -> Location:
        """The place of the change in the policy file."""
        document = self.policy.document
        value: object = document.data
        for part in self.path:
            value = value[part]  # type: ignore[index]
        if isinstance(value, str) and self.offset < len(value):
            line, column = position(value, self.offset)
            return Location(document.file.path, document.locate_in(self.path, line, column), path=self.path)
        return Location(document.file.path, document.locate(self.path).span, path=self.path)


def mutants(policy: Policy, expressions: Expressions) -> Iterator[Mutant]:
    """Every mutant of a policy, each made when it is asked for."""
    yield from _of_the_params(policy)
    yield from _of_the_kinds(policy)
    yield from _of_the_stage(policy, expressions)
    for index, (name, condition) in enumerate(policy.conditions):
        others = (policy.conditions[:index], policy.conditions[index + 1 :])
        without = replace(policy, conditions=(*others[0], *others[1]))
        yield Mutant(without, condition.path, "match condition removed", condition.text, "")
        for other, mutant in _of(condition, policy, expressions, is_condition=True):
            conditions = (*others[0], (name, other), *others[1])
            yield replace(mutant, policy=replace(policy, conditions=conditions))
    for name, variable in policy.variables.items():
        for other, mutant in _of(variable, policy, expressions):
            variables = MappingProxyType({**policy.variables, name: other})
            yield replace(mutant, policy=replace(policy, variables=variables))
    yield from _of_the_items(policy, expressions)
    yield from _of_the_validations(policy, expressions)


def _of(
    expression: Expression, policy: Policy, expressions: Expressions, *, is_condition: bool = False
) -> Iterator[tuple[Expression, Mutant]]:
    """Expressions to put in the place of one, each with what is to be said of it."""
    placed = expressions.placed(expression.path)
    if placed is None:
        return
    for edit in edits(placed.checked, is_condition=is_condition):
        text = expression.text
        other = expressions.instead(expression.path, edit.apply(text))
        if other is not None:
            before, after = edit.before(text), edit.after(text)
            yield other, Mutant(policy, expression.path, edit.change, before, after, edit.shown[0])


def _of_the_params(policy: Policy) -> Iterator[Mutant]:
    """Other defaults, as far as a user may set them."""
    for name, param in policy.params.items():
        path: Path = ("spec", "params", name, "default")
        for value in values.other_values(param.default):
            if next(check_params(policy, {name: value}), None) is None:
                changed = replace(policy, values=MappingProxyType({**policy.values, name: value}))
                before, after = (json.dumps(each, ensure_ascii=False) for each in (param.default, value))
                yield Mutant(changed, path, "default moved", before, after)


def _of_the_kinds(policy: Policy) -> Iterator[Mutant]:
    """Each kind left out, where there are several."""
    for index, kind in enumerate(policy.kinds):
        others = (*policy.kinds[:index], *policy.kinds[index + 1 :])
        if others:
            path: Path = ("spec", "match", "kinds", index)
            yield Mutant(replace(policy, kinds=others), path, "kind removed", kind, "")


def _of_the_stage(policy: Policy, expressions: Expressions) -> Iterator[Mutant]:
    """The gate removed, moved to the stage before and behind, and the changes to how its use case is found."""
    gate = policy.stage
    if gate is None:
        return
    path: Path = ("spec", "stage", "from")
    first = min(STAGES.index(stage) for stage in gate.stages)
    before = STAGES[first]
    yield Mutant(replace(policy, stage=None), path, "stage gate removed", before, "")
    for other in (first - 1, first + 1):
        if 0 <= other < len(STAGES):
            moved = replace(policy, stage=StageGate(frozenset(STAGES[other:]), gate.use_case))
            yield Mutant(moved, path, "stage moved", before, STAGES[other])
    if gate.use_case is not None:
        for expression, mutant in _of(gate.use_case, policy, expressions):
            yield replace(mutant, policy=replace(policy, stage=replace(gate, use_case=expression)))


def _of_the_items(policy: Policy, expressions: Expressions) -> Iterator[Mutant]:
    for_each = policy.for_each
    if for_each is None or for_each.expression is None:
        return
    for expression, mutant in _of(for_each.expression, policy, expressions):
        yield replace(mutant, policy=replace(policy, for_each=replace(for_each, expression=expression)))


def _of_the_validations(policy: Policy, expressions: Expressions) -> Iterator[Mutant]:
    for index, validation in enumerate(policy.validations):
        before, behind = policy.validations[:index], policy.validations[index + 1 :]
        expression = validation.expression
        without = replace(policy, validations=(*before, *behind))
        yield Mutant(without, expression.path, "validation removed", expression.text, "")
        if validation.severity is not None and validation.severity is not policy.rule.severity:
            changed = (*before, replace(validation, severity=None), *behind)
            path: Path = (*expression.path[:-1], "severity")
            severities = (validation.severity.value, policy.rule.severity.value)
            yield Mutant(replace(policy, validations=changed), path, "severity changed", *severities)
        for other, mutant in _of(expression, policy, expressions, is_condition=True):
            changed = (*before, replace(validation, expression=other), *behind)
            yield replace(mutant, policy=replace(policy, validations=changed))
