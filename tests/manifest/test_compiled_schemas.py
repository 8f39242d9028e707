"""What the build makes of the manifests' schemas says what the schemas say."""

from __future__ import annotations

import sys
import types
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from manifest_samples import SPECS, manifest
from test_manifest_fast import JSON, mutated

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from compiled import acceptors, tables

from penstock import bundle
from penstock.manifest import names, references, schema, shapes


@pytest.fixture(autouse=True)
def _by_the_schemas(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compared with must not itself come from the build."""
    monkeypatch.setattr(bundle, "compiled", lambda _name: None)
    for cached in (shapes.kinds, references.references, references.expects_referrers, names.named_lists):
        cached.cache_clear()


@cache
def made() -> Any:
    """The module of the manifests' schemas."""
    return executed(tables.source())


def executed(source: str) -> Any:
    module = types.ModuleType("compiled_here")
    exec(compile(source, "compiled_here", "exec"), module.__dict__)
    return module


def accepts(given: dict[str, Any], value: object) -> bool:
    return bool(executed(acceptors.source({"x": given})).ACCEPTORS["x"](value))


@given(mutated())
def test_what_is_accepted_is_valid(case: tuple[str, Any]) -> None:
    kind, data = case
    if made().ACCEPTORS[f"rollout/v1/{kind}"](data):
        assert schema._validator(f"rollout/v1/{kind}").is_valid(data)


@given(st.sampled_from(sorted(SPECS)), JSON)
def test_so_is_any_value_at_all(kind: str, data: Any) -> None:
    if made().ACCEPTORS[f"rollout/v1/{kind}"](data):
        assert schema._validator(f"rollout/v1/{kind}").is_valid(data)


@pytest.mark.parametrize("kind", sorted(SPECS))
def test_a_valid_manifest_is_accepted(kind: str) -> None:
    assert made().ACCEPTORS[f"rollout/v1/{kind}"](manifest(kind))


@pytest.mark.parametrize(
    ("given", "right", "wrong"),
    [
        ({"type": "integer", "minimum": 2}, [2, 10**400], [1, 2.0, True, "2", None]),
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 1}, [1, 0.5], [0, 1.5, True, float("nan")]),
        ({"maximum": 5}, [5, "x", None, {}], [6, 5.5]),
        ({"type": ["string", "null"], "minLength": 2}, ["ab", None], ["a", 1]),
        ({"type": "string", "pattern": r"\S"}, ["a", "é b"], ["", " ", "\t\n", "a\ud800"]),
        ({"pattern": "^[a-z]+$"}, ["ab", 1, None], ["", "a\n", "A"]),
        ({"type": "string", "format": "date"}, ["2026-02-28"], ["2026-02-30", "2026-2-1"]),
        ({"enum": ["a", None, True, 1]}, ["a", None, True, 1], ["b", False, 1.5, 0]),
        ({"const": True}, [True], [1, "true"]),
        ({"const": 1}, [1], [True, 2]),
        ({"type": "array", "items": {"type": "string"}, "minItems": 1}, [["a"]], [[], [1], ("a",), "a"]),
        ({"uniqueItems": True}, [[1, 2], [{"a": 1}, {"a": 2}], "aa"], [[1, 1], [{"a": 1}, {"a": 1}]]),
        (
            {"type": "object", "required": ["a"], "properties": {"a": {}}, "additionalProperties": False},
            [{"a": 1}, {"a": None}],
            [{}, {"a": 1, "b": 2}, [], {"b": 2}],
        ),
        ({"properties": {"a": {"type": "string"}}}, [{"a": "x", "b": 1}, {}, 3], [{"a": 1}]),
        ({"additionalProperties": {"type": "string"}, "maxProperties": 1}, [{"a": "x"}, 3], [{"a": 1}]),
        ({"propertyNames": {"pattern": "^a"}, "minProperties": 1}, [{"a": 1}], [{"b": 1}, {}]),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, ["a", None], [1]),
        ({"allOf": [{"minimum": 1}, {"maximum": 2}]}, [1, 2], [0, 3]),
        ({"not": {"required": ["a"]}}, [{}, {"b": 1}], [{"a": 1}]),
        ({"if": {"required": ["a"]}, "then": {"required": ["b"]}}, [{}, {"a": 1, "b": 1}], [{"a": 1}]),
        (
            {"type": "object", "if": {"required": ["a"]}, "else": {"required": ["b"]}},
            [{"a": 1}, {"b": 1}],
            [{}],
        ),
    ],
)
def test_a_keyword(given: dict[str, Any], right: list[Any], wrong: list[Any]) -> None:
    for value in right:
        assert accepts(given, value), value
    for value in wrong:
        assert not accepts(given, value), value


@pytest.mark.parametrize(
    "unknown",
    [
        {"oneOf": []},
        {"if": {"minimum": 1}, "then": {}},
        {"not": {"pattern": "a"}},
        {"const": 1.5},
        {"format": "uri"},
        {"pattern": r"\bfoo"},
    ],
)
def test_a_keyword_without_code_stops_the_build(unknown: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"no code|not known|not plain"):
        acceptors.source({"x": unknown})


def test_fields_that_are_called_like_keywords_are_fields() -> None:
    given = {"properties": {"title": {"type": "string"}, "description": {"type": "null"}}}
    assert accepts(given, {"title": "a", "description": None})
    assert not accepts(given, {"title": 1})
    assert not accepts(given, {"description": "a"})


def test_what_runs_ask_of_the_schemas() -> None:
    module = made()
    assert shapes.kinds() == module.KINDS
    for kind in shapes.kinds():
        fields = tuple(references.ReferenceField(*field) for field in module.REFERENCES[kind])
        assert fields == references.references(kind)
        assert module.NAMED_LISTS[kind] == names.named_lists(kind)
        assert (kind in module.EXPECT_REFERRERS) == references.expects_referrers(kind)
