"""Whether formulas can hold together.

Takes formulas and facts; answers no only when they certainly cannot. Branches over alternatives, the fewest first,
and gives up after a bounded number of steps: then they may hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from penstock.policy.reasoning import domain as domains
from penstock.policy.reasoning.domain import Domain
from penstock.policy.reasoning.facts import Facts
from penstock.policy.reasoning.formula import Atom, Every, Formula, Some
from penstock.policy.reasoning.terms import Term

_MOST_STEPS = 4000
_MOST_ROUNDS = 12

Known = dict[Term, Domain]
"""The values that terms may still have."""


def may_hold(facts: Facts, *formulas: Formula) -> bool:
    """False when no manifest, and no rollout around it, makes all of the formulas true."""
    branches: list[tuple[list[Formula], Known]] = [(list(formulas), {})]
    steps = 0
    while branches:
        waiting, known = branches.pop()
        choices = _settle(waiting, known)
        if choices is None or not _follow(facts, known):
            continue
        open_choices = _open(choices, known)
        if open_choices is None:
            continue
        if not open_choices:
            return True
        narrowest = min(open_choices, key=lambda choice: len(choice.parts))
        rest: list[Formula] = [choice for choice in open_choices if choice is not narrowest]
        steps += sum(map(_weight, open_choices)) + len(known)
        if steps > _MOST_STEPS:
            return True
        branches.extend(([part, *rest], dict(known)) for part in reversed(narrowest.parts))
    return False


def _weight(choice: Some) -> int:
    return 1 + len(choice.parts)


def _settle(waiting: list[Formula], known: Known) -> list[Some] | None:
    """Take in what must hold; the choices that are left. None when a term has no value left."""
    choices: list[Some] = []
    while waiting:
        formula = waiting.pop()
        if isinstance(formula, Atom):
            left = known.get(formula.term, domains.ANYTHING) & formula.values
            if left.is_empty:
                return None
            known[formula.term] = left
        elif isinstance(formula, Every) or len(formula.parts) == 1:
            waiting.extend(formula.parts)
        else:
            choices.append(formula)
    return choices


def _open(choices: Iterable[Some], known: Known) -> list[Some] | None:
    """The choices without the alternatives that are out of question; None when one has none left."""
    found: list[Some] = []
    for choice in choices:
        left = [part for part in choice.parts if _is_open(part, known)]
        if not left:
            return None
        if not any(_is_settled(part, known) for part in left):
            found.append(Some(tuple(left)))
    return found


def _is_open(formula: Formula, known: Known) -> bool:
    if isinstance(formula, Atom):
        return not (known.get(formula.term, domains.ANYTHING) & formula.values).is_empty
    if isinstance(formula, Every):
        return all(_is_open(part, known) for part in formula.parts if isinstance(part, Atom))
    return bool(formula.parts)


def _is_settled(formula: Formula, known: Known) -> bool:
    """Whether it holds already, whatever else does."""
    if isinstance(formula, Atom):
        return (known.get(formula.term, domains.ANYTHING) & ~formula.values).is_empty
    return isinstance(formula, Every) and all(
        isinstance(part, Atom) and _is_settled(part, known) for part in formula.parts
    )


def _follow(facts: Facts, known: Known) -> bool:
    """Draw the conclusions; false when a term has no value left."""
    _add(facts, known)
    for _ in range(_MOST_ROUNDS):
        before = dict(known)
        for term in before:
            for about, values in _conclusions(facts, term, known):
                known[about] = known[about] & values
        for term in before:
            if facts.is_whole(term):
                known[term] = known[term].among_whole_numbers
            if known[term].is_empty:
                return False
        if known == before:
            break
    return True


def _add(facts: Facts, known: Known) -> None:
    """What is known of the terms by themselves, and of those that their values depend on."""
    waiting = list(known)
    seen: set[Term] = set()
    while waiting:
        term = waiting.pop()
        if term not in seen:
            seen.add(term)
            known[term] = known.get(term, domains.ANYTHING) & facts.values(term)
            waiting.extend(facts.needed(term))


def _conclusions(facts: Facts, term: Term, known: Known) -> Iterator[tuple[Term, Domain]]:
    operation, *parts = facts.terms.key(term)
    needed = facts.needed(term)
    if not known[term].may_be_missing:
        for part in needed:
            yield part, domains.THERE
        if operation == "field":
            yield parts[0], domains.OTHER
    if any((known[part] & domains.THERE).is_empty for part in needed):
        yield term, domains.MISSING
    if operation == "field":
        if not known[parts[0]].may_be_other:
            yield term, domains.MISSING
        elif not known[parts[0]].may_be_missing and facts.is_required(term):
            yield term, domains.THERE
    if (operation, *parts[:1]) == ("call", "size") and facts.has_size(parts[1]):
        yield term, domains.ANYTHING if known[parts[1]].may_be_missing else domains.THERE
    if operation == "compared" and not known[term].may_be_missing:
        yield term, _outcomes(known[parts[0]], known[parts[1]]) | domains.MISSING


def _outcomes(left: Domain, right: Domain) -> Domain:
    """How two values can compare, where the numbers or strings they may be lie apart."""
    for one, other, rest in ((left.numbers, right.numbers, "strings"), (left.strings, right.strings, "numbers")):
        alone = all(not domain.few - {"none"} and not getattr(domain, rest) for domain in (left, right))
        if alone and one and other:
            if _lies_below(one[-1].high, other[0].low):
                return domains.several(["<"]) or domains.ANYTHING
            if _lies_below(other[-1].high, one[0].low):
                return domains.several([">"]) or domains.ANYTHING
    return domains.ANYTHING


def _lies_below(high: object, low: object) -> bool:
    return high is not None and low is not None and high < low  # type: ignore[operator]
