"""The manifests of a rollout as they were last looked at, and what has changed since.

Takes a root, its configuration and what discovery found; looks again, at all of it or at the files that are named.
Opens no file.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from penstock.answers.seen import Seen
from penstock.answers.stamps import Stamp, horizon, stamp_at, stamp_of
from penstock.answers.walk import IGNORE_FILE
from penstock.source import Discovery
from penstock.source.discovery import MARKER
from penstock.workspace.config import Config
from penstock.workspace.looked_at import look_at_manifests
from penstock.workspace.roots import Root
from penstock.workspace.tree_seen import Tree

_DECIDING = (IGNORE_FILE, MARKER)
"""Files by which others are manifests or not, be they there or gone."""


class ManifestsSeen:
    """What was seen of one rollout's manifests."""

    def __init__(self, root: Root, config: Config, found: Discovery | None) -> None:
        self._root = root
        self._config = config
        self._found = found
        self._given = self._stamps_given()
        self._known: _Places | None = None
        top = str(root.folder)
        self._prefix = top if top.endswith(os.sep) else top + os.sep
        self._tree = Tree(self._prefix, found)

    @property
    def found(self) -> Discovery | None:
        """The manifests as they were last seen; None where they were named one by one."""
        return self._found

    def look(self, named: Collection[str] | None) -> set[str] | None:
        """The paths of files that have changed since the last look; None where files have come or gone.

        ``named`` are the only paths where something may have happened; None for any.
        """
        given, self._given = self._given, self._stamps_given()
        touched = {path for path, stamp in self._given.items() if given[path] != stamp}
        found = self._found
        if found is None:
            return touched
        again = None
        if named is not None:
            paths = [path for path in named if self._matters(path)]
            if all(path in self._places().numbers for path in paths):
                again = self._look_at(found, paths)
        elif self._tree.stands():
            again = self._look_at_all(found)
        if again is None:
            again = self._walk(found)
        return None if again is None else touched | again

    def _walk(self, before: Discovery) -> set[str] | None:
        """Go through all folders."""
        now = look_at_manifests(self._root, self._config, Seen(keeping=False)) or before
        self._tree = Tree(self._prefix, now)
        if now.names != before.names or now.unreadable != before.unreadable:
            self._found, self._known = now, None
            return None
        if now.stamps == before.stamps:
            return set()
        self._found = now
        pairs = enumerate(zip(before.stamps, now.stamps, strict=True))
        differing = [number for number, (one, other) in pairs if one != other]
        return {self._path(now.names[number]) for number in differing}

    def _look_at_all(self, before: Discovery) -> set[str] | None:
        """Look at all files where none has come or gone; None where one is gone after all."""
        since, paths = horizon(), self._places().paths
        try:
            stamps = tuple([stamp_of(os.stat(path)) for path in paths])  # noqa: PTH116 - pathlib takes twice as long
        except OSError:
            return None
        if stamps == before.stamps:
            return set()
        self._found = before.restamped(stamps, since)
        triples = zip(paths, before.stamps, stamps, strict=True)
        return {path for path, one, other in triples if one != other}

    def _look_at(self, before: Discovery, paths: Collection[str]) -> set[str] | None:
        """Look at these files alone; None where one is a file no more."""
        numbers, since = self._places().numbers, horizon()
        stamps = list(before.stamps)
        touched = set()
        for path in paths:
            try:
                status = os.lstat(path)
            except OSError:
                return None
            number, stamp = numbers[path], stamp_of(status)
            if not stat.S_ISREG(status.st_mode):
                return None
            if stamps[number] != stamp:
                stamps[number] = stamp
                touched.add(path)
        if touched:
            self._found = before.restamped(tuple(stamps), since)
        return touched

    def _matters(self, path: str) -> bool:
        """Whether what has happened at a path may be of any concern to the manifests."""
        if path in self._places().numbers or not path.startswith(self._prefix):
            return True
        names = Path(path[len(self._prefix) :]).parts
        if any(name.startswith(".") and name != IGNORE_FILE for name in names):
            return False
        # What was there for a moment only, as editors have it when they save, is nothing.
        return names[-1] in _DECIDING or os.path.lexists(path) or path in self._places().folders

    def _places(self) -> _Places:
        if self._known is None:
            paths = [self._path(name) for name in self._found.names] if self._found is not None else []
            folders = {parent for path in paths if (parent := path.rpartition(os.sep)[0])}
            for folder in list(folders):
                while len(folder) > len(self._prefix):
                    folder = folder.rpartition(os.sep)[0]
                    folders.add(folder)
            numbers = {path: number for number, path in enumerate(paths)}
            self._known = _Places(paths, numbers, frozenset(folders))
        return self._known

    def _path(self, name: str) -> str:
        return self._prefix + name.replace("/", os.sep)

    def _stamps_given(self) -> dict[str, Stamp | None]:
        """The stamps of the files that were named one by one."""
        stamps: dict[str, Stamp | None] = {}
        for path in map(str, (*self._root.files, *self._root.scope)):
            try:
                stamps[path] = stamp_at(path)
            except (OSError, ValueError):
                stamps[path] = None
        return stamps


class _Places(NamedTuple):
    """Where the manifests are, as paths."""

    paths: list[str]
    numbers: dict[str, int]
    folders: frozenset[str]
