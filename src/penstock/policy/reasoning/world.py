"""What a policy says of the manifests of one kind, as formulas.

Takes a policy with its values in force; gives when it applies, and when each of its checks holds or fails. Shares
the terms of one review, so that two policies that look at the same field have the same term for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from penstock.cel import types as cel
from penstock.cel.parser import parse
from penstock.cel.program import Program
from penstock.cel.resolve import resolve
from penstock.manifest import shapes
from penstock.manifest.references import EACH
from penstock.policy import knowledge
from penstock.policy.model import (
    OLD_ITEM,
    OLD_OBJECT,
    ROLLOUT_KIND,
    STAGES,
    Expression,
    ForEach,
    Policy,
    StageGate,
    Validation,
)
from penstock.policy.reasoning import domain as domains
from penstock.policy.reasoning.domain import Domain
from penstock.policy.reasoning.facts import Facts, Schemas, manifest
from penstock.policy.reasoning.formula import ALWAYS, Atom, Every, Formula, Formulas
from penstock.policy.reasoning.normal import Names, Normal
from penstock.policy.reasoning.terms import Part, Term, Terms
from penstock.record import dataclass, field

_ROOTS = ("object", "item", "params", "variables", OLD_OBJECT, OLD_ITEM)


@dataclass(frozen=True, slots=True)
class Check:
    """A validation: when it holds and when it fails. ``term`` is its expression."""

    validation: Validation
    term: Term
    holds: Formula
    fails: Formula


@dataclass(frozen=True, slots=True)
class Reading:
    """A policy as it is for manifests of one kind."""

    policy: Policy
    kind: str
    gate: Formula
    """At the stage, and with an item to look at."""
    conditions: tuple[tuple[Expression, Formula], ...]
    checks: tuple[Check, ...]
    item: Term | None
    signature: frozenset[Term]
    """The terms of the gate and the conditions: equal for policies that apply to the same."""

    @property
    def applies(self) -> Formula:
        """When the checks are made."""
        return Every((self.gate, *(formula for _, formula in self.conditions)))


@dataclass(slots=True)
class World:
    """The terms, formulas and facts of one review."""

    terms: Terms = field(default_factory=Terms)
    formulas: Formulas = field(init=False)
    _facts: dict[str, Facts] = field(default_factory=dict)
    _subjects: dict[Term, frozenset[Term]] = field(default_factory=dict)
    _items: dict[Term, tuple[str | None, ...]] = field(default_factory=dict)
    """The path to each item that has one."""

    def __post_init__(self) -> None:
        self.formulas = Formulas(self.terms)

    def read(self, policy: Policy) -> list[Reading]:
        """The policy, once for each of its kinds."""
        reader = _Reader(self, policy)
        return [reader.reading(kind) for kind in policy.kinds]

    def facts(self, kind: str) -> Facts:
        """What is known where ``object`` is of that kind. Ask when every policy has been read."""
        if kind not in self._facts:
            self._facts[kind] = Facts(self.terms, self._roots(kind), self._values(kind))
        return self._facts[kind]

    def subjects(self, term: Term) -> frozenset[Term]:
        """The values that an expression looks at: what two expressions must share to say anything together."""
        if term not in self._subjects:
            found: set[Term] = set()
            waiting = [term]
            while waiting:
                each = waiting.pop()
                if each not in found:
                    found.add(each)
                    waiting.extend(self.terms.parts(each))
                    operation, *parts = self.terms.key(each)
                    if operation == "has":
                        waiting.append(self.terms.of("field", *parts))
            self._subjects[term] = frozenset(each for each in found if not self._is_trivial(each))
        return self._subjects[term]

    def _is_trivial(self, term: Term) -> bool:
        """Whether nearly every expression has it: a name, a literal, ``object.spec``."""
        operation, *parts = self.terms.key(term)
        if operation in ("name", "literal", "list", "bound", "constant"):
            return True
        return operation == "field" and self.terms.key(parts[0])[0] == "name" and parts[1] in ("spec", "metadata")

    def item(self, path: tuple[str | None, ...]) -> Term:
        """The element at a path of the object."""
        term = self.terms.of("name", "item", path)
        self._items[term] = path
        return term

    def _roots(self, kind: str) -> dict[Term, Schemas]:
        if kind == ROLLOUT_KIND:
            return {}
        roots: dict[Term, Schemas] = {self.terms.of("name", "object"): (manifest(kind),)}
        for term, path in self._items.items():
            steps = tuple(0 if step is EACH else step for step in path)
            found = shapes.field(f"{shapes.ROLLOUT}/{kind}", steps)
            if found is not None:
                roots[term] = (found,)
        return roots

    def _values(self, kind: str) -> dict[Term, Domain]:
        known = {
            self.terms.of("name", "organization"): domains.NULL | domains.OTHER,
            self.terms.of("name", "asOf"): domains.STRINGS,
        }
        if kind == ROLLOUT_KIND:
            known[self.terms.of("name", "object")] = domains.OTHER
        return known


class _Reader:
    """Reads the expressions of one policy."""

    def __init__(self, world: World, policy: Policy) -> None:
        self.world = world
        self.policy = policy
        self._variables: dict[str, Term | None] = {}
        self._outer = Normal(world.terms, Names({}, policy.values, self._variable))
        self.item = self._item(policy.for_each)
        roots = {"item": self.item, OLD_ITEM: self._old_item(self.item)} if self.item is not None else {}
        self._inner = Normal(world.terms, Names(roots, policy.values, self._variable))

    def reading(self, kind: str) -> Reading:
        gate, marks = self._gate(self.policy.stage, kind)
        formulas = self.world.formulas
        conditions = [(expression, self.term(expression)) for _, expression in self.policy.conditions]
        checks = []
        for validation in self.policy.validations:
            term = self.term(validation.expression)
            checks.append(Check(validation, term, formulas.of(term, True), formulas.of(term, False)))
        return Reading(
            policy=self.policy,
            kind=kind,
            gate=Every((gate, self._way_to_item(), self._change())),
            conditions=tuple((expression, formulas.of(term, True)) for expression, term in conditions),
            checks=tuple(checks),
            item=self.item,
            signature=frozenset((*marks, *(term for _, term in conditions))),
        )

    def term(self, expression: Expression, *, outer: bool = False) -> Term:
        program = expression.program
        if isinstance(program, Program):
            tree, resolution = program.expression, program.resolution
        else:
            tree = parse(expression.text)
            roots = dict.fromkeys(_ROOTS, cel.DYN)
            resolution = resolve(tree, knowledge.environment(roots))
        return (self._outer if outer else self._inner).term(tree, resolution)

    def _variable(self, name: str) -> Term | None:
        """The term of a variable; None for one that is not looked into."""
        if name not in self._variables:
            expression = self.policy.variables.get(name)
            self._variables[name] = self.term(expression) if expression is not None else None
        return self._variables[name]

    def _item(self, for_each: ForEach | None) -> Term | None:
        if for_each is None:
            return None
        if for_each.expression is None:
            return self.world.item(for_each.path)
        return self.world.terms.of("name", "item", Part(self.term(for_each.expression, outer=True)))

    def _old_item(self, item: Term) -> Term:
        return self.world.terms.of("name", OLD_ITEM, Part(item))

    def _change(self) -> Formula:
        """A rule about changes looks at what was there before, in a run that judges a change."""
        if not self.policy.is_change_rule:
            return ALWAYS
        return Atom(self.world.terms.of("name", OLD_OBJECT), domains.OTHER)

    def _way_to_item(self) -> Formula:
        """Where there is an item, the fields on the way to it are there."""
        for_each = self.policy.for_each
        if for_each is None or for_each.expression is not None:
            return ALWAYS
        terms, here = self.world.terms, self.world.terms.of("name", "object")
        found: list[Formula] = []
        for step in for_each.path:
            if step is EACH:
                break
            here = terms.of("field", Part(here), step)
            found.append(Atom(here, domains.OTHER))
        return Every(tuple(found))

    def _gate(self, gate: StageGate | None, kind: str) -> tuple[Formula, Sequence[Term]]:
        """When the stage has been reached; and terms that are the same for the same gate."""
        if gate is None:
            return ALWAYS, ()
        terms = self.world.terms
        mark = terms.of("stage", *sorted(gate.stages))
        use_case = self._use_case(gate, kind)
        if use_case is None:
            return self._several(gate, terms, mark)
        stage = terms.of("field", Part(terms.of("field", Part(use_case), "spec")), "stage")
        values = domains.several(gate.stages)
        assert values is not None  # stages are strings
        return Atom(stage, values), (mark, use_case)

    def _use_case(self, gate: StageGate, kind: str) -> Term | None:
        """The one use case whose stage decides; None where there may be several."""
        terms = self.world.terms
        target = terms.of("name", "object")
        if gate.use_case is not None:
            program = gate.use_case.program
            is_one = isinstance(program, Program) and isinstance(program.type, cel.Record)
            return self.term(gate.use_case, outer=True) if is_one else None
        if kind == "UseCase":
            return target
        name = terms.of("field", Part(terms.of("field", Part(target), "spec")), "useCase")
        return terms.of("call", "ref", Part(name), Part(terms.literal("UseCase")))

    def _several(self, gate: StageGate, terms: Terms, mark: Term) -> tuple[Formula, Sequence[Term]]:
        """One of several use cases has got there: then one has got to every stage before, too."""
        assert gate.use_case is not None  # without it there is one use case
        listed = self.term(gate.use_case, outer=True)
        first = next(stage for stage in STAGES if stage in gate.stages)
        reached = STAGES[: STAGES.index(first) + 1]
        atoms = (Atom(terms.of("reached", Part(listed), stage), domains.TRUE) for stage in reached)
        return Every(tuple(atoms)), (mark, listed)
