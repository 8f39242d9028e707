"""Rules and parameters that take effect on a date: a warning before, an error from that day on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from penstock.errors import GroupedError
from penstock.model import Report
from penstock.workspace.check import Options, check

LAB = """apiVersion: rollout/v1
kind: VendorContract
metadata: {name: acme-lab}
spec: {vendor: Acme Lab, category: model-lab, startsOn: 2026-07-01, endsOn: 2027-06-30}
"""
_DATED = re.compile(r"^from .*?(?=: )|\(from .*\)")
POLICY = """apiVersion: policy/v1
kind: Policy
metadata: {name: vendor-too-short}
spec:
  id: ACME001
  title: A vendor's name is too short
  severity: SEVERITY
  effectiveFrom: 2027-03-01
  step: 8
  why: Because.
  remediation: Write the name out.
  params:
    least:
      type: integer
      default: 3
      description: Fewest letters.
      changes: [{from: 2027-02-01, default: 9}, {from: 2027-05-01, default: 10}]
  match: {kinds: [VendorContract]}
  validations:
    - expression: size(object.spec.vendor) >= params.least
      at: spec.vendor
      messageExpression: "'fewer than ' + string(params.least)"
  examples:
    good: [{name: good, manifests: [{kind: VendorContract, metadata: {name: a}}]}]
    bad:
      - name: bad
        manifests: [{kind: VendorContract, metadata: {name: a}, spec: {vendor: A}}]
        findings: [{resource: VendorContract/a, at: spec.vendor}]
"""


def run(folder: Path, config: str, as_of: str, select: str = "LV801") -> Report:
    (folder / "penstock.yaml").write_text(config)
    (folder / "lab.yaml").write_text(LAB)
    return check(Options(paths=(str(folder),), as_of=as_of, select=(select,)))


def weights(report: Report) -> list[tuple[str, str]]:
    """Each finding's severity, and what its message says of days: before it, behind it."""
    return [(found.severity.value, "".join(_DATED.findall(found.message))) for found in report.findings]


STRICT = "rules: {LV801: {params: {maxMonths: 6}, effectiveFrom: 2027-01-01}}"


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2026-12-31", [("warning", "(from 2027-01-01 on, this weighs as an error)")]),
        ("2027-01-01", [("error", "")]),
    ],
)
def test_a_rule_warns_before_its_day_and_fails_from_it_on(
    tmp_path: Path, as_of: str, expected: list[tuple[str, str]]
) -> None:
    report = run(tmp_path, STRICT, as_of)
    assert weights(report) == expected
    assert report.failed is (as_of >= "2027-01-01")
    assert report.rules["LV801"].effective_from == "2027-01-01"


def test_a_configured_severity_is_the_one_that_takes_effect(tmp_path: Path) -> None:
    config = "rules: {LV801: {params: {maxMonths: 6}, effectiveFrom: 2027-01-01, severity: warning}}"
    assert weights(run(tmp_path, config, "2026-12-31")) == [
        ("info", "(from 2027-01-01 on, this weighs as a warning)")
    ]
    assert weights(run(tmp_path, config, "2027-01-01")) == [("warning", "")]


CHANGING = "rules: {LV801: {params: {maxMonths: 24}, changes: [{from: 2027-01-01, params: {maxMonths: 6}}]}}"


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2026-12-31", [("warning", "from 2027-01-01 on, when `maxMonths` becomes 6")]),
        ("2027-01-01", [("error", "")]),
    ],
)
def test_a_parameter_warns_before_its_day_and_fails_from_it_on(
    tmp_path: Path, as_of: str, expected: list[tuple[str, str]]
) -> None:
    report = run(tmp_path, CHANGING, as_of)
    assert weights(report) == expected


def test_what_fails_already_is_not_told_again_for_a_later_value(tmp_path: Path) -> None:
    config = "rules: {LV801: {params: {maxMonths: 9}, changes: [{from: 2027-01-01, params: {maxMonths: 6}}]}}"
    assert weights(run(tmp_path, config, "2026-12-31")) == [("error", "")]


def test_a_value_that_is_to_come_later_is_excused_as_today_s_are(tmp_path: Path) -> None:
    (tmp_path / "waiver.yaml").write_text(
        "apiVersion: rollout/v1\nkind: Waiver\nmetadata: {name: long-lab}\nspec:\n  rules: [LV801]\n"
        "  resources: [{kind: VendorContract, name: acme-lab}]\n  reason: renegotiation is under way\n"
        "  approver: cio@acme.example\n  grantedOn: 2026-12-01\n  expiresOn: 2027-01-31\n"
    )
    report = run(tmp_path, CHANGING, "2026-12-31")
    assert report.findings == ()
    assert [each.finding.severity.value for each in report.excused] == ["warning"]


@pytest.mark.parametrize(
    ("as_of", "severity", "expected"),
    [
        (
            "2027-01-31",
            "error",
            [("info", "from 2027-02-01 on, when `least` becomes 9(from 2027-03-01 on, this weighs as an error)")],
        ),
        ("2027-02-28", "error", [("warning", "(from 2027-03-01 on, this weighs as an error)")]),
        ("2027-03-01", "error", [("error", "")]),
        ("2027-02-28", "warning", [("info", "(from 2027-03-01 on, this weighs as a warning)")]),
    ],
)
def test_a_pack_can_date_its_rules_and_defaults(
    tmp_path: Path, as_of: str, severity: str, expected: list[tuple[str, str]]
) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "vendor-too-short.yaml").write_text(POLICY.replace("SEVERITY", severity))
    config = "packs: [./own]\nmanifests: {exclude: [own/]}"
    assert weights(run(tmp_path, config, as_of, "ACME001")) == expected


def test_the_configuration_dates_a_pack_s_rule_anew(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "vendor-too-short.yaml").write_text(POLICY.replace("SEVERITY", "error"))
    config = "packs: [./own]\nmanifests: {exclude: [own/]}\nrules: {ACME001: {effectiveFrom: 2026-01-01"
    assert weights(run(tmp_path, config + ", params: {least: 10}}}", "2026-12-31", "ACME001")) == [("error", "")]
    # A value that the configuration sets does not change by itself.
    assert weights(run(tmp_path, config + ", params: {least: 3}}}", "2027-06-01", "ACME001")) == []


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ("rules: {LV801: {changes: [{from: 2027-01-01, params: {maxMonth: 6}}]}}", "has no parameter `maxMonth`"),
        ("rules: {LV801: {changes: [{from: 2027-01-01, params: {maxMonths: x}}]}}", "expected integer"),
        ("rules: {LV007: {effectiveFrom: 2027-01-01}}", "LV007 holds on every day"),
        ("rules: {LV801: {effectiveFrom: 2027-02-30}}", "2027-02-30"),
    ],
)
def test_what_cannot_take_effect_is_a_fault_of_the_configuration(tmp_path: Path, config: str, words: str) -> None:
    with pytest.raises(GroupedError) as raised:
        run(tmp_path, config, "2026-12-31")
    (fault,) = raised.value.errors
    assert words in fault.message
    assert fault.span is not None
