"""The state of each step, at each stage: what is done, in progress, blocked, not due, and why."""

from __future__ import annotations

from pathlib import Path

import pytest
from plan_rollout import AS_OF, EVERY, UNIT, manifest, obstacles, planned, policy, single, states, use_case, write

from penstock.plan import UseCasePlan
from penstock.plan.steps import ahead
from penstock.workspace.check import Options, check

NEEDS = "dataSources: [{name: claims-db, permission: read}]"
SOURCE = manifest(
    "DataSource",
    "claims-db",
    "classification: internal, governance: governed, system: DB, owner: dba@acme.example, description: Claims",
)
AUDITED = manifest(
    "DataSource",
    "claims-db",
    "classification: internal, governance: governed, system: DB, description: Claims, audit: {status: passed}",
)
BUDGET = manifest(
    "TokenBudget",
    "triage",
    "currency: EUR, budgetDuration: P1M, useCase: triage, owner: {accountable: cfo@acme.example}",
)
PILOT = "pilot: {endedOn: 2026-10-31}"


def notes(case: UseCasePlan) -> dict[int, str]:
    return {step.number: step.note for step in case.steps if step.note is not None}


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("assess", ("prepare", "pilot")),
        ("prepare", ("pilot",)),
        ("pilot", ("production",)),
        ("production", ()),
        ("retired", ()),
        ("nonsense", ()),
    ],
)
def test_the_stages_ahead_go_up_to_the_next_that_asks_for_more(stage: str, expected: tuple[str, ...]) -> None:
    assert ahead(stage) == expected


@pytest.mark.parametrize("stage", ["assess", "prepare"])
def test_what_a_pilot_asks_blocks_before_it(tmp_path: Path, stage: str) -> None:
    case = single(write(tmp_path, UNIT, use_case(stage, NEEDS), SOURCE))
    assert obstacles(case) == [("ACME201", "pilot", None), ("ACME401", "pilot", None)]
    assert [(ready.stage, len(ready.blockers)) for ready in case.readiness] == (
        [("prepare", 0), ("pilot", 2)] if stage == "assess" else [("pilot", 2)]
    )
    assert states(case) == {
        **dict.fromkeys(range(13), "not-due"),
        0: "done",
        2: "blocked",
        4: "blocked",
    }
    assert notes(case) == {
        **dict.fromkeys((1, 3, 5, 6, 9, 12), "no rule of this step is in force"),
        7: "from production on",
        8: "no VendorContract to examine",
        10: "from production on",
        11: "no HeadcountForecast to examine",
    }
    blocker = case.steps[2].obstacles[0].finding
    assert (blocker.location.file.rpartition("/")[2], blocker.location.path_text) == (
        "02.yaml",
        "spec.dataSources[claims-db]",
    )
    assert blocker.message == "`claims-db` is not audited at stage pilot"


def test_a_pilot_is_planned_for_production(tmp_path: Path) -> None:
    case = single(write(tmp_path, UNIT, use_case("pilot", NEEDS), AUDITED, BUDGET))
    assert obstacles(case) == [("ACME701", "production", None), ("ACME1001", "production", None)]
    assert {step: state for step, state in states(case).items() if state != "not-due"} == {
        0: "done",
        2: "done",
        4: "done",
        7: "blocked",
        10: "blocked",
    }


def test_production_without_a_finding_is_all_done(tmp_path: Path) -> None:
    always = """  match: {kinds: [UseCase]}
  validations: [{expression: object.spec.workflow != '', message: it is empty, at: spec.workflow}]"""
    every = tuple(policy(f"ACME{100 * step + 50}", step, always) for step in range(1, 13))
    folder = write(
        tmp_path,
        UNIT,
        use_case("production", f"{NEEDS}\n{PILOT}\nroi: {{}}"),
        AUDITED,
        BUDGET,
        policies=EVERY + every,
    )
    case = single(folder)
    assert set(states(case).values()) == {"done"}
    assert case.readiness == ()
    assert case.actions == ()


def test_a_retired_use_case_has_nothing_ahead(tmp_path: Path) -> None:
    case = single(write(tmp_path, UNIT, use_case("retired", NEEDS), SOURCE))
    assert (case.readiness, obstacles(case)) == ((), [])
    assert states(case)[2] == "done"
    assert (states(case)[4], notes(case)[4]) == ("not-due", "the use case is retired")


def test_warnings_alone_leave_a_step_in_progress(tmp_path: Path) -> None:
    bare = manifest(
        "DataSource",
        "claims-db",
        "classification: internal, governance: governed, system: DB, audit: {status: passed}",
    )
    case = single(write(tmp_path, UNIT, use_case("prepare", NEEDS), bare, BUDGET))
    assert obstacles(case) == [("ACME202", None, None)]
    assert states(case)[2] == "in-progress"
    assert case.readiness[0].ready
    assert [(action.rule.id, action.blocking) for action in case.actions] == [("ACME202", False)]


def test_warnings_block_where_a_check_fails_on_them(tmp_path: Path) -> None:
    bare = manifest(
        "DataSource",
        "claims-db",
        "classification: internal, governance: governed, system: DB, audit: {status: passed}",
    )
    folder = write(
        tmp_path, UNIT, use_case("prepare", NEEDS), bare, BUDGET, config="packs: [./policies]\nfailOn: warning\n"
    )
    case = single(folder)
    assert states(case)[2] == "blocked"
    assert not case.readiness[0].ready


def test_information_is_no_obstacle_to_a_step_that_is_done(tmp_path: Path) -> None:
    told = policy(
        "ACME203",
        2,
        """  match: {kinds: [DataSource]}
  validations: [{expression: has(object.spec.owner), message: nobody owns it, at: spec}]""",
        severity="info",
    )
    case = single(write(tmp_path, UNIT, use_case("prepare", NEEDS), AUDITED, BUDGET, policies=(*EVERY, told)))
    assert obstacles(case) == [("ACME203", None, None)]
    assert states(case)[2] == "done"
    assert case.actions == ()


def test_a_waived_finding_is_no_obstacle(tmp_path: Path) -> None:
    waiver = manifest(
        "Waiver",
        "no-budget",
        "rules: [ACME401], resources: [{kind: UseCase, name: triage}], reason: it is free,"
        " approver: cfo@acme.example, grantedOn: 2026-11-01, expiresOn: 2027-01-29",
    )
    case = single(write(tmp_path, UNIT, use_case("prepare", NEEDS), AUDITED, waiver))
    assert obstacles(case)[1:] == []
    assert states(case)[4] == "done"
    # As in a check: it has no effect as long as the use case is in no pilot.
    assert obstacles(case) == [("LV009", None, None)]


@pytest.mark.parametrize(
    ("config", "obstacle"),
    [
        ("", [("LV009", None)]),
        ("exceptions: {maxDays: 30}\n", [("LV015", None), ("ACME401", "pilot")]),
        ("exceptions: {waive: {never: [step:4]}}\n", [("LV015", None), ("ACME401", "pilot")]),
        (
            "exceptions: {waive: {approvers: [{rules: [ALL], people: [ceo@acme.example]}]}}\n",
            [("LV015", None), ("ACME401", "pilot")],
        ),
    ],
)
def test_who_may_waive_counts_in_a_plan_as_in_a_check(
    tmp_path: Path, config: str, obstacle: list[tuple[str, str | None]]
) -> None:
    waiver = manifest(
        "Waiver",
        "no-budget",
        "rules: [ACME401], resources: [{matchLabels: {team: claims}}], reason: it is free,"
        " approver: cfo@acme.example, grantedOn: 2026-11-01, expiresOn: 2027-01-29",
    )
    labelled = use_case("prepare", NEEDS).replace("name: triage,", "name: triage, labels: {team: claims},")
    write(tmp_path, UNIT, labelled, AUDITED, waiver, config=f"packs: [./policies]\n{config}")
    case = single(tmp_path)
    assert [(rule, stage) for rule, stage, _ in obstacles(case)] == obstacle
    found = {finding.rule for finding in check(Options(paths=(str(tmp_path),), as_of=AS_OF)).findings}
    assert found >= {rule for rule, stage in obstacle if stage is None}


def test_a_broken_use_case_is_blocked_at_every_step_that_has_rules(tmp_path: Path) -> None:
    case = single(write(tmp_path, UNIT, use_case("prepare", f"{NEEDS}\nsponser: x@acme.example"), AUDITED, BUDGET))
    assert obstacles(case) == [("LV004", None, None)]
    assert case.readiness == ()
    assert (states(case)[0], states(case)[2], states(case)[4]) == ("blocked", "blocked", "blocked")
    assert notes(case)[4] == "ACME401 cannot be judged before the manifests are mended"


def test_a_dangling_reference_keeps_a_step_from_being_done(tmp_path: Path) -> None:
    case = single(write(tmp_path, UNIT, use_case("prepare", NEEDS), BUDGET))
    assert obstacles(case) == [("LV006", None, None)]
    assert (states(case)[2], notes(case)[2]) == (
        "blocked",
        "ACME201 cannot be judged before the manifests are mended",
    )
    assert case.readiness[0].unjudged == ("ACME201",)
    assert not case.readiness[0].ready


def test_a_file_that_cannot_be_read_stands_in_every_use_cases_way(tmp_path: Path) -> None:
    folder = write(tmp_path, UNIT, use_case("prepare"), use_case("prepare", name="payout"), "a: b: c\n")
    assert [(case.name, obstacles(case)[0][0], states(case)[0]) for case in planned(folder).use_cases] == [
        ("triage", "LV001", "blocked"),
        ("payout", "LV001", "blocked"),
    ]


def test_a_policy_that_fails_is_an_obstacle_of_step_0(tmp_path: Path) -> None:
    fails = policy(
        "ACME901",
        9,
        """  match: {kinds: [UseCase]}
  validations: [{expression: "int(object.spec.workflow) > 0", message: it is small, at: spec.workflow}]""",
    )
    case = single(write(tmp_path, UNIT, use_case("prepare"), BUDGET, policies=(*EVERY, fails)))
    assert obstacles(case) == [("LV011", None, None)]
    assert states(case)[0] == "blocked"


def test_rules_about_two_revisions_have_no_part_in_it(tmp_path: Path) -> None:
    change = policy(
        "ACME1301",
        13,
        """  match: {kinds: [UseCase]}
  validations: [{expression: "false", message: it changed, at: spec.stage}]""",
    )
    assert obstacles(single(write(tmp_path, UNIT, use_case("prepare"), BUDGET, policies=(*EVERY, change)))) == []
