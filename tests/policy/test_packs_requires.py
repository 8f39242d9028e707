"""What a pack needs of penstock: told before anything else, with what it needs and what this is."""

from __future__ import annotations

import pytest

from penstock.cel import engine
from penstock.errors import GroupedError
from penstock.policy import load_pack_files
from penstock.policy.pack_files import pack_files
from penstock.policy.requires import requirement_faults
from penstock.source import read_bytes

PACK = """apiVersion: policy/v1
kind: Pack
metadata: {name: acme}
spec:
  version: 1.2.0
  title: Acme's own rules
  manifests: [rollout/v1]
  requires: {penstock: "RANGE"}
"""


def told(text: str, version: str) -> list[str]:
    (document,) = read_bytes(text.encode(), "acme/pack.yaml").documents
    return [str(fault).split("\n")[0] for fault in requirement_faults(document, version)]


@pytest.mark.parametrize(
    ("asked", "version", "holds"),
    [
        (">=0.1,<1", "0.1.0", True),
        (">=0.1,<1", "0.9.9", True),
        (">=0.1,<1", "1.0.0", False),
        (">=0.10", "0.9.0", False),
        (">=0.2", "0.1.5", False),
        ("==0.1", "0.1.0", True),
        ("==0.1", "0.1.1", False),
        ("!=0.1.3", "0.1.3", False),
        ("!=0.1.3", "0.1.4", True),
        (">0.1, <=0.3", "0.1.0", False),
        (">0.1, <=0.3", "0.3.0", True),
        (">= 0.2", "0.2.0.dev3", True),
        (">=0.2", "0.2.0rc1", True),
        ("<1", "1.0.0a1", False),
        (">=0.2", "0.2.0+acme.1", True),
    ],
)
def test_a_build_before_a_release_counts_as_that_release(asked: str, version: str, holds: bool) -> None:
    found = told(PACK.replace("RANGE", asked), version)
    unmet = f"acme/pack.yaml:8:24: the pack `acme` needs penstock {asked}; this is {version}"
    assert found == ([] if holds else [unmet])


def test_manifests_of_another_version_only_are_not_read() -> None:
    text = PACK.replace("RANGE", ">=0.1").replace("[rollout/v1]", "[rollout/v2, rollout/v3]")
    assert told(text, "0.1.0") == [
        "acme/pack.yaml:7:14: the pack `acme` reads manifests of `rollout/v2` and `rollout/v3`; "
        "penstock 0.1.0 knows rollout/v1"
    ]
    assert told(text.replace("rollout/v3", "rollout/v1"), "0.1.0") == []


@pytest.mark.parametrize("text", ["[]", "spec: {}", "spec: {requires: 1, manifests: x}", "spec: {manifests: [1]}"])
def test_of_what_is_no_pack_nothing_is_said(text: str) -> None:
    assert told(text, "0.1.0") == []


@pytest.mark.parametrize("asked", ["nonsense", "", ">=" + "9" * 5000])
def test_of_what_is_no_range_the_schema_speaks(asked: str) -> None:
    assert told(PACK.replace("RANGE", asked), "0.1.0") == []


def test_nothing_else_is_said_of_a_pack_for_another_penstock() -> None:
    text = PACK.replace("RANGE", ">=99") + "  newField: true\n"
    files = pack_files("acme", {"pack.yaml": text.encode(), "a.yaml": b"kind: Nothing"}, "acme", "")
    with pytest.raises(GroupedError) as caught:
        load_pack_files(files, engine())
    (fault,) = caught.value.errors
    assert fault.message.startswith("the pack `acme` needs penstock >=99; this is ")


def test_a_range_that_is_none_is_a_fault_at_its_place() -> None:
    files = pack_files("acme", {"pack.yaml": PACK.replace("RANGE", "~=0.1").encode()}, "acme", "")
    with pytest.raises(GroupedError) as caught:
        load_pack_files(files, engine())
    (fault,) = caught.value.errors
    assert str(fault) == (
        'acme/pack.yaml:8:24: `penstock` does not have the form of a range of versions; found the string "~=0.1"\n'
        "  help: Comparisons with a version (>=, <=, >, <, ==, !=), with commas between them; all must hold. "
        'For example `">=0.1,<1"`.'
    )
