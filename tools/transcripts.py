"""Runs the commands that README.md and docs/ show, and writes what they print into the page.

Takes each page with a ``console run`` block (``pages/fences.py`` lists the words behind a fence). Its blocks are
one story, told in a temporary folder: files written (``file=``), files changed (``diff file=``), commands run.
Behind ``run``, ``head=N`` keeps the first N lines of what each command prints, and ``from=WORD`` leaves out those
before the first that begins with WORD.

``--check`` fails when a page shows something else than the commands print now. The number of rules, penstock's own
version, the digest of an audit, which covers both, and the ids of commits, which may hold such a digest, are not
compared: they change with every rule and release, and say nothing about the page.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from pages.fences import Block, blocks
from pages.settle import ROOT, checking, settle

from penstock.cli import main as penstock

TOOL = "tools/transcripts.py"
PAGES = (
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "guides").glob("*.md")),
)
WIDTH = 100
_PASSING = re.compile(r'\b[0-9]+ rules\b|"version": "[^"]*"|\bsha256:[0-9a-f]{64}\b|\([0-9a-f]{10}\)')
# The day is fixed, so that commits have the same ids whenever a page is told.
_PERSON = {"NAME": "Sam", "EMAIL": "sam@example.com", "DATE": "2026-11-20T12:00:00Z"}


def main() -> int:
    """Write or check every page that has a transcript."""
    check = checking(TOOL)
    files = {}
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        if any("run" in block.words for block in blocks(text)):
            told = retold(text)
            files[page] = text if _PASSING.sub("", text) == _PASSING.sub("", told) else told
    return settle(files, TOOL, check=check)


def retold(text: str) -> str:
    """The page, with what its commands print now."""
    lines = text.split("\n")
    with tempfile.TemporaryDirectory(prefix="penstock-docs-") as name:
        story = _Story(Path(name))
        outputs = [(block, story.tell(block)) for block in blocks(text)]
    for block, output in reversed(outputs):
        if output is not None:
            lines[block.first + 1 : block.last] = output
    return "\n".join(lines)


class _Story:
    """The folder of a page, and where in it the reader stands."""

    def __init__(self, root: Path) -> None:
        self._home = root / "home"
        self._home.mkdir()
        self._folder = root / "work"
        self._folder.mkdir()
        self._code = 0

    def tell(self, block: Block) -> list[str] | None:
        """Do what a block says; the new body of a block of commands."""
        file = block.value("file")
        if "run" in block.words:
            return self._run(block)
        if file and block.language == "diff":
            self._change(file, block.body)
        elif file:
            target = self._folder / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.body, encoding="utf-8", newline="\n")
        return None

    def _run(self, block: Block) -> list[str]:
        told = []
        for line in block.body.split("\n"):
            if not line.startswith("$ "):
                continue
            output = self._output(line[2:]).rstrip("\n")
            shown = [each.rstrip() for each in output.split("\n")] if output else []
            begin = block.value("from")
            if begin:
                shown = ["...", *shown[_first(shown, begin) :]]
            most = block.value("head")
            if most and len(shown) > int(most):
                shown = [*shown[: int(most)], "..."]
            told += [line, *shown]
        return told

    def _output(self, command: str) -> str:
        words = shlex.split(command)
        if command == "echo $?":
            return str(self._code)
        if words[0] == "cd":
            self._folder = (self._folder / words[1]).resolve(strict=True)
            return ""
        if words[0] == "penstock":
            return self._penstock(words[1:])
        if words[0] not in ("git", "mkdir"):
            raise ValueError(f"a page may show penstock, git, mkdir, cd and echo $?, not: {command}")
        # One stream, as on a terminal: faults go to standard error.
        done = subprocess.run(
            words,
            cwd=self._folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        self._code = done.returncode
        return done.stdout.decode("utf-8")

    def _penstock(self, words: list[str]) -> str:
        """What penstock prints. In this process: the pages start it a hundred times."""
        stream = io.TextIOWrapper(io.BytesIO(), "utf-8", newline="")
        folder, environment = Path.cwd(), dict(os.environ)
        cache = {name: text for name, text in environment.items() if name == "PENSTOCK_CACHE_DIR"}
        try:
            os.chdir(self._folder)
            os.environ.clear()
            os.environ.update({**cache, **self._environment()})
            # One stream, as on a terminal: faults go to standard error.
            with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
                try:
                    self._code = penstock(words)
                except SystemExit as end:
                    self._code = int(end.code or 0)
        finally:
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(environment)
        stream.flush()
        return stream.buffer.getvalue().decode("utf-8")

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
        persons = {f"GIT_{role}_{part}": _PERSON[part] for role in ("AUTHOR", "COMMITTER") for part in _PERSON}
        own = {"HOME": str(self._home), "PYTHONUTF8": "1", "COLUMNS": str(WIDTH), "GIT_CONFIG_NOSYSTEM": "1"}
        return {**kept, **persons, **own}

    def _change(self, file: str, body: str) -> None:
        """Replace the lines with ``-`` by those with ``+``; the old ones must stand in the file once."""
        lines = body.rstrip("\n").split("\n")
        old = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("+"))
        new = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("-"))
        target = self._folder / file
        text = target.read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise ValueError(f"{file} does not hold these lines once:\n{old}")
        target.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def _first(lines: list[str], begin: str) -> int:
    for number, line in enumerate(lines):
        if line.startswith(begin):
            return number
    raise ValueError(f"no line begins with {begin}:\n" + "\n".join(lines))


if __name__ == "__main__":
    sys.exit(main())
