"""Every example of the built-in pack gives the same findings on both engines, word for word."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from penstock.cel import engine
from penstock.cel.program import Program
from penstock.model import Finding
from penstock.policy import Pack, load_pack
from penstock.policy.examples import load_example, outcome_of
from penstock.workspace.check import Options, check

EXAMPLES = Path(__file__).parents[2] / "examples"
NUMBER_OF_POLICIES = len(list((Path(__file__).parents[2] / "policies" / "levie").glob("step-*/*.yaml")))


@cache
def pack(name: str) -> Pack:
    return load_pack("levie", Path(), engine(name))


@pytest.mark.parametrize("number", range(NUMBER_OF_POLICIES))
def test_examples_give_the_same_on_both_engines(number: int) -> None:
    ours, theirs = pack("penstock"), pack("cel-python")
    first, second = ours.policies[number], theirs.policies[number]
    for example in (*first.good, *first.bad):
        loaded = load_example(example, ours.base)
        assert loaded.problems == ()
        outcomes = [outcome_of(policy, loaded, ours.base) for policy in (first, second)]
        assert outcomes[0] == outcomes[1], example.name


@pytest.mark.parametrize("rollout", sorted(EXAMPLES.glob("**/penstock.yaml")), ids=lambda path: path.parent.name)
def test_rollouts_give_the_same_on_both_engines(rollout: Path) -> None:
    found: list[tuple[Finding, ...]] = [
        check(Options(paths=(str(rollout.parent),), as_of="2026-11-20", engine=name)).findings
        for name in ("penstock", "cel-python")
    ]
    assert found[0] == found[1]
    assert bool(found[0]) is ("broken" in rollout.parts)


def test_the_examples_of_the_pack_are_answered_by_the_fast_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """The exact evaluator is for faults: what the pack says of well-formed manifests never needs it."""
    left: list[str] = []
    exactly = Program.evaluate_exactly

    def counted(program: Program, *arguments: Any) -> object:
        left.append(program.text)
        return exactly(program, *arguments)

    monkeypatch.setattr(Program, "evaluate_exactly", counted)
    for policy in pack("penstock").policies:
        for example in (*policy.good, *policy.bad):
            base = pack("penstock").base
            outcome_of(policy, load_example(example, base), base)
    assert left == []
