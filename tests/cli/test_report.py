"""``penstock report``: what an audit file holds, and that no change to it or to its inputs goes unseen."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from penstock.bundle import folder
from penstock.cli import main

LAB = """apiVersion: rollout/v1
kind: VendorContract
metadata: {name: acme-lab}
spec: {vendor: Acme Lab, category: model-lab, startsOn: 2026-01-01, endsOn: 2028-12-31}
"""


@pytest.fixture
def audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """The audit of a rollout with a finding, beside it."""
    rollout = tmp_path / "rollout"
    rollout.mkdir()
    (rollout / "penstock.yaml").write_text("name: acme")
    (rollout / "lab.yaml").write_text(LAB)
    monkeypatch.chdir(tmp_path)
    assert main(["report", "audit", "rollout", "--as-of", "2026-11-20", "-o", "audit.json"]) == 0
    assert "Found 1 error" in capsys.readouterr().out
    return tmp_path / "audit.json"


def read(audit: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(audit.read_text())
    return found


def test_the_file_is_by_its_schema_and_names_all_that_was_read(audit: Path) -> None:
    found = read(audit)
    schema = json.loads((folder("schemas") / "audit/v1/audit.schema.json").read_text())
    Draft202012Validator(schema).validate(found)
    report = json.loads((folder("schemas") / "report/v1/report.schema.json").read_text())
    Draft202012Validator(report).validate(found["report"])
    (rollout,) = found["rollouts"]
    assert rollout["files"] == [
        {"path": path, "digest": f"sha256:{sha256((audit.parent / path).read_bytes()).hexdigest()}"}
        for path in ("rollout/lab.yaml", "rollout/penstock.yaml")
    ]
    assert [(pack["name"], len(pack["digest"])) for pack in rollout["packs"]] == [("levie", 71)]
    result = next(each for each in found["report"]["results"] if each["rule"] == "LV801")
    assert result["resources"]["failed"] == ["VendorContract/acme-lab"]


def change(audit: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    found = read(audit)
    edit(found)
    audit.write_text(json.dumps(found))


EDITS: dict[str, Callable[[dict[str, Any]], object]] = {
    "a finding taken out": lambda found: found["report"]["findings"].clear(),
    "another day": lambda found: found.update(asOf="2026-11-21"),
    "another digest of a file": lambda found: found["rollouts"][0]["files"][0].update(digest=""),
    "a result polished": lambda found: found["report"]["results"][-1].update(examined=99),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_audit_is_told(audit: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    change(audit, EDITS[name])
    assert main(["report", "verify", "audit.json"]) == 1
    assert "is not as it was written" in capsys.readouterr().out


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_audit_that_was_sealed_anew_differs_from_a_run(
    audit: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from penstock.render.audit import seal

    change(audit, EDITS[name])
    change(audit, lambda found: found.update(digest=seal(found)))
    assert main(["report", "verify", "audit.json"]) == 1
    assert "differs from a check made now" in capsys.readouterr().out


def test_layout_of_the_file_does_not_count(audit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    audit.write_text(json.dumps(dict(reversed(read(audit).items()))))
    assert main(["report", "verify", "audit.json"]) == 0
    assert "holds" in capsys.readouterr().out


def test_new_gone_and_changed_inputs_are_told(audit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rollout = audit.parent / "rollout"
    (rollout / "penstock.yaml").write_text("name: acme\nrules: {LV801: {severity: warning}}")
    (rollout / "lab.yaml").rename(rollout / "labs.yaml")
    assert main(["report", "verify", "audit.json"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "the file rollout/lab.yaml is gone"
    assert said[1] == "the file rollout/labs.yaml is new"
    assert said[2].startswith("the file rollout/penstock.yaml has changed: sha256:")
    assert said[3].startswith("finding then, not now: error LV801 at VendorContract/acme-lab spec.endsOn")
    assert said[4].startswith("finding now, not then: warning LV801 at VendorContract/acme-lab spec.endsOn")


def test_elsewhere_it_says_where_to_run(
    audit: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(audit.parent / "rollout")
    assert main(["report", "verify", "../audit.json"]) == 2
    assert "in which the audit was made" in capsys.readouterr().err
