"""Workflow commands: the toolkit's escaping, ten annotations of a level, and the step summary."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest
from sample_report import build

from penstock.model import Finding, Location, Position, Report, Severity, Span
from penstock.render import github, render


def made(severity: Severity = Severity.ERROR, message: str = "it is wrong", **fields: object) -> Finding:
    location = Location("a.yaml", Span.at(2, 3, 4))
    return replace(Finding("LV801", "some-defect", severity, message, location), **fields)  # type: ignore[arg-type]


def lines(*findings: Finding) -> list[str]:
    text = render(replace(build(), findings=findings, rules={}), "github")
    return text.splitlines()


def test_a_finding_is_an_annotation() -> None:
    assert lines(made()) == [
        "::error file=a.yaml,line=2,endLine=2,col=3,endColumn=7,title=LV801 some-defect::it is wrong"
    ]


def test_columns_are_left_out_of_a_span_over_lines() -> None:
    location = Location("a.yaml", Span(Position(2, 3), Position(4, 1)))
    assert lines(made(location=location)) == [
        "::error file=a.yaml,line=2,endLine=4,title=LV801 some-defect::it is wrong"
    ]


def test_a_finding_without_a_span_or_file_has_no_place() -> None:
    assert lines(made(location=Location("a.yaml")))[0].startswith("::error file=a.yaml,title=")
    assert lines(made(location=Location("")))[0].startswith("::error title=")


@pytest.mark.parametrize(("severity", "command"), [("error", "error"), ("warning", "warning"), ("info", "notice")])
def test_severities_become_commands(severity: str, command: str) -> None:
    assert lines(made(Severity(severity)))[0].startswith(f"::{command} ")


def test_the_toolkit_s_escaping() -> None:
    assert github.escape_data("100%\r\na:b,c") == "100%25%0D%0Aa:b,c"
    assert github.escape_property("100%\r\na:b,c") == "100%25%0D%0Aa%3Ab%2Cc"
    found = made(message="50 %\n::set-output name=x::y", location=Location("a,b:c%.yaml"))
    assert lines(found) == [
        "::error file=a%2Cb%3Ac%25.yaml,title=LV801 some-defect::50 %25%0A::set-output name=x::y"
    ]


def test_a_carriage_return_starts_no_command() -> None:
    (line,) = lines(made(message="a\r::add-mask::b", name="n\r::add-mask::c"))
    assert "\r" not in line
    assert line.endswith(r"title=LV801 n\r%3A%3Aadd-mask%3A%3Ac::a%0A::add-mask::b")


def test_help_follows_the_message() -> None:
    assert lines(made(help="Mend it."))[0].endswith("::it is wrong%0AHelp: Mend it.")


def test_ten_of_a_level_all_show() -> None:
    found = [made(severity) for severity in Severity for _ in range(10)]
    assert Counter(line.split(" ")[0] for line in lines(*found)) == {
        "::error": 10,
        "::warning": 10,
        "::notice": 10,
    }


def test_of_more_the_rest_is_counted_in_one_notice() -> None:
    numbers = {Severity.INFO: 12, Severity.WARNING: 3, Severity.ERROR: 11}
    shown = lines(*(made(severity) for severity, number in numbers.items() for _ in range(number)))
    assert Counter(line.split(" ")[0] for line in shown) == {"::error": 10, "::warning": 3, "::notice": 10}
    assert shown[0].startswith("::error")
    assert shown[-1] == (
        "::notice title=penstock::1 error, 3 info more: GitHub shows 10 annotations of a level. See the summary."
    )


def test_a_clean_run_says_nothing() -> None:
    assert lines() == []


def test_the_summary_holds_every_finding_the_annotations_leave_out() -> None:
    findings = tuple(made(message=f"finding {number}") for number in range(300))
    text = github.summary(replace(build(), findings=findings))
    assert [int(number) for number in re.findall(r"finding (\d+)", text)] == list(range(300))


def test_the_summary_keeps_to_its_limit_and_says_what_is_missing() -> None:
    text = github.summary(huge(30_000))
    assert 900_000 < len(text.encode("utf-8")) < github.MAX_SUMMARY
    shown = text.count("- **LV801**")
    assert f"\n{30_000 - shown} more findings did not fit here." in text


def huge(number: int) -> Report:
    return replace(build(), findings=tuple(made(message="顧客 " * 20) for _ in range(number)))
