"""Who owns a manifest, by the schemas' ``x-owner``."""

from __future__ import annotations

import json
from typing import Any

import pytest
from manifest_samples import NAMES, loaded, manifest

from penstock.manifest.owners import owner_fields, owners
from penstock.manifest.rollout import Rollout

SOURCE = manifest("DataSource", owner="dana@acme.example")


def rollout(*manifests: dict[str, Any]) -> Rollout:
    return loaded(**{f"m{index}": json.dumps(each) for index, each in enumerate(manifests)}).rollout


def owned(kind: str, *manifests: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Person, the manifest that names the person, and why, of the first manifest of a kind."""
    made = rollout(*manifests)
    found = owners(made, made.of_kind(kind)[0])
    return [(each.person, each.resource.id, each.reason) for each in found]


@pytest.mark.parametrize(
    ("kind", "spec", "field"),
    [
        ("DataSource", {"owner": "a@acme.example"}, "spec.owner"),
        ("UseCase", {"sponsor": "a@acme.example"}, "spec.sponsor"),
        ("TokenBudget", {"owner": {"type": "it", "accountable": "a@acme.example"}}, "spec.owner.accountable"),
        ("FteOwner", {"person": "a@acme.example"}, "spec.person"),
        ("VendorContract", {"decision": {"outcome": "renew", "by": "a@acme.example"}}, "spec.decision.by"),
        ("HeadcountForecast", {"audit": {"author": "a@acme.example"}}, "spec.audit.author"),
        ("Waiver", {"approver": "a@acme.example"}, "spec.approver"),
    ],
)
def test_a_manifest_names_its_owner(kind: str, spec: dict[str, Any], field: str) -> None:
    reason = f"`{field}` is `a@acme.example`"
    assert owned(kind, manifest(kind, **spec)) == [("a@acme.example", f"{kind}/{NAMES[kind]}", reason)]


def test_the_fte_owns_the_agent() -> None:
    reason = "`spec.fteOwner` is FteOwner/dana, whose `spec.person` is `dana@acme.example`"
    assert owned("Agent", manifest("Agent"), manifest("FteOwner")) == [
        ("dana@acme.example", "FteOwner/dana", reason)
    ]


def test_a_grant_belongs_to_the_owner_of_its_data_source() -> None:
    reason = "`spec.dataSource` is DataSource/claims-db, whose `spec.owner` is `dana@acme.example`"
    assert owned("AccessGrant", manifest("AccessGrant"), SOURCE) == [
        ("dana@acme.example", "DataSource/claims-db", reason)
    ]


@pytest.mark.parametrize(
    ("kind", "others"),
    [
        ("Organization", []),
        ("ModelTier", []),
        ("DataSource", []),
        ("Agent", []),
        ("AccessGrant", [manifest("DataSource")]),
    ],
)
def test_nobody_owns_what_names_nobody(kind: str, others: list[dict[str, Any]]) -> None:
    assert owned(kind, manifest(kind), *others) == []


@pytest.mark.parametrize("odd", [3, [], {}, ["dana@acme.example"], ""])
def test_an_owner_of_any_shape_does_no_harm(odd: Any) -> None:
    assert owned("DataSource", manifest("DataSource", owner=odd)) == []


def test_an_unknown_kind_has_no_owner_fields() -> None:
    assert owner_fields("Rollout") == ()
    assert owner_fields("Agent") == (("spec", "fteOwner"),)
