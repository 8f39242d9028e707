"""Results of earlier runs on disk: by key, never trusted further than the user's own folder goes.

Takes a key and plain values (what ``marshal`` writes: dicts, lists, scalars, code objects); gives them back, or
None. Whatever is wrong with the folder or an entry, the answer is None and the run does its work again: a cache
is never the reason for a fault. Knows nothing of what is kept.

An entry is written beside its place and renamed into it, so that readers see all of it or nothing. One that
somebody else owns or may write is not read: it could hold any code.
"""

from __future__ import annotations

import marshal
import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

from penstock import __version__

try:
    # What hashlib gives, without the OpenSSL that hashlib brings with it.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

_DIGEST = 16
_KEPT = 64
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


def key(*parts: bytes | str) -> str:
    """A name for what is made from these parts by this penstock on this Python."""
    made = blake2b(digest_size=20)
    for part in (__version__, str(sys.implementation.cache_tag), sys.version, *_code(), *parts):
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        made.update(len(data).to_bytes(8, "big"))
        made.update(data)
    return made.hexdigest()


def read(kind: str, name: str) -> object | None:
    """The entry of that kind and key, or None."""
    folder = _folder(kind)
    if folder is None:
        return None
    try:
        with open(folder / name, "rb", opener=_no_link) as file:
            if not _is_ours(os.fstat(file.fileno())):
                return None
            data = file.read()
        if blake2b(data[_DIGEST:], digest_size=_DIGEST).digest() != data[:_DIGEST]:
            return None
        value: object = marshal.loads(data[_DIGEST:])
    except (OSError, ValueError, EOFError, TypeError):
        return None
    return value


def write(kind: str, name: str, value: object) -> None:
    """Keep a value; quietly nothing when that cannot be done."""
    folder = _folder(kind, make=True)
    if folder is None:
        return
    import tempfile  # only a run that keeps something needs it

    temporary = None
    try:
        data = marshal.dumps(value)  # type: ignore[arg-type]
        descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".")  # readable by this user alone
        with os.fdopen(descriptor, "wb") as file:
            file.write(blake2b(data, digest_size=_DIGEST).digest() + data)
        Path(temporary).replace(folder / name)
        _forget_oldest(folder)
    except (OSError, ValueError):
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def root() -> Path | None:
    """The folder of all entries: ``PENSTOCK_CACHE_DIR``, or penstock's own in the user's cache folder.

    None when ``PENSTOCK_CACHE_DIR`` is empty, which turns the cache off, or the user has no home.
    """
    chosen = os.environ.get("PENSTOCK_CACHE_DIR")
    if chosen is not None:
        return Path(chosen).absolute() if chosen else None
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")  # noqa: PTH111 - expanduser() of Path raises without a home
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
    if not base or not os.path.isabs(base):  # noqa: PTH117
        return None
    return Path(base) / "penstock"


def _folder(kind: str, *, make: bool = False) -> Path | None:
    """The folder of one kind of entries, if only this user may write there."""
    base = root()
    if base is None:
        return None
    folder = base / kind
    try:
        if make:
            base.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.mkdir(exist_ok=True, mode=0o700)
        safe = all(_is_ours(path.stat(follow_symlinks=False)) for path in (base, folder))
    except OSError:
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
    package = Path(__file__).parent
    schemas = package.parent.parent / "schemas"
    if (package / "_bundle").is_dir() or not schemas.is_dir():
        return
    for path in sorted((*package.rglob("*.py"), *schemas.rglob("*.json"))):
        status = path.stat()
        yield f"{path} {status.st_mtime_ns} {status.st_size}"


def _forget_oldest(folder: Path) -> None:
    entries = [(entry.stat().st_mtime_ns, entry) for entry in folder.iterdir()]
    for _, entry in sorted(entries)[:-_KEPT]:
        entry.unlink(missing_ok=True)
