"""Waivers x findings: what a waiver in force excuses, and what is wrong with the waivers themselves.

Takes a rollout, the run's date, the rules there are and who may waive them. Answers for one finding after the
other by the protocol of ``lint.exceptions``, and tells in the end of waivers that are expired (LV008), in vain
(LV009), not allowed (LV015) or about to expire (LV016). Must not know where the findings come from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta

from penstock.lint.approval import Property, objections
from penstock.lint.authority import Authority
from penstock.lint.exceptions import Unjudged, may_be_excused
from penstock.manifest import wording
from penstock.manifest.integrity import finding, is_fixed
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.manifest.waivers import KIND, Targets, in_force, subject, waiver_findings
from penstock.model import Excuse, ExcuseKind, Finding, Rule
from penstock.record import dataclass


@dataclass(frozen=True, slots=True)
class _Judged:
    """A valid waiver, and whether it holds."""

    waiver: Resource
    covers: tuple[str, ...]
    """The ids of what it is about, as far as that exists."""
    rules: tuple[tuple[int, str], ...]
    """The rules that it excuses, each with its place in ``spec.rules``; none when it has no effect."""
    granted: frozenset[str]
    """The rules that it excuses on the days on which it holds."""
    wrong: tuple[Finding, ...]
    """LV015: why it, or one of its rules, has no effect."""


class Waivers:
    """The waivers of one rollout, in one run."""

    def __init__(self, rollout: Rollout, as_of: str, rules: Mapping[str, Rule], authority: Authority) -> None:
        self._rollout = rollout
        self._as_of = as_of
        self._rules = rules
        self._authority = authority
        self._targets, self._property = Targets(rollout), Property(rollout)
        self._judged = tuple(self._judge(waiver) for waiver in rollout.of_kind(KIND) if waiver.valid)
        self._covering: dict[str, list[_Judged]] = {}
        for judged in self._judged:
            for resource in judged.covers if judged.rules else ():
                self._covering.setdefault(resource, []).append(judged)
        self._used: set[tuple[Resource, str]] = set()

    def covering(self, rule: str, resource: str) -> tuple[Resource, ...]:
        """The waivers with effect today that excuse a resource (``Kind/name``) from the rule with this id."""
        return tuple(each.waiver for each in self._covering.get(resource, ()) if rule in each.granted)

    def excuse(self, finding: Finding) -> Excuse | None:
        """The first waiver, in file order, that excuses the finding; all that do are in use."""
        found = self.covering(finding.rule, finding.location.resource or "")
        self._used.update((waiver, finding.rule) for waiver in found)
        return _excuse(found[0]) if found else None

    def findings(self, checked: Collection[str], unjudged: Collection[Unjudged] = ()) -> Iterable[Finding]:
        """What is wrong with the waivers, after every finding went through ``excuse``."""
        yield from waiver_findings(self._rollout, self._as_of, self._rules)
        for judged in self._judged:
            yield from judged.wrong
            idle = tuple(self._idle(judged, checked, unjudged))
            # One that excuses nothing any more is told of once, however soon it ends.
            if len(idle) < len(judged.rules):
                yield from self._expiring(judged)
            yield from idle

    def _judge(self, waiver: Resource) -> _Judged:
        named = waiver.data["spec"]["rules"]
        known = [self._rules[rule] for rule in named if rule in self._rules]
        covers = self._targets.covered(waiver)
        against = tuple(objections(waiver, covers, known, self._authority, self._property))
        forbidden = {at: found for at in range(len(named)) for found in self._forbidden(waiver, named[at], at)}
        rules = tuple((at, rule) for at, rule in enumerate(named) if not against and at not in forbidden)
        granted = frozenset(rule for _, rule in rules)
        holds = in_force(waiver, self._as_of)
        return _Judged(waiver, covers, rules if holds else (), granted, (*forbidden.values(), *against))

    def _forbidden(self, waiver: Resource, rule: str, index: int) -> Iterator[Finding]:
        """Why a rule cannot be waived, or may not be here."""
        path = ("spec", "rules", index)
        near = waiver.related(path)
        if not may_be_excused(rule):
            why = "something could not be checked" if is_fixed(rule) else "an exception needs attention"
            message = f"{rule} cannot be waived: it says that {why}"
            yield finding(
                "LV015", message, waiver.location(path), near, "take it out of the waiver; mend what it finds"
            )
        elif rule in self._rules and not self._authority.allows(ExcuseKind.WAIVER, self._rules[rule]):
            message = f"{rule} ({self._rules[rule].name}) may not be waived in this rollout"
            help_text = (
                "take it out of the waiver; `exceptions.waive.never` in penstock.yaml says what nobody may waive"
            )
            yield finding("LV015", message, waiver.location(path), near, help_text)

    def _expiring(self, judged: _Judged) -> Iterator[Finding]:
        waiver, path = judged.waiver, ("spec", "expiresOn")
        last = waiver.data["spec"]["expiresOn"]
        left = (date.fromisoformat(last) - date.fromisoformat(self._as_of)).days
        if left <= self._authority.warn_days and not self._goes_on(judged):
            when = f"{wording.count(left, 'day')} left, its last day is {last}"
            if left == 0:
                when = f"its last day is today, {last}"
            message = f"{subject(waiver)} expires soon: {when}"
            yield finding("LV016", message, waiver.location(path), waiver.related(path))

    def _goes_on(self, judged: _Judged) -> bool:
        """Whether other waivers hold on the day after its last one and excuse all that it does."""
        last = judged.waiver.data["spec"]["expiresOn"]
        if last == date.max.isoformat():
            return False
        next_day = (date.fromisoformat(last) + timedelta(days=1)).isoformat()
        later = [each for each in self._judged if in_force(each.waiver, next_day)]
        for _, rule in judged.rules:
            left = set(judged.covers)
            for each in later:
                if rule in each.granted:
                    left.difference_update(each.covers)
            if left:
                return False
        return True

    def _idle(
        self, judged: _Judged, checked: Collection[str], unjudged: Collection[Unjudged]
    ) -> Iterator[Finding]:
        """The rules of a waiver with effect that find nothing. Targets that do not exist are told of already."""
        for index, rule in judged.rules:
            if unjudged and any((rule, resource) in unjudged for resource in judged.covers):
                continue
            if judged.covers and rule in checked and (judged.waiver, rule) not in self._used:
                path = ("spec", "rules", index)
                where = " or ".join(judged.covers[:3])
                if len(judged.covers) > 3:
                    where = f"any of {len(judged.covers)} resources, {', '.join(judged.covers[:3])} and others"
                message = f"the waiver of {rule} has no effect: the rule finds nothing on {where}"
                yield finding("LV009", message, judged.waiver.location(path), judged.waiver.related(path))


def waivers_of(rollout: Rollout, as_of: str, rules: Mapping[str, Rule], authority: Authority) -> Waivers:
    """The waivers of a rollout as of a date (YYYY-MM-DD). ``rules`` are all there are by id, checked or not."""
    return Waivers(rollout, as_of, rules, authority)


def _excuse(waiver: Resource) -> Excuse:
    spec = waiver.data["spec"]
    return Excuse(
        kind=ExcuseKind.WAIVER,
        location=waiver.location(("metadata", "name")),
        reason=spec["reason"],
        since=spec["grantedOn"],
        until=spec["expiresOn"],
        person=spec["approver"],
        ticket=spec.get("ticket"),
    )
