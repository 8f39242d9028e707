"""When an expression gives true, and when false: as conditions on the values of its parts.

Takes terms, gives formulas. True and false are not opposites: an expression may give neither, when it fails. So
each has a formula of its own, and both are exact: ``&&`` and ``||`` stop at what decides them, whatever the other
operands do. What is not understood is an atom about the expression itself.
"""

from __future__ import annotations

from functools import reduce

from penstock.policy.reasoning import domain as domains
from penstock.policy.reasoning.domain import Domain
from penstock.policy.reasoning.intervals import Interval
from penstock.policy.reasoning.terms import NOT_STATED, Part, Term, Terms
from penstock.record import dataclass, field


@dataclass(frozen=True, slots=True)
class Atom:
    """The value of a term is one of these."""

    term: Term
    values: Domain


@dataclass(frozen=True, slots=True)
class Every:
    """Every part holds."""

    parts: tuple[Formula, ...] = ()


@dataclass(frozen=True, slots=True)
class Some:
    """One of the parts holds."""

    parts: tuple[Formula, ...] = ()


Formula = Atom | Every | Some
ALWAYS: Formula = Every()
NEVER: Formula = Some()


def negation(formula: Formula) -> Formula:
    """What holds when this does not: of ``e gives true``, that it gives false or fails."""
    if isinstance(formula, Atom):
        return Atom(formula.term, ~formula.values)
    turned = tuple(map(negation, formula.parts))
    return Some(turned) if isinstance(formula, Every) else Every(turned)


@dataclass(slots=True)
class Formulas:
    """The formulas of terms, each made once."""

    terms: Terms
    _made: dict[tuple[Term, bool], Formula] = field(default_factory=dict)

    def of(self, term: Term, outcome: bool) -> Formula:
        """When the term gives this outcome."""
        if (term, outcome) not in self._made:
            self._made[term, outcome] = self._make(term, outcome)
        return self._made[term, outcome]

    def _make(self, term: Term, outcome: bool) -> Formula:
        operation, *parts = self.terms.key(term)
        if self.terms.is_deep(term):
            return Atom(term, domains.TRUE if outcome else domains.FALSE)
        match operation:
            case "literal":
                return ALWAYS if parts[0] is outcome else NEVER
            case "not":
                return self.of(parts[0], not outcome)
            case "and" | "or":
                made = tuple(self.of(part, outcome) for part in parts)
                return Every(made) if (operation == "and") is outcome else Some(made)
            case "if":
                then = Every((self.of(parts[0], True), self.of(parts[1], outcome)))
                return Some((then, Every((self.of(parts[0], False), self.of(parts[2], outcome)))))
        understood = {
            "has": self._has,
            "equal": self._equal,
            "less": self._ordered,
            "at most": self._ordered,
            "in": self._in,
        }.get(operation)
        formula = (self._cases(term, outcome) or understood(term, outcome)) if understood else None
        return formula or Atom(term, domains.TRUE if outcome else domains.FALSE)

    def _cases(self, term: Term, outcome: bool) -> Formula | None:
        """A comparison with what is one value or another: a case for each of the two."""
        operation, *parts = self.terms.key(term)
        for place, part in enumerate(parts):
            within, *of = self.terms.key(part) if isinstance(part, Part) else ("",)
            if within == "if":
                cases = (
                    Every((self.of(of[0], is_so), self.of(self._with(operation, parts, place, case), outcome)))
                    for is_so, case in ((True, of[1]), (False, of[2]))
                )
                return Some(tuple(cases))
        return None

    def _with(self, operation: str, parts: list[object], place: int, part: Part) -> Term:
        return self.terms.of(operation, *parts[:place], part, *parts[place + 1 :])

    def _has(self, term: Term, outcome: bool) -> Formula | None:
        _, operand, name = self.terms.key(term)
        if not self._is_path(operand):
            return None
        there = domains.THERE if outcome else domains.MISSING
        return Every((Atom(operand, domains.OTHER), Atom(self.terms.of("field", operand, name), there)))

    def _is_path(self, term: Term) -> bool:
        """Whether it is a manifest or something in it: of optionals ``has`` asks something else."""
        while True:
            operation, *parts = self.terms.key(term)
            if operation not in ("field", "element"):
                return operation == "name" or (operation, *parts[:1]) == ("call", "ref")
            term = parts[0]

    def _equal(self, term: Term, outcome: bool) -> Formula | None:
        _, left, right = self.terms.key(term)
        one, other = self.terms.value(left), self.terms.value(right)
        if one is not NOT_STATED and other is not NOT_STATED:
            known = domains.only(one), domains.only(other)
            if known[0] is None or known[1] is None:
                return None
            return ALWAYS if (known[0] == known[1]) is outcome else NEVER
        if one is NOT_STATED and other is NOT_STATED:
            return self._related(left, right, {"="} if outcome else {"<", ">", "?"})
        stated, asked = (one, right) if other is NOT_STATED else (other, left)
        return _among(asked, domains.only(stated), outcome)

    def _ordered(self, term: Term, outcome: bool) -> Formula | None:
        operation, left, right = self.terms.key(term)
        one, other = self.terms.value(left), self.terms.value(right)
        with_bound = operation == "at most"
        if one is not NOT_STATED and other is not NOT_STATED:
            return _decided(one, other, with_bound, outcome)
        if one is NOT_STATED and other is NOT_STATED:
            below = {"<", "="} if with_bound else {"<"}
            return self._related(left, right, below if outcome else {"<", "=", ">", "?"} - below)
        if other is not NOT_STATED:
            interval, stated, asked = Interval(None, other, True, with_bound), other, left
        else:
            interval, stated, asked = Interval(one, None, with_bound, True), one, right
        if domains.only(stated) is None or stated is None or isinstance(stated, bool):
            return None
        if isinstance(stated, str):
            values, kind = Domain(strings=(interval,)), domains.STRINGS
        else:
            values, kind = Domain(numbers=(interval,)), domains.NUMBERS
        return Atom(asked, kind & (values if outcome else ~values))

    def _related(self, left: Part, right: Part, outcomes: set[str]) -> Formula:
        """How two values compare: a term of its own, with the four outcomes as its values."""
        if left > right:
            left, right = right, left
            outcomes = {{"<": ">", ">": "<"}.get(each, each) for each in outcomes}
        if left == right:
            outcomes = outcomes & {"=", "?"}
        if not outcomes:
            return NEVER
        values = reduce(Domain.__or__, (Domain(strings=(Interval(each, each),)) for each in sorted(outcomes)))
        return Atom(self.terms.of("compared", left, right), values)

    def _in(self, term: Term, outcome: bool) -> Formula | None:
        _, asked, within = self.terms.key(term)
        operation, *elements = self.terms.key(within)
        if operation != "list" or self.terms.value(asked) is not NOT_STATED:
            return None
        return _among(asked, domains.several(self.terms.value(each) for each in elements), outcome)


def _decided(one: object, other: object, with_bound: bool, outcome: bool) -> Formula | None:
    """A comparison of two stated values."""
    if type(one) is not type(other) or type(one) not in (int, float, str):
        return None
    holds = one < other or (with_bound and one == other)  # type: ignore[operator]
    return ALWAYS if holds is outcome else NEVER


def _among(asked: Term, values: Domain | None, outcome: bool) -> Formula | None:
    return Atom(asked, values if outcome else domains.THERE & ~values) if values is not None else None
