"""Every field of every schema: documented, with true examples, closed, leading only to shipped files."""

from __future__ import annotations

import pytest
from schema_tree import ALL_FIELDS, FILES, errors, fields, followed, resolve, rollout

# Free mappings whose keys belong to someone else: the kind's own schema, checked after the merge.
OPEN = {
    "policy/v1/Policy.schema.json:$exampleManifest.metadata",
    "policy/v1/Policy.schema.json:$exampleManifest.spec",
    "policy/v1/Pack.schema.json:spec.examples.base.*.metadata",
    "policy/v1/Pack.schema.json:spec.examples.base.*.spec",
    # Each document is closed by the schema of its kind; test_schema_kinds.py shows it.
    "rollout/v1/rollout.schema.json:",
}
NO_OBJECT = {"rollout/v1/common.schema.json:"}

by_file = pytest.mark.parametrize("file", FILES)


def test_the_walk_reaches_the_depths():
    paths = {field.path for field in fields(rollout("UseCase"))}
    assert {"spec.tasks[].volume.per", "spec.checkpoints[].tasks[]", "$rating.evidence"} <= paths
    assert len(ALL_FIELDS) > 400


@by_file
def test_every_field_has_a_title_and_a_description(file):
    for field in fields(file):
        schema = field.schema
        if set(schema) == {"$ref"}:
            _, schema = followed(file, schema)
        assert schema.get("title", "").strip(), field.id
        assert schema.get("description", "").endswith("."), field.id


@by_file
def test_every_property_has_examples(file):
    for field in fields(file):
        if field.role == "property":
            assert field.schema.get("examples"), field.id


@by_file
def test_every_example_satisfies_its_own_schema(file):
    for field in fields(file):
        for example in field.schema.get("examples", ()):
            found = errors(file, example, field.pointer)
            assert not found, f"{field.id}: {found[0].message}"


@by_file
def test_every_default_satisfies_its_own_schema(file):
    for field in fields(file):
        if "default" in field.schema:
            assert not errors(file, field.schema["default"], field.pointer), field.id


@by_file
def test_every_object_is_closed(file):
    for field in fields(file):
        schema = field.schema
        if schema.get("type") != "object" and "properties" not in schema:
            continue
        if field.id in OPEN:
            assert schema.get("additionalProperties", True) is True, f"{field.id} is closed: drop it from OPEN"
            continue
        extra = schema.get("additionalProperties")
        assert extra is False or isinstance(extra, dict), field.id
        assert schema.get("type") in ("object", ["string", "object"]), field.id


def test_every_open_object_exists():
    assert {field.id for field in ALL_FIELDS} >= OPEN


@by_file
def test_every_required_field_is_described(file):
    for field in fields(file):
        schema = field.schema
        if field.id not in OPEN:
            assert set(schema.get("required", ())) <= set(schema.get("properties", {})), field.id


@by_file
def test_every_field_says_which_values_it_takes(file):
    for field in fields(file):
        if field.id not in NO_OBJECT:
            assert {"type", "$ref", "enum", "const"} & set(field.schema), field.id


@by_file
def test_every_ref_leads_to_a_shipped_definition(file):
    for field in fields(file):
        if "$ref" in field.schema:
            assert isinstance(resolve(file, field.schema["$ref"]), dict), field.id
            assert "://" not in field.schema["$ref"], field.id


@by_file
def test_the_description_does_not_repeat_the_title(file):
    for field in fields(file):
        title, description = field.schema.get("title"), field.schema.get("description")
        assert title is None or description.rstrip(".").casefold() != title.casefold(), field.id


@by_file
def test_plain_lists_hold_each_value_once(file):
    for field in fields(file):
        if field.schema.get("type") != "array":
            continue
        _, items = followed(file, field.schema["items"])
        if items.get("type") != "object":
            assert field.schema.get("uniqueItems") is True, field.id


@by_file
def test_a_name_in_a_list_is_a_label_a_reference_or_free_text(file):
    for field in fields(file):
        if field.role == "items" and field.schema.get("type") == "object" and "name" in field.schema["properties"]:
            name = field.schema["properties"]["name"]
            # What a waiver is about may be named or selected.
            required = field.schema.get("required") or field.schema["else"]["required"]
            assert "name" in required, field.id
            assert name["$ref"].rpartition("/")[2] in {"name", "text", "identifier"}, field.id


def test_every_common_definition_is_used():
    used = {
        field.schema["$ref"].rpartition("/")[2]
        for field in ALL_FIELDS
        if "$ref" in field.schema and field.file.startswith("rollout/")
    }
    defined = {field.path[1:] for field in fields("rollout/v1/common.schema.json") if field.role == "definition"}
    assert defined == {name for name in used if name in defined}
