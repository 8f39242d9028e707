"""What a run has looked at, kept so that a later run can tell whether it would see the same.

``Seen`` is asked in place of the file system, before the content is read: what changes while a run is at work is
then another thing to the next. Gives plain data, and tells of such data whether it still holds. What it cannot
keep track of it calls odd: then the run is not kept at all.
"""

from __future__ import annotations

import os

from penstock.answers.stamps import Stamp, content_at, horizon, is_young, kind_at, stamp_at
from penstock.answers.walk import IGNORE_FILE, Fold, Walked, walk_again

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

Kept: TypeAlias = tuple[dict[str, str], dict[str, str], dict[str, tuple[Stamp | None, bytes | None]], list[Walked]]
"""Kinds, real paths and files by path, and walks."""

Repeated: TypeAlias = tuple[Kept, dict[tuple[str, tuple[str, ...]], tuple[Walked, Fold]]]
"""What was kept, but for its walks; and by top and endings the walks for manifests, as they were and are."""

_MOST_YOUNG = 1000
"""So many contents are kept beside stamps: more would cost a first run more than they are worth to the second."""


class Seen:
    """What one run has looked at. ``keeping`` is whether anybody will ask."""

    def __init__(self, *, keeping: bool = True) -> None:
        self.keeping = keeping
        self.is_odd = False
        self.repeated: Repeated | None = None
        """What an earlier run has looked at and was looked at again, where nothing but manifests may differ."""
        self._kinds: dict[str, str] = {}
        self._reals: dict[str, str] = {}
        self._files: dict[str, tuple[Stamp | None, bytes | None]] = {}
        self._walks: dict[tuple[str, tuple[str, ...], bool], Walked] = {}
        self._alone: set[str] = set()

    def odd(self) -> None:
        """Something was met that cannot be kept track of."""
        self.is_odd = True

    def kind(self, path: str) -> str:
        """What is at a path, links followed: ``file``, ``folder``, ``other``, or nothing."""
        found = self._kinds[path] = kind_at(path)
        return found

    def real(self, path: str) -> str:
        """Where a path leads."""
        found = self._reals[path] = os.path.realpath(path)
        return found

    def file(self, path: str) -> None:
        """A file is about to be read, or found not to be there."""
        if not self.keeping or path in self._files:
            return
        since = horizon()
        try:
            stamp = stamp_at(path)
            young = stamp is not None and is_young(stamp, since)
            self._files[path] = (stamp, content_at(path) if young else None)
        except (OSError, ValueError):
            self.odd()

    def tree(self, top: str, suffixes: tuple[str, ...]) -> None:
        """All files below a folder that end so are about to be read, but hidden ones."""
        if not self.keeping:
            return
        self.real(top)
        try:
            fold = walk_again((top, suffixes, "", False, frozenset(), b"", b"", {}))
        except OSError:
            fold = None
        if fold is None:
            self.odd()
        else:
            self.walk(top, suffixes, "", enter=False, left_out=[], shape=b"", fold=fold)

    def alone(self, top: str) -> None:
        """No other rollout is below a folder, which the walk through it will tell again."""
        self._alone.add(top)

    def walk(
        self,
        top: str,
        suffixes: tuple[str, ...],
        marker: str,
        *,
        enter: bool,
        left_out: Iterable[str],
        shape: bytes,
        fold: Fold,
    ) -> None:
        """A walk is done, and the files that were found are about to be read."""
        if not self.keeping:
            return
        if len(fold.young) > _MOST_YOUNG or (fold.marked and top in self._alone):
            self.odd()
            return
        try:
            young = {path: content_at(os.path.join(top, path)) for path in fold.young}  # noqa: PTH118
        except OSError:
            self.odd()
            return
        walked = (top, suffixes, marker, enter, frozenset(left_out), shape, fold.digest(), young)
        self._walks[top, suffixes, enter] = walked

    def again(self, top: str, suffixes: tuple[str, ...]) -> tuple[bytes, Fold] | None:
        """The walk for manifests that an earlier run has done: its shape then, and how it is now."""
        if self.repeated is None:
            return None
        (_, _, files, _), walks = self.repeated
        if any(stamp != files.get(path, (None,))[0] for path, (stamp, _) in self._files.items()):
            return None  # something else has changed after all, a moment ago
        found = walks.get((top, suffixes))
        return None if found is None else (found[0][5], found[1])

    def adopt(self, top: str, suffixes: tuple[str, ...]) -> None:
        """The walk that was done again is the one that this run goes by."""
        if self.repeated is None:
            return
        (kinds, reals, files, _), walks = self.repeated
        self._kinds |= kinds
        self._reals |= reals
        self._files = files | self._files
        (_, _, marker, enter, left_out, shape, _, _), fold = walks[top, suffixes]
        self.walk(top, suffixes, marker, enter=enter, left_out=left_out, shape=shape, fold=fold)

    def kept(self) -> Kept | None:
        """Everything, as plain data; None when it is not all."""
        return None if self.is_odd or not self.keeping else self.so_far()

    def so_far(self) -> Kept:
        """What could be kept track of, as plain data."""
        return self._kinds, self._reals, self._files, list(self._walks.values())


def look_again(kept: Kept) -> Kept | None:
    """What is to be kept from now on where everything is as it was; None where something is not.

    Raises:
        OSError, ValueError: something cannot be looked at.
    """
    return look(kept)[0]


def look(kept: Kept) -> tuple[Kept | None, Repeated | None]:
    """The same; and in place of it, where nothing but manifests differs, what was looked at again.

    Contents that were kept beside their stamps are not needed any more once the stamps have come of age.

    Raises:
        OSError, ValueError: something cannot be looked at.
    """
    kinds, reals, files, walks = kept
    since = horizon()
    for path, kind in kinds.items():
        if kind_at(path) != kind:
            return _OTHERWISE
    for path, real in reals.items():
        if os.path.realpath(path) != real:
            return _OTHERWISE
    aged = False
    files_now = {}
    for path, (stamp, content) in files.items():
        if stamp_at(path) != stamp or (content is not None and content_at(path) != content):
            return _OTHERWISE
        if content is not None and stamp is not None and not is_young(stamp, since):
            content, aged = None, True
        files_now[path] = (stamp, content)
    walks_now: list[Walked] = []
    repeated: dict[tuple[str, tuple[str, ...]], tuple[Walked, Fold]] = {}
    differ = False
    for walked in walks:
        top, suffixes, marker, enter, _, _, digest, young = walked
        fold = walk_again(walked)
        if fold is None:
            return _OTHERWISE
        rewritten = [path for path, content in young.items() if content_at(os.path.join(top, path)) != content]  # noqa: PTH118
        if rewritten or fold.digest() != digest:
            if not marker or enter or any(path.endswith(IGNORE_FILE) for path in rewritten):
                return _OTHERWISE
            differ = True
        if marker and not enter:
            repeated[top, suffixes] = walked, fold
        still = {path: young[path] for path in fold.young if path in young}
        aged = aged or len(still) < len(young)
        walks_now.append((*walked[:-1], still))
    if differ:
        return None, ((kinds, reals, files_now, []), repeated)
    return (kinds, reals, files_now, walks_now) if aged else kept, None


_OTHERWISE = (None, None)
