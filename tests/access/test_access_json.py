"""The map as JSON, against its published schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from access_rollouts import agent, grant, loaded, mapped, source, use_case
from jsonschema import Draft202012Validator

from penstock.access import access_map
from penstock.bundle import folder
from penstock.render.access import render
from penstock.workspace.opened import open_rollout

TEXT = (folder("schemas") / "access/v1/access.schema.json").read_text("utf-8")
SCHEMA = json.loads(TEXT)
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("penstock.yaml")), ids=lambda path: path.parent.name)
def test_the_examples_are_valid(path: Path) -> None:
    found = access_map(open_rollout(path.parent).rollout, "2026-11-20")
    data = json.loads(render(found, "json"))
    Draft202012Validator(SCHEMA).validate(data)
    assert list(data) == SCHEMA["required"]
    assert len(data["agents"]) == len(found.agents) > 0


def test_an_empty_map_is_valid() -> None:
    Draft202012Validator(SCHEMA).validate(json.loads(render(mapped(), "json")))


def test_everything_is_told() -> None:
    found = mapped(
        source("claims-db", "restricted", owner="o@acme.example"),
        use_case(needs={"claims-db": "read"}, tasks=[{"name": "sort"}], checkpoints=[{"name": "c"}]),
        agent(servers={"claims-mcp": {"claims-db": "read", "elsewhere": "write"}}, actsAs={"group": "handlers"}),
        grant(
            "g", permission="write", scope={"tables": ["claims"], "rows": "x = '\x1b'"}, approver="o@acme.example"
        ),
        grant("h", {"group": "handlers"}, expiresOn="2026-06-29", reviewOn="2026-06-29"),
    )
    text = render(found, "json")
    assert "\x1b" not in text
    data = json.loads(text)
    Draft202012Validator(SCHEMA).validate(data)
    (one,) = data["agents"]
    assert one["actsAs"] == {"kind": "group", "name": "handlers"}
    assert one["blastRadius"]["reached"] == {"restricted": 1, "unknown": 1}
    assert one["blastRadius"]["changes"] == ["claims-db", "elsewhere"]
    assert one["blastRadius"]["tasks"] == [
        {
            "name": "sort",
            "checkpoints": [{"name": "c", "when": None, "reviewer": None}],
            "finalReviewer": None,
        }
    ]
    claims, elsewhere = one["accesses"]
    assert [claims[key] for key in ("reach", "granted", "wired", "needed")] == ["write", "write", "read", "read"]
    assert claims["statuses"] == ["excess", "expired"]
    assert [remark["grant"] for remark in claims["remarks"]] == ["g", "h"]
    own, lent = claims["grants"]
    assert own["scope"] == {"tables": ["claims"], "paths": [], "columns": [], "rows": "x = '\x1b'"}
    assert (own["force"], own["borrowed"], own["reviewIsDue"]) == ("in-force", False, False)
    assert (lent["force"], lent["borrowed"], lent["reviewIsDue"]) == ("expired", True, True)
    assert elsewhere["statuses"] == ["uncovered"]
    assert (
        elsewhere["ways"][0]["location"]["pathText"]
        == "spec.mcpServers[claims-mcp].dataSources[elsewhere].permission"
    )
    assert data["holders"][0]["lendsTo"] == ["triager"]
    assert [one["classification"] for one in data["dataSources"]] == ["restricted", "unknown"]


def test_what_is_left_out_is_named() -> None:
    found = access_map(loaded(use_case(), agent(), grant("g", permission="look")).rollout, "2026-06-30")
    assert json.loads(render(found, "json"))["leftOut"] == ["AccessGrant/g in all.yaml"]
