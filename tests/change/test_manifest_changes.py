"""What is said of a change: which way it goes, what it weighs, and the sentence."""

from __future__ import annotations

import pytest
from change_rollouts import changes, manifest, rollout, told

from penstock.change import What, manifest_changes
from penstock.manifest.pairing import pair

AROUND = (
    manifest("DataSource", "crm", "{system: CRM, classification: restricted}")
    + manifest("DataSource", "faq", "{system: FAQ, classification: public}")
    + manifest("Agent", "intake", "{useCase: triage, fteOwner: dana}")
    + manifest("FteOwner", "dana", "{person: dana@acme.example}")
    + manifest("FteOwner", "sam", "{person: sam@acme.example}")
)

BUDGET = "{useCase: triage, owner: {costCenter: Marketing}, currency: USD, budgetDuration: P1M, maxBudget: 10000}"
GRANT = (
    "{principal: {agent: intake}, dataSource: crm, permission: read, scope: {tables: [a, b]}, "
    "approver: lee@acme.example, expiresOn: 2026-12-31}"
)
AGENT = (
    "{useCase: triage, fteOwner: dana, autonomy: suggest, tasks: [sort], "
    "tools: [{name: search, dataSources: [{name: faq, permission: read}]}], "
    "stopgap: {killSwitch: the switch, operators: [dana@acme.example]}, "
    "guardrails: {input: [no secrets, no names]}}"
)
CONTRACT = (
    "{vendor: Acme Lab, category: model-lab, startsOn: 2026-01-01, endsOn: 2026-12-31, term: P1Y, "
    "renewal: {automatic: false, noticeDays: 30, maxRenewals: 1}, "
    "commitment: {amount: 50000, currency: EUR}, exit: {terminationForConvenience: true}}"
)
CASE = (
    "{workflow: Sort claims, businessUnit: claims, stage: prepare, sponsor: lee@acme.example, "
    "dataSources: [{name: faq, permission: read}], "
    "tasks: [{name: sort, modelTier: small, volume: {runs: 1000, per: P1M}}], "
    "checkpoints: [{name: handler, when: before-delivery, reviewer: lee@acme.example}]}"
)
TIER = (
    "{tier: small, currency: USD, primary: pebble-1, "
    "models: [{name: pebble-1, inputPrice: 0.1}, {name: pebble-2}]}"
)
FTE = "{person: kim@acme.example, employment: internal, allocationPercent: 60, duties: [wiring, checkpoints]}"
WAIVER = (
    "{rules: [LV801], resources: [{kind: Agent, name: intake}], reason: Soon., approver: cio@acme.example, "
    "grantedOn: 2026-06-01, expiresOn: 2026-08-31}"
)
ORGANIZATION = "{industry: insurance, segment: startup, maturity: {stage: chat}, aiPolicy: {document: policy.pdf}}"

EDITS = [
    # Money, by amount, currency and period.
    (
        "TokenBudget",
        BUDGET,
        ("maxBudget: 10000", "maxBudget: 40000"),
        ("raised", "spend", "ceiling raised from 10,000 to 40,000 USD a month (cost owner Marketing)"),
    ),
    (
        "TokenBudget",
        BUDGET,
        ("maxBudget: 10000", "maxBudget: 9999.5"),
        ("lowered", "notable", "ceiling lowered from 10,000 to 9,999.5 USD a month (cost owner Marketing)"),
    ),
    (
        "TokenBudget",
        BUDGET,
        (", maxBudget: 10000", ""),
        ("removed", "spend", "ceiling removed (was 10,000 USD a month) (cost owner Marketing)"),
    ),
    (
        "TokenBudget",
        BUDGET,
        ("currency: USD", "currency: EUR"),
        ("changed", "spend", "currency of every amount changed from USD to EUR"),
    ),
    (
        "TokenBudget",
        BUDGET,
        ("P1M", "P1W"),
        ("shortened", "spend", "period of the ceilings shortened from 1 month to 1 week"),
    ),
    (
        "TokenBudget",
        BUDGET,
        ("costCenter: Marketing", "costCenter: Sales"),
        ("changed", "notable", "cost owner changed from Marketing to Sales"),
    ),
    # Access.
    (
        "AccessGrant",
        GRANT,
        ("permission: read", "permission: write"),
        ("widened", "access", "widened from read to write on crm (restricted) for agent intake"),
    ),
    (
        "AccessGrant",
        GRANT,
        ("dataSource: crm", "dataSource: faq"),
        ("replaced", "access", "data source replaced: crm -> faq (faq is public)"),
    ),
    (
        "AccessGrant",
        GRANT,
        ("{agent: intake}", "{group: '*'}"),
        ("widened", "access", "given to everybody instead of agent intake"),
    ),
    (
        "AccessGrant",
        GRANT,
        (", expiresOn: 2026-12-31", ""),
        ("removed", "access", "last day of the grant removed (was 2026-12-31); data source crm (restricted)"),
    ),
    (
        "AccessGrant",
        GRANT,
        ("2026-12-31", "2027-02-14"),
        (
            "lengthened",
            "access",
            "grant expires 45 days later (2026-12-31 -> 2027-02-14); data source crm (restricted)",
        ),
    ),
    (
        "AccessGrant",
        GRANT,
        (" scope: {tables: [a, b]},", ""),
        ("widened", "access", "limit removed (was tables (a, b)); data source crm (restricted)"),
    ),
    (
        "AccessGrant",
        GRANT,
        ("[a, b]", "[a]"),
        ("narrowed", "notable", "tables: b removed; data source crm (restricted)"),
    ),
    (
        "Agent",
        AGENT,
        ("name: faq, permission: read", "name: faq, permission: admin"),
        (
            "widened",
            "access",
            "tool search: data access faq: permission widened from read to admin (faq is public)",
        ),
    ),
    (
        "Agent",
        AGENT,
        ("[{name: faq, permission: read}]", "[{name: faq, permission: read}, {name: crm, permission: write}]"),
        ("added", "access", "tool search: data access crm added: permission write (crm is restricted)"),
    ),
    (
        "Agent",
        AGENT,
        ("fteOwner", "actsAs: {group: ops}, fteOwner"),
        ("added", "access", "borrows the access of group ops"),
    ),
    # People.
    (
        "Agent",
        AGENT,
        ("fteOwner: dana", "fteOwner: sam"),
        ("replaced", "people", "FTE replaced: dana@acme.example -> sam@acme.example"),
    ),
    (
        "FteOwner",
        FTE,
        ("kim@", "sam@"),
        ("replaced", "people", "FTE replaced: kim@acme.example -> sam@acme.example"),
    ),
    ("FteOwner", FTE, ("[wiring, checkpoints]", "[checkpoints]"), ("removed", "people", "duties: wiring removed")),
    ("FteOwner", FTE, ("60", "25.50"), ("lowered", "people", "allocation lowered from 60 to 25.5")),
    (
        "UseCase",
        CASE,
        (", sponsor: lee@acme.example", ""),
        ("removed", "people", "sponsor removed (was lee@acme.example)"),
    ),
    # Oversight.
    (
        "Agent",
        AGENT,
        ("suggest", "autonomous"),
        ("raised", "oversight", "autonomy raised from suggest to autonomous"),
    ),
    (
        "Agent",
        AGENT,
        ("[no secrets, no names]", "[no secrets]"),
        ("removed", "oversight", 'input guardrail: "no names" removed'),
    ),
    (
        "Agent",
        AGENT,
        (" stopgap: {killSwitch: the switch, operators: [dana@acme.example]},", ""),
        ("removed", "oversight", 'stopgap removed: kill switch "the switch", operators (dana@acme.example)'),
    ),
    (
        "UseCase",
        CASE,
        ("before-delivery", "sampled"),
        ("lowered", "oversight", "checkpoint handler: review lowered from before-delivery to sampled"),
    ),
    (
        "UseCase",
        CASE,
        ("[{name: handler, when: before-delivery, reviewer: lee@acme.example}]", "[]"),
        ("removed", "oversight", "checkpoint handler removed: reviewer lee@acme.example, when before-delivery"),
    ),
    (
        "Organization",
        ORGANIZATION,
        (", aiPolicy: {document: policy.pdf}", ""),
        ("removed", "oversight", "AI policy removed: document policy.pdf"),
    ),
    # Commitments.
    (
        "VendorContract",
        CONTRACT,
        ("endsOn: 2026-12-31", "endsOn: 2028-12-31"),
        ("lengthened", "commitment", "contract ends 24 months later (2026-12-31 -> 2028-12-31)"),
    ),
    (
        "VendorContract",
        CONTRACT,
        ("term: P1Y", "term: P18M"),
        ("lengthened", "commitment", "term lengthened from 1 year to 18 months"),
    ),
    (
        "VendorContract",
        CONTRACT,
        ("automatic: false", "automatic: true"),
        ("raised", "commitment", "automatic renewal changed from false to true"),
    ),
    (
        "VendorContract",
        CONTRACT,
        (", maxRenewals: 1", ""),
        ("removed", "commitment", "most renewals removed (was 1)"),
    ),
    (
        "VendorContract",
        CONTRACT,
        ("amount: 50000", "amount: 90000"),
        ("raised", "commitment", "spend commitment raised from 50,000 EUR to 90,000 EUR"),
    ),
    (
        "VendorContract",
        CONTRACT,
        ("terminationForConvenience: true", "terminationForConvenience: false"),
        ("lowered", "commitment", "termination for convenience changed from true to false"),
    ),
    (
        "VendorContract",
        CONTRACT,
        ("term: P1Y", "term: P1Y, exclusivity: {until: 2027-06-30}"),
        ("added", "commitment", "exclusivity added: until 2027-06-30"),
    ),
    # How it goes on.
    ("UseCase", CASE, ("stage: prepare", "stage: pilot"), ("advanced", "notable", "moved from prepare to pilot")),
    (
        "UseCase",
        CASE,
        ("stage: prepare", "stage: assess"),
        ("setBack", "notable", "moved back from prepare to assess"),
    ),
    ("UseCase", CASE, ("stage: prepare", "stage: retired"), ("advanced", "notable", "retired from stage prepare")),
    (
        "UseCase",
        CASE,
        ("modelTier: small", "modelTier: mid"),
        ("replaced", "notable", "task sort: model tier replaced: small -> mid"),
    ),
    (
        "UseCase",
        CASE,
        ("runs: 1000", "runs: 2500"),
        ("raised", "spend", "task sort: volume runs raised from 1,000 to 2,500"),
    ),
    (
        "UseCase",
        CASE,
        ("name: sort,", "name: order,"),
        ("replaced", "other", "task order: name replaced: sort -> order"),
    ),
    (
        "Agent",
        AGENT,
        (" tasks: [sort],", ""),
        ("widened", "notable", "tasks no longer limited to sort: all of them"),
    ),
    (
        "ModelTier",
        TIER,
        ("primary: pebble-1", "primary: pebble-2"),
        ("replaced", "notable", "primary model replaced: pebble-1 -> pebble-2"),
    ),
    (
        "ModelTier",
        TIER,
        ("0.1", "0.25"),
        ("raised", "spend", "model pebble-1: input price raised from 0.1 USD to 0.25 USD"),
    ),
    (
        "Organization",
        ORGANIZATION,
        ("stage: chat", "stage: agent-pilots"),
        ("advanced", "notable", "maturity moved from chat to agent-pilots"),
    ),
    # Exceptions.
    (
        "Waiver",
        WAIVER,
        ("expiresOn: 2026-08-31", "expiresOn: 2026-10-31"),
        ("lengthened", "rules", "waiver ends 2 months later (2026-08-31 -> 2026-10-31)"),
    ),
    ("Waiver", WAIVER, ("[LV801]", "[LV801, LV802]"), ("widened", "rules", "waived rules: LV802 added")),
]


@pytest.mark.parametrize(
    ("kind", "spec", "edit", "expected"), EDITS, ids=[f"{each[0]}: {each[3][2]}" for each in EDITS]
)
def test_one_edit_is_told_in_one_sentence(
    kind: str, spec: str, edit: tuple[str, str], expected: tuple[str, str, str]
) -> None:
    assert edit[0] in spec
    before = AROUND + manifest(kind, "x", spec)
    after = AROUND + manifest(kind, "x", spec.replace(*edit))
    assert told(before, after) == [expected]


ADDED = [
    ("Agent", AGENT, "notable", "new agent for use case triage (autonomy suggest, FTE dana@acme.example)"),
    (
        "AccessGrant",
        GRANT,
        "access",
        "new grant: read on crm (restricted) for agent intake (limited to tables (a, b), until 2026-12-31)",
    ),
    (
        "TokenBudget",
        BUDGET,
        "notable",
        "new budget for use case triage (ceiling 10,000 USD a month, cost owner Marketing)",
    ),
    (
        "VendorContract",
        CONTRACT,
        "commitment",
        "new contract with Acme Lab (ends 2026-12-31, commits to 50,000 EUR)",
    ),
    ("FteOwner", FTE, "notable", "new FTE: kim@acme.example (60 %)"),
    ("UseCase", CASE, "notable", "new use case at stage prepare (sponsor lee@acme.example)"),
    ("DataSource", "{system: HR, classification: confidential}", "notable", "new data source (confidential)"),
    ("ModelTier", TIER, "notable", "new model tier (small, primary model pebble-1)"),
    ("HeadcountForecast", "{function: claims, net: -3}", "notable", "new headcount forecast for claims (net -3)"),
    ("Organization", ORGANIZATION, "notable", "new organization"),
    (
        "Waiver",
        WAIVER,
        "rules",
        "new waiver until 2026-08-31: LV801 on Agent/intake (approver cio@acme.example): Soon.",
    ),
]


@pytest.mark.parametrize(("kind", "spec", "weight", "sentence"), ADDED, ids=[each[0] for each in ADDED])
def test_a_new_manifest_is_one_change(kind: str, spec: str, weight: str, sentence: str) -> None:
    assert told(AROUND, AROUND + manifest(kind, "x", spec)) == [("added", weight, sentence)]


@pytest.mark.parametrize(("kind", "spec"), [each[:2] for each in ADDED], ids=[each[0] for each in ADDED])
def test_a_removed_manifest_is_one_change_in_the_old_file(kind: str, spec: str) -> None:
    (change,) = changes(AROUND + manifest(kind, "x", spec), AROUND)
    assert (change.what, change.is_gone, change.resource) == (What.REMOVED, True, f"{kind}/x")
    assert change.sentence.startswith("removed ")
    assert change.location.span is not None


def test_what_is_removed_tells_of_people_and_spend() -> None:
    assert told(manifest("FteOwner", "x", FTE), "") == [
        ("removed", "people", "removed FTE: kim@acme.example (60 %)")
    ]
    assert told(manifest("TokenBudget", "x", BUDGET), "")[0][:2] == ("removed", "spend")


def test_layout_comments_order_of_keys_and_files_are_no_change() -> None:
    before = manifest("UseCase", "x", CASE) + manifest("VendorContract", "x", CONTRACT)
    after = manifest("VendorContract", "x", CONTRACT), "# moved\n" + manifest("UseCase", "x", CASE)
    assert told(before, after) == []
    assert told("{a: 1}", "{a: 1}") == []
    flipped = (
        "{maxBudget: 1.0e+4, budgetDuration: P1M, currency: USD, owner: {costCenter: Marketing}, useCase: triage}"
    )
    assert told(manifest("TokenBudget", "x", BUDGET), manifest("TokenBudget", "x", flipped)) == []


def test_a_period_written_otherwise_is_no_change() -> None:
    before = manifest("VendorContract", "x", CONTRACT)
    assert told(before, before.replace("P1Y", "P12M")) == []
    assert told(before, before.replace("P1Y", "P365D"))[0][0] == "changed"


def test_a_budget_is_compared_by_the_day_where_its_period_changed() -> None:
    before = manifest("TokenBudget", "x", BUDGET)
    after = before.replace("P1M", "P1Y").replace("10000", "40000")
    assert (
        "lowered",
        "notable",
        "ceiling lowered from 10,000 USD a month to 40,000 USD a year (cost owner Marketing)",
    ) in (told(before, after))
    after = before.replace("P1M", "P1W").replace("10000", "9000")
    assert (
        "raised",
        "spend",
        "ceiling raised from 10,000 USD a month to 9,000 USD a week (cost owner Marketing)",
    ) in (told(before, after))


def test_a_star_in_a_scope_allows_all() -> None:
    before = AROUND + manifest("AccessGrant", "x", GRANT)
    after = before.replace("[a, b]", "['*']")
    assert told(before, after) == [
        ("widened", "access", "limit on tables lifted: `*` allows all; data source crm (restricted)"),
        ("removed", "other", "tables: a, b removed; data source crm (restricted)"),
    ]
    assert told(after, before) == [
        ("narrowed", "notable", "tables: * removed; data source crm (restricted)"),
        ("added", "other", "tables: a, b added; data source crm (restricted)"),
    ]


def test_a_renamed_manifest_is_told_once_and_references_follow() -> None:
    before = (
        manifest("Agent", "intake", AGENT) + manifest("AccessGrant", "x", GRANT) + manifest("Waiver", "w", WAIVER)
    )
    after = before.replace("name: intake", "name: reader").replace("{agent: intake}", "{agent: reader}")
    assert told(before, after) == [("renamed", "other", "renamed from intake to reader")]
    (change,) = changes(before, after)
    assert (change.resource, change.was) == ("Agent/reader", "Agent/intake")


def test_a_reference_that_does_not_follow_is_told() -> None:
    before = manifest("Agent", "intake", AGENT) + manifest("AccessGrant", "x", GRANT)
    after = before.replace("name: intake", "name: reader").replace("{agent: intake}", "{agent: other}")
    assert ("replaced", "access", "given to agent other instead of agent intake") in told(before, after)


def test_what_weighs_most_comes_first() -> None:
    before = AROUND + manifest("AccessGrant", "x", GRANT) + manifest("VendorContract", "x", CONTRACT)
    after = before.replace("term: P1Y", "term: P2Y").replace("permission: read", "permission: admin")
    after = after.replace("system: FAQ", "system: Questions")
    assert [each[1] for each in told(before, after)] == ["access", "commitment", "other"]


def test_a_change_knows_its_place_and_what_matters_beside_it() -> None:
    (change,) = changes(
        AROUND + manifest("AccessGrant", "x", GRANT),
        AROUND + manifest("AccessGrant", "x", GRANT.replace("permission: read", "permission: write")),
    )
    assert (change.path, change.path_text) == (("spec", "permission"), "spec.permission")
    assert (change.old, change.new) == ("read", "write")
    assert change.facts.sensitivity == "restricted"
    assert change.facts.use_case == "triage"
    assert change.facts.owner == "lee@acme.example"
    (change,) = changes(
        manifest("TokenBudget", "x", BUDGET), manifest("TokenBudget", "x", BUDGET.replace("10000", "20000"))
    )
    assert (change.facts.currency, change.facts.period) == ("USD", "P1M")


def test_an_element_that_is_gone_is_placed_in_the_old_file() -> None:
    before = manifest("UseCase", "x", CASE.replace("tasks: [", "tasks: [{name: first, modelTier: mid}, "))
    (change,) = changes(before, manifest("UseCase", "x", CASE))
    assert (change.is_gone, change.path_text) == (True, "spec.tasks[first]")
    assert change.sentence == "task first removed: model tier mid"


def test_elements_are_known_by_what_they_are_about() -> None:
    spec = "{useCase: x, alerts: [{atPercent: 50, action: notify}, {atPercent: 100, action: stop}]}"
    after = "{useCase: x, alerts: [{atPercent: 100, action: degrade}, {atPercent: 50, action: notify}]}"
    assert told(manifest("TokenBudget", "x", spec), manifest("TokenBudget", "x", after)) == [
        ("lowered", "oversight", "alert 100: action lowered from stop to degrade"),
        ("reordered", "text", "order of alerts changed"),
    ]


def test_manifests_whose_file_broke_are_not_told_as_removed() -> None:
    before = rollout(manifest("FteOwner", "x", FTE))
    after = rollout("spec: [")
    (change,) = manifest_changes(pair(before, after))
    assert change.sentence == "cannot be compared: the file that held it cannot be read"


def test_manifests_that_break_their_schema_are_told_too() -> None:
    before = manifest("AccessGrant", "x", GRANT)
    for spec in (
        "[]",
        "7",
        "{principal: [], permission: 3, scope: x}",
        "{principal: {agent: {a: 1}}, expiresOn: never}",
    ):
        for one, other in (
            (before, manifest("AccessGrant", "x", spec)),
            (manifest("AccessGrant", "x", spec), before),
        ):
            assert all(sentence for _, _, sentence in told(one, other))
            assert told(one, other)
