"""The fast pass and the validator agree: its yes is theirs."""

from __future__ import annotations

import copy
import sys
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from manifest_samples import SPECS, manifest

pytest.importorskip("jsonschema_rs", reason="jsonschema-rs has no wheel for this platform")

from penstock import bundle
from penstock.manifest import schema, shapes
from penstock.manifest.fast import _MANY, acceptor, patient

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 200)
    | st.floats(-2, 200)
    | st.sampled_from(
        [
            "",
            " ",
            "x",
            "classify",
            "2026-06-30",
            "2026-02-30",
            "P1M",
            "P",
            "EUR",
            "read",
            "lee@acme.example",
            "pilot",
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "x", "value"]), inner, max_size=2)
    ),
    max_leaves=5,
)


def _places(data: object, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [(*at, key) for key, _ in children] + [
        place for key, value in children for place in _places(value, (*at, key))
    ]


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, Any]:
    """A kind, and a valid manifest of it with a few values replaced, added or taken away."""
    kind = draw(st.sampled_from(sorted(SPECS)))
    data = manifest(kind)
    for _ in range(draw(st.integers(0, 3))):
        *parents, last = draw(st.sampled_from(_places(data)))
        holder: Any = data
        for key in parents:
            holder = holder[key]
        change = draw(st.sampled_from(["replace", "delete", "add", "twin"]))
        if change == "replace":
            holder[last] = draw(JSON)
        elif change == "delete" and len(holder) > 1:
            del holder[last]
        elif change == "add" and isinstance(holder, dict):
            fields = shapes.properties(shapes.field(f"rollout/v1/{kind}", tuple(parents)) or {})
            holder[draw(st.sampled_from([*fields, "color"]))] = draw(JSON)
        elif change == "twin" and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[last]))
    return kind, data


@given(mutated())
def test_what_the_fast_pass_accepts_the_validator_accepts(case: tuple[str, Any]) -> None:
    kind, data = case
    schema_id = f"rollout/v1/{kind}"
    errors = list(schema._validator(schema_id).iter_errors(data))
    if schema._acceptor(schema_id)(data):
        assert not errors
    assert bool(schema.validate(kind, data)) == bool(errors)


@given(st.sampled_from(sorted(SPECS)), JSON)
def test_the_same_for_any_value_at_all(kind: str, data: Any) -> None:
    if schema._acceptor(f"rollout/v1/{kind}")(data):
        assert schema._validator(f"rollout/v1/{kind}").is_valid(data)


@pytest.mark.parametrize("kind", sorted(SPECS))
def test_a_valid_manifest_never_needs_the_validator(kind: str) -> None:
    assert schema._acceptor(f"rollout/v1/{kind}")(manifest(kind))


def test_a_valid_policy_never_needs_the_validator() -> None:
    files = sorted(bundle.folder("policies").rglob("*.yaml"))
    assert files
    for file in files:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        schema_id = f"policy/v1/{data['kind']}"
        assert schema._acceptor(schema_id)(data) == schema._validator(schema_id).is_valid(data), file.name


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**400, "\ud800", {1: 2}, {"a": object()}])
def test_a_value_that_json_cannot_hold_is_left_to_the_validator(value: object) -> None:
    assert not acceptor({"type": "string"})(value)


def test_what_is_ready_at_once_makes_way_when_there_is_much_to_do() -> None:
    asked: list[object] = []
    made: list[str] = []

    def first(value: object) -> bool:
        asked.append(value)
        return value == "a"

    def given_schema() -> dict[str, Any]:
        made.append("schema")
        return {"const": "b"}

    accepts = patient(first, given_schema)
    assert [accepts("a") for _ in range(_MANY - 1)] == [True] * (_MANY - 1)
    assert not made
    assert [accepts("a"), accepts("b")] == [False, True]
    assert (len(asked), made) == (_MANY - 1, ["schema"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "jsonschema_rs", None)
        accepts = patient(first, given_schema)
        assert all(accepts("a") for _ in range(2 * _MANY))


@settings(max_examples=50)
@given(mutated())
def test_without_the_fast_pass_the_violations_are_the_same(case: tuple[str, Any]) -> None:
    kind, data = case
    usual = schema.validate(kind, data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "jsonschema_rs", None)
        slow = acceptor(shapes.inlined(f"rollout/v1/{kind}"))
        patch.setattr(schema, "_acceptor", lambda _schema_id: slow)
        assert not slow(data)
        assert schema.validate(kind, data) == usual
