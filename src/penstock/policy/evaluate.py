"""A policy x a rollout -> findings.

Takes policies in force and a loaded rollout; gives findings and counts. No I/O, no selection, no sorting. An
expression that cannot be evaluated is a finding of its own (LV011), never a pass and never a violation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from penstock.cel import EvalError, Lazy
from penstock.manifest import integrity
from penstock.manifest.paths import parse_path, value_at
from penstock.manifest.references import values_at
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.model import Finding, Location, Path, Related
from penstock.policy.functions import Function, UnresolvedReferenceError, functions
from penstock.policy.model import ROLLOUT_KIND, Expression, ForEach, Policy, StageGate, Validation

_API_VERSION = "rollout/v1"
_LOOK_AROUND = frozenset({"referrers", "resources"})
"""What an expression uses to look at manifests it does not name: one that is missing may be in an unread file."""


@dataclass(slots=True)
class Outcome:
    """What applying policies gave."""

    findings: list[Finding] = field(default_factory=list)
    evaluations: int = 0
    skipped: int = 0


class _FailedExpression(EvalError):  # noqa: N818 - control flow, never shown
    """An expression that could not be evaluated: it, or a variable it reads, with the place of the fault."""

    def __init__(self, expression: Expression, error: EvalError) -> None:
        super().__init__(error.message, error.line, error.column)
        self.expression = expression


@dataclass(frozen=True, slots=True)
class Subject:
    """What a policy is applied to: a manifest, or the rollout itself."""

    data: Mapping[str, object]
    resource: Resource | None
    rollout: Rollout

    def location(self, path: Path) -> Location:
        """The place of a field, or of the nearest present parent."""
        if self.resource is not None:
            return self.resource.location(path or ("metadata", "name"))
        where = self.rollout.config or Location(file=self.rollout.root)
        return Location(where.file, where.span, f"{ROLLOUT_KIND}/{self.rollout.name}")

    def related(self, path: Path) -> tuple[Related, ...]:
        """Where the value really stands when the field is an alias."""
        return self.resource.related(path) if self.resource is not None else ()


class Evaluator:
    """Applies policies to one rollout as of one date."""

    def __init__(self, rollout: Rollout, as_of: str) -> None:
        self.rollout = rollout
        self.functions: dict[str, Function] = functions(rollout)
        organization = rollout.organization
        # A rule that reads an Organization which breaks its schema can give no verdict.
        self.unusable = {"organization"} if organization and not organization.valid else set()
        self.base = {"organization": organization.data if organization else None, "asOf": as_of}
        self.outcome = Outcome()

    def apply(self, policy: Policy) -> None:
        """Apply one policy to every resource of its kinds; ``outcome`` grows by what it gives."""
        judgeable = policy.reads.isdisjoint(self.unusable)
        for subject in self._subjects(policy):
            self.outcome.evaluations += 1
            if not judgeable or (subject.resource is not None and not subject.resource.valid):
                self.outcome.skipped += 1
                continue
            if not self._apply_to(policy, subject):
                self.outcome.skipped += 1

    def _subjects(self, policy: Policy) -> Iterator[Subject]:
        for kind in policy.kinds:
            if kind == ROLLOUT_KIND:
                data = {"apiVersion": _API_VERSION, "kind": kind, "metadata": {"name": self.rollout.name}}
                yield Subject(data, None, self.rollout)
            for resource in self.rollout.of_kind(kind):
                yield Subject(resource.data, resource, self.rollout)

    def _apply_to(self, policy: Policy, subject: Subject) -> bool:
        """False when a part could not be judged because a reference in it is dangling."""
        bindings: dict[str, object] = {"object": subject.data, "params": dict(policy.values), **self.base}
        judged = True
        try:
            if policy.stage and not self._stage_reached(policy.stage, bindings):
                return True
            for item_path, item in self._items(policy.for_each, subject, bindings):
                scope = {**bindings, "item": item} if policy.for_each else bindings
                judged &= self._validate(policy, subject, scope, item_path)
        except UnresolvedReferenceError:
            return False
        except _FailedExpression as failed:
            self.outcome.findings.append(_failure(policy, subject, failed))
        return judged

    def _stage_reached(self, gate: StageGate, bindings: Mapping[str, object]) -> bool:
        if gate.use_case is not None:
            use_case = self._value(gate.use_case, bindings)
        else:
            use_case = bindings["object"]
            if value_at(use_case, ("kind",)) != "UseCase":
                name = value_at(use_case, ("spec", "useCase"))
                if not isinstance(name, str):
                    return False  # of no use case, so at no stage of one
                use_case = self.functions["ref"](name, "UseCase")
        use_cases = use_case if isinstance(use_case, list) else [use_case]
        return any(value_at(one, ("spec", "stage")) in gate.stages for one in use_cases)

    def _items(
        self, for_each: ForEach | None, subject: Subject, bindings: Mapping[str, object]
    ) -> Iterator[tuple[Path, object]]:
        if for_each is None:
            yield (), None
            return
        if for_each.expression is None:
            yield from values_at(subject.data, for_each.path)
            return
        items = self._value(for_each.expression, bindings)
        if not isinstance(items, Sequence) or isinstance(items, (str, bytes)):
            raise _FailedExpression(for_each.expression, EvalError(f"forEach needs a list, not {items!r}"))
        for item in items:
            yield (), item

    def _validate(self, policy: Policy, subject: Subject, bindings: Mapping[str, object], item_path: Path) -> bool:
        """Check one object or item. False when a reference in it is dangling."""
        scope = dict(bindings)
        scope["variables"] = Lazy(
            {name: partial(self._value, expression, scope) for name, expression in policy.variables.items()}
        )
        try:
            if not all(self._verdict(condition, scope) for _, condition in policy.conditions):
                return True
        except UnresolvedReferenceError:
            return False
        judged = True
        for validation in policy.validations:
            try:
                if not self._verdict(validation.expression, scope):
                    self._violation(policy, validation, subject, scope, item_path)
            except UnresolvedReferenceError:
                judged = False
            except _FailedExpression as failed:
                self.outcome.findings.append(_failure(policy, subject, failed))
        return judged

    def _value(self, expression: Expression, bindings: Mapping[str, object]) -> object:
        try:
            return expression.program.evaluate(bindings, self.functions)
        except (UnresolvedReferenceError, _FailedExpression):
            raise
        except EvalError as error:
            raise _FailedExpression(expression, error) from error

    def _verdict(self, expression: Expression, bindings: Mapping[str, object]) -> bool:
        value = self._value(expression, bindings)
        if not isinstance(value, bool):
            raise _FailedExpression(expression, EvalError(f"the result is not a bool but {value!r}"))
        return value

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
                message = str(self._value(validation.message_expression, bindings))
            except UnresolvedReferenceError:
                pass  # the violation stands; only its words follow a dangling reference
            except _FailedExpression as failed:
                self.outcome.findings.append(_failure(policy, subject, failed))
        finding = Finding(
            rule=policy.rule.id,
            name=policy.rule.name,
            severity=validation.severity or policy.rule.severity,
            message=message + self._doubt(validation),
            location=subject.location(path),
            related=(*subject.related(path), *self._related(policy, validation, subject, bindings)),
        )
        self.outcome.findings.append(finding)

    def _doubt(self, validation: Validation) -> str:
        """What to add to a finding that may owe itself to a manifest nobody could read."""
        looks = _LOOK_AROUND if self.rollout.organization else _LOOK_AROUND | {"organization"}
        if not self.rollout.unread or validation.reads.isdisjoint(looks):
            return ""
        files = ", ".join(self.rollout.unread)
        return f" ({files} could not be read in full, which may be why)"

    def _related(
        self, policy: Policy, validation: Validation, subject: Subject, bindings: Mapping[str, object]
    ) -> Iterator[Related]:
        for target in validation.related:
            try:
                found = self._value(target.resource, bindings)
                kind, name = value_at(found, ("kind",)), value_at(found, ("metadata", "name"))
                resource = self.rollout.get(str(kind), str(name))
                if resource is not None:
                    yield Related(resource.location(self._place(target.at, bindings, resource)), target.message)
            except UnresolvedReferenceError:
                continue
            except _FailedExpression as failed:
                self.outcome.findings.append(_failure(policy, subject, failed))

    def _place(self, at: Path | Expression, bindings: Mapping[str, object], resource: Resource) -> Path:
        if not isinstance(at, Expression):
            return at
        text = self._value(at, bindings)
        try:
            return parse_path(str(text), resource.data)
        except ValueError as error:
            raise _FailedExpression(at, EvalError(f"{text!r} is no path: {error}")) from None


def _failure(policy: Policy, subject: Subject, failed: _FailedExpression) -> Finding:
    """LV011: the policy, the place in its expression, and what went wrong there."""
    rule = policy.rule
    where = failed.expression.location(failed.line, failed.column)
    return integrity.finding(
        "LV011",
        f"{rule.id} ({rule.name}) could not be evaluated: {failed.message}",
        subject.location(()),
        related=(Related(where, "in this expression of the policy"),),
    )
