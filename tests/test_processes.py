"""Shared work gives what one process would: in order, whatever becomes of the copies."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from penstock import processes
from penstock.processes import available, spread
from penstock.render.json import render
from penstock.workspace import intakes
from penstock.workspace.check import Options, check

EXAMPLES = Path(__file__).parents[1] / "examples"

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot copy a process")


@pytest.fixture(autouse=True)
def _three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_PROCESSES", "3")


def whose(piece: Sequence[int]) -> list[tuple[int, int]]:
    return [(number, os.getpid()) for number in piece]


@pytest.mark.parametrize("count", [0, 1, 5, 6, 7, 100])
def test_results_are_in_the_order_of_the_items(count: int) -> None:
    assert [number for number, _ in spread(range(count), whose, least=2)] == list(range(count))


def test_no_more_copies_than_pay() -> None:
    assert len({process for _, process in spread(range(100), whose, least=10)}) == 3
    assert len({process for _, process in spread(range(25), whose, least=10)}) == 2
    assert {process for _, process in spread(range(19), whose, least=10)} == {os.getpid()}


def test_this_process_does_what_a_copy_could_not() -> None:
    here = os.getpid()

    def only_here(piece: Sequence[int]) -> list[int]:
        if os.getpid() != here:
            raise RuntimeError("a copy that fails says nothing")
        return list(piece)

    assert list(spread(range(30), only_here, least=10)) == list(range(30))


def test_this_process_does_what_cannot_be_sent() -> None:
    here = os.getpid()

    def unsendable(piece: Sequence[int]) -> list[object]:
        return [number if os.getpid() == here else (lambda: None) for number in piece]

    assert list(spread(range(30), unsendable, least=10)) == list(range(30))


def test_without_copies_this_process_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> int:
        raise OSError("no more processes")

    monkeypatch.setattr(os, "fork", refused)
    assert {process for _, process in spread(range(30), whose, least=10)} == {os.getpid()}


@pytest.mark.parametrize(("given", "found"), [("1", 1), ("7", 7), ("0", 1)])
def test_the_environment_says_how_many(given: str, found: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_PROCESSES", given)
    assert available() == found


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="one process there")
def test_as_many_as_there_are_processors_for_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_PROCESSES", "as many as you like")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: set(range(64)))
    assert available() == processes._MOST


@pytest.mark.parametrize("folder", ["financial-services-onboarding", "broken/startup-legal-contracts"])
def test_a_check_by_three_says_what_one_says(folder: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(EXAMPLES / folder)
    monkeypatch.setattr(intakes, "WORTH", 2)
    several = render(check(Options(as_of="2026-11-20")))
    monkeypatch.setenv("PENSTOCK_PROCESSES", "1")
    assert several == render(check(Options(as_of="2026-11-20")))
