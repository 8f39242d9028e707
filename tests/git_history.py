"""Git repositories for tests, made by git itself, the same on every machine."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest


def scrub(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """No setting of the machine or of whoever runs the tests reaches git; every commit is of the same day."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    # Without it, git would find a repository that holds the folder of temporary files.
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(home))


class History:
    """A repository with a working tree."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / ".git").exists():
            self.git("init", "-q", "-b", "main", *options)

    def git(self, *words: str, stdin: bytes | None = None, **environment: str) -> str:
        """What git prints."""
        return git(self.folder, *words, stdin=stdin, **environment)

    def write(self, files: dict[str, str]) -> None:
        """Write files; nothing is added."""
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)

    def commit(self, files: dict[str, str] | None = None, *, message: str = "x") -> str:
        """Write files, commit everything there is, and give the id."""
        self.write(files or {})
        self.git("add", "--all", "--force")
        self.git("commit", "-q", "--allow-empty", "--no-verify", "-m", message)
        return self.git("rev-parse", "HEAD")


def git(folder: Path, *words: str, stdin: bytes | None = None, **environment: str) -> str:
    """What git prints when it runs in a folder; it must succeed."""
    person = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in _PERSON.items()}
    line = ["git", "-c", "protocol.file.allow=always", "-c", "advice.detachedHead=false", *words]
    done = subprocess.run(
        line,
        cwd=folder,
        input=stdin,
        env={**os.environ, **person, **environment},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return os.fsdecode(done.stdout).strip()


_PERSON = {"NAME": "Kim", "EMAIL": "kim@acme.example", "DATE": "2026-11-01T12:00:00Z"}
