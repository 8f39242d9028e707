"""Waivers on a day: which are expired, and which name something in vain."""

from __future__ import annotations

import json
from typing import Any

import pytest
from manifest_samples import loaded, manifest, places

from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.manifest.waivers import covered, is_expired, length, subject, waiver_findings
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


TEAM = {
    "a": {**manifest("VendorContract"), "metadata": {"name": "a", "labels": {"team": "claims", "tier": "1"}}},
    "b": {**manifest("DataSource"), "metadata": {"name": "b", "labels": {"team": "claims"}}},
    "c": {**manifest("DataSource"), "metadata": {"name": "c", "labels": {"team": "legal"}}},
    "d": {**manifest("FteOwner"), "metadata": {"name": "d"}},
}


def waived(*resources: Any) -> tuple[Rollout, Resource]:
    """A rollout with labels, and a waiver in it that has the label of a team too."""
    waiver = manifest("Waiver", resources=list(resources))
    waiver["metadata"]["labels"] = {"team": "claims"}
    rollout = loaded(**{name: json.dumps(each) for name, each in TEAM.items()}, w=json.dumps(waiver)).rollout
    return rollout, rollout.of_kind("Waiver")[0]


@pytest.mark.parametrize(
    ("entry", "meant"),
    [
        ({"kind": "DataSource", "name": "b"}, ["DataSource/b"]),
        ({"kind": "DataSource", "name": "x"}, []),
        ({"kind": "Rollout", "name": "test"}, ["Rollout/test"]),
        ({"kind": "Rollout", "name": "other"}, []),
        ({"matchLabels": {"team": "claims"}}, ["VendorContract/a", "DataSource/b"]),
        ({"kind": "DataSource", "matchLabels": {"team": "claims"}}, ["DataSource/b"]),
        ({"kind": "Waiver", "matchLabels": {"team": "claims"}}, ["Waiver/acme-lab-term"]),
        ({"matchLabels": {"team": "claims", "tier": "1"}}, ["VendorContract/a"]),
        ({"matchLabels": {"team": "claims", "tier": "2"}}, []),
        ({"matchLabels": {"team": "Claims"}}, []),
        ({"kind": "Rollout", "matchLabels": {"team": "claims"}}, []),
        ({"matchLabels": {}}, []),
        ({"matchLabels": []}, []),
    ],
)
def test_what_an_entry_means(entry: dict[str, Any], meant: list[str]) -> None:
    assert list(covered(*waived(entry))) == meant


def test_what_two_entries_mean_is_covered_once() -> None:
    entries = ({"kind": "DataSource", "name": "b"}, {"matchLabels": {"team": "claims"}})
    assert covered(*waived(*entries)) == ("DataSource/b", "VendorContract/a")


def test_entries_of_two_kinds_may_have_one_name() -> None:
    entries = [{"kind": "DataSource", "name": "b"}, {"kind": "FteOwner", "name": "b"}]
    rollout, waiver = waived(*entries)
    assert waiver.valid
    assert covered(rollout, waiver) == ("DataSource/b",)


@pytest.mark.parametrize(
    ("entry", "field", "message", "help_text"),
    [
        (
            {"kind": "DataSource", "matchLabels": {"team": "calms"}},
            "matchLabels",
            "no DataSource has the label `team: calms`",
            "values of `team` in this rollout: `claims` and `legal`",
        ),
        (
            {"matchLabels": {"team": "claims", "region": "emea"}},
            "matchLabels",
            "no manifest has all of the labels `team: claims, region: emea`",
            "no manifest of this rollout has a label `region`",
        ),
        (
            {"matchLabels": {"team": "legal", "tier": "1"}},
            "matchLabels",
            "no manifest has all of the labels `team: legal, tier: 1`",
            "no single manifest has them all",
        ),
        (
            {"kind": "FteOwner", "matchLabels": {"team": "claims"}},
            "matchLabels",
            "no FteOwner has the label `team: claims`",
            "manifests of other kinds than FteOwner have it",
        ),
        (
            {"kind": "Rollout", "name": "tests"},
            "name",
            "this rollout is not named `tests`; did you mean `test`?",
            "its name is test",
        ),
    ],
)
def test_an_entry_that_means_nothing(entry: dict[str, Any], field: str, message: str, help_text: str) -> None:
    rollout, waiver = waived(entry)
    (found,) = waiver_findings(rollout, "2026-08-31", RULES)
    assert (found.rule, found.location.path) == ("LV009", ("spec", "resources", 0, field))
    assert found.location.resource == waiver.id
    assert (found.message, found.help) == (message, help_text)


def test_what_a_waiver_is_about_in_words() -> None:
    entries = [
        {"kind": "DataSource", "name": "b"},
        {"matchLabels": {"team": "claims", "tier": "1"}},
        {"kind": "Agent", "matchLabels": {"team": "claims"}},
        {"kind": "Rollout", "name": "test"},
    ]
    _, waiver = waived(*entries)
    assert subject(waiver) == (
        "the waiver of `LV801` on `DataSource/b`, `everything with team: claims, tier: 1`, "
        "`Agent with team: claims` and 1 more"
    )


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2026-06-01", "2026-06-01", 1),
        ("2026-06-01", "2026-08-29", 90),
        ("2026-06-01", "2026-05-31", 0),
        ("2024-02-28", "2024-03-01", 3),
    ],
)
def test_a_waiver_holds_on_its_first_and_its_last_day(first: str, last: str, days: int) -> None:
    rollout = loaded(w=json.dumps(manifest("Waiver", grantedOn=first, expiresOn=last))).rollout
    assert length(rollout.resources[0]) == days


@pytest.mark.parametrize("spec", [None, [], "x", {"rules": {}, "resources": 3}])
def test_a_waiver_of_any_shape_does_no_harm(spec: Any) -> None:
    rollout = loaded(w=json.dumps({**manifest("Waiver"), "spec": spec})).rollout
    assert waiver_findings(rollout, "2026-08-31", RULES) == ()
    assert covered(rollout, rollout.resources[0]) == ()
    assert not is_expired(rollout.resources[0], "2099-01-01")


def test_an_expired_waiver_fails_a_run_and_one_in_vain_does_not() -> None:
    rollout = loaded(w=json.dumps(manifest("Waiver"))).rollout
    findings = waiver_findings(rollout, "2026-09-01", RULES)
    assert [(each.rule, each.severity) for each in findings] == [
        ("LV009", Severity.WARNING),
        ("LV008", Severity.ERROR),
    ]
