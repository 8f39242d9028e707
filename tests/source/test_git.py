"""One repository: its revisions, trees and contents, and what is said when something is not there."""

from __future__ import annotations

import os
import re
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

import git_history
from git_history import History
from penstock.errors import InputError, PenstockError, UsageError
from penstock.source.git import MissingObjectError, Repository, repository
from penstock.source.git import command as git_command


@pytest.fixture(autouse=True)
def _hermetic(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    git_history.scrub(monkeypatch, tmp_path)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "repo")


def fault(kind: type[PenstockError], run: object, *words: object) -> tuple[str, str | None]:
    """Message and hint of the fault that a call ends with."""
    with pytest.raises(kind) as caught:
        run(*words)  # type: ignore[operator]
    assert "fatal" not in str(caught.value)
    return caught.value.message, caught.value.hint


def test_a_folder_s_repository(history: History) -> None:
    history.commit({"a/b/c.yaml": "x\n"})
    for folder in (".", "a", "a/b"):
        found = repository(history.folder / folder)
        assert (found.top, found.git_dir) == (history.folder, history.folder / ".git")
        assert not found.shallow
        assert not found.partial


def test_revisions(history: History) -> None:
    first = history.commit({"a.yaml": "1\n"}, message="the first one")
    history.git("tag", "-m", "one", "v1")
    history.git("tag", "-m", "again", "v1-again", "v1")
    second = history.commit({"a.yaml": "2\n"})
    found = repository(history.folder)
    for name in ("HEAD~1", "v1", "v1-again", first, first[:9], "main^", ":/first", "HEAD^{/first}", "main~1^0"):
        assert found.commit(name) == first, name
    for name in ("HEAD", "main", "@", "refs/heads/main", second):
        assert found.commit(name) == second, name


@pytest.mark.parametrize(
    "name",
    ["", "nothing", "--help", "-h", "--all", "a b", "main\nmain", "main\0", "HEAD~5", "é", "\udcff", "x" * 9000],
)
def test_what_is_no_revision(history: History, name: str) -> None:
    history.commit({"a.yaml": "1\n"})
    message, hint = fault(UsageError, repository(history.folder).commit, name)
    assert message == f"there is no revision `{name}` in the git repository repo"
    assert hint == "`git fetch` brings what a remote has; `git branch --all` and `git tag` list what is here"


def test_a_revision_that_begins_with_a_dash_is_never_an_option(history: History) -> None:
    first = history.commit({"a.yaml": "1\n"})
    history.commit({"a.yaml": "2\n"})
    history.git("update-ref", "refs/heads/--output=x", first)
    assert repository(history.folder).commit("--output=x") == first


def test_what_is_no_commit(history: History) -> None:
    history.commit({"a.yaml": "1\n"})
    found = repository(history.folder)
    assert (
        fault(UsageError, found.commit, "HEAD:a.yaml")[0]
        == "the revision `HEAD:a.yaml` names a blob, not a commit"
    )
    assert (
        fault(UsageError, found.commit, "HEAD^{tree}")[0]
        == "the revision `HEAD^{tree}` names a tree, not a commit"
    )


def test_an_ambiguous_id(history: History) -> None:
    history.commit({f"{number}.yaml": f"{number}\n" for number in range(400)})
    oids = sorted(
        line.split()[0] for line in history.git("cat-file", "--batch-check", "--batch-all-objects").split("\n")
    )
    twice = next(one[:4] for one, other in pairwise(oids) if one[:4] == other[:4])
    message, hint = fault(UsageError, repository(history.folder).commit, twice)
    assert message in (
        f"the revision `{twice}` fits several objects",
        f"there is no revision `{twice}` in the git repository repo",
    )
    assert hint


def test_no_commit_yet(history: History) -> None:
    message, hint = fault(UsageError, repository(history.folder).commit, "HEAD")
    assert (message, hint) == ("the git repository has no commit yet", "commit once; then there is a revision")


def test_a_branch_that_only_the_remote_has(history: History, tmp_path: Path) -> None:
    history.commit({"a.yaml": "1\n"})
    history.git("branch", "release")
    git_history.git(tmp_path, "clone", "-q", "repo", "clone")
    found = repository(tmp_path / "clone")
    assert fault(UsageError, found.commit, "release") == (
        "there is no revision `release` in the git repository clone",
        "there is `origin/release`",
    )
    assert fault(UsageError, found.commit, "origin/later")[1] == (
        "`git fetch origin later:refs/remotes/origin/later` brings what a remote has; "
        "`git branch --all` and `git tag` list what is here"
    )


def test_a_shallow_clone(history: History, tmp_path: Path) -> None:
    for number in range(3):
        history.commit({"a.yaml": f"{number}\n"})
    history.git("branch", "release", "HEAD~1")
    git_history.git(tmp_path, "clone", "-q", "--depth=1", f"file://{history.folder}", "clone")
    found = repository(tmp_path / "clone")
    assert found.shallow
    assert fault(UsageError, found.commit, "HEAD~1") == (
        "there is no revision `HEAD~1` in the git repository clone",
        "this is a shallow clone; `git fetch --unshallow`, or `fetch-depth: 0` for actions/checkout, brings more",
    )
    _, hint = fault(UsageError, found.commit, "origin/release")
    assert hint == (
        "this is a shallow clone; `git fetch --depth=100 origin release:refs/remotes/origin/release`, "
        "or `fetch-depth: 0` for actions/checkout, brings more"
    )
    # The hint is true.
    git_history.git(tmp_path / "clone", *re.findall(r"`git (fetch [^`]*)`", hint)[0].split())
    assert found.commit("origin/release") == history.git("rev-parse", "release")


def test_the_merge_base(history: History) -> None:
    first = history.commit({"a.yaml": "1\n"})
    history.git("checkout", "-q", "-b", "work")
    work = history.commit({"b.yaml": "1\n"})
    history.git("checkout", "-q", "main")
    main = history.commit({"a.yaml": "2\n"})
    history.git("checkout", "-q", "--orphan", "other")
    other = history.commit({"a.yaml": "3\n"})
    found = repository(history.folder)
    assert found.merge_base(work, main) == first
    assert found.merge_base(first, main) == first
    assert found.merge_base(work, other) is None


def test_trees(history: History) -> None:
    history.commit({"a.yaml": "1\n", "x/b.yaml": "2\n", "x/y/c.yaml": "3\n", "x-z/d.yaml": ""})
    (history.folder / "x/link.yaml").symlink_to("b.yaml")
    (history.folder / "x/b.yaml").chmod(0o755)
    commit = history.commit()
    found = repository(history.folder)
    assert [each.path for each in found.tree(commit) or ()] == [
        "a.yaml", "x-z/d.yaml", "x/b.yaml", "x/link.yaml", "x/y/c.yaml",
    ]  # fmt: skip
    below = found.tree(commit, "x")
    assert below is not None
    assert [(each.path, each.mode) for each in below] == [
        ("b.yaml", "100755"),
        ("link.yaml", "120000"),
        ("y/c.yaml", "100644"),
    ]
    assert [(each.is_file, each.is_link) for each in below] == [(True, False), (False, True), (True, False)]
    assert found.tree(commit, "x/y/z") is None
    assert found.tree(commit, "a.yaml") is None
    assert list(found.contents([below[0].oid, below[2].oid, below[0].oid])) == [b"2\n", b"3\n", b"2\n"]
    paths = ["x/y", "x/y/c.yaml", "gone", "x"]
    assert {each.path for each in found.entries(commit, paths)} == {"x", "x/y", "x/y/c.yaml"}


NAMES = [
    "new\nline.yaml", "tab\t.yaml", 'quo"te.yaml', "back\\slash.yaml", "caf\udce9.yaml", "é.yaml", "-rf.yaml",
    ":(top)x.yaml", "*.yaml", "[a]?.yaml", " blank .yaml", "--end-of-options.yaml", "\x1b[31m.yaml", "$(x).yaml",
]  # fmt: skip


def test_hostile_names(history: History) -> None:
    for name in NAMES:
        try:
            (history.folder / name).write_text(name, errors="surrogateescape")
        except OSError:
            pytest.skip("the file system takes fewer names")
        (history.folder / f"in {name}").mkdir()
        (history.folder / f"in {name}" / "a.yaml").write_text(name, errors="surrogateescape")
    commit = history.commit()
    found = repository(history.folder)
    entries = {each.path: each for each in found.tree(commit) or ()}
    assert set(entries) == {each for name in NAMES for each in (name, f"in {name}/a.yaml")}
    assert list(found.contents([entries[name].oid for name in NAMES])) == [os.fsencode(name) for name in NAMES]
    for name in NAMES:
        assert [each.path for each in found.entries(commit, [name])] == [name]
        assert [each.path for each in found.tree(commit, f"in {name}") or ()] == ["a.yaml"]


@pytest.mark.parametrize("name", ["..", ".git", ".GIT", "."])
def test_paths_that_leave_the_folder_are_refused(history: History, name: str) -> None:
    history.commit({"a.yaml": "1\n"})
    blob = history.git("rev-parse", "HEAD:a.yaml")
    raw = b"100644 evil.yaml\0" + bytes.fromhex(blob)
    inner = history.git("hash-object", "-t", "tree", "-w", "--stdin", "--literally", stdin=raw)
    raw = f"40000 {name}".encode() + b"\0" + bytes.fromhex(inner)
    outer = history.git("hash-object", "-t", "tree", "-w", "--stdin", "--literally", stdin=raw)
    commit = history.git("commit-tree", outer, "-m", "x")
    message, _ = fault(InputError, repository(history.folder).tree, commit)
    assert message == f"a tree holds a path that git would not check out: {name}/evil.yaml"


def test_ten_thousand_files_by_one_process(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        f"blob\nmark :{number}\ndata <<E\n{'x' * (number % 7 * 400)}{number}\nE\n" for number in range(1, 10_001)
    ]
    lines.append("commit refs/heads/main\ncommitter Kim <kim@acme.example> 0 +0000\ndata 0\n")
    lines += [f"M 100644 :{number} {number}.yaml\n" for number in range(1, 10_001)]
    history.git("fast-import", "--quiet", stdin="".join(lines).encode())
    found = repository(history.folder)
    entries = found.tree(found.commit("main")) or ()
    started: list[object] = []
    real = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *given, **more: started.append(given) or real(*given, **more))
    contents = found.contents([each.oid for each in entries])
    for each, content in zip(entries, contents, strict=True):
        number = each.path.removesuffix(".yaml")
        assert content == f"{'x' * (int(number) % 7 * 400)}{number}\n".encode()
    assert len(started) == 1


def test_contents_may_be_left_half_way(history: History) -> None:
    commit = history.commit({f"{number}.yaml": "x" * 100_000 + str(number) for number in range(20)})
    found = repository(history.folder)
    contents = found.contents([each.oid for each in found.tree(commit) or ()])
    assert len(next(contents)) == 100_001
    contents.close()  # type: ignore[attr-defined]
    assert list(found.contents([])) == []


def test_only_the_start_of_a_large_file_is_kept(history: History) -> None:
    commit = history.commit({"a.yaml": "x" * 1_000_000, "b.yaml": "1234", "c.yaml": "12345", "d.yaml": ""})
    found = repository(history.folder)
    oids = [each.oid for each in found.tree(commit) or ()]
    assert list(found.contents(oids, most=4)) == [b"xxxxx", b"1234", b"12345", b""]


def test_an_object_that_is_gone(history: History) -> None:
    history.commit({"a.yaml": "1\n", "b.yaml": "2\n"})
    found = repository(history.folder)
    kept, gone = history.git("rev-parse", "HEAD:a.yaml"), history.git("rev-parse", "HEAD:b.yaml")
    (history.folder / ".git/objects" / gone[:2] / gone[2:]).unlink()
    contents = found.contents([kept, gone])
    assert next(contents) == b"1\n"
    message, _ = fault(MissingObjectError, next, contents)
    assert message == f"the repository repo lacks the object {gone}"


def test_a_sha_256_repository(tmp_path: Path) -> None:
    history = History(tmp_path / "repo", "--object-format=sha256")
    first = history.commit({"x/a.yaml": "1\n"})
    second = history.commit({"x/a.yaml": "2\n"})
    found = repository(history.folder)
    assert len(first) == 64
    assert found.commit("HEAD~1") == first
    assert found.merge_base(first, second) == first
    (entry,) = found.tree(first, "x") or ()
    assert list(found.contents([entry.oid])) == [b"1\n"]


def test_a_bare_repository(history: History, tmp_path: Path) -> None:
    commit = history.commit({"x/a.yaml": "1\n"})
    git_history.git(tmp_path, "clone", "-q", "--bare", "repo", "bare.git")
    found = repository(tmp_path / "bare.git")
    assert found.top == tmp_path / "bare.git"
    assert [each.path for each in found.tree(found.commit("main")) or ()] == ["x/a.yaml"]
    assert found.commit("HEAD") == commit


def test_a_work_tree_that_only_the_environment_knows(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = history.commit({"x/a.yaml": "1\n"})
    git_history.git(tmp_path, "clone", "-q", "--bare", "repo", "bare.git")
    (tmp_path / "checkout/x").mkdir(parents=True)
    monkeypatch.setenv("GIT_DIR", "bare.git")
    monkeypatch.setenv("GIT_WORK_TREE", "checkout")
    found = repository(tmp_path / "checkout/x")
    assert (found.top, found.git_dir) == (tmp_path / "checkout", tmp_path / "bare.git")
    assert found.commit("HEAD") == commit


def test_the_environment_of_another_repository_does_not_count(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = history.commit({"a.yaml": "1\n"})
    other = History(tmp_path / "other")
    other.commit({"b.yaml": "1\n"})
    for name, value in {
        "GIT_DIR": ".git",
        "GIT_WORK_TREE": ".",
        "GIT_INDEX_FILE": "nothing/index",
        "GIT_OBJECT_DIRECTORY": str(tmp_path / "nothing"),
        "GIT_COMMON_DIR": str(other.folder / ".git"),
        "GIT_PREFIX": "x/",
        "GIT_GLOB_PATHSPECS": "1",
        "GIT_NAMESPACE": "x",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(other.folder)
    found = repository(history.folder)
    assert found.commit("HEAD") == commit
    assert [each.path for each in found.tree(commit) or ()] == ["a.yaml"]


def test_the_objects_of_a_push_are_seen_by_its_hook(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.commit({"a.yaml": "1\n"})
    aside = tmp_path / "aside"
    (aside / "pack").mkdir(parents=True)
    monkeypatch.setenv("GIT_DIR", str(history.folder / ".git"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(aside))
    monkeypatch.setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES", str(history.folder / ".git/objects"))
    pushed = history.commit({"a.yaml": "2\n"})
    found = repository(history.folder)
    assert found.commit(pushed) == pushed
    assert [each.path for each in found.tree(pushed) or ()] == ["a.yaml"]
    monkeypatch.delenv("GIT_OBJECT_DIRECTORY")
    assert not repository(history.folder).has(pushed)


def test_a_folder_without_a_repository(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    assert fault(UsageError, repository, tmp_path / "x") == (
        "x is not in a git repository",
        "a revision is read from the git repository that the rollout's folder lies in",
    )


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    message, _ = fault(InputError, repository, tmp_path / "gone")
    assert message.startswith("git cannot read the repository of gone: cannot change to ")


def test_a_worktree_whose_repository_is_gone(history: History, tmp_path: Path) -> None:
    history.commit({"a.yaml": "1\n"})
    history.git("worktree", "add", "-q", str(tmp_path / "tree"))
    history.folder.rename(tmp_path / "moved")
    message, _ = fault(InputError, repository, tmp_path / "tree")
    assert message.startswith("git cannot read the repository of tree: not a git repository: ")


def test_dubious_ownership(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    history.commit({"a.yaml": "1\n"})
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert fault(InputError, repository, history.folder) == (
        "git does not read the repository of repo: its folder belongs to another user",
        f"if you trust it: `git config --global --add safe.directory {history.folder}`",
    )
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "safe.directory")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(history.folder))
    assert repository(history.folder).top == history.folder


@pytest.mark.parametrize("path", ["", "relative", "{tmp}/empty"])
def test_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    (tmp_path / "relative").mkdir()
    (tmp_path / "relative/git").write_text("#!/bin/sh\necho it was me\n")
    (tmp_path / "relative/git").chmod(0o755)
    monkeypatch.setenv("PATH", path.format(tmp=tmp_path))
    assert fault(UsageError, repository, tmp_path) == (
        "git is not installed, or not on the PATH",
        "install git: revisions are read with it; everything else works without",
    )


def test_a_git_that_cannot_be_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "git").write_text("#!/nowhere/sh\n")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert fault(InputError, repository, tmp_path)[0].startswith("git cannot be run: ")


def test_nothing_is_fetched_whatever_the_settings_say(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.git("config", "uploadpack.allowFilter", "true")
    commit = history.commit({"a.yaml": "1\n"})
    git_history.git(
        tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{history.folder}", "clone"
    )
    clone = tmp_path / "clone"
    git_history.git(clone, "config", "protocol.file.allow", "always")
    git_history.git(clone, "config", "remote.origin.uploadpack", f"touch {tmp_path}/run; git-upload-pack")
    monkeypatch.setenv("GIT_NO_LAZY_FETCH", "0")
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    found = repository(clone)
    assert found.partial
    (entry,) = found.tree(commit) or ()
    with pytest.raises(MissingObjectError):
        list(found.contents([entry.oid]))
    assert not (tmp_path / "run").exists()
    # It is there for the taking.
    git_history.git(clone, "cat-file", "blob", entry.oid)
    assert (tmp_path / "run").exists()


def test_no_trace_of_the_program_is_left(history: History, tmp_path: Path) -> None:
    def state() -> dict[str, int]:
        files = (tmp_path / "repo").rglob("*")
        return {str(path): path.stat().st_mtime_ns for path in files if path.is_file()}

    commit = history.commit({"a.yaml": "1\n"})
    before = state()
    found: Repository = repository(history.folder)
    found.commit("HEAD")
    found.merge_base(commit, commit)
    list(found.contents([each.oid for each in found.tree(commit) or ()]))
    assert state() == before


def test_what_git_says_is_put_plainly() -> None:
    assert git_command.Done(128, b"", "warning: x\nfatal: bad object y\n").complaint == "bad object y"
    assert git_command.Done(1, b"", "something else\n").complaint == "something else"
    assert git_command.Done(1, b"", "").complaint == ""
