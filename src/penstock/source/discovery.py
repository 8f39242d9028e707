"""Finds the manifest files of a rollout, and the rollouts below a folder.

Takes a folder and patterns, gives sorted paths; what cannot be read is listed, never raised. Hidden files,
what git ignores, and the folders of other rollouts are left out. It must not open the files.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from penstock.source import ignore

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

INCLUDE = ("*.yaml", "*.yml", "*.json")
"""What counts as a manifest file unless the configuration says otherwise."""

MARKER = "penstock.yaml"
"""The file whose folder is a rollout's root."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A folder or link that could not be followed, and why."""

    path: Path
    message: str


@dataclass(frozen=True, slots=True)
class Discovery:
    """The files found, sorted by folder and name, and what could not be looked into."""

    files: tuple[Path, ...]
    unreadable: tuple[Unreadable, ...] = ()


def discover(
    root: Path, include: Sequence[str] = INCLUDE, exclude: Sequence[str] = (), marker: str = MARKER
) -> Discovery:
    """The files below ``root`` that fit ``include`` and not ``exclude``, patterns written as in .gitignore.

    The marker file itself is not one of them. A symbolic link is taken only for a file inside the root that is
    not found otherwise.

    Raises:
        InputError: a pattern is not one.
    """
    wanted, unwanted = ignore.Patterns(include), ignore.Patterns(exclude)
    walk = _Walk(root, marker, unwanted)
    names: list[str] = []
    links: list[str] = []
    for folder in walk.folders(enter_rollouts=False):
        for entry in folder.files:
            path = folder.path + entry.name
            if path == marker or not wanted.match(path) or unwanted.match(path):
                continue
            if folder.rules is None or not folder.rules.match(walk.base + path):
                (links if entry.is_symlink() else names).append(path)
    names += walk.follow(links, names)
    return Discovery(tuple(root / name for name in sorted(names, key=_order)), tuple(walk.unreadable))


def nested_roots(root: Path, marker: str = MARKER) -> list[Path]:
    """The folders below ``root`` that hold the marker file, sorted: each is a rollout of its own."""
    walk = _Walk(root, marker, ignore.Patterns(()))
    found = [each.path for each in walk.folders(enter_rollouts=True) if each.marked and each.path]
    return [root / path for path in sorted(found, key=_order)]


def _order(path: str) -> list[str]:
    return path.split("/")


class _Folder(NamedTuple):
    """One folder of a walk. ``path`` is relative to the root: empty, or ending with a slash."""

    path: str
    files: list[os.DirEntry[str]]
    rules: ignore.Ignored | None
    marked: bool


class _Walk:
    """Goes through the folders below a root, past hidden and ignored ones and without following links."""

    def __init__(self, root: Path, marker: str, unwanted: ignore.Patterns) -> None:
        real = root.resolve()
        self.base = real.as_posix().rstrip("/") + "/"
        self.unreadable: list[Unreadable] = []
        self._root = root
        self._real = real
        self._marker = marker
        self._unwanted = unwanted

    def folders(self, *, enter_rollouts: bool) -> Iterator[_Folder]:
        """Every folder with its files; those of nested rollouts only when asked for."""
        waiting: list[tuple[str, ignore.Ignored | None]] = [("", ignore.above(self._real))]
        while waiting:
            path, rules = waiting.pop()
            entries = self._entries(path)
            names = {entry.name for entry in entries}
            marked = self._marker in names
            if marked and path and not enter_rollouts:
                continue
            if ".gitignore" in names:
                rules = ignore.below(self.base + path, rules)
            files: list[os.DirEntry[str]] = []
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    inner = f"{path}{entry.name}/"
                    if not self._unwanted.match(inner) and (rules is None or not rules.match(self.base + inner)):
                        waiting.append((inner, rules))
                elif entry.is_symlink() or entry.is_file(follow_symlinks=False):
                    files.append(entry)
            yield _Folder(path, files, rules, marked)

    def follow(self, links: Sequence[str], found: Sequence[str]) -> list[str]:
        """Those of ``links`` that lead to a file inside the root, each file once and none of ``found``."""
        seen = set(found)
        taken: list[str] = []
        for link in sorted(links, key=_order):
            target = Path(os.path.realpath(self._real / link))
            if not target.is_relative_to(self._real):
                continue
            name = target.relative_to(self._real).as_posix()
            if not target.exists():
                self.unreadable.append(Unreadable(self._root / link, "the link points to nothing"))
            elif target.is_file() and name not in seen:
                seen.add(name)
                taken.append(link)
        return taken

    def _entries(self, path: str) -> list[os.DirEntry[str]]:
        folder = self._root / path if path else self._root
        try:
            with os.scandir(folder) as entries:
                return list(entries)
        except OSError as error:
            self.unreadable.append(Unreadable(folder, f"the folder cannot be read: {error.strerror or error}"))
            return []
