"""Whole runs of the command line, one file each: the files of a folder, the commands, what each must print.

A ``.case`` file has sections that start with a line ``=== NAME``, taken in their order:

- ``file PATH`` writes an input, ``delete PATH`` takes one away, ``move PATH TO`` moves one;
- ``commit MESSAGE`` commits everything to a git repository in the folder, made with the first commit;
- ``run`` runs a command with the arguments in its body, and the text of a ``stdin`` section before it; behind it
  stand its ``exit``, ``stdout`` and ``stderr``;
- ``after PATH`` holds what a file must hold by then; nothing where there must be no such file.

Run with PENSTOCK_UPDATE_GOLDEN=1 to write what commands print, and what is in files after them, as it is now; then
read the diff.
"""

from __future__ import annotations

import io
import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from git_history import History, scrub
from penstock.cli import main

CASES = sorted(Path(__file__).parent.glob("**/*.case"))
UPDATE = os.environ.get("PENSTOCK_UPDATE_GOLDEN") == "1"
PRINTED = ("exit", "stdout", "stderr")
KEPT = ("PATH", "HOME", "SYSTEMROOT", "PENSTOCK_CACHE_DIR")

Sections = list[tuple[str, str]]


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


class Done(NamedTuple):
    """What came of a command."""

    code: int
    out: str
    err: str


def run(arguments: str, stdin: str) -> Done:
    """Run penstock as its script does, in this process: two hundred cases would start it four hundred times."""
    streams = {name: io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for name in ("stdout", "stderr")}
    given = io.TextIOWrapper(io.BytesIO(stdin.encode("utf-8")), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", given)
        for name, stream in streams.items():
            patch.setattr(sys, name, stream)
        try:
            code = main(shlex.split(arguments))
        except SystemExit as end:
            code = int(end.code or 0)
        for stream in streams.values():
            stream.flush()
    out, err = (stream.buffer.getvalue().decode("utf-8") for stream in streams.values())  # type: ignore[attr-defined]
    return Done(code, out, err)


def play(given: Sections, folder: Path) -> Sections:
    """The sections as they are when everything prints what it prints now."""
    played: Sections = []
    stdin = ""
    for name, body in given:
        command, _, words = name.partition(" ")
        if name in PRINTED:
            continue
        if command == "after":
            path = folder / words
            body = path.read_bytes().decode() if path.exists() else ""
        played.append((name, body))
        if name == "stdin":
            stdin = body
        elif name == "run":
            done = run(body.strip(), stdin)
            assert "Traceback" not in done.err
            played += zip(PRINTED, (f"{done.code}\n", done.out, done.err), strict=True)
            stdin = ""
        elif command not in ("description", "after"):
            prepare(command, words, body, folder)
    return played


def prepare(command: str, words: str, body: str, folder: Path) -> None:
    """Change the folder as a section says."""
    if command == "file":
        target = folder / words
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body.encode())
    elif command == "delete":
        (folder / words).unlink()
    elif command == "move":
        source, target = (folder / word for word in words.split())
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)
    elif command == "commit":
        History(folder).commit(message=words)
    else:
        pytest.fail(f"no section is called {command!r}")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_case(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scrub(monkeypatch, tmp_path)
    folder = tmp_path / "rollout"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in [name for name in os.environ if name not in KEPT and not name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "100")
    given = list(sections(case.read_text(encoding="utf-8")))
    played = play(given, folder)
    if UPDATE:
        text = "".join(body if name == "description" else f"=== {name}\n{body}" for name, body in played)
        case.write_text(text, encoding="utf-8")
        return
    assert given == played


def test_there_are_cases() -> None:
    assert len(CASES) > 10
