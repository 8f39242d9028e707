"""The steps by which a policy comes to a verdict: whom it applies to, what each of its expressions says.

Takes policies in force, a loaded rollout and perhaps its pairing with what it was; gives bindings, items, values
and verdicts, one step at a time. Whoever puts the steps in order, makes findings of verdicts, or tells how a
verdict came about, stands above.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from penstock.cel import EvalError, Lazy
from penstock.manifest.pairing import Pairing
from penstock.manifest.paths import element_name, value_at
from penstock.manifest.references import values_at
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.model import Location, Path, Related
from penstock.policy.functions import Function, UnresolvedReferenceError, functions
from penstock.policy.model import OLD_ITEM, OLD_OBJECT, ROLLOUT_KIND, Expression, ForEach, Policy, StageGate
from penstock.record import dataclass

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

    def __init__(self, rollout: Rollout, as_of: str, base: Pairing | None = None) -> None:
        self.rollout = rollout
        self.pairing = base
        """The rollout and what it was before the change; None where no change is judged."""
        self.functions: dict[str, Function] = functions(rollout, base)
        organization = rollout.organization
        # A rule that reads an Organization which breaks its schema can give no verdict.
        self.unusable = {"organization"} if organization and not organization.valid else set()
        self.base: dict[str, object] = {"organization": organization.data if organization else None, "asOf": as_of}

    def subjects(self, policy: Policy) -> Iterator[Subject]:
        """Every resource of the policy's kinds, usable or not."""
        for kind in policy.kinds:
            if kind == ROLLOUT_KIND:
                yield whole(self.rollout)
            for resource in self.rollout.of_kind(kind):
                yield Subject(resource.data, resource, self.rollout)

    def can_judge(self, policy: Policy, subject: Subject) -> bool:
        """Whether the subject, and the Organization where the policy reads it, satisfy their schemas.

        For a policy about changes also what the subject was.
        """
        usable = subject.resource is None or subject.resource.valid
        return usable and self.was_usable(policy, subject) and policy.reads.isdisjoint(self.unusable)

    def was_usable(self, policy: Policy, subject: Subject) -> bool:
        """Whether what the subject was satisfied its schema, where the policy asks what was."""
        if not policy.is_change_rule or subject.resource is None or self.pairing is None:
            return True
        old = self.pairing.old_of(subject.resource)
        return old is None or old.valid

    def concerns(self, policy: Policy, subject: Subject) -> bool:
        """Whether the policy can say anything of the subject: one about changes only of what was there."""
        return not policy.is_change_rule or self.old(subject) is not None

    def old(self, subject: Subject) -> Mapping[str, object] | None:
        """What the subject was before the change; None when it is new, or no change is judged."""
        if self.pairing is None:
            return None
        if subject.resource is None:
            return whole(self.pairing.old).data
        old = self.pairing.old_of(subject.resource)
        return old.data if old is not None else None

    def bindings(self, policy: Policy, subject: Subject) -> dict[str, object]:
        """What every expression of the policy may name, but for ``item`` and ``variables``."""
        given = {"object": subject.data, "params": dict(policy.values), **self.base}
        return {**given, OLD_OBJECT: self.old(subject)} if policy.is_change_rule else given

    def item_bindings(
        self, policy: Policy, bindings: Mapping[str, object], path: Path, item: object
    ) -> Mapping[str, object]:
        """The bindings of one of the items, with what it was where the policy asks for that."""
        if policy.for_each is None:
            return bindings
        if OLD_ITEM not in policy.reads:
            return {**bindings, "item": item}
        old = counterpart(bindings["object"], bindings.get(OLD_OBJECT), path)
        return {**bindings, "item": item, OLD_ITEM: old}

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


def counterpart(now: object, then: object, path: Path) -> object:
    """What stood in an old manifest at a path of the new one, list elements by name; None when nothing did.

    An element without a name of its own in its list is found where the old list has an equal one.
    """
    for step in path:
        if isinstance(step, int):
            now, then = _same_element(now, step, then)
        else:
            now, then = value_at(now, (step,)), value_at(then, (step,))
        if then is None:
            return None
    return then


def _same_element(now: object, index: int, then: object) -> tuple[object, object]:
    element = value_at(now, (index,))
    others = then if isinstance(then, list) else []
    name = element_name(element)
    if name is not None:
        named = [other for other in others if element_name(other) == name]
        if len(named) == 1:
            return element, named[0]
    return element, next((other for other in others if other == element), None)
