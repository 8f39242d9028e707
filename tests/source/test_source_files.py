"""Files that can be read, and those that cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from penstock.source import files, limits, read_path


def test_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    result = read_path(tmp_path / "a.yaml", "shown/a.yaml")
    assert (result.file.path, result.file.text) == ("shown/a.yaml", "a: 1\r\nb: 2\r\n")
    assert [each.data for each in result.documents] == [{"a": 1, "b": 2}]
    assert result.faults == ()


def test_a_large_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("- x\n" * 50_000)
    assert len(read_path(tmp_path / "a.yaml", "a.yaml").documents[0].data) == 50_000  # type: ignore[arg-type]


def unreadable(path: Path) -> str:
    result = read_path(path, "shown.yaml")
    assert (result.documents, result.file.path) == ((), "shown.yaml")
    (found,) = result.faults
    assert (found.kind, found.span) == ("unreadable-file", None)
    return found.message


def test_a_missing_file(tmp_path: Path) -> None:
    assert unreadable(tmp_path / "none.yaml") == "the file cannot be read: No such file or directory"


def test_a_folder(tmp_path: Path) -> None:
    assert unreadable(tmp_path) == "this is not a regular file"


def test_a_name_that_cannot_be(tmp_path: Path) -> None:
    assert unreadable(tmp_path / "a\0b").startswith("the file cannot be read")
    assert unreadable(tmp_path / ("x" * 5_000)).startswith("the file cannot be read")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_a_fifo_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.yaml")
    assert unreadable(tmp_path / "a.yaml") == "this is not a regular file"


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files.os, "open", refuse)
    assert unreadable(tmp_path / "a.yaml") == "the file cannot be read: Permission denied"


def test_a_file_above_the_limit_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BYTES", 100_000)
    asked = 0
    real = os.read

    def count(descriptor: int, size: int) -> bytes:
        nonlocal asked
        asked += 1
        return real(descriptor, size)

    monkeypatch.setattr(files.os, "read", count)
    (tmp_path / "a.yaml").write_bytes(b"x" * 3_000_000)
    assert unreadable(tmp_path / "a.yaml").startswith("the file is larger than 8 MiB")
    assert asked < 6


def test_looking_for_files_does_not_load_the_parsers() -> None:
    code = (
        "import sys; from penstock.source import discover, read_path; from pathlib import Path;"
        "discover(Path('.')); print(sorted({'yaml', 'ruamel', 'jsonschema'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parent
    )
    assert done.stdout == "[]\n"
