"""Packs from git: pinned, fetched and checked with, against bare repositories on this machine."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from git_history import History
from own_pack import POLICY
from penstock.cli import main
from penstock.source import remote as remote_module
from penstock.workspace.check import Options, check

PACK = """apiVersion: policy/v1
kind: Pack
metadata: {name: acme}
spec: {version: 1.2.0, title: Acme's own rules, manifests: [rollout/v1]}
"""
LAB = """apiVersion: rollout/v1
kind: VendorContract
metadata: {name: acme-lab}
spec: {vendor: Acme Lab, category: model-lab, startsOn: 2026-01-01, endsOn: 2026-12-31}
"""
CHECK = ("check", "--as-of", "2026-11-20", "--select", "ACME001", "-o", "concise")
FOUND = "lab.yaml:4:16: error ACME001[vendor-too-long] too long\n"


class Repository:
    """A repository with a working folder, and the bare one that packs are fetched from."""

    def __init__(self, folder: Path) -> None:
        self.work = folder / "work"
        self.bare = folder / "policies.git"
        self.work.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main", ".")
        subprocess.run(["git", "init", "--quiet", "--bare", str(self.bare)], check=True)
        self.git("remote", "add", "origin", str(self.bare))

    @property
    def url(self) -> str:
        return self.bare.as_uri()

    def git(self, *words: str) -> str:
        identity = (
            "-c",
            "user.name=Acme",
            "-c",
            "user.email=acme@acme.example",
            "-c",
            "protocol.file.allow=always",
        )
        done = subprocess.run(
            ["git", *identity, *words], cwd=self.work, check=True, capture_output=True, text=True, encoding="utf-8"
        )
        return done.stdout.strip()

    def commit(self, **files: str) -> str:
        """Write files (``__`` for a slash, ``_yaml`` for the suffix), commit, push; the commit's id."""
        for name, text in files.items():
            file = self.work / name.replace("__", "/").replace("_yaml", ".yaml")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", "policies")
        return self.push()

    def push(self) -> str:
        self.git("push", "--quiet", "--force", "--all", "origin")
        self.git("push", "--quiet", "--force", "--tags", "origin")
        return self.git("rev-parse", "HEAD")


@pytest.fixture(autouse=True)
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    (tmp_path / "gitconfig").write_text("")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("PENSTOCK_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("PENSTOCK_PACKS_DIR", str(tmp_path / "packs"))
    monkeypatch.setenv("PENSTOCK_PACKS_ALLOW_FILE", "1")
    return tmp_path / "packs"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "remote")
    made.commit(policies__pack_yaml=PACK, policies__vendor_too_long_yaml="")
    (made.work / "policies" / "vendor_too_long.yaml").unlink()
    (made.work / "policies" / "vendor-too-long.yaml").write_text(POLICY)
    made.commit()
    made.git("tag", "-a", "v1.2.0", "-m", "the first")
    made.push()
    return made


@pytest.fixture(autouse=True)
def rollout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "rollout"
    made.mkdir()
    (made / "lab.yaml").write_text(LAB)
    monkeypatch.chdir(made)
    return made


def use(rollout: Path, *entries: str) -> None:
    lines = "".join(f"  - {entry}\n" for entry in entries)
    (rollout / "penstock.yaml").write_text(f"name: acme\npacks:\n{lines}")


def entry(repository: Repository, revision: str = "v1.2.0", path: str = "policies") -> str:
    return f"{{git: '{repository.url}', revision: '{revision}', path: '{path}'}}"


def ran(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[str, str]:
    """Message and help of the one fault."""
    code, out, err = ran(capsys, *words)
    lines = err.splitlines()
    assert (code, out) == (2, "")
    assert len([line for line in lines if line.startswith("penstock: error: ")]) == 1
    helps = [line.removeprefix("  = help: ") for line in lines if line.startswith("  = help: ")]
    return lines[0].removeprefix("penstock: error: "), helps[0] if helps else ""


def test_a_pack_is_pinned_fetched_and_checked_with(
    rollout: Path, repository: Repository, packs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use(rollout, entry(repository))
    commit = repository.git("rev-parse", "HEAD")
    where = f"{repository.url} at v1.2.0 (policies)  {commit[:12]}"
    assert ran(capsys, "pack", "lock") == (
        0,
        f"penstock.lock: 1 pack from git\n  acme 1.2.0  {where}, new\n",
        "",
    )
    (copy,) = packs.iterdir()
    lock = (rollout / "penstock.lock").read_text()
    assert lock.splitlines()[:-1] == [
        "# Written by `penstock pack lock`. Commit it; do not edit it.",
        "apiVersion: lock/v1",
        "packs:",
        f'  - git: "{repository.url}"',
        '    revision: "v1.2.0"',
        '    path: "policies"',
        f'    commit: "{commit}"',
    ]
    assert copy.name == f"{commit}-{lock.splitlines()[-1].split(':')[2].strip(chr(34))}.pack"
    for _ in range(2):  # compiled, and from the cache
        assert ran(capsys, *CHECK)[:2] == (1, FOUND)
    assert ran(capsys, "pack", "lock")[1].endswith(", as before\n")
    assert (rollout / "penstock.lock").read_text() == lock
    assert ran(capsys, "pack", "fetch")[1].endswith(f"{where}, was here\n")


def test_a_check_starts_no_git_and_needs_no_remote(
    rollout: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use(rollout, entry(repository))
    main(["pack", "lock"])
    repository.bare.rename(repository.bare.with_name("gone"))
    capsys.readouterr()

    def refuse(*words: object, **options: object) -> None:
        raise AssertionError(f"started: {words}")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    assert ran(capsys, *CHECK)[:2] == (1, FOUND)
    assert ran(capsys, "pack", "list")[0] == 0
    assert ran(capsys, "pack", "fetch")[0] == 0
    assert ran(capsys, "rules", "--select", "ACME001")[0] == 0


def test_a_copy_that_is_missing_is_fetched_again(
    rollout: Path, repository: Repository, packs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use(rollout, entry(repository))
    main(["pack", "lock"])
    (copy,) = packs.iterdir()
    content = copy.read_bytes()
    copy.unlink()
    capsys.readouterr()
    message, hint = said(capsys, *CHECK)
    assert message == f"the pack {repository.url} at v1.2.0 (policies) has not been fetched"
    assert hint == "run `penstock pack fetch`"
    assert ran(capsys, "pack", "fetch")[1].endswith(", fetched\n")
    assert copy.read_bytes() == content
    assert ran(capsys, *CHECK)[:2] == (1, FOUND)


def test_a_copy_that_was_changed_judges_nothing(
    rollout: Path, repository: Repository, packs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use(rollout, entry(repository))
    main(["pack", "lock"])
    main(list(CHECK))  # so that the compiled pack is in the cache
    capsys.readouterr()
    (copy,) = packs.iterdir()
    copy.write_bytes(copy.read_bytes().replace(b"< 4", b"< 9"))
    message, hint = said(capsys, *CHECK)
    assert "is not what penstock.lock says: " in message
    assert hint == "run `penstock pack fetch`, which replaces it"
    assert ran(capsys, "pack", "fetch")[1].endswith(", fetched\n")
    assert ran(capsys, *CHECK)[:2] == (1, FOUND)


def test_a_tag_that_was_moved_changes_nothing_until_it_is_pinned_again(
    rollout: Path, repository: Repository, packs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use(rollout, entry(repository))
    main(["pack", "lock"])
    before = repository.git("rev-parse", "HEAD")
    (repository.work / "policies" / "vendor-too-long.yaml").write_text(POLICY.replace("< 4", "< 9"))
    after = repository.commit()
    repository.git("tag", "-f", "-a", "v1.2.0", "-m", "moved")
    repository.push()
    for copy in packs.iterdir():
        copy.unlink()
    capsys.readouterr()
    assert ran(capsys, "pack", "fetch")[0] == 0
    assert ran(capsys, *CHECK)[:2] == (1, FOUND)
    assert ran(capsys, "pack", "lock")[1].endswith(
        f"{after[:12]}, was {before[:12]}: v1.2.0 has been moved since\n"
    )
    assert ran(capsys, *CHECK)[0] == 0


def test_a_lock_that_is_older_than_the_configuration(
    rollout: Path, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    use(rollout, entry(repository))
    main(["pack", "lock"])
    use(rollout, entry(repository, "main"))
    capsys.readouterr()
    for command in (CHECK, ("pack", "fetch"), ("rules",)):
        message, hint = said(capsys, *command)
        assert message == "penstock.lock is older than this: it has the pack at v1.2.0, not at main"
        assert hint == "run `penstock pack lock`, and commit penstock.lock"


def test_without_a_lock(rollout: Path, repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    use(rollout, entry(repository))
    for command in (CHECK, ("pack", "fetch"), ("policy", "test")):
        message, hint = said(capsys, *command)
        what = f"the pack {repository.url} at v1.2.0 (policies) is not locked: there is no penstock.lock"
        assert (message, hint) == (what, "run `penstock pack lock`, and commit penstock.lock")


def test_a_lock_that_was_tampered_with_is_not_obeyed(
    rollout: Path, repository: Repository, packs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use(rollout, entry(repository))
    main(["pack", "lock"])
    first = repository.git("rev-parse", "HEAD")
    (repository.work / "policies" / "vendor-too-long.yaml").write_text(POLICY.replace("< 4", "< 9"))
    second = repository.commit()
    lock = rollout / "penstock.lock"
    lock.write_text(lock.read_text().replace(first, second))
    capsys.readouterr()
    assert "has not been fetched" in said(capsys, *CHECK)[0]
    message, hint = said(capsys, "pack", "fetch")
    assert f"is not what penstock.lock says: at the commit {second} its files have the digest" in message
    assert hint == "find out who changed the lock; `penstock pack lock` writes it anew"
    assert len(list(packs.iterdir())) == 1


def test_a_commit_that_no_branch_has_any_more(
    rollout: Path, repository: Repository, packs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use(rollout, entry(repository))
    main(["pack", "lock"])
    lock = rollout / "penstock.lock"
    commit = repository.git("rev-parse", "HEAD")
    lock.write_text(lock.read_text().replace(commit, "d" * 40))
    capsys.readouterr()
    message, hint = said(capsys, "pack", "fetch")
    assert message == f"{repository.url} does not have the commit {'d' * 40}"
    assert hint == "its revision was moved or deleted; `penstock pack lock` takes what it is now"


def test_a_server_that_gives_only_what_has_a_name(
    rollout: Path,
    repository: Repository,
    packs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "gitconfig").write_text("[protocol]\n  version = 0\n")
    repository.git("push", "--quiet", "origin", ":refs/tags/v1.2.0")
    use(rollout, entry(repository, "main"))
    main(["pack", "lock"])
    repository.git("tag", "-d", "v1.2.0")
    repository.commit(later_yaml="x: 1\n")
    for copy in packs.iterdir():
        copy.unlink()
    started: list[str] = []
    run = subprocess.run

    def noted(words: list[str], **options: object) -> object:
        started.append(" ".join(words))
        return run(words, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", noted)
    capsys.readouterr()
    assert ran(capsys, "pack", "fetch")[1].endswith(", fetched\n")
    assert ["--depth=1" in line for line in started if " fetch " in line] == [True, False]


@pytest.mark.parametrize("revision", ["main", "refs/heads/main", "refs/tags/v1.2.0", "COMMIT"])
def test_a_revision_is_a_branch_a_tag_or_a_commit(
    rollout: Path, repository: Repository, capsys: pytest.CaptureFixture[str], revision: str
) -> None:
    commit = repository.git("rev-parse", "HEAD")
    use(rollout, entry(repository, revision.replace("COMMIT", commit)))
    assert ran(capsys, "pack", "lock")[0] == 0
    assert f'commit: "{commit}"' in (rollout / "penstock.lock").read_text()


def test_a_revision_that_is_a_tag_and_a_branch(
    rollout: Path, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.git("branch", "v1.2.0")
    repository.git("push", "--quiet", "origin", "refs/heads/v1.2.0")
    use(rollout, entry(repository))
    assert said(capsys, "pack", "lock") == (
        f"{repository.url} has a tag and a branch v1.2.0",
        "say which: refs/tags/v1.2.0 or refs/heads/v1.2.0",
    )


def test_a_revision_that_is_not_there(
    rollout: Path, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    use(rollout, entry(repository, "v9"))
    assert said(capsys, "pack", "lock")[0] == f"{repository.url} has no revision v9"
    use(rollout, entry(repository, repository.git("rev-parse", "HEAD")[:9]))
    assert said(capsys, "pack", "lock")[1] == "of a commit, write the whole id: 40 hex digits"
    assert not (rollout / "penstock.lock").exists()


def test_a_repository_that_is_not_there(
    rollout: Path, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    use(rollout, entry(repository).replace("policies.git", "nothing.git"))
    message, hint = said(capsys, "pack", "lock")
    gone = repository.url.replace("policies.git", "nothing.git")
    assert message.startswith(f"git cannot fetch from {gone}: ")
    assert hint == "git can use a credential helper or an ssh agent here, and cannot ask at the terminal"


def test_a_repository_on_this_machine_must_be_allowed(
    rollout: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PENSTOCK_PACKS_ALLOW_FILE")
    use(rollout, entry(repository))
    message, hint = said(capsys, "pack", "lock")
    assert message == f"{repository.url} is a repository on this machine: others cannot fetch it"
    assert hint == "use https or ssh; PENSTOCK_PACKS_ALLOW_FILE=1 in the environment allows it here"


@pytest.mark.parametrize("through", ["ext::sh -c 'touch {}' ", "{}/remote/policies.git"])
def test_settings_that_lead_an_address_elsewhere_do_not_widen_what_is_allowed(
    rollout: Path,
    repository: Repository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    through: str,
) -> None:
    monkeypatch.delenv("PENSTOCK_PACKS_ALLOW_FILE")
    base = through.format(tmp_path / "ran" if "ext" in through else tmp_path)
    (tmp_path / "gitconfig").write_text(
        f'[url "{base}"]\n  insteadOf = https://git.acme.example/p\n[protocol]\n  allow = always\n'
    )
    use(rollout, "{git: 'https://git.acme.example/p', revision: v1.2.0, path: policies}")
    message, _ = said(capsys, "pack", "lock")
    assert message.startswith("git cannot fetch from https://git.acme.example/p: transport '")
    assert message.endswith("' not allowed")
    assert not (tmp_path / "ran").exists()


def test_nothing_of_the_repository_or_the_settings_is_run(
    rollout: Path, repository: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("reference-transaction", "post-checkout", "post-merge"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch '{tmp_path / 'ran'}'\n")
        (hooks / name).chmod(0o755)
    filters = f'[filter "evil"]\n  smudge = touch "{tmp_path / "ran"}"\n  required = true\n'
    (tmp_path / "gitconfig").write_text(f"[core]\n  hooksPath = {hooks}\n{filters}")
    (repository.work / ".gitattributes").write_text("*.yaml filter=evil\n")
    repository.git("-c", "core.hooksPath=/dev/null", "-c", "filter.evil.clean=cat", "add", "--all")
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    identity = ("-c", "user.name=Acme", "-c", "user.email=acme@acme.example")
    for words in (("commit", "--quiet", "-m", "x"), ("push", "--quiet", "origin", "main")):
        subprocess.run(["git", *identity, *words], cwd=repository.work, env=environment, check=True)
    use(rollout, entry(repository, "main"))
    assert ran(capsys, "pack", "lock")[0] == 0
    assert ran(capsys, *CHECK)[:2] == (1, FOUND)
    assert not (tmp_path / "ran").exists()


def test_a_hook_of_another_repository_does_not_lead_astray(
    rollout: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GIT_DIR", str(repository.work / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(repository.work / ".git" / "index"))
    use(rollout, entry(repository))
    assert ran(capsys, "pack", "lock")[0] == 0


def test_a_symbolic_link_in_a_pack_is_refused(
    rollout: Path, repository: Repository, packs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository.work / "policies" / "secret.yaml").symlink_to("/etc/passwd")
    (repository.work / "policies" / "notes.txt").symlink_to("/etc/passwd")  # not of the pack
    commit = repository.commit()
    use(rollout, entry(repository, "main"))
    message, _ = said(capsys, "pack", "lock")
    where = f"{repository.url} at the commit {commit}"
    assert message == f"{where} has a file 'secret.yaml' that cannot be in a pack: it is a symbolic link"
    assert not packs.exists()


def test_a_submodule_in_a_pack_is_left_out(
    rollout: Path, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{'e' * 40},policies/more.yaml")
    repository.git("commit", "--quiet", "-m", "a submodule")
    repository.push()
    use(rollout, entry(repository, "main"))
    assert ran(capsys, "pack", "lock")[0] == 0
    assert ran(capsys, *CHECK)[:2] == (1, FOUND)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("a\\b.yaml", "its name is no plain path"),
        ("a\x1b.yaml", "its name is no plain path"),
        ("\udcff.yaml", "UTF-8"),
    ],
)
def test_a_name_that_is_no_plain_path_is_refused(
    rollout: Path, repository: Repository, capsys: pytest.CaptureFixture[str], name: str, why: str
) -> None:
    (repository.work / "policies" / name).write_text("x: 1\n")
    repository.commit()
    use(rollout, entry(repository, "main"))
    message, _ = said(capsys, "pack", "lock")
    assert why in message
    assert "\x1b" not in message


def test_a_pack_that_is_too_large_is_refused(
    rollout: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    use(rollout, entry(repository))
    monkeypatch.setattr(remote_module, "MOST_FILES", 1)
    assert said(capsys, "pack", "lock")[0].endswith(" has 2 files for a pack; 1 is the most")
    monkeypatch.setattr(remote_module, "MOST_FILES", 2)
    monkeypatch.setattr(remote_module, "MOST_BYTES", 200)
    assert said(capsys, "pack", "lock") == (
        f"{repository.url} at the commit {repository.git('rev-parse', 'HEAD')} is too large for a pack: "
        "at 'vendor-too-long.yaml'",
        "name the pack's own folder as `path`",
    )


def test_a_folder_that_is_not_there(
    rollout: Path, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    use(rollout, entry(repository, path="rules"))
    message, hint = said(capsys, "pack", "lock")
    assert message.endswith(" has no folder rules")
    assert hint == "`path` is the folder that holds pack.yaml"


def test_a_pack_must_say_what_it_is(
    rollout: Path, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    use(rollout, f"{{git: '{repository.url}', revision: main}}")
    assert said(capsys, "pack", "lock")[0].endswith("/policies@main has no pack.yaml")
    (repository.work / "policies" / "pack.yaml").write_text(PACK.replace("[rollout/v1]}", "[rollout/v9]}"))
    repository.commit()
    use(rollout, entry(repository, "main"))
    assert "the pack `acme` reads manifests of `rollout/v9`; penstock " in said(capsys, "pack", "lock")[0]


def test_a_fault_in_one_leaves_every_lock_as_it_was(
    rollout: Path, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, revision in (("a", "v1.2.0"), ("b", "v9")):
        (rollout / name).mkdir()
        use(rollout / name, entry(repository, revision))
    said(capsys, "pack", "lock")
    assert not (rollout / "a" / "penstock.lock").exists()
    use(rollout / "b", entry(repository, "main"))
    code, out, _ = ran(capsys, "pack", "lock")
    assert code == 0
    assert [line for line in out.splitlines() if not line.startswith(" ")] == [
        "a/penstock.lock: 1 pack from git",
        "b/penstock.lock: 1 pack from git",
    ]


def test_a_pack_that_is_used_no_more_leaves_the_lock(
    rollout: Path, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    use(rollout, entry(repository), entry(repository, "main"))
    main(["pack", "lock"])
    assert (rollout / "penstock.lock").read_text().count("commit:") == 2
    use(rollout, "levie")
    capsys.readouterr()
    assert ran(capsys, "pack", "lock") == (0, "no pack from git\n", "")
    assert (rollout / "penstock.lock").read_text().endswith("\npacks: []\n")


def test_the_list_says_where_every_pack_is_from(
    rollout: Path, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    (rollout / "own").mkdir()
    (rollout / "own" / "own-rule.yaml").write_text(
        POLICY.replace("ACME001", "OWN001").replace("vendor-too-long", "own-rule")
    )
    use(rollout, entry(repository), "./own")
    main(["pack", "lock"])
    commit = repository.git("rev-parse", "HEAD")
    capsys.readouterr()
    code, out, err = ran(capsys, "pack", "list")
    lines = [line for line in out.splitlines() if not line.startswith("  digest")]
    assert (code, err) == (0, "")
    assert lines == [
        "acme: acme, own",
        "",
        "acme 1.2.0: Acme's own rules",
        "  rules     1",
        f"  from      git {repository.url}@{commit} policies",
        "  revision  v1.2.0",
        f"  commit    {commit}",
        "",
        "own 0: own",
        "  rules     1",
        "  from      folder ./own",
    ]
    digests = [line.split()[1] for line in out.splitlines() if line.startswith("  digest")]
    assert f'digest: "{digests[0]}"' in (rollout / "penstock.lock").read_text()
    use(rollout, entry(repository, "main"), "./own")
    code, out, err = ran(capsys, "pack", "list")
    assert (code, out.splitlines()[0]) == (2, "acme: own")
    assert "penstock.lock is older than this" in err


def test_a_lock_that_was_written_anew_is_a_change_of_the_rules(rollout: Path, repository: Repository) -> None:
    use(rollout, entry(repository))
    main(["pack", "lock"])
    history = History(rollout)
    history.commit()
    report = check(Options(as_of="2026-11-20", changed=True))
    assert (len(report.findings), report.bases[0].everything) == (0, False)
    (repository.work / "policies" / "vendor-too-long.yaml").write_text(POLICY.replace("< 4", "< 9"))
    repository.commit()
    (rollout / "penstock.lock").write_text((rollout / "penstock.lock").read_text().replace("packs:", "packs: "))
    assert check(Options(as_of="2026-11-20", changed=True)).bases[0].everything is False
    repository.git("tag", "-f", "-a", "v1.2.0", "-m", "moved")
    repository.push()
    main(["pack", "lock"])
    assert check(Options(as_of="2026-11-20", changed=True)).bases[0].everything is True
    history.git("commit", "-qam", "locked anew")
    assert check(Options(as_of="2026-11-20", changed=True)).bases[0].everything is False
    history.git("rm", "-q", "--cached", "penstock.lock")
    history.git("commit", "-qm", "no lock")
    assert check(Options(as_of="2026-11-20", changed=True)).bases[0].everything is True
