"""``penstock schema``: what it prints stands alone, and judges as penstock does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from penstock.cli import main
from penstock.cli.schema import schemas
from penstock.manifest.schema import kinds
from penstock.starter.skeleton import skeleton

NAMES = [
    *kinds(),
    "rollout",
    "policy",
    "pack",
    "config",
    "lock",
    "baseline",
    "report",
    "plan",
    "access",
    "cost",
    "diff",
    "audit",
]


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["schema", *arguments]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def references(node: Any) -> Iterator[str]:
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from references(value)
    if isinstance(node, dict) and isinstance(node.get("$ref"), str):
        yield node["$ref"]


def test_every_schema_can_be_asked_for() -> None:
    assert list(schemas()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_stands_alone(capsys: pytest.CaptureFixture[str], name: str) -> None:
    schema = json.loads(printed(capsys, name))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for reference in references(schema):
        assert reference.startswith("#/$defs/")
        assert reference.removeprefix("#/$defs/") in schema["$defs"]


@pytest.mark.parametrize("kind", kinds())
def test_the_combined_schema_judges_each_kind_by_its_own(capsys: pytest.CaptureFixture[str], kind: str) -> None:
    from penstock.source import SourceFile, read

    document: Any = read(SourceFile("new.yaml", skeleton(kind, "made-today"))).documents[0].data
    for name in (kind, "rollout"):
        validator = jsonschema.Draft202012Validator(json.loads(printed(capsys, name)))
        validator.validate(document)
        wrong = {**document, "spec": {**document["spec"], "nonsense": 1}}
        with pytest.raises(jsonschema.ValidationError, match="'nonsense' was unexpected"):
            validator.validate(wrong)


def test_without_a_kind_it_is_the_combined_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys) == printed(capsys, "rollout")


def test_kinds_are_found_in_any_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "usecase") == printed(capsys, "UseCase") == printed(capsys, "use-case")


def test_it_can_be_written_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "rollout.schema.json"
    target.write_text("old")
    assert printed(capsys, "--output", str(target)) == ""
    assert target.read_text(encoding="utf-8") == printed(capsys)


def test_it_refreshes_what_init_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path)]) == 0
    capsys.readouterr()
    for name in ("rollout", "config"):
        assert (tmp_path / ".penstock" / f"{name}.schema.json").read_text(encoding="utf-8") == printed(
            capsys, name
        )


def test_the_list_says_what_each_is(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, "--list").splitlines()
    assert [line.split()[0] for line in lines] == NAMES
    assert all(len(line.split()) > 4 for line in lines)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["DataSorce"], "there is no schema 'DataSorce'\n  = help: did you mean `DataSource`?"),
        (["polciy"], "did you mean `policy`?"),
        (["Agent", "--list"], "--list lists every schema: leave out the kind"),
        (["Agent", "--output", "no/such/folder/x.json"], "cannot write no/such/folder/x.json"),
    ],
)
def test_what_cannot_be_printed(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert main(["schema", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err
