"""Policies applied to rollouts: where findings point, what is skipped, what is a fault of the policy."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from penstock.cel import engine
from penstock.manifest.load import load
from penstock.manifest.rollout import Rollout
from penstock.model import Finding
from penstock.policy import Evaluator, Policy
from penstock.policy.evaluate import Outcome
from penstock.policy.load import load_policy
from penstock.source import SourceFile, read

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

ORGANIZATION = """apiVersion: rollout/v1
kind: Organization
metadata: {name: acme}
spec: {industry: insurance, segment: mid-market, businessUnits: [{name: claims}]}
---
"""


def use_case(name: str = "claims", stage: str = "pilot", extra: str = "") -> str:
    return f"""apiVersion: rollout/v1
kind: UseCase
metadata: {{name: {name}}}
spec:
  workflow: Sort claims
  businessUnit: claims
  domain: knowledge-work
  stage: {stage}
{extra}---
"""


def agent(name: str = "triager", case: str = "claims", extra: str = "") -> str:
    return f"""apiVersion: rollout/v1
kind: Agent
metadata: {{name: {name}}}
spec:
  useCase: {case}
{extra}---
"""


def policy(body: str) -> Policy:
    text = ENVELOPE + "".join(f"  {line}\n" for line in body.strip().splitlines())
    (document,) = read(SourceFile("under-test.yaml", text)).documents
    return load_policy(document, engine("cel-python"), "test", {})


def rollout(*manifests: str) -> Rollout:
    return load("test", ".", [read(SourceFile("all.yaml", "".join(manifests)))]).rollout


def apply(body: str, *manifests: str) -> Outcome:
    evaluator = Evaluator(rollout(*manifests), "2026-11-20")
    evaluator.apply(policy(body))
    return evaluator.outcome


def places(findings: Sequence[Finding]) -> list[tuple[str, str | None, str]]:
    return [(found.rule, found.location.resource, found.location.path_text) for found in findings]


def test_a_missing_field_is_reported_at_its_nearest_parent_under_its_own_path() -> None:
    (found,) = apply(
        """
match: {kinds: [UseCase]}
validations: [{expression: has(object.spec.roi), message: no ROI, at: spec.roi.metric}]
""",
        use_case(),
    ).findings
    assert found.location.path_text == "spec.roi.metric"
    assert found.location.span is not None
    assert found.location.span.start.line == 4  # the key `spec`


TASKS = """  tasks:
    - {name: sort, interface: headless}
    - {name: pay, interface: seated}
"""


def test_for_each_points_at_the_element() -> None:
    body = """
match: {kinds: [UseCase]}
forEach: {path: spec.tasks}
validations:
  - {expression: "item.interface == 'seated'", at: item.interface, messageExpression: "item.name + ' is headless'"}
"""
    (found,) = apply(body, use_case(extra=TASKS)).findings
    assert (found.location.path_text, found.message) == ("spec.tasks[sort].interface", "sort is headless")
    assert apply(body, use_case()).findings == []


def test_for_each_walks_nested_lists() -> None:
    servers = """  mcpServers:
    - {name: crm, dataSources: [{name: clients, permission: read}]}
    - {name: erp, dataSources: [{name: ledger, permission: read}, {name: payroll, permission: write}]}
"""
    body = """
match: {kinds: [Agent]}
forEach: {path: "spec.mcpServers[*].dataSources"}
validations: [{expression: "item.permission == 'read'", message: writes, at: item.permission}]
"""
    (found,) = apply(body, use_case(), agent(extra=servers)).findings
    assert found.location.path_text == "spec.mcpServers[erp].dataSources[payroll].permission"


def test_for_each_over_an_expression_points_into_the_object() -> None:
    body = """
match: {kinds: [Agent]}
forEach: {expression: "ref(object.spec.useCase, 'UseCase').spec.tasks"}
validations:
  - {expression: "item.interface == 'seated'", at: spec.useCase, messageExpression: item.name}
"""
    outcome = apply(body, use_case(extra=TASKS), agent())
    assert [(found.location.path_text, found.message) for found in outcome.findings] == [("spec.useCase", "sort")]


def test_for_each_over_something_else_than_a_list_is_a_fault_of_the_policy() -> None:
    body = """
match: {kinds: [UseCase]}
forEach: {expression: object.spec.workflow}
validations: [{expression: "true", message: never, at: spec}]
"""
    (found,) = apply(body, use_case()).findings
    assert found.rule == "LV011"
    assert "needs a list" in found.message


@pytest.mark.parametrize(("stage", "findings"), [("prepare", 0), ("pilot", 1), ("production", 1), ("retired", 0)])
@pytest.mark.parametrize("kind", ["UseCase", "Agent"])
def test_a_stage_gate_opens_from_its_stage_on(kind: str, stage: str, findings: int) -> None:
    body = f"""
match: {{kinds: [{kind}]}}
stage: {{from: pilot}}
validations: [{{expression: "false", message: no, at: spec}}]
"""
    assert len(apply(body, use_case(stage=stage), agent()).findings) == findings


def test_a_stage_gate_may_name_its_use_cases() -> None:
    body = """
match: {kinds: [Organization]}
stage: {from: production, useCase: "resources('UseCase')"}
validations: [{expression: "false", message: no, at: spec}]
"""
    early, late = use_case("a", "pilot"), use_case("b", "production")
    assert len(apply(body, ORGANIZATION, early, late).findings) == 1
    assert apply(body, ORGANIZATION, early).findings == []


def test_variables_are_evaluated_only_when_needed() -> None:
    body = """
match: {kinds: [UseCase]}
variables:
  - {name: broken, expression: object.spec.roi.metric.name}
  - {name: fine, expression: object.spec.stage}
validations: [{expression: "variables.fine == 'pilot' || variables.broken == 'x'", message: no, at: spec}]
"""
    assert apply(body, use_case()).findings == []


def test_an_error_in_a_variable_points_into_that_variable() -> None:
    body = """
match: {kinds: [UseCase]}
variables:
  - {name: metric, expression: object.spec.roi.metric}
validations: [{expression: "has(variables.metric.name)", message: no, at: spec}]
"""
    (found,) = apply(body, use_case()).findings
    assert found.rule == "LV011"
    assert "no such key: `roi`" in found.message
    (related,) = found.related
    assert related.location.path == ("spec", "variables", 0, "expression")


def test_a_condition_that_cannot_be_evaluated_is_not_a_skip() -> None:
    body = """
match: {kinds: [UseCase]}
matchConditions: [{name: broken, expression: object.spec.roi.metric.name == 'x'}]
validations: [{expression: "true", message: no, at: spec}]
"""
    assert places(apply(body, use_case()).findings) == [("LV011", "UseCase/claims", "metadata.name")]


def test_one_validation_that_fails_to_evaluate_hides_no_other() -> None:
    body = """
match: {kinds: [UseCase]}
validations:
  - {expression: object.spec.roi.metric.name == 'x', message: no, at: spec}
  - {expression: "dyn(1)", message: no, at: spec}
  - {expression: "false", message: plain, at: spec.stage}
"""
    assert [found.rule for found in apply(body, use_case()).findings] == ["LV011", "LV011", "TEST001"]


def test_a_broken_message_leaves_the_violation_standing() -> None:
    body = """
match: {kinds: [UseCase]}
validations: [{expression: "false", messageExpression: object.spec.roi.metric.name, at: spec.stage}]
"""
    findings = apply(body, use_case()).findings
    assert [(found.rule, found.message) for found in findings if found.rule == "TEST001"] == [
        ("TEST001", "The title")
    ]
    assert [found.rule for found in findings] == ["LV011", "TEST001"]


def test_a_dangling_reference_is_skipped_and_counted_not_judged() -> None:
    body = """
match: {kinds: [Agent]}
validations: [{expression: "ref(object.spec.useCase, 'UseCase').spec.stage == 'pilot'", message: no, at: spec}]
"""
    outcome = apply(body, use_case("other"), agent())
    assert (outcome.findings, outcome.evaluations, outcome.skipped) == ([], 1, 1)


def test_a_dangling_reference_that_does_not_matter_is_judged() -> None:
    body = """
match: {kinds: [Agent]}
validations: [{expression: "false && has(ref(object.spec.useCase, 'UseCase').spec.roi)", message: no, at: spec}]
"""
    outcome = apply(body, agent())
    assert (len(outcome.findings), outcome.skipped) == (1, 0)


def test_a_violation_stands_when_only_its_words_follow_a_dangling_reference() -> None:
    body = """
match: {kinds: [Agent]}
validations:
  - expression: "false"
    messageExpression: ref(object.spec.useCase, 'UseCase').spec.workflow
    at: spec.useCase
    related: [{resource: "ref(object.spec.useCase, 'UseCase')", at: spec, message: here}]
"""
    (found,) = apply(body, agent()).findings
    assert (found.message, found.related) == ("The title", ())


def test_a_manifest_that_breaks_its_schema_is_not_judged_nor_what_follows_it() -> None:
    body = """
match: {kinds: [Agent, UseCase]}
validations: [{expression: "size(referrers(object, 'Agent')) == 0 || false", message: no, at: spec}]
"""
    outcome = apply(body, use_case(), agent(extra="  autonomy: total\n"))
    assert (outcome.findings, outcome.evaluations, outcome.skipped) == ([], 2, 2)


def test_a_rule_that_reads_a_broken_organization_gives_no_verdict() -> None:
    body = """
match: {kinds: [UseCase]}
validations: [{expression: "organization == null", message: no, at: spec}]
"""
    broken = ORGANIZATION.replace("mid-market", "huge")
    assert apply(body, broken, use_case()).skipped == 1
    assert len(apply(body, ORGANIZATION, use_case()).findings) == 1
    assert apply(body, use_case()).findings == []


def test_related_places_are_fields_of_other_resources() -> None:
    body = """
match: {kinds: [Agent]}
validations:
  - expression: "false"
    message: no
    at: spec.useCase
    related: [{resource: "ref(object.spec.useCase, 'UseCase')", at: spec.stage, message: its stage}]
"""
    (found,) = apply(body, use_case(), agent()).findings
    (related,) = found.related
    assert (related.location.resource, related.location.path_text) == ("UseCase/claims", "spec.stage")
    assert related.message == "its stage"


def test_a_rule_about_the_rollout_runs_once_and_points_at_its_folder() -> None:
    body = """
match: {kinds: [Rollout]}
validations: [{expression: "size(resources('Agent')) < 2", message: too many, at: ""}]
"""
    (found,) = apply(body, use_case(), agent("a"), agent("b")).findings
    assert (found.location.resource, found.location.file) == ("Rollout/test", ".")


def test_a_path_may_hold_an_index() -> None:
    body = """
match: {kinds: [UseCase]}
validations: [{expression: "false", message: no, at: "spec.tasks[1].interface"}]
"""
    (found,) = apply(body, use_case(extra=TASKS)).findings
    assert found.location.path == ("spec", "tasks", 1, "interface")


def test_a_related_place_may_be_an_element_found_by_name() -> None:
    body = """
match: {kinds: [Agent]}
forEach: {expression: "ref(object.spec.useCase, 'UseCase').spec.tasks"}
validations:
  - expression: item.interface == 'seated'
    message: no
    at: spec.useCase
    related:
      - resource: ref(object.spec.useCase, 'UseCase')
        atExpression: "'spec.tasks[' + item.name + '].interface'"
        message: here
"""
    (found,) = apply(body, use_case(extra=TASKS), agent()).findings
    (related,) = found.related
    assert related.location.path == ("spec", "tasks", 0, "interface")


@pytest.mark.parametrize("path", ["'spec.tasks[nobody]'", "object.spec.roi.metric.name", "'['"])
def test_a_related_place_that_cannot_be_found_leaves_the_violation_standing(path: str) -> None:
    body = f"""
match: {{kinds: [UseCase]}}
validations:
  - expression: "false"
    message: no
    at: spec.stage
    related: [{{resource: object, atExpression: "{path}", message: here}}]
"""
    findings = apply(body, use_case(extra=TASKS)).findings
    assert [found.rule for found in findings] == ["LV011", "TEST001"]


def test_a_finding_about_something_missing_says_which_files_could_not_be_read() -> None:
    readings = [
        read(SourceFile("use-case.yaml", use_case())),
        read(SourceFile("broken.yaml", "kind: [")),
    ]
    evaluator = Evaluator(load("test", ".", readings).rollout, "2026-11-20")
    for expression in ("size(referrers(object, 'TokenBudget')) > 0", "object.spec.stage == 'production'"):
        validation = f'{{expression: "{expression}", message: missing, at: spec}}'
        evaluator.apply(policy(f"match: {{kinds: [UseCase]}}\nvalidations: [{validation}]"))
    missing, plain = (found.message for found in evaluator.outcome.findings)
    assert missing == "missing (broken.yaml could not be read in full, which may be why)"
    assert plain == "missing"
