"""The steps by which a policy comes to a verdict: whom it applies to, what each of its expressions says.

Takes policies in force and a loaded rollout; gives bindings, items, values and verdicts, one step at a time.
Whoever puts the steps in order, makes findings of verdicts, or tells how a verdict came about, stands above.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from penstock.cel import EvalError, Lazy
from penstock.manifest.paths import value_at
from penstock.manifest.references import values_at
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.model import Location, Path, Related
from penstock.policy.functions import Function, UnresolvedReferenceError, functions
from penstock.policy.model import ROLLOUT_KIND, Expression, ForEach, Policy, StageGate

_API_VERSION = "rollout/v1"


class FailedExpression(EvalError):  # noqa: N818 - control flow, never shown
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

    @property
    def id(self) -> str:
        """``Kind/name``."""
        return self.resource.id if self.resource is not None else f"{ROLLOUT_KIND}/{self.rollout.name}"

    def location(self, path: Path) -> Location:
        """The place of a field, or of the nearest present parent."""
        if self.resource is not None:
            return self.resource.location(path or ("metadata", "name"))
        where = self.rollout.config or Location(file=self.rollout.root)
        return Location(where.file, where.span, self.id)

    def related(self, path: Path) -> tuple[Related, ...]:
        """Where the value really stands when the field is an alias."""
        return self.resource.related(path) if self.resource is not None else ()


def whole(rollout: Rollout) -> Subject:
    """The rollout itself, as a policy on the kind ``Rollout`` sees it."""
    data = {"apiVersion": _API_VERSION, "kind": ROLLOUT_KIND, "metadata": {"name": rollout.name}}
    return Subject(data, None, rollout)


def reached(gate: StageGate, use_cases: Sequence[object]) -> bool:
    """Whether one of the use cases is at a stage of the gate."""
    return any(value_at(one, ("spec", "stage")) in gate.stages for one in use_cases)


class Judge:
    """The steps of judging one rollout as of one date."""

    def __init__(self, rollout: Rollout, as_of: str) -> None:
        self.rollout = rollout
        self.functions: dict[str, Function] = functions(rollout)
        organization = rollout.organization
        # A rule that reads an Organization which breaks its schema can give no verdict.
        self.unusable = {"organization"} if organization and not organization.valid else set()
        self.base = {"organization": organization.data if organization else None, "asOf": as_of}

    def subjects(self, policy: Policy) -> Iterator[Subject]:
        """Every resource of the policy's kinds, usable or not."""
        for kind in policy.kinds:
            if kind == ROLLOUT_KIND:
                yield whole(self.rollout)
            for resource in self.rollout.of_kind(kind):
                yield Subject(resource.data, resource, self.rollout)

    def can_judge(self, policy: Policy, subject: Subject) -> bool:
        """Whether the subject, and the Organization where the policy reads it, satisfy their schemas."""
        usable = subject.resource is None or subject.resource.valid
        return usable and policy.reads.isdisjoint(self.unusable)

    def bindings(self, policy: Policy, subject: Subject) -> dict[str, object]:
        """What every expression of the policy may name, but for ``item`` and ``variables``."""
        return {"object": subject.data, "params": dict(policy.values), **self.base}

    def scope(self, policy: Policy, bindings: Mapping[str, object]) -> dict[str, object]:
        """The bindings of one object or item, with the policy's variables, each computed when first read."""
        scope = dict(bindings)
        scope["variables"] = Lazy(
            {name: partial(self.value, expression, scope) for name, expression in policy.variables.items()}
        )
        return scope

    def stage_reached(self, gate: StageGate, bindings: Mapping[str, object]) -> bool:
        """Whether the policy applies at the stage that has been got to."""
        return reached(gate, self.use_cases(gate, bindings))

    def use_cases(self, gate: StageGate, bindings: Mapping[str, object]) -> Sequence[object]:
        """The use cases whose stage decides; none for a manifest that is of no use case, so at no stage of one."""
        if gate.use_case is not None:
            found = self.value(gate.use_case, bindings)
        else:
            found = bindings["object"]
            if value_at(found, ("kind",)) != "UseCase":
                name = value_at(found, ("spec", "useCase"))
                if not isinstance(name, str):
                    return ()
                found = self.functions["ref"](name, "UseCase")
        return found if isinstance(found, list) else [found]

    def items(
        self, for_each: ForEach | None, subject: Subject, bindings: Mapping[str, object]
    ) -> Iterator[tuple[Path, object]]:
        """The elements to look at one by one, each with its place in the object; without ``forEach`` one None."""
        if for_each is None:
            yield (), None
            return
        if for_each.expression is None:
            yield from values_at(subject.data, for_each.path)
            return
        items = self.value(for_each.expression, bindings)
        if not isinstance(items, Sequence) or isinstance(items, (str, bytes)):
            raise FailedExpression(for_each.expression, EvalError(f"forEach needs a list, not {items!r}"))
        for item in items:
            yield (), item

    def applies(self, policy: Policy, scope: Mapping[str, object]) -> bool:
        """Whether every match condition holds; those behind the first that does not are not asked."""
        return all(self.verdict(condition, scope) for _, condition in policy.conditions)

    def value(self, expression: Expression, bindings: Mapping[str, object]) -> object:
        """The value of an expression.

        Raises:
            UnresolvedReferenceError: it follows a reference that leads to no usable manifest.
            FailedExpression: it has no value, or a variable that it reads has none.
        """
        try:
            return expression.program.evaluate(bindings, self.functions)
        except (UnresolvedReferenceError, FailedExpression):
            raise
        except EvalError as error:
            raise FailedExpression(expression, error) from error

    def verdict(self, expression: Expression, bindings: Mapping[str, object]) -> bool:
        """The value of an expression that must be true or false."""
        value = self.value(expression, bindings)
        if not isinstance(value, bool):
            raise FailedExpression(expression, EvalError(f"the result is not a bool but {value!r}"))
        return value
