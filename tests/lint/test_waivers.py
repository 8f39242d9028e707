"""Waivers: what one in force excuses, what an expired one does not, who may grant them, and those in vain."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.errors import GroupedError, InputError
from penstock.lint.authority import same
from penstock.manifest.owners import Owner, owners
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.model import Excuse, ExcuseKind, Finding, Location, Report, Span
from penstock.workspace.check import Options, check

LAB = """apiVersion: rollout/v1
kind: VendorContract
metadata: {name: acme-lab, labels: {team: claims}}
spec: {vendor: Acme Lab, category: model-lab, startsOn: 2026-01-01, endsOn: 2028-12-31}
"""
OTHER_LAB = LAB.replace("acme-lab", "other-lab")
BOTH_LABS = LAB + "---\n" + OTHER_LAB
DECIDED = LAB.replace("2028-12-31}", "2028-12-31, decision: {outcome: renew, by: Cio@acme.example}}")
WAIVER = """apiVersion: rollout/v1
kind: Waiver
metadata: {name: three-year-lab}
spec:
  rules: [LV801]
  resources: [{kind: VendorContract, name: acme-lab}]
  reason: signed before the policy was adopted
  approver: cio@acme.example
  grantedOn: 2026-10-03
  expiresOn: 2026-12-31
  ticket: RISK-118
"""
SELECT = ("LV801", "LV009", "LV016")


def run(
    folder: Path,
    waiver: str = WAIVER,
    as_of: str = "2026-11-20",
    contract: str = LAB,
    config: str = "name: labs",
    select: tuple[str, ...] = SELECT,
) -> Report:
    (folder / "penstock.yaml").write_text(config)
    (folder / "lab.yaml").write_text(contract)
    (folder / "waiver.yaml").write_text(waiver)
    return check(Options(paths=(str(folder),), as_of=as_of, select=select))


def found(report: Report) -> list[tuple[str, str]]:
    return [(finding.rule, finding.location.path_text) for finding in report.findings]


def only(report: Report, rule: str) -> Finding:
    """The one finding of a rule."""
    (one,) = [finding for finding in report.findings if finding.rule == rule]
    return one


# What a waiver in force excuses.


@pytest.mark.parametrize("as_of", ["2026-10-03", "2026-11-20"])
def test_a_waiver_in_force_excuses(tmp_path: Path, as_of: str) -> None:
    report = run(tmp_path, as_of=as_of)
    assert found(report) == []
    assert report.stats.waived == 1


def test_the_excuse_says_who_decided_what_until_when(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (excused,) = run(Path()).excused
    assert (excused.finding.rule, excused.finding.location.resource) == ("LV801", "VendorContract/acme-lab")
    assert excused.excuse == Excuse(
        kind=ExcuseKind.WAIVER,
        location=Location(
            "waiver.yaml", Span.at(3, 18, 14), "Waiver/three-year-lab", ("metadata", "name"), "metadata.name"
        ),
        reason="signed before the policy was adopted",
        since="2026-10-03",
        until="2026-12-31",
        person="cio@acme.example",
        ticket="RISK-118",
    )


def test_of_two_waivers_the_first_is_told_and_both_are_of_use(tmp_path: Path) -> None:
    report = run(tmp_path, WAIVER + "---\n" + WAIVER.replace("three-year-lab", "again"))
    assert found(report) == []
    assert [each.excuse.location.resource for each in report.excused] == ["Waiver/three-year-lab"]


def test_another_resource_is_not_excused(tmp_path: Path) -> None:
    report = run(tmp_path, contract=BOTH_LABS)
    assert [(finding.rule, finding.location.resource) for finding in report.findings] == [
        ("LV801", "VendorContract/other-lab")
    ]


@pytest.mark.parametrize(
    "target", ["{matchLabels: {team: claims}}", "{kind: VendorContract, matchLabels: {team: claims}}"]
)
def test_a_selector_excuses_all_that_have_the_labels(tmp_path: Path, target: str) -> None:
    waiver = WAIVER.replace("{kind: VendorContract, name: acme-lab}", target)
    report = run(tmp_path, waiver, contract=BOTH_LABS)
    assert found(report) == []
    assert report.stats.waived == 2
    report = run(tmp_path, waiver, contract=LAB + "---\n" + OTHER_LAB.replace("team: claims", "team: legal"))
    assert [(each.rule, each.location.resource) for each in report.findings] == [
        ("LV801", "VendorContract/other-lab")
    ]


def test_findings_about_the_rollout_can_be_waived(tmp_path: Path) -> None:
    agent = "apiVersion: rollout/v1\nkind: Agent\nmetadata: {name: triager}\nspec: {useCase: triage}\n"
    waiver = WAIVER.replace("LV801", "LV101").replace("VendorContract, name: acme-lab", "Rollout, name: labs")
    contract = LAB + "---\n" + agent
    select = ("LV101", "LV009")
    unwaived = run(tmp_path, WAIVER, contract=contract, select=select)
    assert [(each.rule, each.location.resource) for each in unwaived.findings if each.rule == "LV101"] == [
        ("LV101", "Rollout/labs")
    ]
    report = run(tmp_path, waiver, contract=contract, select=select)
    assert [each.rule for each in report.findings if each.rule in select] == []
    assert report.stats.waived == 1


def test_a_warning_about_a_manifest_itself_can_be_waived(tmp_path: Path) -> None:
    report = run(tmp_path, WAIVER.replace("LV801", "LV007"), select=("LV007", "LV009"))
    assert found(report) == []
    assert [each.finding.rule for each in report.excused] == ["LV007"]


# The days.


def test_a_waiver_holds_on_the_whole_of_its_last_day(tmp_path: Path) -> None:
    assert found(run(tmp_path, as_of="2026-12-31")) == [("LV016", "spec.expiresOn")]
    report = run(tmp_path, as_of="2027-01-01")
    assert found(report) == [("LV801", "spec.endsOn"), ("LV008", "spec.expiresOn")]
    assert report.stats.waived == 0


def test_a_waiver_holds_from_the_day_it_was_granted(tmp_path: Path) -> None:
    assert found(run(tmp_path, as_of="2026-10-03")) == []
    assert found(run(tmp_path, as_of="2026-10-02")) == [("LV801", "spec.endsOn")]


@pytest.mark.parametrize(
    ("as_of", "words"),
    [
        ("2026-12-16", None),
        ("2026-12-17", "14 days left, its last day is 2026-12-31"),
        ("2026-12-30", "1 day left, its last day is 2026-12-31"),
        ("2026-12-31", "its last day is today, 2026-12-31"),
    ],
)
def test_a_waiver_about_to_expire_is_a_warning(tmp_path: Path, as_of: str, words: str | None) -> None:
    report = run(tmp_path, as_of=as_of)
    about = "the waiver of `LV801` on `VendorContract/acme-lab` expires soon: "
    assert [each.message for each in report.findings] == ([about + words] if words else [])
    assert not report.failed


@pytest.mark.parametrize(("days", "warned"), [(0, ["2026-12-31"]), (1, ["2026-12-30", "2026-12-31"])])
def test_how_early_it_warns_is_configured(tmp_path: Path, days: int, warned: list[str]) -> None:
    config = f"exceptions: {{warnDays: {days}}}"
    asked = ["2026-12-29", "2026-12-30", "2026-12-31"]
    assert [day for day in asked if found(run(tmp_path, as_of=day, config=config))] == warned


def test_only_a_waiver_with_effect_is_about_to_expire(tmp_path: Path) -> None:
    late = WAIVER.replace("2026-12-31", "2026-12-01").replace("2026-10-03", "2026-11-25")
    assert found(run(tmp_path, late)) == [("LV801", "spec.endsOn")]
    forbidden = WAIVER.replace("LV801", "LV601")
    assert ("LV016", "spec.expiresOn") not in found(run(tmp_path, forbidden, as_of="2026-12-31"))


NEXT = (
    WAIVER.replace("three-year-lab", "next")
    .replace("2026-12-31", "2027-03-31")
    .replace("2026-10-03", "2027-01-01")
)


@pytest.mark.parametrize(
    ("successors", "warned"),
    [
        ([NEXT], False),
        ([NEXT.replace("2027-01-01", "2026-12-31")], True),  # holds for 91 days, so it is not allowed
        ([NEXT.replace("2027-01-01", "2026-12-31").replace("2027-03-31", "2027-03-01")], False),
        ([NEXT.replace("2027-01-01", "2027-01-02")], True),  # a day between them
        ([NEXT.replace("acme-lab", "other-lab")], True),
        ([NEXT.replace("LV801", "LV802")], True),
        ([NEXT.replace("{kind: VendorContract, name: acme-lab}", "{matchLabels: {team: claims}}")], False),
        ([NEXT.replace("cio@", "Owner+cio@")], True),
    ],
)
def test_a_waiver_with_a_successor_does_not_expire_soon(
    tmp_path: Path, successors: list[str], warned: bool
) -> None:
    contract = BOTH_LABS.replace("2028-12-31}", "2028-12-31, decision: {outcome: renew, by: owner@acme.example}}")
    report = run(tmp_path, "---\n".join([WAIVER, *successors]), as_of="2026-12-28", contract=contract)
    assert [each.location.resource for each in report.findings if each.rule == "LV016"] == (
        ["Waiver/three-year-lab"] if warned else []
    )


def test_successors_may_share_what_a_waiver_covers(tmp_path: Path) -> None:
    both = "resources: [{kind: VendorContract, name: acme-lab}, {kind: VendorContract, name: other-lab}]"
    waiver = WAIVER.replace("resources: [{kind: VendorContract, name: acme-lab}]", both)
    second = NEXT.replace("name: next", "name: second").replace("acme-lab", "other-lab")
    for successors, expected in (([NEXT], ["LV016"]), ([NEXT, second], [])):
        report = run(tmp_path, "---\n".join([waiver, *successors]), as_of="2026-12-28", contract=BOTH_LABS)
        assert [each.rule for each in report.findings] == expected


def test_a_waiver_holds_for_90_days_at_most(tmp_path: Path) -> None:
    report = run(tmp_path, WAIVER.replace("2026-10-03", "2026-10-02"))
    assert found(report) == [("LV801", "spec.endsOn"), ("LV015", "spec.expiresOn")]
    wrong = only(report, "LV015")
    assert wrong.message == (
        "the waiver holds for 91 days, from 2026-10-02 to 2026-12-31, both included; 90 days at most are allowed"
    )
    assert wrong.help == "its last day may be 2026-12-30; `exceptions.maxDays` in penstock.yaml sets the limit"
    assert [(each.location.path_text, each.message) for each in wrong.related] == [
        ("spec.grantedOn", "its first day")
    ]


@pytest.mark.parametrize(("days", "allowed"), [(1, False), (89, False), (90, True), (365, True)])
def test_the_most_days_are_configured(tmp_path: Path, days: int, allowed: bool) -> None:
    report = run(tmp_path, config=f"exceptions: {{maxDays: {days}}}")
    assert (found(report) == []) is allowed


def test_a_waiver_that_ends_before_it_begins(tmp_path: Path) -> None:
    report = run(tmp_path, WAIVER.replace("2026-12-31", "2026-10-02"), as_of="2026-10-02")
    assert found(report) == [("LV801", "spec.endsOn"), ("LV015", "spec.expiresOn")]
    assert only(report, "LV015").message == (
        "the waiver ends before it begins: its last day is 2026-10-02, its first is 2026-10-03"
    )


# Waivers in vain.


def test_a_waiver_that_excuses_nothing_is_a_warning_at_its_rule(tmp_path: Path) -> None:
    report = run(tmp_path, contract=LAB.replace("2028", "2026"))
    assert found(report) == [("LV009", "spec.rules[0]")]
    assert report.findings[0].message == (
        "the waiver of LV801 has no effect: the rule finds nothing on VendorContract/acme-lab"
    )


def test_a_selector_that_excuses_nothing_names_a_few(tmp_path: Path) -> None:
    labs = [LAB.replace("acme-lab", f"lab-{number}").replace("2028", "2026") for number in range(5)]
    waiver = WAIVER.replace("{kind: VendorContract, name: acme-lab}", "{matchLabels: {team: claims}}")
    report = run(tmp_path, waiver, contract="---\n".join(labs))
    assert only(report, "LV009").message == (
        "the waiver of LV801 has no effect: the rule finds nothing on any of 5 resources, "
        "VendorContract/lab-0, VendorContract/lab-1, VendorContract/lab-2 and others"
    )


@pytest.mark.parametrize(
    ("target", "place"),
    [
        ("{kind: VendorContract, name: acme-lba}", "spec.resources[acme-lba].name"),
        ("{matchLabels: {team: legal}}", "spec.resources[0].matchLabels"),
        ("{kind: Rollout, name: other}", "spec.resources[other].name"),
    ],
)
def test_a_waiver_of_what_does_not_exist_is_told_once(tmp_path: Path, target: str, place: str) -> None:
    report = run(tmp_path, WAIVER.replace("{kind: VendorContract, name: acme-lab}", target))
    assert found(report) == [("LV801", "spec.endsOn"), ("LV009", place)]


def test_a_waiver_of_a_rule_that_was_not_checked_is_left_alone(tmp_path: Path) -> None:
    assert found(run(tmp_path, select=("LV601", "LV009"))) == []


def test_nothing_is_said_of_a_waiver_whose_manifest_could_not_be_judged(tmp_path: Path) -> None:
    assert found(run(tmp_path, contract=LAB.replace("category: model-lab", "category: lab"))) == [
        ("LV004", "spec.category")
    ]


# Rules that cannot, or may not, be waived.


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("LV004", "something could not be checked"),
        ("LV015", "something could not be checked"),
        ("LV009", "an exception needs attention"),
        ("LV016", "an exception needs attention"),
    ],
)
def test_what_nothing_can_excuse_cannot_be_waived(tmp_path: Path, rule: str, why: str) -> None:
    report = run(tmp_path, WAIVER.replace("[LV801]", f"[LV801, {rule}]"))
    # The waiver's other rule holds.
    assert found(report) == [("LV015", "spec.rules[1]")]
    assert report.stats.waived == 1
    assert report.findings[0].message == f"{rule} cannot be waived: it says that {why}"


def test_an_integrity_error_stands_beside_its_waiver(tmp_path: Path) -> None:
    contract = LAB.replace("category: model-lab", "category: lab")
    report = run(tmp_path, WAIVER.replace("LV801", "LV004"), contract=contract)
    assert found(report) == [("LV004", "spec.category"), ("LV015", "spec.rules[0]")]


def test_the_rule_that_every_agent_has_its_fte_may_not_be_waived(tmp_path: Path) -> None:
    report = run(tmp_path, WAIVER.replace("[LV801]", "[LV601, LV801]"))
    assert found(report) == [("LV015", "spec.rules[0]")]
    assert report.findings[0].message == "LV601 (agent-without-fte) may not be waived in this rollout"
    assert "`exceptions.waive.never` in penstock.yaml" in (report.findings[0].help or "")


def test_which_rules_may_not_be_waived_is_configured(tmp_path: Path) -> None:
    config = "exceptions: {waive: {never: [step:8]}}"
    report = run(tmp_path, WAIVER.replace("[LV801]", "[LV601, LV801]"), config=config)
    assert found(report) == [("LV801", "spec.endsOn"), ("LV015", "spec.rules[1]")]
    assert found(run(tmp_path, config="exceptions: {waive: {never: []}}")) == []


# Who may approve.


def test_the_owner_cannot_approve(tmp_path: Path) -> None:
    report = run(tmp_path, contract=DECIDED)
    assert found(report) == [("LV801", "spec.endsOn"), ("LV015", "spec.approver")]
    wrong = only(report, "LV015")
    assert wrong.message == (
        "`cio@acme.example` cannot approve a waiver for VendorContract/acme-lab, which is the approver's own: "
        "its `spec.decision.by` is `Cio@acme.example`"
    )
    assert wrong.help == "somebody else must approve it"
    (related,) = wrong.related
    assert (related.location.resource, related.location.path_text) == (
        "VendorContract/acme-lab",
        "spec.decision.by",
    )
    assert related.message == "this makes the approver the owner of VendorContract/acme-lab"


@pytest.mark.parametrize(
    ("owner", "approver", "one_person"),
    [
        ("cio@acme.example", "cio+w@acme.example", True),
        ("cio+a@acme.example", "CIO+b+c@acme.example", True),
        ("cio@acme.example", "cio@acme+w.example", False),
        ("cio@acme.example", "cio.w@acme.example", False),
        ("+w@acme.example", "+v@acme.example", False),
    ],
)
def test_a_tag_in_an_address_makes_no_other_person(owner: str, approver: str, one_person: bool) -> None:
    assert same(owner, approver) is same(approver, owner) is one_person


def test_nor_the_owner_by_another_address(tmp_path: Path) -> None:
    report = run(tmp_path, WAIVER.replace("cio@", "cio+w@"), contract=DECIDED)
    assert found(report) == [("LV801", "spec.endsOn"), ("LV015", "spec.approver")]


def test_a_handle_has_no_tag() -> None:
    assert same("@acme/risk", "@ACME/Risk")
    assert not same("@acme/risk+a", "@acme/risk")


def test_owners_are_asked_for_once_however_many_waivers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counting(rollout: Rollout, resource: Resource) -> tuple[Owner, ...]:
        asked.append(resource.id)
        return owners(rollout, resource)

    monkeypatch.setattr("penstock.lint.approval.owners", counting)
    waiver = WAIVER.replace("{kind: VendorContract, name: acme-lab}", "{matchLabels: {team: claims}}")
    waivers = [waiver.replace("three-year-lab", f"w{number}") for number in range(4)]
    assert found(run(tmp_path, "---\n".join(waivers), contract=BOTH_LABS)) == []
    assert sorted(asked) == ["VendorContract/acme-lab", "VendorContract/other-lab"]


def test_nor_the_owner_of_what_a_selector_takes_in(tmp_path: Path) -> None:
    contract = (
        DECIDED + "---\n" + DECIDED.replace("acme-lab", "other-lab") + "---\n" + LAB.replace("acme-lab", "third")
    )
    waiver = WAIVER.replace("{kind: VendorContract, name: acme-lab}", "{matchLabels: {team: claims}}")
    report = run(tmp_path, waiver, contract=contract)
    assert [each.rule for each in report.findings] == ["LV801", "LV801", "LV801", "LV015"]
    wrong = only(report, "LV015")
    assert wrong.message.endswith("; `cio@acme.example` owns `VendorContract/other-lab` as well")
    assert len(wrong.related) == 2


def test_an_owner_may_approve_for_what_is_not_theirs(tmp_path: Path) -> None:
    assert found(run(tmp_path, contract=LAB + "---\n" + DECIDED.replace("acme-lab", "other-lab"))) == [
        ("LV801", "spec.endsOn")
    ]


def test_the_fte_of_an_agent_cannot_approve_for_it(tmp_path: Path) -> None:
    contract = """apiVersion: rollout/v1
kind: Agent
metadata: {name: triager}
spec: {useCase: triage, fteOwner: dana}
---
apiVersion: rollout/v1
kind: FteOwner
metadata: {name: dana}
spec: {person: cio@acme.example, employment: internal}
---
apiVersion: rollout/v1
kind: UseCase
metadata: {name: triage}
spec: {workflow: Sort claims, businessUnit: claims, domain: knowledge-work, stage: pilot}
---
apiVersion: rollout/v1
kind: Organization
metadata: {name: acme}
spec: {industry: insurance, segment: mid-market, businessUnits: [{name: claims}]}
"""
    waiver = WAIVER.replace("VendorContract, name: acme-lab", "Agent, name: triager").replace("LV801", "LV1201")
    report = run(tmp_path, waiver, contract=contract, select=("LV1201",))
    assert ("LV1201", "spec.autonomy") in found(report)
    wrong = only(report, "LV015")
    assert wrong.message.endswith(
        "its `spec.fteOwner` is FteOwner/dana, whose `spec.person` is `cio@acme.example`"
    )
    assert [each.location.resource for each in wrong.related] == ["FteOwner/dana"]


APPROVERS = """exceptions:
  waive:
    approvers:
      - {rules: [step:8], people: [cfo@acme.example]}
      - {rules: [LV801], people: [Ciso@acme.example, board@acme.example]}
      - {rules: [LV601], people: [nobody@acme.example]}
"""


def test_only_the_people_named_for_a_rule_approve_its_waivers(tmp_path: Path) -> None:
    report = run(tmp_path, config=APPROVERS)
    assert found(report) == [("LV801", "spec.endsOn"), ("LV015", "spec.approver")]
    wrong = only(report, "LV015")
    assert wrong.message == (
        "`cio@acme.example` may not approve a waiver of LV801: "
        "only `cfo@acme.example`, `Ciso@acme.example` or `board@acme.example` may"
    )
    assert wrong.help == "`exceptions.waive.approvers` in penstock.yaml says who may approve which waivers"


@pytest.mark.parametrize("person", ["cfo@acme.example", "CISO@acme.example"])
def test_each_of_them_will_do(tmp_path: Path, person: str) -> None:
    assert found(run(tmp_path, WAIVER.replace("cio@acme.example", person), config=APPROVERS)) == []


def test_rules_with_the_same_approvers_are_told_together(tmp_path: Path) -> None:
    config = "exceptions: {waive: {approvers: [{rules: [step:8], people: [cfo@acme.example]}]}}"
    report = run(tmp_path, WAIVER.replace("[LV801]", "[LV801, LV802, LV201]"), config=config)
    assert only(report, "LV015").message == (
        "`cio@acme.example` may not approve a waiver of LV801 and LV802: only `cfo@acme.example` may"
    )


def test_a_named_approver_is_still_not_the_owner(tmp_path: Path) -> None:
    config = "exceptions: {waive: {approvers: [{rules: [ALL], people: [cio@acme.example]}]}}"
    assert found(run(tmp_path, contract=DECIDED, config=config)) == [
        ("LV801", "spec.endsOn"),
        ("LV015", "spec.approver"),
    ]


# Code owners.

OWNED = "exceptions: {waive: {codeOwners: true, handles: {'@acme/Risk': [Cio@acme.example, ciso@acme.example]}}}"


def owned(folder: Path, codeowners: str | None, config: str = OWNED) -> Report:
    """A run in a rollout below the top of a repository."""
    (folder / ".git").mkdir()
    if codeowners is not None:
        (folder / ".github").mkdir()
        (folder / ".github" / "CODEOWNERS").write_text(codeowners)
    rollout = folder / "rollout"
    rollout.mkdir()
    return run(rollout, config=config)


@pytest.mark.parametrize(
    "text",
    ["* @acme/risk\n", "* CIO@acme.example\n", "* @x\n/rollout/ @y @ACME/risk # them\n", "waiver.yaml @acme/risk"],
)
def test_a_code_owner_may_approve(tmp_path: Path, text: str) -> None:
    assert found(owned(tmp_path, text)) == []


def test_nobody_else_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    report = owned(Path(), "* @acme/risk\n\n/rollout/waiver.yaml  @acme/legal lee@acme.example # not risk\n")
    assert found(report) == [("LV801", "spec.endsOn"), ("LV015", "spec.approver")]
    wrong = only(report, "LV015")
    assert wrong.message == (
        "`cio@acme.example` is no code owner of rollout/waiver.yaml: "
        "line 3 of .github/CODEOWNERS names `@acme/legal` and `lee@acme.example`"
    )
    assert wrong.help == (
        "have it approved by a code owner; "
        "`exceptions.waive.handles` in penstock.yaml does not say who is behind `@acme/legal`"
    )
    assert [(each.location, each.message) for each in wrong.related] == [
        (Location(".github/CODEOWNERS", Span.at(3, 1, 50)), "this line says who owns the waiver's file")
    ]


@pytest.mark.parametrize("text", ["", "/other/ @acme/risk\n", "* @acme/risk\n/rollout/\n"])
def test_a_file_that_nobody_owns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.chdir(tmp_path)
    wrong = only(owned(Path(), text), "LV015")
    assert wrong.message == (
        "nobody owns rollout/waiver.yaml by .github/CODEOWNERS, and only a code owner may approve a waiver"
    )


def test_a_repository_without_code_owners(tmp_path: Path) -> None:
    report = owned(tmp_path, None)
    assert found(report) == [("LV801", "spec.endsOn"), ("LV015", "spec.approver")]
    assert only(report, "LV015").message == (
        "only a code owner may approve a waiver here, and the repository has no CODEOWNERS file"
    )


def test_code_owners_count_only_where_they_are_wanted(tmp_path: Path) -> None:
    assert found(owned(tmp_path, "* @nobody\n", "exceptions: {waive: {codeOwners: false}}")) == []


def test_code_owners_that_cannot_be_read_stop_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("CODEOWNERS").write_bytes(b"* @acme/risk \xff\n")
    with pytest.raises((InputError, GroupedError), match="is not UTF-8"):
        run(Path(), config=OWNED)
