"""How a policy came to its verdict on one manifest: every step of the evaluation, noted while it is made.

Takes a policy in force and a subject; gives an ``Explanation``. The steps are those of the check itself: this
evaluator only watches. Knows nothing of waivers, nor of how an explanation is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING

from penstock.cel import EvalError
from penstock.manifest.pairing import Pairing
from penstock.manifest.rollout import Rollout
from penstock.model import Finding, Path, Status
from penstock.policy.evaluate import Evaluator, Outcome
from penstock.policy.functions import UnresolvedReferenceError
from penstock.policy.judge import FailedExpression, Subject, reached
from penstock.policy.model import Expression, ForEach, Policy, StageGate
from penstock.record import dataclass, field, replace

if TYPE_CHECKING:
    from penstock.cel.trace import Traced

Functions = Mapping[str, Callable[..., object]]


class Verdict(Enum):
    """What came of a policy, the worst first: where items differ, the worst is the whole's."""

    FAILS = "fails"
    FAULT = "could not be evaluated"
    UNJUDGED = "is not judged"
    PASSES = "passes"
    SKIPPED = "does not apply"


_WORST_FIRST = tuple(Verdict)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One expression's evaluation. ``error`` is None where it has a value."""

    expression: Expression
    value: object
    error: EvalError | None
    traced: Traced | None
    """Part by part; None where the engine cannot tell."""

    @property
    def dangling(self) -> bool:
        """Whether it follows a reference that leads to no usable manifest."""
        return isinstance(self.error, UnresolvedReferenceError)


@dataclass(slots=True)
class Judged:
    """One object or item: what was evaluated for it, and what was found."""

    path: Path = ()
    """The item's place in the object; empty without ``forEach.path``."""
    item: object = None
    evaluated: dict[Path, Evaluated] = field(default_factory=dict)
    """By the expression's place in the policy file."""
    findings: list[Finding] = field(default_factory=list)
    verdict: Verdict = Verdict.PASSES

    def of(self, expression: Expression | None) -> Evaluated | None:
        """What came of an expression; None when it was not evaluated."""
        return self.evaluated.get(expression.path) if expression is not None else None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A policy's verdict on one subject, with all that led to it."""

    policy: Policy
    subject: Subject
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    usable: bool = True
    """False when the subject, what it was, or an Organization that the policy reads, breaks its schema."""
    compared: bool = True
    """False when the policy is about changes, and there is no base to compare with."""
    old_broken: bool = False
    """Whether what the subject was breaks its schema."""
    is_new: bool = False
    """Whether the policy is about changes, and the subject is new."""
    use_cases: Sequence[object] | None = None
    """Those whose stage decides; None when no stage was asked for, or when they could not be found."""
    reached: bool = True
    """Whether the stage from which on the policy applies has been reached."""
    before: Judged = field(default_factory=Judged)
    """What was evaluated before any item: the use case, the list of items."""
    stopped: EvalError | None = None
    """What ended the evaluation before any item."""
    items: tuple[Judged, ...] = ()


class Explainer(Evaluator):
    """An evaluator that notes what it does."""

    def __init__(self, rollout: Rollout, as_of: str, base: Pairing | None = None) -> None:
        super().__init__(rollout, as_of, base)
        self._now = Judged()
        self._items: list[Judged] = []
        self._use_cases: Sequence[object] | None = None
        self._stopped: EvalError | None = None

    def explain(self, policy: Policy, subject: Subject) -> Explanation:
        """Apply a policy to one subject, and tell how."""
        if policy.is_change_rule and self.pairing is None:
            return Explanation(policy, subject, Verdict.SKIPPED, compared=False)
        if not self.can_judge(policy, subject):
            broken = not self.was_usable(policy, subject)
            return Explanation(policy, subject, Verdict.UNJUDGED, usable=False, old_broken=broken)
        if not self.concerns(policy, subject):
            return Explanation(policy, subject, Verdict.SKIPPED, is_new=True)
        self.outcome, self._items, self._use_cases, self._stopped = Outcome(), [], None, None
        before = self._now = Judged()
        judged = self.apply_to(policy, subject) is not Status.NOT_JUDGED
        got_there = not policy.stage or self._use_cases is None or reached(policy.stage, self._use_cases)
        return Explanation(
            policy=policy,
            subject=subject,
            verdict=self._verdict_on_all(policy, judged, got_there),
            findings=tuple(self.outcome.findings),
            use_cases=self._use_cases,
            reached=got_there,
            before=before,
            stopped=self._stopped,
            items=tuple(self._items),
        )

    def _verdict_on_all(self, policy: Policy, judged: bool, reached: bool) -> Verdict:
        found = {item.verdict for item in self._items}
        if any(finding.rule != policy.rule.id for finding in self.outcome.findings):
            found.add(Verdict.FAULT)
        if not judged:
            found.add(Verdict.UNJUDGED)
        if not reached:
            found.add(Verdict.SKIPPED)
        return min(found, key=_WORST_FIRST.index, default=Verdict.SKIPPED)

    # The steps of the evaluation, as they are made.

    def value(self, expression: Expression, bindings: Mapping[str, object]) -> object:
        value, error = None, None
        try:
            value = super().value(expression, bindings)
        except EvalError as failed:
            error = failed
            raise
        finally:
            traced = _traced(expression, bindings, self.functions)
            self._now.evaluated[expression.path] = Evaluated(expression, value, error, traced)
        return value

    def verdict(self, expression: Expression, bindings: Mapping[str, object]) -> bool:
        try:
            return super().verdict(expression, bindings)
        except FailedExpression as failed:
            noted = self._now.evaluated[expression.path]
            self._now.evaluated[expression.path] = replace(noted, error=noted.error or failed)
            raise

    def use_cases(self, gate: StageGate, bindings: Mapping[str, object]) -> Sequence[object]:
        try:
            self._use_cases = super().use_cases(gate, bindings)
        except EvalError as failed:
            self._stopped = failed
            raise
        return self._use_cases

    def items(
        self, for_each: ForEach | None, subject: Subject, bindings: Mapping[str, object]
    ) -> Iterator[tuple[Path, object]]:
        try:
            yield from super().items(for_each, subject, bindings)
        except EvalError as failed:
            self._stopped = failed
            raise

    def validate(
        self, policy: Policy, subject: Subject, bindings: Mapping[str, object], item_path: Path
    ) -> Status:
        before, found = self._now, len(self.outcome.findings)
        status = Status.NOT_JUDGED
        self._now = Judged(item_path, bindings.get("item"))
        self._items.append(self._now)
        try:
            status = super().validate(policy, subject, bindings, item_path)
        finally:
            self._now.findings = self.outcome.findings[found:]
            self._now.verdict = _verdict(policy, self._now, status is not Status.NOT_JUDGED)
            self._now = before
        return status


def _verdict(policy: Policy, judged: Judged, complete: bool) -> Verdict:
    """The verdict on one object or item."""
    rules = {finding.rule for finding in judged.findings}
    if policy.rule.id in rules:
        return Verdict.FAILS
    asked = (*(condition for _, condition in policy.conditions), *(each.expression for each in policy.validations))
    errors = [evaluated for each in asked if (evaluated := judged.of(each)) and evaluated.error]
    if rules or any(not evaluated.dangling for evaluated in errors):
        return Verdict.FAULT
    if not complete:
        return Verdict.UNJUDGED
    met = all((evaluated := judged.of(each)) and evaluated.value is True for _, each in policy.conditions)
    return Verdict.PASSES if met else Verdict.SKIPPED


def _traced(expression: Expression, bindings: Mapping[str, object], functions: Functions) -> Traced | None:
    """How the expression came to its value, where it was compiled by an engine that can tell."""
    from penstock.cel.program import Program
    from penstock.cel.trace import trace

    program = expression.program
    return trace(program, bindings, functions) if isinstance(program, Program) else None
