"""``penstock cache``: what is counted and removed, and what is left alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from penstock.cli import main

KEY = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("PENSTOCK_CACHE_DIR", str(folder))
    return folder


def fill(root: Path, *names: str, size: int = 10) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(bytes(size))


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["cache", *words]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_nothing_is_kept_yet(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "info") == f"{root}: nothing\n"
    assert said(capsys, "clean") == f"{root}: removed nothing\n"
    assert not root.exists()


def test_what_is_kept(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(root, f"answers/{KEY}")
    fill(root, f"packs/{KEY}", f"packs/{KEY[::-1]}", size=1024)
    fill(root, f"states/{KEY}", size=3 * 1024 * 1024)
    assert said(capsys, "info") == (
        f"{root}: 4 entries (3.0 MiB)\n"
        "  answers   1 entry (10 B): outputs of checks, printed again while nothing has changed\n"
        "  packs     2 entries (2.0 KiB): policies, checked and compiled\n"
        "  states    1 entry (3.0 MiB): what was read of rollouts, and what came of it\n"
    )
    assert said(capsys, "clean") == f"{root}: removed 4 entries (3.0 MiB)\n"
    assert said(capsys, "info") == f"{root}: nothing\n"


def test_only_what_is_penstock_s_is_removed(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    others = [
        "answers/README",
        f"answers/{KEY}.txt",
        f"answers/{KEY.upper()}",
        f"answers/inner/{KEY}",
        f"objects/{KEY}",
        f"fetched/{KEY}-{KEY}.pack",
        KEY,
    ]
    fill(root, f"answers/{KEY}", "answers/.ab_12xyz", *others)  # the second was on its way
    away = tmp_path / "away"
    fill(away, KEY)
    (root / "packs").symlink_to(away)
    (root / "answers" / KEY[::-1]).symlink_to(away / KEY)
    assert said(capsys, "clean") == f"{root}: removed 2 entries (20 B)\n"
    assert {
        str(path.relative_to(root)) for path in root.rglob("*") if path.is_file() and not path.is_symlink()
    } == {*others}
    assert (away / KEY).exists()
    assert os.path.lexists(root / "answers" / KEY[::-1])


def test_a_link_in_place_of_the_folder(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(tmp_path / "away", f"answers/{KEY}")
    root.symlink_to(tmp_path / "away")
    assert said(capsys, "clean") == f"{root}: removed nothing\n"
    assert (tmp_path / "away" / "answers" / KEY).exists()


def test_no_cache(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PENSTOCK_CACHE_DIR", "")
    for word in ("info", "clean"):
        expected = "Nothing is kept: PENSTOCK_CACHE_DIR is empty, or there is no home folder.\n"
        assert said(capsys, word) == expected


def test_what_a_check_keeps_is_counted(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rollout = tmp_path / "rollout"
    fill(rollout, "penstock.yaml", size=0)
    monkeypatch.chdir(rollout)
    main(["check", "--allow-empty", "--schema-only"])
    capsys.readouterr()
    assert "  answers   1 entry (" in said(capsys, "info")
