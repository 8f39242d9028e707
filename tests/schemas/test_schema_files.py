"""The schema files as files: their set, their layout, and that they are sound JSON Schema 2020-12."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import re2
from jsonschema import Draft202012Validator
from schema_tree import DOCUMENTS, FILES, KINDS, SCHEMAS, rollout

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def nodes(node: object) -> Iterator[dict[str, object]]:
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from nodes(child)


def test_there_is_one_file_for_each_kind_and_no_other():
    expected = {rollout(kind) for kind in KINDS}
    expected |= {f"rollout/v1/{name}.schema.json" for name in ("common", "rollout")}
    expected |= {"policy/v1/Policy.schema.json", "policy/v1/Pack.schema.json", "config/v1/config.schema.json"}
    expected |= {"baseline/v1/baseline.schema.json", "lock/v1/lock.schema.json"}
    assert set(FILES) == expected


@pytest.mark.parametrize("file", FILES)
def test_the_file_is_written_in_the_one_layout(file):
    text = (SCHEMAS / file).read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("file", FILES)
def test_the_file_is_valid_json_schema(file):
    Draft202012Validator.check_schema(DOCUMENTS[file])


@pytest.mark.parametrize("file", FILES)
def test_the_file_states_its_draft_and_no_address(file):
    document = DOCUMENTS[file]
    assert next(iter(document.items())) == ("$schema", DRAFT)
    assert not [node for node in nodes(document) if "$id" in node or "$anchor" in node]


@pytest.mark.parametrize("file", FILES)
def test_alternatives_are_not_used_because_their_errors_cannot_be_acted_on(file):
    assert not [node for node in nodes(DOCUMENTS[file]) if "oneOf" in node or "anyOf" in node]


@pytest.mark.parametrize("file", FILES)
def test_every_pattern_is_anchored_or_a_single_character_and_runs_in_linear_time(file):
    patterns = [node["pattern"] for node in nodes(DOCUMENTS[file]) if isinstance(node.get("pattern"), str)]
    for pattern in patterns:
        re2.compile(pattern)  # raises on look-around and back-references
        assert pattern == "\\S" or (pattern.startswith("^") and pattern.endswith("$")), pattern


def test_a_file_has_a_pattern_at_all():
    assert any("pattern" in node for node in nodes(DOCUMENTS["rollout/v1/common.schema.json"]))
