"""A policy x a rollout -> findings.

Takes policies in force and a loaded rollout; gives findings and counts. No I/O, no selection, no sorting. An
expression that cannot be evaluated is a finding of its own (LV011), never a pass and never a violation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from penstock.cel import EvalError
from penstock.manifest import integrity
from penstock.manifest.pairing import Pairing
from penstock.manifest.paths import parse_path, value_at
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.model import Finding, Path, Related, Status
from penstock.policy.functions import UnresolvedReferenceError
from penstock.policy.judge import FailedExpression, Judge, Subject
from penstock.policy.model import Expression, Policy, Validation
from penstock.record import dataclass, field

_LOOK_AROUND = frozenset({"referrers", "resources"})
_LOOK_BACK = frozenset({"oldVersion", "newVersion", "oldReferrers", "oldResources", "addedResources"})
"""What an expression uses to look at manifests it does not name: one that is missing may be in an unread file."""


@dataclass(slots=True)
class Outcome:
    """What applying policies gave."""

    findings: list[Finding] = field(default_factory=list)
    evaluations: int = 0
    skipped: int = 0
    statuses: dict[str, dict[Status, list[str]]] = field(default_factory=dict)
    """By rule, the resources by what became of them."""
    faulty: set[str] = field(default_factory=set)
    """The rules that could not be evaluated somewhere."""


class Evaluator(Judge):
    """Applies policies to one rollout as of one date, and to its changes since ``base`` where that is given."""

    def __init__(self, rollout: Rollout, as_of: str, base: Pairing | None = None) -> None:
        super().__init__(rollout, as_of, base)
        self.outcome = Outcome()
        self._as_of = as_of

    def again(self) -> Evaluator:
        """Another for the same rollout, date and base, which has not applied anything."""
        return Evaluator(self.rollout, self._as_of, self.pairing)

    def apply(self, policy: Policy) -> None:
        """Apply one policy to every resource of its kinds; ``outcome`` grows by what it gives.

        A policy about changes is not applied at all where there is no base.
        """
        if policy.is_change_rule and self.pairing is None:
            return
        statuses = self.outcome.statuses.setdefault(policy.rule.id, {})
        for subject in self.subjects(policy):
            statuses.setdefault(self.judge(policy, subject), []).append(subject.id)

    def judge(self, policy: Policy, subject: Subject) -> Status:
        """Apply one policy to one subject, usable or not."""
        self.outcome.evaluations += 1
        found = len(self.outcome.findings)
        status = self.apply_to(policy, subject) if self.can_judge(policy, subject) else Status.NOT_JUDGED
        if status is Status.NOT_JUDGED:
            self.outcome.skipped += 1
        return self._failed(policy, found) if len(self.outcome.findings) > found else status

    def _failed(self, policy: Policy, found: int) -> Status:
        """The status of a resource with findings: a fault, where all of them say that there could be none."""
        rules = {finding.rule for finding in self.outcome.findings[found:]}
        if rules != {policy.rule.id}:
            self.outcome.faulty.add(policy.rule.id)
        return Status.FAILED if policy.rule.id in rules else Status.FAULT

    def apply_to(self, policy: Policy, subject: Subject) -> Status:
        """What becomes of one resource, as far as the findings that it has given do not tell."""
        status = Status.NOT_APPLICABLE
        if not self.concerns(policy, subject):
            return status
        bindings = self.bindings(policy, subject)
        try:
            if policy.stage and not self.stage_reached(policy.stage, bindings):
                return Status.BEFORE_STAGE
            for item_path, item in self.items(policy.for_each, subject, bindings):
                scope = self.item_bindings(policy, bindings, item_path, item)
                one = self.validate(policy, subject, scope, item_path)
                # One item without a verdict leaves the resource without; one that passes makes it pass.
                if status is not Status.NOT_JUDGED and one is not Status.NOT_APPLICABLE:
                    status = one
        except UnresolvedReferenceError:
            return Status.NOT_JUDGED
        except FailedExpression as failed:
            self.outcome.findings.append(_failure(policy, subject, failed))
        return status

    def validate(
        self, policy: Policy, subject: Subject, bindings: Mapping[str, object], item_path: Path
    ) -> Status:
        """Check one object or item; as for ``apply_to``.

        Raises:
            FailedExpression: a match condition could not be evaluated.
        """
        scope = self.scope(policy, bindings)
        try:
            if not self.applies(policy, scope):
                return Status.NOT_APPLICABLE
        except UnresolvedReferenceError:
            return Status.NOT_JUDGED
        status = Status.PASSED
        for validation in policy.validations:
            try:
                if not self.verdict(validation.expression, scope):
                    self._violation(policy, validation, subject, scope, item_path)
            except UnresolvedReferenceError:
                status = Status.NOT_JUDGED
            except FailedExpression as failed:
                self.outcome.findings.append(_failure(policy, subject, failed))
        return status

    def _violation(
        self,
        policy: Policy,
        validation: Validation,
        subject: Subject,
        bindings: Mapping[str, object],
        item_path: Path,
    ) -> None:
        path = (*item_path, *validation.at.path) if validation.at.from_item else validation.at.path
        message = validation.message or policy.rule.title
        if validation.message_expression is not None:
            try:
                message = str(self.value(validation.message_expression, bindings))
            except UnresolvedReferenceError:
                pass  # the violation stands; only its words follow a dangling reference
            except FailedExpression as failed:
                self.outcome.findings.append(_failure(policy, subject, failed))
        finding = Finding(
            rule=policy.rule.id,
            name=policy.rule.name,
            severity=validation.severity or policy.rule.severity,
            message=message + policy.notice + self._doubt(validation),
            location=subject.location(path),
            related=(*subject.related(path), *self._related(policy, validation, subject, bindings)),
        )
        self.outcome.findings.append(finding)

    def _doubt(self, validation: Validation) -> str:
        """What to add to a finding that may owe itself to a manifest nobody could read."""
        looks = _LOOK_AROUND if self.rollout.organization else _LOOK_AROUND | {"organization"}
        if self.rollout.unread and not validation.reads.isdisjoint(looks):
            files = ", ".join(self.rollout.unread)
            return f" ({files} could not be read in full, which may be why)"
        before = self.pairing.old.unread if self.pairing else ()
        if before and not validation.reads.isdisjoint(_LOOK_BACK):
            files = ", ".join(before)
            return f" (before the change, {files} could not be read in full, which may be why)"
        return ""

    def _related(
        self, policy: Policy, validation: Validation, subject: Subject, bindings: Mapping[str, object]
    ) -> Iterator[Related]:
        for target in validation.related:
            try:
                found = self.value(target.resource, bindings)
                kind, name = value_at(found, ("kind",)), value_at(found, ("metadata", "name"))
                resource = self.rollout.get(str(kind), str(name))
                if resource is not None:
                    yield Related(resource.location(self._place(target.at, bindings, resource)), target.message)
            except UnresolvedReferenceError:
                continue
            except FailedExpression as failed:
                self.outcome.findings.append(_failure(policy, subject, failed))

    def _place(self, at: Path | Expression, bindings: Mapping[str, object], resource: Resource) -> Path:
        if not isinstance(at, Expression):
            return at
        text = self.value(at, bindings)
        try:
            return parse_path(str(text), resource.data)
        except ValueError as error:
            raise FailedExpression(at, EvalError(f"{text!r} is no path: {error}")) from None


def _failure(policy: Policy, subject: Subject, failed: FailedExpression) -> Finding:
    """LV011: the policy, the place in its expression, and what went wrong there."""
    rule = policy.rule
    where = failed.expression.location(failed.line, failed.column)
    return integrity.finding(
        "LV011",
        f"{rule.id} ({rule.name}) could not be evaluated: {failed.message}",
        subject.location(()),
        related=(Related(where, "in this expression of the policy"),),
    )
