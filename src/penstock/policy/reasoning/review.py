"""The review of a set of policies: each by itself, then every two that look at the same.

Takes policies with the values that are in force; gives remarks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, product

from penstock.model import Severity
from penstock.policy.model import Policy
from penstock.policy.reasoning import remarks
from penstock.policy.reasoning.formula import Every, Formula, negation
from penstock.policy.reasoning.remarks import Level, Remark
from penstock.policy.reasoning.solve import may_hold
from penstock.policy.reasoning.world import Check, Reading, World
from penstock.policy.reference import BUILT_IN

_WEIGHTS = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}


def review(policies: Iterable[Policy], in_force: Iterable[Policy] | None = None) -> Iterator[Remark]:
    """Everything that is certain of the policies without reading a manifest.

    ``in_force`` are those that a run checks, with its parameters: only they are compared with each other.
    """
    given = list(policies)
    together = given if in_force is None else list(in_force)
    reviewer = _Reviewer()
    dead: set[str] = set()
    for policy in given:
        for remark in reviewer.alone(reviewer.world.read(policy)):
            yield remark
            if remark.level is Level.ERROR:
                dead.add(policy.rule.id)
    # Of a rule that cannot be as it is, nothing more is worth saying.
    readings = [reviewer.world.read(policy) for policy in together if policy.rule.id not in dead]
    hinted: set[str] = set()
    for one, other in combinations(readings, 2):
        for remark in reviewer.together(one, other):
            if remark.level is not Level.HINT or remark.rule not in hinted:
                yield remark
            hinted.add(remark.rule)


class _Reviewer:
    """Asks the questions, one policy or two at a time. A policy comes as its readings, one a kind."""

    def __init__(self) -> None:
        self.world = World()

    def alone(self, readings: Sequence[Reading]) -> Iterator[Remark]:
        """What can never be, for a policy by itself."""
        live = [reading for reading in readings if self._may(reading, reading.applies)]
        if not live:
            yield self._never_applies(readings[0])
            return
        for reading in readings:
            if reading not in live:
                yield remarks.kind_never_meant(reading.policy, reading.kind)
        checks = range(len(live[0].checks))
        idle = [check for check in checks if self._never(live, check, fails=True)]
        for number in checks:
            validation = live[0].checks[number].validation
            if number in idle:
                yield remarks.never_fails(validation, whole=len(idle) == len(checks))
            elif validation.expression.text.strip() != "false" and self._never(live, number, fails=False):
                yield remarks.never_holds(validation)
        for one, other in combinations(checks, 2):
            if all(self._exclude(each, each.checks[one], each, each.checks[other]) for each in live):
                first, second = live[0].checks[one].validation, live[0].checks[other].validation
                yield remarks.contradicts_itself(second, first, live[0].kind)

    def together(self, one: Sequence[Reading], other: Sequence[Reading]) -> Iterator[Remark]:
        """What two policies say about the same; the later one is told of."""
        pairs = [(left, right) for left, right in product(one, other) if left.kind == right.kind]
        if not pairs or not self._about_the_same(*pairs[0]):
            return
        if _is_same(one, other):
            yield remarks.says_the_same(other[0].policy, one[0].policy)
            return
        found = list(self._contradictions(pairs))
        yield from found
        for below, above in ((other, one), (one, other)):
            # The rules of the built-in pack are the framework's, one by one, whether or not one includes another.
            is_ours = below[0].policy.rule.pack == BUILT_IN
            if not found and not is_ours and self._is_shadowed(below, above):
                yield remarks.shadowed(below[0].policy, above[0].policy)
                return

    def _may(self, reading: Reading, *formulas: Formula) -> bool:
        return may_hold(self.world.facts(reading.kind), *formulas)

    def _never(self, live: Sequence[Reading], number: int, *, fails: bool) -> bool:
        """Whether a check never fails, or never holds, for any kind that the rule applies to."""
        for reading in live:
            check = reading.checks[number]
            if self._may(reading, reading.applies, check.fails if fails else check.holds):
                return False
        return True

    def _never_applies(self, reading: Reading) -> Remark:
        held: list[Formula] = [reading.gate]
        for number, (expression, formula) in enumerate(reading.conditions):
            if not self._may(reading, *held, formula):
                behind = " where those before it are" if number else " at the rule's stage"
                return remarks.condition_never_true(expression, behind if self._may(reading, formula) else "")
            held.append(formula)
        return remarks.stage_never_reached(reading.policy, reading.kind)

    def _about_the_same(self, left: Reading, right: Reading) -> bool:
        return any(self._touch(one, other) for one, other in product(left.checks, right.checks))

    def _touch(self, one: Check, other: Check) -> bool:
        """Whether the two look at anything in common."""
        return not self.world.subjects(one.term).isdisjoint(self.world.subjects(other.term))

    def _contradictions(self, pairs: Iterable[tuple[Reading, Reading]]) -> Iterator[Remark]:
        """The checks that exclude each other, each two of them once, whatever the kinds."""
        told: set[tuple[int, int]] = set()
        for left, right in pairs:
            if not self._may(left, left.applies, right.applies):
                continue
            for (one, first), (other, second) in product(enumerate(left.checks), enumerate(right.checks)):
                if (one, other) not in told and self._exclude(left, first, right, second):
                    told.add((one, other))
                    yield remarks.contradiction(
                        left.policy,
                        first.validation,
                        second.validation,
                        left.kind,
                        certain=self._always_meet(left, right),
                    )

    def _exclude(self, left: Reading, one: Check, right: Reading, other: Check) -> bool:
        """Whether nothing passes both checks, although each of them can be passed."""
        if not self._touch(one, other):
            return False
        both = (left.applies, right.applies)
        return (
            not self._may(left, *both, one.holds, other.holds)
            and self._may(left, *both, one.holds)
            and self._may(left, *both, other.holds)
        )

    def _always_meet(self, left: Reading, right: Reading) -> bool:
        """Whether one of the two applies wherever the other does."""
        if left.item != right.item:
            return False
        either = ((left, right), (right, left))
        return any(not self._may(one, one.applies, negation(other.applies)) for one, other in either)

    def _is_shadowed(self, below: Sequence[Reading], above: Sequence[Reading]) -> bool:
        """Whether a finding of the one always comes with one of the other that weighs as much."""
        by_kind = {reading.kind: reading for reading in above}
        for reading in below:
            other = by_kind.get(reading.kind)
            if other is None or other.item != reading.item:
                return False
            for check in reading.checks:
                least = _weight(reading, check)
                heavy = [
                    each for each in other.checks if _weight(other, each) >= least and self._touch(check, each)
                ]
                silent = [negation(Every((other.applies, each.fails))) for each in heavy]
                if not heavy or self._may(reading, reading.applies, check.fails, *silent):
                    return False
        return True


def _is_same(one: Sequence[Reading], other: Sequence[Reading]) -> bool:
    left, right = one[0], other[0]
    same_kinds = {reading.kind for reading in one} == {reading.kind for reading in other}
    same_checks = {check.term for check in left.checks} == {check.term for check in right.checks}
    same_range = left.item == right.item and left.signature == right.signature
    same_time = left.policy.is_change_rule is right.policy.is_change_rule
    return same_kinds and same_checks and same_range and same_time


def _weight(reading: Reading, check: Check) -> int:
    return _WEIGHTS[check.validation.severity or reading.policy.rule.severity]
