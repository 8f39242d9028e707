"""What is said of a changed penstock.yaml: whatever loosens a rule is a risk."""

from __future__ import annotations

import pytest

from penstock.change import Change, ConfigSide, RuleDefaults, configuration_changes
from penstock.source import read_bytes

RULES = {
    "LV801": RuleDefaults("contract-term-over-a-year", "error", {"maxMonths": 12}),
    "LV702": RuleDefaults("mixed", "error", {"most": 5}, dated=frozenset({"most"}), is_mixed=True),
    "LV104": RuleDefaults("maturity-assessment-outdated", "warning", {"maxMonths": 6, "kinds": ["a"]}),
}


def side(text: str) -> ConfigSide:
    reading = read_bytes(text.encode(), "penstock.yaml")
    return ConfigSide("penstock.yaml", next(iter(reading.documents), None))


def changes(old: str, new: str) -> tuple[Change, ...]:
    return configuration_changes(side(old), side(new), RULES)


CASES = [
    ("", "rules: {LV801: {severity: 'off'}}", "removed", "rules", "rule LV801 turned off (was error)"),
    ("rules: {LV801: {severity: 'off'}}", "", "added", "notable", "rule LV801 turned on again (error)"),
    ("", "rules: {LV801: {severity: info}}", "lowered", "rules", "severity of LV801 lowered from error to info"),
    (
        "rules: {LV104: {severity: info}}",
        "rules: {LV104: {severity: error}}",
        "raised",
        "notable",
        "severity of LV104 raised from info to error",
    ),
    (
        "",
        "rules: {LV702: {severity: error}}",
        "changed",
        "rules",
        "severity of LV702 set to error for all of its checks",
    ),
    (
        "",
        "rules: {LV702: {params: {most: 5}}}",
        "changed",
        "rules",
        "parameter most of LV702 kept at 5, the default, whatever the policy will say",
    ),
    (
        "",
        "rules: {LV801: {changes: [{from: 2026-12-01, params: {maxMonths: 3}}]}}",
        "added",
        "rules",
        "from 2026-12-01 on `maxMonths` of LV801 becomes 3 (12 before)",
    ),
    (
        "rules: {LV801: {params: {maxMonths: 9}, changes: [{from: 2026-12-01, params: {maxMonths: 3}}]}}",
        "rules: {LV801: {params: {maxMonths: 9}, changes: [{from: 2026-12-01, params: {maxMonths: 6}}, "
        "{from: 2027-12-01, params: {maxMonths: 3}}]}}",
        "changed",
        "rules",
        "from 2026-12-01 on `maxMonths` of LV801 becomes 6 (was to become 3); "
        "from 2027-12-01 on `maxMonths` of LV801 becomes 3 (6 before)",
    ),
    (
        "rules: {LV801: {changes: [{from: 2026-12-01, params: {maxMonths: 3}}]}}",
        "",
        "removed",
        "rules",
        "`maxMonths` of LV801 no longer becomes 3 from 2026-12-01 on (it is 12 then)",
    ),
    (
        "",
        "rules: {LV801: {params: {maxMonths: 24}}}",
        "raised",
        "rules",
        "parameter maxMonths of LV801 raised from 12, the default, to 24",
    ),
    (
        "rules: {LV801: {params: {maxMonths: 6}}}",
        "",
        "raised",
        "rules",
        "parameter maxMonths of LV801 raised from 6 to 12, the default",
    ),
    (
        "rules: {LV104: {params: {kinds: [a]}}}",
        "rules: {LV104: {params: {kinds: [a, b]}}}",
        "added",
        "rules",
        "parameter kinds of LV104: b added",
    ),
    (
        "",
        "rules: {LV801: {effectiveFrom: 2027-01-01}}",
        "added",
        "rules",
        "rule LV801 takes full effect only on 2027-01-01",
    ),
    (
        "rules: {LV801: {effectiveFrom: 2027-01-01}}",
        "rules: {LV801: {effectiveFrom: 2027-03-01}}",
        "raised",
        "rules",
        "rule LV801 takes full effect 2 months later (2027-01-01 -> 2027-03-01)",
    ),
    ("", "ignore: [LV801, step:11]", "added", "rules", "ignore: LV801, step:11 added"),
    ("ignore: [LV801]", "", "removed", "notable", "ignore: LV801 removed"),
    ("failOn: warning", "", "lowered", "rules", "least severity that fails a run lowered from warning to error"),
    ("", "failOn: info", "raised", "notable", "least severity that fails a run raised from error to info"),
    ("packs: [levie, ./p]", "packs: [levie]", "removed", "rules", "packs: ./p removed"),
    ("", "packs: [levie, ./p]", "added", "notable", "packs: ./p added"),
    (
        "packs: [{git: 'https://x.example/p', revision: v1}]",
        "packs: [{git: 'https://x.example/p', revision: v2}]",
        "changed",
        "rules",
        "pack https://x.example/p: revision changed from v1 to v2",
    ),
    ("", "manifests: {exclude: [drafts/]}", "added", "rules", "manifests exclude: drafts/ added"),
    ("", "exceptions: {maxDays: 365}", "raised", "rules", "most days of a waiver raised from 90 to 365"),
    (
        "exceptions: {waive: {never: [LV601, LV801]}}",
        "",
        "removed",
        "rules",
        "rules that no waiver may excuse: LV801 removed",
    ),
    (
        "exceptions: {waive: {codeOwners: true}}",
        "",
        "lowered",
        "rules",
        "approval of waivers by code owners alone changed from true to false",
    ),
    ("name: a", "name: b", "replaced", "other", "name replaced: a -> b"),
]


@pytest.mark.parametrize(("old", "new", "what", "weight", "sentence"), CASES, ids=[each[4] for each in CASES])
def test_one_decision_is_told_in_one_sentence(old: str, new: str, what: str, weight: str, sentence: str) -> None:
    (found,) = changes(old, new)
    assert (found.what.value, found.weight.value, found.sentence) == (what, weight, sentence)
    assert found.resource == "penstock.yaml"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "{}"),
        ("", "failOn: error\npacks: [levie]\nselect: [ALL]\nexceptions: {maxDays: 90}"),
        ("rules: {LV801: {severity: info}}", "rules: {contract-term-over-a-year: {severity: info}}"),
        ("ignore: [LV801]", "ignore: [contract-term-over-a-year]"),
        ("name: a # x\nfailOn: info", "failOn: info\nname: a"),
        ("rules: {LV801: {}}", "rules: {}"),
        ("", "rules: {LV104: {severity: warning}}"),
        ("rules: {LV801: {severity: error, params: {maxMonths: 12.0}}}", ""),
    ],
)
def test_what_holds_anyway_is_no_change(old: str, new: str) -> None:
    assert changes(old, new) == ()


def test_a_change_stands_where_the_rule_is_written() -> None:
    (found,) = changes("", "name: x\nrules:\n  contract-term-over-a-year: {severity: 'off'}\n")[:1]
    assert found.path == ("rules", "contract-term-over-a-year", "severity")
    assert found.location.span is not None
    assert found.location.span.start.line == 3


def test_a_configuration_that_is_gone_is_placed_in_the_old_file() -> None:
    found = configuration_changes(side("manifests: {include: [a/]}\n"), side(""), RULES)
    assert {each.weight.value for each in found} == {"rules", "notable"}
