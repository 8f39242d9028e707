"""Whole runs of the command line, one file each: the files of a folder, the command, what it must print.

A ``.case`` file has sections that start with a line ``=== NAME``: ``file PATH`` for each input, ``run`` with the
command's arguments, perhaps ``stdin``, then ``exit``, ``stdout`` and ``stderr``. Run with
PENSTOCK_UPDATE_GOLDEN=1 to write the last three as they are now; then read the diff.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

CASES = sorted(Path(__file__).parent.glob("**/*.case"))
UPDATE = os.environ.get("PENSTOCK_UPDATE_GOLDEN") == "1"


def sections(text: str) -> Iterator[tuple[str, str]]:
    """(name, body) of each section; what stands before the first is the case's description."""
    name, body = "description", []
    for line in text.splitlines(keepends=True):
        if line.startswith("=== "):
            yield name, "".join(body)
            name, body = line[4:].strip(), []
        else:
            body.append(line)
    yield name, "".join(body)


def run(arguments: str, folder: Path, stdin: str) -> subprocess.CompletedProcess[str]:
    """Run penstock as a user would, in a scrubbed environment."""
    kept = {
        name: os.environ[name]
        for name in ("PATH", "HOME", "SYSTEMROOT", "PENSTOCK_CACHE_DIR")
        if name in os.environ
    }
    return subprocess.run(
        [sys.executable, "-m", "penstock", *shlex.split(arguments)],
        cwd=folder,
        env={**kept, "PYTHONUTF8": "1", "COLUMNS": "100"},
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_case(case: Path, tmp_path: Path) -> None:
    given = list(sections(case.read_text(encoding="utf-8")))
    parts = dict(given)
    for name, body in given:
        if name.startswith("file "):
            target = tmp_path / name.removeprefix("file ")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body.encode())
    done = run(parts["run"].strip(), tmp_path, parts.get("stdin", ""))
    found = {"exit": f"{done.returncode}\n", "stdout": done.stdout, "stderr": done.stderr}
    if UPDATE:
        kept = [(name, body) for name, body in given if name not in {*found, "description"}]
        text = parts["description"]
        text += "".join(f"=== {name}\n{body}" for name, body in [*kept, *found.items()])
        case.write_text(text, encoding="utf-8")
        return
    assert "Traceback" not in done.stderr
    assert found == {name: parts.get(name, "") for name in found}


def test_there_are_cases() -> None:
    assert len(CASES) > 10
