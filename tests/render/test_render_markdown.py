"""The comment for a pull request: overview, order, folding, links, limit."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sample_report import build

from penstock.model import Finding, Location, Report, Rule, Severity, Span
from penstock.render import markdown, render


def made(severity: Severity = Severity.ERROR, rule: str = "LV801", **fields: object) -> Finding:
    found = Finding(rule, "some-defect", severity, "it is wrong", Location("a.yaml", Span.at(2, 3, 4)))
    return replace(found, **fields)  # type: ignore[arg-type]


def report(*findings: Finding, rules: dict[str, Rule] | None = None) -> Report:
    return replace(build(), findings=findings, rules=rules or {})


def test_the_first_line_marks_the_comment() -> None:
    assert render(build(), "markdown").split("\n")[0] == markdown.MARKER


def test_the_overview_counts_by_rule_worst_first() -> None:
    text = markdown.render(
        report(
            made(Severity.INFO, "A1"), made(rule="B1"), made(rule="B2"), made(rule="B2"), made(Severity.WARNING)
        )
    )
    assert re.findall(r"^\| (\w+) \| (\w+) `some-defect` \| (\d) \|$", text, re.MULTILINE) == [
        ("error", "B2", "2"),
        ("error", "B1", "1"),
        ("warning", "LV801", "1"),
        ("info", "A1", "1"),
    ]


def test_a_long_overview_is_cut_and_counted() -> None:
    text = markdown.render(report(*(made(rule=f"R{number:03}") for number in range(20))))
    assert "| | 5 more rules | 5 |" in text
    assert text.count("| error |") == 15


def test_findings_stand_by_severity() -> None:
    text = markdown.render(report(made(Severity.INFO), made(Severity.ERROR), made(Severity.WARNING)))
    assert re.findall("^### .*", text, re.MULTILINE) == ["### Errors (1)", "### Warnings (1)", "### Info (1)"]


def test_beyond_ten_findings_are_folded() -> None:
    text = markdown.render(report(*(made() for _ in range(13))))
    opened, folded = text.split("<details><summary>3 more</summary>\n\n")
    assert opened.count("- **LV801**") == 10
    assert folded.count("- **LV801**") == 3
    assert folded.endswith("\n</details>\n")


@pytest.mark.parametrize(
    ("file", "link"),
    [
        ("a.yaml", "[`a.yaml:2:3`](a.yaml#L2)"),
        ("./a b.yaml", "[`./a b.yaml:2:3`](a%20b.yaml#L2)"),
        ("(a).yaml", "[`(a).yaml:2:3`](%28a%29.yaml#L2)"),
        ("../a.yaml", "`../a.yaml:2:3`"),
        ("/tmp/a.yaml", "`/tmp/a.yaml:2:3`"),
        ("x/../../a.yaml", "`x/../../a.yaml:2:3`"),
        ("javascript:x", "[`javascript:x:2:3`](javascript%3Ax#L2)"),
    ],
)
def test_files_are_links_to_lines(file: str, link: str) -> None:
    text = markdown.render(report(made(location=Location(file, Span.at(2, 3)))))
    assert f"- **LV801** `some-defect`: {link}<br>it is wrong\n" in text


def test_links_can_have_a_base() -> None:
    text = render(report(made()), "markdown", link_base="https://forge.example/b/")
    assert "](https://forge.example/b/a.yaml#L2)" in text


def test_a_rule_s_remedy_is_told_once() -> None:
    rule = Rule("LV801", "some-defect", "t", Severity.ERROR, 8, "w", "Mend it.")
    text = markdown.render(report(made(help="Mend this."), made(), made(), rules={"LV801": rule}))
    assert text.count("**Help:** Mend it.") == 1
    assert text.count("**Help:** Mend this.") == 1


def test_the_limit_is_kept_and_the_worst_kept_first() -> None:
    findings = [made(Severity.INFO, message="i" * 5_000) for _ in range(100)]
    findings += [made(Severity.ERROR, message="顧" * 900) for _ in range(20)]
    text = render(report(*findings), "markdown")
    assert len(text.encode("utf-8")) <= markdown.MAX_COMMENT
    assert "### Errors (20)" in text
    assert text.count("- **LV801**") < 120
    assert re.search(r"\n\d+ more findings did not fit here\. `penstock check` lists all of them\.\n$", text)


def test_a_clean_run_says_what_was_checked() -> None:
    text = markdown.render(report())
    assert "## penstock: no findings\n" in text
    assert "42 manifests in 2 rollouts, 7 rules, as of 2026-11-20." in text
