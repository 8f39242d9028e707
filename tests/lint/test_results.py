"""What became of every rule on every resource: each once, in one status, and exceptions told apart from passes."""

from __future__ import annotations

from pathlib import Path

from penstock.model import Report, RuleResult, Status
from penstock.workspace.check import Options, check

CONTRACT = """apiVersion: rollout/v1
kind: VendorContract
metadata: {{name: {name}}}
spec:
  vendor: Acme Lab
  category: {category}
  startsOn: 2026-01-01
  endsOn: {end} {comment}
---
"""
WAIVER = """apiVersion: rollout/v1
kind: Waiver
metadata: {name: three-year-lab}
spec:
  rules: [LV801]
  resources: [{kind: VendorContract, name: waived}]
  reason: signed before the policy was adopted
  approver: cio@acme.example
  grantedOn: 2026-11-01
  expiresOn: 2026-12-31
"""
BASELINE = """apiVersion: baseline/v1
entries:
  - {rule: LV801, resource: VendorContract/listed, path: spec.endsOn, since: 2026-11-01}
"""


def contract(name: str, end: str = "2028-12-31", comment: str = "", category: str = "model-lab") -> str:
    return CONTRACT.format(name=name, end=end, comment=comment, category=category)


def run(folder: Path, *documents: str, select: str = "LV801") -> Report:
    (folder / "penstock.yaml").write_text("name: acme")
    (folder / "all.yaml").write_text("".join(documents))
    (folder / "penstock-baseline.yaml").write_text(BASELINE)
    return check(Options(paths=(str(folder),), as_of="2026-11-20", select=(select,)))


def result(report: Report, rule: str) -> RuleResult:
    (found,) = (each for each in report.results if each.rule == rule)
    return found


def test_every_resource_stands_in_exactly_one_status(tmp_path: Path) -> None:
    report = run(
        tmp_path,
        contract("good", "2026-12-31"),
        contract("bad"),
        contract("other", category="enterprise-software"),
        contract("commented", comment="# penstock: ignore[LV801] it ends with the merger"),
        contract("waived"),
        contract("listed"),
        contract("broken", end="soon"),
        WAIVER,
    )
    found = result(report, "LV801")
    assert dict(found.resources) == {
        Status.PASSED: ("VendorContract/good",),
        Status.FAILED: ("VendorContract/bad",),
        Status.SUPPRESSED: ("VendorContract/commented",),
        Status.WAIVED: ("VendorContract/waived",),
        Status.BASELINED: ("VendorContract/listed",),
        Status.NOT_APPLICABLE: ("VendorContract/other",),
        Status.NOT_JUDGED: ("VendorContract/broken",),
    }
    assert found.examined == 7
    stats = report.stats
    assert (stats.waived, stats.suppressed, stats.baselined, stats.skipped) == (1, 1, 1, 1)
    assert [each.excuse.kind.value for each in report.excused] == ["suppression", "waiver", "baseline"]


def test_a_resource_with_one_finding_that_counts_has_failed(tmp_path: Path) -> None:
    text = contract("mixed", comment="# penstock: ignore[LV801] renegotiated").replace(
        "---\n", "  term: P3Y\n---\n"
    )
    report = run(tmp_path, text)
    assert [found.location.path_text for found in report.findings if found.rule == "LV801"] == ["spec.term"]
    assert dict(result(report, "LV801").resources) == {Status.FAILED: ("VendorContract/mixed",)}
    assert len(report.excused) == 1


def test_integrity_rules_say_what_they_looked_at(tmp_path: Path) -> None:
    report = run(tmp_path, contract("good", "2026-12-31"), contract("broken", end="soon"), select="ALL")
    assert dict(result(report, "LV004").resources) == {
        Status.PASSED: ("VendorContract/good",),
        Status.FAILED: ("VendorContract/broken",),
    }
    assert result(report, "LV001").examined == 0


def test_a_check_of_shapes_has_no_results(tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text(contract("good"))
    report = check(Options(paths=(str(tmp_path),), as_of="2026-11-20", schema_only=True))
    assert not report.results
