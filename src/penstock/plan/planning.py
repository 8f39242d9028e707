"""A loaded rollout x policies in force x a day -> its sequenced plan. No I/O, no printing.

The plan asks, for each use case, what a check says today and what it would say if this use case alone were at the
stages ahead. What the answers differ in is what stands before the next stage.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeVar

from penstock import __version__
from penstock.lint import Circumstances, integrity_rules
from penstock.manifest.integrity import RULES
from penstock.manifest.load import Loaded
from penstock.manifest.paths import value_at
from penstock.model import Finding, Severity
from penstock.plan.actions import actions
from penstock.plan.comparing import beyond
from penstock.plan.dates import resolved, turning_days
from penstock.plan.judging import Judged, Terms, suppose, touches
from penstock.plan.model import Obstacle, Owner, Plan, Readiness, Upcoming, UseCasePlan
from penstock.plan.neighbourhood import Neighbourhood, concerns, neighbourhoods
from penstock.plan.owners import owner_of
from penstock.plan.situation import Situation, rules_of, situation
from penstock.plan.steps import Examined, ahead, steps
from penstock.policy import Policy, Selection
from penstock.policy.judge import whole
from penstock.record import replace

_CHANGES = 13
"""The step of rules about two revisions: a plan looks at one."""
_Each = TypeVar("_Each")


def plan(
    loaded: Loaded,
    policies: Sequence[Policy],
    selection: Selection,
    *,
    as_of: str,
    fail_on: Severity = Severity.ERROR,
    only: str | None = None,
    circumstances: Circumstances | None = None,
) -> Plan:
    """The plan of a rollout, or of the use case named ``only``, by policies in force as of a day.

    ``circumstances`` say which exceptions count, as in a check; without, those that need no configuration. The
    baseline never counts here: what it lists is still to be done.
    """
    asked = tuple(policy for policy in policies if policy.rule.step != _CHANGES)
    rules = {**integrity_rules(selection), **{policy.rule.id: policy.rule for policy in asked}}
    cases = neighbourhoods(loaded.rollout)
    given = replace(circumstances or Circumstances(as_of, {**RULES, **rules}), baseline=None)
    terms = Terms(asked, rules, frozenset(each for near in cases for each in near.own), fail_on, given)
    now = situation(loaded, selection, terms, as_of)
    wanted = (near for near in cases if only is None or near.use_case.name == only)
    return Plan(
        rollout=loaded.rollout.name,
        as_of=as_of,
        horizon=now.horizon,
        version=__version__,
        use_cases=tuple(_UseCase(near, now).plan() for near in wanted),
        elsewhere=tuple(sorted(_elsewhere(cases, now), key=lambda found: found.sort_key)),
        rules=rules,
    )


def _elsewhere(cases: Sequence[Neighbourhood], now: Situation) -> Iterator[Finding]:
    """Today's findings that are in the plan of no use case."""
    claimed = now.terms.claimed
    for found in now.integrity:
        if not cases or (found.location.resource in now.here and not any(_on(found, near) for near in cases)):
            yield found
    for found in now.judged.findings:
        if not any(touches(found, near) and concerns(found, near, claimed) for near in cases):
            yield found


def _on(finding: Finding, near: Neighbourhood) -> bool:
    """Whether a finding is on one of the manifests that a use case stands on."""
    return finding.location.resource in near.ids


class _UseCase:
    """The planning of one use case."""

    def __init__(self, near: Neighbourhood, now: Situation) -> None:
        self._near = near
        self._now = now
        self._terms = now.terms
        self._ids = (whole(now.rollout).id, *dict.fromkeys(resource.id for resource in near.resources))
        self._steps = {rule.id: rule.step for rule in self._terms.rules.values()}
        stage = value_at(near.use_case.data, ("spec", "stage"))
        self._stage = stage if isinstance(stage, str) else ""

    def plan(self) -> UseCasePlan:
        """Its plan."""
        use_case = self._near.use_case
        today = [each for each in self._on_its_manifests(self._now.by_resource) if self._concerns(each)]
        found = self._obstacles([*self._broken(), *today], None)
        # Of a manifest that breaks its schema nothing can be supposed.
        stages = ahead(self._stage) if use_case.valid else ()
        then = {
            stage: suppose(self._near, stage, self._terms.staged, self._now.as_of, self._terms) for stage in stages
        }
        unjudged = self._rules(self._now.judged.unjudged)
        readiness = []
        for stage, judged in then.items():
            found += self._obstacles(beyond(judged.findings, (each.finding for each in found)), stage)
            readiness.append(_ready(stage, found, unjudged.union(*judged.unjudged.values())))
        found.sort(key=lambda each: (each.step, each.finding.sort_key))
        title = value_at(use_case.data, ("metadata", "title"))
        return UseCasePlan(
            name=use_case.name,
            title=title if isinstance(title, str) else None,
            stage=self._stage,
            location=use_case.location(("spec", "stage")),
            steps=steps(self._near, self._stage, found, self._examined(then.values()), self._terms),
            readiness=tuple(readiness),
            actions=actions(found, self._terms.rules),
            upcoming=tuple(self._upcoming()),
            goes_live_on=self._goes_live_on(),
        )

    def _on_its_manifests(self, groups: Mapping[str | None, tuple[_Each, ...]]) -> Iterator[_Each]:
        return chain.from_iterable(groups.get(resource, ()) for resource in self._ids)

    def _concerns(self, finding: Finding) -> bool:
        return concerns(finding, self._near, self._terms.claimed)

    def _broken(self) -> Iterator[Finding]:
        """What is wrong with the manifests themselves, as far as it touches the use case.

        What stands in no known manifest touches every one: nobody knows what the file would have said.
        """
        for found in self._now.integrity:
            if _on(found, self._near) or found.location.resource not in self._now.here:
                yield found

    def _rules(self, by_resource: Mapping[str, frozenset[str]]) -> frozenset[str]:
        return frozenset[str]().union(*(by_resource.get(resource, frozenset()) for resource in self._ids))

    def _examined(self, later_on: Iterable[Judged]) -> Examined:
        """What was looked at today and at the stages ahead."""
        judged = (self._now.judged, *later_on)
        return Examined(
            frozenset[str]().union(*(self._rules(each.examined) for each in judged)),
            frozenset[str]().union(*(self._rules(each.unjudged) for each in judged)),
        )

    def _obstacles(self, findings: Sequence[Finding], stage: str | None) -> list[Obstacle]:
        passing = self._passing(findings, stage)
        return [
            Obstacle(
                finding,
                self._steps[finding.rule],
                self._terms.blocks(finding),
                self._owner(finding),
                stage,
                passing.get(finding),
            )
            for finding in findings
        ]

    def _passing(self, findings: Sequence[Finding], stage: str | None) -> Mapping[Finding, str]:
        """The findings that wait for a day, each with the day."""
        waived = {rule for waiver in self._near.of_kind("Waiver") for rule in rules_of(waiver)}
        dated = self._terms.dated(waived)
        rules = {policy.rule.id for policy in dated}
        waiting = [found for found in findings if found.rule in rules and self._terms.blocks(found)]
        if not waiting:
            return {}
        again = [policy for policy in dated if policy.rule.id in {found.rule for found in waiting}]

        def on(policies: Sequence[Policy], day: str) -> tuple[Finding, ...]:
            return suppose(self._near, stage, policies, day, self._terms).findings

        def brought(day: str) -> tuple[Finding, ...]:
            return beyond(filter(self._terms.blocks, on(dated, day)), on(dated, self._now.as_of))

        days = turning_days(self._near, self._now.as_of)
        return resolved(waiting, days, lambda day: on(again, day), brought, self._steps)

    def _upcoming(self) -> Iterator[Upcoming]:
        found = self._on_its_manifests(self._now.upcoming)
        for day, finding in sorted(found, key=lambda each: (each[0], each[1].sort_key)):
            if self._concerns(finding):
                yield Upcoming(day, finding, self._owner(finding), self._terms.blocks(finding))

    def _owner(self, finding: Finding) -> Owner:
        return owner_of(finding, self._near, self._steps[finding.rule])

    def _goes_live_on(self) -> str | None:
        day = value_at(self._near.use_case.data, ("spec", "goLiveOn"))
        ahead_of_it = self._stage not in ("production", "retired")
        return day if isinstance(day, str) and day > self._now.as_of and ahead_of_it else None


def _ready(stage: str, found: Sequence[Obstacle], unjudged: frozenset[str]) -> Readiness:
    blockers = tuple(each for each in found if each.blocking)
    days = [each.resolves_on for each in blockers if each.resolves_on is not None]
    return Readiness(stage, blockers, max(days, default=None), tuple(sorted(unjudged)))
