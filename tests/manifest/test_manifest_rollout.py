"""The rollout: resources by kind and name, edges, and who refers to whom."""

from __future__ import annotations

import json

import pytest
from manifest_samples import NAMES, SPECS, loaded, manifest

from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout


@pytest.fixture(scope="module")
def rollout() -> Rollout:
    """One valid manifest of each kind, each in a file of its own."""
    result = loaded(**{kind: json.dumps(manifest(kind)) for kind in SPECS})
    assert result.findings == ()
    return result.rollout


def get(rollout: Rollout, kind: str) -> Resource:
    resource = rollout.get(kind, NAMES[kind])
    assert resource is not None
    return resource


def test_resources_are_in_file_order_and_found_by_name(rollout: Rollout) -> None:
    assert [resource.kind for resource in rollout.resources] == list(SPECS)
    assert all(resource.valid for resource in rollout.resources)
    assert get(rollout, "Agent").id == "Agent/triager"
    assert rollout.get("Agent", "nobody") is None
    assert rollout.get("Nonsense", "triager") is None
    assert rollout.of_kind("Agent") == (get(rollout, "Agent"),)
    assert rollout.of_kind("Nonsense") == ()
    assert rollout.organization is get(rollout, "Organization")
    assert Rollout("empty", ".").organization is None


def test_no_edge_of_a_sound_rollout_dangles(rollout: Rollout) -> None:
    assert len(list(rollout.edges)) > 15
    for edge in rollout.edges:
        assert edge.target is not None, edge
        assert edge.target.kind == edge.kind
        assert not edge.dangling
        named = edge.target if edge.element is None else None
        assert (named.name if named else edge.name) == edge.name


def test_an_edge_to_an_element_says_which(rollout: Rollout) -> None:
    agent = get(rollout, "Agent")
    (edge,) = (edge for edge in rollout.edges_from(agent) if edge.path == ("spec", "tasks", 0))
    assert (edge.kind, edge.name) == ("UseCase", "classify")
    assert edge.target is get(rollout, "UseCase")
    assert edge.element == ("spec", "tasks", 0)


@pytest.mark.parametrize(
    ("target", "kind", "expected"),
    [
        ("UseCase", None, ["Agent", "TokenBudget"]),
        ("UseCase", "TokenBudget", ["TokenBudget"]),
        ("UseCase", "FteOwner", []),
        ("DataSource", None, ["UseCase", "AccessGrant"]),
        ("VendorContract", None, ["ModelTier"]),
        ("ModelTier", None, ["UseCase"]),
        ("Organization", None, ["UseCase", "TokenBudget", "HeadcountForecast"]),
        ("Waiver", None, []),
    ],
)
def test_referrers_are_the_others_each_once(
    rollout: Rollout, target: str, kind: str | None, expected: list[str]
) -> None:
    assert [found.kind for found in rollout.referrers(get(rollout, target), kind)] == expected


def test_a_resource_does_not_refer_to_itself() -> None:
    data = json.dumps(manifest("DataSource", systemOfRecord="claims-db"))
    result = loaded(a=data)
    (source,) = result.rollout.resources
    assert [edge.target for edge in result.rollout.edges] == [source]
    assert result.rollout.referrers(source) == ()
    assert [finding.rule for finding in result.findings] == ["LV007"]


def test_of_a_name_taken_twice_the_first_is_meant() -> None:
    text = json.dumps(manifest("FteOwner"))
    agent = json.dumps(manifest("Agent", useCase=None, tasks=None))
    rollout = loaded(a=agent, b=text, c=text).rollout
    first = rollout.get("FteOwner", "dana")
    assert first is not None
    assert (first.file, first.valid) == ("b.yaml", True)
    assert [(found.file, found.valid) for found in rollout.of_kind("FteOwner")] == [
        ("b.yaml", True),
        ("c.yaml", False),
    ]
    assert [found.kind for found in rollout.referrers(first)] == ["Agent"]
    assert rollout.referrers(rollout.of_kind("FteOwner")[1]) == ()


def test_references_of_an_invalid_manifest_count() -> None:
    agent = json.dumps(manifest("Agent", useCase=None, tasks=None, colour="blue"))
    result = loaded(a=agent, b=json.dumps(manifest("FteOwner")))
    agent_resource, dana = result.rollout.resources
    assert not agent_resource.valid
    assert result.rollout.referrers(dana) == (agent_resource,)
    assert {finding.rule for finding in result.findings} == {"LV004"}


def test_a_location_and_the_anchor_behind_an_alias() -> None:
    text = "apiVersion: rollout/v1\nkind: Agent\nmetadata: &m {name: a}\nspec: {useCase: u, description: *m}\n"
    (agent,) = loaded(a=text).rollout.resources
    location = agent.location(("spec", "useCase"))
    assert (location.file, location.resource, location.path_text) == ("a.yaml", "Agent/a", "spec.useCase")
    assert location.span is not None
    assert (location.span.start.line, location.span.start.column, location.span.end.column) == (4, 17, 18)
    key = agent.location(("spec", "useCase"), key=True)
    assert key.span is not None
    assert key.span.start.column == 8
    absent = agent.location(("spec", "guardrails", "input"))
    assert (absent.path, absent.path_text) == (("spec", "guardrails", "input"), "spec.guardrails.input")
    assert absent.span is not None
    assert absent.span.start.line == 4
    assert agent.related(("spec", "useCase")) == ()
    (related,) = agent.related(("spec", "description"))
    assert related.location.span is not None
    assert related.location.span.start.line == 3
