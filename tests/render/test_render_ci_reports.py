"""JUnit XML, GitLab Code Quality, and the line format."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
from sample_report import build

from penstock.model import Finding, Location, Position, Report, Severity, Span
from penstock.render import render


def made(severity: Severity = Severity.ERROR, message: str = "it is wrong", **fields: object) -> Finding:
    location = Location("a.yaml", Span.at(2, 3, 4), "Kind/a", ("spec",), "spec")
    return replace(Finding("LV801", "some-defect", severity, message, location), **fields)  # type: ignore[arg-type]


def report(*findings: Finding, **fields: object) -> Report:
    return replace(build(), findings=findings, **fields)  # type: ignore[arg-type]


def junit(given: Report) -> ElementTree.Element:
    return ElementTree.fromstring(render(given, "junit"))


def gitlab(given: Report) -> Any:
    return json.loads(render(given, "gitlab"))


def concise(given: Report) -> list[str]:
    return render(given, "concise").splitlines()


def test_junit_has_a_suite_per_rule_and_green_ones_passed() -> None:
    root = junit(report(made()))
    assert [suite.get("name") for suite in root] == [f"{rule.id} {rule.name}" for rule in build().rules.values()]
    (passed,) = root[0].findall("testcase")
    assert passed.attrib == {"classname": "LV001 syntax-error", "name": "no findings", "time": "0"}
    assert len(passed) == 0


def test_junit_failures_are_those_that_fail_the_run() -> None:
    findings = (made(), made(Severity.WARNING), made(Severity.INFO))
    suites = {
        fail_on: next(suite for suite in junit(report(*findings, fail_on=fail_on)) if suite.get("failures") != "0")
        for fail_on in Severity
    }
    counts = {fail_on: (suite.get("failures"), suite.get("skipped")) for fail_on, suite in suites.items()}
    assert counts == {Severity.ERROR: ("1", "2"), Severity.WARNING: ("2", "1"), Severity.INFO: ("3", "0")}
    assert [case[0].tag for case in suites[Severity.ERROR].findall("testcase")] == [
        "failure",
        "skipped",
        "skipped",
    ]


def test_junit_counts_add_up() -> None:
    root = junit(build())
    for name in ("tests", "failures", "skipped"):
        assert int(root.get(name, "")) == sum(int(suite.get(name, "")) for suite in root)
    assert int(root.get("tests", "")) == len(root.findall("./testsuite/testcase"))
    assert int(root.get("failures", "")) == len(root.findall(".//failure")) == 4
    assert int(root.get("skipped", "")) == len(root.findall(".//skipped")) == 6


def test_junit_cases_name_place_and_field_and_never_twice() -> None:
    cases = junit(report(made(), made())).findall("./testsuite/testcase[@file]")
    assert [(case.get("name"), case.get("file"), case.get("line")) for case in cases] == [
        ("Kind/a spec", "a.yaml", "2"),
        ("Kind/a spec (2)", "a.yaml", "2"),
    ]


def test_junit_failure_says_what_and_where() -> None:
    (failure,) = junit(report(made(message="a <b>\x1b\nc", help="Mend & mind."), rules={})).iter("failure")
    assert failure.get("message") == r"a <b>\x1b c"
    assert failure.text == "a.yaml:2:3: error LV801\na <b>\\x1b\nc\nhelp: Mend & mind."


def test_gitlab_entries() -> None:
    location = Location("./a.yaml", Span(Position(2, 3), Position(4, 1)))
    (entry,) = gitlab(report(made(message="it is\nwrong", location=location)))
    assert entry == {
        "description": "LV801 some-defect: it is wrong",
        "check_name": "LV801",
        "fingerprint": entry["fingerprint"],
        "severity": "major",
        "location": {"path": "a.yaml", "lines": {"begin": 2, "end": 4}},
    }


def test_gitlab_severities_and_places_of_files_without_text() -> None:
    entries = gitlab(report(*(made(severity, location=Location("a.yaml")) for severity in Severity)))
    assert [entry["severity"] for entry in entries] == ["major", "minor", "info"]
    assert entries[0]["location"]["lines"] == {"begin": 1, "end": 1}


def test_gitlab_fingerprints_differ() -> None:
    entries = gitlab(build())
    assert len({entry["fingerprint"] for entry in entries}) == len(entries) == 10


def test_concise_is_one_line_a_finding() -> None:
    assert concise(report(made(message="it is\r\nwrong"))) == ["a.yaml:2:3: error LV801[some-defect] it is wrong"]
    assert concise(report(made(location=Location("a.yaml")))) == [
        "a.yaml:1:1: error LV801[some-defect] it is wrong"
    ]
    assert concise(report()) == []


@pytest.mark.parametrize(("file", "start"), [("::error::x", r"\x3a:error::x:1:1: "), (":", r"\x3a:1:1: ")])
def test_concise_lines_start_no_workflow_command(file: str, start: str) -> None:
    (line,) = concise(report(made(location=Location(file))))
    assert line.startswith(start)
