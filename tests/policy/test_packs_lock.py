"""``penstock.lock``: written in one way, read strictly, and never the reason to reach out."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.errors import GroupedError, PolicyError
from penstock.policy.fetched import files_of, place, read_fetched, write_fetched
from penstock.policy.lock import LOCK_FILE, Locked, lock_of, lock_text, read_lock
from penstock.policy.pack_files import digest, pack_files
from penstock.policy.reference import GitReference

URL = "https://git.acme.example/policies.git"
ONE = Locked(GitReference(URL, "1.10", "a/b"), "a" * 40, f"sha256:{'1' * 64}")
OTHER = Locked(GitReference("git@host.example:acme/p.git", "v1#2"), "b" * 64, f"sha256:{'2' * 64}")
TEXT = f"""# Written by `penstock pack lock`. Commit it; do not edit it.
apiVersion: lock/v1
packs:
  - git: "git@host.example:acme/p.git"
    revision: "v1#2"
    commit: "{"b" * 64}"
    digest: "sha256:{"2" * 64}"
  - git: "{URL}"
    revision: "1.10"
    path: "a/b"
    commit: "{"a" * 40}"
    digest: "sha256:{"1" * 64}"
"""
CONTENTS = {"pack.yaml": b"x: 1\n", "a.yaml": b"y: 2\n"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "packs"
    monkeypatch.setenv("PENSTOCK_PACKS_DIR", str(made))
    return made


def locked(revision: str = "v1") -> Locked:
    return Locked(GitReference(URL, revision), "c" * 40, digest(pack_files("", CONTENTS, "", "")))


def test_a_lock_is_written_in_one_way_and_read_back() -> None:
    assert lock_text([ONE, OTHER]) == lock_text([OTHER, ONE, ONE]) == TEXT
    assert dict(lock_of(TEXT.encode(), LOCK_FILE).packs) == {ONE.reference: ONE, OTHER.reference: OTHER}


def test_a_lock_of_nothing() -> None:
    text = lock_text([])
    assert text.splitlines()[1:] == ["apiVersion: lock/v1", "packs: []"]
    assert dict(lock_of(text.encode(), LOCK_FILE).packs) == {}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("lock/v1", "lock/v2"), '2:13: `apiVersion` must be lock/v1; found the string "lock/v2"'),
        (("a" * 40, "a" * 39), "11:13: `commit` does not have the form of a commit; found"),
        (("sha256:1", "md5:1"), "12:13: `digest` does not have the form of a digest; found"),
        (('    path: "a/b"', "    depth: 1"), "10:5: unknown field `depth` in `packs[1]`"),
        (("packs:", "<<<<<<< ours\npacks:"), "3:1: "),
        (('"git@host.example:acme/p.git"', "12"), "4:10: `git` must be a string; found the number 12"),
    ],
)
def test_a_lock_that_was_edited_is_a_fault_at_its_place(change: tuple[str, str], fault: str) -> None:
    with pytest.raises(GroupedError) as caught:
        lock_of(TEXT.replace(*change).encode(), LOCK_FILE)
    first = caught.value.errors[0]
    assert str(first).startswith(f"penstock.lock:{fault}")
    assert first.hint == "`penstock pack lock` writes it anew"


def test_two_entries_of_one_pack_are_a_fault() -> None:
    entry = TEXT[TEXT.rindex("  - git") :]
    with pytest.raises(GroupedError) as caught:
        lock_of((TEXT + entry.replace("a" * 40, "d" * 40)).encode(), LOCK_FILE)
    (fault,) = caught.value.errors
    assert fault.message == f"a second entry of the pack {URL} at 1.10 (a/b)"


def test_without_a_lock_nothing_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PolicyError) as caught:
        read_lock(tmp_path, ONE.reference)
    assert caught.value.message == f"the pack {URL} at 1.10 (a/b) is not locked: there is no penstock.lock"
    assert caught.value.hint == "run `penstock pack lock`, and commit penstock.lock"


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        (
            GitReference(URL, "1.11", "a/b"),
            "penstock.lock is older than this: it has the pack at 1.10, not at 1.11",
        ),
        (GitReference(URL, "1.10"), f"penstock.lock does not have the pack {URL} at 1.10"),
    ],
)
def test_a_lock_that_is_older_than_the_configuration(reference: GitReference, message: str) -> None:
    with pytest.raises(PolicyError) as caught:
        lock_of(TEXT.encode(), LOCK_FILE).get(reference)
    assert caught.value.message == message
    assert caught.value.hint == "run `penstock pack lock`, and commit penstock.lock"


def test_what_was_fetched_is_read_back(folder: Path) -> None:
    write_fetched(locked(), CONTENTS)
    (file,) = folder.iterdir()
    assert file == place(locked())
    files = read_fetched(locked())
    assert dict(files.contents) == CONTENTS
    assert files.shown == "git.acme.example/policies@v1"
    assert files.origin == f"git {URL}@{'c' * 40}"


def test_what_was_not_fetched_is_told() -> None:
    with pytest.raises(PolicyError) as caught:
        read_fetched(locked())
    assert caught.value.message == f"the pack {URL} at v1 has not been fetched"
    assert caught.value.hint == "run `penstock pack fetch`"


@pytest.mark.parametrize("damage", [b"", b"more", None], ids=["emptied", "longer", "another pack"])
def test_a_copy_that_was_changed_is_told_and_not_read(folder: Path, damage: bytes | None) -> None:
    write_fetched(locked(), CONTENTS)
    file = place(locked())
    if damage is None:
        other = Locked(ONE.reference, ONE.commit, digest(pack_files("", {"a.yaml": b""}, "", "")))
        write_fetched(other, {"a.yaml": b""})
        place(other).replace(file)
    else:
        file.write_bytes(file.read_bytes() + damage if damage else b"")
    with pytest.raises(PolicyError, match=r"is not what penstock\.lock says: ") as caught:
        read_fetched(locked())
    assert caught.value.hint == "run `penstock pack fetch`, which replaces it"
    write_fetched(locked(), CONTENTS)
    assert dict(read_fetched(locked()).contents) == CONTENTS


def test_a_commit_that_was_changed_in_the_lock_is_another_pack() -> None:
    write_fetched(locked(), CONTENTS)
    with pytest.raises(PolicyError, match="has not been fetched"):
        read_fetched(Locked(locked().reference, "d" * 40, locked().digest))


def test_what_is_not_what_the_lock_says_is_not_kept(folder: Path) -> None:
    with pytest.raises(PolicyError, match=r"is not what penstock\.lock says: at the commit c{40} its files have"):
        write_fetched(locked(), {**CONTENTS, "a.yaml": b"y: 3\n"})
    assert not folder.exists()


def test_without_a_folder_there_is_a_fault_that_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PENSTOCK_PACKS_DIR")
    monkeypatch.setenv("PENSTOCK_CACHE_DIR", "")
    with pytest.raises(PolicyError) as caught:
        read_fetched(locked())
    assert (caught.value.message, caught.value.hint) == (
        "there is no folder for fetched packs",
        "set PENSTOCK_PACKS_DIR to one",
    )


def test_packs_are_kept_in_the_cache_when_no_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PENSTOCK_PACKS_DIR")
    monkeypatch.setenv("PENSTOCK_CACHE_DIR", str(tmp_path / "cache"))
    assert place(locked()).parent == tmp_path / "cache" / "fetched"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (URL, "git.acme.example/policies@v1/a"),
        ("ssh://git@host.example:22/acme/p", "host.example:22/acme/p@v1/a"),
        ("git@host.example:acme/p.git", "host.example:acme/p@v1/a"),
        ("https://me@host.example/p.git/", "host.example/p@v1/a"),
    ],
)
def test_files_are_shown_by_repository_and_revision(address: str, shown: str) -> None:
    assert files_of(GitReference(address, "v1", "a"), "c" * 40, {}).shown == shown
