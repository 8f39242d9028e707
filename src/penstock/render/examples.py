"""How the examples of policies fared, and what they have shown, for people and for programs.

Takes failures and coverage; gives text. Coverage is told a line a rule, then the parts that were never true or
never false.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from penstock.policy.coverage import Coverage, Unseen
from penstock.policy.examples import Failure
from penstock.policy.model import Policy
from penstock.policy.vacuity import Vacuous
from penstock.record import dataclass
from penstock.render.escape import one_line, visible
from penstock.render.places import as_data, as_words
from penstock.render.serialize import json_text
from penstock.render.totals import count, share


@dataclass(frozen=True, slots=True)
class Tested:
    """The policies that were tested, what fails of them, and coverage when it was asked for."""

    policies: Sequence[Policy]
    failures: Sequence[Failure]
    coverage: Sequence[Coverage] | None = None
    vacuous: Sequence[Vacuous] = ()
    """Those of the policies that judge none of their good examples."""

    @property
    def examples(self) -> int:
        """How many examples the policies have."""
        return sum(len(policy.good) + len(policy.bad) for policy in self.policies)


def percent(coverage: Sequence[Coverage]) -> float:
    """The share of all outcomes that an example shows."""
    outcomes, seen = _totals(coverage)
    return share(seen, outcomes)


def as_text(tested: Tested) -> str:
    """The examples that fail, the policies that no good example tries, the counts, and below them the coverage."""
    lines = [line for failure in tested.failures for line in _failure(failure)]
    lines += [line for each in tested.vacuous for line in _vacuous(each)]
    policies = count(len(tested.policies), "policy")
    lines.append(f"{policies}, {tested.examples} examples, {len(tested.failures)} failed{_not_tried(tested)}")
    if tested.coverage is not None:
        lines += ["", *(line for each in tested.coverage for line in _coverage(each)), ""]
        lines.append(f"{count(len(tested.coverage), 'rule')}, {_numbers(*_totals(tested.coverage))}")
    return "\n".join(lines) + "\n"


def as_json(tested: Tested) -> str:
    """The same as JSON; ``coverage`` is null when it was not asked for."""
    data: dict[str, Any] = {
        "policies": len(tested.policies),
        "examples": tested.examples,
        "failures": [
            {"rule": failure.policy.rule.id, "example": failure.example.name, "problems": list(failure.problems)}
            for failure in tested.failures
        ],
        "vacuous": [
            {"rule": each.policy.rule.id, "name": each.policy.rule.name, "reasons": list(each.reasons)}
            for each in tested.vacuous
        ],
        "coverage": None,
    }
    if tested.coverage is not None:
        outcomes, seen = _totals(tested.coverage)
        numbers = {"outcomes": outcomes, "seen": seen, "percent": percent(tested.coverage)}
        data["coverage"] = {**numbers, "rules": [_rule(each) for each in tested.coverage]}
    return json_text(data)


def _totals(coverage: Sequence[Coverage]) -> tuple[int, int]:
    return sum(each.outcomes for each in coverage), sum(each.seen for each in coverage)


def _failure(failure: Failure) -> Iterator[str]:
    yield f"{failure.place}: {failure.policy.rule.id} example {failure.example.name}"
    yield from (f"  {visible(problem)}" for problem in failure.problems)


def _vacuous(found: Vacuous) -> Iterator[str]:
    rule = found.policy.rule
    yield f"{found.place}: {rule.id} judges none of its good examples, and would pass them whatever it checks"
    yield from (f"  {visible(reason)}" for reason in found.reasons)
    yield "  add a good example with a manifest that the rule applies to and does not find fault with"


def _not_tried(tested: Tested) -> str:
    if not tested.vacuous:
        return ""
    return f", {count(len(tested.vacuous), 'policy')} without a good example that counts"


def _coverage(coverage: Coverage) -> Iterator[str]:
    rule = coverage.policy.rule
    yield f"{rule.id} {rule.name}: {_numbers(coverage.outcomes, coverage.seen)}"
    for unseen in coverage.unseen:
        never = f"never {str(unseen.value).lower()}"
        yield f"  {as_words(unseen.location)}: {never}: {one_line(unseen.text)}"


def _numbers(outcomes: int, seen: int) -> str:
    return f"{count(outcomes, 'outcome')}, {seen} seen, {share(seen, outcomes):.1f} %"


def _rule(coverage: Coverage) -> dict[str, Any]:
    return {
        "rule": coverage.policy.rule.id,
        "name": coverage.policy.rule.name,
        "outcomes": coverage.outcomes,
        "seen": coverage.seen,
        "percent": percent([coverage]),
        "unseen": [_unseen(each) for each in coverage.unseen],
    }


def _unseen(unseen: Unseen) -> dict[str, Any]:
    return {**as_data(unseen.location), "never": unseen.value, "text": unseen.text}
