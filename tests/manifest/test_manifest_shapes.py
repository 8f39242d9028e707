"""The shipped schemas as data: inlined, bundled, looked up by field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from manifest_samples import SPECS, manifest

from penstock import bundle
from penstock.manifest import formats, shapes
from penstock.regex import compiled

INPUTS = {"rollout", "policy", "config"}
"""What penstock reads and so inlines. What it writes is only published, and may refer to itself."""
ANNOTATIONS = {"title", "description", "examples", "default", "deprecated", "x-references"}


def _schema_ids() -> list[str]:
    folder = bundle.folder("schemas")
    files = sorted(folder.rglob(f"*{shapes.SUFFIX}"))
    return [file.relative_to(folder).as_posix().removesuffix(shapes.SUFFIX) for file in files]


def _nodes(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _nodes(value)
    elif isinstance(node, list):
        for value in node:
            yield from _nodes(value)


def test_every_kind_has_a_schema() -> None:
    assert set(shapes.kinds()) == set(SPECS)
    assert all(shapes.document(f"rollout/v1/{kind}")["title"] == kind for kind in shapes.kinds())


@pytest.mark.parametrize("schema_id", [each for each in _schema_ids() if each.split("/")[0] in INPUTS])
def test_inlining_leaves_no_reference_and_a_valid_schema(schema_id: str) -> None:
    tree = shapes.inlined(schema_id)
    assert not [node for node in _nodes(tree) if "$ref" in node]
    jsonschema.Draft202012Validator.check_schema(tree)


@pytest.mark.parametrize("schema_id", _schema_ids())
def test_beside_a_reference_stands_only_what_may_replace_the_definitions_own_words(schema_id: str) -> None:
    """Inlining lets the keywords beside a reference win, which is right only as long as none is in both."""
    for node in _nodes(shapes.document(schema_id)):
        if isinstance(node.get("$ref"), str):
            _, _, referred = shapes._follow(node["$ref"], schema_id)
            assert (node.keys() & referred.keys()) <= ANNOTATIONS | {"$ref"}


@pytest.mark.parametrize("schema_id", _schema_ids())
def test_every_pattern_is_one_that_re2_knows(schema_id: str) -> None:
    for node in _nodes(shapes.document(schema_id)):
        if isinstance(node.get("pattern"), str):
            compiled(node["pattern"])


@pytest.mark.parametrize("schema_id", _schema_ids())
def test_every_format_is_one_that_is_checked(schema_id: str) -> None:
    named = {node["format"] for node in _nodes(shapes.document(schema_id)) if isinstance(node.get("format"), str)}
    # The report is penstock's own output: its format keywords are documentation.
    assert named <= formats.CHECKS.keys() or schema_id.startswith("report/")


@pytest.mark.parametrize("schema_id", [f"rollout/v1/{kind}" for kind in (*SPECS, "rollout")])
def test_a_bundled_schema_is_self_contained_and_judges_the_same(schema_id: str) -> None:
    bundled = shapes.bundled(schema_id)
    jsonschema.Draft202012Validator.check_schema(bundled)
    for node in _nodes(bundled):
        if isinstance(node.get("$ref"), str):
            assert node["$ref"].removeprefix("#/$defs/") in bundled["$defs"]
    used = {node["$ref"].removeprefix("#/$defs/") for node in _nodes(bundled) if isinstance(node.get("$ref"), str)}
    assert used == set(bundled.get("$defs", {}))

    alone = jsonschema.Draft202012Validator(bundled)
    for kind in SPECS if schema_id.endswith("/rollout") else [schema_id.rsplit("/", 1)[1]]:
        assert alone.is_valid(manifest(kind))
        assert not alone.is_valid(manifest(kind, color="blue"))
        assert not alone.is_valid({**manifest(kind), "metadata": {"name": "No Label"}})


def test_a_definition_used_by_several_is_bundled_once() -> None:
    bundled = shapes.bundled("rollout/v1/rollout")
    assert {"date", "currency", "metadata", "UseCase", "Waiver"} <= set(bundled["$defs"])
    assert "$schema" not in bundled["$defs"]["UseCase"]


def test_a_field_is_found_with_its_own_words_and_its_form() -> None:
    field = shapes.field("rollout/v1/UseCase", ("spec", "tasks", 0, "volume", "per"))
    assert field is not None
    assert field["format"] == "duration"
    assert field["x-form"]["title"] == "Period"
    assert field["description"] not in ("", field["x-form"]["description"])
    label = shapes.field("rollout/v1/UseCase", ("metadata", "labels", "anything"))
    assert label is not None
    assert label["type"] == "string"
    assert shapes.field("rollout/v1/UseCase", ("spec", "color")) is None
    assert shapes.field("rollout/v1/UseCase", ("spec", "stage", "deeper")) is None


def test_an_unknown_schema_is_said_to_be_missing() -> None:
    with pytest.raises(FileNotFoundError):
        shapes.document("rollout/v1/Nonsense")
