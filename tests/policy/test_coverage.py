"""What examples have shown of expressions: parts seen true, seen false, and not seen because nothing asked."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from penstock.cel import EvalError, engine
from penstock.cel.coverage import Recording
from penstock.cel.program import compile as compiled
from penstock.errors import UsageError
from penstock.policy import load_pack
from penstock.policy.coverage import cover_policy
from penstock.policy.load import load_policy
from penstock.policy.model import ExampleBase
from penstock.render.examples import percent
from penstock.source import SourceFile, read

REPOSITORY = Path(__file__).parents[2]


def seen(text: str, *bindings: dict[str, object], is_condition: bool = False) -> dict[str, str]:
    """What has been seen of each part: T, F, TF or nothing."""
    recording = Recording(compiled(text), is_condition=is_condition)
    for each in bindings:
        with suppress(EvalError):
            recording.evaluate(each)
    return {
        text[part.start : part.end]: "T" * found.true + "F" * found.false for part, found in recording.seen.items()
    }


@pytest.mark.parametrize(
    ("text", "bindings", "expected"),
    [
        ("a && b", [{"a": True, "b": True}], {"a": "T", "b": "T"}),
        ("a && b", [{"a": False, "b": True}], {"a": "F", "b": ""}),
        ("a || b", [{"a": True, "b": True}], {"a": "T", "b": ""}),
        ("a || b", [{"a": False, "b": True}, {"a": True}], {"a": "TF", "b": "T"}),
        # What cannot be computed has not been seen, even where the other operand decides.
        ("a || b", [{"b": True}], {"a": "", "b": "T"}),
        ("a ? b : c", [{"a": True, "b": 1}, {"a": False, "c": 2}], {"a": "TF"}),
        ("a && (b || !c)", [{"a": True, "b": False, "c": True}], {"a": "T", "b || !c": "F", "b": "F", "!c": "F"}),
        ("x.all(i, i > 1)", [{"x": []}], {"i > 1": ""}),
        ("x.all(i, i > 1)", [{"x": [2, 3, 4, 5, 6, 1, 7]}], {"i > 1": "TF"}),
        # The second element has decided: nobody looks at the third.
        (
            "x.exists(i, i > 1 || i < 0)",
            [{"x": [1, 2, -1]}],
            {"i > 1 || i < 0": "TF", "i > 1": "TF", "i < 0": "F"},
        ),
        (
            "x.filter(i, i.y).size() > 0 && true",
            [{"x": [{"y": True}]}],
            {"x.filter(i, i.y).size() > 0": "T", "i.y": "T"},
        ),
        ("x.map(i, i.y)", [{"x": [{"y": True}]}], {}),
    ],
)
def test_what_is_seen(text: str, bindings: list[dict[str, object]], expected: dict[str, str]) -> None:
    assert seen(text, *bindings) == expected


def test_a_condition_is_seen_as_a_whole_too() -> None:
    assert seen("a == 1", {"a": 1}, is_condition=True) == {"a == 1": "T"}


def test_a_recording_gives_what_the_program_gives() -> None:
    program = compiled("a || 1 / b > 0")
    recording = Recording(program, is_condition=True)
    assert recording.evaluate({"a": False, "b": 1}) is True
    with pytest.raises(EvalError) as theirs:
        program.evaluate({"a": False, "b": 0})
    with pytest.raises(EvalError) as ours:
        recording.evaluate({"a": False, "b": 0})
    assert (ours.value.message, ours.value.line, ours.value.column) == (
        theirs.value.message,
        theirs.value.line,
        theirs.value.column,
    )


POLICY = """apiVersion: policy/v1
kind: Policy
metadata: {name: late}
spec:
  id: TEST001
  title: A use case is late
  severity: error
  step: 1
  why: It takes too long.
  remediation: Hurry up.
  match: {kinds: [UseCase]}
  matchConditions:
    - {name: claims, expression: object.spec.businessUnit == 'claims'}
  validations:
    - expression: >-
        has(object.spec.goLiveOn)
        && object.spec.goLiveOn > asOf
      messageExpression: "'late' + (has(object.spec.goLiveOn) ? ': ' + object.spec.goLiveOn : '')"
      at: spec.workflow
  examples:
    good:
      - name: in-time
        manifests: [{apiVersion: rollout/v1, kind: UseCase, metadata: {name: a}, spec: {workflow: w,
          businessUnit: claims, domain: coding, stage: pilot, goLiveOn: 2026-12-31}}]
    bad:
      - name: no-date
        manifests: [{apiVersion: rollout/v1, kind: UseCase, metadata: {name: a}, spec: {workflow: w,
          businessUnit: claims, domain: coding, stage: pilot}}]
        findings: [{resource: UseCase/a, at: spec.workflow}]
"""


def test_the_coverage_of_a_policy() -> None:
    document = read(SourceFile("pack/late.yaml", POLICY)).documents[0]
    coverage = cover_policy(load_policy(document, engine(), "test", {}), ExampleBase("2026-06-30", {}))
    found = [
        (each.location.span.start.line, each.location.span.start.column, each.text, each.value)
        for each in coverage.unseen
        if each.location.span
    ]
    assert found == [
        (13, 34, "object.spec.businessUnit == 'claims'", False),
        (17, 12, "object.spec.goLiveOn > asOf", False),
        (18, 37, "has(object.spec.goLiveOn)", True),
    ]
    # Two conditions as a whole, two operands and a choice: each true and false.
    assert (coverage.outcomes, coverage.seen) == (10, 7)


def test_another_engine_cannot_tell() -> None:
    document = read(SourceFile("pack/late.yaml", POLICY)).documents[0]
    policy = load_policy(document, engine("cel-python"), "test", {})
    with pytest.raises(UsageError, match="coverage is measured by the engine penstock"):
        cover_policy(policy, ExampleBase("2026-06-30", {}))


def test_the_examples_of_the_built_in_pack_show_nearly_everything() -> None:
    pack = load_pack("levie", REPOSITORY, engine())
    coverage = [cover_policy(policy, pack.base) for policy in pack.policies]
    poor = {each.policy.rule.id: percent([each]) for each in coverage if percent([each]) < 70}
    assert percent(coverage) >= 90, poor
