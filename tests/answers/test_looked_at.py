"""Packs that are no folders, as a run looks at them."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.answers.seen import Seen, look_again
from penstock.policy import GitReference, PackageReference
from penstock.policy.fetched import place
from penstock.policy.lock import LOCK_FILE, Locked, lock_text
from penstock.workspace.config import Config
from penstock.workspace.looked_at import look_at_inputs
from penstock.workspace.roots import Root

GIT = GitReference("https://git.acme.example/policies.git", "v1")
LOCKED = Locked(GIT, "0" * 40, f"sha256:{'1' * 64}")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Root:
    monkeypatch.setenv("PENSTOCK_PACKS_DIR", str(tmp_path / "packs"))
    folder = tmp_path / "rollout"
    folder.mkdir()
    (folder / "penstock.yaml").write_text("")
    return Root(folder, folder / "penstock.yaml")


def test_a_pack_from_git_is_its_lock_and_what_was_fetched(root: Root) -> None:
    lock = root.folder / LOCK_FILE
    lock.write_text(lock_text([LOCKED]))
    fetched = place(LOCKED)
    fetched.parent.mkdir()
    fetched.write_bytes(b"pack")
    for change in (lambda: lock.write_text(lock_text([])), fetched.unlink):
        seen = Seen()
        look_at_inputs(root, Config("acme", packs=(GIT,)), seen)
        kept = seen.kept()
        assert kept is not None
        assert look_again(kept) is kept
        change()
        assert look_again(kept) is None
        lock.write_text(lock_text([LOCKED]))


def test_a_pack_from_git_that_is_not_locked_is_not_kept(root: Root) -> None:
    seen = Seen()
    look_at_inputs(root, Config("acme", packs=(GIT,)), seen)
    assert seen.kept() is None


def test_a_pack_in_an_installed_package_is_not_kept(root: Root) -> None:
    seen = Seen()
    look_at_inputs(root, Config("acme", packs=(PackageReference("acme-pack"),)), seen)
    assert seen.kept() is None
