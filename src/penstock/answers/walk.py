"""The folders below a rollout's root, gone through twice the same way: to find the manifests, and to look again.

Takes a folder; gives its entries, and folds names and stamps of what was chosen into one digest. Which files are
chosen is ``source.discovery``'s business, which leaves behind what it left out: looking again needs no pattern.
"""

from __future__ import annotations

import marshal
import os

from penstock.answers.stamps import horizon, is_young, stamp_of
from penstock.cache import blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TypeAlias

Named: TypeAlias = tuple[str, int, int, int, int, int]
"""A file's name, and its stamp."""

Walked: TypeAlias = tuple[str, tuple[str, ...], str, bool, frozenset[str], bytes, bytes, dict[str, bytes]]
"""What is kept of a walk: its top; the endings of files that may count; the marker; whether folders that hold the
marker are gone into as well; files with such an ending, and folders (with a slash at the end), that were left out;
its shape; the digest; the digests of contents that stamps cannot tell, by path below the top."""

IGNORE_FILE = ".gitignore"


class Listing:
    """One folder's entries, without the hidden ones. Only files whose names end as asked for are listed."""

    __slots__ = ("files", "folders", "ignoring", "links", "marked", "special")

    def __init__(self, folder: str, suffixes: tuple[str, ...], marker: str) -> None:
        """Raises ``OSError`` when the folder cannot be read."""
        self.files: list[os.DirEntry[str]] = []
        self.folders: list[str] = []
        self.links: list[os.DirEntry[str]] = []
        self.marked = self.ignoring = self.special = False
        """Whether the marker is here, a .gitignore, and something that is no file, folder or link."""
        files = self.files
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if name.endswith(suffixes) and name[0] != ".":
                    if entry.is_file(follow_symlinks=False):
                        files.append(entry)
                    elif entry.is_dir(follow_symlinks=False):
                        self.folders.append(name)
                    elif entry.is_symlink():
                        if name != marker:
                            self.links.append(entry)
                    else:
                        self.special = True
                elif entry.is_dir(follow_symlinks=False) and name[0] != ".":
                    self.folders.append(name)
                if name == marker:
                    self.marked = True
                elif name == IGNORE_FILE:
                    self.ignoring = True
        self.folders.sort()


class Fold:
    """Names and stamps of what was chosen, folder by folder, as one digest."""

    __slots__ = ("_digest", "marked", "parts", "since", "young")

    def __init__(self) -> None:
        self._digest = blake2b(digest_size=16)
        self.parts: dict[str, bytes] = {}
        """What was taken in of each folder, by its path below the top: see ``differing``."""
        self.since = horizon()
        """Changes after this moment may leave no trace in a stamp."""
        self.young: list[str] = []
        """The files, by path below the top, whose stamps cannot tell their content."""
        self.marked = False
        """Whether a folder below the top holds the marker."""

    def add(self, folder: str, path: str, listing: Listing, chosen: Iterable[os.DirEntry[str]]) -> list[Named]:
        """Take in what is at ``path`` below the top; the chosen files with their stamps, sorted.

        Raises:
            OSError: one of the files is gone.
        """
        since = self.since
        self.marked = self.marked or (listing.marked and path != "")
        found: list[Named] = []
        for entry in chosen:
            status = entry.stat(follow_symlinks=False)
            written, changed = status.st_mtime_ns, status.st_ctime_ns
            found.append((entry.name, written, changed, status.st_size, status.st_ino, status.st_dev))
            if written >= since or changed >= since:
                self.young.append(path + entry.name)
        found.sort()
        ignoring = None
        if listing.ignoring:
            ignoring = stamp_of(os.lstat(folder + IGNORE_FILE))
            if is_young(ignoring, since):
                self.young.append(path + IGNORE_FILE)
        if found or ignoring or listing.marked or not path:
            # In the second version of the format equal values give equal bytes.
            part = self.parts[path] = marshal.dumps((path, listing.marked, ignoring, found), 2)
            self._digest.update(part)
        return found

    def digest(self) -> bytes:
        """What tells this walk from every other."""
        return self._digest.digest()

    def shape(self) -> bytes:
        """What tells it from those that chose other files, or met other ignore files."""
        shape = blake2b(digest_size=16)
        for part in self.parts.values():
            *where, named = marshal.loads(part)
            shape.update(marshal.dumps((where, [name for name, *_ in named]), 2))
        return shape.digest()


def differing(before: Mapping[str, bytes], now: Mapping[str, bytes]) -> list[str] | None:
    """The files, by path below the top, whose stamps differ between two walks; None where anything else does.

    Takes the ``parts`` of two folds, which are compared as they are: nearly all of them are the same.
    """
    if before.keys() != now.keys():
        return None
    found: list[str] = []
    for path, part in now.items():
        if before[path] != part:
            *were, named_then = marshal.loads(before[path])
            *are, named_now = marshal.loads(part)
            if were != are or [name for name, *_ in named_then] != [name for name, *_ in named_now]:
                return None
            found += [path + is_now[0] for was, is_now in zip(named_then, named_now) if was != is_now]  # noqa: B905
    return found


def walk_again(walked: Walked) -> Fold | None:
    """The walk that was kept, once more; None when something is there that was not to be seen.

    Raises:
        OSError: a folder or file cannot be looked at.
    """
    top, suffixes, marker, enter, left_out, *_ = walked
    # The shorter a path is, the sooner the file is found.
    prefix = "./" if top == os.getcwd() else top if top.endswith("/") else top + "/"  # noqa: PTH109
    lacking = {path.removesuffix("/").rpartition("/")[0] for path in left_out}
    fold = Fold()
    waiting = [""]
    while waiting:
        path = waiting.pop()
        folder = prefix + path
        listing = Listing(folder, suffixes, marker)
        if listing.marked and path and not enter:
            listing.ignoring = False
            fold.add(folder, path, listing, [])
            continue
        if listing.links or listing.special:
            return None
        chosen: Iterable[os.DirEntry[str]] = listing.files
        inner = [f"{path}{name}/" for name in listing.folders]
        if path[:-1] in lacking:
            chosen = [entry for entry in chosen if path + entry.name not in left_out]
            inner = [each for each in inner if each not in left_out]
        fold.add(folder, path, listing, chosen)
        waiting += inner
    return fold
