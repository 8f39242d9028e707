"""What is said of changed policies of packs."""

from __future__ import annotations

import pytest

from penstock.change import Change, policy_changes
from penstock.source import Document, read_bytes

POLICY = """\
apiVersion: policy/v1
kind: Policy
metadata: {name: small-run-ceiling}
spec:
  id: ACME001
  title: A run may cost one dollar at most
  severity: error
  step: 4
  why: It adds up.
  remediation: Lower it.
  match: {kinds: [TokenBudget]}
  params: {most: {type: number, default: 1, description: The most.}}
  validations:
    - {expression: object.spec.maxPerRun <= params.most, message: too much, at: spec.maxPerRun}
  examples: {good: [], bad: []}
"""


def document(text: str) -> Document:
    return read_bytes(text.encode(), "policies/a.yaml").documents[0]


def changes(old: str, new: str) -> tuple[Change, ...]:
    return policy_changes({"ACME001": document(old)}, {"ACME001": document(new)})


@pytest.mark.parametrize(
    ("edit", "weight", "sentence"),
    [
        (("severity: error", "severity: info"), "rules", "rule ACME001: severity lowered from error to info"),
        (("default: 1", "default: 5"), "rules", "rule ACME001: parameter most default raised from 1 to 5"),
        (("[TokenBudget]", "[Agent, TokenBudget]"), "rules", "rule ACME001: match kinds: Agent added"),
        (
            ("maxPerRun <= params", "maxPerRun <= 2.0 * params"),
            "rules",
            "rule ACME001: validation spec.maxPerRun: expression changed: "
            '"object.spec.maxPerRun <= params.most" -> "object.spec.maxPerRun <= 2.0 * params.most"',
        ),
        (
            ("It adds up", "It all adds up"),
            "text",
            'rule ACME001: why changed: "It adds up." -> "It all adds up."',
        ),
        (("good: []", "good: [{name: x}]"), "text", "rule ACME001: examples changed from nothing to good (x)"),
    ],
)
def test_one_edit_is_told_in_one_sentence(edit: tuple[str, str], weight: str, sentence: str) -> None:
    (found,) = changes(POLICY, POLICY.replace(*edit))
    assert (found.weight.value, found.sentence) == (weight, sentence)
    assert found.resource == "Policy/small-run-ceiling"


def test_a_rule_that_comes_is_notable_and_one_that_goes_a_risk() -> None:
    (added,) = policy_changes({}, {"ACME001": document(POLICY)})
    assert (added.weight.value, added.is_gone) == ("notable", False)
    assert added.sentence == "new rule ACME001: A run may cost one dollar at most (error)"
    (removed,) = policy_changes({"ACME001": document(POLICY)}, {})
    assert (removed.weight.value, removed.is_gone) == ("rules", True)
    assert removed.sentence == "rule ACME001 removed: A run may cost one dollar at most (error)"


def test_comments_are_no_change() -> None:
    assert changes(POLICY, "# why\n" + POLICY) == ()
