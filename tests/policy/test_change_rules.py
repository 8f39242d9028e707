"""Rules about changes: what they are applied to, what they may ask of the state before, what their files say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from penstock.cel import EvalError, engine
from penstock.errors import GroupedError, PenstockError
from penstock.manifest.load import load
from penstock.manifest.pairing import pair
from penstock.manifest.rollout import Rollout
from penstock.model import Status
from penstock.policy import Evaluator, Policy, load_pack
from penstock.policy.console import Console
from penstock.policy.evaluate import Outcome
from penstock.policy.explanation import Explainer, Explanation, Verdict
from penstock.policy.functions import UnresolvedReferenceError, functions
from penstock.policy.judge import counterpart
from penstock.policy.load import load_policy
from penstock.policy.stored import load_stored
from penstock.render.verdict import Told, render
from penstock.source import SourceFile, read
from penstock.source.document import Document

AS_OF = "2026-11-20"
ENGINES = ("penstock", "cel-python")

ENVELOPE = """apiVersion: policy/v1
kind: Policy
metadata: {name: under-test}
spec:
  id: TEST001
  title: The title
  severity: error
  step: 13
  why: Because.
  remediation: Mend it.
"""
EXAMPLES = """
examples:
  good: [{name: good, before: [], manifests: [{kind: UseCase, metadata: {name: a}}]}]
  bad:
    - name: bad
      before: [{kind: UseCase, metadata: {name: a}}]
      manifests: [{kind: UseCase, metadata: {name: a}}]
      findings: [{resource: UseCase/a, at: spec}]
"""
STAYS = """
match: {kinds: [UseCase]}
validations:
  - expression: object.spec.stage == oldObject.spec.stage
    messageExpression: "'from ' + oldObject.spec.stage + ' to ' + object.spec.stage"
    at: spec.stage
"""


def document(body: str) -> Document:
    text = ENVELOPE + "".join(f"  {line}\n" for line in body.strip().splitlines())
    (made,) = read(SourceFile("under-test.yaml", text)).documents
    return made


def policy(body: str, name: str = "penstock") -> Policy:
    return load_policy(document(body + EXAMPLES), engine(name), "test", {})


def faults(body: str) -> list[PenstockError]:
    try:
        load_policy(document(body), engine("penstock"), "test", {})
    except GroupedError as group:
        return list(group.errors)
    return []


def use_case(name: str = "claims", **spec: Any) -> dict[str, Any]:
    fields = {"workflow": name, "businessUnit": "claims", "domain": "knowledge-work", "stage": "pilot", **spec}
    return {"apiVersion": "rollout/v1", "kind": "UseCase", "metadata": {"name": name}, "spec": fields}


def budget(name: str, **spec: Any) -> dict[str, Any]:
    fields = {"useCase": "claims", "currency": "EUR", "budgetDuration": "P1M", **spec}
    return {"apiVersion": "rollout/v1", "kind": "TokenBudget", "metadata": {"name": name}, "spec": fields}


def rollout(*manifests: dict[str, Any]) -> Rollout:
    text = "\n---\n".join(map(json.dumps, manifests))
    return load("test", ".", [read(SourceFile("all.yaml", text))]).rollout


def apply(rule: Policy, old: Rollout | None, new: Rollout) -> Outcome:
    evaluator = Evaluator(new, AS_OF, pair(old, new) if old is not None else None)
    evaluator.apply(rule)
    return evaluator.outcome


@pytest.mark.parametrize("name", ENGINES)
def test_what_was_is_compared_with_what_is(name: str) -> None:
    old, new = rollout(use_case(stage="assess")), rollout(use_case(stage="pilot"))
    (found,) = apply(policy(STAYS, name), old, new).findings
    assert found.message == "from assess to pilot"
    assert found.location.path_text == "spec.stage"
    assert apply(policy(STAYS, name), new, new).findings == []


def test_without_a_base_a_rule_about_changes_does_not_run() -> None:
    outcome = apply(policy(STAYS), None, rollout(use_case()))
    assert (outcome.evaluations, outcome.statuses, outcome.findings) == (0, {}, [])


def test_other_rules_run_with_a_base_as_without() -> None:
    rule = PACK_RULES["LV401"]
    assert not rule.is_change_rule
    new = rollout(use_case())
    assert apply(rule, rollout(), new) == apply(rule, None, new)
    assert apply(rule, None, new).findings


def test_what_became_of_each_resource() -> None:
    broken = use_case("broken")
    del broken["spec"]["domain"]
    old = rollout(use_case("same"), use_case("moved", stage="prepare"), broken, use_case("breaks"))
    now_broken = use_case("breaks")
    del now_broken["spec"]["domain"]
    new = rollout(use_case("same"), use_case("moved"), use_case("new"), use_case("broken"), now_broken)
    outcome = apply(policy(STAYS), old, new)
    assert outcome.statuses == {
        "TEST001": {
            Status.PASSED: ["UseCase/same"],
            Status.FAILED: ["UseCase/moved"],
            Status.NOT_APPLICABLE: ["UseCase/new"],
            Status.NOT_JUDGED: ["UseCase/broken", "UseCase/breaks"],
        }
    }
    assert (outcome.evaluations, outcome.skipped) == (5, 2)


def test_a_renamed_manifest_is_compared_with_what_it_was() -> None:
    old, new = rollout(use_case("one", workflow="w")), rollout(use_case("two", workflow="w", stage="production"))
    assert [found.location.resource for found in apply(policy(STAYS), old, new).findings] == ["UseCase/two"]


ITEMS = """
match: {kinds: [TokenBudget]}
forEach: {path: spec.allocations}
matchConditions:
  - name: was-there
    expression: oldItem != null
validations:
  - expression: double(item.amount) <= double(oldItem.amount) * 2.0
    messageExpression: >-
      'the share of ' + item.name + ' rises from ' + decimal(oldItem.amount, 2) + ' to ' + decimal(item.amount, 2)
    at: item.amount
"""


@pytest.mark.parametrize("name", ENGINES)
def test_an_item_is_compared_with_the_one_of_its_name(name: str) -> None:
    old = rollout(budget("b", allocations=[{"name": "x", "amount": 5}, {"name": "y", "amount": 5}]))
    new = rollout(
        budget(
            "b",
            allocations=[{"name": "new", "amount": 99}, {"name": "y", "amount": 11}, {"name": "x", "amount": 10}],
        )
    )
    (found,) = apply(policy(ITEMS, name), old, new).findings
    assert found.message == "the share of y rises from 5 to 11"
    assert found.location.path_text == "spec.allocations[y].amount"


def test_the_counterpart_of_an_element() -> None:
    now = {"a": [{"name": "x", "b": [{"name": "p"}, {"name": "q"}]}, "s", {"name": "x2"}, {"k": 1}]}
    then = {"a": [{"k": 1}, {"name": "x", "b": [{"name": "q", "v": 1}]}, "s"]}
    assert counterpart(now, then, ("a", 0)) == {"name": "x", "b": [{"name": "q", "v": 1}]}
    assert counterpart(now, then, ("a", 0, "b", 1)) == {"name": "q", "v": 1}
    assert counterpart(now, then, ("a", 0, "b", 0)) is None
    assert counterpart(now, then, ("a", 1)) == "s"
    assert counterpart(now, then, ("a", 2)) is None
    assert counterpart(now, then, ("a", 3)) == {"k": 1}
    assert counterpart(now, {}, ("a", 0)) is None
    # Of two of a name neither is meant: only an equal one is found.
    twice = {"a": [{"name": "x", "v": 1}, {"name": "x", "v": 2}]}
    assert counterpart({"a": [{"name": "x", "v": 2}]}, twice, ("a", 0)) == {"name": "x", "v": 2}
    assert counterpart({"a": [{"name": "x", "v": 3}]}, twice, ("a", 0)) is None


def test_the_functions_that_look_back() -> None:
    old = rollout(use_case("claims", stage="assess"), budget("b1"), budget("b2"), use_case("gone", workflow="x"))
    new = rollout(use_case("claims"), budget("b1"), budget("b3", useCase="other"))
    known = functions(new, pair(old, new))
    now, then = new.resources[0].data, old.resources[0].data
    assert known["oldVersion"](now) is then
    assert known["oldVersion"](None) is None
    assert known["oldVersion"](new.resources[2].data) is old.resources[2].data  # b2 under another name
    assert known["newVersion"](old.resources[2].data) is new.resources[2].data
    assert known["newVersion"](old.resources[3].data) is None
    assert known["oldRef"]("gone", "UseCase")["spec"]["workflow"] == "x"  # type: ignore[index]
    assert known["oldReferrers"](then, "TokenBudget") == [old.resources[1].data, old.resources[2].data]
    assert known["referrers"](now, "TokenBudget") == [new.resources[1].data]
    assert len(known["oldResources"]("UseCase")) == 2  # type: ignore[arg-type]
    with pytest.raises(UnresolvedReferenceError, match="no UseCase named 'lost'"):
        known["oldRef"]("lost", "UseCase")
    with pytest.raises(EvalError, match=r"oldVersion\(\) takes a resource"):
        known["oldVersion"]("claims")
    with pytest.raises(EvalError, match="no earlier state"):
        functions(new)["oldResources"]("UseCase")


def test_what_was_broken_gives_no_verdict() -> None:
    body = """
match: {kinds: [UseCase]}
validations: [{expression: oldResources('TokenBudget').size() == 0, message: no, at: spec}]
"""
    broken = budget("b")
    del broken["spec"]["currency"]
    old, new = rollout(use_case(), broken), rollout(use_case())
    assert apply(policy(body), old, new).statuses == {"TEST001": {Status.NOT_JUDGED: ["UseCase/claims"]}}


def test_a_rule_on_the_rollout_sees_what_is_gone() -> None:
    body = """
match: {kinds: [Rollout]}
validations:
  - expression: >-
      oldObject.kind == 'Rollout' && oldResources('UseCase').all(old, newVersion(old) != null)
    message: a use case is gone
    at: ''
"""
    old = rollout(use_case("a", workflow="x"), use_case("b", workflow="y"))
    kept = rollout(use_case("a", workflow="x"), use_case("c", workflow="y"))
    lost = rollout(use_case("a", workflow="x"))
    for name in ENGINES:
        assert apply(policy(body, name), old, kept).findings == []
        assert [found.message for found in apply(policy(body, name), old, lost).findings] == ["a use case is gone"]


def test_a_finding_says_when_the_state_before_was_not_read_in_full() -> None:
    body = """
match: {kinds: [UseCase]}
validations: [{expression: "oldReferrers(oldObject, 'TokenBudget').size() > 0", message: no budget, at: spec}]
"""
    new = rollout(use_case())
    partly = Rollout("test", ".", rollout(use_case()).resources, unread=("budgets.yaml",))
    (found,) = apply(policy(body), partly, new).findings
    assert (
        found.message == "no budget (before the change, budgets.yaml could not be read in full, which may be why)"
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (STAYS.replace("oldObject.spec.stage\n", "oldObject.spec.stag\n"), "UseCase.spec has no field `stag`"),
        (ITEMS.replace("path: spec.allocations", "expression: object.spec.allocations"), "unknown name `oldItem`"),
        (ITEMS.replace("oldItem.amount)", "oldItem.amont)", 1), "has no field `amont`"),
        (STAYS.replace("oldObject.spec.stage\n", "oldRef('a', 'UseCas').spec.stage\n"), "no kind `UseCas`"),
        (STAYS.replace("oldObject.spec.stage\n", "oldVersion(object).spec.stag\n"), "has no field `stag`"),
    ],
)
def test_the_checker_knows_what_was(body: str, message: str) -> None:
    found = [fault.message for fault in faults(body + EXAMPLES)]
    assert any(message in each for each in found), found


def test_examples_say_what_was_before_and_others_do_not() -> None:
    assert [(fault.message, fault.hint) for fault in faults(STAYS + EXAMPLES.replace("before: [], ", ""))] == [
        (
            "the rule judges a change, and the example does not say what was before it",
            "list the manifests as they were under `before`",
        )
    ]
    ordinary = STAYS.replace("oldObject.spec.stage", "'pilot'")
    assert [fault.hint for fault in faults(ordinary + EXAMPLES)] == [
        "delete it, or compare with `oldObject`",
        "delete it, or compare with `oldObject`",
    ]


def explain(old: Rollout | None, new: Rollout) -> Explanation:
    explainer = Explainer(new, AS_OF, pair(old, new) if old is not None else None)
    rule = policy(STAYS)
    (subject,) = explainer.subjects(rule)
    return explainer.explain(rule, subject)


def test_an_explanation_says_why_there_is_no_verdict() -> None:
    broken = use_case()
    del broken["spec"]["domain"]
    new = rollout(use_case())
    reasons = {
        None: (Verdict.SKIPPED, "the rule judges what a change has changed, and there is nothing to compare with"),
        rollout(): (Verdict.SKIPPED, "the rule judges what a change has changed, and this manifest is new"),
        rollout(broken): (Verdict.UNJUDGED, "the manifest broke its schema before the change"),
    }
    for old, (verdict, reason) in reasons.items():
        told = explain(old, new)
        assert told.verdict is verdict
        assert reason in render(Told(told, AS_OF))
    told = explain(rollout(use_case(stage="assess")), new)
    assert told.verdict is Verdict.FAILS
    assert 'oldObject.spec.stage  = "assess"' in render(Told(told, AS_OF))


def test_an_expression_of_ones_own_sees_what_was() -> None:
    old, new = rollout(use_case(stage="assess")), rollout(use_case())
    (subject,) = Evaluator(new, AS_OF).subjects(policy(STAYS))
    console = Console(new, AS_OF, subject, pair(old, new))
    assert console.value(console.compile("oldObject.spec.stage")) == "assess"
    fresh = Console(new, AS_OF, subject, pair(rollout(), new))
    assert fresh.value(fresh.compile("oldObject == null")) is True
    without = Console(new, AS_OF, subject)
    with pytest.raises(GroupedError) as raised:
        without.compile("oldObject.spec.stage")
    assert raised.value.errors[0].hint is not None
    assert "state before" in raised.value.errors[0].hint
    with pytest.raises(PenstockError, match="no earlier state"):
        without.value(without.compile("oldResources('UseCase')"))


def test_a_stored_pack_is_about_changes_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_CACHE_DIR", str(tmp_path / "cache"))
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "under-test.yaml").write_text(document(STAYS + EXAMPLES).file.text, encoding="utf-8")
    old, new = rollout(use_case(stage="assess")), rollout(use_case())
    for _ in range(2):  # compiled, then from the cache
        (rule,) = load_stored("./pack", tmp_path).policies
        assert rule.is_change_rule
        assert [found.message for found in apply(rule, old, new).findings] == ["from assess to pilot"]
        assert apply(rule, new, new).findings == []


PACK_RULES = {rule.rule.id: rule for rule in load_pack("levie", Path(), engine("penstock")).policies}


def test_the_rules_about_changes_of_the_pack() -> None:
    assert {rule_id for rule_id, rule in PACK_RULES.items() if rule.is_change_rule} == {
        f"LV130{number}" for number in range(1, 7)
    }
