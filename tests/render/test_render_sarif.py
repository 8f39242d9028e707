"""SARIF against the OASIS schema, and what the schema cannot say."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft4Validator
from sample_report import HOSTILE_PATH, build

from penstock.model import Finding, Location, Related, Report, Severity, Span, Stats
from penstock.render import render, sarif

SCHEMA = Draft4Validator(json.loads((Path(__file__).parent / "sarif-schema-2.1.0.json").read_text("utf-8")))


def rendered(report: Report) -> Any:
    log = json.loads(render(report, "sarif"))
    SCHEMA.validate(log)
    (run,) = log["runs"]
    return run


def made(message: str = "it is wrong", **fields: Any) -> Finding:
    location = Location("a.yaml", Span.at(1, 2, 3), "Kind/a", ("spec",), "spec")
    return replace(Finding("LV801", "n", Severity.ERROR, message, location), **fields)


def only(finding: Finding) -> Any:
    (result,) = rendered(replace(build(), findings=(finding,)))["results"]
    return result


def test_the_schema_is_a_check() -> None:
    log = json.loads(render(build(), "sarif"))
    log["runs"][0]["results"][0]["level"] = "info"
    assert not SCHEMA.is_valid(log)


def test_sample_and_clean_logs_are_valid() -> None:
    assert len(rendered(build())["results"]) == 10
    clean = rendered(Report((), {}, Stats(), "2026-11-20", "0.1.0"))
    assert clean["results"] == []
    assert clean["invocations"] == [{"executionSuccessful": True}]


def test_results_point_to_their_rules() -> None:
    run = rendered(build())
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted(build().rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_a_rule_is_described() -> None:
    rule = next(rule for rule in rendered(build())["tool"]["driver"]["rules"] if rule["id"] == "LV801")
    assert rule["name"] == "contract-term-over-a-year"
    assert rule["shortDescription"]["text"].startswith("A lab or orchestration-platform contract")
    assert rule["fullDescription"]["text"].startswith("The next breakthrough")
    assert rule["help"]["text"].startswith("Renegotiate the term")
    assert "> Step 8, " in rule["help"]["markdown"]
    assert rule["defaultConfiguration"] == {"level": "error"}
    assert rule["properties"]["tags"] == ["step:8", "severity:error", "pack:levie"]
    assert "security-severity" not in rule["properties"]


def test_severities_become_levels() -> None:
    levels = Counter(result["level"] for result in rendered(build())["results"])
    assert levels == {"error": 4, "warning": 4, "note": 2}


def test_a_region_is_the_span() -> None:
    physical = only(made())["locations"][0]["physicalLocation"]
    assert physical["region"] == {"startLine": 1, "startColumn": 2, "endLine": 1, "endColumn": 5}
    assert rendered(build())["columnKind"] == "unicodeCodePoints"


def test_a_finding_without_a_span_is_about_the_whole_file() -> None:
    assert "region" not in only(made(location=Location("a.yaml")))["locations"][0]["physicalLocation"]


def test_a_finding_names_resource_and_field() -> None:
    (logical,) = only(made())["locations"][0]["logicalLocations"]
    assert logical == {"name": "spec", "fullyQualifiedName": "Kind/a/spec", "kind": "property"}


def test_related_places_are_linked_from_the_message() -> None:
    where = Location("b.yaml", Span.at(4, 1))
    result = only(made(related=(Related(where, "the [limit]"), Related(where, ""))))
    assert result["message"]["text"] == r"it is wrong" + "\n" + r"See [the \[limit\]](1), [b.yaml:4:1](2)"
    assert [other["id"] for other in result["relatedLocations"]] == [1, 2]
    assert result["relatedLocations"][0]["message"] == {"text": "the [limit]"}


def test_a_manifest_s_text_makes_no_link_and_hides_nothing() -> None:
    text = only(made("see [here](https://evil.example), tasks[0] \u202e\x1b"))["message"]["text"]
    assert text == r"see \[here\](https://evil.example), tasks[0] \u202e\x1b"


@pytest.mark.parametrize(
    ("file", "uri", "base"),
    [
        ("a/b.yaml", "a/b.yaml", True),
        ("./a.yaml", "a.yaml", True),
        (".", ".", True),
        ("größe & co.yaml", "gr%C3%B6%C3%9Fe%20%26%20co.yaml", True),
        ("a:b%c#d?.yaml", "a%3Ab%25c%23d%3F.yaml", True),
        ("\udcff.yaml", "%FF.yaml", True),
        ("/etc/x y.yaml", "file:///etc/x%20y.yaml", False),
        ("C:/x/y.yaml", "file:///C:/x/y.yaml", False),
    ],
)
def test_files_are_uris(file: str, uri: str, base: bool) -> None:
    place = only(made(location=Location(file)))["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": uri, "index": 0, **({"uriBaseId": "%SRCROOT%"} if base else {})}


def test_artifacts_are_listed_once_and_indexed() -> None:
    run = rendered(build())
    uris = [artifact["location"]["uri"] for artifact in run["artifacts"]]
    assert len(uris) == len(set(uris)) == 8
    assert HOSTILE_PATH in map(unquote, uris)
    assert all(re.fullmatch(r"[A-Za-z0-9._~/%-]+", uri) for uri in uris)
    assert "%SRCROOT%" in run["originalUriBaseIds"]
    for result in run["results"]:
        for place in [*result["locations"], *result.get("relatedLocations", [])]:
            location = place["physicalLocation"]["artifactLocation"]
            assert uris[location["index"]] == location["uri"]


def test_two_spellings_of_a_file_are_one_artifact() -> None:
    findings = (made(location=Location("./a.yaml")), made(location=Location("a.yaml")))
    assert len(rendered(replace(build(), findings=findings))["artifacts"]) == 1


def test_steps_and_controls_are_taxonomies() -> None:
    run = rendered(build())
    taxa = {component["name"]: [taxon["id"] for taxon in component["taxa"]] for component in run["taxonomies"]}
    assert taxa == {
        "Levie Enterprise AI Diffusion Framework": ["step-4", "step-5", "step-8", "step-12"],
        "EU AI Act": ["14"],
        "ISO/IEC 42001": ["A.10.3"],
        "NIST AI RMF": ["GOVERN 6.1", "MAP 3.5"],
        "Standard | of @me": ["A.1 <b>"],
    }
    names = [{"name": name, "index": index} for index, name in enumerate(taxa)]
    assert run["tool"]["driver"]["supportedTaxonomies"] == names


def test_rules_and_results_refer_to_taxa() -> None:
    run = rendered(build())

    def resolved(reference: Any) -> tuple[str, str]:
        component = run["taxonomies"][reference["toolComponent"]["index"]]
        assert component["name"] == reference["toolComponent"]["name"]
        assert component["taxa"][reference["index"]]["id"] == reference["id"]
        return component["name"], reference["id"]

    wanted = {
        ("Levie Enterprise AI Diffusion Framework", "step-8"),
        ("ISO/IEC 42001", "A.10.3"),
        ("NIST AI RMF", "GOVERN 6.1"),
    }
    rule = next(rule for rule in run["tool"]["driver"]["rules"] if rule["id"] == "LV801")
    assert {resolved(relation["target"]) for relation in rule["relationships"]} == wanted
    result = next(result for result in run["results"] if result["ruleId"] == "LV801")
    assert set(map(resolved, result["taxa"])) == wanted


def test_a_control_s_note_is_shown_with_it() -> None:
    rule = next(rule for rule in rendered(build())["tool"]["driver"]["rules"] if rule["id"] == "LV505")
    described = {one["target"]["id"]: one.get("description") for one in rule["relationships"]}
    assert described == {"step-5": None, "14": {"text": "binds high-risk systems only"}, "MAP 3.5": None}
    assert "Supports EU AI Act 14 (binds high-risk systems only)\n" in rule["help"]["text"]


def test_integrity_rules_are_of_no_step() -> None:
    rule = next(rule for rule in rendered(build())["tool"]["driver"]["rules"] if rule["id"] == "LV001")
    assert "relationships" not in rule


def test_fingerprints_differ_and_leave_the_upload_s_own_key_alone() -> None:
    prints = [result["partialFingerprints"] for result in rendered(build())["results"]]
    assert {key for entry in prints for key in entry} == {"penstock/v1"}
    assert len({entry["penstock/v1"] for entry in prints}) == len(prints)


def test_too_many_results_are_cut_to_the_worst_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MAX_RESULTS", 5)
    run = rendered(build())
    assert [result["level"] for result in run["results"]] == ["error", "error", "error", "warning", "error"]
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    text = "10 findings; the 5 most severe are in this log, 5 are left out."
    assert notification["message"]["text"] == text
    assert notification["level"] == "warning"


def test_a_finding_of_an_unlisted_rule_or_without_a_file_is_still_reported() -> None:
    report = replace(build(), rules={}, findings=(made(location=Location("")),))
    (result,) = rendered(report)["results"]
    assert result["ruleId"] == "LV801"
    assert "ruleIndex" not in result
