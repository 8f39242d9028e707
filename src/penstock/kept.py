"""What the folder of the cache holds, kind by kind, and how it is emptied.

Takes a folder; counts and removes entries. An entry is a plain file named by a key, in the folder of its kind:
nothing else is counted or touched, and no link is followed. Must not know what is in an entry.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from penstock.cache import DIGITS
from penstock.record import dataclass

KINDS = {
    "answers": "outputs of checks, printed again while nothing has changed",
    "packs": "policies, checked and compiled",
    "states": "what was read of rollouts, and what came of it",
}
"""Every kind of entry, in words: a folder of another name is not penstock's."""

# Named by a key, or on the way to it when the run was ended.
_ENTRY = re.compile(rf"[0-9a-f]{{{DIGITS}}}|\.[a-z0-9_]{{8}}")
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


@dataclass(frozen=True, slots=True)
class Kind:
    """The entries of one kind."""

    name: str
    entries: int
    size: int
    """In bytes."""


def kinds(root: Path) -> list[Kind]:
    """What there is, by the names of the kinds; nothing where the folder cannot be read."""
    return [] if root.is_symlink() else [kind for name in KINDS if (kind := _count(root / name)).entries]


def clean(root: Path) -> list[Kind]:
    """Remove what there is; gives what was removed."""
    return (
        [] if root.is_symlink() else [kind for name in KINDS if (kind := _count(root / name, remove=True)).entries]
    )


def _count(place: Path, *, remove: bool = False) -> Kind:
    entries = size = 0
    try:
        with _opened(place) as folder:
            for file in os.listdir(folder):  # noqa: PTH208 - a descriptor is no path
                status = _entry(folder, file)
                if status is not None and (not remove or _removed(folder, file)):
                    entries += 1
                    size += status.st_size
    except OSError:  # it is not there, or no folder
        pass
    return Kind(place.name, entries, size)


@contextmanager
def _opened(folder: Path) -> Iterator[int | Path]:
    """The folder itself, whose place no link can take any more; its path where the system has no such thing."""
    if os.unlink not in os.supports_dir_fd:
        yield folder
        return
    descriptor = os.open(folder, _FOLDER)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _entry(folder: int | Path, file: str) -> os.stat_result | None:
    """What the file system says of an entry; None for what is none."""
    if not _ENTRY.fullmatch(file):
        return None
    try:
        if isinstance(folder, Path):
            status = (folder / file).lstat()
        else:
            status = os.stat(file, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None


def _removed(folder: int | Path, file: str) -> bool:
    try:
        if isinstance(folder, Path):
            (folder / file).unlink()
        else:
            os.unlink(file, dir_fd=folder)
    except OSError:
        return False
    return True
