"""A small rollout with a pack of its own, and checks in this process that tell who answered."""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

import own_pack
from own_pack import PACK
from penstock import cli
from penstock.answers import answer, stamps
from penstock.workspace import check
from penstock.workspace.state import resuming, sight, taking

CONTRACT = """apiVersion: rollout/v1
kind: VendorContract
metadata: {{name: {name}}}
spec: {{vendor: {vendor}, category: model-lab, startsOn: 2026-01-01, endsOn: 2026-12-31}}
"""
CONFIG = "name: acme\npacks: [./policies]\nmanifests: {exclude: [policies]}\n"
POLICY = own_pack.POLICY.replace("< 4,", "< 4 && asOf < '2026-12-01',")


def contract(name: str, vendor: str = "acme") -> str:
    return CONTRACT.format(name=name, vendor=vendor)


def make(folder: Path) -> None:
    """A rollout of three manifests, the last one in a folder."""
    files = {
        "penstock.yaml": CONFIG,
        "policies/pack.yaml": PACK,
        "policies/vendor-too-long.yaml": POLICY,
        "one.yaml": contract("one"),
        "two.yaml": contract("two", "abc"),
        "sub/three.yaml": contract("three"),
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def keep_states(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a state kept of rollouts of any size, and brought up to date whatever part of the files has changed."""
    monkeypatch.setattr(sight, "LEAST", 1)
    for module in (taking, resuming):
        monkeypatch.setattr(module, "DRIFT", 1.0)


class Done(NamedTuple):
    """What came of a run."""

    code: int
    out: str
    err: str
    answered: bool
    """Whether nothing was checked: the answer was there."""


class Clock:
    """The time as penstock sees it: the day, and how long after the last change of a file it is."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.day = "2026-11-20"
        self.later = 0
        """Seconds that have passed since."""
        real = time.time_ns
        monkeypatch.setattr(answer, "today", lambda: self.day)
        monkeypatch.setattr(check, "today", lambda: self.day)
        monkeypatch.setattr(stamps.time, "time_ns", lambda: real() + self.later * 10**9)


def run(*words: str) -> Done:
    """``penstock check`` with these words."""
    streams = {name: io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for name in ("stdout", "stderr")}
    dispatched = []
    real = cli._dispatch
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli, "_dispatch", lambda *given: dispatched.append(given) or real(*given))
        for name, stream in streams.items():
            patch.setattr(sys, name, stream)
        code = cli.main(["check", *words])
        for stream in streams.values():
            stream.flush()
    out, err = (stream.buffer.getvalue().decode() for stream in streams.values())  # type: ignore[attr-defined]
    assert "Traceback" not in err
    return Done(code, out, err, not dispatched)


def found_out(*words: str) -> tuple[int, str, str]:
    """What the same run says with nothing of any earlier one."""
    done = run(*words, "--no-cache")
    assert not done.answered
    return done[:3]
