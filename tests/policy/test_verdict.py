"""The functions that answer for manifests with which all is well: they never say what the evaluator would not."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from policy_envelope import ENVELOPE

from penstock.cel import engine
from penstock.manifest.load import load
from penstock.manifest.rollout import Rollout
from penstock.model import Status
from penstock.policy import Evaluator, Pack, Policy, load_pack
from penstock.policy.examples import complete, load_example
from penstock.policy.judge import Subject
from penstock.policy.load import load_policy
from penstock.policy.verdict import ASK, BEFORE_STAGE, NOT_APPLICABLE, PASSED, Check, checks, write
from penstock.source import SourceFile, read

STATUSES = {PASSED: Status.PASSED, NOT_APPLICABLE: Status.NOT_APPLICABLE, BEFORE_STAGE: Status.BEFORE_STAGE}


@cache
def pack() -> Pack:
    return load_pack("levie", Path(), engine())


@cache
def known() -> Mapping[str, Check]:
    return checks(pack().policies)


def at_stage(evaluator: Evaluator, policy: Policy, subject: Subject) -> bool:
    """Whether a check may be asked: it takes for granted that the manifest's own use case has got there."""
    if policy.stage is None or policy.stage.use_case is not None:
        return True
    try:
        return evaluator.stage_reached(policy.stage, evaluator.bindings(policy, subject))
    except Exception:
        return False


def compared(rollout: Rollout, as_of: str, policies: tuple[Policy, ...]) -> Iterator[tuple[str, str, int, Status]]:
    """Rule, resource, what its check says and what the evaluator says; FAILED with any finding."""
    evaluator = Evaluator(rollout, as_of)
    for policy in policies:
        check = known().get(policy.rule.id) or checks([policy]).get(policy.rule.id)
        if check is None:
            continue
        constants = {"params": dict(policy.values), **evaluator.base}
        for subject in evaluator.subjects(policy):
            if evaluator.can_judge(policy, subject) and at_stage(evaluator, policy, subject):
                said = check(subject.data, constants, evaluator.functions)
                evaluator.outcome.findings.clear()
                status = evaluator.apply_to(policy, subject)
                status = Status.FAILED if evaluator.outcome.findings else status
                yield policy.rule.id, subject.id, said, status


def differing(rollout: Rollout, as_of: str, policies: tuple[Policy, ...]) -> list[tuple[str, str, int, Status]]:
    return [
        each for each in compared(rollout, as_of, policies) if each[2] != ASK and STATUSES[each[2]] is not each[3]
    ]


def test_every_rule_of_the_pack_has_a_check_but_those_about_changes() -> None:
    without = {policy.rule.id for policy in pack().policies} - known().keys()
    assert without == {policy.rule.id for policy in pack().policies if policy.is_change_rule}


def test_examples_are_answered_as_the_evaluator_answers() -> None:
    asked = []
    for policy in pack().policies:
        for example in (*policy.good, *policy.bad):
            if example.before is None:
                rollout, as_of = load_example(example, pack().base).rollout, example.as_of or pack().base.as_of
                assert differing(rollout, as_of, (policy,)) == [], example.name
                asked += [each for each in compared(rollout, as_of, (policy,)) if each[2] == ASK]
    # What asks for the long way finds something there, but for references that lead nowhere.
    assert [each for each in asked if each[3] not in (Status.FAILED, Status.NOT_JUDGED)] == []


def edited(manifest: dict[str, Any], others: list[dict[str, Any]], rng: random.Random) -> dict[str, Any]:
    """The manifest with one of its fields gone, or as another manifest of the kind has it."""
    made = copy.deepcopy(manifest)
    here: Any = made["spec"]
    there: Any = rng.choice(others)["spec"]
    while isinstance(here, dict) and here:
        key = rng.choice(sorted(here))
        other = there.get(key) if isinstance(there, dict) else None
        inside = here[key][0] if isinstance(here[key], list) and here[key] else here[key]
        if not isinstance(inside, dict) or rng.random() < 0.3:
            if other is None or rng.random() < 0.4:
                del here[key]
            elif isinstance(other, list) and isinstance(here[key], list) and rng.random() < 0.5:
                here[key] += [each for each in copy.deepcopy(other) if each not in here[key]]
            else:
                here[key] = copy.deepcopy(other)
            break
        here, there = inside, other[0] if isinstance(other, list) and other else other
    return made


def test_edited_examples_are_answered_as_the_evaluator_answers() -> None:
    """Every rule is asked of rollouts that no example shows, as long as their manifests satisfy the schemas."""
    rng = random.Random(7)
    rollouts: list[list[dict[str, Any]]] = []
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for policy in pack().policies:
        for example in (*policy.good, *policy.bad):
            manifests: list[Any] = [complete(manifest, pack().base) for manifest in example.manifests]
            rollouts.append(manifests)
            for manifest in manifests:
                by_kind.setdefault(manifest["kind"], []).append(manifest)
    counts: dict[int, int] = {}
    for manifests in rng.sample(rollouts, 250):
        changed = [edited(each, by_kind[each["kind"]], rng) if "spec" in each else each for each in manifests]
        text = "\n---\n".join(map(json.dumps, changed))
        rollout = load("edited", "all.yaml", [read(SourceFile("all.yaml", text))]).rollout
        found = list(compared(rollout, "2026-06-30", pack().policies))
        assert [each for each in found if each[2] != ASK and STATUSES[each[2]] is not each[3]] == []
        for _, _, said, _ in found:
            counts[said] = counts.get(said, 0) + 1
    assert min(counts[said] for said in (PASSED, NOT_APPLICABLE, BEFORE_STAGE, ASK)) > 20


# policies of one's own

MANIFESTS = """
{apiVersion: rollout/v1, kind: Organization, metadata: {name: acme},
 spec: {industry: insurance, segment: mid-market, businessUnits: [{name: claims}]}}
---
{apiVersion: rollout/v1, kind: UseCase, metadata: {name: claims},
 spec: {workflow: Sort claims, businessUnit: claims, domain: knowledge-work, stage: pilot,
 tasks: [{name: read}, {name: sort, complexity: high}, {name: file}]}}
---
{apiVersion: rollout/v1, kind: Agent, metadata: {name: triager}, spec: {useCase: claims, tasks: [sort],
 tools: [{name: mail}, {name: find, dataSources: [{name: a, permission: read}, {name: b, permission: read}]}]}}
---
{apiVersion: rollout/v1, kind: Agent, metadata: {name: lost}, spec: {useCase: nowhere}}
"""


def own(body: str) -> Policy:
    (document,) = read(SourceFile("under-test.yaml", f"{ENVELOPE}   {body}}}\n")).documents
    return load_policy(document, engine(), "test", {})


def said(body: str) -> dict[str, int]:
    """What the check of a policy says, by resource; it is no other than what the evaluator says."""
    rollout = load("own", "all.yaml", [read(SourceFile("all.yaml", MANIFESTS))]).rollout
    found = list(compared(rollout, "2026-06-30", (own(body),)))
    assert [each for each in found if each[2] != ASK and STATUSES[each[2]] is not each[3]] == []
    return {resource: answer for _, resource, answer, _ in found}


MATCH = "match: {kinds: [UseCase]}, "
CASE = "ref(object.spec.useCase, 'UseCase')"
AGENTS = "match: {kinds: [Agent]}, "
HOLDS = "message: no, at: spec"


@pytest.mark.parametrize(
    ("body", "answers"),
    [
        (MATCH + f'validations: [{{expression: "true", {HOLDS}}}]', [PASSED]),
        (MATCH + f'validations: [{{expression: "false", {HOLDS}}}]', [ASK]),
        # An error that does not count is left to the long way, and so is one that does.
        (
            MATCH + f'validations: [{{expression: "1 / (size(object.metadata.name) - 6) == 1 || true", {HOLDS}}}]',
            [ASK],
        ),
        (MATCH + f"validations: [{{expression: \"object.spec.tasks[9].name == 'x'\", {HOLDS}}}]", [ASK]),
        (
            MATCH + "matchConditions: [{name: never, expression: object.spec.stage == 'retired'}], "
            f'validations: [{{expression: "1 / 0 == 1", {HOLDS}}}]',
            [NOT_APPLICABLE],
        ),
        # A reference that leads nowhere gives no verdict.
        (
            AGENTS + f"validations: [{{expression: \"{CASE}.spec.stage == 'pilot'\", {HOLDS}}}]",
            [PASSED, ASK],
        ),
        # Variables: one that nobody asks for may fail; one that is asked for in many places is computed once.
        (
            MATCH + "variables: [{name: fails, expression: 1 / 0},"
            " {name: names, expression: 'object.spec.tasks.map(task, task.name)'}], validations: "
            '[{expression: "object.spec.tasks.all(task, task.name in variables.names)'
            f" && 'sort' in variables.names\", {HOLDS}}},"
            f" {{expression: size(variables.names) == 3, {HOLDS}}}]",
            [PASSED],
        ),
        (
            MATCH + "variables: [{name: none, expression: 'null'}], validations: "
            f"[{{expression: variables.none == null && variables.none == null, {HOLDS}}}]",
            [PASSED],
        ),
        # A variable of the item is another for each.
        (
            MATCH + "forEach: {path: spec.tasks}, variables: [{name: name, expression: item.name}], validations: "
            f'[{{expression: "variables.name == item.name && size(variables.name) == 4", {HOLDS}}}]',
            [PASSED],
        ),
        (
            MATCH + "forEach: {path: spec.tasks}, variables: [{name: high, expression: has(item.complexity)}], "
            "matchConditions: [{name: high, expression: variables.high}], validations: "
            f"[{{expression: variables.high && item.complexity == 'high', {HOLDS}}}]",
            [PASSED],
        ),
        (
            MATCH + "forEach: {path: spec.tasks}, matchConditions: [{name: low, expression: has(item.complexity)"
            f" && item.complexity == 'low'}}], validations: [{{expression: 'false', {HOLDS}}}]",
            [NOT_APPLICABLE],
        ),
        (
            MATCH + "forEach: {expression: 'object.spec.tasks.map(task, task.name)'}, validations: "
            f"[{{expression: \"item in ['read', 'sort', 'file']\", {HOLDS}}}]",
            [PASSED],
        ),
        (
            MATCH + f"forEach: {{path: spec.checkpoints}}, validations: [{{expression: 'false', {HOLDS}}}]",
            [NOT_APPLICABLE],
        ),
        # A list in a list.
        (
            AGENTS + "forEach: {path: 'spec.tools[*].dataSources'}, "
            f"validations: [{{expression: item.permission == 'read', {HOLDS}}}]",
            [PASSED, NOT_APPLICABLE],
        ),
        # The gate, by an expression.
        (
            "match: {kinds: [Organization]}, stage: {from: pilot, useCase: resources('UseCase')}, "
            f"validations: [{{expression: 'true', {HOLDS}}}]",
            [PASSED],
        ),
        (
            "match: {kinds: [Organization]}, stage: {from: production, useCase: resources('UseCase')}, "
            f"validations: [{{expression: 'false', {HOLDS}}}]",
            [BEFORE_STAGE],
        ),
        (
            AGENTS + "stage: {from: production, useCase: \"ref('claims', 'UseCase')\"}, "
            f"validations: [{{expression: 'false', {HOLDS}}}]",
            [BEFORE_STAGE, BEFORE_STAGE],
        ),
        # What a call gives is asked for once, in a loop and outside.
        (
            AGENTS
            + "matchConditions: [{name: of-claims, expression: object.spec.useCase == 'claims'}], validations: "
            f'[{{expression: "object.spec.tasks.all(name, {CASE}.spec.tasks.exists(task, task.name == name))'
            f" && {CASE}.spec.stage == 'pilot'\", {HOLDS}}}]",
            [PASSED, NOT_APPLICABLE],
        ),
    ],
)
def test_a_check_says_what_is_certain(body: str, answers: list[int]) -> None:
    assert list(said(body).values()) == answers


def test_a_check_never_raises() -> None:
    (check,) = checks(
        [own(MATCH + f"validations: [{{expression: \"size(ref('a', 'Agent').spec) > 0\", {HOLDS}}}]")]
    ).values()

    def broken(*_arguments: object) -> object:
        raise RecursionError

    functions: Mapping[str, Callable[..., object]] = {"ref": broken}
    empty: tuple[dict[str, Any], ...] = ({}, {"spec": None}, {"spec": {}})
    for data in empty:
        assert check(data, {}, functions) == ASK


def test_what_another_engine_compiled_has_no_check() -> None:
    (document,) = read(
        SourceFile("under-test.yaml", f"{ENVELOPE}   {MATCH}validations: [{{expression: 'true', {HOLDS}}}]}}\n")
    ).documents
    assert checks([load_policy(document, engine("cel-python"), "test", {})]) == {}


def test_a_question_that_no_check_can_ask_has_none() -> None:
    whole = (
        f"validations: [{{expression: size(variables) == 1, {HOLDS}}}], variables: [{{name: a, expression: '1'}}]"
    )
    assert checks([own(MATCH + whole)]) == {}


def test_a_call_is_made_once_for_all_that_ask_the_same() -> None:
    policy = own(
        AGENTS + "validations: [{expression: \"ref(object.spec.useCase, 'UseCase').spec.stage == 'pilot'"
        " && ref(object.spec.useCase, 'UseCase').spec.domain == 'knowledge-work'\", message: no, at: spec},"
        " {expression: \"['a', 'b'].all(x, ref(object.spec.useCase, 'UseCase').spec.stage != x)\","
        " message: no, at: spec}]"
    )
    calls: list[object] = []

    def ref(name: object, kind: object) -> object:
        calls.append((name, kind))
        return {"spec": {"stage": "pilot", "domain": "knowledge-work"}}

    (check,) = checks([policy]).values()
    assert check({"spec": {"useCase": "claims"}}, {}, {"ref": ref}) == PASSED
    assert calls == [("claims", "UseCase")] * 2  # the loop is a function of its own


def test_the_code_can_be_kept() -> None:
    from penstock.cel.fast.code import load as restored

    code = restored(write(pack().policies).dump())
    assert code.functions().keys() == known().keys()
