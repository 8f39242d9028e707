"""``penstock policy docs``: the pages are the same wherever it runs, and what it did not write stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.cli import main

WRITE = ["policy", "docs", "policies", "--output", "docs/rules"]
CHECK = [*WRITE, "--check"]


@pytest.fixture(autouse=True)
def _pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["policy", "new", "first-thing", "--kind", "Agent"]) == 0
    assert main(["policy", "new", "second-thing", "--kind", "Rollout"]) == 0
    capsys.readouterr()


def pages() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(Path("docs/rules").iterdir())}


def test_pages_are_written_once_and_are_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(CHECK) == 1
    assert not Path("docs").exists()
    assert capsys.readouterr().out.splitlines()[0] == "docs/rules/README.md is missing"
    assert main(WRITE) == 0
    first = pages()
    assert list(first) == ["README.md", "first-thing.md", "second-thing.md"]
    assert "[first-thing.yaml](../../policies/first-thing.yaml)" in first["first-thing.md"]
    assert "](first-thing.md) first-thing | warning | always | First thing |" in first["README.md"]
    assert main(CHECK) == 0
    assert main(WRITE) == 0
    assert pages() == first
    assert capsys.readouterr().out.endswith("3 pages in docs/rules: all fresh\n3 pages in docs/rules: 0 written\n")


def test_they_do_not_depend_on_where_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(WRITE) == 0
    monkeypatch.chdir(tmp_path / "docs")
    assert main(["policy", "docs", "../policies", "--output", "rules", "--check"]) == 0


def test_a_page_of_a_rule_that_is_gone_is_deleted_and_others_stay(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(WRITE) == 0
    Path("docs/rules/notes.md").write_text("# Ours\n")
    Path("docs/rules/picture.txt").write_text("<!-- Written by `penstock policy docs` not -->\n")
    Path("policies/second-thing.yaml").unlink()
    capsys.readouterr()
    assert main(CHECK) == 1
    assert capsys.readouterr().out.splitlines() == [
        "docs/rules/README.md is stale",
        "docs/rules/second-thing.md is of a rule that is gone",
        "run the same command without --check, and commit what it writes",
    ]
    assert list(pages()) == ["README.md", "first-thing.md", "notes.md", "picture.txt", "second-thing.md"]
    assert main(WRITE) == 0
    assert list(pages()) == ["README.md", "first-thing.md", "notes.md", "picture.txt"]


@pytest.mark.parametrize("mode", [WRITE, CHECK])
def test_what_it_did_not_write_is_not_replaced(mode: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Path("docs/rules").mkdir(parents=True)
    Path("docs/rules/README.md").write_text("# Ours\n")
    assert main(mode) == 2
    assert "this was not written by `penstock policy docs`: docs/rules/README.md" in capsys.readouterr().err
    assert pages() == {"README.md": "# Ours\n"}


def test_line_ends_of_another_system_are_fresh() -> None:
    assert main(WRITE) == 0
    for path in Path("docs/rules").iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert main(CHECK) == 0


def test_the_configuration_names_the_packs(capsys: pytest.CaptureFixture[str]) -> None:
    Path("penstock.yaml").write_text("packs: [levie]\n")
    assert main(["policy", "docs", "--output", "docs/rules"]) == 2
    assert "there is no pack of your own here" in capsys.readouterr().err
    Path("penstock.yaml").write_text("packs: [levie, ./policies]\n")
    assert main(["policy", "docs", "--output", "docs/rules"]) == 0
    assert list(pages()) == ["README.md", "first-thing.md", "second-thing.md"]
    assert main(CHECK) == 0


def test_the_built_in_pack_has_pages_too() -> None:
    assert main(["policy", "docs", "levie", "--output", "docs/rules"]) == 0
    assert "In CEL, in `levie/step-08-replaceability/" in pages()["contract-term-over-a-year.md"]


def test_the_output_is_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    Path("docs").write_text("")
    assert main(["policy", "docs", "policies", "--output", "docs"]) == 2
    assert "docs is a file" in capsys.readouterr().err
