"""What the file system says of a file, by which a change is seen without reading it.

Takes paths and what ``stat`` gave; gives plain tuples. A file that has changed within the last moments could
change again without a trace, because clocks of file systems tick: such a file is told by its content as well.
"""

from __future__ import annotations

import os
import stat
import time

from penstock.cache import digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

Stamp: TypeAlias = tuple[int, int, int, int, int]
"""When the content and when anything changed, in nanoseconds; size in bytes; number of the file; device."""

TICK = 2 * 10**9
"""The coarsest clock of any file system in use, FAT's, in nanoseconds."""

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_CHUNK = 1024 * 1024


def stamp_of(status: os.stat_result) -> Stamp:
    """The stamp of a file."""
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino, status.st_dev


def horizon() -> int:
    """The moment since which changes are too young to be told by stamps alone."""
    return time.time_ns() - TICK


def is_young(stamp: Stamp, since: int) -> bool:
    """Whether the file changed after that moment, as far as its stamp says."""
    return stamp[0] >= since or stamp[1] >= since


def stamp_at(path: str) -> Stamp | None:
    """The stamp of what is at a path, links followed; None where nothing is, not even a link to nothing.

    Raises:
        OSError: it cannot be told, or a link points to nothing.
    """
    try:
        return stamp_of(os.stat(path))  # noqa: PTH116
    except (FileNotFoundError, NotADirectoryError):
        try:
            os.lstat(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        raise


def kind_at(path: str) -> str:
    """What is at a path, links followed: ``file``, ``folder``, ``other``, or nothing when it cannot be reached."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116
    except (OSError, ValueError):
        return ""
    return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "other"


def content_at(path: str) -> bytes:
    """The digest of a file's content.

    Raises:
        OSError: it cannot be read, or is no regular file.
    """
    descriptor = os.open(path, _FLAGS)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("this is not a regular file")
        chunks = []
        while chunk := os.read(descriptor, _CHUNK):
            chunks.append(chunk)
        return digest(b"".join(chunks))
    finally:
        os.close(descriptor)
