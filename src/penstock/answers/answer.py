"""The answer to a command line: what it printed and its exit code, kept for the next time.

Takes the words of a command line before anybody has looked at them; gives what was kept, if all is as it was. It
must not know what the words mean: only a run that has understood them keeps its answer.

https://git-scm.com/docs/racy-git tells of the same care for files that change within a clock's tick.
"""

from __future__ import annotations

import os
import sys
import time

from penstock import cache
from penstock.answers.seen import Seen, look

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

KIND = "answers"

_FORM = 2
_KEPT = 64
_MOST_BYTES = 64 * 1024 * 1024
_LONGEST = 16 * 1024 * 1024
"""Characters of the longest answer that is kept: to print more takes longer than to find it out again."""

_VARIABLES = (
    "CI_COMMIT_SHA",
    "CI_PROJECT_URL",
    "COLUMNS",
    "FORCE_COLOR",
    "GITHUB_REPOSITORY",
    "GITHUB_SERVER_URL",
    "GITHUB_SHA",
    "LINES",
    "NO_COLOR",
    "PENSTOCK_PACKS_DIR",
    "TERM",
)
"""All of the environment that a check or its output depends on."""


class Question:
    """A command line where and when it was asked."""

    __slots__ = ("_name", "arguments", "seen")

    def __init__(self, words: Sequence[str]) -> None:
        self.arguments: dict[str, object] | None = None
        """What the words mean, by name, where an earlier run has found that out."""
        self._name = cache.key(*_circumstances(words))
        self.seen = Seen()

    def answer(self) -> tuple[int, str] | None:
        """The exit code and the output, as they would be once more; None when that is to be found out."""
        entry: Any = cache.read(KIND, self._name)
        try:
            form, day, kept, code, text, arguments = entry
            if form != _FORM:
                return None
            self.arguments = arguments
            if day and day != today():
                return None
            now, self.seen.repeated = look(kept)
            if now is None:
                return None
            if now is not kept:
                self._write((form, day, now, code, text, arguments))
        except Exception:  # an entry of another making, or a disk that does not answer: the run finds out
            return None
        return (code, text) if type(code) is int and type(text) is str else None

    def keep(self, code: int, text: str, day: str | None, arguments: dict[str, object] | None) -> None:
        """Keep what a run has said; ``day`` is the day that it judged by unless that was asked for."""
        kept = self.seen.kept()
        if kept is not None and len(text) <= _LONGEST:
            self._write((_FORM, day, kept, code, text, arguments))

    def _write(self, entry: tuple[object, ...]) -> None:
        cache.write(KIND, self._name, entry, kept=_KEPT, most_bytes=_MOST_BYTES)


def ask(words: Sequence[str]) -> Question | None:
    """The question that a command line is; None where answers cannot be kept."""
    # Windows tells too little of files: neither when anything but the content changed nor, in a folder, which
    # file it is.
    if sys.platform == "win32" or not cache.is_on():
        return None
    try:
        return Question(words)
    except Exception:  # no working directory, a word that is no text, a stream of another making
        return None


def today() -> str:
    """Today's date in UTC, ISO 8601."""
    return "{:04}-{:02}-{:02}".format(*time.gmtime()[:3])


def _circumstances(words: Sequence[str]) -> list[str]:
    """What the output depends on besides files: a change of it makes another question."""
    out = sys.stdout
    here = os.getcwd()  # noqa: PTH109
    parts = [str(len(words)), *words, here, str(os.getuid())]
    parts += [f"{name}={os.environ[name]}" for name in _VARIABLES if name in os.environ]
    # Where the summary goes differs from job to job; that there is one is what counts.
    parts.append(str("GITHUB_STEP_SUMMARY" in os.environ))
    parts += [str(out.isatty()), str(out.encoding), str(out.errors), str(_width()), sys.getfilesystemencoding()]
    parts += [sys.executable, str(tuple(sys.flags))]
    for entry in sys.path:
        # What is installed decides as well; in the working directory is what is checked.
        if entry and entry != here:
            parts.append(f"{entry} {_state(entry)}")
    return parts


def _width() -> int:
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns if sys.__stdout__ is not None else 0
    except (AttributeError, ValueError, OSError):
        return 0


def _state(folder: str) -> str:
    """What changes when something is installed in a folder."""
    try:
        status = os.stat(folder)  # noqa: PTH116
    except (OSError, ValueError):
        return ""
    return f"{status.st_mtime_ns} {status.st_ino} {status.st_dev}"
