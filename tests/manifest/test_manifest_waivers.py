"""Waivers on a day: which are expired, and which name something in vain."""

from __future__ import annotations

import json
from typing import Any

import pytest
from manifest_samples import loaded, manifest, places

from penstock.manifest.waivers import is_expired, waiver_findings
from penstock.model import Severity

RULES = frozenset({"LV801", "LV802"})


def found(as_of: str = "2026-08-31", **spec: Any) -> list[str]:
    texts = {"w": json.dumps(manifest("Waiver", **spec), indent=1), "c": json.dumps(manifest("VendorContract"))}
    return places(waiver_findings(loaded(**texts).rollout, as_of, RULES))


@pytest.mark.parametrize(
    ("as_of", "expired"),
    [("2026-08-30", False), ("2026-08-31", False), ("2026-09-01", True), ("2027-01-01", True)],
)
def test_a_waiver_holds_on_the_whole_of_its_last_day(as_of: str, expired: bool) -> None:
    assert found(as_of) == (["w.yaml:20:16 LV008 Waiver/acme-lab-term spec.expiresOn"] if expired else [])


@pytest.mark.parametrize("last", ["soon", "2026-02-30", 2026, None, ["2020-01-01"]])
def test_a_waiver_without_a_usable_last_day_is_invalid_and_not_expired(last: Any) -> None:
    assert found("2099-01-01", expiresOn=last) == []


def test_rules_that_do_not_exist() -> None:
    assert found(rules=["LV801", "LV803", "LV9", 3, "LV802"]) == [
        "w.yaml:10:4 LV009 Waiver/acme-lab-term spec.rules[1]"
    ]


def test_resources_that_do_not_exist() -> None:
    resources = [
        {"kind": "VendorContract", "name": "acme-lab"},
        {"kind": "VendorContract", "name": "acme"},
        {"kind": "Agent", "name": "acme-lab"},
        {"kind": "Agent"},
        {"kind": [], "name": {}},
        "VendorContract/acme-lab",
    ]
    assert found(resources=resources) == [
        "w.yaml:18:13 LV009 Waiver/acme-lab-term spec.resources[acme].name",
        "w.yaml:22:13 LV009 Waiver/acme-lab-term spec.resources[2].name",
    ]


@pytest.mark.parametrize("spec", [None, [], "x", {"rules": {}, "resources": 3}])
def test_a_waiver_of_any_shape_does_no_harm(spec: Any) -> None:
    rollout = loaded(w=json.dumps({**manifest("Waiver"), "spec": spec})).rollout
    assert waiver_findings(rollout, "2026-08-31", RULES) == ()
    assert not is_expired(rollout.resources[0], "2099-01-01")


def test_an_expired_waiver_fails_a_run_and_one_in_vain_does_not() -> None:
    rollout = loaded(w=json.dumps(manifest("Waiver"))).rollout
    findings = waiver_findings(rollout, "2026-09-01", RULES)
    assert [(each.rule, each.severity) for each in findings] == [
        ("LV009", Severity.WARNING),
        ("LV008", Severity.ERROR),
    ]
