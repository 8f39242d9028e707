"""Waivers: what one in force excuses, what an expired one does not, and those that excuse nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.model import Report
from penstock.workspace.check import Options, check

LAB = """apiVersion: rollout/v1
kind: VendorContract
metadata: {name: acme-lab}
spec: {vendor: Acme Lab, category: model-lab, startsOn: 2026-01-01, endsOn: 2028-12-31}
"""
WAIVER = """apiVersion: rollout/v1
kind: Waiver
metadata: {name: three-year-lab}
spec:
  rules: [LV801]
  resources: [{kind: VendorContract, name: acme-lab}]
  reason: signed before the policy was adopted
  approver: cio@acme.example
  grantedOn: 2026-10-01
  expiresOn: 2026-12-31
"""


def run(folder: Path, waiver: str = WAIVER, as_of: str = "2026-11-20", contract: str = LAB) -> Report:
    (folder / "penstock.yaml").write_text("")
    (folder / "lab.yaml").write_text(contract)
    (folder / "waiver.yaml").write_text(waiver)
    return check(Options(paths=(str(folder),), as_of=as_of, select=("LV801", "LV009")))


def found(report: Report) -> list[tuple[str, str]]:
    return [(finding.rule, finding.location.path_text) for finding in report.findings]


@pytest.mark.parametrize("as_of", ["2026-11-20", "2026-12-31"])
def test_a_waiver_in_force_excuses_to_the_end_of_its_last_day(tmp_path: Path, as_of: str) -> None:
    report = run(tmp_path, as_of=as_of)
    assert found(report) == []
    assert report.stats.waived == 1


def test_an_expired_waiver_excuses_nothing_and_is_an_error(tmp_path: Path) -> None:
    report = run(tmp_path, as_of="2027-01-01")
    assert found(report) == [("LV801", "spec.endsOn"), ("LV008", "spec.expiresOn")]
    assert report.stats.waived == 0


def test_another_resource_is_not_excused(tmp_path: Path) -> None:
    report = run(tmp_path, contract=LAB + "---\n" + LAB.replace("acme-lab", "other-lab"))
    assert [(finding.rule, finding.location.resource) for finding in report.findings] == [
        ("LV801", "VendorContract/other-lab")
    ]


def test_a_waiver_that_excuses_nothing_is_a_warning_at_its_rule(tmp_path: Path) -> None:
    report = run(tmp_path, contract=LAB.replace("2028", "2026"))
    assert found(report) == [("LV009", "spec.rules[0]")]
    assert "VendorContract/acme-lab" in report.findings[0].message


def test_a_waiver_of_what_does_not_exist_is_told_once(tmp_path: Path) -> None:
    report = run(tmp_path, WAIVER.replace("name: acme-lab}", "name: acme-lba}"))
    assert found(report) == [("LV801", "spec.endsOn"), ("LV009", "spec.resources[acme-lba].name")]


def test_a_waiver_of_a_rule_that_was_not_checked_is_left_alone(tmp_path: Path) -> None:
    run(tmp_path)
    report = check(Options(paths=(str(tmp_path),), as_of="2026-11-20", select=("LV601", "LV009")))
    assert found(report) == []


def test_a_waiver_holds_from_the_day_it_was_granted(tmp_path: Path) -> None:
    assert found(run(tmp_path, as_of="2026-10-01")) == []
    assert found(run(tmp_path, as_of="2026-09-30")) == [("LV801", "spec.endsOn")]


def test_a_waiver_of_an_integrity_rule_is_told_to_have_no_effect(tmp_path: Path) -> None:
    report = run(tmp_path, WAIVER.replace("[LV801]", "[LV801, LV007]"))
    assert found(report) == [("LV009", "spec.rules[1]")]
    assert "cannot be waived" in report.findings[0].message


def test_an_integrity_error_cannot_be_waived(tmp_path: Path) -> None:
    contract = LAB.replace("category: model-lab", "category: lab")
    report = run(tmp_path, WAIVER.replace("LV801", "LV004"), contract=contract)
    assert ("LV004", "spec.category") in found(report)
