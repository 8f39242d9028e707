"""What ``penstock baseline`` does to a rollout's baseline: make it, take out what is mended, follow what moved.

Takes a rollout with what it is judged by; gives an ``Outcome``: the new text of the file and what changed. Writes
nothing. What is stale is what a check says is stale: the commands and the check cannot disagree.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from penstock.errors import UsageError
from penstock.lint import Circumstances, Linted, lint
from penstock.lint.baseline import BaselineFile, Entry, Identity, identity, judges_all, may_be_listed
from penstock.model import Finding, Severity
from penstock.policy import check_token
from penstock.policy.select import matches
from penstock.record import dataclass, replace
from penstock.source.shown import shown
from penstock.workspace.baseline_text import Changes, changed_text, new_text
from penstock.workspace.circumstances import circumstances
from penstock.workspace.opened import Opened, open_rollout
from penstock.workspace.packs import Packs
from penstock.workspace.reading import baseline_path
from penstock.workspace.rulebook import RuleBook, rule_book

_RESOURCE = re.compile(r"[A-Z][A-Za-z]*/\S.*\Z")
_STALE, _FAULT = "LV017", "LV011"


@dataclass(frozen=True, slots=True)
class Survey:
    """A rollout, and by what it is judged."""

    opened: Opened
    book: RuleBook
    given: Circumstances
    path: Path
    """Where the baseline is, or would be."""

    @property
    def file(self) -> BaselineFile:
        """The baseline.

        Raises:
            UsageError: there is none.
        """
        if self.given.baseline is None:
            hint = "`penstock baseline create` writes one of what is found"
            raise UsageError(f"there is no baseline {shown(self.path)}", hint=hint)
        return self.given.baseline

    @property
    def fail_on(self) -> Severity:
        return self.opened.config.fail_on

    def judged(self, file: BaselineFile | None) -> Linted:
        """What a check says with this baseline."""
        given = replace(self.given, baseline=file)
        return lint(self.opened.loaded, self.book.policies, self.book.selection, given)

    def may_be_listed(self, finding: Finding) -> bool:
        """Whether a finding may be on the baseline."""
        resource = identity(finding)[1]
        named = resource == "Rollout" or (_RESOURCE.match(resource) is not None and resource.isprintable())
        return named and may_be_listed(finding.rule, self.book.rules, self.given.authority)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a baseline. Entries are as they are now, those that are gone as they were."""

    path: Path
    text: str | None
    """What the file is to hold; None where it stays as it is."""
    entries: tuple[Entry, ...] = ()
    added: tuple[Entry, ...] = ()
    gone: tuple[Entry, ...] = ()
    recounted: tuple[tuple[Entry, int], ...] = ()
    """Entries with another count, each with the one before."""
    renamed: tuple[tuple[Entry, str], ...] = ()
    """Entries of another resource, each with the one before."""
    moved: tuple[tuple[str, str], ...] = ()
    """Resources that are gone, each with one that has the findings listed for it: renamed, perhaps."""
    standing: tuple[Finding, ...] = ()
    """Findings that count and could be listed."""
    barred: tuple[Finding, ...] = ()
    """Findings that count and cannot be listed."""
    unsure: bool = False
    """Whether something could not be judged, so that nobody knows what is mended."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is said of new entries."""

    since: str
    owner: str | None = None
    until: str | None = None
    reason: str = ""


def survey(path: Path, as_of: str, config: Path | None = None) -> Survey:
    """The rollout at a path, ready to be judged.

    Raises:
        PenstockError: it cannot be checked, is not one rollout, or its baseline is broken.
    """
    opened = open_rollout(path, config)
    root = opened.root
    where = baseline_path(root, opened.config)
    if where is None:
        raise UsageError(f"{path} belongs to no rollout", hint="a baseline is that of a rollout: name its folder")
    packs = Packs(opened.engine_name, examples=False).load(opened.config, root.base)
    book = rule_book(opened.config, packs, as_of)
    return Survey(opened, book, circumstances(root, opened.config, book, as_of), where)


def create(rollout: Survey, terms: Terms) -> Outcome:
    """A baseline of every finding that counts and may be listed.

    Raises:
        UsageError: the file exists, or the rollout has no manifest.
    """
    if rollout.path.exists() or rollout.path.is_symlink():
        hint = "`penstock baseline prune` deletes what is mended, `penstock baseline update` also follows renames"
        raise UsageError(f"{shown(rollout.path)} exists already", hint=hint)
    if not rollout.opened.rollout.resources:
        raise UsageError(f"no manifest was found in {shown(rollout.opened.root.folder)}: nothing can be listed")
    linted = rollout.judged(None)
    standing, barred = _parted(rollout, linted)
    entries = _entries(standing, terms)
    return Outcome(rollout.path, new_text(entries) if entries else None, entries, entries, barred=barred)


def prune(rollout: Survey) -> Outcome:
    """The baseline without what is mended."""
    file = rollout.file
    linted = rollout.judged(file)
    changes, unsure = _mended(rollout, file, linted)
    text, result = changed_text(file, changes)
    return replace(
        _outcome(rollout, file, changes), text=text if changes else None, entries=result.entries, unsure=unsure
    )


def update(rollout: Survey, terms: Terms, renames: Mapping[str, str], words: Sequence[str]) -> Outcome:
    """The baseline without what is mended, with resources renamed, and with new findings of the rules asked for.

    ``words`` select rules as ``--select`` does. What looks like a rename that nobody has named stays listed: only
    people know whether it is one.

    Raises:
        UsageError: a word selects no rule; a rename does not fit the rollout or the file.
    """
    for word in words:
        check_token(word, tuple(rollout.book.rules.values()))
    before = rollout.file
    renaming = Changes(resources=_renamed(rollout, before, renames))
    text, file = changed_text(before, renaming)
    linted = rollout.judged(file)
    changes, unsure = _mended(rollout, file, linted)
    standing, _ = _parted(rollout, linted)
    wanted = [found for found in standing if _is_wanted(rollout, found, words)]
    moved = _moved(rollout, file, changes.gone, set(standing) - set(wanted))
    changes = replace(changes, gone=changes.gone - moved.keys())
    changes = _with(changes, file, wanted, terms, _counted(linted))
    text, result = changed_text(file, changes)
    standing, barred = _parted(rollout, rollout.judged(result))
    return replace(
        _outcome(rollout, file, changes),
        text=text if changes or renaming else None,
        entries=result.entries,
        renamed=tuple((file.entries[index], before.entries[index].resource) for index in renaming.resources),
        moved=tuple(dict.fromkeys((file.entries[index].resource, new) for index, new in moved.items())),
        standing=standing,
        barred=tuple(found for found in barred if found.rule != _STALE),
        unsure=unsure,
    )


def _parted(rollout: Survey, linted: Linted) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The findings that count: those that could be listed, and those that could not."""
    standing = tuple(found for found in linted.findings if rollout.may_be_listed(found))
    barred = tuple(found for found in linted.findings if not rollout.may_be_listed(found))
    return standing, barred


def _counted(linted: Linted) -> Counter[Identity]:
    """How often each identity is found, excused or not."""
    return Counter(map(identity, (*linted.findings, *(each.finding for each in linted.excused))))


def _entries(findings: Iterable[Finding], terms: Terms) -> tuple[Entry, ...]:
    counts = Counter(map(identity, findings))
    return tuple(_entry(what, count, terms) for what, count in sorted(counts.items()))


def _entry(what: Identity, count: int, terms: Terms) -> Entry:
    return Entry(*what, terms.since, 0, count, terms.owner, terms.until, terms.reason)


def _mended(rollout: Survey, file: BaselineFile, linted: Linted) -> tuple[Changes, bool]:
    """The entries that are stale, and whether there may be more that nobody could judge."""
    unsure = not judges_all(rollout.opened.rollout) or any(found.rule == _FAULT for found in linted.findings)
    counts = _counted(linted)
    gone: set[int] = set()
    lower: dict[int, int] = {}
    for found in linted.findings:
        if found.rule != _STALE:
            continue
        entry = file.entries[int(found.location.path[1])]
        if unsure and entry.rule in rollout.book.rules:
            continue
        if counts[entry.identity]:
            lower[entry.index] = counts[entry.identity]
        else:
            gone.add(entry.index)
    return Changes(frozenset(gone), lower), unsure


def _with(
    changes: Changes, file: BaselineFile, wanted: Sequence[Finding], terms: Terms, counts: Counter[Identity]
) -> Changes:
    """The changes with new findings listed: in entries of their own, or in the count of one that is there.

    An entry that has ended stays as it is: a later end is for people to agree on.
    """
    known = {entry.identity: entry for entry in file.entries}
    raised = {
        known[what].index: counts[what]
        for what in map(identity, wanted)
        if what in known and known[what].holds(terms.since)
    }
    added = _entries([found for found in wanted if identity(found) not in known], terms)
    return replace(changes, counts={**changes.counts, **raised}, added=added)


def _moved(rollout: Survey, file: BaselineFile, gone: Iterable[int], new: Iterable[Finding]) -> dict[int, str]:
    """The entries whose resource is gone while another of its kind has the same finding, new; with the other."""
    there = {resource.id for resource in rollout.opened.rollout.resources}
    others: dict[Identity, str] = {}
    for rule, resource, path in sorted(map(identity, new)):
        others.setdefault((rule, resource.partition("/")[0], path), resource)
    found: dict[int, str] = {}
    for index in sorted(gone):
        entry = file.entries[index]
        other = others.get((entry.rule, entry.resource.partition("/")[0], entry.path))
        if other is not None and "/" in entry.resource and entry.resource not in there:
            found[index] = other
    return found


def _is_wanted(rollout: Survey, finding: Finding, words: Sequence[str]) -> bool:
    rule = rollout.book.rules[finding.rule]
    return any(matches(rule, word) for word in words)


def _renamed(rollout: Survey, file: BaselineFile, renames: Mapping[str, str]) -> dict[int, str]:
    """The new resource of each entry that follows a rename, by the entry's index."""
    known = {entry.identity for entry in file.entries}
    there = {resource.id for resource in rollout.opened.rollout.resources}
    found: dict[int, str] = {}
    for old, new in renames.items():
        if new not in there:
            raise UsageError(f"there is no {new} in the rollout")
        if old in there:
            raise UsageError(f"{old} is still in the rollout", hint="--renamed names what was renamed: OLD=NEW")
        entries = [entry for entry in file.entries if entry.resource == old]
        if not entries:
            raise UsageError(f"the baseline lists nothing of {old}")
        for entry in entries:
            # What is listed under the new name already needs no second entry; this one is then stale.
            if (entry.rule, new, entry.path) not in known:
                found[entry.index] = new
                known.add((entry.rule, new, entry.path))
    return found


def _outcome(rollout: Survey, file: BaselineFile, changes: Changes) -> Outcome:
    kept = {entry.index: entry for entry in changes.kept(file.entries)}
    return Outcome(
        rollout.path,
        None,
        added=tuple(changes.added),
        gone=tuple(entry for entry in file.entries if entry.index in changes.gone),
        recounted=tuple((kept[index], file.entries[index].count) for index in sorted(changes.counts)),
    )
