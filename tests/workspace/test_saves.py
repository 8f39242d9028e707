"""Whoever waits for a save waits as long as told, looks where told, and waits for files still being saved."""

from __future__ import annotations

import sys
import types
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from penstock.workspace import file_events, saves
from penstock.workspace.file_events import Events, events
from penstock.workspace.saves import Looking, wait_for_change


class Looker:
    """Sees changes at these looks; files are being saved for so many more."""

    def __init__(self, *seen: bool, moving: int = 0) -> None:
        self.seen = iter(seen)
        self.moving = moving
        self.asked: list[object] = []

    def changed(self, named: Collection[str] | None) -> bool:
        self.asked.append(named)
        return next(self.seen)

    def still_changing(self) -> bool:
        self.moving -= 1
        return self.moving >= 0


class Notices:
    """Tells of these, one after the other."""

    def __init__(self, *told: Collection[str] | None) -> None:
        self.told = iter(told)
        self.settled = 0

    def wait(self, took: float) -> Collection[str] | None:
        return next(self.told)

    def settle(self) -> None:
        self.settled += 1


def test_it_is_looked_where_something_happened_until_something_changed() -> None:
    looker, notices = Looker(False, False, True), Notices((), {"a"}, {"b"})
    wait_for_change(looker, notices)
    assert looker.asked == [(), {"a"}, {"b"}]
    assert notices.settled == 0


@pytest.mark.parametrize(("moving", "settled"), [(0, 1), (3, 4), (10**6, 40)])
def test_files_are_left_to_be_saved_where_nobody_else_waits(moving: int, settled: int) -> None:
    notices = Notices(None)
    wait_for_change(Looker(True, moving=moving), notices)
    assert notices.settled == settled


@pytest.mark.parametrize(("took", "pause"), [(0.0, 0.2), (0.01, 0.2), (0.1, 1.0), (30.0, 5.0)])
def test_the_longer_a_look_takes_the_rarer_it_is(
    took: float, pause: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(saves.time, "sleep", slept.append)
    assert Looking().wait(took) is None
    Looking().settle()
    assert slept == [pytest.approx(pause), 0.05]


def test_what_the_system_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(file_events.time, "monotonic", lambda: now)
    told = Events(iter([set(), {(1, "a"), (2, "b"), (3, "a")}, set(), {(1, "c")}]))  # type: ignore[arg-type]
    assert told.wait(0) is None  # before anybody listened, anything may have happened
    assert told.wait(0) == {"a", "b"}
    assert told.wait(0) == set()
    now += 21
    assert told.wait(0) is None  # not every file system tells all


@pytest.mark.parametrize("fault", [OSError("no space left on device"), RuntimeError("too many"), None])
def test_a_system_that_tells_no_more(fault: Exception | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saves.time, "sleep", lambda seconds: None)

    def end() -> Iterator[set[object]]:
        yield set()
        if fault is not None:
            raise fault

    told = Events(end())  # type: ignore[arg-type]
    assert [told.wait(0) for _ in range(4)] == [None] * 4


def test_without_the_library_nobody_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    assert events([Path()]) is None


def test_the_library_is_asked_for_all_that_happens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[object] = []

    def watch(*folders: Path, **given: object) -> Iterator[set[object]]:
        asked.append((folders, given["watch_filter"], given["yield_on_timeout"]))
        yield set()

    library = types.ModuleType("watchfiles")
    library.watch = watch  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "watchfiles", library)
    told = events([tmp_path, tmp_path / "b"])
    assert told is not None
    told.wait(0)
    assert asked == [((tmp_path, tmp_path / "b"), None, True)]


def test_the_library_as_it_is(tmp_path: Path) -> None:
    pytest.importorskip("watchfiles")
    told = events([tmp_path])
    assert told is not None
    assert told.wait(0) is None
    (tmp_path / "one.yaml").write_text("")
    for _ in range(40):
        if found := told.wait(0):
            assert {Path(path).name for path in found} == {"one.yaml"}
            return
    pytest.fail("nobody told of the file")
