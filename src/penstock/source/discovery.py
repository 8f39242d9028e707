"""Finds the manifest files of a rollout, and the rollouts below a folder.

Takes a folder and patterns, gives sorted names with their stamps; what cannot be read is listed, never raised.
Hidden files, what git ignores, and the folders of other rollouts are left out. It must not open the files.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from penstock.answers.seen import Seen
from penstock.answers.stamps import stamp_of
from penstock.answers.walk import Fold, Listing
from penstock.record import dataclass, field, replace
from penstock.source import ignore

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from penstock.answers.stamps import Stamp

INCLUDE = ("*.yaml", "*.yml", "*.json")
"""What counts as a manifest file unless the configuration says otherwise."""

MARKER = "penstock.yaml"
"""The file whose folder is a rollout's root."""

_EVERY = ("",)
_NONE: tuple[str, ...] = ()
_GONE = (0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A folder or link that could not be followed, and why."""

    path: Path
    message: str


@dataclass(frozen=True, slots=True)
class Discovery:
    """The files found, sorted by folder and name, and what could not be looked into."""

    root: Path
    names: tuple[str, ...]
    """The paths of the files below the root, with forward slashes."""
    stamps: tuple[Stamp, ...]
    """What ``stat`` said of each file (of what a link leads to) before anything was read."""
    since: int
    """The moment, in nanoseconds, since which a file may have changed without a trace in its stamp."""
    unreadable: tuple[Unreadable, ...] = ()
    folders: tuple[str, ...] = ()
    """The folders that were looked into, below the root: empty for the root itself, or ending with a slash."""
    parts: Mapping[str, bytes] = field(default_factory=dict)
    """What was seen of each folder, for ``answers.walk.differing``; nothing where that does not tell all."""
    shape: bytes = b""
    """What tells which files were chosen; nothing where ``parts`` do not tell all."""

    @property
    def files(self) -> tuple[Path, ...]:
        """The paths of the files."""
        return tuple(self.root / name for name in self.names)

    def restamped(self, stamps: tuple[Stamp, ...], since: int) -> Discovery:
        """The same files, looked at once more one by one: no walk tells of them any longer."""
        return replace(self, stamps=stamps, since=since, parts={}, shape=b"")


def discover(
    root: Path,
    include: Sequence[str] = INCLUDE,
    exclude: Sequence[str] = (),
    marker: str = MARKER,
    seen: Seen | None = None,
) -> Discovery:
    """The files below ``root`` that fit ``include`` and not ``exclude``, patterns written as in .gitignore.

    The marker file itself is not one of them. A symbolic link is taken only for a file inside the root that is
    not found otherwise. ``seen`` is told of all that was looked at.

    Raises:
        InputError: a pattern is not one.
    """
    wanted, unwanted = ignore.Patterns(include), ignore.Patterns(exclude)
    walk = _Walk(root, marker, unwanted, suffixes_of(wanted), seen)
    found: list[tuple[str, Stamp]] = []
    links: list[str] = []
    for folder in walk.folders(enter_rollouts=False):
        chosen = folder.chosen(walk, wanted, unwanted, folder.listing.files)
        found += walk.stamped(folder, chosen)
        links += (
            folder.path + entry.name for entry in folder.chosen(walk, wanted, unwanted, folder.listing.links)
        )
    found += walk.follow(links, [name for name, _ in found])
    found.sort(key=_order_of_first)
    shape = walk.shape()
    walk.done(enter_rollouts=False, shape=shape)
    names, stamps = tuple(name for name, _ in found), tuple(stamp for _, stamp in found)
    made = Discovery(root, names, stamps, walk.since, tuple(walk.unreadable), tuple(walk.entered))
    return replace(made, parts=walk.parts, shape=shape) if walk.complete else made


def suffixes_of(wanted: ignore.Patterns) -> tuple[str, ...]:
    """The endings of the names that are looked at."""
    return wanted.suffixes if wanted.suffixes is not None else _EVERY


def nested_roots(root: Path, marker: str = MARKER, seen: Seen | None = None) -> list[Path]:
    """The folders below ``root`` that hold the marker file, sorted: each is a rollout of its own.

    ``seen`` is told of the walk only where there are some: without, the folder is walked through once more.
    """
    walk = _Walk(root, marker, ignore.Patterns(()), _NONE, seen)
    found = []
    for folder in walk.folders(enter_rollouts=True):
        walk.stamped(folder, [])
        if folder.listing.marked and folder.path:
            found.append(folder.path)
    if found:
        walk.done(enter_rollouts=True)
    else:
        walk.seen.alone(str(root))
    return [root / path for path in sorted(found, key=_order)]


def _order(path: str) -> str:
    """What sorts paths by their names one by one: no name holds a character before this one."""
    return path.replace("/", "\0")


def _order_of_first(found: tuple[str, Stamp]) -> str:
    return found[0].replace("/", "\0")


class _Folder:
    """One folder of a walk. ``path`` is relative to the root: empty, or ending with a slash."""

    __slots__ = ("listing", "path", "rules")

    def __init__(self, path: str, listing: Listing, rules: ignore.Ignored | None) -> None:
        self.path = path
        self.listing = listing
        self.rules = rules

    def chosen(
        self,
        walk: _Walk,
        wanted: ignore.Patterns,
        unwanted: ignore.Patterns,
        entries: Sequence[os.DirEntry[str]],
    ) -> list[os.DirEntry[str]]:
        """Those of the entries that are to be found."""
        chosen = []
        above = walk.base + self.path
        for entry in entries:
            path = self.path + entry.name
            if (
                path == walk.marker
                or not wanted.match(path)
                or unwanted.match(path)
                or (self.rules is not None and self.rules.match(above + entry.name))
            ):
                walk.left_out.append(path)
            else:
                chosen.append(entry)
        return chosen


class _Walk:
    """Goes through the folders below a root, past hidden and ignored ones and without following links."""

    def __init__(
        self, root: Path, marker: str, unwanted: ignore.Patterns, suffixes: tuple[str, ...], seen: Seen | None
    ) -> None:
        self.seen = seen or Seen(keeping=False)
        self.marker = marker
        self.unreadable: list[Unreadable] = []
        self.left_out: list[str] = []
        self.entered: list[str] = []
        self.complete = True
        """Whether everything could be looked at."""
        self._top = str(root)
        self._prefix = self._top if self._top.endswith(os.sep) else self._top + os.sep
        self._real = Path(self.seen.real(self._top))
        self.base = self._real.as_posix().rstrip("/") + "/"
        self._root = root
        self._unwanted = unwanted
        self._suffixes = suffixes
        self._fold = Fold()

    @property
    def since(self) -> int:
        """Changes after this moment may leave no trace in a stamp."""
        return self._fold.since

    @property
    def parts(self) -> Mapping[str, bytes]:
        """What was seen of each folder."""
        return self._fold.parts

    def folders(self, *, enter_rollouts: bool) -> Iterator[_Folder]:
        """Every folder with its files; those of nested rollouts only when asked for."""
        waiting: list[tuple[str, ignore.Ignored | None]] = [("", ignore.above(self._real, self.seen))]
        while waiting:
            path, rules = waiting.pop()
            self.entered.append(path)
            listing = self._listing(path)
            if listing is None:
                continue
            if listing.marked and path and not enter_rollouts:
                listing.ignoring = False
                self._fold.add(self._prefix + path, path, listing, [])
                continue
            if listing.links or listing.special:
                self._is_odd()
            if listing.ignoring:
                rules = ignore.below(self.base + path, rules)
            yield _Folder(path, listing, rules)
            for name in listing.folders:
                inner = f"{path}{name}/"
                if self._unwanted.match(inner) or (rules is not None and rules.match(self.base + inner)):
                    self.left_out.append(inner)
                else:
                    waiting.append((inner, rules))

    def stamped(self, folder: _Folder, chosen: list[os.DirEntry[str]]) -> Iterator[tuple[str, Stamp]]:
        """The chosen files with their stamps, sorted."""
        path = folder.path
        try:
            named = self._fold.add(self._prefix + path, path, folder.listing, chosen)
        except OSError:  # a file is gone already, which the one who reads it will say
            self._is_odd()
            named = [(entry.name, *_GONE) for entry in chosen]
        return ((path + each[0], each[1:]) for each in named)

    def follow(self, links: Sequence[str], found: Sequence[str]) -> list[tuple[str, Stamp]]:
        """Those of ``links`` that lead to a file inside the root, each file once and none of ``found``."""
        if not links:
            return []
        seen = set(found)
        taken: list[tuple[str, Stamp]] = []
        for link in sorted(links, key=_order):
            target = Path(os.path.realpath(self._real / link))
            if not target.is_relative_to(self._real):
                continue
            name = target.relative_to(self._real).as_posix()
            if not target.exists():
                self.unreadable.append(Unreadable(self._root / link, "the link points to nothing"))
            elif target.is_file() and name not in seen:
                seen.add(name)
                taken.append((link, stamp_of(target.stat())))
        return taken

    def shape(self) -> bytes:
        """What tells which files were chosen."""
        return self._fold.shape()

    def done(self, *, enter_rollouts: bool, shape: bytes = b"") -> None:
        """The walk is at its end: say so to whoever wants to look again."""
        self.seen.walk(
            self._top,
            self._suffixes,
            self.marker,
            enter=enter_rollouts,
            left_out=self.left_out,
            shape=shape,
            fold=self._fold,
        )

    def _listing(self, path: str) -> Listing | None:
        try:
            return Listing(self._prefix + path, self._suffixes, self.marker)
        except OSError as error:
            self._is_odd()
            where = self._root / path if path else self._root
            self.unreadable.append(Unreadable(where, f"the folder cannot be read: {error.strerror or error}"))
            return None

    def _is_odd(self) -> None:
        self.complete = False
        self.seen.odd()
