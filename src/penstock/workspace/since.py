"""A rollout checked as a change: against the state that it has at a revision of git.

Takes a loaded rollout and a revision; gives what ``lint`` gives with that state beside it, and what was compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial

from penstock.course import UNFOLLOWED, Course
from penstock.errors import GroupedError
from penstock.lint import Circumstances, Linted, lint
from penstock.lint.baseline import BaselineFile
from penstock.lint.changed import concerning, touched
from penstock.lint.excusing import in_order
from penstock.manifest.load import Loaded
from penstock.manifest.pairing import Pairing, pair
from penstock.model import Base, Finding
from penstock.record import replace
from penstock.source.shown import absolute, shown
from penstock.workspace.baselines import parse_baseline
from penstock.workspace.config import Config
from penstock.workspace.late import late_entries
from penstock.workspace.left_out import left_out
from penstock.workspace.moved import moved
from penstock.workspace.reading import baseline_path
from penstock.workspace.revision import Revision, open_revision
from penstock.workspace.roots import Root
from penstock.workspace.rulebook import RuleBook
from penstock.workspace.same_rules import judges_alike


def lint_since(
    revision: str,
    root: Root,
    config: Config,
    loaded: Loaded,
    book: RuleBook,
    given: Circumstances,
    *,
    read: Sequence[str],
    only_changed: bool,
    course: Course = UNFOLLOWED,
) -> tuple[Linted, Base]:
    """Check a rollout against a revision; with ``only_changed``, leave out what the change does not concern.

    ``read`` are the files that the rollout takes in. Where the change is to the configuration, to a pack or to the
    CODEOWNERS that approve waivers, it concerns everything.

    Raises:
        PenstockError: the revision cannot be read.
    """
    before = open_revision(root, revision, instead=config)
    elsewhere = moved(before, root, config, loaded.rollout)
    if elsewhere is not None:
        before, _ = elsewhere
    pairing = pair(before.loaded.rollout, loaded.rollout)
    gone = left_out(before, root, config, loaded.rollout, read)
    loaded = replace(loaded, findings=(*loaded.findings, *gone))
    owners = given.authority.code_owners
    given = _owned_as(before, given)
    linted = lint(loaded, book.policies, book.selection, given, pairing, course=course)
    judged_then = cache(partial(_judged_then, before, book, given.as_of))
    # Where the change brings penstock itself, the baseline is its first, and everything in it was there before.
    if given.baseline is not None and before.config.file is not None:
        late = late_entries(linted, pairing, _old_baseline(before), judged_then)
        linted = replace(linted, findings=in_order((*linted.findings, *late)))
    base = Base(
        rollout=loaded.rollout.name,
        revision=revision,
        commit=before.commit,
        added=len(pairing.added),
        changed=len(pairing.changed),
        removed=len(pairing.removed),
        moved_from=elsewhere[1] if elsewhere is not None else None,
    )
    if not only_changed:
        return linted, base
    if not judges_alike(before, root, config, book.packs, owners):
        return linted, replace(base, not_shown=0, everything=True)
    left = _concerning(linted, judged_then(), pairing, before, root)
    return left, replace(base, not_shown=len(linted.findings) - len(left.findings))


def circumstances_at(revision: Revision, book: RuleBook, as_of: str) -> Circumstances:
    """What held for a rollout at a revision, but for the day, which is the run's.

    Raises:
        InputError: git does not hold its baseline.
    """
    return Circumstances(
        as_of=as_of,
        rules=book.rules,
        authority=revision.config.authority,
        config=revision.config.commented,
        baseline=_old_baseline(revision),
    )


def _old_baseline(before: Revision) -> BaselineFile | None:
    """The baseline of then; none where it was no baseline, which a change may be about to mend."""
    path = baseline_path(before.root, before.config)
    reading = before.read(path) if path is not None else None
    try:
        return parse_baseline(reading) if reading is not None else None
    except GroupedError:
        return None


def _owned_as(before: Revision, given: Circumstances) -> Circumstances:
    """Circumstances in which the code owners of then approve: a change must not name its own approvers.

    Where there were none, and none were asked for, those that the change brings are the first.
    """
    authority = given.authority
    if authority.code_owners is None:
        return given
    then = before.code_owners()
    if then.file is None and before.config.authority.code_owners is None:
        return given
    return replace(given, authority=replace(authority, code_owners=then))


def _judged_then(before: Revision, book: RuleBook, as_of: str) -> Linted:
    """The manifests and exceptions of then, judged by the rules and the day of now."""
    return lint(before.loaded, book.policies, book.selection, circumstances_at(before, book, as_of))


def _concerning(linted: Linted, then: Linted, pairing: Pairing, before: Revision, root: Root) -> Linted:
    """Of a check, what concerns the change."""
    known = (_renamed(found, before, root) for found in then.findings)
    ids = touched(pairing)
    excused = tuple(each for each in linted.excused if each.finding.location.resource in ids)
    return replace(linted, findings=tuple(concerning(linted.findings, ids, known)), excused=excused)


def _renamed(found: Finding, before: Revision, root: Root) -> Finding:
    """A finding of then under the name that its file has now: without the revision, in its new folder."""
    where = found.location
    file = before.plain(where.file)
    old, path = before.root.folder, absolute(file)
    if old != root.folder and path.is_relative_to(old):
        file = shown(root.folder / path.relative_to(old))
    return replace(found, location=replace(where, file=file))
