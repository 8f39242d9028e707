"""The folders that a walk went through, by which it is known that another one would find the same files.

Takes what discovery found; says whether files may have come or gone, by the stamps of folders and of .gitignore
files: to look at these takes a fraction of the time of a walk. What the files hold it does not know.
"""

from __future__ import annotations

import os
from pathlib import Path

from penstock.answers.seen import Seen, look_again
from penstock.answers.stamps import Stamp, is_young, stamp_of
from penstock.answers.walk import IGNORE_FILE
from penstock.source import Discovery
from penstock.source.ignore import above


class Tree:
    """Folders as they were when a walk was done."""

    def __init__(self, prefix: str, found: Discovery | None) -> None:
        self._stamps: dict[str, Stamp] = {}
        self._known = found is not None and not found.unreadable
        """Whether there is something to compare with."""
        if found is None:
            return
        # What the folders above say is ignored counts as well.
        seen = Seen()
        above(Path(os.path.realpath(found.root)), seen)
        self._above = seen.so_far()
        for folder in found.folders:
            path = prefix + folder.replace("/", os.sep)
            self._note(path, found.since)
            if os.path.lexists(path + IGNORE_FILE):
                self._note(path + IGNORE_FILE, found.since)

    def stands(self) -> bool:
        """Whether a walk would certainly find the same files."""
        if not self._known:
            return False
        try:
            return all(
                stamp_of(os.stat(path)) == stamp  # noqa: PTH116 - pathlib takes twice as long
                for path, stamp in self._stamps.items()
            ) and bool(look_again(self._above))
        except (OSError, ValueError):
            return False

    def _note(self, path: str, since: int) -> None:
        try:
            stamp = stamp_of(os.stat(path))  # noqa: PTH116
        except (OSError, ValueError):
            self._known = False
            return
        # What has changed a moment ago may have done so behind the walk, or do so again without a trace.
        self._known = self._known and not is_young(stamp, since)
        self._stamps[path] = stamp
