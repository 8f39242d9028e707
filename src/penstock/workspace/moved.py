"""Where a rollout was at a revision, when that is not where it is now.

Takes the rollout as it is and the revision at its place; gives the revision at the place that it moved from. A new
folder alone must not make every manifest new: the rules about changes would have nothing to compare.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from penstock.manifest.rollout import Rollout
from penstock.record import replace
from penstock.source.discovery import MARKER
from penstock.source.shown import absolute, shown
from penstock.workspace.config import Config
from penstock.workspace.revision import Revision
from penstock.workspace.roots import Root

_SUFFIXES = frozenset({".yaml", ".yml", ".json"})


def moved(before: Revision, root: Root, config: Config, now: Rollout) -> tuple[Revision, str] | None:
    """The revision where the rollout was, and that place for people to read; None when it has not moved.

    Of the rollouts that the working tree has no more, the one of the same name, or else the one that shares the
    most manifests. Of files that were named, those that went and held manifests of theirs.

    Raises:
        PenstockError: the revision cannot be read.
    """
    if root.files:
        return _files(before, root, now)
    own = root.folder / MARKER
    if before.root.config == own or before.read(own) is not None:
        return None
    found = [each for place in _gone(before, root) if (each := before.of(place, config)).existed]
    scored = [(_is_named(each, config), _shared(each, now), each) for each in found]
    scored = [each for each in scored if each[0] or each[1]]
    if not scored:
        return None
    _, shared, best = max(scored, key=lambda each: each[:2])
    if before.existed and shared <= _shared(before, now):
        return None
    return best, f"{shown(best.root.folder)}/"


def _gone(before: Revision, root: Root) -> Iterator[Root]:
    """The rollouts of then that have no penstock.yaml now, in the order of their folders."""
    own = root.config in (None, root.folder / MARKER)
    for file in sorted(before.files()):
        if file.name == MARKER and not file.is_file():
            folder = file.parent
            scope = tuple(folder / path.relative_to(root.folder) for path in root.scope)
            yield Root(folder, file if own else root.config, scope)


def _is_named(revision: Revision, config: Config) -> bool:
    return revision.config.name == config.name


def _shared(revision: Revision, now: Rollout) -> int:
    """How many manifests of now, by kind and name, it has."""
    return sum(revision.loaded.rollout.get(each.kind, each.name) is not None for each in now.resources)


def _files(before: Revision, root: Root, now: Rollout) -> tuple[Revision, str] | None:
    known = {each.id for each in before.loaded.rollout.resources}
    new = {each.id for each in now.resources} - known
    if not new:
        return None
    gone = (path for path in before.files() if path.suffix in _SUFFIXES and path.name != MARKER)
    files = tuple(sorted(path for path in gone if not os.path.lexists(path)))
    if not files:
        return None
    there = before.of(replace(root, files=files)).loaded.rollout.resources
    held = dict.fromkeys(_path(each.file, before) for each in there if each.id in new)
    if not held:
        return None
    return before.of(replace(root, files=(*root.files, *held))), ", ".join(shown(path) for path in held)


def _path(file: str, revision: Revision) -> Path:
    return absolute(revision.plain(file))
