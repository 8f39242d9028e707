"""The baseline: findings that were there when penstock was adopted, listed one by one, excused until mended.

Takes the entries of a rollout's baseline file; gives the excuse of each finding that is listed, and what is wrong
with the entries: stale (LV017), not allowed (LV015), ended (LV008). Reads no file.

A finding is known by its rule, its resource and its path in words; never by line, file or message.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from penstock.lint.authority import Authority
from penstock.lint.exceptions import Unjudged, may_be_excused
from penstock.manifest import wording
from penstock.manifest.integrity import finding as integrity_finding
from penstock.manifest.rollout import Rollout
from penstock.model import Excuse, ExcuseKind, Finding, Location, Path, Rule
from penstock.policy.model import ROLLOUT_KIND
from penstock.record import dataclass
from penstock.source import Document, SourceFile

Identity = tuple[str, str, str]
"""Rule, resource and path in words: what makes a finding the one that is listed."""

PRUNE = "run `penstock baseline prune`, which deletes what is mended"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the file: so many findings of one identity."""

    rule: str
    resource: str
    path: str
    since: str
    index: int
    """Its place in the file's list, from 0."""
    count: int = 1
    owner: str | None = None
    until: str | None = None
    reason: str = ""

    @property
    def identity(self) -> Identity:
        """What the findings that it lists have in common."""
        return self.rule, self.resource, self.path

    @property
    def place(self) -> str:
        """The field and resource, for a message."""
        return f"{self.path} of {self.resource}" if self.path else self.resource

    def holds(self, as_of: str) -> bool:
        """Whether it excuses anything on a date: from ``since`` to the end of ``until``, in UTC."""
        return self.since <= as_of and not self.ended(as_of)

    def ended(self, as_of: str) -> bool:
        """Whether its last day is over."""
        return self.until is not None and as_of > self.until


@dataclass(frozen=True, slots=True)
class BaselineFile:
    """A rollout's baseline as it was read: sound, and no identity twice."""

    file: SourceFile
    document: Document
    entries: tuple[Entry, ...] = ()

    def location(self, entry: Entry, *fields: str) -> Location:
        """Where an entry, or a field of it, stands."""
        path: Path = ("entries", entry.index, *fields)
        text = ".".join((f"entries[{entry.index}]", *fields))
        return Location(self.file.path, self.document.locate(path).span, path=path, path_text=text)


def identity(finding: Finding) -> Identity:
    """What a finding is known by. The rollout as a whole is ``Rollout``: its name may be that of a folder."""
    where = finding.location
    return finding.rule, plain_resource(where.resource or ""), where.path_text


def plain_resource(resource: str) -> str:
    """``Kind/name``, but for the rollout itself: a file belongs to one."""
    return ROLLOUT_KIND if resource.partition("/")[0] == ROLLOUT_KIND else resource


def may_be_listed(rule: str, rules: Mapping[str, Rule], authority: Authority) -> bool:
    """Whether findings of a rule may be on the baseline at all."""
    known = rules.get(rule)
    if known is None or known.about_changes or not may_be_excused(rule):
        return False
    return authority.allows(ExcuseKind.BASELINE, known)


def baseline_of(
    file: BaselineFile | None, as_of: str, rules: Mapping[str, Rule], authority: Authority, rollout: Rollout
) -> Baseline:
    """The baseline of one rollout for one run; ``file`` is None where there is none, which excuses nothing.

    ``rules`` are all there are, by id, checked or not.
    """
    return Baseline(file, as_of, rules, authority, rollout)


class Baseline:
    """One kind of exceptions, by the protocol of ``penstock.lint.exceptions``."""

    def __init__(
        self,
        file: BaselineFile | None,
        as_of: str,
        rules: Mapping[str, Rule],
        authority: Authority,
        rollout: Rollout,
    ) -> None:
        self._file = file
        self._as_of = as_of
        self._rules = rules
        self._authority = authority
        self._rollout = rollout
        self._entries = {entry.identity: entry for entry in file.entries} if file else {}
        self._found: Counter[Identity] = Counter()

    def excuse(self, finding: Finding) -> Excuse | None:
        """The excuse of the first ``count`` findings of an identity; none of those beyond."""
        entry = self._entries.get(identity(finding))
        if entry is None or self._file is None:
            return None
        self._found[entry.identity] += 1
        if self._found[entry.identity] > entry.count or not entry.holds(self._as_of) or not self._allows(entry):
            return None
        where = self._file.location(entry)
        return Excuse(ExcuseKind.BASELINE, where, entry.reason, entry.since, entry.until, entry.owner)

    def findings(self, checked: Collection[str], _unjudged: Collection[Unjudged] = ()) -> Iterator[Finding]:
        """Entries of rules that are no more or not allowed, entries that are stale, entries that have ended.

        Whether a finding is gone is judged only where the run could have seen it: the rule was checked, and every
        manifest could be read and judged, since many a rule looks at other manifests than the one it is about.
        """
        if self._file is None:
            return
        judged = set(checked) if judges_all(self._rollout) else set()
        ended: dict[str, list[Entry]] = {}
        for entry in self._file.entries:
            if entry.rule not in self._rules:
                yield self._unknown(self._file, entry)
            elif not self._allows(entry):
                yield self._forbidden(self._file, entry)
            elif entry.until and entry.ended(self._as_of) and self._found[entry.identity]:
                ended.setdefault(entry.until, []).append(entry)
            elif entry.rule in judged and self.found(entry) < entry.count and entry.since <= self._as_of:
                yield self._stale(self._file, entry)
        for last, entries in sorted(ended.items()):
            yield _ended(self._file, last, entries, self._as_of)

    def found(self, entry: Entry) -> int:
        """How many findings of the entry's identity have been shown."""
        return self._found[entry.identity]

    def _allows(self, entry: Entry) -> bool:
        return may_be_listed(entry.rule, self._rules, self._authority)

    def _unknown(self, file: BaselineFile, entry: Entry) -> Finding:
        message = f"there is no rule {wording.name(entry.rule)} any more, so the entry excuses nothing"
        return integrity_finding("LV017", message, file.location(entry, "rule"), help=PRUNE)

    def _forbidden(self, file: BaselineFile, entry: Entry) -> Finding:
        if self._rules[entry.rule].about_changes:
            why = f"{entry.rule} may not be on the baseline: it judges a change, and would excuse the next"
        elif may_be_excused(entry.rule):
            why = f"{entry.rule} may not be on the baseline: `exceptions` in penstock.yaml forbids it"
        else:
            why = f"{entry.rule} may not be on the baseline: nothing excuses its findings"
        todo = "delete the entry, and mend what it lists"
        return integrity_finding("LV015", why, file.location(entry, "rule"), help=todo)

    def _stale(self, file: BaselineFile, entry: Entry) -> Finding:
        found = self.found(entry)
        kind, _, name = entry.resource.partition("/")
        what = f"{entry.rule} at {entry.place}"
        todo = PRUNE
        if found:
            left = f"{found} of them {'is' if found == 1 else 'are'} left"
            message = f"the entry lists {entry.count} findings of {what}, and {left}"
        elif kind != ROLLOUT_KIND and self._rollout.get(kind, name) is None:
            message = f"there is no {entry.resource} any more, so the finding of {what} is mended"
            todo += f"; where it was renamed, `penstock baseline update --renamed {entry.resource}=NEW`"
        else:
            message = f"the finding of {what} is mended"
        return integrity_finding("LV017", message, file.location(entry), help=todo)


def judges_all(rollout: Rollout) -> bool:
    """Whether every manifest of a rollout can be read and judged, so that what is not found is not there."""
    return not rollout.unread and rollout.sound and not any(True for _ in rollout.dangling())


def _ended(file: BaselineFile, last: str, entries: Sequence[Entry], as_of: str) -> Finding:
    """One finding for all entries of a last day: what they listed stands again, each finding for itself."""
    several = len(entries) > 1
    many = f"{len(entries)} entries of the baseline" if several else "an entry of the baseline"
    listed = _listing([f"{entry.rule} at {entry.place}" for entry in entries])
    message = (
        f"the last day of {many} was {last}, and this run judges by {as_of}: "
        f"{listed} {'count' if several else 'counts'} again"
    )
    todo = "mend what counts again and run `penstock baseline prune`, or agree on a later `until`"
    return integrity_finding("LV008", message, file.location(entries[0], "until"), help=todo)


def _listing(texts: Sequence[str], most: int = 3) -> str:
    if len(texts) > most:
        return f"{', '.join(texts[:most])} and {len(texts) - most} more"
    return wording.any_of(texts, "and")
