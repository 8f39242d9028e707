"""One rollout -> the readings of its files, with what an editor holds in place of one.

Takes a root and its configuration; touches the file system, gives readings in a stable order. A file or folder
that cannot be read is a fault in its place, never an exception. Knows nothing of manifests, but that the baseline
is none.
"""

from __future__ import annotations

from pathlib import Path

from penstock.source import Discovery, Fault, Reading, SourceFile, discover, read_bytes, read_path
from penstock.source.discovery import MARKER
from penstock.source.ignore import Patterns
from penstock.source.shown import absolute, shown
from penstock.workspace.config import BASELINE, Config
from penstock.workspace.roots import Root


def read_rollout(
    root: Root,
    config: Config,
    *,
    edited: tuple[str, bytes] | None = None,
    found: Discovery | None = None,
) -> list[Reading]:
    """Read the files of a rollout.

    ``edited`` is a file's name and the content that counts in place of what is on disk; ``found`` is what
    discovery has found already.
    """
    paths, unreadable = paths_of(root, config, found)
    replaced = absolute(edited[0]) if edited else None
    readings = [read_path(path, shown(path)) for path in paths if path != replaced]
    if edited and replaced and is_manifest(replaced, root, config):
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


def is_manifest(path: Path, root: Root, config: Config) -> bool:
    """Whether a file that an editor holds is one of the manifests: neither the configuration nor the baseline."""
    return path not in (baseline_path(root, config), root.config)


def paths_of(root: Root, config: Config, found: Discovery | None = None) -> tuple[list[Path], list[Reading]]:
    """The files to read, and a reading for each place that could not be looked into."""
    if root.files:
        return list(root.files), []
    found = found or discover(root.folder, config.include, config.exclude, MARKER)
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
