"""Where an output goes: a file is replaced as a whole, a link is followed, a device or pipe is written to."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from penstock.cli.files import write_atomically
from penstock.errors import UsageError

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


def test_a_file_is_made_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    write_atomically(path, "old")
    write_atomically(path, "new")
    assert path.read_text() == "new"
    assert [each.name for each in tmp_path.iterdir()] == ["out.json"]


@posix
def test_a_link_is_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    target.write_text("old")
    link.symlink_to(target)
    write_atomically(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


@posix
def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write_atomically(pipe, "text")
    reader.join(timeout=10)
    assert read == ["text"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_folder_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(UsageError, match="cannot write"):
        write_atomically(tmp_path / "out", "text")
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


@posix
@pytest.mark.parametrize("command", ["rules", "check --as-of 2026-11-20"])
def test_a_closed_stream_is_no_fault(command: str, tmp_path: Path) -> None:
    line = f'"{sys.executable}" -m penstock {command} >&- 2>&-'
    done = subprocess.run(["sh", "-c", line], cwd=tmp_path, check=False)
    assert done.returncode == (0 if command == "rules" else 1)


def test_a_starter_is_not_written_over_a_file(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine")
    done = subprocess.run(
        [sys.executable, "-m", "penstock", "init", "notes"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == "penstock: error: notes is a file"
