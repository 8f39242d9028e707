"""What is chosen of a commit is what would be chosen of a checkout of it."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

import git_history
from git_history import History
from penstock.source import discover
from penstock.source.discovery import INCLUDE
from penstock.source.git import Snapshot, repository, select

WORDS = ["a", "b", "c", "data", "drafts", "é", "x.yaml"]
FILES = ["a.yaml", "b.yaml", "c.yml", "data.json", "drafts", "é.yaml", ".h.yaml", "x.yaml", "d.txt", "B.yaml"]
LINES = [
    "a", "b/", "/a", "/b/", "*.yml", "!*.yaml", "a.yaml", "!a.yaml", "drafts/*", "!drafts/b.yaml", "**/c",
    "c/**", "#a", "?.yaml", "[ab]*", "*", "!*/", "data/**/a.yaml", "\\a", "a.yaml  ", "é/", "!é/", "x.yaml",
    "!/x.yaml/", "", "[", "b.yaml\r", "!", "d*",
]  # fmt: skip
TARGETS = [
    "a.yaml", "../a.yaml", "../../b.yaml", "drafts/a.yaml", "b", "../b/a.yaml", ".h.yaml", ".store/a.yaml",
    "../link.yaml", "link.yaml", "{top}/a.yaml", "{top}/data/.h.yaml", "{above}/outside.yaml",
    "../../../repo/a/b.yaml", ".", "..", "././/.h.yaml", "{top}", "a.yaml/b", "{beside}/.store/a.yaml",
    "folder.yaml/.h.yaml", "../.store/a.yaml", "../.store/n.json", "../../.store/a.yaml", "../é/.h.yaml",
    ".store/n.json",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _hermetic(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    git_history.scrub(monkeypatch, tmp_path)


def fill(rng: random.Random, history: History) -> None:
    """Files, links, ignore files and other rollouts, anywhere."""
    top = history.folder
    places = {"top": str(top), "above": str(top.parent), "beside": str(top.parent / "beside")}
    (top.parent / "outside.yaml").write_text("")
    (top.parent / "beside").symlink_to("repo", target_is_directory=True)
    stores = [folder for folder in (".store", "a/.store", "data/.store", "é") if rng.random() < 0.7]
    history.write({f"{folder}/{name}": folder for folder in stores for name in ("a.yaml", ".h.yaml", "n.json")})
    for number in range(60):
        folder = top.joinpath(*rng.choices(WORDS, k=rng.randrange(4)))
        if rng.random() < 0.1:
            folder /= rng.choice([".store", ".h"])
        kind = rng.random()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if kind < 0.7:
                (folder / rng.choice(FILES)).write_text(str(number))
            elif kind < 0.78:
                lines = rng.choices(LINES, k=rng.randrange(1, 4))
                (folder / ".gitignore").write_bytes("\n".join(lines).encode())
            elif kind < 0.82:
                (folder / "penstock.yaml").write_text("")
            else:
                name = rng.choice(["link.yaml", "folder.yaml", "k.json", "l", ".gitignore", "m.yaml", "n.yaml"])
                (folder / name).symlink_to(rng.choice(TARGETS).format(**places))
        except OSError:  # the name is taken
            continue


@pytest.mark.skipif(os.name != "posix", reason="links")
@pytest.mark.parametrize("seed", range(25))
def test_a_checkout_agrees(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    history = History(tmp_path / "repo")
    fill(rng, history)
    history.commit()
    (history.folder / ".git/info/exclude").write_text("\n".join(rng.choices(LINES, k=2)))
    git_history.git(history.folder, "clean", "-qxdff")
    assert history.git("status", "--porcelain", "--ignored") == ""
    commit = history.git("rev-parse", "HEAD")
    folders = [""] + [f"{path.relative_to(history.folder)}" for path in history.folder.iterdir() if path.is_dir()]
    for folder in [folder for folder in folders if folder not in (".git", "beside")]:
        if (history.folder / folder).is_symlink():
            continue
        include = INCLUDE if rng.random() < 0.7 else [*rng.choices(LINES, k=3), "*.yaml"]
        exclude = rng.choices(LINES, k=rng.randrange(3))
        include, exclude = ([line for line in lines if line not in ("!", "[")] for lines in (include, exclude))
        root = history.folder / folder
        expected = discover(root, include, exclude)
        found = select(Snapshot(repository(root), commit, "HEAD", folder), folder, include, exclude)
        assert found is not None
        where = (folder, include, exclude)
        assert set(found.files) == {path.relative_to(root).as_posix() for path in expected.files}, where
        assert set(found.broken) == {each.path.relative_to(root).as_posix() for each in expected.unreadable}, where
        snapshot = next(iter(found.files.values())).origin if found.files else None
        if snapshot is not None:
            contents = snapshot.read(list(found.files.values()))
            for path, content in zip(found.files, contents, strict=True):
                assert content == (root / path).read_bytes()


def test_no_such_folder(tmp_path: Path) -> None:
    history = History(tmp_path / "repo")
    commit = history.commit({"a/b.yaml": "", "c": ""})
    for folder in ("x", "c", "a/b.yaml", "a/x", "c/x"):
        assert select(Snapshot(repository(history.folder), commit, "HEAD"), folder, INCLUDE, ()) is None
    (history.folder / "link").symlink_to("a")
    commit = history.commit()
    assert select(Snapshot(repository(history.folder), commit, "HEAD"), "link", INCLUDE, ()) is None


def test_a_very_deep_tree(tmp_path: Path) -> None:
    history = History(tmp_path / "repo")
    blob = history.git("hash-object", "-w", "--stdin", stdin=b"x\n")
    entry = b"100644 a.yaml\0"
    raw = entry + bytes.fromhex(blob)
    for _ in range(1200):
        tree = history.git("hash-object", "-t", "tree", "-w", "--stdin", "--literally", stdin=raw)
        raw = b"40000 d\0" + bytes.fromhex(tree)
    commit = history.git("commit-tree", tree, "-m", "x")
    found = select(Snapshot(repository(history.folder), commit, "x"), "", INCLUDE, ())
    assert found is not None
    assert list(found.files) == ["d/" * 1199 + "a.yaml"]
