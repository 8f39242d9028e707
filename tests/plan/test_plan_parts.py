"""The parts of a plan by themselves: what a use case stands on, known findings, and the order of actions."""

from __future__ import annotations

from pathlib import Path

import pytest
from plan_rollout import UNIT, manifest, planned, single, use_case, write

from penstock.model import Finding, Location, Related, Severity
from penstock.plan.actions import forward, sentences
from penstock.plan.comparing import beyond
from penstock.plan.neighbourhood import concerns, neighbourhoods
from penstock.workspace.opened import open_rollout

DATA = "classification: internal, governance: governed, system: DB, description: Data"
MODEL = "tier: frontier, primary: large, models: [{name: large, contract: lab}]"
GRANT = "dataSource: claims-db, permission: read"


def rollout(folder: Path) -> Path:
    return write(
        folder,
        UNIT,
        use_case(
            "pilot", "dataSources: [{name: claims-db, permission: read}]\ntasks: [{name: sort, modelTier: top}]"
        ),
        manifest("DataSource", "claims-db", f"{DATA}, systemOfRecord: archive"),
        manifest("DataSource", "archive", DATA),
        manifest("DataSource", "elsewhere", DATA),
        manifest("ModelTier", "top", MODEL),
        manifest("VendorContract", "lab", "vendor: Lab, category: model-lab"),
        manifest("Agent", "triager", "useCase: triage, fteOwner: sam"),
        manifest("FteOwner", "sam", "person: sam@acme.example, employment: external, successor: kim"),
        manifest("FteOwner", "kim", "person: kim@acme.example, employment: internal"),
        manifest("AccessGrant", "mine", f"principal: {{agent: triager}}, {GRANT}"),
        manifest("AccessGrant", "people", f"principal: {{group: clerks}}, {GRANT}"),
        manifest("HeadcountForecast", "claims", "function: claims, businessUnit: claims"),
        manifest("HeadcountForecast", "it", "function: it, businessUnit: it"),
        manifest("HeadcountForecast", "all", "function: anything"),
        use_case("pilot", "dataSources: [{name: claims-db, permission: read}]", "payout"),
        manifest("Agent", "payer", "useCase: payout"),
        manifest("AccessGrant", "theirs", f"principal: {{agent: payer}}, {GRANT}"),
    )


def test_a_use_case_stands_on_its_own_and_on_what_its_own_refer_to(tmp_path: Path) -> None:
    triage, payout = neighbourhoods(open_rollout(rollout(tmp_path)).rollout)
    assert sorted(triage.own) == ["AccessGrant/mine", "Agent/triager", "UseCase/triage"]
    assert [resource.id for resource in triage.resources] == [
        "Organization/acme",
        "UseCase/triage",
        "DataSource/claims-db",
        "DataSource/archive",
        "ModelTier/top",
        "VendorContract/lab",
        "Agent/triager",
        "FteOwner/sam",
        "FteOwner/kim",
        "AccessGrant/mine",
        "AccessGrant/people",
        "HeadcountForecast/claims",
        "HeadcountForecast/all",
    ]
    assert sorted(payout.own) == ["AccessGrant/theirs", "Agent/payer", "UseCase/payout"]
    assert "AccessGrant/people" in payout.ids
    assert not payout.own & triage.ids


def shared(shows: str | None) -> Finding:
    related = (Related(Location("x.yaml", resource=shows), "see"),) if shows else ()
    return Finding(
        "A1", "a", Severity.ERROR, "wrong", Location("x.yaml", resource="DataSource/claims-db"), related
    )


def test_a_finding_that_shows_another_use_case_is_about_that_one(tmp_path: Path) -> None:
    triage, payout = neighbourhoods(open_rollout(rollout(tmp_path)).rollout)
    claimed = triage.own | payout.own
    for shows, about in ((None, (True, True)), ("Agent/payer", (False, True)), ("ModelTier/top", (True, True))):
        assert (concerns(shared(shows), triage, claimed), concerns(shared(shows), payout, claimed)) == about


def test_findings_on_what_nobody_stands_on_are_told_apart(tmp_path: Path) -> None:
    made = planned(rollout(tmp_path))
    assert [(found.rule, found.location.resource) for found in made.elsewhere] == [
        ("LV007", "DataSource/elsewhere"),
        ("ACME1101", "HeadcountForecast/it"),
    ]
    assert [found.rule for found in planned(tmp_path, only="payout").elsewhere] == ["LV007", "ACME1101"]
    assert [case.name for case in planned(tmp_path, only="payout").use_cases] == ["payout"]


def test_without_use_cases_everything_is_elsewhere(tmp_path: Path) -> None:
    made = planned(write(tmp_path, manifest("DataSource", "claims-db", DATA)))
    assert (made.use_cases, [found.rule for found in made.elsewhere]) == ((), ["LV007"])


def at(message: str, path: str = "stage", rule: str = "A1") -> Finding:
    return Finding(rule, "a", Severity.ERROR, message, Location("x.yaml", None, "UseCase/x", ("spec", path)))


def test_a_finding_is_known_again_whatever_its_words() -> None:
    assert beyond([at("at stage pilot")], [at("at stage prepare")]) == ()
    assert beyond([at("one"), at("two", "tasks")], [at("one")]) == (at("two", "tasks"),)
    # Several at one place: the new one is told by its words.
    assert beyond([at("one"), at("two"), at("three")], [at("one"), at("three")]) == (at("two"),)
    assert beyond([at("one of pilot"), at("two of pilot")], [at("one of prepare")]) == (at("two of pilot"),)
    assert beyond([at("same", rule="A2")], [at("same")]) == (at("same", rule="A2"),)


@pytest.mark.parametrize(
    ("advice", "meant"),
    [
        ("Audit it.", "Audit it."),
        ("Put the use case back to stage pilot until it has ended.", "See to it that it has ended."),
        ("Take the use case back to stage pilot and run one.", "Stay at stage pilot and run one."),
        ("Finish it, or take the agent's use case back to stage prepare until it is.", "Finish it."),
        ("Add a budget; or take the use case back to stage prepare until there is one.", "Add a budget."),
        ("Let it be; or put the tier back on the model.", "Let it be; or put the tier back on the model."),
    ],
)
def test_a_use_case_that_is_not_there_yet_is_not_sent_back(advice: str, meant: str) -> None:
    assert forward(advice) == meant


def test_sentences() -> None:
    text = "Agree an end (or a term).  Write it\ndown, e.g. under spec.endsOn. `penstock new` helps."
    assert sentences(text) == [
        "Agree an end (or a term).",
        "Write it down, e.g. under spec.endsOn.",
        "`penstock new` helps.",
    ]


def test_actions_are_in_the_frameworks_order_and_one_for_each_owner(tmp_path: Path) -> None:
    lines = [f"{{name: db-{n}, permission: read}}" for n in range(4)]
    owners = ("ann", "bob", "ann", None)
    sources = [
        manifest(
            "DataSource",
            f"db-{n}",
            "classification: internal, governance: governed, system: DB"
            + (f", owner: {owner}@acme.example" if owner else ""),
        )
        for n, owner in enumerate(owners)
    ]
    case = single(write(tmp_path, UNIT, use_case("prepare", f"dataSources: [{', '.join(lines)}]"), *sources))
    assert [
        (each.rule.id, each.owner.person, len(each.obstacles), each.blocking, each.stage, each.what)
        for each in case.actions
    ] == [
        ("ACME201", "ann@acme.example", 2, True, "pilot", "Audit the source."),
        ("ACME201", "bob@acme.example", 1, True, "pilot", "Audit the source."),
        ("ACME201", "cio@acme.example", 1, True, "pilot", "Audit the source."),
        ("ACME401", "lee@acme.example", 1, True, "pilot", "Mend it."),
        ("ACME202", "ann@acme.example", 2, False, None, "Mend it."),
        ("ACME202", "bob@acme.example", 1, False, None, "Mend it."),
        ("ACME202", "cio@acme.example", 1, False, None, "Mend it."),
    ]
