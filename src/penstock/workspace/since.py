"""A rollout checked as a change: against the state that it has at a revision of git.

Takes a loaded rollout and a revision; gives what ``lint`` gives with that state beside it, and what was compared.
"""

from __future__ import annotations

from dataclasses import replace

from penstock.errors import GroupedError
from penstock.lint import Circumstances, Linted, lint
from penstock.lint.baseline import BaselineFile
from penstock.lint.changed import concerning, touched
from penstock.lint.excusing import in_order
from penstock.manifest.load import Loaded
from penstock.manifest.pairing import Pairing, pair
from penstock.model import Base, Finding
from penstock.policy import Pack
from penstock.policy.pack_files import digest_of, packed
from penstock.workspace.baselines import parse_baseline
from penstock.workspace.config import Config
from penstock.workspace.late import late_entries
from penstock.workspace.reading import baseline_path
from penstock.workspace.revision import Revision, open_revision
from penstock.workspace.roots import Root
from penstock.workspace.rulebook import RuleBook


def lint_since(
    revision: str,
    root: Root,
    config: Config,
    loaded: Loaded,
    book: RuleBook,
    given: Circumstances,
    *,
    only_changed: bool,
) -> tuple[Linted, Base]:
    """Check a rollout against a revision; with ``only_changed``, leave out what the change does not concern.

    Where the change is to the configuration or to a pack, it concerns everything.

    Raises:
        PenstockError: the revision cannot be read.
    """
    before = open_revision(root, revision, instead=config)
    pairing = pair(before.loaded.rollout, loaded.rollout)
    linted = lint(loaded, book.policies, book.selection, given, pairing)
    if given.baseline is not None:
        late = late_entries(linted, pairing, _old_baseline(before), before.loaded, book, given.as_of)
        linted = replace(linted, findings=in_order((*linted.findings, *late)))
    base = Base(
        rollout=loaded.rollout.name,
        revision=revision,
        commit=before.commit,
        added=len(pairing.added),
        changed=len(pairing.changed),
        removed=len(pairing.removed),
    )
    if not only_changed:
        return linted, base
    if not _judges_alike(before, config, book.packs):
        return linted, replace(base, not_shown=0, everything=True)
    shown = _concerning(linted, pairing, before, book, given)
    return shown, replace(base, not_shown=len(linted.findings) - len(shown.findings))


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


def _judges_alike(before: Revision, config: Config, packs: tuple[Pack, ...]) -> bool:
    """Whether configuration and packs of the repository are at the revision as they are now."""
    then, now = (each.document.data if each.document else None for each in (before.config, config))
    if then != now or before.config_fault is not None:
        return False
    for reference, pack in zip(config.packs, packs, strict=True):
        files = before.pack_files(reference)
        if files is not None and digest_of(packed(files)) != pack.digest:
            return False
    return True


def _concerning(
    linted: Linted, pairing: Pairing, before: Revision, book: RuleBook, given: Circumstances
) -> Linted:
    """Of a check, what concerns the change."""
    circumstances = circumstances_at(before, book, given.as_of)
    then = lint(before.loaded, book.policies, book.selection, circumstances)
    prefix = f"{before.name}:"
    known = (_renamed(found, prefix) for found in then.findings)
    ids = touched(pairing)
    excused = tuple(each for each in linted.excused if each.finding.location.resource in ids)
    return replace(linted, findings=tuple(concerning(linted.findings, ids, known)), excused=excused)


def _renamed(found: Finding, prefix: str) -> Finding:
    """A finding of then under the name that its file has now: without the revision."""
    where = found.location
    return replace(found, location=replace(where, file=where.file.removeprefix(prefix)))
