"""What makes a check look again, one thing at a time, and what does not."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from answered import CONFIG, POLICY, Clock, contract, found_out, run

from penstock import cache
from penstock.answers import answer

Change = Callable[[Path], object]


def write(path: Path, text: str) -> None:
    """Write a file; its stamp is another than before."""
    before = path.stat().st_ctime_ns if path.exists() else 0
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    while path.stat().st_ctime_ns == before:
        path.chmod(0o600)


def rewritten_without_a_trace_in_size_and_time(root: Path) -> None:
    status = (root / "one.yaml").stat()
    write(root / "one.yaml", contract("one", "beta"))
    os.utime(root / "one.yaml", ns=(status.st_atime_ns, status.st_mtime_ns))


def replaced_by_a_link(root: Path) -> None:
    (root / "one.yaml").rename(root.parent / "one.yaml")
    (root / "one.yaml").symlink_to(root.parent / "one.yaml")


NOTICED: dict[str, Change] = {
    "a manifest of the same size": rewritten_without_a_trace_in_size_and_time,
    "a touched manifest": lambda root: os.utime(root / "one.yaml", ns=(1, 1)),
    "a manifest more": lambda root: write(root / "sub" / "four.yaml", contract("four")),
    "a manifest in a new folder": lambda root: write(root / "new" / "four.json", "{}"),
    "a manifest less": lambda root: (root / "sub" / "three.yaml").unlink(),
    "a manifest of another name": lambda root: (root / "one.yaml").rename(root / "a.yaml"),
    "a manifest of no such name": lambda root: (root / "one.yaml").rename(root / "one.txt"),
    "a folder of another name": lambda root: (root / "sub").rename(root / "bus"),
    "a hidden folder": lambda root: (root / "sub").rename(root / ".sub"),
    "a link in place of a manifest": replaced_by_a_link,
    "a link more": lambda root: (root / "linked.yaml").symlink_to("one.yaml"),
    "a pipe": lambda root: os.mkfifo(root / "pipe.yaml"),
    "a .gitignore": lambda root: write(root / ".gitignore", "one.yaml\n"),
    "a .gitignore inside": lambda root: write(root / "sub" / ".gitignore", "*\n"),
    "a repository above": lambda root: write(root.parent / ".git" / "HEAD", ""),
    "a configuration": lambda root: write(root / "penstock.yaml", f"{CONFIG}failOn: warning\n"),
    "no configuration": lambda root: (root / "penstock.yaml").rename(root / "penstock.yml"),
    "a rollout inside": lambda root: write(root / "sub" / "penstock.yaml", "packs: [../policies]\n"),
    "a policy": lambda root: write(
        root / "policies" / "vendor-too-long.yaml", POLICY.replace("Shorten", "Change")
    ),
    "a policy more": lambda root: write(
        root / "policies" / "x" / "second.yml", POLICY.replace("ACME001", "ACME2").replace("vendor-too-long", "b")
    ),
    "no policy": lambda root: (root / "policies" / "vendor-too-long.yaml").unlink(),
    "a baseline": lambda root: write(root / "penstock-baseline.yaml", "apiVersion: baseline/v1\nentries: []\n"),
    "a link to a baseline that is not there": lambda root: (root / "penstock-baseline.yaml").symlink_to("away"),
    "owners": lambda root: write(root / "CODEOWNERS", "* @acme/risk\n"),
    "owners by another name": lambda root: write(root / ".github" / "CODEOWNERS", "* @acme/risk\n"),
}


@pytest.mark.parametrize("later", [0, 10], ids=["at once", "later"])
@pytest.mark.parametrize("what", NOTICED)
def test_noticed(rollout: Path, clock: Clock, what: str, later: int) -> None:
    clock.later = later
    first = run()
    second = run()
    assert (first.answered, second.answered) == (False, True)
    assert first[:3] == second[:3]
    NOTICED[what](rollout)
    third = run()
    assert not third.answered
    assert third[:3] == found_out()


UNNOTICED: dict[str, Change] = {
    "another file": lambda root: write(root / "README.md", "x"),
    "a hidden file": lambda root: write(root / "sub" / ".x.yaml", "x"),
    "a file in a hidden folder": lambda root: write(root / ".cache" / "x.yaml", "x"),
    "an empty folder": lambda root: (root / "empty").mkdir(),
    "a file beside the rollout": lambda root: write(root.parent / "x.yaml", "x"),
    "a link to a folder": lambda root: (root / "link").symlink_to("sub"),
    "a day in a file's past": lambda root: os.utime(root),
}


@pytest.mark.parametrize("what", UNNOTICED)
def test_not_noticed(rollout: Path, clock: Clock, what: str) -> None:
    run()
    UNNOTICED[what](rollout)
    done = run()
    assert done.answered
    assert done[:3] == found_out()


def test_the_repository_s_own_files_do_not_matter_but_its_patterns_do(rollout: Path, clock: Clock) -> None:
    write(rollout / ".git" / "info" / "exclude", "two.yaml\n")
    run()
    write(rollout / ".git" / "index", "x")
    assert run().answered
    write(rollout / ".git" / "info" / "exclude", "one.yaml\n")
    assert not run().answered
    write(rollout.parent / ".gitignore", "sub/\n")
    assert run().answered  # above the repository
    (rollout / ".git").rename(rollout.parent / ".git")
    done = run()
    assert not done.answered
    assert done[:3] == found_out()


def test_a_worktree_s_patterns_are_in_its_repository(rollout: Path, clock: Clock) -> None:
    away = rollout.parent / "away" / ".git"
    write(away / "info" / "exclude", "two.yaml\n")
    write(away / "worktrees" / "here" / "commondir", "../..\n")
    write(rollout / ".git", f"gitdir: {away}/worktrees/here\n")
    clock.later = 10
    run()
    assert run().answered
    write(away / "info" / "exclude", "one.yaml\n")
    done = run()
    assert not done.answered
    assert done[:3] == found_out()
    run()
    write(rollout / ".git", "gitdir: /nowhere\n")
    assert not run().answered


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NO_COLOR", "1"),
        ("FORCE_COLOR", "1"),
        ("TERM", "dumb"),
        ("COLUMNS", "60"),
        ("GITHUB_SHA", "0123abc"),
        ("CI_COMMIT_SHA", "0123abc"),
        ("PENSTOCK_PACKS_DIR", "/nowhere"),
    ],
)
def test_the_environment(
    rollout: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.delenv(name, raising=False)
    run()
    monkeypatch.setenv("SOMETHING_ELSE", "1")
    assert run().answered
    monkeypatch.setenv(name, value)
    assert not run().answered
    assert run().answered
    monkeypatch.delenv(name)
    assert run().answered


def test_the_day_counts_unless_it_is_named(rollout: Path, clock: Clock) -> None:
    run()
    run("--as-of", "2026-11-20")
    clock.day = "2026-12-01"
    assert run("--as-of", "2026-11-20").answered
    done = run()
    assert not done.answered
    assert done[:3] == found_out()
    clock.day = "2026-11-20"
    assert not run().answered


def test_the_command_line_and_the_place_count(
    rollout: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    for words in (("-o", "concise"), ("--exit-zero",), (".",), ("sub",), ("--fail-on", "info")):
        done = run(*words)
        assert not done.answered
        assert done[:3] == found_out(*words)
        assert run(*words)[:3] == done[:3]
    monkeypatch.chdir(rollout / "sub")
    done = run()
    assert not done.answered
    assert done[:3] == found_out()


def test_another_penstock_asks_again(rollout: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    run()
    monkeypatch.setattr(cache, "__version__", "9.9.9")
    assert not run().answered
    monkeypatch.setattr(cache, "_code", lambda: ("a module has changed",))
    assert not run().answered


def test_another_python_or_other_packages_ask_again(
    rollout: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = rollout.parent / "installed"
    installed.mkdir()
    monkeypatch.setattr(sys, "path", [*sys.path, str(installed)])
    run()
    assert run().answered
    before = installed.stat().st_mtime_ns
    while installed.stat().st_mtime_ns == before:
        (installed / "acme_pack").mkdir(exist_ok=True)
        (installed / "acme_pack").rmdir()
    assert not run().answered
    monkeypatch.setattr(sys, "version", "4.0")
    assert not run().answered


@pytest.mark.parametrize(
    "words",
    [
        ("--no-cache",),
        ("-o", "json=../report.json"),
        ("-o", "text", "-o", "json=../report.json"),
        ("--select", "nothing"),
        ("--as-of", "never"),
        ("nowhere",),
    ],
)
def test_what_is_not_kept(rollout: Path, clock: Clock, words: tuple[str, ...]) -> None:
    first = run(*words)
    second = run(*words)
    assert not second.answered
    assert first == second


def test_a_step_summary_is_written_every_time(
    rollout: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("-o", "github")
    assert run("-o", "github").answered
    summary = rollout.parent / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    run("-o", "concise")
    assert run("-o", "concise").answered  # which writes none
    run("-o", "github")
    once = summary.read_text()
    assert not run("-o", "github").answered
    assert summary.read_text() == 2 * once


def test_a_file_that_cannot_be_read_may_be_read_the_next_time(rollout: Path, clock: Clock) -> None:
    write(rollout / "large.yaml", "x" * 9_000_000)
    assert run().code == 1
    assert not run().answered


def test_a_day_that_a_run_began_before_midnight(
    rollout: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from penstock.workspace import check

    monkeypatch.setattr(check, "today", lambda: "2026-12-01")
    run()  # asked on the day before, judged on the day after
    assert not run().answered
    clock.day = "2026-12-01"
    assert run().answered


def test_an_edit_while_the_check_is_at_work(rollout: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    from penstock.workspace import judged

    real = judged.rule_book

    def slow(*given: object) -> object:
        write(rollout / "one.yaml", contract("one", "beta"))
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(judged, "rule_book", slow)
    run()
    monkeypatch.undo()
    assert not run().answered


def test_every_variable_that_is_read_is_known() -> None:
    """A variable that a check reads and ``_VARIABLES`` lacks would leave an answer standing."""
    import re

    source = Path(answer.__file__).parents[1]
    pattern = re.compile(r"""(?:environ(?:\.get)?|getenv|given)[\[(]\s*["']([A-Z][A-Z_]+)["']""")
    read = {name for path in source.rglob("*.py") for name in pattern.findall(path.read_text(encoding="utf-8"))}
    without_effect = {
        "PENSTOCK_DEBUG",  # a fault's traceback
        "PENSTOCK_CACHE_DIR",  # where answers are
        "XDG_CACHE_HOME",
        "LOCALAPPDATA",
        "GITHUB_STEP_SUMMARY",  # written every time
        "PENSTOCK_PROCESSES",  # how fast
        "CI",  # whether to show that a run is under way
        "WT_SESSION",
        "PATH",  # where git is
        "GIT_DIR",
    }
    assert read - without_effect <= set(answer._VARIABLES)


def noticed(*words: str) -> bool:
    """Whether a check looks again; what it says is right either way."""
    done = run(*words)
    assert done[:3] == found_out(*words)
    assert done.code < 2
    return not done.answered


def test_rollouts_below_a_folder(rollout: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    clock.later = 10
    for name in ("east", "west/far"):
        write(rollout.parent / "all" / name / "penstock.yaml", "packs: [../policies, levie]\nselect: [LV801]\n")
    (rollout / "policies").rename(rollout.parent / "all" / "policies")
    (rollout.parent / "all" / "west" / "policies").symlink_to("../policies")
    monkeypatch.chdir(rollout.parent / "all")
    assert noticed()
    assert not noticed()
    Path("west/far/penstock.yaml").unlink()
    assert noticed()
    Path("south").mkdir()
    assert not noticed()
    write(Path("south/penstock.yaml"), "packs: [../policies]\n")
    assert noticed()
    assert not noticed()
    write(Path("penstock.yaml"), "packs: [./policies]\n")
    assert noticed()


def test_a_folder_without_a_configuration(rollout: Path, clock: Clock) -> None:
    clock.later = 10
    (rollout / "penstock.yaml").unlink()
    (rollout / "policies").rename(rollout.parent / "policies")
    words = ("--select", "LV007")
    assert noticed(*words)
    assert not noticed(*words)
    write(rollout / "sub" / "penstock.yaml", "")
    assert noticed(*words)
    (rollout / "sub" / "penstock.yaml").unlink()
    assert noticed(*words)
    assert not noticed(*words)
    write(rollout.parent / "penstock.yaml", "")
    assert noticed(*words)


def test_a_configuration_that_is_named(rollout: Path, clock: Clock) -> None:
    clock.later = 10
    words = ("--config", "../other.yaml")
    write(rollout.parent / "other.yaml", "packs: [./rollout/policies]\nmanifests: {exclude: [policies]}\n")
    assert noticed(*words)
    assert not noticed(*words)
    write(rollout.parent / "other.yaml", "packs: [./rollout/policies]\nmanifests: {exclude: [policies, sub]}\n")
    assert noticed(*words)
    assert not noticed(*words)
    write(rollout / "penstock.yaml", "name: does not count\n")
    assert not noticed(*words)


def test_a_baseline_elsewhere(rollout: Path, clock: Clock) -> None:
    clock.later = 10
    write(rollout / "penstock.yaml", f"{CONFIG}baseline: ../baseline.yaml\n")
    assert noticed()
    assert not noticed()
    entry = "{rule: ACME001, resource: VendorContract/%s, path: spec.vendor, since: 2026-11-01}"
    text = f"apiVersion: baseline/v1\nentries: [{entry}]\n"
    write(rollout.parent / "baseline.yaml", text % "one")
    assert noticed()
    assert not noticed()
    write(rollout.parent / "baseline.yaml", text % "two")
    assert noticed()


def test_files_that_belong_to_no_rollout(rollout: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    clock.later = 10
    loose = rollout.parent / "loose"
    write(loose / "a.txt", contract("a"))
    monkeypatch.chdir(loose)
    words = ("a.txt", "--select", "LV007")
    assert noticed(*words)
    assert not noticed(*words)
    write(loose / "b.yaml", contract("b"))
    assert not noticed(*words)
    write(loose / "a.txt", contract("b"))
    assert noticed(*words)


def test_a_named_file_that_looks_like_no_manifest(rollout: Path, clock: Clock) -> None:
    clock.later = 10
    write(rollout / "four.txt", contract("four"))
    words = ("four.txt",)
    assert noticed(*words)
    assert not noticed(*words)
    write(rollout / "four.txt", contract("five"))
    assert noticed(*words)


def test_a_folder_s_name_behind_a_link(rollout: Path, clock: Clock) -> None:
    """A rollout without a name is called after the folder that its configuration is in."""
    clock.later = 10
    shared = rollout.parent / "shared"
    write(shared / "penstock.yaml", CONFIG.replace("name: acme\n", "").replace("./", "../rollout/"))
    (rollout / "penstock.yaml").unlink()
    (rollout / "penstock.yaml").symlink_to("../shared/penstock.yaml")
    words = ("-o", "json")
    assert noticed(*words)
    assert not noticed(*words)
    shared.rename(rollout.parent / "common")
    (rollout / "penstock.yaml").unlink()
    (rollout / "penstock.yaml").symlink_to("../common/penstock.yaml")
    assert noticed(*words)


def test_the_repository_behind_a_link(rollout: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same files in another repository, whose patterns leave some of them out."""
    clock.later = 10
    top = rollout.parent
    write(top / "theirs" / ".git" / "HEAD", "")
    write(top / "theirs" / ".gitignore", "one.yaml\n")
    (top / "ours").mkdir()
    rollout.rename(top / "ours" / "rollout")
    (top / "link").symlink_to("ours/rollout")
    monkeypatch.chdir(top)
    assert noticed("link")
    assert not noticed("link")
    (top / "ours" / "rollout").rename(top / "theirs" / "rollout")
    (top / "link").unlink()
    (top / "link").symlink_to("theirs/rollout")
    assert noticed("link")


def test_every_option_is_one_that_answers_know_of() -> None:
    """A new option either changes nothing but the output, or keeps ``_stands_alone`` from saying yes."""
    import argparse

    from penstock.cli.check import configure

    parser = argparse.ArgumentParser()
    configure(parser)
    decides_the_output = {
        "paths", "output", "as_of", "select", "ignore", "fail_on", "exit_zero", "statistics", "show_passed",
        "schema_only", "allow_empty", "config", "engine", "color",
    }  # fmt: skip
    is_never_kept = {"base", "changed", "stdin_filename", "no_cache", "profile", "profile_json", "watch"}
    assert set(vars(parser.parse_args([]))) == decides_the_output | is_never_kept
