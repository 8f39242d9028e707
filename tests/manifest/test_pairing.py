"""Pairing: which manifest of one state of a rollout is which of another."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manifest_samples import NAMES, SPECS, manifest

from penstock.manifest import pairing as module
from penstock.manifest.load import load
from penstock.manifest.pairing import Pairing, pair
from penstock.manifest.paths import element_name
from penstock.manifest.references import references
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.manifest.shapes import kinds
from penstock.source.document import SourceFile
from penstock.source.yaml import read

Manifest = dict[str, Any]


def rollout(*files: Iterable[Manifest]) -> Rollout:
    """A rollout of files, each of some manifests."""
    texts = ["\n---\n".join(json.dumps(each) for each in file) for file in files]
    return load("test", ".", [read(SourceFile(f"{n}.yaml", text)) for n, text in enumerate(texts)]).rollout


def named(kind: str, name: str, **spec: object) -> Manifest:
    """The sample of a kind under another name, with other fields; None removes one."""
    made = copy.deepcopy(manifest(kind))
    made["metadata"]["name"] = name
    for field, value in spec.items():
        if value is None:
            made["spec"].pop(field, None)
        else:
            made["spec"][field] = value
    return made


def words(paired: Pairing) -> dict[str, object]:
    """A pairing as ids, without any order."""
    return {
        "pairs": {(old.id, new.id) for old, new in paired.pairs},
        "added": {each.id for each in paired.added},
        "removed": {each.id for each in paired.removed},
        "renamed": {(old.id, new.id) for old, new in paired.renamed},
        "changed": {(old.id, new.id) for old, new in paired.changed},
    }


def only(resources: Iterable[Resource]) -> str:
    (resource,) = resources
    return resource.id


ALL = [manifest(kind) for kind in SPECS]


@st.composite
def distributions(draw: st.DrawFn) -> list[list[Manifest]]:
    """All samples, in some order, over some files."""
    order = draw(st.permutations(ALL))
    cuts = sorted(draw(st.sets(st.integers(1, len(order) - 1))))
    return [order[start:end] for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True)]


@given(distributions(), distributions())
@settings(max_examples=40, deadline=None)
def test_where_a_manifest_stands_plays_no_part(before: list[list[Manifest]], after: list[list[Manifest]]) -> None:
    paired = pair(rollout(*before), rollout(*after))
    assert len(paired.pairs) == len(ALL)
    assert paired.added == paired.removed == paired.renamed == paired.changed == ()
    for old, new in paired.pairs:
        assert paired.old_of(new) is old
        assert paired.new_of(old) is new
        assert old.id == new.id


@given(distributions(), st.sampled_from(sorted(SPECS)))
@settings(max_examples=40, deadline=None)
def test_one_new_name_is_found(after: list[list[Manifest]], kind: str) -> None:
    files = [
        [named(kind, "another") if each["kind"] == kind else each for each in manifests] for manifests in after
    ]
    paired = pair(rollout(ALL), rollout(*files))
    renamed = {(f"{kind}/{NAMES[kind]}", f"{kind}/another")}
    assert words(paired)["renamed"] == words(paired)["changed"] == renamed
    assert paired.added == paired.removed == ()


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_the_order_of_files_plays_no_part(data: st.DataObject) -> None:
    grants = [
        named("AccessGrant", f"g{n}", dataSource=f"db{n % 3}", permission="read" if n % 2 else "write")
        for n in range(6)
    ]
    renamed = [{**each, "metadata": {"name": f"h{n}"}} for n, each in enumerate(grants)]
    straight = words(pair(rollout(grants), rollout(renamed)))
    before, after = data.draw(st.permutations(grants)), data.draw(st.permutations(renamed))
    shuffled = words(pair(rollout(before), rollout(*([each] for each in after))))
    assert straight == shuffled


def test_what_comes_and_goes() -> None:
    old = rollout([manifest("Agent"), named("DataSource", "gone", system="Lotus Notes", classification="public")])
    new = rollout([manifest("Agent"), named("DataSource", "come", system="Kafka", governance="shadow")])
    assert words(pair(old, new)) == {
        "pairs": {("Agent/triager", "Agent/triager")},
        "added": {"DataSource/come"},
        "removed": {"DataSource/gone"},
        "renamed": set(),
        "changed": set(),
    }


def test_a_name_that_stays_goes_before_all_likeness() -> None:
    """Two manifests that change places have both changed; neither was renamed."""
    old = rollout([named("AccessGrant", "a", permission="read"), named("AccessGrant", "b", permission="admin")])
    new = rollout([named("AccessGrant", "a", permission="admin"), named("AccessGrant", "b", permission="read")])
    paired = pair(old, new)
    assert paired.renamed == ()
    assert len(paired.changed) == 2


def test_equal_but_for_the_name_goes_before_being_about_the_same() -> None:
    budget = named("TokenBudget", "old", maxBudget=100)
    new = [named("TokenBudget", "a", maxBudget=500), named("TokenBudget", "b", maxBudget=100)]
    paired = pair(rollout([budget]), rollout(new))
    assert words(paired)["renamed"] == {("TokenBudget/old", "TokenBudget/b")}
    assert only(paired.added) == "TokenBudget/a"


def test_about_the_same_goes_before_likeness_and_takes_the_most_alike() -> None:
    """A contract rewritten from end to end under a new name is still the contract with that vendor."""
    terms = {"signedOn": "2026-01-01", "startsOn": "2026-01-15", "endsOn": "2027-01-14", "term": "P1Y"}
    rewritten = {"signedOn": "2026-02-02", "startsOn": "2026-02-03", "endsOn": "2029-02-02", "term": "P3Y"}
    old = rollout([named("VendorContract", "lab", **terms)])
    new = rollout(
        [
            named("VendorContract", "alike", **terms, vendor="Other Lab"),
            named("VendorContract", "rewritten", **rewritten),
            named("VendorContract", "rewritten-less", **{**rewritten, "signedOn": "2026-01-01"}),
        ]
    )
    assert words(pair(old, new))["renamed"] == {("VendorContract/lab", "VendorContract/rewritten-less")}


def test_enough_alike_is_three_fields_of_five() -> None:
    def grant(name: str, source: str, permission: str) -> Manifest:
        return named("AccessGrant", name, dataSource=source, permission=permission, purpose="p", approver="a@b")

    old = rollout([grant("a", "db", "read")])  # principal.agent, dataSource, permission, purpose, approver
    assert len(pair(old, rollout([grant("b", "db2", "write")])).renamed) == 1
    other = grant("b", "db2", "write")
    other["spec"]["purpose"] = "q"
    assert pair(old, rollout([other])).renamed == ()


def test_list_elements_go_by_name_and_scalars_in_no_order() -> None:
    first = named(
        "UseCase", "a", workflow="w1", tasks=[{"name": "x", "modelTier": "m"}, {"name": "y", "team": "t"}]
    )
    second = named(
        "UseCase", "b", workflow="w1", tasks=[{"name": "y", "team": "t"}, {"name": "x", "modelTier": "m"}]
    )
    leaves = module._Leaves(rollout([]), {})
    one, two = (rollout([each]).of_kind("UseCase")[0] for each in (first, second))
    assert leaves.shared(one, two) == 1.0
    assert leaves.of(one) == leaves.of(two)


def test_a_kind_is_paired_after_those_that_it_refers_to() -> None:
    order = module._by_reference()
    assert sorted(order) == sorted(kinds())
    for kind in order:
        for reference in references(kind):
            assert order.index(reference.kind or kind) <= order.index(kind)


def test_a_reference_to_what_was_renamed_is_equal() -> None:
    """Also where the name is that of a list's element, and the label of what stands below it."""

    def files(source: str, use_case: str, agent: str, grant: str) -> list[Manifest]:
        return [
            named("AccessGrant", grant, principal={"agent": agent}, dataSource=source),
            named("Agent", agent, useCase=use_case, fteOwner=None),
            named("UseCase", use_case, dataSources=[{"name": source, "permission": "read", "purpose": "p"}]),
            named("DataSource", source),
        ]

    old, new = rollout(files("db", "u", "a", "g")), rollout(files("store", "v", "b", "h"))
    paired = pair(old, new)
    assert len(paired.renamed) == 4
    leaves = module._Leaves(new, {now: then.name for then, now in paired.renamed})
    assert [leaves.shared(then, now) for then, now in paired.pairs] == [1.0] * 4
    # What the manifests hold is not touched.
    assert new.of_kind("UseCase")[0].data["spec"]["dataSources"][0]["name"] == "store"


def test_a_long_list_takes_no_longer_than_its_length(monkeypatch: pytest.MonkeyPatch) -> None:
    """No element's name is compared with that of every other."""
    compared: list[str] = []

    class Name(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            compared.append(self)
            return str.__eq__(self, str(other))

    monkeypatch.setattr(module, "element_name", lambda element: Name(element_name(element)))
    assert len(set(module._leaves([{"name": f"t{n}"} for n in range(500)], ()))) == 500
    assert len(compared) < 5000


def test_too_many_to_compare_leaves_what_hashing_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_COMPARISONS", 3)
    old = [named("DataSource", f"o{n}", system=f"s{n}") for n in range(2)]
    new = [named("DataSource", "n0", system="s0"), named("DataSource", "n1", system="other")]
    assert words(pair(rollout(old), rollout(new)))["renamed"] == {("DataSource/o0", "DataSource/n0")} | {
        ("DataSource/o1", "DataSource/n1")
    }
    old += [named("DataSource", f"p{n}", system=f"x{n}") for n in range(3)]
    assert words(pair(rollout(old), rollout(new)))["renamed"] == {("DataSource/o0", "DataSource/n0")}
    # Of those about the same thing one is taken whatever their number.
    budgets = [named("TokenBudget", f"o{n}", maxBudget=n) for n in range(2)]
    raised = [named("TokenBudget", f"n{n}", maxBudget=10 + n) for n in range(2)]
    assert len(pair(rollout(budgets), rollout(raised)).renamed) == 2


def test_a_second_manifest_of_a_name_is_left_over() -> None:
    budget, twin = named("TokenBudget", "a", useCase="u1"), named("TokenBudget", "a", useCase="u2")
    paired = pair(rollout([budget]), rollout([budget, twin]))
    assert [(new.name, new.data["spec"]["useCase"]) for _, new in paired.pairs] == [("a", "u1")]
    assert [each.data["spec"]["useCase"] for each in paired.added] == ["u2"]


def test_manifests_without_a_name_are_paired_by_what_they_say() -> None:
    nameless = named("DataSource", "x")
    del nameless["metadata"]["name"]
    paired = pair(rollout([nameless]), rollout([nameless]))
    assert len(paired.pairs) == 1
    assert paired.changed == ()


def test_nothing_against_something() -> None:
    empty = rollout([])
    assert len(pair(empty, rollout(ALL)).added) == len(pair(rollout(ALL), empty).removed) == len(ALL)
    assert pair(empty, rollout(ALL)).old_of(rollout(ALL).resources[0]) is None
