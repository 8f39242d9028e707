"""The example base of the built-in pack: one complete, consistent and sound rollout."""

from __future__ import annotations

import copy
import json

import pytest
from schema_tree import BASE_URI, KINDS, PACK, REGISTRY, errors, fields, followed, pack, rollout

PACK_FILE = "policy/v1/Pack.schema.json"
DATA = pack()
BASE = DATA["spec"]["examples"]["base"]
AS_OF = DATA["spec"]["examples"]["asOf"]

# What a sound rollout does not have, or what needs a second manifest of a kind.
LEFT_OUT = {
    "UseCase": {"spec.tasks[].software", "spec.checkpoints[].samplePercent"},
    "Agent": {"spec.platform", "spec.modelAccess.models", "spec.actsAs"},
    "DataSource": {"spec.targetSchema", "spec.redundantWith"},
    "AccessGrant": {"spec.principal.group", "spec.principal.person", "spec.scope.paths"},
    "FteOwner": {"spec.contract", "spec.engagement.endsOn", "spec.successor", "spec.handOverOn"},
    "VendorContract": {"spec.exclusivity", "spec.decision"},
    "Waiver": {"spec.resources[].matchLabels"},
}


def values(data, path):
    """Every value at a path such as ``spec.tasks[].name``."""
    found = [data]
    for step in path.replace("[]", ".[]").split("."):
        if step == "[]":
            found = [element for value in found for element in value]
        else:
            found = [value[step] for value in found if step in value]
    return found


def test_the_pack_file_is_valid():
    assert [error.message for error in errors(PACK_FILE, DATA)] == []
    assert DATA["metadata"]["name"] == PACK.parent.name
    assert DATA["spec"]["version"] == "0.1.0"


def test_the_sources_are_the_three_documents_by_their_titles():
    assert {key: document["title"] for key, document in DATA["spec"]["documents"].items()} == {
        "cio-page": "How Should CIOs Plan Enterprise Agentic AI Rollouts?",
        "framework": "Levie Enterprise AI Diffusion Framework",
        "orchestrator": "AI Redefines The CIO As A Chief Enterprise Orchestrator",
    }


def test_there_is_one_manifest_of_each_kind():
    assert list(BASE) == list(KINDS)
    assert [manifest["kind"] for manifest in BASE.values()] == list(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_manifest_is_valid(kind):
    assert [error.message for error in errors(rollout(kind), BASE[kind])] == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_manifest_shows_every_field_but_the_unusual_ones(kind):
    missing = set()
    for field in fields(rollout(kind)):
        inside_left_out = any(field.path.startswith((f"{path}.", f"{path}[")) for path in LEFT_OUT.get(kind, ()))
        if field.path.startswith("spec.") and not inside_left_out and not values(BASE[kind], field.path):
            missing.add(field.path)
    assert missing == LEFT_OUT.get(kind, set())


@pytest.mark.parametrize("kind", KINDS)
def test_every_reference_leads_to_something(kind):
    for field in fields(rollout(kind)):
        stated = field.schema.get("x-references")
        if stated is None:
            continue
        for value in values(BASE[kind], field.path):
            if isinstance(stated, str):
                assert value == BASE[stated]["metadata"]["name"], field.path
            else:
                owner = BASE[stated.get("kind", kind)]
                assert value in values(owner, stated["items"] + "[].name"), field.path


@pytest.mark.parametrize("kind", KINDS)
def test_named_things_are_named_once(kind):
    for field in fields(rollout(kind)):
        _, schema = followed(field.file, field.schema)
        if field.role == "items" and "name" in schema.get("properties", {}):
            for elements in values(BASE[kind], field.path.removesuffix("[]")):
                names = [element["name"] for element in elements]
                assert len(names) == len(set(names)), field.path


def test_the_past_is_past_and_the_future_is_to_come():
    future = {"expiresOn", "reviewOn", "endsOn", "by"}
    pattern_key = "#/$defs/date"
    seen = 0
    for kind in KINDS:
        for field in fields(rollout(kind)):
            if not field.schema.get("$ref", "").endswith(pattern_key):
                continue
            for value in values(BASE[kind], field.path):
                seen += 1
                assert (value > AS_OF) == (field.path.rpartition(".")[2] in future), f"{kind} {field.path} {value}"
    assert seen > 30


def test_the_arithmetic_holds():
    use_case, budget, forecast = (BASE[kind]["spec"] for kind in ("UseCase", "TokenBudget", "HeadcountForecast"))
    volume, tokens = use_case["tasks"][0]["volume"], use_case["tasks"][0]["tokens"]
    model = BASE["ModelTier"]["spec"]["models"][0]
    cost_of_run = (tokens["input"] * model["inputPrice"] + tokens["output"] * model["outputPrice"]) / 1e6
    assert volume["per"] == budget["budgetDuration"]
    assert cost_of_run < budget["maxPerRun"]
    assert volume["queriesPerRun"] * budget["maxPerQuery"] <= budget["maxPerRun"]
    assert volume["runs"] * budget["maxPerRun"] <= budget["maxBudget"]
    assert abs(volume["runs"] * cost_of_run - budget["forecast"]["amount"]) < 10
    assert sum(share["amount"] for share in budget["allocations"]) <= budget["maxBudget"]
    assert budget["forecast"]["amount"] < budget["softBudget"] < budget["maxBudget"]
    roles = {name: sum(line["roles"] for line in forecast[name]) for name in ("compression", "expansion")}
    assert forecast["net"] == roles["expansion"] - roles["compression"]


def test_the_order_of_events_holds():
    spec = {kind: manifest["spec"] for kind, manifest in BASE.items()}
    organization, use_case, contract = spec["Organization"], spec["UseCase"], spec["VendorContract"]
    pilot = use_case["pilot"]
    events = [
        organization["aiPolicy"]["adoptedOn"],
        organization["dataStrategy"]["adoptedOn"],
        use_case["roi"]["baseline"]["measuredOn"],
        contract["signedOn"],
        spec["FteOwner"]["engagement"]["startsOn"],
        spec["DataSource"]["audit"]["auditedOn"],
        spec["TokenBudget"]["notices"][0]["shownOn"],
        contract["startsOn"],
        spec["AccessGrant"]["grantedOn"],
        pilot["startedOn"],
        pilot["endedOn"],
        pilot["decidedOn"],
        use_case["goLiveOn"],
        spec["ModelTier"]["primarySince"],
        spec["Agent"]["revalidations"][0]["validatedOn"],
        AS_OF,
    ]
    assert events == sorted(events)


def test_a_fault_in_the_base_would_be_found():
    broken = copy.deepcopy(BASE["Agent"])
    broken["spec"]["fteOwner"] = "Dana"
    assert [list(error.absolute_path) for error in errors(rollout("Agent"), broken)] == [["spec", "fteOwner"]]


def test_the_registry_holds_the_files_as_they_are():
    assert json.dumps(REGISTRY.contents(BASE_URI + PACK_FILE))
