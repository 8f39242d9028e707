"""What the check of a rollout is going to read, looked at before it does: so that a later run can tell of changes.

Takes a root, then its configuration; tells ``Seen`` of every file and folder that counts beside the manifests, and
finds these. Reads nothing but the lock of packs from git.
"""

from __future__ import annotations

from penstock.answers.seen import Seen
from penstock.errors import PenstockError
from penstock.policy import BUILT_IN, GitReference, PackageReference, Reference
from penstock.policy.pack_files import SUFFIXES
from penstock.source import Discovery
from penstock.source.codeowners import PLACES
from penstock.source.discovery import MARKER
from penstock.source.late_discovery import discover_late
from penstock.source.shown import absolute
from penstock.workspace.config import Config
from penstock.workspace.reading import baseline_path
from penstock.workspace.roots import Root


def look_at_root(root: Root, seen: Seen) -> None:
    """Look at what the configuration is made from."""
    if root.config is None:
        return
    seen.file(str(root.config))
    seen.real(str(root.config))
    folder = absolute(root.folder)
    top = next((each for each in (folder, *folder.parents) if seen.kind(str(each / ".git"))), folder)
    for place in PLACES:
        seen.file(str(top / place))


def look_at_inputs(root: Root, config: Config, seen: Seen) -> None:
    """Look at what the configuration names."""
    baseline = baseline_path(root, config)
    if baseline is not None:
        seen.file(str(baseline))
    for reference in config.packs:
        _look_at_pack(reference, root, seen)


def look_at_manifests(root: Root, config: Config, seen: Seen) -> Discovery | None:
    """Look at the files that were named, and find all others; None where these are all."""
    for path in (*root.files, *root.scope):
        if seen.kind(str(path)) == "file":
            seen.file(str(path))
    return None if root.files else discover_late(root.folder, config.include, config.exclude, MARKER, seen)


def _look_at_pack(reference: Reference, root: Root, seen: Seen) -> None:
    """The files of a pack; the built-in one is part of penstock."""
    if isinstance(reference, PackageReference):
        seen.odd()  # what the import system finds depends on more than files
    elif isinstance(reference, GitReference):
        from penstock.policy.fetched import place
        from penstock.policy.lock import LOCK_FILE, read_lock

        seen.file(str(root.base / LOCK_FILE))
        try:
            seen.file(str(place(read_lock(root.base, reference).get(reference))))
        except PenstockError:
            seen.odd()
    elif reference != BUILT_IN:
        seen.tree(str(root.base / reference), SUFFIXES)
