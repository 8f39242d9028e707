"""A rollout at a revision is what a check of a checkout of that revision would read."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import git_history
from git_history import History
from penstock.errors import GroupedError, InputError, PenstockError, UsageError
from penstock.policy import GitReference
from penstock.source import limits
from penstock.workspace import revision as revision_module
from penstock.workspace.config import config_of
from penstock.workspace.reading import read_rollout
from penstock.workspace.revision import Revision, open_revision, read_revision
from penstock.workspace.roots import Root, find_roots


def lab(name: str, ends: str = "2026-12-31") -> str:
    return (
        f"apiVersion: rollout/v1\nkind: VendorContract\nmetadata: {{name: {name}}}\n"
        f"spec: {{vendor: Acme, category: model-lab, startsOn: 2026-01-01, endsOn: {ends}}}\n"
    )


@pytest.fixture(autouse=True)
def _hermetic(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    git_history.scrub(monkeypatch, tmp_path)


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    made = History(tmp_path / "repo")
    monkeypatch.chdir(made.folder)
    return made


def root_of(*paths: str, config: str | None = None) -> Root:
    (root,) = find_roots(paths, Path(os.path.abspath(config)) if config else None)  # noqa: PTH100
    return root


def at(revision: str, *paths: str, config: str | None = None) -> Revision:
    return read_revision(root_of(*paths, config=config), revision)


def names(revision: Revision) -> list[str]:
    """The resources, by file."""
    resources = revision.loaded.rollout.resources
    return [f"{each.file} {each.name}" for each in resources]


def fault(kind: type[PenstockError], revision: str, *paths: str) -> tuple[str, str]:
    with pytest.raises(kind) as caught:
        at(revision, *paths)
    return caught.value.message, caught.value.hint or ""


def hinted(hint: str) -> Sequence[str]:
    """The words of the command in a hint, behind ``git``."""
    words = shlex.split(re.findall(r"`([^`]*)`", hint)[0])
    assert words[0] == "git"
    return words[1:]


def test_a_rollout_as_it_was(history: History) -> None:
    first = history.commit({"penstock.yaml": "name: acme\n", "contracts/a.yaml": lab("a"), "b.yaml": lab("b")})
    history.git("rm", "-q", "b.yaml")
    history.commit({"contracts/a.yaml": lab("a", "2027-12-31"), "c.yaml": lab("c")})
    before = at("HEAD~1")
    assert (before.name, before.commit, before.existed, before.is_merge_base) == ("HEAD~1", first, True, False)
    assert names(before) == ["HEAD~1:b.yaml b", "HEAD~1:contracts/a.yaml a"]
    assert before.config.name == before.loaded.rollout.name == "acme"
    assert before.loaded.rollout.root == "HEAD~1:."
    assert sorted(before.texts) == ["HEAD~1:b.yaml", "HEAD~1:contracts/a.yaml", "HEAD~1:penstock.yaml"]
    assert before.texts["HEAD~1:contracts/a.yaml"].text == lab("a")
    assert names(at("main")) == ["main:c.yaml c", "main:contracts/a.yaml a"]
    assert before.root == root_of()


def test_paths_are_those_of_the_working_tree(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    history.commit({"east/penstock.yaml": "", "east/x/a.yaml": lab("a"), "docs/note.txt": ""})
    monkeypatch.chdir(history.folder / "docs")
    assert names(at("HEAD", "../east")) == ["HEAD:../east/x/a.yaml a"]
    monkeypatch.chdir(history.folder / "east/x")
    assert names(at("HEAD")) == ["HEAD:a.yaml a"]
    monkeypatch.chdir(history.folder.parent)
    assert names(at("HEAD", "repo/east")) == ["HEAD:repo/east/x/a.yaml a"]


def test_findings_are_in_the_old_text(history: History) -> None:
    history.commit(
        {"penstock.yaml": "", "a.yaml": "kind: [\n", "b.yaml": lab("b") + "extra: 1\n", "c.yaml": "é\n"}
    )
    (history.folder / "c.yaml").write_bytes(b"\xff")
    history.commit()
    found = {(each.rule, each.location.file) for each in at("HEAD").loaded.findings}
    assert {("LV001", "HEAD:a.yaml"), ("LV004", "HEAD:b.yaml"), ("LV001", "HEAD:c.yaml")} <= found


def test_the_base_is_where_the_work_parted(history: History) -> None:
    parted = history.commit({"penstock.yaml": "", "a.yaml": lab("a")})
    history.git("checkout", "-q", "-b", "work")
    history.commit({"b.yaml": lab("b")})
    history.git("checkout", "-q", "main")
    moved_on = history.commit({"c.yaml": lab("c")})
    history.git("checkout", "-q", "work")
    base = open_revision(root_of(), "main")
    assert (base.commit, base.is_merge_base, names(base)) == (parted, True, ["main:a.yaml a"])
    assert base.name == "main"
    tip = open_revision(root_of(), "main", from_merge_base=False)
    assert (tip.commit, tip.is_merge_base) == (moved_on, False)
    assert names(tip) == ["main:a.yaml a", "main:c.yaml c"]
    other = open_revision(root_of(), "work", against="main")
    assert (other.commit, other.is_merge_base) == (parted, True)


def test_histories_that_never_met(history: History) -> None:
    main = history.commit({"penstock.yaml": "", "a.yaml": lab("a")})
    history.git("checkout", "-q", "--orphan", "work")
    history.write({"b.yaml": lab("b")})
    base = open_revision(root_of(), "main")  # not a commit on the branch yet
    assert (base.commit, base.is_merge_base) == (main, False)
    history.commit()
    base = open_revision(root_of(), "main")
    assert (base.commit, base.is_merge_base) == (main, False)
    with pytest.raises(UsageError, match="there is no revision `nothing`"):
        open_revision(root_of(), "main", against="nothing")


def test_a_folder_that_was_not_there(history: History) -> None:
    history.commit({"old/penstock.yaml": "", "old/a.yaml": lab("a"), "new": "a file\n"})
    history.git("rm", "-q", "new")
    history.git("mv", "old", "new")
    history.commit()
    before = at("HEAD~1", "new")
    assert (before.existed, names(before), dict(before.texts)) == (False, [], {})
    assert before.config.name == "new"
    assert before.root.config is None
    assert at("HEAD", "new").existed


def test_a_rollout_without_a_configuration_then_or_now(history: History) -> None:
    history.commit({"a.yaml": lab("a"), "x/b.yaml": lab("b")})
    history.commit({"penstock.yaml": "name: acme\nmanifests: {exclude: [x/]}\n"})
    history.git("rm", "-q", "penstock.yaml")
    history.commit()
    for revision in ("HEAD~2", "HEAD"):
        found = at(revision)
        assert (found.config.name, found.root.config) == ("repo", None)
        assert names(found) == [f"{revision}:a.yaml a", f"{revision}:x/b.yaml b"]
    found = at("HEAD~1")
    assert (found.config.name, found.root.config) == ("acme", history.folder / "penstock.yaml")
    assert names(found) == ["HEAD~1:a.yaml a"]


def test_a_configuration_that_was_wrong(history: History) -> None:
    history.commit({"penstock.yaml": "name: acme\nfailsOn: error\n"})
    history.commit({"penstock.yaml": ""})
    with pytest.raises(GroupedError) as caught:
        at("HEAD~1")
    (wrong,) = caught.value.errors
    assert str(wrong).startswith("HEAD~1:penstock.yaml:2:1: ")
    assert wrong.frame == "name: acme\nfailsOn: error\n"


def test_the_baseline_is_no_manifest(history: History) -> None:
    history.commit({"penstock.yaml": "", "penstock-baseline.yaml": "x: 1\n", "a.yaml": lab("a")})
    history.commit({"penstock.yaml": "baseline: other.yaml\n", "other.yaml": "y: 1\n"})
    assert sorted(at("HEAD~1").texts) == ["HEAD~1:a.yaml", "HEAD~1:penstock.yaml"]
    assert sorted(at("HEAD").texts) == ["HEAD:a.yaml", "HEAD:penstock-baseline.yaml", "HEAD:penstock.yaml"]
    reading = at("HEAD~1").read(history.folder / "penstock-baseline.yaml")
    assert reading is not None
    assert (reading.file.path, reading.file.text) == ("HEAD~1:penstock-baseline.yaml", "x: 1\n")
    assert at("HEAD~1").read(history.folder / "other.yaml") is None
    assert at("HEAD~1").read(history.folder.parent / "other.yaml") is None


def test_code_owners_as_they_were(history: History) -> None:
    on = "exceptions: {waive: {codeOwners: true}}\n"
    history.commit({"r/penstock.yaml": on, "r/a.yaml": lab("a")})
    history.commit({"CODEOWNERS": "a.yaml kim@acme.example\n"})
    history.commit({".github/CODEOWNERS": "* lee@acme.example\n", "CODEOWNERS": "\n"})
    owners = [at(f"HEAD~{number}", "r").config.authority.code_owners for number in (0, 1, 2)]
    assert [each.file.path if each and each.file else None for each in owners] == [
        "HEAD~0:.github/CODEOWNERS",
        "HEAD~1:CODEOWNERS",
        None,
    ]
    assert owners[1] is not None
    ((location, people),) = owners[1].of("HEAD~1:r/a.yaml")
    assert (location.file, people) == ("HEAD~1:CODEOWNERS", ("kim@acme.example",))
    assert owners[2] is not None
    assert owners[2].of("HEAD~2:r/a.yaml") == ()
    (history.folder / "CODEOWNERS").write_bytes(b"\xff\n")
    history.git("rm", "-q", ".github/CODEOWNERS")
    history.commit()
    message, _ = fault(InputError, "HEAD", "r")
    assert message == "byte 0xff is not UTF-8"


def test_a_configuration_named_by_the_user(history: History, tmp_path: Path) -> None:
    history.commit({"ci/strict.yaml": "name: then\n", "r/a.yaml": lab("a"), "r/penstock.yaml": "name: not this\n"})
    history.commit({"ci/strict.yaml": "name: now\n"})
    (tmp_path / "outside.yaml").write_text("name: outside\n")
    history.write({"ci/new.yaml": "name: new\n"})
    found = at("HEAD~1", "r", config="ci/strict.yaml")
    assert (found.config.name, found.loaded.rollout.name) == ("then", "then")
    assert found.config.file is not None
    assert found.config.file.path == "HEAD~1:ci/strict.yaml"
    assert names(found) == ["HEAD~1:r/a.yaml a"]
    for file, name, path in (
        ("ci/new.yaml", "new", "ci/new.yaml"),
        ("../outside.yaml", "outside", "../outside.yaml"),
    ):
        found = at("HEAD~1", "r", config=file)
        assert found.config.name == name
        assert found.config.file is not None
        assert found.config.file.path == path


def test_files_that_belong_to_no_rollout(history: History, tmp_path: Path) -> None:
    history.commit({"x/a.yaml": lab("a"), "x/b.yaml": lab("b"), "c.txt": lab("c")})
    history.git("rm", "-q", "x/b.yaml")
    history.commit({"x/a.yaml": lab("changed"), "d.yaml": lab("d")})
    assert names(at("HEAD~1", "x/a.yaml", "c.txt", "d.yaml")) == ["HEAD~1:c.txt c", "HEAD~1:x/a.yaml a"]
    found = at("HEAD~1", "d.yaml")
    assert (found.existed, names(found)) == (False, [])
    (tmp_path / "far.yaml").write_text(lab("far"))
    message, hint = fault(UsageError, "HEAD", "d.yaml", "../far.yaml")
    assert (message, hint) == ("../far.yaml is not in the git repository .", "name files of one repository")


def test_a_file_that_was_named_counts_whatever_it_is_called(history: History) -> None:
    history.commit({"penstock.yaml": "manifests: {exclude: [no.txt]}\n", "a.txt": lab("a"), "no.txt": lab("no")})
    assert names(at("HEAD", "a.txt", "no.txt", "penstock.yaml")) == ["HEAD:a.txt a"]
    assert names(at("HEAD")) == []


def test_a_file_above_the_limit(history: History) -> None:
    history.commit({"penstock.yaml": "", "a.yaml": "x" * (limits.BYTES + 1)})
    (found,) = at("HEAD").loaded.findings
    assert (found.rule, found.location.file) == ("LV014", "HEAD:a.yaml")
    assert found.message == limits.TOO_LARGE[0]


def test_nested_rollouts_and_links_are_as_in_the_working_tree(history: History) -> None:
    history.write(
        {
            "penstock.yaml": "manifests: {exclude: [drafts/]}\n",
            ".gitignore": "ignored.yaml\n",
            "a.yaml": lab("a"),
            "ignored.yaml": lab("ignored"),
            "drafts/b.yaml": lab("b"),
            ".hidden/c.yaml": lab("c"),
            "inner/penstock.yaml": "",
            "inner/d.yaml": lab("d"),
        }
    )
    (history.folder / "link.yaml").symlink_to(".hidden/c.yaml")
    (history.folder / "again.yaml").symlink_to("a.yaml")
    (history.folder / "broken.yaml").symlink_to("nothing.yaml")
    history.commit()
    found = at("HEAD", "a.yaml", ".")
    assert names(found) == ["HEAD:a.yaml a", "HEAD:link.yaml c"]
    assert [(each.rule, each.location.file, each.message) for each in found.loaded.findings] == [
        ("LV014", "HEAD:broken.yaml", "the link points to nothing")
    ]
    assert names(at("HEAD", "inner")) == ["HEAD:inner/d.yaml d"]
    root = root_of()
    readings = read_rollout(root, config_of(root.config, root.folder))
    # And the configuration.
    assert sorted([f"HEAD:{reading.file.path}" for reading in readings] + ["HEAD:penstock.yaml"]) == sorted(
        found.texts
    )


@pytest.mark.parametrize("place", ["", "rollout/"])
def test_inside_a_pre_commit_hook(history: History, place: str) -> None:
    """``git commit FILE`` gives its hooks an index of their own."""
    before = history.commit({f"{place}penstock.yaml": "", f"{place}a.yaml": lab("a"), "z.txt": "1"})
    hook = f"#!/bin/sh\nexec '{sys.executable}' hook.py {place}\n"
    history.write({"hook.py": HOOK, ".git/hooks/pre-commit": hook})
    (history.folder / ".git/hooks/pre-commit").chmod(0o755)
    history.write({"z.txt": "2"})
    history.git("commit", "-q", "-m", "x", "z.txt")
    index, commit, texts = (history.folder / "said").read_text().strip().split(" ", 2)
    assert ".git/" in index
    assert commit == before
    assert texts == str([f"HEAD:{place}a.yaml", f"HEAD:{place}penstock.yaml"])


HOOK = """
import os, sys
from penstock.workspace.roots import find_roots
from penstock.workspace.revision import open_revision
(root,) = find_roots(sys.argv[1:])
found = open_revision(root, "HEAD")
print(os.environ["GIT_INDEX_FILE"], found.commit, sorted(found.texts), file=open("said", "w"))
"""


def test_a_worktree(history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = history.commit({"r/penstock.yaml": "", "r/a.yaml": lab("a")})
    history.git("worktree", "add", "-q", "-b", "work", str(tmp_path / "tree"))
    (tmp_path / "tree/r/b.yaml").write_text(lab("b"))
    git_history.git(tmp_path / "tree", "add", ".")
    git_history.git(tmp_path / "tree", "commit", "-qm", "x")
    history.commit({"r/c.yaml": lab("c")})
    monkeypatch.chdir(tmp_path / "tree")
    assert names(at("HEAD", "r")) == ["HEAD:r/a.yaml a", "HEAD:r/b.yaml b"]
    base = open_revision(root_of("r"), "main")
    assert (base.commit, base.is_merge_base) == (first, True)


def test_a_bare_repository(history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history.commit({"penstock.yaml": "name: acme\n", "x/a.yaml": lab("a")})
    git_history.git(tmp_path, "clone", "-q", "--bare", "repo", "bare.git")
    monkeypatch.chdir(tmp_path / "bare.git")
    found = read_revision(Root(tmp_path / "bare.git"), "main")
    assert (found.config.name, names(found)) == ("acme", ["main:x/a.yaml a"])


def test_a_shallow_clone_takes_the_revision_itself(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.commit({"penstock.yaml": "", "a.yaml": lab("a")})
    history.git("branch", "work")
    main = history.commit({"b.yaml": lab("b")})
    history.git("checkout", "-q", "work")
    history.commit({"c.yaml": lab("c")})
    url = f"file://{history.folder}"
    git_history.git(tmp_path, "clone", "-q", "--depth=1", "--no-single-branch", "-b", "work", url, "clone")
    monkeypatch.chdir(tmp_path / "clone")
    base = open_revision(root_of(), "origin/main")
    assert (base.commit, base.is_merge_base) == (main, False)
    assert names(base) == ["origin/main:a.yaml a", "origin/main:b.yaml b"]


@pytest.mark.parametrize("filtered", ["blob:none", "tree:0"])
def test_a_partial_clone(history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, filtered: str) -> None:
    history.git("config", "uploadpack.allowFilter", "true")
    history.git("config", "uploadpack.allowAnySHA1InWant", "true")
    files = {f"[r] x/{number}.yaml": lab(f"a{number}") for number in range(5)}
    commit = history.commit({"[r] x/penstock.yaml": "", ".gitignore": "old\n", **files, "large": "x\n"})
    history.commit({name: lab("new" + name[-6]) for name in files} | {".gitignore": "", "large": "y\n"})
    git_history.git(tmp_path, "clone", "-q", f"--filter={filtered}", f"file://{history.folder}", "clone")
    clone = tmp_path / "clone"
    for folder in (clone, clone / "[r] x", tmp_path):
        monkeypatch.chdir(folder)
        where = os.path.relpath(clone / "[r] x")
        assert len(names(at("HEAD", where))) == 5
        message, hint = fault(InputError, "HEAD~1", where)
        assert message == "this is a partial clone, and not all of HEAD~1 is in it"
        assert commit in hint
    git_history.git(Path.cwd(), *hinted(hint))
    assert len(names(at("HEAD~1", where))) == 5
    # No more than is needed.
    missing = git_history.git(clone, "rev-list", "--objects", "--missing=print", "HEAD~1")
    assert f"?{history.git('rev-parse', 'HEAD~1:large')}" in missing


def with_submodules(history: History, tmp_path: Path) -> tuple[History, History]:
    """``history`` with the submodule libs/contracts, which has the submodule deep."""
    deep = History(tmp_path / "deep")
    deep.commit({"d.yaml": lab("deep-one")})
    middle = History(tmp_path / "middle")
    middle.commit({"m.yaml": lab("middle-one"), ".gitignore": "no.yaml\n", "no.yaml": lab("no")})
    middle.git("submodule", "--quiet", "add", "../deep", "deep")
    middle.commit()
    history.commit({"penstock.yaml": "", "a.yaml": lab("a"), "plain/p.yaml": lab("p")})
    history.git("submodule", "--quiet", "add", "--name", "the contracts", "../middle", "libs/contracts")
    history.git("submodule", "--quiet", "update", "--init", "--recursive")
    history.commit()
    return middle, deep


def test_submodules(history: History, tmp_path: Path) -> None:
    middle, _ = with_submodules(history, tmp_path)
    inner = history.folder / "libs/contracts"
    expected = [
        "a.yaml a",
        "libs/contracts/deep/d.yaml deep-one",
        "libs/contracts/m.yaml middle-one",
        "plain/p.yaml p",
    ]
    assert names(at("HEAD")) == [f"HEAD:{each}" for each in expected]
    assert names(at("HEAD", "libs/contracts/m.yaml")) == names(at("HEAD"))
    newer = middle.commit({"m.yaml": lab("middle-two")})
    git_history.git(inner, "fetch", "-q")
    git_history.git(inner, "checkout", "-q", newer)
    history.commit()
    assert names(at("HEAD~1")) == [f"HEAD~1:{each}" for each in expected]
    assert "HEAD:libs/contracts/m.yaml middle-two" in names(at("HEAD"))
    found = at("HEAD").read(inner / "deep/d.yaml")
    assert found is not None
    assert found.file.text == lab("deep-one")
    # Once it is deleted, git still keeps it, and those inside it.
    history.git("rm", "-q", "-f", "libs/contracts")
    history.commit()
    assert names(at("HEAD~2")) == [f"HEAD~2:{each}" for each in expected]
    assert not inner.exists()


def test_a_rollout_in_a_submodule(history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_submodules(history, tmp_path)
    monkeypatch.chdir(history.folder / "libs/contracts")
    assert names(read_revision(Root(Path.cwd()), "HEAD")) == [
        "HEAD:deep/d.yaml deep-one",
        "HEAD:m.yaml middle-one",
    ]


def test_a_folder_that_was_a_submodule(history: History, tmp_path: Path) -> None:
    with_submodules(history, tmp_path)
    history.git("rm", "-q", "-f", "libs/contracts")
    history.commit({"libs/contracts/new.yaml": lab("new"), "libs/contracts/deep/e.yaml": lab("e")})
    found = read_revision(Root(history.folder / "libs/contracts"), "HEAD~1")
    prefix = "HEAD~1:libs/contracts"
    assert names(found) == [f"{prefix}/deep/d.yaml deep-one", f"{prefix}/m.yaml middle-one"]
    found = read_revision(Root(history.folder / "libs/contracts/deep"), "HEAD~1")
    assert (found.existed, names(found)) == (True, [f"{prefix}/deep/d.yaml deep-one"])


def test_a_submodule_that_is_not_here(history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    middle, _ = with_submodules(history, tmp_path)
    git_history.git(tmp_path, "clone", "-q", "repo", "clone")
    monkeypatch.chdir(tmp_path / "clone")
    message, hint = fault(InputError, "HEAD")
    assert message == "HEAD has the submodule libs/contracts, which is not here"
    git_history.git(Path.cwd(), *hinted(hint))
    message, hint = fault(InputError, "HEAD")
    assert message == "HEAD:libs/contracts has the submodule deep, which is not here"
    git_history.git(Path.cwd(), *hinted(hint))
    assert len(names(at("HEAD"))) == 4
    assert names(at("HEAD~1")) == ["HEAD~1:a.yaml a", "HEAD~1:plain/p.yaml p"]
    # A commit of it that has not been fetched.
    newer = middle.commit({"m.yaml": lab("middle-two")})
    git_history.git(history.folder / "libs/contracts", "fetch", "-q")
    git_history.git(history.folder / "libs/contracts", "checkout", "-q", newer)
    history.commit()
    git_history.git(Path.cwd(), "fetch", "-q", "--no-recurse-submodules")
    message, hint = fault(InputError, "origin/main")
    assert message == f"origin/main has the submodule libs/contracts at commit {newer}, which is not here"
    assert hint == f"`git -C libs/contracts fetch origin {newer}` fetches it"
    git_history.git(Path.cwd(), *hinted(hint))
    assert "origin/main:libs/contracts/m.yaml middle-two" in names(at("origin/main"))


def test_a_submodule_that_does_not_count_need_not_be_here(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_submodules(history, tmp_path)
    history.commit({"penstock.yaml": "manifests: {exclude: [libs/]}\n"})
    git_history.git(tmp_path, "clone", "-q", "repo", "clone")
    monkeypatch.chdir(tmp_path / "clone")
    assert names(at("HEAD")) == ["HEAD:a.yaml a", "HEAD:plain/p.yaml p"]


@pytest.mark.parametrize("name", ["../../../elsewhere/.git", "{tmp}/elsewhere/.git"])
def test_no_name_of_a_submodule_leads_elsewhere(history: History, tmp_path: Path, name: str) -> None:
    with_submodules(history, tmp_path)
    commit = History(tmp_path / "elsewhere").commit({"secret.yaml": lab("secret")})
    name = name.format(tmp=tmp_path)
    history.write({".gitmodules": f'[submodule "{name}"]\n\tpath = evil\n\turl = ../elsewhere\n'})
    history.git("add", ".gitmodules")
    history.git("update-index", "--add", "--cacheinfo", f"160000,{commit},evil")
    history.git("commit", "-qm", "x")
    assert (history.folder / ".git/modules" / name / "HEAD").is_file()
    message, _ = fault(InputError, "HEAD")
    assert message == "HEAD has the submodule evil, which is not here"


def test_another_repository_in_the_place_of_a_submodule(history: History, tmp_path: Path) -> None:
    with_submodules(history, tmp_path)
    expected = names(at("HEAD"))
    history.git("rm", "-q", "-f", "libs/contracts")
    History(tmp_path / "other").commit({"o.yaml": lab("other-one")})
    history.git("submodule", "--quiet", "add", "../other", "libs/contracts")
    history.commit()
    assert names(at("HEAD~1")) == [each.replace("HEAD:", "HEAD~1:") for each in expected]
    assert "HEAD:libs/contracts/o.yaml other-one" in names(at("HEAD"))


def test_packs_as_they_were(history: History, tmp_path: Path) -> None:
    files = {
        "r/penstock.yaml": "packs: [levie, ./ours, ../shared/pack]\n",
        "r/ours/one.yaml": "1\n",
        "r/ours/more/two.yml": "2\n",
        "r/ours/.hidden.yaml": "",
        "r/ours/.git-like/x.yaml": "",
        "r/ours/readme.md": "",
        "shared/pack/pack.yaml": "3\n",
        "store/linked.yaml": "4\n",
    }
    history.write(files)
    (history.folder / "r/ours/link.yaml").symlink_to("../../store/linked.yaml")
    (history.folder / "r/ours/broken.yaml").symlink_to("nothing.yaml")
    history.commit()
    history.git("rm", "-qr", "shared")
    history.commit({"r/ours/one.yaml": "new\n"})
    found = at("HEAD~1", "r")
    assert found.pack_files("./ours") == {"one.yaml": b"1\n", "more/two.yml": b"2\n", "link.yaml": b"4\n"}
    assert found.pack_files("../shared/pack") == {"pack.yaml": b"3\n"}
    assert found.pack_files("../shared/gone") == {}
    assert found.pack_files("levie") is None
    assert found.pack_files("../../outside") is None
    assert found.pack_files(GitReference("https://acme.example/x", "v1")) is None
    assert at("HEAD", "r").pack_files("../shared/pack") == {}
    assert (at("HEAD", "r").pack_files("./ours") or {})["one.yaml"] == b"new\n"


def test_a_pack_in_a_submodule_and_one_that_is_the_rollout(history: History, tmp_path: Path) -> None:
    with_submodules(history, tmp_path)
    found = at("HEAD")
    inside = found.pack_files("./libs/contracts")
    assert inside is not None
    assert sorted(inside) == ["deep/d.yaml", "m.yaml", "no.yaml"]
    assert found.pack_files("./libs/contracts/deep") == {"d.yaml": lab("deep-one").encode()}
    everything = found.pack_files("./")
    assert everything is not None
    assert sorted(everything) == [
        "a.yaml",
        "libs/contracts/deep/d.yaml",
        "libs/contracts/m.yaml",
        "libs/contracts/no.yaml",
        "penstock.yaml",
        "plain/p.yaml",
    ]


def test_three_thousand_files_take_few_processes(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    history.commit({"penstock.yaml": ""} | {f"{n % 37}/{n % 11}/{n}.yaml": lab(f"n{n}") for n in range(3000)})
    root = root_of()
    started = []
    real = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *given, **more: started.append(given) or real(*given, **more))
    monkeypatch.setattr(revision_module, "load", lambda name, root, readings, config: len(readings))
    found = open_revision(root, "HEAD")
    assert found.loaded == 3000
    assert len(started) < 15


def test_a_name_that_is_no_text(history: History) -> None:
    name = os.fsdecode(b"caf\xe9\n.yaml")
    try:
        (history.folder / name).write_text(lab("a"))
    except OSError:
        pytest.skip("the file system takes UTF-8 only")
    history.commit({"penstock.yaml": ""})
    assert names(at("HEAD")) == [f"HEAD:{name} a"]


def test_outside_of_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r/inner").mkdir(parents=True)
    (tmp_path / "r/penstock.yaml").write_text("")
    History(tmp_path / "r/inner").commit({"a.yaml": lab("a")})
    assert fault(UsageError, "HEAD", "r")[0] == "r is not in a git repository"


def test_a_folder_reached_by_a_link(history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history.commit({"r/penstock.yaml": "name: acme\n", "r/a.yaml": lab("a"), "r/sub/b.yaml": lab("b")})
    (tmp_path / "way").symlink_to("repo/r", target_is_directory=True)
    (history.folder / "inside").symlink_to("r", target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    for way in ("way", "repo/inside"):
        found = read_revision(root_of(way), "HEAD")
        assert found.config.name == "acme"
        assert names(found) == [f"HEAD:{way}/a.yaml a", f"HEAD:{way}/sub/b.yaml b"]
