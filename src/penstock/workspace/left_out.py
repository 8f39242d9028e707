"""Manifests that left the check while their files stayed: LV018.

Takes a rollout as it is and at a revision; gives findings. A manifest that is gone from the rollout and still
stands in a file of the working tree, at its old place or in a file that came with the change, was left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from penstock.manifest import wording
from penstock.manifest.integrity import LEFT_OUT, finding
from penstock.manifest.load import load
from penstock.manifest.rollout import Rollout
from penstock.model import Finding, Location
from penstock.source import limits, read_path
from penstock.source.discovery import MARKER
from penstock.source.ignore import Patterns
from penstock.source.shown import absolute, shown
from penstock.workspace.config import Config
from penstock.workspace.revision import Revision
from penstock.workspace.roots import Root

_SHOWN = 5
_API_VERSION = b"rollout/v1"


def left_out(
    before: Revision, root: Root, config: Config, now: Rollout, read: Iterable[str]
) -> tuple[Finding, ...]:
    """One finding for each file that is not checked any more and holds what was; ``read`` are those that are.

    Raises:
        PenstockError: git cannot list its files.
    """
    gone: dict[str, Path] = {}
    for each in before.loaded.rollout.resources:
        if each.name and now.get(each.kind, each.name) is None:
            gone[each.id] = absolute(before.plain(each.file)).resolve()
    if root.files or not gone:
        return ()
    checked = {absolute(file).resolve() for file in read}
    found: list[Finding] = []
    for path in sorted(set(_candidates(before, gone)) - checked):
        held = tuple(each for each in _held(path) if each in gone)
        if held:
            found.append(_finding(before, root, config, path, held))
    return tuple(found)


def _candidates(before: Revision, gone: dict[str, Path]) -> Iterator[Path]:
    """The files that may hold what is gone: where it was, and those that came since and speak of it."""
    yield from (path for path in gone.values() if path.is_file())
    names = {each.partition("/")[2].encode("utf-8", "replace") for each in gone}
    for path in before.files_since():
        raw = _raw(path)
        if _API_VERSION in raw and any(name in raw for name in names):
            yield path.resolve()


def _raw(path: Path) -> bytes:
    """The content of a file of a size that penstock reads; nothing where there is none."""
    try:
        return path.read_bytes() if path.is_file() and path.stat().st_size <= limits.BYTES else b""
    except OSError:
        return b""


def _held(path: Path) -> Collection[str]:
    """The manifests in a file (``Kind/name``)."""
    there = load("", "", [read_path(path, shown(path))]).rollout.resources
    return dict.fromkeys(each.id for each in there)


def _finding(before: Revision, root: Root, config: Config, path: Path, held: tuple[str, ...]) -> Finding:
    several = len(held) > 1
    message = (
        f"{wording.listing(held, most=_SHOWN)} {'were' if several else 'was'} checked at {before.name} and "
        f"{'are' if several else 'is'} not any more, though the file is here: {_why(root, config, path)}"
    )
    return finding(LEFT_OUT, message, Location(file=shown(path)))


def _why(root: Root, config: Config, path: Path) -> str:
    """What keeps a file from being checked with the rollout."""
    top = root.folder.resolve()
    marker = next((folder / MARKER for folder in path.parents if (folder / MARKER).is_file()), None)
    if marker is not None and marker.parent != top and not top.is_relative_to(marker.parent):
        return f"{shown(marker)} makes it part of another rollout"
    if not path.is_relative_to(top):
        return f"it lies outside of {shown(root.folder)}"
    inner = path.relative_to(top)
    hidden = next((part for part in inner.parts if part.startswith(".")), None)
    if hidden is not None:
        return f"{wording.code(hidden)} is hidden, and nothing hidden is checked"
    if Patterns(config.exclude).match(inner.as_posix()):
        return f"`manifests.exclude` in {MARKER} leaves it out"
    if not Patterns(config.include).match(inner.as_posix()):
        return f"`manifests.include` in {MARKER} does not take it in"
    return "an ignore file of git leaves it out"
