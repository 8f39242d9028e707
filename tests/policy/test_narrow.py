"""Narrow manifests: long lists hold them, and no verdict is another for it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from policy_envelope import ENVELOPE

from penstock.cel import engine
from penstock.manifest.load import load
from penstock.manifest.rollout import Rollout
from penstock.policy import Evaluator, Pack, Policy, load_pack, matching
from penstock.policy.examples import complete
from penstock.policy.functions import functions
from penstock.policy.load import load_policy
from penstock.policy.narrow import Narrow
from penstock.policy.sweep import Sweep
from penstock.source import SourceFile, read

CASE = {"workflow": "Sort", "businessUnit": "claims", "domain": "knowledge-work", "stage": "pilot"}


def policy(expression: str, message: str = "'no'") -> Policy:
    stated = f"expression: {json.dumps(expression)}, messageExpression: {json.dumps(message)}, at: metadata"
    body = f"   match: {{kinds: [Rollout]}}, validations: [{{{stated}}}]}}\n"
    (document,) = read(SourceFile("under-test.yaml", ENVELOPE + body)).documents
    return load_policy(document, engine(), "test", {})


def rollout(manifests: Iterable[Mapping[str, Any]]) -> Rollout:
    text = "\n---\n".join(map(json.dumps, manifests))
    return load("test", "all.yaml", [read(SourceFile("all.yaml", text))]).rollout


def cases(count: int) -> Rollout:
    return rollout(
        {
            "apiVersion": "rollout/v1",
            "kind": "UseCase",
            "metadata": {"name": f"case-{number}"},
            "spec": {**CASE, "tasks": [{"name": "read", "complexity": "low"}], "roi": {}},
        }
        for number in range(count)
    )


STAGES = "resources('UseCase').all(one, one.spec.stage == 'pilot' && has(one.spec.roi))"
TASKS = "resources('UseCase').all(one, one.spec.tasks.all(task, task.name == 'read'))"


def test_a_narrow_manifest_has_what_can_be_observed() -> None:
    given = cases(1)
    narrow = Narrow([policy(STAGES), policy(TASKS), policy("asOf > ''")])
    (case,) = given.resources
    assert narrow.has("UseCase")
    assert narrow.data(case) == {"spec": {"stage": "pilot", "roi": {}, "tasks": [{"name": "read"}]}}
    assert narrow.data(case) is narrow.data(case)
    # One who looks at whatever has a name.
    anywhere = Narrow([policy("resources('UseCase').all(one, dyn(one.spec.tasks[0]).name == 'read')")])
    assert anywhere.data(case) == {"spec": {"tasks": [{"name": "read"}]}}


@pytest.mark.parametrize(
    "whole",
    [
        "resources('UseCase').all(one, one.spec == {})",
        "resources(asOf).all(one, dyn(one) == dyn(one))",
        "referrers(organization, 'UseCase').all(one, one.spec == {})",
    ],
)
def test_who_may_look_at_everything_gets_everything(whole: str) -> None:
    narrow = Narrow([policy(STAGES), policy(whole)])
    (case,) = cases(1).resources
    assert not narrow.has("UseCase")
    assert narrow.data(case) is case.data
    # Who looks at everything of some other kind has no part in it.
    assert Narrow([policy(STAGES), policy("resources('Agent').all(one, one.spec == {})")]).has("UseCase")


def test_long_lists_hold_narrow_manifests_and_short_ones_whole_ones() -> None:
    narrow = Narrow([policy(STAGES)])
    for count, expected in ((matching._MANY - 1, False), (matching._MANY, True)):
        found: Any = functions(cases(count), None, narrow)["resources"]("UseCase")
        assert all(("workflow" not in each["spec"]) is expected for each in found)
        where = {"spec.stage": "pilot"}
        found = functions(cases(count), None, narrow)["resources"]("UseCase", where)
        assert all(("workflow" not in each["spec"]) is expected for each in found)


def test_few_whole_manifests_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "_HELD", 20)
    given = cases(30)
    kept = matching.Manifests()
    for stage in ("pilot", "retired", "pilot"):
        for count in (12, 18, 30):
            kept.find(("UseCase", str(count)), lambda count=count: given.resources[:count], {"spec.stage": stage})  # type: ignore[misc]
            kept.find(("UseCase", str(count)), lambda count=count: given.resources[:count])  # type: ignore[misc]
    # Of what is more than that, one list.
    assert [len(each) for each in kept._large.values()] == [30]
    assert [len(each) for each in kept._data.values()] == [30]


def test_a_fault_is_told_as_of_the_whole_manifest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "_MANY", 0)
    faulty = policy("resources('UseCase').all(one, dyn(one.spec) < 1)")
    assert faulty.observes == frozenset({"UseCase.spec"})
    given = cases(2)
    sweep, evaluator = Sweep(given, [faulty], "2026-06-30"), Evaluator(given, "2026-06-30")
    evaluator.apply(faulty)
    judged = sweep.judge(None)
    assert [each.rule for each in judged.findings] == ["LV011"]
    assert list(judged.findings) == evaluator.outcome.findings


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("levie", Path(), engine())


def test_no_verdict_is_another(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "_MANY", 0)
    policies = [each for each in pack.policies if not each.is_change_rule]
    rng = random.Random(3)
    examples: list[list[Any]] = [
        [complete(manifest, pack.base) for manifest in example.manifests]
        for each in policies
        for example in (*each.good, *each.bad)
    ]
    found = 0
    for _ in range(25):
        manifests = [each for example in rng.sample(examples, 6) for each in example]
        unique = {(each["kind"], each["metadata"]["name"]): each for each in manifests}
        given = rollout(unique.values())
        sweep, evaluator = Sweep(given, policies, "2026-06-30"), Evaluator(given, "2026-06-30")
        narrow = [finding for each in (*given.resources, None) for finding in sweep.judge(each).findings]
        for each in policies:
            evaluator.apply(each)
        assert sorted(map(repr, narrow)) == sorted(map(repr, evaluator.outcome.findings))
        found += len(narrow)
    assert found > 100
