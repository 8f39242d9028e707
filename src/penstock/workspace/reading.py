"""One rollout -> the readings of its files, with what an editor holds in place of one.

Takes a root and its configuration; touches the file system, gives readings in a stable order. A file or folder
that cannot be read is a fault in its place, never an exception. Knows nothing of manifests.
"""

from __future__ import annotations

from pathlib import Path

from penstock.source import Fault, Reading, SourceFile, discover, read_bytes, read_path
from penstock.source.discovery import MARKER
from penstock.source.ignore import Patterns
from penstock.source.shown import absolute, shown
from penstock.workspace.config import Config
from penstock.workspace.roots import Root


def read_rollout(
    root: Root, config: Config, *, edited: tuple[str, bytes] | None = None, narrow: bool = False
) -> list[Reading]:
    """Read the files of a rollout.

    ``edited`` is a file's name and the content that counts in place of what is on disk; ``narrow`` reads only what
    lies in the root's scope, for a check that looks at each file alone.
    """
    paths, unreadable = _paths(root, config)
    if narrow:
        paths = [path for path in paths if root.covers(path)]
    replaced = absolute(edited[0]) if edited else None
    readings = [read_path(path, shown(path)) for path in paths if path != replaced]
    if edited and replaced:
        readings.append(read_bytes(edited[1], shown(replaced)))
    return sorted((*readings, *unreadable), key=lambda reading: reading.file.path)


def _paths(root: Root, config: Config) -> tuple[list[Path], list[Reading]]:
    if root.files:
        return list(root.files), []
    found = discover(root.folder, config.include, config.exclude, MARKER)
    unwanted = Patterns(config.exclude)
    # A file that was named counts also where it does not look like a manifest, but not where it is excluded.
    named = (
        path
        for path in root.scope
        if path.is_file() and path.name != MARKER and not unwanted.match(path.relative_to(root.folder).as_posix())
    )
    missed = [_unreadable(shown(entry.path), entry.message) for entry in found.unreadable]
    return list(dict.fromkeys((*found.files, *named))), missed


def _unreadable(file: str, message: str) -> Reading:
    return Reading(SourceFile(file, ""), faults=(Fault("unreadable-file", message),))
