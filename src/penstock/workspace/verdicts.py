"""Two checks, and one of the new manifests by the old rules -> what each cause does to the findings.

Takes what three runs of ``lint`` found; gives the findings that came, went, became excused or weigh another
severity. Where a finding stands in its file plays no part, nor do its words: it is known by rule, resource and
field, and where there are several alike, by how many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from penstock.lint import Linted
from penstock.lint.changed import Identity
from penstock.model import Excuse, Finding, Severity
from penstock.workspace.compared import Excusal, Reweighed, Verdicts

_Key = Callable[[Finding], Identity]


@dataclass(frozen=True, slots=True)
class _Verdict:
    """A finding, and why it does not count, if it does not."""

    finding: Finding
    excuse: Excuse | None = None


class Run:
    """What one check found, by identity."""

    def __init__(self, linted: Linted, key: _Key, fail_on: Severity) -> None:
        self._fail_on = fail_on
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
    failing: tuple[Finding, ...]


def outcome(old: Run, between: Run, new: Run) -> Outcome:
    """Compare two checks; ``between`` is of the new manifests by the old rules."""
    parts = _Parts()
    for identity in dict.fromkeys((*new.found, *old.found)):
        counts = tuple(len(run.of(identity)) for run in (old, between, new))
        parts.add(old.of(identity), new.of(identity), counts)
        was = len(old.failing(identity))
        parts.failing += new.failing(identity)[was:]
    return parts.outcome()


class _Parts:
    """What has been found so far."""

    def __init__(self) -> None:
        self.new: Mapping[bool, list[Finding]] = {True: [], False: []}
        """By whether the rules are the cause."""
        self.mended: Mapping[bool, list[Finding]] = {True: [], False: []}
        self.reweighed: list[Reweighed] = []
        self.excused: list[Excusal] = []
        self.no_longer: list[Excusal] = []
        self.failing: list[Finding] = []

    def add(self, old: list[_Verdict], new: list[_Verdict], counts: tuple[int, ...]) -> None:
        """Take in the findings of one identity."""
        before, between, after = counts
        common = min(before, after)
        by_rules = max(0, after - between) if after > before else max(0, between - after)
        for number, each in enumerate(new[common:]):
            # Of several alike, those that the rules add come last.
            is_rules = number >= after - common - by_rules
            if each.excuse is None:
                self.new[is_rules].append(each.finding)
        for number, each in enumerate(old[common:]):
            self.mended[number >= before - common - by_rules].append(each.finding)
        self._excuses(old, new)
        for was, now in zip(old[:common], new[:common], strict=True):
            if was.finding.severity is not now.finding.severity and now.excuse is None:
                self.reweighed.append(Reweighed(now.finding, was.finding.severity))

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
            by_rules=Verdicts(_in_order(self.new[True]), _in_order(self.mended[True])),
            reweighed=tuple(sorted(self.reweighed, key=lambda each: each.finding.sort_key)),
            excused=tuple(sorted(self.excused, key=lambda each: each.finding.sort_key)),
            no_longer_excused=tuple(sorted(self.no_longer, key=lambda each: each.finding.sort_key)),
            failing=_in_order(self.failing),
        )


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda found: (found.severity.rank, found.sort_key)))
