"""What each expression of a policy may name, and what is known where it stands.

Takes a policy's spec and its expressions; checks the variables and the match conditions in the order in which they
come to mean something to each other, and gives the scope of the validations behind them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from penstock.cel import types as cel
from penstock.cel.checker import Checked, Facts
from penstock.model import Path
from penstock.policy import knowledge
from penstock.policy.expressions import Expressions, Scope
from penstock.policy.model import OLD_ITEM, OLD_OBJECT, Expression

NOTHING = Facts()


class Scopes:
    """The scopes of one policy. ``outer`` is that of the stage gate and of ``forEach``: no item, no variables."""

    def __init__(self, spec: Mapping[str, Any], params: cel.Type, expressions: Expressions) -> None:
        self._expressions = expressions
        self._variables: dict[str, Path] = {}
        for index, variable in enumerate(spec.get("variables", ())):
            self._variables.setdefault(variable["name"], ("spec", "variables", index, "expression"))
        self._conditions: list[tuple[str, Path]] = [
            (condition["name"], ("spec", "matchConditions", index, "expression"))
            for index, condition in enumerate(spec.get("matchConditions", ()))
        ]
        self.object = knowledge.manifests(spec["match"]["kinds"])
        self.outer = Scope({"object": self.object, OLD_OBJECT: self.object, "params": params})
        self._known = NOTHING
        self.inner = self.outer
        self.variables: dict[str, Expression] = {}
        self.conditions: list[tuple[str, Expression]] = []

    def enter(self, item: cel.Type | None, known: Facts = NOTHING, *, has_place: bool = False) -> None:
        """Check variables and conditions; ``inner`` becomes the scope of the validations.

        ``item`` is the type of a ``forEach`` item; ``known`` is what holds where there is one. An item that has a
        place in the manifest may have been there before.
        """
        roots = self.outer.roots if item is None else {**self.outer.roots, "item": item}
        if item is not None and has_place:
            roots = {**roots, OLD_ITEM: knowledge.nullable(item)}
        self._known = known
        every = self._with_variables(roots, {})
        reads = {name: self._expressions.mentions(path, every) for name, path in self._variables.items()}
        self._check_circle(reads)
        # Conditions are about variables, and variables hold where conditions do: a first look breaks the circle.
        base = self._with_variables(roots, self._glances(roots, reads) if self._conditions else {})
        established = self._conditions_in(base, reads)
        final = self._variables_in(roots, reads, established)
        self.inner = self._with_variables(roots, final).knowing(*(facts for _, facts in established))

    def reads(self, path: Path) -> frozenset[str]:
        """The names and functions of an expression, also through variables."""
        return self._expressions.reads(path, self._variables)

    def _glances(self, roots: Mapping[str, cel.Type], reads: Mapping[str, frozenset[str]]) -> dict[str, Checked]:
        """The variables by themselves, each behind those that it reads."""
        found: dict[str, Checked] = {}
        for name in in_order(reads):
            checked = self._expressions.glance(self._variables[name], self._with_variables(roots, found))
            if checked is not None:
                found[name] = checked
        return found

    def _with_variables(self, roots: Mapping[str, cel.Type], known: Mapping[str, Checked]) -> Scope:
        """A scope with every variable, and what is known of those that have been checked."""
        types = {name: known[name].type if name in known else cel.DYN for name in self._variables}
        definitions: dict[tuple[str, ...], Checked] = {("variables", name): each for name, each in known.items()}
        return Scope({**roots, "variables": _record(types)}, self._known.define(definitions))

    def _check_circle(self, reads: Mapping[str, frozenset[str]]) -> None:
        names = circle(reads)
        if names is not None:
            way = " reads ".join(f"`variables.{name}`" for name in (*names, names[0]))
            message = "the variable is defined in terms of itself" + (f": {way}" if len(names) > 1 else "")
            self._expressions.refuse(self._variables[names[0]], message)

    def _conditions_in(
        self, scope: Scope, reads: Mapping[str, frozenset[str]]
    ) -> list[tuple[frozenset[str], Facts]]:
        """The conditions, each where those before it hold: the variables each reads, and what it makes known."""
        established: list[tuple[frozenset[str], Facts]] = []
        for name, path in self._conditions:
            here = scope.knowing(*(facts for _, facts in established))
            expression, checked = self._expressions.at(path, here, cel.BOOL)
            self.conditions.append((name, expression))
            direct = self._expressions.read(path).variables
            facts = checked.facts_if_true if checked else NOTHING
            established.append((_reached(direct, reads), facts))
        return established

    def _variables_in(
        self,
        roots: Mapping[str, cel.Type],
        reads: Mapping[str, frozenset[str]],
        established: list[tuple[frozenset[str], Facts]],
    ) -> dict[str, Checked]:
        """The variables where the conditions hold that come before the first that reads them."""
        final: dict[str, Checked] = {}
        expressions: dict[str, Expression] = {}
        for name in in_order(reads):
            before = []
            for readers, facts in established:
                if name in readers:
                    break
                before.append(facts)
            scope = self._with_variables(roots, final).knowing(*before)
            expressions[name], checked = self._expressions.at(self._variables[name], scope)
            if checked is not None:
                final[name] = checked
        self.variables = {name: expressions[name] for name in self._variables}
        return final


def in_order(reads: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """The names, each behind those it reads; those that read themselves in a circle come as they are met."""
    done: set[str] = set()
    for start in reads:
        waiting = [start]
        while waiting:
            name = waiting[-1]
            missing = [each for each in sorted(reads[name]) if each in reads and each not in {*done, *waiting}]
            if name not in done and missing:
                waiting.extend(missing[:1])
                continue
            waiting.pop()
            if name not in done:
                done.add(name)
                yield name


def circle(reads: Mapping[str, frozenset[str]]) -> tuple[str, ...] | None:
    """Names that read each other round to the first, or None."""
    for start in reads:
        seen = [start]
        waiting = [(start, iter(sorted(reads[start])))]
        while waiting:
            _, others = waiting[-1]
            other = next(others, None)
            if other is None:
                waiting.pop()
                continue
            if other == start:
                return tuple(name for name, _ in waiting)
            if other in reads and other not in seen:
                seen.append(other)
                waiting.append((other, iter(sorted(reads[other]))))
    return None


def _reached(names: frozenset[str], reads: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The variables, and those that they read."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found and name in reads:
            found.add(name)
            waiting.extend(reads[name])
    return frozenset(found)


def _record(types: Mapping[str, cel.Type]) -> cel.Type:
    return cel.record("variables", {name: cel.Field(each, required=True) for name, each in types.items()})
