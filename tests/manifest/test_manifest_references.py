"""Reference fields, from the schemas alone."""

from __future__ import annotations

import pytest

from penstock.manifest import shapes
from penstock.manifest.references import EACH, ReferenceField, expects_referrers, references, values_at
from penstock.model import Path

UNITS: Path = ("spec", "businessUnits")


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("Organization", ReferenceField(("spec", "centralIT"), None, UNITS)),
        ("UseCase", ReferenceField(("spec", "businessUnit"), "Organization", UNITS)),
        ("UseCase", ReferenceField(("spec", "dataSources", EACH, "name"), "DataSource")),
        ("UseCase", ReferenceField(("spec", "checkpoints", EACH, "tasks", EACH), None, ("spec", "tasks"))),
        ("Agent", ReferenceField(("spec", "useCase"), "UseCase")),
        ("Agent", ReferenceField(("spec", "tasks", EACH), "UseCase", ("spec", "tasks"), ("spec", "useCase"))),
        ("Agent", ReferenceField(("spec", "tools", EACH, "dataSources", EACH, "name"), "DataSource")),
        ("AccessGrant", ReferenceField(("spec", "principal", "agent"), "Agent")),
        ("ModelTier", ReferenceField(("spec", "primary"), None, ("spec", "models"))),
        ("FteOwner", ReferenceField(("spec", "successor"), "FteOwner")),
    ],
)
def test_a_reference_field(kind: str, field: ReferenceField) -> None:
    assert field in references(kind)


@pytest.mark.parametrize("kind", shapes.kinds())
def test_every_reference_leads_to_something_that_a_schema_has(kind: str) -> None:
    for field in references(kind):
        assert field.kind is None or field.kind in shapes.kinds()
        if field.items is not None:
            target = f"rollout/v1/{field.kind or kind}"
            assert shapes.field(target, (*field.items, 0, "name")) is not None
        if field.of is not None:
            assert shapes.field(f"rollout/v1/{kind}", field.of) is not None
            assert ReferenceField(field.of, field.kind) in references(kind)


def test_an_unknown_kind_has_none() -> None:
    assert references("Deployment") == ()
    assert not expects_referrers("Deployment")


def test_the_kinds_that_exist_to_be_referred_to() -> None:
    expected = {"DataSource", "ModelTier", "FteOwner", "VendorContract"}
    assert {kind for kind in shapes.kinds() if expects_referrers(kind)} == expected


def test_values_at_a_path_through_lists() -> None:
    data = {"a": [{"b": ["x", "y"]}, {"c": 1}, {"b": "z"}, 3, {"b": []}]}
    assert list(values_at(data, ("a", EACH, "b", EACH))) == [(("a", 0, "b", 0), "x"), (("a", 0, "b", 1), "y")]
    assert list(values_at(data, ("a", EACH, "c"))) == [(("a", 1, "c"), 1)]
    assert list(values_at(data, ("a", "b"))) == []
    assert list(values_at(None, ("a",))) == []
