"""``penstock policy new``: for every kind it lints and tests clean as it stands; what is taken, it leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from penstock.cli import main
from penstock.errors import UsageError
from penstock.manifest.schema import kinds
from penstock.source import SourceFile, read
from penstock.starter.rule_ids import check_id, next_id


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def new(*arguments: str) -> int:
    return main(["policy", "new", *arguments])


def data(path: str) -> dict[str, Any]:
    reading = read(SourceFile(path, Path(path).read_text(encoding="utf-8")))
    assert reading.faults == ()
    assert isinstance(reading.documents[0].data, dict)
    return reading.documents[0].data


def clean(capsys: pytest.CaptureFixture[str], folder: str = "policies") -> bool:
    capsys.readouterr()
    codes = main(["policy", "lint", folder, "--fail-on", "warning"]), main(["policy", "test", folder])
    out = capsys.readouterr().out
    return codes == (0, 0) and "hint" not in out and ", 0 failed" in out


@pytest.mark.parametrize("kind", [*kinds(), "Rollout"])
def test_it_is_sound_for_every_kind(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert new("something-wrong", "--kind", kind) == 0
    assert data("policies/something-wrong.yaml")["spec"]["match"] == {"kinds": [kind]}
    assert clean(capsys)


@pytest.mark.parametrize("kind", [*kinds(), "Rollout"])
def test_it_is_sound_in_a_pack_without_a_base(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("policies").mkdir()
    Path("policies/pack.yaml").write_text(
        "apiVersion: policy/v1\nkind: Pack\nmetadata: {name: acme}\nspec: {version: 1.0.0, title: Ours, "
        "manifests: [rollout/v1]}\n"
    )
    assert new("something-wrong", "--kind", kind) == 0
    assert data("policies/something-wrong.yaml")["spec"]["id"] == "ACME101"
    assert clean(capsys)


def test_it_is_sound_for_several_kinds_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert new("something-wrong", *(word for kind in kinds() for word in ("--kind", kind.lower()))) == 0
    assert data("policies/something-wrong.yaml")["spec"]["match"] == {"kinds": list(kinds())}
    assert clean(capsys)


def test_the_second_takes_the_next_id_and_builds_on_the_pack(capsys: pytest.CaptureFixture[str]) -> None:
    assert new("first-thing", "--kind", "Agent", "--id", "ACME205") == 0
    assert new("second-thing", "--kind", "Agent") == 0
    assert data("policies/second-thing.yaml")["spec"]["id"] == "ACME206"
    example = data("policies/second-thing.yaml")["spec"]["examples"]["good"][0]
    assert example["manifests"] == [
        {"kind": "Agent", "metadata": {"name": "some-agent", "labels": {"second-thing": "example"}}}
    ]
    assert new("third-thing", "--kind", "VendorContract", "--title", "Third: it's {odd}.") == 0
    assert data("policies/third-thing.yaml")["spec"]["title"] == "Third: it's {odd}"
    assert clean(capsys)


def test_policies_that_write_their_examples_in_full_keep_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert new("first-thing", "--kind", "Agent") == 0
    text = Path("policies/first-thing.yaml").read_text(encoding="utf-8")
    agent = "kind: Agent\n            apiVersion: rollout/v1\n            spec: {useCase: claims-triage}\n"
    Path("policies/first-thing.yaml").write_text(text.replace("kind: Agent\n", agent), encoding="utf-8")
    Path("policies/pack.yaml").unlink()
    assert clean(capsys)
    assert new("second-thing", "--kind", "Agent") == 0
    assert "examples" not in data("policies/pack.yaml")["spec"]
    assert clean(capsys)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["first-thing"], "policies/first-thing.yaml exists already"),
        (["contract-term-over-a-year"], "there is a rule contract-term-over-a-year already"),
        (["expired-waiver"], "there is a rule expired-waiver already"),
        (["Bad_Name"], "NAME 'Bad_Name' is not a name"),
        (["x", "--id", "acme1"], "--id 'acme1' is not an id"),
        (["x", "--id", "ACME101"], "there is a rule ACME101 already"),
        (["x", "--id", "LV1401"], "the letters LV belong to the rules that come with penstock"),
        (["x", "--kind", "Contract"], "there is no kind 'Contract'"),
        (["x", "--kind", "Rollout", "--kind", "Agent"], "a policy is about Rollout, the rollout as a whole, or"),
        (["x", "--title", " . "], "--title is the defect in one line of text"),
        (["x", "--title", "a\nb"], "--title is the defect in one line of text"),
        (["x", "--pack", "policies/pack.yaml"], "policies/pack.yaml is a file"),
    ],
)
def test_what_is_taken_or_wrong_is_refused_and_nothing_changes(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new("first-thing", "--id", "ACME101") == 0
    before = {path: path.read_bytes() for path in Path("policies").iterdir()}
    assert new(*arguments) == 2
    assert message in capsys.readouterr().err
    assert {path: path.read_bytes() for path in Path("policies").iterdir()} == before


def test_a_name_in_a_subfolder_of_the_pack_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    assert new("first-thing") == 0
    Path("policies/more").mkdir()
    Path("policies/first-thing.yaml").rename("policies/more/first-thing.yaml")
    assert new("first-thing") == 2
    assert "there is a rule first-thing already" in capsys.readouterr().err


def test_in_a_rollout_it_says_how_to_name_the_pack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", ".", "--no-ci", "--today", "2026-06-30"]) == 0
    capsys.readouterr()
    assert new("something-wrong") == 0
    assert "  packs: [levie, ./policies]\n" in capsys.readouterr().out
    assert main(["check", "--as-of", "2026-06-30"]) == 0
    config = Path("penstock.yaml").read_text(encoding="utf-8")
    Path("penstock.yaml").write_text(config.replace("[levie]", "[levie, ./ours]"), encoding="utf-8")
    capsys.readouterr()
    assert new("another-thing") == 0
    out = capsys.readouterr().out
    assert out.startswith("Wrote ours/pack.yaml\nWrote ours/another-thing.yaml\n")
    assert "packs:" not in out
    assert new("something-wrong") == 0  # of a folder that the rollout does not use


def test_several_folders_need_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    Path("penstock.yaml").write_text("packs: [./a, ./b]\n")
    assert new("something-wrong") == 2
    assert "penstock.yaml names several folders of policies: ./a, ./b" in capsys.readouterr().err
    assert new("something-wrong", "--pack", "b") == 0
    assert Path("b/something-wrong.yaml").is_file()


@pytest.mark.parametrize(
    ("pack", "ours", "theirs", "expected"),
    [
        ("acme", [], [], "ACME101"),
        ("acme", ["ACME001", "ACME007", "LV101", "no-id"], [], "ACME008"),
        ("acme", ["ACME101"], ["ACME102"], "ACME103"),
        ("acme", ["ACME999"], [], "ACME1000"),
        ("acme", [], ["ACME400"], "OWN101"),
        ("our-own-house-rules", [], [], "OOHR101"),
        ("lv", [], [], "OWN101"),
        ("2026", [], [], "OWN101"),
        ("acme", ["XY301", "XY302", "Z101"], [], "XY303"),
    ],
)
def test_ids_go_on_where_the_pack_is(pack: str, ours: list[str], theirs: list[str], expected: str) -> None:
    assert next_id(pack, ours, theirs) == expected
    assert check_id(expected, {*ours, *theirs}) == expected


def test_ids_run_out() -> None:
    with pytest.raises(UsageError, match="no number left behind ACME"):
        next_id("acme", ["ACME9999"], [])
