"""What the command line asks of a check: plain data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from penstock.course import UNFOLLOWED, Course
from penstock.model import Severity
from penstock.record import dataclass

_HEAD = "HEAD"


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks of a check. Unset means: as the configuration says."""

    paths: Sequence[str] = ()
    as_of: str | None = None
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    fail_on: Severity | None = None
    config: Path | None = None
    stdin: tuple[str, bytes] | None = None
    """A file's name and its content as the editor has it."""
    schema_only: bool = False
    allow_empty: bool = False
    engine: str = "penstock"
    cached: bool = True
    """Whether what earlier runs have kept may be used, and is kept."""
    base: str | None = None
    """A revision of git to compare with."""
    changed: bool = False
    """Whether to leave out what the change since the base, or else since the last commit, does not touch."""
    course: Course = UNFOLLOWED
    """Who is told how the check goes."""

    @property
    def revision(self) -> str | None:
        """The revision to compare with, if any."""
        return self.base if self.base is not None else _HEAD if self.changed else None
