"""What the kinds accept and refuse: required fields, shared definitions, and the combined schema."""

from __future__ import annotations

import copy

import pytest
from schema_tree import DOCUMENTS, KINDS, errors, fields, pack, rollout

COMMON = "rollout/v1/common.schema.json"
COMBINED = "rollout/v1/rollout.schema.json"
BASE = pack()["spec"]["examples"]["base"]

REQUIRED = {
    "Organization": {"industry", "segment"},
    "UseCase": {"workflow", "businessUnit", "domain", "stage"},
    "Agent": {"useCase"},
    "DataSource": {"system", "classification", "governance"},
    "AccessGrant": {"principal", "dataSource", "permission"},
    "TokenBudget": {"useCase", "currency", "budgetDuration"},
    "ModelTier": {"tier", "models", "primary"},
    "FteOwner": {"person", "employment"},
    "VendorContract": {"vendor", "category"},
    "HeadcountForecast": {"function"},
    "Waiver": {"rules", "resources", "reason", "approver", "grantedOn", "expiresOn"},
}


def manifest(kind):
    return copy.deepcopy(BASE[kind])


def described(found):
    return [(list(error.absolute_path), error.validator) for error in found]


@pytest.mark.parametrize("kind", KINDS)
def test_the_spec_requires_only_what_no_rule_can_do_without(kind):
    assert set(DOCUMENTS[rollout(kind)]["properties"]["spec"]["required"]) == REQUIRED[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_the_envelope_is_the_same_for_every_kind(kind):
    document = DOCUMENTS[rollout(kind)]
    assert document["title"] == kind
    assert document["required"] == list(document["properties"]) == ["apiVersion", "kind", "metadata", "spec"]
    assert document["properties"]["kind"]["const"] == kind
    assert document["properties"]["apiVersion"]["const"] == "rollout/v1"


@pytest.mark.parametrize("kind", KINDS)
def test_the_combined_schema_judges_a_manifest_by_its_own_kind(kind):
    assert kind in DOCUMENTS[COMBINED]["properties"]["kind"]["enum"]
    good, bad = manifest(kind), manifest(kind)
    bad["spec"]["bogus"] = 1
    assert not errors(COMBINED, good)
    assert described(errors(COMBINED, bad)) == [(["spec"], "additionalProperties")]
    assert described(errors(rollout(kind), bad)) == described(errors(COMBINED, bad))


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_field_at_the_top_is_one_error(kind):
    bad = manifest(kind) | {"bogus": 1}
    assert described(errors(COMBINED, bad)) == [([], "additionalProperties")]


@pytest.mark.parametrize("kind", KINDS)
def test_the_combined_schema_wants_a_whole_manifest(kind):
    found = errors(COMBINED, {"apiVersion": "rollout/v1", "kind": kind})
    assert described(found) == [([], "required"), ([], "required")]


def test_the_combined_schema_names_an_unknown_kind_once():
    found = errors(COMBINED, {"apiVersion": "rollout/v1", "kind": "Agnet", "metadata": {"name": "x"}, "spec": {}})
    assert described(found) == [(["kind"], "enum")]


@pytest.mark.parametrize(
    ("file", "path"),
    [
        (COMBINED, "kind"),
        ("policy/v1/Policy.schema.json", "$exampleManifest.kind"),
    ],
)
def test_lists_of_kinds_are_complete(file, path):
    listed = next(field.schema["enum"] for field in fields(file) if field.path == path)
    assert listed == list(KINDS)


@pytest.mark.parametrize(
    ("file", "path"),
    [("policy/v1/Policy.schema.json", "spec.match.kinds[]"), (rollout("Waiver"), "spec.resources[].kind")],
)
def test_policies_match_and_waivers_mean_every_kind_and_the_rollout(file, path):
    listed = next(field.schema["enum"] for field in fields(file) if field.path == path)
    assert listed == [*KINDS, "Rollout"]


@pytest.mark.parametrize(
    ("target", "failed"),
    [
        ({"kind": "Agent", "name": "triager"}, []),
        ({"kind": "Rollout", "name": "acme"}, []),
        ({"matchLabels": {"team": "claims"}}, []),
        ({"kind": "Agent", "matchLabels": {"team": "claims", "region": "emea"}}, []),
        ({}, ["required", "required"]),
        ({"kind": "Agent"}, ["required"]),
        ({"name": "triager"}, ["required"]),
        ({"name": "triager", "matchLabels": {"team": "claims"}}, ["not"]),
        ({"kind": "Agent", "matchLabels": {}}, ["minProperties"]),
        ({"matchLabels": {"tier": 1}}, ["type"]),
        ({"kind": "Agents", "matchLabels": {"team": "claims"}}, ["enum"]),
        ({"kind": "Agent", "name": "triager", "labels": {}}, ["additionalProperties"]),
    ],
)
def test_a_waiver_names_what_it_is_about_or_selects_it(target, failed):
    data = manifest("Waiver")
    data["spec"]["resources"] = [target]
    assert [error.validator for error in errors(rollout("Waiver"), data)] == failed


@pytest.mark.parametrize(
    ("definition", "good", "bad"),
    [
        ("name", ["a", "a-1", "9", "a" * 63], ["", "A", "-a", "a-", "a_b", "a.b", "a" * 64, 1]),
        ("text", ["x", " x"], ["", " ", "\n", None, 1]),
        (
            "date",
            ["2026-06-30", "2024-02-29"],
            ["2026-6-30", "2026-02-30", "20260630", "2026-W01-1", "soon", 20260630],
        ),
        (
            "email",
            ["dana@acme.example"],
            ["dana", "dana@", "@acme.example", "da na@acme.example", "a@b@c.example"],
        ),
        (
            "period",
            ["P1Y", "P1M", "P2W", "P90D", "P1Y6M", "P1Y0M1D", "P1M15D"],
            ["P", "P0D", "P0M", "1Y", "P1", "PT1H", "P1YT1H", "P1Y1D", "P1W1D", "P1.5Y", "-P1D", "P1M1Y", "p1y"],
        ),
        ("currency", ["USD", "EUR", "XOF", "CLF"], ["usd", "BGN", "DEM", "XAU", "XTS", "XXX", "$"]),
        ("money", [0, 0.01, 1e12], [-0.01, "5", None, True]),
        ("percent", [0, 12.5, 100], [-1, 100.1, "80%"]),
        ("permission", ["read", "write", "admin"], ["READ", "execute", "*"]),
        ("group", ["claims-handlers", "*", "CN=Claims, OU=Groups"], ["", " "]),
        (
            "metadata",
            [{"name": "x"}, {"name": "x", "title": "X", "labels": {"a/b": ""}, "annotations": {"k": "v"}}],
            [{}, {"title": "X"}, {"name": "x", "namespace": "y"}, {"name": "x", "labels": {"a": 1}}],
        ),
    ],
)
def test_shared_definitions(definition, good, bad):
    for value in good:
        assert not errors(COMMON, value, f"/$defs/{definition}"), value
    for value in bad:
        assert errors(COMMON, value, f"/$defs/{definition}"), value


def test_the_currencies_are_three_letter_codes_in_order():
    codes = DOCUMENTS[COMMON]["$defs"]["currency"]["enum"]
    assert codes == sorted(set(codes))
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in codes)
    assert len(codes) > 150


@pytest.mark.parametrize(
    ("kind", "path", "value", "validator"),
    [
        ("AccessGrant", ["principal"], {}, "minProperties"),
        ("AccessGrant", ["principal"], {"agent": "a", "group": "b"}, "maxProperties"),
        ("Agent", ["actsAs"], {}, "minProperties"),
        ("Agent", ["actsAs"], {"agent": "a"}, "additionalProperties"),
        ("Agent", ["guardrails", "input"], ["same", "same"], "uniqueItems"),
        ("ModelTier", ["models"], [], "minItems"),
        ("Organization", ["exchangeRates", 0, "rate"], 0, "exclusiveMinimum"),
        ("Organization", ["businessUnits"], [], "minItems"),
        ("TokenBudget", ["alerts", 0, "atPercent"], 0, "exclusiveMinimum"),
        ("TokenBudget", ["budgetDuration"], "P0D", "pattern"),
        ("TokenBudget", ["maxBudget"], -1, "minimum"),
        ("UseCase", ["stage"], "live", "enum"),
        ("UseCase", ["tasks", 0, "reliability"], 97, "maximum"),
        ("UseCase", ["tasks", 0, "volume", "queriesPerRun"], 0, "exclusiveMinimum"),
        ("UseCase", ["tasks", 0, "volume", "runs"], 1.5, "type"),
        ("UseCase", ["tasks", 0, "saturated"], "no", "type"),
        ("UseCase", ["checkpoints", 0, "samplePercent"], 101, "maximum"),
        ("VendorContract", ["endsOn"], "2027-02-30", "format"),
        ("VendorContract", ["renewal", "noticeDays"], -1, "minimum"),
        ("HeadcountForecast", ["compression", 0, "roles"], -6, "minimum"),
        ("FteOwner", ["duties", 0], "coffee", "enum"),
        ("Waiver", ["reason"], "because", "minLength"),
        ("Waiver", ["rules"], ["contract-term-over-a-year"], "pattern"),
        ("Waiver", ["resources"], [], "minItems"),
    ],
)
def test_a_bad_value_is_refused_where_it_stands(kind, path, value, validator):
    data = manifest(kind)
    assert not errors(rollout(kind), data)
    where = data["spec"]
    for step in path[:-1]:
        where = where[step]
    where[path[-1]] = value
    found = described(errors(rollout(kind), data))
    assert len(found) == 1
    at, failed = found[0]
    assert failed == validator
    assert at[: len(path) + 1] == ["spec", *path]


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("FteOwner", {"allocationPercent": 140}),
        ("HeadcountForecast", {"net": -12.5}),
        ("TokenBudget", {"alerts": [{"atPercent": 120, "action": "stop"}]}),
        ("Organization", {"centralIT": "nowhere"}),
        ("UseCase", {"tasks": []}),
        ("AccessGrant", {"principal": {"group": "*"}, "scope": {"tables": ["*"]}}),
        ("VendorContract", {"startsOn": "2026-01-01", "endsOn": "2025-01-01"}),
    ],
)
def test_what_a_rule_judges_is_not_a_schema_error(kind, spec):
    data = manifest(kind)
    data["spec"] |= spec
    assert not errors(rollout(kind), data)
