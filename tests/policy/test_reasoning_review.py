"""What the review of policies says of small ones, word for word, and that the built-in pack gives it nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from penstock.cel import engine
from penstock.policy import Policy, load_pack
from penstock.policy.load import load_policy
from penstock.policy.reasoning import Level, review
from penstock.source import SourceFile, read

EXAMPLE = {"name": "one", "manifests": [{"kind": "VendorContract", "metadata": {"name": "crm"}}]}
REPOSITORY = Path(__file__).parents[2]


def policy(number: int, *checks: str, kind: str = "VendorContract", **spec: Any) -> Policy:
    name = f"rule-{number}"
    given: Mapping[str, Any] = {
        "id": f"ACME{number}",
        "title": "Wrong",
        "severity": "error",
        "step": 0,
        "why": "So.",
        "remediation": "Mend it.",
        "match": {"kinds": [kind] if "," not in kind else kind.split(",")},
        "validations": [{"expression": check, "message": "wrong", "at": "spec"} for check in checks],
        "examples": {
            "good": [EXAMPLE],
            "bad": [{**EXAMPLE, "findings": [{"resource": "A/b", "at": "spec"}]}],
        },
        **spec,
    }
    document = {"apiVersion": "policy/v1", "kind": "Policy", "metadata": {"name": name}, "spec": given}
    [found] = read(SourceFile(f"{name}.yaml", json.dumps(document))).documents
    return load_policy(found, engine(), "acme", {})


def conditions(*expressions: str) -> list[dict[str, str]]:
    return [{"name": f"c{number}", "expression": each} for number, each in enumerate(expressions)]


def said(*policies: Policy) -> list[tuple[str, str]]:
    return [(remark.level.value, remark.fault.message) for remark in review(policies)]


def level_of(*policies: Policy) -> list[str]:
    return [remark.level.value for remark in review(policies)]


NEVER = "this match condition is never true"
BEHIND = f"{NEVER} where those before it are"
IDLE = "this check never fails where the rule applies"
NOTHING = f"{IDLE}: the rule can never find anything"
ALWAYS = "this check fails wherever the rule applies"


@pytest.mark.parametrize(
    ("check", "more", "expected"),
    [
        ("has(object.spec.vendor)", {}, [("error", NOTHING)]),
        ("has(object.spec)", {}, [("error", NOTHING)]),
        ("true", {}, [("error", NOTHING)]),
        ("has(object.spec.exit)", {}, []),
        ("false", {}, []),
        ("1 == 2", {}, [("warning", ALWAYS)]),
        ("!has(object.spec.vendor)", {}, [("warning", ALWAYS)]),
        ("object.spec.category in ['model-lab', 'orchestration-platform']", {}, []),
        ("has(object.spec.exit) || !has(object.spec.exit)", {}, [("error", NOTHING)]),
        ("has(object.spec.exit) ? true : !has(object.spec.exit)", {}, [("error", NOTHING)]),
        # The schema's bounds.
        ("!has(object.spec.renewal) || object.spec.renewal.noticeDays >= 0", {}, [("error", NOTHING)]),
        ("!has(object.spec.renewal) || object.spec.renewal.noticeDays > 0", {}, []),
        # What the conditions say already, and the opposite.
        (
            "object.spec.category != 'model-lab'",
            {"matchConditions": conditions("object.spec.category == 'enterprise-software'")},
            [("error", NOTHING)],
        ),
        (
            "object.spec.category == 'model-lab'",
            {"matchConditions": conditions("object.spec.category == 'enterprise-software'")},
            [("warning", ALWAYS)],
        ),
        # Conditions that exclude each other, by themselves, by the schema, by a variable.
        (
            "has(object.spec.exit)",
            {"matchConditions": conditions("has(object.spec.term)", "!has(object.spec.term)")},
            [("error", BEHIND)],
        ),
        ("has(object.spec.exit)", {"matchConditions": conditions("!has(object.spec.vendor)")}, [("error", NEVER)]),
        (
            "has(object.spec.exit)",
            {
                "variables": [{"name": "ends", "expression": "has(object.spec.endsOn) ? object.spec.endsOn : ''"}],
                "matchConditions": conditions("variables.ends != ''", "!has(object.spec.endsOn)"),
            },
            [("error", BEHIND)],
        ),
        (
            "has(object.spec.exit)",
            {
                "matchConditions": conditions(
                    "object.spec.endsOn < '2026-01-01'", "object.spec.endsOn > '2027-01-01'"
                )
            },
            [("error", BEHIND)],
        ),
        # Text that is not understood is the same when it is written the same, whatever its bound variables.
        (
            "size(object.metadata.name) > 3",
            {
                "matchConditions": conditions(
                    "resources('Agent').exists(a, a.spec.useCase == object.metadata.name)",
                    "resources('Agent').all(b, b.spec.useCase != object.metadata.name)",
                )
            },
            [("error", BEHIND)],
        ),
        (
            "size(object.metadata.name) > 3",
            {"matchConditions": conditions("resources('Agent').size() > 2", "resources('UseCase').size() < 2")},
            [],
        ),
        # Between two whole numbers is none.
        (
            "has(object.spec.exit)",
            {"matchConditions": conditions("resources('Agent').size() > 2", "resources('Agent').size() < 3")},
            [("error", BEHIND)],
        ),
    ],
)
def test_one_policy(check: str, more: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert said(policy(101, check, **more)) == expected


def test_one_idle_check_of_two_is_a_warning() -> None:
    assert said(policy(101, "has(object.spec.exit)", "has(object.spec.vendor)")) == [("warning", IDLE)]


def test_two_checks_of_a_policy_that_exclude_each_other() -> None:
    [(level, message)] = said(policy(101, "has(object.spec.exit)", "!has(object.spec.exit)"))
    assert level == "error"
    assert message.startswith("no VendorContract can pass both this check and the rule's own at rule-101.yaml:1:")


def test_a_stage_and_a_condition_that_exclude_each_other() -> None:
    spec = {"stage": {"from": "pilot"}, "matchConditions": conditions("object.spec.stage == 'assess'")}
    found = said(policy(101, "has(object.spec.tasks)", kind="UseCase", **spec))
    assert found == [("error", f"{NEVER} at the rule's stage")]


def test_a_stage_that_is_reached_through_a_reference() -> None:
    asked = conditions("ref(object.spec.useCase, 'UseCase').spec.stage == 'assess'")
    found = said(
        policy(101, "has(object.spec.fteOwner)", kind="Agent", stage={"from": "pilot"}, matchConditions=asked)
    )
    assert found == [("error", f"{NEVER} at the rule's stage")]


def test_a_kind_that_is_never_meant() -> None:
    asked = conditions("object.kind == 'Agent'")
    found = said(policy(101, "has(object.metadata.labels)", kind="Agent,UseCase", matchConditions=asked))
    assert found == [("warning", "the rule never applies to a manifest of the kind UseCase")]


SOFTWARE = "object.spec.category == 'enterprise-software'"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("has(object.spec.exit)", "!has(object.spec.exit)", "error"),
        ("has(object.spec.exit)", "has(object.spec.term)", None),
        ("object.spec.endsOn < '2026-01-01'", "object.spec.endsOn >= '2026-06-01'", "error"),
        ("object.spec.endsOn < '2026-01-01'", "object.spec.endsOn >= '2025-06-01'", None),
        ("object.spec.endsOn <= asOf", "object.spec.endsOn > asOf", "error"),
        ("object.spec.endsOn <= object.spec.signedOn", "object.spec.signedOn < object.spec.endsOn", "error"),
        ("object.spec.category == 'model-lab'", "object.spec.category in ['enterprise-software']", "error"),
        ("!has(object.spec.exit)", "has(object.spec.exit) && has(object.spec.exit.dataExport)", "error"),
        ("!has(object.spec.exit)", "!has(object.spec.exit) || has(object.spec.exit.dataExport)", None),
        ("months(object.spec.startsOn, asOf) <= 12", "months(object.spec.startsOn, asOf) > 12", "error"),
        ("months(object.spec.startsOn, asOf) <= 12", "months(object.spec.startsOn, asOf) > 11", None),
        ("months(object.spec.startsOn, asOf) <= 12", "!has(object.spec.startsOn)", "error"),
    ],
)
def test_two_policies_that_exclude_each_other(one: str, other: str, expected: str | None) -> None:
    found = review([policy(101, one), policy(102, other)])
    excluded = [remark for remark in found if "can pass both" in remark.fault.message]
    assert [remark.level.value for remark in excluded] == ([expected] if expected else [])
    if excluded:
        assert excluded[0].fault.message == "no VendorContract can pass both this check and ACME101 (rule-101)"
        assert excluded[0].fault.file == "rule-102.yaml"
        assert str(excluded[0].fault.hint).endswith(f"demands `{one}`")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([SOFTWARE], [SOFTWARE], "error"),
        ([SOFTWARE], [], "error"),
        ([SOFTWARE], ["has(object.spec.term)"], "warning"),
        ([SOFTWARE], ["object.spec.category == 'model-lab'"], None),
    ],
)
def test_it_matters_where_two_policies_apply(one: list[str], other: list[str], expected: str | None) -> None:
    found = level_of(
        policy(101, "has(object.spec.exit)", matchConditions=conditions(*one)),
        policy(102, "!has(object.spec.exit)", matchConditions=conditions(*other)),
    )
    assert found == ([expected] if expected else [])


def test_the_parameters_in_force_decide() -> None:
    params = {"most": {"type": "integer", "default": 12, "description": "Months."}}
    one = policy(101, "months(object.spec.startsOn, asOf) <= params.most", params=params)
    other = policy(102, "months(object.spec.startsOn, asOf) > 12")
    assert level_of(one, other) == ["error"]
    longer = replace(one, values=MappingProxyType({"most": 24}))
    assert list(review([one, other], [longer, other])) == []


def test_policies_that_go_through_different_lists_say_nothing_of_each_other() -> None:
    one = policy(101, "has(item.modelTier)", kind="UseCase", forEach={"path": "spec.tasks"})
    other = policy(102, "!has(item.modelTier)", kind="UseCase", forEach={"path": "spec.tasks"})
    assert level_of(one, other) == ["error"]
    elsewhere = policy(103, "!has(item.purpose)", kind="UseCase", forEach={"path": "spec.dataSources"})
    assert level_of(one, elsewhere) == []


def test_the_same_rule_twice_whatever_its_names() -> None:
    one = policy(
        101, "resources('Agent').exists(a, a.spec.useCase == object.spec.vendor) && has(object.spec.exit)"
    )
    other = policy(
        102, "has(object.spec.exit) && resources('Agent').exists(b, object.spec.vendor == b.spec.useCase)"
    )
    assert said(one, other) == [("warning", "the rule checks the same as ACME101 (rule-101)")]


@pytest.mark.parametrize(
    ("below", "above", "expected"),
    [
        ("has(object.spec.exit)", "has(object.spec.exit) && has(object.spec.exit.dataExport)", True),
        ("has(object.spec.exit) && has(object.spec.exit.dataExport)", "has(object.spec.exit)", True),
        ("object.spec.endsOn < '2028-01-01'", "object.spec.endsOn < '2027-01-01'", True),
        # Where endsOn is missing, the other fails to evaluate: that is no finding of its own.
        ("has(object.spec.endsOn)", "object.spec.endsOn < '2027-01-01'", False),
        ("has(object.spec.exit)", "has(object.spec.term)", False),
    ],
)
def test_a_rule_that_another_includes_is_a_hint(below: str, above: str, expected: bool) -> None:
    found = said(policy(101, below), policy(102, above))
    assert [level for level, _ in found] == (["hint"] if expected else [])


def test_a_rule_that_weighs_more_is_not_superfluous() -> None:
    strict = policy(101, "has(object.spec.exit)")
    broad = policy(102, "has(object.spec.exit) && has(object.spec.exit.dataExport)", severity="warning")
    assert level_of(strict, broad) == []
    assert level_of(replace(strict, rule=replace(strict.rule, severity=broad.rule.severity)), broad) == ["hint"]


def test_a_rule_about_changes_does_not_make_another_superfluous() -> None:
    before = {**EXAMPLE, "before": EXAMPLE["manifests"]}
    examples = {"good": [before], "bad": [{**before, "findings": [{"resource": "A/b", "at": "spec"}]}]}
    strict = "has(object.spec.exit) && oldObject.metadata.name == 'crm'"
    of_change, of_state = policy(101, strict, examples=examples), policy(102, "has(object.spec.exit)")
    assert of_change.is_change_rule
    assert said(of_change, of_state) == []


def test_the_built_in_pack_gives_no_reason_for_complaint() -> None:
    pack = load_pack("levie", REPOSITORY, engine())
    assert [str(remark.fault) for remark in review(pack.policies)] == []


def test_every_level_is_a_word_for_the_reader() -> None:
    assert [level.value for level in Level] == ["error", "warning", "hint"]


def test_a_policy_nested_deep_is_left_alone() -> None:
    deep = "!" * 90 + "has(object.spec.exit)"
    wide = " && ".join(f"object.spec.vendor != 'v{number}'" for number in range(200))
    nested = "has(object.spec.exit) || (" * 30 + "false" + ")" * 30
    chain = " + ".join(["size(object.spec.vendor)"] * 280) + " > 3"
    variables = [{"name": "v0", "expression": "has(object.spec.exit)"}]
    variables += [
        {"name": f"v{number}", "expression": f"variables.v{number - 1} || variables.v{number - 1} == true"}
        for number in range(1, 120)
    ]
    tower = policy(105, "variables.v119", variables=variables)
    policies = [policy(101, deep), policy(102, wide), policy(103, nested), policy(104, chain), tower]
    assert {level for level, _ in said(*policies)} <= {"hint", "warning"}
