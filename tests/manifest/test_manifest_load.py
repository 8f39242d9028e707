"""From readings to a rollout: which findings, and where. The wording is in test_messages."""

from __future__ import annotations

import json

import pytest
from manifest_samples import loaded, manifest, place, places

from penstock.manifest.load import load
from penstock.model import Location
from penstock.source.document import Fault, Reading, SourceFile
from penstock.source.yaml import read

FTE = """\
apiVersion: rollout/v1
kind: FteOwner
metadata: {name: NAME}
spec: {person: a@b.example, employment: internal}
"""
AGENT = """\
apiVersion: rollout/v1
kind: Agent
metadata: {name: NAME}
spec: {fteOwner: FTE}
"""


def fte(name: str) -> str:
    return FTE.replace("NAME", name)


def agent(name: str, owner: str) -> str:
    return AGENT.replace("NAME", name).replace("FTE", owner)


def source(**spec: str) -> str:
    return json.dumps(manifest("DataSource", **spec))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("# nothing\n---\n---\n", []),
        ("apiVersion: policy/v1\nkind: Policy\n", []),
        ("apiVersion: config/v1\nname: x\n", []),
        ("[1, 2]", ["a.yaml:1:1 LV003"]),
        ("text", ["a.yaml:1:1 LV003"]),
        ("a: b", ["a.yaml:1:1 LV003"]),
        ("apiVersion: apps/v1\nkind: Deployment\n", ["a.yaml:1:13 LV003 apiVersion"]),
        ("apiVersion: rollout/v1\nkind: Agnt\n", ["a.yaml:2:7 LV003 kind"]),
        ("apiVersion: rollout/v1\nkind: 3\n", ["a.yaml:2:7 LV003 kind"]),
        ("apiVersion: rollout/v1\nkind:\n", ["a.yaml:2:1 LV003 kind"]),
        ("apiVersion: rollout/v1\nmetadata: {name: x}\n", ["a.yaml:2:18 LV003 kind"]),
        ("apiVersion: rolout/v1\nkind: Agnt\n", ["a.yaml:1:13 LV003 apiVersion", "a.yaml:2:7 LV003 kind"]),
    ],
)
def test_what_a_document_claims_to_be(text: str, expected: list[str]) -> None:
    result = loaded(a=text)
    assert places(result) == expected
    assert result.rollout.resources == ()


@pytest.mark.parametrize("version", ["rollout/v2", "v1", "apps/v1", "1", "[]", "null"])
def test_a_known_kind_with_another_version_stays_in_the_index(version: str) -> None:
    result = loaded(a=agent("x", "dana"), b=fte("dana").replace("rollout/v1", version))
    assert [place for place in places(result) if "LV006" not in place and "spec.useCase" not in place] == [
        "b.yaml:1:13 LV003 FteOwner/dana apiVersion"
    ]
    dana = result.rollout.get("FteOwner", "dana")
    assert dana is not None
    assert not dana.valid


def test_a_misspelled_kind_and_what_is_wrong_elsewhere_are_both_reported() -> None:
    result = loaded(a="apiVersion: rollout/v1\nkind: FteOwnr\nmetadata: {name: dana}\n", b=agent("x", "dana"))
    assert places(result) == [
        "a.yaml:2:7 LV003 kind",
        "b.yaml:4:7 LV004 Agent/x spec.useCase",
        "b.yaml:4:18 LV006 Agent/x spec.fteOwner",
    ]
    assert result.rollout.unread == ("a.yaml",)
    assert "a.yaml could not be read in full, and may define it" in result.findings[2].message


def test_a_file_that_cannot_be_read_hides_nothing_of_the_others() -> None:
    lost = Reading(SourceFile("lost.yaml", ""), (), (Fault("unreadable-file", "no permission", None, "chmod"),))
    broken = read(SourceFile("broken.yaml", fte("dana") + "---\nkind: [\n"))
    good = read(SourceFile("good.yaml", agent("x", "dan").replace("spec: {", "spec: {useCase: u, ")))
    result = load("r", "some/folder", [lost, broken, good])
    assert (result.findings[0].location.file, result.findings[0].rule) == ("broken.yaml", "LV001")
    assert places(result)[1:] == [
        "good.yaml:4:17 LV006 Agent/x spec.useCase",
        "good.yaml:4:30 LV006 Agent/x spec.fteOwner",
        "lost.yaml:- LV014",
    ]
    assert result.findings[3].help == "chmod"
    assert "lost.yaml and broken.yaml could not be read in full" in result.findings[1].message
    assert "did you mean `dana`?" in result.findings[2].message
    # `dana` is not reported as unreferenced: a reference to it may stand in the part that was not read.
    assert [resource.id for resource in result.rollout.resources] == ["FteOwner/dana", "Agent/x"]


def test_a_key_given_twice_is_reported_with_its_resource_which_is_then_not_judged() -> None:
    result = loaded(a=fte("dana").replace("spec: {", "spec: {person: c@d.example, ") + "---\n" + fte("eli"))
    (duplicate,) = (finding for finding in result.findings if finding.rule == "LV002")
    assert place(duplicate) == "a.yaml:4:29 LV002 FteOwner/dana spec.person"
    assert [related.location.span.start.column for related in duplicate.related if related.location.span] == [8]
    assert [(resource.name, resource.valid) for resource in result.rollout.resources] == [
        ("dana", False),
        ("eli", True),
    ]


def test_names_taken_twice() -> None:
    result = loaded(a=fte("dana"), b=fte("eli") + "---\n" + fte("dana"), c=agent("dana", "dana"))
    duplicates = [finding for finding in result.findings if finding.rule == "LV005"]
    assert places(tuple(duplicates)) == ["b.yaml:8:18 LV005 FteOwner/dana metadata.name"]
    (related,) = duplicates[0].related
    assert related.location.file == "a.yaml"
    assert related.location.span is not None
    assert related.location.span.start.line == 3


def test_one_organization_a_rollout() -> None:
    text = json.dumps(manifest("Organization"))
    result = loaded(a=text, b=text.replace('"acme"', '"globex"'), c=text, d=text.replace('"acme"', '"initech"'))
    assert [place for place in places(result) if "LV013" in place] == [
        "b.yaml:1:75 LV013 Organization/globex metadata.name",
        "d.yaml:1:75 LV013 Organization/initech metadata.name",
    ]
    assert all(finding.related[0].location.file == "a.yaml" for finding in result.findings)


@pytest.mark.parametrize(
    ("texts", "unreferenced"),
    [
        ([source()], ["DataSource/claims-db"]),
        ([source(), json.dumps(manifest("AccessGrant"))], []),
        ([source(), "kind: ["], []),
        ([source(), "apiVersion: rollout/v1\nkind: UseCas\n"], []),
        ([source(), "apiVersion: apps/v1\nkind: Deployment\n"], ["DataSource/claims-db"]),
        ([source(), json.dumps(manifest("AccessGrant", dataSource="claim-db"))], []),
        ([source(), json.dumps(manifest("AccessGrant", dataSource="hr-records"))], ["DataSource/claims-db"]),
        ([source(), source()], ["DataSource/claims-db"]),
        ([json.dumps(manifest("Agent"))], []),
    ],
    ids=["alone", "referred", "syntax", "lost", "foreign", "misspelled", "elsewhere", "twice", "other-kind"],
)
def test_what_nothing_refers_to(texts: list[str], unreferenced: list[str]) -> None:
    result = loaded(**{f"f{index}": text for index, text in enumerate(texts)})
    found = [finding for finding in result.findings if finding.rule == "LV007"]
    assert [finding.location.resource for finding in found] == unreferenced
    assert all(finding.location.path == ("metadata", "name") for finding in found)


def test_an_element_is_not_judged_when_its_resource_is_missing() -> None:
    result = loaded(a=json.dumps(manifest("Agent", useCase="nowhere", tasks=["x"], fteOwner=None)))
    assert [finding.location.path for finding in result.findings] == [("spec", "useCase")]
    edges = {edge.path: (edge.judged, edge.dangling) for edge in result.rollout.edges}
    assert edges == {("spec", "useCase"): (True, True), ("spec", "tasks", 0): (False, False)}


def test_a_name_that_breaks_its_form_is_reported_once() -> None:
    result = loaded(a=json.dumps(manifest("AccessGrant", principal={"group": "g"}, dataSource="Claims DB")))
    assert [(finding.rule, finding.location.path) for finding in result.findings] == [
        ("LV004", ("spec", "dataSource"))
    ]


def test_a_manifest_that_breaks_its_schema_can_be_referred_to() -> None:
    result = loaded(a=agent("x", "dana"), b=fte("dana").replace("internal", "intern"))
    assert places(result) == [
        "a.yaml:4:7 LV004 Agent/x spec.useCase",
        "b.yaml:4:41 LV004 FteOwner/dana spec.employment",
    ]


@pytest.mark.parametrize("name", ["3", "[]", "null", "''"])
def test_a_manifest_without_a_usable_name(name: str) -> None:
    result = loaded(a=fte(name), b=fte(name))
    assert {finding.rule for finding in result.findings} == {"LV004"}
    assert [resource.id for resource in result.rollout.resources] == ["FteOwner", "FteOwner"]
    assert result.rollout.get("FteOwner", "") is None


def test_findings_are_sorted_and_the_same_each_time() -> None:
    texts = {"b": fte("dana") + "---\n" + fte("dana"), "a": agent("x", "eli"), "c": "kind: ["}
    first, second = loaded(**texts).findings, loaded(**texts).findings
    assert first == second
    assert list(first) == sorted(first, key=lambda finding: finding.sort_key)
    assert {finding.location.file for finding in first} == {"a.yaml", "b.yaml", "c.yaml"}


def test_the_rollout_knows_its_name_folder_and_configuration() -> None:
    config = Location("r/penstock.yaml")
    rollout = load("acme", "r", [], config).rollout
    assert (rollout.name, rollout.root, rollout.config, rollout.unread) == ("acme", "r", config, ())
