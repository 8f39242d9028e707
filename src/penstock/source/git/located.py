"""Which git repository a folder lies in, and why git finds none or refuses to read it.

Takes a folder on disk, and what the environment of a hook says; gives a ``Repository``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from penstock.errors import InputError, UsageError
from penstock.record import replace
from penstock.source.git.command import Done, run
from penstock.source.git.repository import Repository, as_text
from penstock.source.shown import absolute, shown

_QUESTIONS = ("rev-parse", "--is-bare-repository", "--is-shallow-repository", "--absolute-git-dir")
_PLACES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR")
_OBJECTS = ("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")
_NONE = "not a git repository (or any"


def repository(path: Path) -> Repository:
    """The repository that a folder lies in.

    Raises:
        UsageError: git is not installed, or the folder lies in none.
        InputError: git refuses to read it.
    """
    told = os.environ.get("GIT_DIR")
    done = run("-C", str(path), *_QUESTIONS)
    if done.code == 0:
        found = _repository(path, done, "-C", str(path), extra={})
        if told is not None and absolute(told).resolve() == found.git_dir.resolve():
            kept = {name: os.environ[name] for name in _OBJECTS if name in os.environ}
            found = replace(found, extra=kept)
        return found
    if told is not None and _NONE in done.err:
        # `git --git-dir=... --work-tree=... commit` runs a hook: only these variables know of the repository.
        extra = {name: os.environ[name] for name in (*_PLACES, *_OBJECTS) if name in os.environ}
        done = run(*_QUESTIONS, extra=extra)
        if done.code == 0:
            found = _repository(path, done, extra=extra)
            kept = {name: value for name, value in extra.items() if name in _OBJECTS}
            return replace(found, ignores_above=False, extra=kept)
    raise _refusal(path, done)


def _repository(path: Path, done: Done, *words: str, extra: Mapping[str, str]) -> Repository:
    bare, shallow, git_dir = as_text(done.out).removesuffix("\n").split("\n", 2)
    if bare == "true":
        return Repository(absolute(path), Path(git_dir), shallow == "true")
    done = run(*words, "rev-parse", "--show-toplevel", extra=extra)
    if done.code:
        raise _refusal(path, done)
    return Repository(Path(as_text(done.out).removesuffix("\n")), Path(git_dir), shallow == "true")


def _refusal(path: Path, done: Done) -> InputError | UsageError:
    """Why git finds no repository for a folder."""
    where = shown(path)
    if "dubious ownership" in done.err or "unsafe repository" in done.err:
        found = re.search(r"safe\.directory (.+)", done.err)
        return InputError(
            f"git does not read the repository of {where}: its folder belongs to another user",
            hint=f"if you trust it: `git config --global --add safe.directory {found[1] if found else '*'}`",
        )
    if _NONE in done.err:
        return UsageError(
            f"{where} is not in a git repository",
            hint="a revision is read from the git repository that the rollout's folder lies in",
        )
    return InputError(f"git cannot read the repository of {where}: {done.complaint or f'exit code {done.code}'}")
