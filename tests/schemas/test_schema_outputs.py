"""The schemas of what commands print as JSON: complete, closed, described, with examples that are valid."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from penstock.bundle import folder

OUTPUTS = {"report": 50, "audit": 20, "plan": 80, "access": 90, "cost": 150, "diff": 60}
"""Each output, and how many fields its schema has at the least: fewer, and this test no longer sees them."""


def schema(output: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text(output))
    return found


def text(output: str) -> str:
    return (folder("schemas") / output / "v1" / f"{output}.schema.json").read_text("utf-8")


def fields(node: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every field and definition below a node, by name; elements of lists only where they are described."""
    for name, field in [*node.get("properties", {}).items(), *node.get("$defs", {}).items()]:
        yield name, field
        yield from fields(field)
    items = node.get("items")
    if isinstance(items, dict):
        if "title" in items:
            yield "items", items
        yield from fields(items)


@pytest.mark.parametrize("output", OUTPUTS)
def test_the_schema_is_a_schema_in_the_one_layout(output: str) -> None:
    Draft202012Validator.check_schema(schema(output))
    assert json.dumps(schema(output), indent=2, ensure_ascii=False) + "\n" == text(output)


@pytest.mark.parametrize("output", OUTPUTS)
def test_every_field_is_described_closed_and_has_valid_examples(output: str) -> None:
    root = schema(output)
    found = [(name, field) for name, field in fields(root) if set(field) != {"$ref"}]
    assert len(found) > OUTPUTS[output]
    for name, field in [(output, root), *found]:
        assert {"title", "description", "examples"} <= field.keys(), name
        assert field["description"].endswith("."), name
        validator = Draft202012Validator({"$defs": root["$defs"], **field})
        for example in field["examples"]:
            validator.validate(example)
        if "properties" in field:
            assert field["additionalProperties"] is False, name
            assert field["required"] == list(field["properties"]), name
