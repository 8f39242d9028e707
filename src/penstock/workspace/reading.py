"""One rollout -> the readings of its files, with what an editor holds in place of one.

Takes a root and its configuration; touches the file system, gives readings in a stable order. A file or folder
that cannot be read is a fault in its place, never an exception. Knows nothing of manifests, but that the baseline
is none.
"""

from __future__ import annotations

from pathlib import Path

from penstock.source import Fault, Reading, SourceFile, discover, read_bytes, read_path
from penstock.source.discovery import MARKER
from penstock.source.ignore import Patterns
from penstock.source.shown import absolute, shown
from penstock.workspace.config import BASELINE, Config
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
    if edited and replaced and replaced not in (baseline_path(root, config), root.config):
        readings.append(read_bytes(edited[1], shown(replaced)))
    return sorted((*readings, *unreadable), key=lambda reading: reading.file.path)


def baseline_path(root: Root, config: Config) -> Path | None:
    """Where the rollout's baseline is, or would be; None for files that belong to no rollout.

    In the rollout's folder, beside penstock.yaml; a path that the configuration gives is relative to its file.
    """
    if root.files:
        return None
    if config.baseline is not None and root.config is not None:
        return absolute(root.config.parent / config.baseline)
    return absolute(root.folder / BASELINE)


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
    baseline = baseline_path(root, config)
    return [path for path in dict.fromkeys((*found.files, *named)) if path != baseline], missed


def _unreadable(file: str, message: str) -> Reading:
    return Reading(SourceFile(file, ""), faults=(Fault("unreadable-file", message),))
