"""What days decide: blockers that pass by themselves, the earliest day for a stage, and what is coming up."""

from __future__ import annotations

from pathlib import Path

from plan_rollout import EVERY, UNIT, manifest, obstacles, planned, policy, single, states, use_case, write

from penstock.plan import UseCasePlan
from penstock.plan.dates import later

TASKS = "tasks: [{name: sort, software: suite}]"
BUDGET = manifest("TokenBudget", "triage", "currency: EUR, budgetDuration: P1M, useCase: triage")


def contract(start: str, end: str) -> str:
    return manifest(
        "VendorContract",
        "suite",
        f"vendor: Suite, category: enterprise-software, startsOn: {start}, endsOn: {end}",
    )


def coming(case: UseCasePlan) -> list[tuple[str, str, str]]:
    return [(each.on, each.finding.rule, each.finding.message) for each in case.upcoming]


def test_a_pilot_that_ends_later_passes_on_that_day(tmp_path: Path) -> None:
    case = single(write(tmp_path, UNIT, use_case("pilot", "pilot: {endedOn: 2027-01-31}\nroi: {}"), BUDGET))
    assert obstacles(case) == [("ACME1001", "production", "2027-01-31")]
    (ready,) = case.readiness
    assert (ready.ready, ready.open, ready.earliest) == (False, (), "2027-01-31")
    # Nothing but waiting is left.
    assert states(case)[10] == "in-progress"
    assert case.actions[0].resolves_on == "2027-01-31"


def test_the_latest_day_decides_and_what_has_none_stays(tmp_path: Path) -> None:
    lines = f"pilot: {{endedOn: 2027-01-31}}\n{TASKS}"
    folder = write(tmp_path, UNIT, use_case("pilot", lines), BUDGET, contract("2027-03-01", "2028-02-29"))
    case = single(folder)
    assert obstacles(case) == [
        ("ACME701", "production", None),
        ("ACME801", None, "2027-03-01"),
        ("ACME1001", "production", "2027-01-31"),
    ]
    (ready,) = case.readiness
    assert ready.earliest == "2027-03-01"
    assert [each.finding.rule for each in ready.open] == ["ACME701"]
    # A check fails on it today, so it blocks although a day takes it away.
    assert states(case)[8] == "blocked"


def test_a_finding_is_not_gone_while_another_comes_in_its_place(tmp_path: Path) -> None:
    ends = policy(
        "ACME802",
        8,
        """  match: {kinds: [VendorContract]}
  validations:
    - expression: "object.spec.endsOn < asOf || days(asOf, object.spec.endsOn) > 90"
      message: nobody has decided about its end
      at: spec.endsOn""",
    )
    lines = "pilot: {endedOn: 2026-10-01}\nroi: {}\n" + TASKS
    folder = write(
        tmp_path,
        UNIT,
        use_case("pilot", lines),
        BUDGET,
        contract("2026-01-01", "2026-12-31"),
        policies=(*EVERY, ends),
    )
    # After the end of the contract nobody need decide, but then there is none.
    assert obstacles(single(folder)) == [("ACME802", None, None)]


def test_a_waiver_that_begins_later_takes_a_finding_away(tmp_path: Path) -> None:
    waiver = manifest(
        "Waiver",
        "no-budget",
        "rules: [ACME401], resources: [{kind: UseCase, name: triage}], reason: it is free,"
        " approver: cfo@acme.example, grantedOn: 2026-12-15, expiresOn: 2027-03-14",
    )
    case = single(write(tmp_path, UNIT, use_case("prepare"), waiver))
    assert obstacles(case) == [("ACME401", "pilot", "2026-12-15")]


def test_what_the_next_90_days_bring(tmp_path: Path) -> None:
    reviewed = policy(
        "ACME402",
        4,
        """  match: {kinds: [TokenBudget]}
  matchConditions: [{name: made, expression: has(object.spec.forecast)}]
  validations:
    - expression: addPeriod(object.spec.forecast.madeOn, 'P6M') >= asOf
      messageExpression: "'the forecast was due on ' + addPeriod(object.spec.forecast.madeOn, 'P6M')"
      at: spec.forecast""",
        severity="warning",
    )
    waiver = manifest(
        "Waiver",
        "late",
        "rules: [ACME801], resources: [{kind: VendorContract, name: suite}], reason: it is signed,"
        " approver: cfo@acme.example, grantedOn: 2026-11-01, expiresOn: 2026-12-24",
    )
    budget = manifest(
        "TokenBudget",
        "triage",
        "currency: EUR, budgetDuration: P1M, useCase: triage, forecast: {amount: 1, madeOn: 2026-07-10}",
    )
    folder = write(
        tmp_path,
        UNIT,
        use_case("prepare", TASKS),
        budget,
        contract("2026-01-01", "2026-10-31"),
        waiver,
        policies=(*EVERY, reviewed),
    )
    case = single(folder)
    assert obstacles(case) == []
    assert coming(case) == [
        ("2026-12-25", "ACME801", "it has ended on 2026-10-31"),
        (
            "2026-12-25",
            "LV008",
            "the waiver of `ACME801` on `VendorContract/suite` expired: its last day was 2026-12-24, and this run"
            " judges by 2026-12-25",
        ),
        # No manifest holds this day: it is the period that ends.
        ("2027-01-11", "ACME402", "the forecast was due on 2027-01-10"),
    ]
    assert [each.blocking for each in case.upcoming] == [True, True, False]
    assert case.upcoming[1].owner.person == "cfo@acme.example"
    assert planned(folder).horizon == "2027-02-18"


def test_what_comes_after_the_horizon_is_not_told(tmp_path: Path) -> None:
    folder = write(tmp_path, UNIT, use_case("prepare", TASKS), BUDGET, contract("2026-01-01", "2027-02-18"))
    assert coming(single(folder)) == []
    assert coming(single(folder, "2026-11-21")) == [("2027-02-19", "ACME801", "it has ended on 2027-02-18")]


def test_a_go_live_that_is_ahead_is_known(tmp_path: Path) -> None:
    folder = write(tmp_path, UNIT, use_case("prepare", "goLiveOn: 2027-04-01"), BUDGET)
    assert single(folder).goes_live_on == "2027-04-01"
    assert single(folder, "2027-04-01").goes_live_on is None


def test_the_calendar_has_a_last_day() -> None:
    assert later("2026-11-20", 90) == "2027-02-18"
    assert later("9999-12-01", 90) == "9999-12-31"
