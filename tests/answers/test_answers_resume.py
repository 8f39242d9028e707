"""What a run goes by where an answer no longer holds: the walk that found that out, if only manifests differ."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from answered import CONFIG, Clock, contract, found_out, keep_states, run

from penstock.source import late_discovery
from penstock.workspace.state import resuming, taking


@pytest.fixture(autouse=True)
def _states(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    keep_states(monkeypatch)
    clock.later = 10


class Told:
    """What runs did."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.walks = 0
        self.resumed = 0
        self.read: list[str] = []
        discover, resume, read_named = late_discovery.discover, resuming.resume, resuming.read_named

        def counted(*given: object) -> object:
            self.walks += 1
            return discover(*given)  # type: ignore[arg-type]

        def noted(*given: object) -> object:
            taken = resume(*given)  # type: ignore[arg-type]
            self.resumed += taken is not None
            return taken

        def named(names: list[str], *given: object) -> object:
            self.read += names
            return read_named(names, *given)  # type: ignore[arg-type]

        monkeypatch.setattr(late_discovery, "discover", counted)
        monkeypatch.setattr(resuming, "resume", noted)
        monkeypatch.setattr(resuming, "read_named", named)


@pytest.fixture
def told(rollout: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    """The rollout has been checked, and nothing of that counts."""
    told = Told(monkeypatch)
    run()
    told.walks = 0
    return told


def checked_after(told: Told) -> tuple[int, int]:
    """How many runs went on with what was known, and how many walked anew; what they say is what is so."""
    walks, resumed = told.walks, told.resumed
    done = run()
    counted = told.resumed - resumed, told.walks - walks
    assert not done.answered
    assert done[:3] == found_out()
    again = run()
    assert again.answered
    assert again[:3] == done[:3]
    return counted


def put(path: Path, text: str) -> None:
    before = path.stat().st_ctime_ns if path.exists() else 0
    path.write_text(text)
    while path.stat().st_ctime_ns == before:
        path.chmod(0o644)


def test_edited_manifests_are_read_and_nothing_is_walked_through_again(rollout: Path, told: Told) -> None:
    put(rollout / "sub" / "three.yaml", contract("three", "abc"))
    assert checked_after(told) == (1, 0)
    assert told.read == ["sub/three.yaml"]
    put(rollout / "one.yaml", contract("one", "abc"))
    assert checked_after(told) == (1, 0)
    assert told.read == ["sub/three.yaml", "one.yaml", "sub/three.yaml"]


def test_a_file_that_was_only_touched_is_read_and_judged_as_before(rollout: Path, told: Told) -> None:
    os.utime(rollout / "one.yaml")
    assert checked_after(told) == (1, 0)
    assert told.read == ["one.yaml"]


def test_a_file_that_changed_within_the_clock_s_tick_is_known_by_its_content(
    rollout: Path, told: Told, clock: Clock
) -> None:
    clock.later = 0
    put(rollout / "two.yaml", contract("two", "abcd"))
    assert checked_after(told) == (1, 0)
    status = (rollout / "two.yaml").stat()
    (rollout / "two.yaml").write_text(contract("two", "abce"))
    os.utime(rollout / "two.yaml", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert checked_after(told)[0] == 1
    clock.later = 10
    done = run()
    assert done[:3] == found_out()


def ignore_file(rollout: Path) -> None:
    put(rollout / ".gitignore", "two.yaml\n")


def ignore_file_of_git(rollout: Path) -> None:
    (rollout / ".git" / "info").mkdir(parents=True)
    put(rollout / ".git" / "info" / "exclude", "two.yaml\n")


def configuration(rollout: Path) -> None:
    put(rollout / "penstock.yaml", CONFIG + "failOn: warning\n")


def exclusion(rollout: Path) -> None:
    put(rollout / "penstock.yaml", CONFIG.replace("[policies]", "[policies, two.yaml]"))


def policy(rollout: Path) -> None:
    path = rollout / "policies" / "vendor-too-long.yaml"
    put(path, path.read_text().replace("too long", "too wide"))


def baseline(rollout: Path) -> None:
    put(rollout / "penstock-baseline.yaml", "apiVersion: baseline/v1\nentries: []\n")


def new_file(rollout: Path) -> None:
    put(rollout / "four.yaml", contract("four"))


def deleted_file(rollout: Path) -> None:
    (rollout / "two.yaml").unlink()


def renamed_file(rollout: Path) -> None:
    (rollout / "two.yaml").rename(rollout / "zwei.yaml")


def nested_rollout(rollout: Path) -> None:
    put(rollout / "sub" / "penstock.yaml", "packs: [../policies]\n")


@pytest.mark.parametrize(
    "beside",
    [
        ignore_file,
        ignore_file_of_git,
        configuration,
        exclusion,
        policy,
        baseline,
        new_file,
        deleted_file,
        renamed_file,
        nested_rollout,
    ],
)
def test_where_anything_else_has_changed_too_all_is_looked_at(
    rollout: Path, told: Told, beside: Callable[[Path], None]
) -> None:
    put(rollout / "one.yaml", contract("one", "abc"))
    beside(rollout)
    resumed, walks = checked_after(told)
    assert (resumed, walks) == (0, 1)


def test_a_link_in_the_place_of_a_file_is_followed(rollout: Path, told: Told) -> None:
    put(rollout / "one.yaml", contract("one", "abc"))
    (rollout / "two.yaml").unlink()
    (rollout / "two.yaml").symlink_to(rollout / "sub" / "three.yaml")
    done = run()
    assert (told.resumed, done.answered) == (0, False)
    assert done[:3] == found_out()


def test_a_manifest_that_takes_another_name_is_linked_anew(rollout: Path, told: Told) -> None:
    put(rollout / "one.yaml", contract("uno"))
    assert checked_after(told) == (0, 1)


def test_the_state_of_another_selection_of_files_is_not_gone_by(
    rollout: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here no state is of the files that the answer is of."""
    monkeypatch.setattr(taking, "save", lambda *_given: None)
    put(rollout / ".gitignore", "two.yaml\n")
    assert checked_after(told) == (0, 1)
    put(rollout / "one.yaml", contract("one", "abc"))
    assert checked_after(told) == (0, 1)


def test_a_day_later_all_is_judged(rollout: Path, told: Told, clock: Clock) -> None:
    clock.day = "2026-12-02"
    put(rollout / "one.yaml", contract("one", "abc"))
    assert checked_after(told)[0] == 0


@pytest.mark.parametrize("form", ["text", "json"])
def test_any_byte_of_a_state_may_be_harmed(rollout: Path, told: Told, cache_folder: Path, form: str) -> None:
    run("-o", form)
    (state,) = (cache_folder / "states").iterdir()
    whole = state.read_bytes()
    for number, start in enumerate(range(0, len(whole), len(whole) // 40)):
        data = bytearray(whole)
        for at in range(start, min(start + len(whole) // 40, len(data)), 7):
            data[at] ^= 1
        state.write_bytes(data)
        put(rollout / "one.yaml", contract("one", "abc" if number % 2 else "abcd"))
        done = run("-o", form)
        assert not done.answered
        assert done[:3] == found_out("-o", form)


def test_json_of_a_run_that_went_on_with_a_state_is_that_of_one_that_did_not(rollout: Path, told: Told) -> None:
    run("-o", "json")
    put(rollout / "one.yaml", contract("one", "abc"))
    done = run("-o", "json")
    assert told.resumed == 1
    assert done[:3] == found_out("-o", "json")
