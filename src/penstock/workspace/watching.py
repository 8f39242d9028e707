"""A check that is made again and again, as what it rests on changes: each time as fast as the change is small.

Takes ``Options``; gives reports, each the same as a check of its own would give, and tells whether there is a
reason for another one. Looks at the file system when it is asked to: it neither waits nor prints. Between two
checks it keeps the rules as long as nothing that they are made from changes, and what is known of the manifests.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from penstock.answers.seen import Kept, Seen, look_again
from penstock.course import UNFOLLOWED, Course
from penstock.errors import GroupedError, PenstockError, UsageError
from penstock.model import Report
from penstock.workspace import check as checking
from penstock.workspace.check import Options, refuse_clashes, report_of, roots_of
from penstock.workspace.judged import Prepared, judge, prepare
from penstock.workspace.manifests_seen import ManifestsSeen
from penstock.workspace.packs import Packs
from penstock.workspace.revision_files import look_at_revision
from penstock.workspace.roots import Root
from penstock.workspace.rulebook import compiled
from penstock.workspace.state.memory import Memory
from penstock.workspace.state.taking import save_remembered

Named = Collection[str] | None
"""Paths of files that may have changed; None for any."""

_FEW = 100
"""So many files are looked at one by one; for more, everything is."""


class Watching:
    """The checks of one command line, one after the other."""

    def __init__(self, options: Options) -> None:
        """Raises ``UsageError`` where the options cannot be used."""
        if options.stdin is not None:
            raise UsageError("standard input cannot be watched: leave --stdin-filename out")
        refuse_clashes(options)
        self._options = options
        self._day = ""
        self._roots: list[Root] = []
        self._prepared: list[Prepared] | None = None
        """Each rollout's rules; None where they are to be made."""
        self._kept: Kept = ({}, {}, {}, [])
        self._manifests: list[ManifestsSeen] = []
        self._memories: dict[Path, Memory] = {}
        self._fault: PenstockError | None = None
        self._is_odd = False
        """Whether the rules are made from what cannot be kept track of: then they are made for each check."""
        self._looked = False
        """Whether somebody has looked since the last check."""
        self._pending = False
        self._touched: Named = ()
        """The files that the last look has found changed; None where files have come or gone."""

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where the manifests are."""
        return tuple(dict.fromkeys(root.folder for root in self._roots))

    def check(self, course: Course = UNFOLLOWED) -> Report:
        """Check once more. A report must have been used before the next is made.

        Raises:
            PenstockError: as ``check``. Whoever mends the reason gives a reason for another check.
        """
        self._options = replace(self._options, course=course)
        if not self._looked:
            self.changed(None)
        self._looked = False
        if self._prepared is None or self._is_odd:
            self._prepare()
        prepared = self._prepared or ()
        try:
            judged = [
                judge(replace(each, found=seen.found), self._options, Seen(keeping=False), self._memory(each.root))
                for each, seen in zip(prepared, self._manifests, strict=True)
            ]
        except PenstockError:
            self._memories.clear()
            raise
        return report_of(self._options, judged, self._day)

    def changed(self, named: Named) -> bool:
        """Whether another check may give another report than the last one, as far as ``named`` tells.

        What was seen is what the next check goes by, and what the next look is compared with.
        """
        self._looked = True
        self._touched = None
        pending, self._pending = self._pending, False
        day = self._options.as_of or checking.today()
        if day != self._day:
            self._day, self._prepared = day, None
            return True
        if self._prepared is None:
            return self._is_mended()
        if not self._stands() or (named is None and not self._same_roots()):
            self._prepared = None
            return True
        touched: set[str] = set()
        unknown = False
        for seen in self._manifests:
            found = seen.look(named)
            unknown |= found is None
            touched.update(found or ())
        self._touched = None if unknown else touched
        return pending or unknown or bool(touched)

    def still_changing(self) -> bool:
        """Whether what the last look has found changed has changed once more since."""
        if self._prepared is None:
            return False  # what is to be read from the beginning is read when it is asked for
        few = self._touched is not None and len(self._touched) <= _FEW
        return self.changed(self._touched if few else None)

    def forgive(self, paths: Collection[Path]) -> None:
        """Files that the last report was written to are no reason for another check."""
        own = {os.path.abspath(path) for path in paths}  # noqa: PTH100
        if own and self._prepared is not None:
            for seen in self._manifests:
                touched = seen.look(own)
                self._pending |= touched is None or not touched <= own

    def leave(self) -> None:
        """Keep on disk what spares the next check work."""
        for memory in self._memories.values():
            save_remembered(memory)

    def _memory(self, root: Root) -> Memory:
        return self._memories.setdefault(root.folder, Memory(on_disk=self._options.cached))

    def _prepare(self) -> None:
        """Find the rollouts, and their rules, from the beginning."""
        options, seen, beside = self._options, Seen(), Seen(keeping=False)
        packs = Packs(options.engine, examples=False, cached=options.cached)
        self._fault = None
        try:
            self._roots = roots_of(options, seen)
            if options.revision is not None:
                for root in self._roots:
                    look_at_revision(root.folder, options.revision, seen)
            prepared = [prepare(root, options, packs, self._day, seen, beside) for root in self._roots]
        except PenstockError as fault:
            self._fault = fault
            raise
        finally:
            self._kept, self._is_odd = seen.so_far(), seen.is_odd
        self._prepared = [
            replace(each, book=compiled(each.book)) if each.book is not None else each for each in prepared
        ]
        self._manifests = [ManifestsSeen(each.root, each.config, each.found) for each in prepared]

    def _stands(self) -> bool:
        """Whether all but the manifests is as it was."""
        try:
            kept = look_again(self._kept)
        except (OSError, ValueError):
            return False
        if kept is not None:
            self._kept = kept
        return kept is not None

    def _same_roots(self) -> bool:
        """Whether the rollouts are where they were: without a configuration, one may be found below any day."""
        if all(root.config is not None for root in self._roots):
            return True
        with suppress(PenstockError):
            return roots_of(self._options, Seen(keeping=False)) == self._roots
        return False

    def _is_mended(self) -> bool:
        """Whether what the last check failed for is mended, or is something else now."""
        if self._fault is None:
            return True
        before = _told(self._fault)
        try:
            self._prepare()
        except PenstockError as fault:
            return _told(fault) != before
        return True


def _told(fault: PenstockError) -> object:
    """What a user is told of a fault."""
    each = fault.errors if isinstance(fault, GroupedError) else (fault,)
    return sorted((str(one), str(one.file), str(one.span), str(one.hint)) for one in each)
