"""x-references, x-expects-referrers and x-owner: what they name exists, and is of use."""

from __future__ import annotations

import pytest
from schema_tree import ALL_FIELDS, DOCUMENTS, FILES, KINDS, Field, fields, followed, rollout


def kind_of(field: Field) -> str:
    return field.file.partition("v1/")[2].partition(".")[0]


REFERENCES = {
    (kind_of(field), field.path): field.schema["x-references"]
    for field in ALL_FIELDS
    if "x-references" in field.schema
}
BUSINESS_UNIT = {"kind": "Organization", "items": "spec.businessUnits"}
TASK_OF_USE_CASE = {"kind": "UseCase", "items": "spec.tasks", "of": "spec.useCase"}

EXPECTED = {
    ("Organization", "spec.centralIT"): {"items": "spec.businessUnits"},
    ("UseCase", "spec.businessUnit"): BUSINESS_UNIT,
    ("UseCase", "spec.dataSources[].name"): "DataSource",
    ("UseCase", "spec.tasks[].team"): BUSINESS_UNIT,
    ("UseCase", "spec.tasks[].software"): "VendorContract",
    ("UseCase", "spec.tasks[].modelTier"): "ModelTier",
    ("UseCase", "spec.checkpoints[].tasks[]"): {"items": "spec.tasks"},
    ("UseCase", "spec.checkpoints[].businessUnit"): BUSINESS_UNIT,
    ("Agent", "spec.useCase"): "UseCase",
    ("Agent", "spec.tasks[]"): TASK_OF_USE_CASE,
    ("Agent", "spec.fteOwner"): "FteOwner",
    ("Agent", "spec.platform"): "VendorContract",
    ("Agent", "spec.modelAccess.tiers[]"): "ModelTier",
    ("Agent", "spec.tools[].dataSources[].name"): "DataSource",
    ("Agent", "spec.mcpServers[].dataSources[].name"): "DataSource",
    ("Agent", "spec.revalidations[].tier"): "ModelTier",
    ("DataSource", "spec.redundantWith[]"): "DataSource",
    ("DataSource", "spec.systemOfRecord"): "DataSource",
    ("AccessGrant", "spec.principal.agent"): "Agent",
    ("AccessGrant", "spec.dataSource"): "DataSource",
    ("TokenBudget", "spec.useCase"): "UseCase",
    ("TokenBudget", "spec.allocations[].team"): BUSINESS_UNIT,
    ("TokenBudget", "spec.allocations[].task"): TASK_OF_USE_CASE,
    ("ModelTier", "spec.models[].contract"): "VendorContract",
    ("ModelTier", "spec.primary"): {"items": "spec.models"},
    ("ModelTier", "spec.substitutes[]"): {"items": "spec.models"},
    ("FteOwner", "spec.businessUnit"): BUSINESS_UNIT,
    ("FteOwner", "spec.contract"): "VendorContract",
    ("FteOwner", "spec.successor"): "FteOwner",
    ("HeadcountForecast", "spec.businessUnit"): BUSINESS_UNIT,
}


def paths(kind: str) -> dict[str, dict[str, object]]:
    return {field.path: field.schema for field in fields(rollout(kind))}


def test_the_graph_has_exactly_these_edges():
    assert REFERENCES == EXPECTED


@pytest.mark.parametrize(("kind", "path"), sorted(REFERENCES))
def test_a_reference_leads_to_a_kind_and_a_list_of_named_things(kind, path):
    stated = REFERENCES[kind, path]
    if isinstance(stated, str):
        assert stated in KINDS
        return
    assert set(stated) <= {"kind", "items", "of"}
    owner = stated.get("kind", kind)
    items = paths(owner)[stated["items"] + "[]"]
    assert "name" in items["required"]
    if "of" in stated:
        assert paths(kind)[stated["of"]]["x-references"] == owner


@pytest.mark.parametrize(("kind", "path"), sorted(REFERENCES))
def test_a_reference_takes_what_the_name_it_refers_to_takes(kind, path):
    stated = REFERENCES[kind, path]
    field = paths(kind)[path]
    if isinstance(stated, str):
        name = {"$ref": "common.schema.json#/$defs/name"}
    else:
        name = paths(stated.get("kind", kind))[stated["items"] + "[]"]["properties"]["name"]
    assert field["$ref"] == name["$ref"]


def test_four_kinds_are_suspicious_when_nothing_refers_to_them():
    marked = {kind for kind in KINDS if DOCUMENTS[rollout(kind)].get("x-expects-referrers")}
    assert marked == {"DataSource", "ModelTier", "FteOwner", "VendorContract"}


def test_the_annotation_stands_nowhere_but_at_a_kinds_root():
    assert not [f.id for f in ALL_FIELDS if "x-expects-referrers" in f.schema and f.role != "root"]


def test_only_known_annotations_are_used():
    known = {"x-references", "x-expects-referrers", "x-owner"}
    assert {key for f in ALL_FIELDS for key in f.schema if key.startswith("x-")} == known


def test_these_fields_say_who_owns_a_manifest():
    stated = {(kind_of(f), f.path): f.schema["x-owner"] for f in ALL_FIELDS if "x-owner" in f.schema}
    assert stated == dict.fromkeys(
        [
            ("UseCase", "spec.sponsor"),
            ("Agent", "spec.fteOwner"),
            ("DataSource", "spec.owner"),
            ("AccessGrant", "spec.dataSource"),
            ("TokenBudget", "spec.owner.accountable"),
            ("FteOwner", "spec.person"),
            ("VendorContract", "spec.decision.by"),
            ("HeadcountForecast", "spec.audit.author"),
            ("Waiver", "spec.approver"),
        ],
        True,
    )


@pytest.mark.parametrize("field", [f for f in ALL_FIELDS if "x-owner" in f.schema], ids=lambda f: f.id)
def test_an_owner_is_a_person_or_who_owns_what_is_referred_to(field):
    kind = field.schema.get("x-references")
    if kind is None:
        assert field.schema["$ref"] == "common.schema.json#/$defs/email"
    else:
        # One step is enough: whoever owns the resource referred to is named there.
        owners = [f for f in fields(rollout(kind)) if "x-owner" in f.schema]
        assert owners
        assert not [f.id for f in owners if "x-references" in f.schema]


@pytest.mark.parametrize("file", [file for file in FILES if not file.startswith("rollout/")])
def test_files_that_are_no_manifests_refer_to_nothing(file):
    assert not [field.id for field in fields(file) if "x-references" in field.schema]


def test_a_kind_that_expects_referrers_can_be_referred_to_by_every_category():
    categories = paths("VendorContract")["spec.category"]["enum"]
    referring = {kind for (kind, _), stated in REFERENCES.items() if stated == "VendorContract"}
    # A lab by its tier, a platform by its agents, software by its tasks, an integrator by its people.
    assert set(categories) == {"model-lab", "orchestration-platform", "enterprise-software", "systems-integrator"}
    assert referring == {"ModelTier", "Agent", "UseCase", "FteOwner"}


def test_followed_goes_through_several_refs():
    file, schema = followed(rollout("Agent"), {"$ref": "common.schema.json#/$defs/metadata"})
    file, schema = followed(file, schema["properties"]["name"])
    assert (file, schema["type"]) == ("rollout/v1/common.schema.json", "string")
