"""``penstock check --watch``: one check after the other on the screen, until somebody has seen enough.

Takes what checks, who tells when to look, and how to write a report; decides what is seen of them, in which order.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from penstock.cli.faults import report as tell_fault
from penstock.cli.faults import report_bug
from penstock.errors import PenstockError, UsageError
from penstock.workspace.saves import Looking, wait_for_change

if TYPE_CHECKING:
    from penstock.course import Course
    from penstock.model import Report
    from penstock.workspace.saves import Notices
    from penstock.workspace.watching import Watching

_CLEAR = "\x1b[2J\x1b[H"
_RULER = "-" * 72


class Screen:
    """Where reports are seen. ``aside`` keeps all else out of standard output, which a program reads."""

    def __init__(self, *, aside: bool = False) -> None:
        self._stream = sys.stderr if aside else sys.stdout
        self._clears = self._stream.isatty() and _knows_sequences()
        self._begun = False

    def begin(self) -> None:
        """Make room for a report."""
        if self._clears:
            self._stream.write(_CLEAR)
        elif self._begun:
            self._stream.write(f"{_RULER}\n")
        self._begun = True
        self._stream.flush()

    def end(self, took: float, files: int | None) -> None:
        """Say when the report was made, and what another one follows upon."""
        sys.stdout.flush()
        sys.stderr.flush()
        watched = "for changes" if files is None else "1 file" if files == 1 else f"{files} files"
        at = time.strftime("%H:%M:%S")
        self._stream.write(f"\nChecked at {at} in {took:.2f} s; watching {watched}, Ctrl-C to stop.\n")
        self._stream.flush()

    def leave(self) -> None:
        """Leave the terminal's next line free: the key that was pressed stands in this one."""
        if self._clears:
            self._stream.write("\n")
            self._stream.flush()


def watch(
    watching: Watching,
    show: Callable[[Report], object],
    screen: Screen,
    notices: Callable[[Sequence[Path]], Notices | None],
    course: Callable[[], Course],
    outputs: Sequence[Path] = (),
) -> None:
    """Check, show, wait and check again, until ``KeyboardInterrupt``.

    ``notices`` gives who tells of changes in folders, None where nobody does; ``outputs`` are the files that
    ``show`` writes.

    Raises:
        UsageError: the command line names what is not there, at the first check.
    """
    files: int | None = None
    told: Notices | None = None
    folders: Sequence[Path] = ()
    try:
        while True:
            began = time.perf_counter()
            report = _checked(watching, screen, course(), first=told is None)
            if report is not None:
                files = report.stats.files
                _shown(report, show)
            watching.forgive(outputs)
            screen.end(time.perf_counter() - began, files)
            del report
            if told is None or watching.folders != folders:
                folders = watching.folders
                told = (notices(folders) if folders else None) or Looking()
            wait_for_change(watching, told)
    except KeyboardInterrupt:
        screen.leave()
        raise
    finally:
        watching.leave()


def _checked(watching: Watching, screen: Screen, course: Course, *, first: bool) -> Report | None:
    """The report of a check, with room made for it; None where there is a fault, which is told."""
    fault: Exception
    try:
        report = watching.check(course)
    except PenstockError as error:
        if first and isinstance(error, UsageError):
            raise
        fault = error
    except BrokenPipeError:
        raise
    except Exception as error:
        fault = error
    else:
        course.end()
        screen.begin()
        return report
    course.end()
    screen.begin()
    _tell(fault)
    return None


def _shown(report: Report, show: Callable[[Report], object]) -> None:
    try:
        show(report)
    except BrokenPipeError:
        raise
    except Exception as error:
        _tell(error)


def _tell(error: Exception) -> None:
    if isinstance(error, PenstockError):
        tell_fault(error)
    else:
        report_bug(error)


def _knows_sequences() -> bool:
    """Whether the terminal can be told to clear itself."""
    if sys.platform == "win32":
        return bool(os.environ.get("WT_SESSION"))
    return os.environ.get("TERM", "dumb") != "dumb"
