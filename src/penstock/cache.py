"""Results of earlier runs on disk: by key, never trusted further than the user's own folder goes.

Takes a key and plain values (what ``marshal`` writes: dicts, lists, scalars, code objects); gives them back, or
None. Whatever is wrong with the folder or an entry, the answer is None and the run does its work again: a cache
is never the reason for a fault. Knows nothing of what is kept, and imports next to nothing: most runs begin here.

An entry is written beside its place and renamed into it, so that readers see all of it or nothing. One that
somebody else owns or may write is not read: it could hold any code.
"""

from __future__ import annotations

import marshal
import os
import stat
import sys

from penstock import __version__

try:
    # What hashlib gives, without the OpenSSL that hashlib brings with it.
    from _blake2 import blake2b as blake2b
except ImportError:
    from hashlib import blake2b as blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

DIGITS = 40
"""How long a key is: hexadecimal digits, and the name of its entry's file."""

_DIGEST = 16
_LENGTH = 8
_KEPT = 64
_MOST_BYTES = 512 * 1024 * 1024
_PACKAGE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib costs more than all this
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


def key(*parts: bytes | str) -> str:
    """A name for what is made from these parts by this penstock on this Python."""
    made = blake2b(digest_size=DIGITS // 2)
    for part in (__version__, str(sys.implementation.cache_tag), sys.version, *_code(), *parts):
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        made.update(len(data).to_bytes(8, "big"))
        made.update(data)
    return made.hexdigest()


def digest(data: bytes) -> bytes:
    """What tells one content from another."""
    return blake2b(data, digest_size=_DIGEST).digest()


def read(kind: str, name: str) -> object | None:
    """The entry of that kind and key, or None."""
    folder = _folder(kind)
    if folder is None:
        return None
    try:
        with open(os.path.join(folder, name), "rb", opener=_no_link) as file:  # noqa: PTH118
            if not _is_ours(os.fstat(file.fileno())):
                return None
            data = file.read()
        body = memoryview(data)[_DIGEST:]
        if blake2b(body, digest_size=_DIGEST).digest() != data[:_DIGEST]:
            return None
        value: object = marshal.loads(body)
    except (OSError, ValueError, EOFError, TypeError, MemoryError):
        return None
    return value


def write(kind: str, name: str, value: object, *, kept: int = _KEPT, most_bytes: int = _MOST_BYTES) -> None:
    """Keep a value; quietly nothing when that cannot be done.

    Of its kind, the newest ``kept`` entries stay, and as many of them as ``most_bytes`` hold.
    """
    try:
        data = marshal.dumps(value)  # type: ignore[arg-type]
    except (ValueError, MemoryError):
        return
    _put(kind, name, (digest(data), data), kept, most_bytes)


def _put(kind: str, name: str, parts: Iterable[bytes], kept: int, most_bytes: int) -> None:
    """Write an entry beside its place, and put it there."""
    folder = _folder(kind, make=True)
    if folder is None:
        return
    temporary = None
    try:
        # What tempfile does, without all that it brings with it.
        path = os.path.join(folder, f".{os.urandom(8).hex()}")  # noqa: PTH118
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)
        temporary = path
        with open(descriptor, "wb") as file:  # noqa: PTH123
            file.writelines(parts)
        os.replace(temporary, os.path.join(folder, name))  # noqa: PTH105, PTH118
        temporary = None
        _forget_oldest(folder, kept, most_bytes)
    except (OSError, ValueError, MemoryError):
        pass
    finally:
        if temporary is not None:
            _unlink(temporary)


class Parts:
    """An entry that is open: its head, which is whole, and parts, which nobody has checked."""

    __slots__ = ("_descriptor", "head")

    def __init__(self, descriptor: int, head: bytes) -> None:
        self._descriptor = descriptor
        self.head = head

    def part(self, offset: int, length: int) -> bytes:
        """Some of the parts; less, or nothing, where the entry is shorter or cannot be read."""
        try:
            return os.pread(self._descriptor, length, offset)
        except OSError:
            return b""

    def __del__(self) -> None:
        os.close(self._descriptor)


def open_parts(kind: str, name: str) -> Parts | None:
    """The entry of that kind and key that ``write_parts`` wrote, or None. It stays as it is while it is open."""
    folder = _folder(kind)
    if folder is None or not hasattr(os, "pread"):
        return None
    try:
        descriptor = _no_link(os.path.join(folder, name), os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))  # noqa: PTH118
    except (OSError, ValueError):
        return None
    try:
        status = os.fstat(descriptor)
        if _is_ours(status):
            end = status.st_size - _DIGEST - _LENGTH
            given = os.pread(descriptor, _DIGEST + _LENGTH, end) if end >= 0 else b""
            length = int.from_bytes(given[_DIGEST:], "little")
            head = os.pread(descriptor, length, end - length) if given and length <= end else b""
            if digest(head + given[_DIGEST:]) == given[:_DIGEST]:
                return Parts(descriptor, head)
    except (OSError, MemoryError):
        pass
    os.close(descriptor)
    return None


def write_parts(
    kind: str,
    name: str,
    parts: Iterable[bytes],
    head: Callable[[], bytes],
    *,
    kept: int = _KEPT,
    most_bytes: int = _MOST_BYTES,
) -> None:
    """As ``write``: parts that the reader has to check, and behind them a head that is checked as a whole."""

    def all_parts() -> Iterator[bytes]:
        yield from parts
        whole = head()
        length = len(whole).to_bytes(_LENGTH, "little")
        yield whole
        yield digest(whole + length) + length

    _put(kind, name, all_parts(), kept, most_bytes)


def root() -> Path | None:
    """The folder of all entries: ``PENSTOCK_CACHE_DIR``, or penstock's own in the user's cache folder.

    None when ``PENSTOCK_CACHE_DIR`` is empty, which turns the cache off, or the user has no home.
    """
    from pathlib import Path

    base = _root()
    return Path(base) if base is not None else None


def is_on() -> bool:
    """Whether there is a folder for entries at all."""
    return _root() is not None


def _root() -> str | None:
    chosen = os.environ.get("PENSTOCK_CACHE_DIR")
    if chosen is not None:
        return os.path.abspath(chosen) if chosen else None  # noqa: PTH100
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")  # noqa: PTH111 - expanduser() of Path raises without a home
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
    if not base or not os.path.isabs(base):  # noqa: PTH117
        return None
    return os.path.join(base, "penstock")  # noqa: PTH118


def _folder(kind: str, *, make: bool = False) -> str | None:
    """The folder of one kind of entries, if only this user may write there."""
    base = _root()
    if base is None:
        return None
    folder = os.path.join(base, kind)  # noqa: PTH118
    try:
        if make:
            for path in (base, folder):
                os.makedirs(path, mode=0o700, exist_ok=True)  # noqa: PTH103
        safe = all(_is_ours(os.lstat(path)) for path in (base, folder))
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return None
    return folder if safe else None


def _is_ours(status: os.stat_result) -> bool:
    if sys.platform == "win32":  # LOCALAPPDATA is the user's own, and there are no such bits
        return True
    return (
        status.st_uid == os.getuid()
        and not status.st_mode & _OTHERS_MAY_WRITE
        and not stat.S_ISLNK(status.st_mode)
    )


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))


def _code() -> Iterable[str]:
    """What tells one state of a checkout from another: its version stays while its modules change."""
    top = os.path.dirname(os.path.dirname(_PACKAGE))  # noqa: PTH120
    shapes = os.path.join(top, "schemas")  # noqa: PTH118
    if os.path.isdir(os.path.join(_PACKAGE, "_bundle")) or not os.path.isdir(shapes):  # noqa: PTH112, PTH118
        return ()
    places = (_PACKAGE, shapes, os.path.join(top, "policies"))  # noqa: PTH118
    return sorted(stamp for place in places for stamp in _stamps(place))


def _stamps(folder: str) -> Iterator[str]:
    """A line for each file of ours below a folder: its path, and what changes with it."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith((".py", ".json", ".yaml")):
                status = entry.stat()
                yield f"{entry.path} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_size}"
            elif entry.name != "__pycache__" and entry.is_dir(follow_symlinks=False):
                yield from _stamps(entry.path)


def _forget_oldest(folder: str, kept: int, most_bytes: int) -> None:
    with os.scandir(folder) as entries:
        found = [(entry.stat(follow_symlinks=False), entry.path) for entry in entries]
    found.sort(key=lambda each: each[0].st_mtime_ns, reverse=True)
    total = 0
    for number, (status, path) in enumerate(found):
        total += status.st_size
        if number and (number >= kept or total > most_bytes):
            _unlink(path)


def _unlink(path: str) -> None:
    try:
        os.unlink(path)  # noqa: PTH108
    except OSError:
        return
