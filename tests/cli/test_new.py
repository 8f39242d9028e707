"""``penstock new``: its skeletons satisfy the schema, with every comment switched on too, and fit the rollout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from penstock.cli import main
from penstock.manifest import shapes
from penstock.manifest.load import load
from penstock.manifest.schema import kinds, validate
from penstock.source import SourceFile, read
from penstock.starter.layout import place
from penstock.starter.skeleton import skeleton
from penstock.workspace.check import Options, check


def manifest(text: str) -> dict[str, Any]:
    reading = read(SourceFile("new.yaml", text))
    assert reading.faults == ()
    [document] = reading.documents
    assert isinstance(document.data, dict)
    return document.data


def flowed(text: str) -> str:
    """The text with its comments' lines joined."""
    return " ".join(line.strip().removeprefix("# ") for line in text.splitlines())


def switched_on(kind: str, text: str) -> str:
    """The skeleton with the # removed before every field."""
    schema = shapes.inlined(f"rollout/v1/{kind}")["properties"]
    lines, part, field = [], "", False
    for line in text.splitlines():
        part = line.removesuffix(":") if line in ("metadata:", "spec:") else part
        code = line.strip().removeprefix("# ")
        if not line.strip().startswith("#"):
            field = False
        elif part:
            field = field or code.partition(":")[0] in shapes.properties(schema[part])
        lines.append(line.replace("# ", "", 1) if field else line)
    return "\n".join(lines) + "\n"


@pytest.fixture
def rollout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A starter rollout, with the working directory in it."""
    assert main(["init", str(tmp_path), "--no-ci", "--today", "2026-06-30"]) == 0
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    return tmp_path


@pytest.mark.parametrize("kind", kinds())
def test_a_skeleton_satisfies_its_schema(kind: str) -> None:
    written = manifest(skeleton(kind, "made-today"))
    assert validate(kind, written) == []
    assert (written["kind"], written["metadata"]) == (kind, {"name": "made-today"})
    schema = shapes.inlined(f"rollout/v1/{kind}")["properties"]["spec"]
    assert set(written["spec"]) == set(schema["required"])


@pytest.mark.parametrize("kind", kinds())
def test_a_skeleton_satisfies_its_schema_with_every_field(kind: str) -> None:
    written = manifest(switched_on(kind, skeleton(kind, "made-today")))
    assert validate(kind, written) == []
    for part in ("metadata", "spec"):
        assert set(written[part]) == set(shapes.inlined(f"rollout/v1/{kind}")["properties"][part]["properties"])


@pytest.mark.parametrize("kind", kinds())
def test_a_skeleton_explains_every_field(kind: str) -> None:
    text = flowed(skeleton(kind, "made-today"))
    for path, schema in shapes.walk(shapes.inlined(f"rollout/v1/{kind}")):
        if len(path) == 2 and path != ("metadata", "name"):
            assert schema["description"] in text
        inner = [element for element in path if element is not None]
        if path[:1] == ("spec",) and len(inner) == 3 and isinstance(path[-1], str):
            assert path[-1] in text


@pytest.mark.parametrize("kind", kinds())
def test_the_examples_of_a_manifest_agree_with_each_other(kind: str) -> None:
    text = skeleton(kind, "made-today")
    found = load("new", ".", [read(SourceFile("new.yaml", text))]).findings
    # References to other manifests dangle, for there are none; those within the manifest must not.
    inside = [finding.message for finding in found if "in this manifest" in finding.message]
    assert inside == []
    assert {finding.rule for finding in found} <= {"LV006", "LV007"}


def test_a_name_that_yaml_would_not_read_as_text_stays_text() -> None:
    for name in ("null", "on", "123", "1e3", "0x1f", "2026-01-01"):
        assert manifest(skeleton("Waiver", name))["metadata"] == {"name": name}


def test_references_say_what_they_refer_to() -> None:
    text = flowed(skeleton("Agent", "made-today"))
    assert "The use case the agent works for. Refers to a UseCase by name." in text
    assert "Each refers to an entry of spec.tasks in the UseCase that spec.useCase names." in text
    assert "`name` refers to a DataSource by name." in text
    assert "Refers to an entry of spec.models in this manifest." in flowed(skeleton("ModelTier", "made-today"))


def test_the_only_name_there_is_is_filled_in(rollout: Path) -> None:
    assert main(["new", "agent", "second-agent"]) == 0
    written = manifest((rollout / "agents" / "second-agent.yaml").read_text())
    assert written["spec"] == {"useCase": "invoice-exceptions"}
    text = (rollout / "agents" / "second-agent.yaml").read_text()
    assert "  # fteOwner: jamie-rivera\n" in text
    assert {found.rule for found in check(Options(as_of="2026-06-30")).findings} & {
        "LV001",
        "LV004",
        "LV006",
    } == set()


def test_of_several_names_none_is_chosen_and_all_are_listed(rollout: Path) -> None:
    assert main(["new", "UseCase", "second-case"]) == 0
    text = (rollout / "use-cases" / "second-case.yaml").read_text()
    assert "Refers to an entry of spec.businessUnits in the Organization (here: finance, it)." in flowed(text)
    assert manifest(text)["spec"]["businessUnit"] not in ("finance", "it")
    found = check(Options(as_of="2026-06-30")).findings
    assert [(finding.rule, finding.location.path_text) for finding in found if finding.rule == "LV006"] == [
        ("LV006", "spec.businessUnit")
    ]


def test_a_long_list_of_names_is_cut() -> None:
    from penstock.manifest.references import references

    [reference] = [found for found in references("AccessGrant") if found.kind == "DataSource"]
    text = skeleton("AccessGrant", "made-today", {reference: [f"source-{number}" for number in range(9)]})
    listed = "source-0, source-1, source-2, source-3, source-4, source-5 and 3 more"
    assert f"Refers to a DataSource by name (here: {listed})." in flowed(text)


def test_it_is_written_where_its_kind_belongs_from_any_folder(
    rollout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(rollout / "use-cases")
    assert main(["new", "vendorcontract", "acme"]) == 0
    file = rollout / "contracts" / "acme.yaml"
    assert capsys.readouterr().out.startswith("Wrote ../contracts/acme.yaml\n\nNext:\n")
    assert file.read_text().startswith(
        "# yaml-language-server: $schema=../.penstock/rollout.schema.json\n# VendorContract: "
    )


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_has_a_place(kind: str) -> None:
    assert place(kind, "acme").endswith(("/acme.yaml", "organization.yaml"))


def test_the_places_are_those_of_the_starter(rollout: Path) -> None:
    for path in rollout.rglob("*.yaml"):
        if path.name != "penstock.yaml":
            written = manifest(path.read_text())
            assert path == rollout / place(written["kind"], written["metadata"]["name"])


def test_another_file_may_be_named(rollout: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert main(["new", "Waiver", "one", "--file", "deep/er/one.yaml"]) == 0
    assert (
        (rollout / "deep/er/one.yaml").read_text().startswith("# yaml-language-server: $schema=../../.penstock/")
    )
    outside = tmp_path_factory.mktemp("elsewhere") / "two.yaml"
    assert main(["new", "Waiver", "two", "--file", str(outside)]) == 0
    assert outside.read_text().startswith("# Waiver: ")


def test_a_dash_prints_and_writes_nothing(rollout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(rollout.rglob("*"))
    assert main(["new", "Waiver", "one", "--file", "-"]) == 0
    assert validate("Waiver", manifest(capsys.readouterr().out)) == []
    assert sorted(rollout.rglob("*")) == before


def test_without_a_rollout_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "DataSource", "ledger"]) == 0
    assert "There is no penstock.yaml here or above: `penstock init` starts a rollout." in capsys.readouterr().out
    assert (tmp_path / "data-sources" / "ledger.yaml").read_text().startswith("# DataSource: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["usecse", "x"],
            "there is no kind 'usecse'\n  = help: did you mean `UseCase`? known: Organization, UseCase,",
        ),
        (["Agent", "My Agent"], "for example `my-agent`"),
        (["Agent", "-x"], None),
        (["Agent", "x-"], "for example `x`"),
        (["Agent", "a" * 64], "NAME"),
        (
            ["Agent", "invoice-resolver"],
            "Agent invoice-resolver exists already, in agents/invoice-resolver.yaml",
        ),
        (["Waiver", "x", "--file", "organization.yaml"], "organization.yaml exists already"),
        (["Organization", "other"], "organization.yaml exists already"),
        (["Waiver", "x", "--file", "organization.yaml/x.yaml"], "cannot make the folder organization.yaml: "),
    ],
)
def test_what_cannot_be_written_is_refused(rollout: Path, arguments: list[str], message: str | None) -> None:
    before = {path: path.read_bytes() for path in rollout.rglob("*") if path.is_file()}
    done = subprocess.run(
        [sys.executable, "-m", "penstock", "new", *arguments],
        cwd=rollout,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert (message or "usage: penstock new") in done.stderr
    assert "Traceback" not in done.stderr
    assert {path: path.read_bytes() for path in rollout.rglob("*") if path.is_file()} == before


def test_a_broken_manifest_elsewhere_does_not_stop_it(rollout: Path) -> None:
    (rollout / "broken.yaml").write_text("kind: [")
    assert main(["new", "Waiver", "one"]) == 0
    assert (rollout / "waivers" / "one.yaml").is_file()


def test_a_name_is_free_again_in_another_kind(rollout: Path) -> None:
    assert main(["new", "Waiver", "invoice-resolver"]) == 0
