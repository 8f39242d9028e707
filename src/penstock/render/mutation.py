"""Results of mutation testing, for people and for programs.

Takes results; gives text. The numbers come first for each rule, then the changes that no example notices: the
place in the policy file, what stands there, and what it was changed to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from penstock.policy.mutation import Mutant, Result
from penstock.render.escape import one_line, visible
from penstock.render.places import as_data, as_words
from penstock.render.serialize import json_text
from penstock.render.totals import count, share


def percent(results: Sequence[Result]) -> float:
    """The share of all mutants that are killed."""
    mutants, killed = _totals(results)
    return share(killed, mutants)


def as_text(results: Sequence[Result]) -> str:
    """A line a rule with its survivors below it, then the total."""
    lines = [line for result in results for line in _lines(result)]
    untried = sum(bool(result.failures) for result in results)
    total = f"{count(len(results), 'rule')}, {_numbers(*_totals(results))}"
    lines += ["", total + (f", {count(untried, 'rule')} not tried" if untried else "")]
    return "\n".join(lines) + "\n"


def as_json(results: Sequence[Result]) -> str:
    """The same as JSON."""
    mutants, killed = _totals(results)
    rules = [_rule(result) for result in results]
    return json_text({"mutants": mutants, "killed": killed, "percent": percent(results), "rules": rules})


def _totals(results: Sequence[Result]) -> tuple[int, int]:
    return sum(result.mutants for result in results), sum(result.killed for result in results)


def _lines(result: Result) -> Iterator[str]:
    rule = result.policy.rule
    if result.failures:
        yield f"{rule.id} {rule.name}: not tried, since examples of it fail"
        for failure in result.failures:
            yield f"  {failure.place}: example {failure.example.name}"
            yield from (f"    {visible(problem)}" for problem in failure.problems)
        return
    yield f"{rule.id} {rule.name}: {_numbers(result.mutants, result.killed)}"
    for mutant in result.survivors:
        yield f"  {as_words(mutant.location)}: {mutant.change}"
        yield f"    - {one_line(mutant.before)}"
        if mutant.after:
            yield f"    + {one_line(mutant.after)}"


def _numbers(mutants: int, killed: int) -> str:
    return f"{count(mutants, 'mutant')}, {killed} killed, {share(killed, mutants):.1f} %"


def _rule(result: Result) -> dict[str, Any]:
    return {
        "rule": result.policy.rule.id,
        "name": result.policy.rule.name,
        "mutants": result.mutants,
        "killed": result.killed,
        "percent": None if result.failures else percent([result]),
        "failingExamples": [failure.example.name for failure in result.failures],
        "survivors": [_survivor(mutant) for mutant in result.survivors],
    }


def _survivor(mutant: Mutant) -> dict[str, Any]:
    change = {"change": mutant.change, "before": mutant.before, "after": mutant.after}
    return {**as_data(mutant.location), **change}
