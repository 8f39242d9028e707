"""Runs ``git``: no shell, no network, no prompt, no pager, and no way for the caller's repository to get mixed in.

Takes the words of a command; gives its exit code and bytes. Must not know what the commands mean.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from penstock.errors import InputError, UsageError
from penstock.record import dataclass

_OF_ONE_REPOSITORY = (
    # What git tells its hooks of the repository that they run for. That may be another one than is asked about,
    # and the paths are relative to a folder that a hook may have left. Settings that were given by `git -c` stay.
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_PREFIX",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_GRAFT_FILE",
    "GIT_SHALLOW_FILE",
    "GIT_REPLACE_REF_BASE",
    "GIT_NAMESPACE",
    "GIT_CONFIG",
    "GIT_INTERNAL_SUPER_PREFIX",
    # Not to be had together with GIT_LITERAL_PATHSPECS.
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
)
_SET = {
    "GIT_ALLOW_PROTOCOL": "none",  # stronger than any `protocol.NAME.allow` of a configuration
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "LC_ALL": "C",  # messages that we look into
}
_OPTIONS = ("--no-pager", "-c", "protocol.allow=never", "-c", "core.fsmonitor=false")


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a command."""

    code: int
    out: bytes
    err: str

    @property
    def complaint(self) -> str:
        """What git says went wrong, without its ``fatal:``."""
        lines = [line for line in self.err.splitlines() if line.strip()]
        told = next((line for line in lines if line.startswith(("fatal: ", "error: "))), lines[0] if lines else "")
        return told.partition(": ")[2] if told.startswith(("fatal: ", "error: ")) else told


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables that git is given: our own, without what belongs to one repository, and ``extra``."""
    kept = {name: value for name, value in os.environ.items() if name not in _OF_ONE_REPOSITORY}
    return {**kept, **_SET, **(extra or {})}


def command(*words: str) -> list[str]:
    """A command line for git.

    Raises:
        UsageError: there is no git.
    """
    return [_program(), *_OPTIONS, *words]


def run(
    *words: str, stdin: bytes = b"", extra: Mapping[str, str] | None = None, folder: Path | None = None
) -> Done:
    """Run git to its end, in ``folder`` or where we are.

    Raises:
        UsageError: there is no git.
        InputError: it cannot be started.
    """
    line: Sequence[str] = command(*words)
    try:
        done = subprocess.run(
            line, input=stdin, capture_output=True, env=environment(extra), cwd=folder, check=False
        )
    except (OSError, ValueError) as error:  # a folder that is gone; a NUL in a path
        raise InputError(f"git cannot be run: {error}") from error
    return Done(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))


def _program() -> str:
    """Where git is. Only full paths of PATH count: a repository may hold a program of that name."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        if os.path.isabs(folder):  # noqa: PTH117
            found = shutil.which(os.path.join(folder, "git"))  # noqa: PTH118
            if found is not None:
                return found
    raise UsageError(
        "git is not installed, or not on the PATH",
        hint="install git: revisions are read with it; everything else works without",
    )
