"""Who takes an action: the people whom the manifests name, else the role, with what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from plan_rollout import UNIT, manifest, use_case, write

from penstock.model import Finding, Location, Related, Severity
from penstock.plan.neighbourhood import Neighbourhood, neighbourhoods
from penstock.plan.owners import owner_of
from penstock.workspace.opened import open_rollout

NEEDS = "dataSources: [{name: claims-db, permission: read}, {name: mail, permission: read}]"
SPONSOR = "sponsor: sponsor@acme.example"
CHANGE = "changeManagement: {sponsor: change@acme.example}"
DATA = "classification: internal, governance: governed, system: DB"
FULL = (
    UNIT,
    use_case("pilot", f"{NEEDS}\n{SPONSOR}\n{CHANGE}"),
    manifest("DataSource", "claims-db", f"{DATA}, owner: dba@acme.example"),
    manifest("DataSource", "mail", f"{DATA}, owner: postmaster@acme.example"),
    manifest("Agent", "triager", "useCase: triage, fteOwner: sam"),
    manifest("AccessGrant", "mail", "principal: {agent: triager}, dataSource: mail, permission: read"),
    manifest("FteOwner", "sam", "person: sam@acme.example, employment: internal, contract: suite"),
    manifest(
        "TokenBudget",
        "triage",
        "useCase: triage, currency: EUR, budgetDuration: P1M, owner: {accountable: spend@acme.example}",
    ),
    manifest("VendorContract", "suite", "vendor: Suite, category: model-lab, decision: {by: buyer@acme.example}"),
    manifest(
        "HeadcountForecast", "claims", "function: claims, businessUnit: claims, audit: {author: a@acme.example}"
    ),
)
BARE = (
    UNIT.replace("head: ", "title: "),
    use_case("pilot", NEEDS),
    manifest("DataSource", "claims-db", DATA),
    manifest("DataSource", "mail", DATA),
    manifest("VendorContract", "suite", "vendor: Suite, category: model-lab"),
    manifest("Agent", "triager", "useCase: triage, platform: suite"),
    manifest("AccessGrant", "mail", "principal: {agent: triager}, dataSource: mail, permission: read"),
    manifest("FteOwner", "sam", "person: sam@acme.example, employment: internal"),
    manifest("TokenBudget", "triage", "useCase: triage, currency: EUR, budgetDuration: P1M"),
    manifest("HeadcountForecast", "claims", "function: claims, businessUnit: claims"),
)


def near(folder: Path, manifests: tuple[str, ...]) -> Neighbourhood:
    (found,) = neighbourhoods(open_rollout(write(folder, *manifests)).rollout)
    return found


def finding(resource: str | None, path: tuple[str | int, ...] = (), shows: str | None = None) -> Finding:
    related = (Related(Location("x.yaml", resource=shows), "see here"),) if shows else ()
    return Finding("ACME1", "rule", Severity.ERROR, "wrong", Location("x.yaml", None, resource, path), related)


def who(case: Neighbourhood, step: int, resource: str | None, *more: object) -> tuple[str | None, str, str | None]:
    owner = owner_of(finding(resource, *more), case, step)  # type: ignore[arg-type]
    return owner.person, owner.capacity, owner.missing


@pytest.mark.parametrize(
    ("step", "resource", "person", "capacity"),
    [
        (2, "DataSource/mail", "postmaster@acme.example", "owner of DataSource/mail"),
        (3, "AccessGrant/mail", "postmaster@acme.example", "owner of DataSource/mail"),
        (3, "Agent/triager", "sam@acme.example", "FTE owner of Agent/triager"),
        (4, "TokenBudget/triage", "spend@acme.example", "accountable for TokenBudget/triage"),
        (4, "UseCase/triage", "spend@acme.example", "accountable for TokenBudget/triage"),
        (5, "UseCase/triage", "sam@acme.example", "FTE owner of Agent/triager"),
        (6, "FteOwner/sam", "lee@acme.example", "head of business unit claims"),
        (6, "Agent/triager", "lee@acme.example", "head of business unit claims"),
        (7, "UseCase/triage", "sponsor@acme.example", "sponsor of UseCase/triage"),
        (8, "VendorContract/suite", "buyer@acme.example", "decides on VendorContract/suite"),
        (8, "Agent/triager", "sam@acme.example", "FTE owner of Agent/triager"),
        (10, "UseCase/triage", "change@acme.example", "sponsor of the change in UseCase/triage"),
        (11, "HeadcountForecast/claims", "a@acme.example", "author of HeadcountForecast/claims"),
        (12, "Agent/triager", "sam@acme.example", "FTE owner of Agent/triager"),
        (1, "Organization/acme", "cio@acme.example", "head of business unit it"),
        (1, "UseCase/triage", "cio@acme.example", "head of business unit it"),
        (0, None, "sam@acme.example", "FTE owner of Agent/triager"),
        (4, "Rollout/acme", "spend@acme.example", "accountable for TokenBudget/triage"),
    ],
)
def test_the_manifests_name_them(tmp_path: Path, step: int, resource: str, person: str, capacity: str) -> None:
    assert who(near(tmp_path, FULL), step, resource) == (person, capacity, None)


def test_the_source_that_a_finding_is_about_is_the_owners(tmp_path: Path) -> None:
    case = near(tmp_path, FULL)
    for path in (("spec", "dataSources", 1), ("spec", "dataSources", 1, "permission")):
        assert who(case, 2, "UseCase/triage", path)[0] == "postmaster@acme.example"
    assert who(case, 3, "Agent/triager", ("spec",), "DataSource/mail")[0] == "postmaster@acme.example"
    assert who(case, 2, "UseCase/triage", ("spec", "dataSources", 0))[0] == "dba@acme.example"


@pytest.mark.parametrize(
    ("step", "resource", "role", "missing"),
    [
        (1, "Organization/acme", "the CIO", "business unit it of Organization/acme has no head"),
        (2, "DataSource/mail", "the CIO", "DataSource/mail has no spec.owner"),
        (2, "UseCase/triage", "the CIO", "the finding names no DataSource"),
        (3, "AccessGrant/mail", "the CIO", "DataSource/mail has no spec.owner"),
        (4, "UseCase/triage", "the CFO", "TokenBudget/triage has no spec.owner.accountable"),
        (5, "UseCase/triage", "the CIO", "Agent/triager has no spec.fteOwner"),
        (6, "Agent/triager", "HR", "business unit claims of Organization/acme has no head"),
        (7, "UseCase/triage", "the line-of-business owner", "UseCase/triage has no spec.sponsor"),
        (8, "VendorContract/suite", "procurement", "VendorContract/suite has no spec.decision.by"),
        (9, "UseCase/triage", "the line-of-business owner", "Agent/triager has no spec.fteOwner"),
        (
            10,
            "UseCase/triage",
            "the line-of-business owner",
            "UseCase/triage has no spec.changeManagement.sponsor",
        ),
        (11, "HeadcountForecast/claims", "HR", "HeadcountForecast/claims has no spec.audit.author"),
        (12, "Agent/triager", "the CIO", "Agent/triager has no spec.fteOwner"),
        (0, None, "whoever maintains the manifests", "Agent/triager has no spec.fteOwner"),
    ],
)
def test_nobody_is_invented(tmp_path: Path, step: int, resource: str, role: str, missing: str) -> None:
    assert who(near(tmp_path, BARE), step, resource) == (None, role, missing)


def test_without_an_organization_there_is_no_head(tmp_path: Path) -> None:
    case = near(tmp_path, (use_case("pilot"),))
    assert who(case, 6, "UseCase/triage") == (None, "HR", "there is no Organization")
    assert who(case, 1, "UseCase/triage") == (None, "the CIO", "there is no Organization")
    assert who(case, 4, "UseCase/triage") == (None, "the CFO", "there is no TokenBudget")
    assert who(case, 5, "UseCase/triage") == (None, "the CIO", "there is no Agent")
