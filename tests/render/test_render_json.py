"""The JSON report against its published schema, and what its fields say."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sample_report import build

from penstock.bundle import folder
from penstock.model import Location, Report, Severity, Stats
from penstock.render import render
from penstock.render.json import pointer

SCHEMA = json.loads((folder("schemas") / "report/v1/report.schema.json").read_text("utf-8"))


def rendered(report: Report) -> Any:
    data = json.loads(render(report, "json"))
    Draft202012Validator(SCHEMA).validate(data)
    return data


def test_sample_and_empty_reports_are_valid() -> None:
    assert len(rendered(build())["findings"]) == 10
    assert rendered(Report((), {}, Stats(), "2026-11-20", "0.1.0"))["failed"] is False


def test_the_schema_refuses_what_is_not_in_it() -> None:
    data = rendered(build())
    data["findings"][0]["extra"] = 1
    assert [error.json_path for error in Draft202012Validator(SCHEMA).iter_errors(data)] == ["$.findings[0]"]


def test_a_finding_says_everything() -> None:
    data = rendered(build())
    entry = next(
        found for found in data["findings"] if found["location"]["path"] == ["spec", "tasks", 0, "modelTier"]
    )
    assert entry == {
        "rule": "LV502",
        "name": "frontier-model-for-simple-task",
        "rollout": "",
        "severity": "warning",
        "message": "the task classify has low complexity and uses the tier frontier",
        "help": "Give the task a cheaper tier, or say in complexity why it needs this one.",
        "location": {
            "file": "usecases/größe.yaml",
            "start": {"line": 7, "column": 50},
            "end": {"line": 7, "column": 59},
            "resource": "UseCase/onboarding",
            "path": ["spec", "tasks", 0, "modelTier"],
            "pathText": "spec.tasks[classify].modelTier",
            "pointer": "/spec/tasks/0/modelTier",
        },
        "related": entry["related"],
        "fingerprint": entry["fingerprint"],
    }
    assert [other["location"]["file"] for other in entry["related"]] == ["tiers.yaml", "./gone.yaml"]


def test_a_finding_without_text_or_resource_has_nulls() -> None:
    entry = next(found for found in rendered(build())["findings"] if found["location"]["file"] == "penstock.yaml")
    assert entry["location"] == {
        "file": "penstock.yaml",
        "start": None,
        "end": None,
        "resource": None,
        "path": [],
        "pathText": "",
        "pointer": "",
    }


def test_the_run_is_described() -> None:
    data = rendered(replace(build(), fail_on=Severity.WARNING))
    assert list(data) == SCHEMA["required"]
    assert data["tool"] == {"name": "penstock", "version": "0.1.0"}
    assert (data["asOf"], data["failOn"], data["failed"]) == ("2026-11-20", "warning", True)
    assert data["summary"] == {"error": 4, "warning": 4, "info": 2}
    assert data["stats"]["skipped"] == 4
    assert [rule["id"] for rule in data["rules"]] == sorted(build().rules)


def test_rules_are_in_order_whatever_the_mapping_s_order() -> None:
    report = build()
    turned = replace(report, rules=dict(reversed(report.rules.items())))
    assert render(turned, "json") == render(report, "json")


def test_messages_come_back_exactly() -> None:
    found = build().findings[-1]
    assert rendered(build())["findings"][-1]["message"] == found.message
    assert "\x1b" in found.message


@pytest.mark.parametrize(
    ("path", "text"), [((), ""), (("a/b", "c~d", 0), "/a~1b/c~0d/0"), (("~1",), "/~01"), (("",), "/")]
)
def test_pointers_are_escaped(path: tuple[str | int, ...], text: str) -> None:
    assert pointer(path) == text


def test_a_finding_of_an_unlisted_rule_is_still_reported() -> None:
    report = replace(build(), rules={})
    assert rendered(report)["findings"][0]["help"] is None
    assert rendered(replace(report, findings=(replace(report.findings[0], location=Location("")),)))
