"""Explanations: they agree with the check, and tell what happened before, in and between the items."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.cel import engine
from penstock.manifest.load import load
from penstock.policy import Evaluator, Policy
from penstock.policy.explanation import Explainer, Explanation, Verdict
from penstock.policy.load import load_policy
from penstock.source import SourceFile, read
from penstock.workspace.opened import open_rollout

EXAMPLES = Path(__file__).parents[2] / "examples" / "broken"
AS_OF = "2026-11-20"

ENVELOPE = """apiVersion: policy/v1
kind: Policy
metadata: {name: under-test}
spec:
  id: TEST001
  title: The title
  severity: error
  step: 1
  why: Because.
  remediation: Mend it.
  examples:
    good: [{name: good, manifests: [{kind: UseCase, metadata: {name: a}}]}]
    bad:
      - name: bad
        manifests: [{kind: UseCase, metadata: {name: a}}]
        findings: [{resource: UseCase/a, at: spec}]
"""
USE_CASE = """apiVersion: rollout/v1
kind: UseCase
metadata: {name: claims}
spec:
  workflow: Sort claims
  businessUnit: claims
  domain: knowledge-work
  stage: prepare
  tasks:
    - {name: sort, interface: headless}
    - {name: pay, interface: seated}
    - {name: file, repeatable: true}
---
"""
AGENT = """apiVersion: rollout/v1
kind: Agent
metadata: {name: triager}
spec: {useCase: lost}
---
"""


def policy(body: str, name: str = "penstock") -> Policy:
    text = ENVELOPE + "".join(f"  {line}\n" for line in body.strip().splitlines())
    (document,) = read(SourceFile("under-test.yaml", text)).documents
    return load_policy(document, engine(name), "test", {})


def explain(body: str, manifests: str = USE_CASE, name: str = "penstock") -> Explanation:
    rollout = load("test", ".", [read(SourceFile("all.yaml", manifests))]).rollout
    explainer = Explainer(rollout, AS_OF)
    rule = policy(body, name)
    (subject,) = explainer.subjects(rule)
    return explainer.explain(rule, subject)


def test_explanations_find_what_the_check_finds() -> None:
    opened = open_rollout(EXAMPLES / "manufacturing-marketing")
    verdicts = set()
    for entry in opened.rules.values():
        if entry.policy is None:
            continue
        rule = opened.parameterized(entry.policy, AS_OF)
        check, explainer = Evaluator(opened.rollout, AS_OF), Explainer(opened.rollout, AS_OF)
        check.apply(rule)
        told = [explainer.explain(rule, subject) for subject in explainer.subjects(rule)]
        assert [finding for each in told for finding in each.findings] == check.outcome.findings
        assert sum(each.verdict is Verdict.UNJUDGED for each in told) <= check.outcome.skipped
        verdicts |= {each.verdict for each in told}
    assert verdicts == {Verdict.FAILS, Verdict.PASSES, Verdict.SKIPPED, Verdict.UNJUDGED}


def test_each_item_has_a_verdict_of_its_own() -> None:
    told = explain(
        """
match: {kinds: [UseCase]}
forEach: {path: spec.tasks}
matchConditions: [{name: has-interface, expression: has(item.interface)}]
validations: [{expression: "item.interface == 'seated'", message: no, at: item.interface}]
"""
    )
    assert told.verdict is Verdict.FAILS
    assert [(item.path, item.verdict) for item in told.items] == [
        (("spec", "tasks", 0), Verdict.FAILS),
        (("spec", "tasks", 1), Verdict.PASSES),
        (("spec", "tasks", 2), Verdict.SKIPPED),
    ]
    first, _, last = told.items
    assert [finding.location.path_text for finding in first.findings] == ["spec.tasks[sort].interface"]
    assert [path[1] for path in last.evaluated] == ["matchConditions"]


def test_variables_are_there_when_they_were_read() -> None:
    told = explain(
        """
match: {kinds: [UseCase]}
variables:
  - {name: stage, expression: object.spec.stage}
  - {name: unread, expression: object.spec.workflow}
validations: [{expression: "variables.stage == 'prepare'", message: no, at: spec.stage}]
"""
    )
    (whole,) = told.items
    assert told.verdict is Verdict.PASSES
    noted = {path[1:3]: found.value for path, found in whole.evaluated.items()}
    assert noted == {("variables", 0): "prepare", ("validations", 0): True}


def test_a_stage_that_was_not_reached() -> None:
    told = explain(
        """
match: {kinds: [UseCase]}
stage: {from: pilot}
validations: [{expression: "false", message: no, at: spec}]
"""
    )
    assert (told.verdict, told.reached, told.items) == (Verdict.SKIPPED, False, ())
    assert [use_case["metadata"]["name"] for use_case in told.use_cases or ()] == ["claims"]  # type: ignore[index]


@pytest.mark.parametrize(
    "body",
    [
        "stage: {from: pilot}",
        "stage: {from: pilot, useCase: \"ref(object.spec.useCase, 'UseCase')\"}",
        "forEach: {expression: \"ref(object.spec.useCase, 'UseCase').spec.tasks\"}",
    ],
)
def test_a_dangling_reference_before_any_item(body: str) -> None:
    told = explain(
        "match: {kinds: [Agent]}\n" + body + '\nvalidations: [{expression: "false", message: no, at: spec}]', AGENT
    )
    assert told.verdict is Verdict.UNJUDGED
    assert str(told.stopped) == "there is no UseCase named 'lost'"
    assert (told.items, told.use_cases, told.findings) == ((), None, ())


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("dyn(1) / 0 == 1", "division by zero"),
        ("dyn(object).spec.roi.metric == 'x'", "roi"),
    ],
)
@pytest.mark.parametrize("where", ["matchConditions", "validations"])
def test_an_expression_without_a_value_is_a_fault(where: str, expression: str, message: str) -> None:
    condition = expression if where == "matchConditions" else "true"
    validation = expression if where == "validations" else "true"
    told = explain(
        f"""
match: {{kinds: [UseCase]}}
matchConditions: [{{name: one, expression: "{condition}"}}]
validations: [{{expression: "{validation}", message: no, at: spec}}]
"""
    )
    (whole,) = told.items
    (finding,) = told.findings
    assert (told.verdict, whole.verdict, finding.rule) == (Verdict.FAULT, Verdict.FAULT, "LV011")
    assert message in finding.message
    evaluated = whole.evaluated["spec", where, 0, "expression"]
    assert evaluated.error is not None
    assert not evaluated.dangling


def test_a_manifest_that_breaks_its_schema_is_not_evaluated() -> None:
    told = explain(
        'match: {kinds: [UseCase]}\nvalidations: [{expression: "true", message: no, at: spec}]',
        USE_CASE.replace("stage: prepare", "stage: soon"),
    )
    assert (told.verdict, told.usable, told.items) == (Verdict.UNJUDGED, False, ())


def test_another_engine_tells_values_and_no_parts() -> None:
    body = (
        "match: {kinds: [UseCase]}\nvalidations: [{expression: has(object.spec.roi), message: no, at: spec.roi}]"
    )
    for name, has_parts in (("penstock", True), ("cel-python", False)):
        (whole,) = explain(body, name=name).items
        (evaluated,) = whole.evaluated.values()
        assert evaluated.value is False
        assert (evaluated.traced is not None) is has_parts
