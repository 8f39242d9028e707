"""Paths of a command line -> the rollouts they belong to.

A rollout is the tree under the nearest ``penstock.yaml``, or the path given where there is none. A folder above
several rollouts means each of them by itself. Touches the file system, reads no manifest.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from penstock.answers.seen import Seen
from penstock.errors import UsageError
from penstock.record import dataclass
from penstock.source import nested_roots
from penstock.source.discovery import MARKER
from penstock.source.shown import absolute


@dataclass(frozen=True, slots=True)
class Root:
    """One rollout to check. Paths are absolute."""

    folder: Path
    config: Path | None = None
    scope: tuple[Path, ...] = ()
    """Report only what lies at or below these; everything when empty."""
    files: tuple[Path, ...] = ()
    """The manifests themselves, when they were named and no ``penstock.yaml`` is above them."""

    @property
    def base(self) -> Path:
        """What the configuration's packs and the lock are relative to: the folder of its file."""
        return self.config.parent if self.config else self.folder

    def covers(self, path: Path) -> bool:
        """Whether a path lies in the scope."""
        path = absolute(path)
        return not self.scope or any(path == scope or scope in path.parents for scope in self.scope)


def find_roots(paths: Sequence[str], config: Path | None = None, seen: Seen | None = None) -> list[Root]:
    """The rollouts that the paths belong to, in a stable order, each once. ``seen`` is told what was looked at.

    Raises:
        UsageError: a path does not exist.
    """
    found: dict[Path, list[Path]] = {}
    configs: dict[Path, Path | None] = {}
    loose: list[Path] = []
    seen = seen or Seen(keeping=False)
    for given in paths or (".",):
        path = absolute(given)
        if not seen.kind(str(path)):
            raise UsageError(f"there is no file or folder {given}")
        for folder, marker, scope in _roots_of(path, config, seen):
            if folder is None:
                loose.append(path)
                continue
            configs[folder] = marker
            found.setdefault(folder, []).append(scope)
    roots = [Root(folder, configs[folder], _narrowest(folder, scopes)) for folder, scopes in sorted(found.items())]
    if loose:
        roots.append(Root(Path(os.path.commonpath([path.parent for path in loose])), config, files=tuple(loose)))
    return roots


def _roots_of(path: Path, config: Path | None, seen: Seen) -> Iterable[tuple[Path | None, Path | None, Path]]:
    is_folder = seen.kind(str(path)) == "folder"
    if config is not None:
        return [(path if is_folder else None, config, path)]
    marked = nearest(path, seen)
    if marked is not None:
        return [(marked, marked / MARKER, path)]
    if not is_folder:
        return [(None, None, path)]
    nested = nested_roots(path, MARKER, seen)
    if nested:
        return [(folder, folder / MARKER, folder) for folder in nested]
    return [(path, None, path)]


def nearest(path: Path, seen: Seen | None = None) -> Path | None:
    """The nearest folder at or above ``path`` that holds a ``penstock.yaml``."""
    seen = seen or Seen(keeping=False)
    for folder in (path, *path.parents) if seen.kind(str(path)) == "folder" else path.parents:
        if seen.kind(str(folder / MARKER)) == "file":
            return folder
    return None


def _narrowest(folder: Path, scopes: list[Path]) -> tuple[Path, ...]:
    """The scopes, or none where one of them is the whole rollout."""
    return () if folder in scopes else tuple(dict.fromkeys(scopes))
