"""Which policies judge none of their good examples, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from penstock.cel import engine
from penstock.policy import load_pack
from penstock.policy.examples import run_examples
from penstock.policy.load import load_policy
from penstock.policy.model import ExampleBase
from penstock.policy.vacuity import vacuous
from penstock.source import SourceFile, read

REPOSITORY = Path(__file__).parents[2]
BASE = ExampleBase(
    "2026-06-30",
    {
        "VendorContract": {
            "apiVersion": "rollout/v1",
            "kind": "VendorContract",
            "metadata": {"name": "crm"},
            "spec": {"vendor": "CRM", "category": "enterprise-software"},
        },
        "UseCase": {
            "apiVersion": "rollout/v1",
            "kind": "UseCase",
            "metadata": {"name": "sorting"},
            "spec": {"workflow": "Sort", "businessUnit": "it", "domain": "coding", "stage": "assess"},
        },
    },
)
CONTRACT = {"kind": "VendorContract", "metadata": {"name": "crm"}}
USE_CASE = {"kind": "UseCase", "metadata": {"name": "sorting"}}
EXPORT = {**CONTRACT, "spec": {"exit": {"dataExport": "CSV"}}}


def reasons(*good: Any, check: str = "has(object.spec.exit)", **spec: Any) -> tuple[str, ...] | None:
    document = {
        "apiVersion": "policy/v1",
        "kind": "Policy",
        "metadata": {"name": "rule"},
        "spec": {
            "id": "ACME101",
            "title": "Wrong",
            "severity": "error",
            "step": 0,
            "why": "So.",
            "remediation": "Mend it.",
            "match": {"kinds": ["VendorContract"]},
            "validations": [{"expression": check, "message": "wrong", "at": "spec"}],
            "examples": {
                "good": [
                    {"name": f"good-{number}", "manifests": [manifest]} for number, manifest in enumerate(good)
                ],
                "bad": [
                    {
                        "name": "bad",
                        "manifests": [CONTRACT],
                        "findings": [{"resource": "VendorContract/crm", "at": "spec"}],
                    }
                ],
            },
            **spec,
        },
    }
    [found] = read(SourceFile("rule.yaml", json.dumps(document))).documents
    judged = vacuous(load_policy(found, engine(), "acme", {}), BASE)
    return judged.reasons if judged else None


@pytest.mark.parametrize(
    ("good", "spec", "expected"),
    [
        ([EXPORT], {}, None),
        ([USE_CASE], {}, ("good-0: it has no VendorContract",)),
        ([USE_CASE, EXPORT], {}, None),
        (
            [EXPORT],
            {"matchConditions": [{"name": "lab", "expression": "object.spec.category == 'model-lab'"}]},
            ("good-0: the match conditions leave it alone, or forEach finds no element",),
        ),
        (
            [USE_CASE],
            {"match": {"kinds": ["UseCase"]}, "stage": {"from": "pilot"}, "check": "has(object.spec.roi)"},
            ("good-0: its use case has not reached the stage",),
        ),
        ([CONTRACT], {}, ("good-0: the rule finds something",)),
        (
            [EXPORT],
            {"check": "object.spec.exit.dataExport == object.spec.term"},
            ("good-0: an expression of the rule fails",),
        ),
        # What its conditions say in full cannot pass anything: leaving something alone is enough.
        ([USE_CASE], {"check": "false"}, ("good-0: it has no VendorContract",)),
        (
            [EXPORT],
            {"check": "false", "matchConditions": [{"name": "none", "expression": "!has(object.spec.exit)"}]},
            None,
        ),
    ],
)
def test_a_policy_needs_a_good_example_that_it_judges(
    good: list[Any], spec: dict[str, Any], expected: tuple[str, ...] | None
) -> None:
    assert reasons(*good, **spec) == expected


def test_every_policy_of_the_built_in_pack_has_one() -> None:
    pack = load_pack("levie", REPOSITORY, engine())
    assert [policy.rule.id for policy in pack.policies if vacuous(policy, pack.base)] == []


def test_a_rule_that_fails_to_evaluate_is_not_the_finding_a_bad_example_asks_for() -> None:
    document = {
        "apiVersion": "policy/v1",
        "kind": "Policy",
        "metadata": {"name": "rule"},
        "spec": {
            "id": "ACME101",
            "title": "Wrong",
            "severity": "error",
            "step": 0,
            "why": "So.",
            "remediation": "Mend it.",
            "match": {"kinds": ["VendorContract"]},
            "validations": [
                {"expression": "object.spec.term == 'P1Y'", "message": "wrong", "at": "metadata.name"},
            ],
            "examples": {
                "good": [{"name": "good", "manifests": [{**CONTRACT, "spec": {"term": "P1Y"}}]}],
                "bad": [
                    {
                        "name": "no-term",
                        "manifests": [CONTRACT],
                        "findings": [{"resource": "VendorContract/crm", "at": "metadata.name"}],
                    }
                ],
            },
        },
    }
    [found] = read(SourceFile("rule.yaml", json.dumps(document))).documents
    [failure] = run_examples(load_policy(found, engine(), "acme", {}), BASE)
    assert failure.problems[0] == "expected a finding at VendorContract/crm metadata.name, got none"
    assert failure.problems[1].startswith("unexpected error LV011 at VendorContract/crm metadata.name: ")
