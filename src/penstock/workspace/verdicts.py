"""Two checks, and one of the new manifests by the old rules -> what each cause does to the findings.

Takes what three runs of ``lint`` found; gives the findings that came, went, became excused or weigh another
severity, and those of which nobody can say. Where a finding stands in its file plays no part, nor do its words:
it is known by rule, resource and field, and where there are several alike, by how many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from penstock.lint import Linted
from penstock.lint.changed import Identity
from penstock.model import Excuse, Finding, Severity
from penstock.record import dataclass
from penstock.workspace.compared import Excusal, Reweighed, Verdicts

_Key = Callable[[Finding], Identity]
_Judges = Callable[[Identity], bool]
_OF_OLD_RULES = frozenset({"LV009", "LV011", "LV016", "LV017"})
"""What only the old rules find of exceptions made for the new ones, or of themselves, hides nothing."""


@dataclass(frozen=True, slots=True)
class _Verdict:
    """A finding, and why it does not count, if it does not."""

    finding: Finding
    excuse: Excuse | None = None


class Run:
    """What one check found, by identity."""

    def __init__(self, linted: Linted, key: _Key, fail_on: Severity, judges: _Judges = lambda _: True) -> None:
        """``judges`` says of an identity whether the check could have found it."""
        self._fail_on = fail_on
        self.judges = judges
        self.found: dict[Identity, list[_Verdict]] = {}
        verdicts = [_Verdict(found) for found in linted.findings]
        verdicts += [_Verdict(each.finding, each.excuse) for each in linted.excused]
        for each in verdicts:
            self.found.setdefault(key(each.finding), []).append(each)

    def of(self, identity: Identity) -> list[_Verdict]:
        """The findings of one identity, those that count first."""
        return self.found.get(identity, [])

    def failing(self, identity: Identity) -> list[Finding]:
        """Those that fail the check."""
        return [
            each.finding
            for each in self.of(identity)
            if each.excuse is None and each.finding.severity.at_least(self._fail_on)
        ]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the findings."""

    by_manifests: Verdicts
    by_rules: Verdicts
    reweighed: tuple[Reweighed, ...]
    excused: tuple[Excusal, ...]
    no_longer_excused: tuple[Excusal, ...]
    not_judged: tuple[Finding, ...]
    not_judged_before: tuple[Finding, ...]
    failing: tuple[Finding, ...]
    failing_by_old_rules: tuple[Finding, ...]


def outcome(old: Run, between: Run, new: Run) -> Outcome:
    """Compare two checks; ``between`` is of the new manifests by the old rules."""
    parts = _Parts(old, between, new)
    for identity in dict.fromkeys((*new.found, *old.found, *between.found)):
        parts.add(identity)
    return parts.outcome()


class _Parts:
    """What has been found so far."""

    def __init__(self, old: Run, between: Run, new: Run) -> None:
        self._old, self._between, self._new = old, between, new
        self.new: Mapping[bool, list[Finding]] = {True: [], False: []}
        """By whether the rules are the cause."""
        self.mended: Mapping[bool, list[Finding]] = {True: [], False: []}
        self.hidden: list[Finding] = []
        self.reweighed: list[Reweighed] = []
        self.excused: list[Excusal] = []
        self.no_longer: list[Excusal] = []
        self.not_judged: list[Finding] = []
        self.not_judged_before: list[Finding] = []
        self.failing: list[Finding] = []
        self.failing_by_old_rules: list[Finding] = []

    def add(self, identity: Identity) -> None:
        """Take in the findings of one identity."""
        old, between, new = (run.of(identity) for run in (self._old, self._between, self._new))
        self._came(identity, len(old), len(between), new)
        self._went(identity, old, between, len(new))
        self._hide(identity, between, max(len(old), len(new)))
        self._excuses(old, new)
        self._weigh(old, between, new)
        self._fail(identity)

    def _came(self, identity: Identity, before: int, between: int, new: list[_Verdict]) -> None:
        added = max(0, len(new) - before)
        by_rules = min(added, max(0, len(new) - between))
        for number, each in enumerate(new[len(new) - added :]):
            if each.excuse is not None:
                continue
            # Of several alike, those that the rules add come last.
            is_rules = number >= added - by_rules
            self.new[is_rules].append(each.finding)
            if not is_rules and not self._old.judges(identity):
                self.not_judged_before.append(each.finding)

    def _went(self, identity: Identity, old: list[_Verdict], between: list[_Verdict], after: int) -> None:
        gone = max(0, len(old) - after)
        by_rules = min(gone, max(0, len(between) - after))
        # What only the rules no longer find is still in the new manifests: told as it stands there.
        for each in between[len(between) - by_rules :] if by_rules else ():
            (self.mended[True] if self._is_decided(identity) else self.not_judged).append(each.finding)
        for each in old[len(old) - gone : len(old) - by_rules]:
            (self.mended[False] if self._between.judges(identity) else self.not_judged).append(each.finding)

    def _is_decided(self, identity: Identity) -> bool:
        """Whether it is the new rules that do not find it: they could judge what the old ones could."""
        return self._new.judges(identity) or not self._between.judges(identity)

    def _hide(self, identity: Identity, between: list[_Verdict], known: int) -> None:
        """What the new manifests break by the old rules, was not there before, and the new rules do not find."""
        if identity[0] in _OF_OLD_RULES or not self._is_decided(identity):
            return
        counting = [each for each in between if each.excuse is None]
        hidden = min(len(counting), max(0, len(between) - known))
        self.hidden += (each.finding for each in counting[len(counting) - hidden :])

    def _weigh(self, old: list[_Verdict], between: list[_Verdict], new: list[_Verdict]) -> None:
        """Which weigh another severity than before, or, where they are new, a lesser one than by the old rules."""
        for was, now in zip((*old, *between[len(old) :]), new, strict=False):
            is_new = len(old) == 0
            differs = was.finding.severity is not now.finding.severity
            if (
                differs
                and now.excuse is None
                and (not is_new or was.finding.severity.at_least(now.finding.severity))
            ):
                self.reweighed.append(Reweighed(now.finding, was.finding.severity))

    def _fail(self, identity: Identity) -> None:
        was, now = len(self._old.failing(identity)), self._new.failing(identity)
        self.failing += now[was:]
        if identity[0] not in _OF_OLD_RULES and self._is_decided(identity):
            self.failing_by_old_rules += self._between.failing(identity)[max(was, len(now)) :]

    def _excuses(self, old: list[_Verdict], new: list[_Verdict]) -> None:
        """Which became excused, and which no longer are."""
        then = [each for each in old if each.excuse is not None]
        now = [each for each in new if each.excuse is not None]
        self.excused += (Excusal(each.finding, each.excuse) for each in now[len(then) :] if each.excuse)
        lost = then[len(now) :]
        counting = [each for each in new if each.excuse is None]
        for was, each in zip(lost, counting, strict=False):
            if was.excuse is not None:
                self.no_longer.append(Excusal(each.finding, was.excuse))

    def outcome(self) -> Outcome:
        """All of it, in order."""
        return Outcome(
            by_manifests=Verdicts(_in_order(self.new[False]), _in_order(self.mended[False])),
            by_rules=Verdicts(_in_order(self.new[True]), _in_order(self.mended[True]), _in_order(self.hidden)),
            reweighed=tuple(sorted(self.reweighed, key=lambda each: each.finding.sort_key)),
            excused=tuple(sorted(self.excused, key=lambda each: each.finding.sort_key)),
            no_longer_excused=tuple(sorted(self.no_longer, key=lambda each: each.finding.sort_key)),
            not_judged=_in_order(self.not_judged),
            not_judged_before=_in_order(self.not_judged_before),
            failing=_in_order(self.failing),
            failing_by_old_rules=_in_order(self.failing_by_old_rules),
        )


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda found: (found.severity.rank, found.sort_key)))
