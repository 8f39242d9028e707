"""A rollout to stand in, a cache of its own, and an environment without settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from answered import Clock, make

from git_history import scrub


@pytest.fixture
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    scrub(monkeypatch, tmp_path)
    folder = tmp_path / "cache"
    monkeypatch.setenv("PENSTOCK_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def rollout(tmp_path: Path, cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "rollout"
    make(folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)
