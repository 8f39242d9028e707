"""Where the symbolic links of a commit lead, as they would in a checkout at the repository's place.

Takes a snapshot and a path; gives what the path leads to. What lies in the repository is taken from the commit;
only the way to it from elsewhere is looked up on disk.
"""

from __future__ import annotations

import os
from pathlib import Path

from penstock.record import dataclass
from penstock.source.git.snapshot import Kept, Snapshot

_MOST = 40
"""Links followed on one path, as systems count them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path leads: a path relative to the repository's top, and what stands there, if anything."""

    path: str
    kept: Kept | None


def follow(snapshot: Snapshot, path: str) -> Place | None:
    """Where a path leads, all links followed; None when that is outside the repository."""
    waiting = path.split("/")[::-1]
    here: list[str] = []
    followed = 0
    while waiting:
        name = waiting.pop()
        if name in ("", "."):
            continue
        if name == "..":
            if not here:
                back = _within(snapshot, os.path.join("..", *waiting[::-1]))  # noqa: PTH118
                if back is None:
                    return None
                waiting = back[::-1]
            else:
                here.pop()
            continue
        kept = snapshot.find("/".join((*here, name)))
        if kept is None:
            return _nothing((*here, name, *waiting[::-1]))
        if not kept.entry.is_link:
            here.append(name)
            continue
        followed += 1
        if followed > _MOST:
            return _nothing((*here, name, *waiting[::-1]))
        target = os.fsdecode(snapshot.content(kept))
        if os.path.isabs(target):  # noqa: PTH117
            inside = _within(snapshot, target)
            if inside is None:
                return None
            here, waiting = [], [*waiting, *inside[::-1]]
        else:
            waiting += target.split("/")[::-1]
    return Place("/".join(here), snapshot.find("/".join(here)))


def _within(snapshot: Snapshot, target: str) -> list[str] | None:
    """The parts of a path from the top of the file system, or from the repository's, behind the latter's."""
    top = snapshot.repository.top.resolve()
    full = Path(os.path.normpath(os.path.join(top, target)))  # noqa: PTH118
    for folder in (*reversed(full.parents), full):
        if folder.resolve() == top:
            return list(full.relative_to(folder).parts)
    return None


def _nothing(names: tuple[str, ...]) -> Place | None:
    path = os.path.normpath("/".join(names)).replace(os.sep, "/")
    return None if path.split("/")[0] == ".." else Place(path, None)
