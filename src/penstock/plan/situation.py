"""Where a whole rollout stands on a day: today's findings, what had something to judge, and what the days bring.

Takes a loaded rollout and the terms; judges every manifest once, so that use cases which share one do not each pay
for it. Gives findings by manifest; whose they are is for the plan of each use case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from penstock.lint import lint
from penstock.lint.exceptions import ABOUT_EXCEPTIONS
from penstock.manifest.load import Loaded
from penstock.manifest.paths import value_at
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.model import Finding
from penstock.plan.comparing import beyond, place
from penstock.plan.dates import HORIZON_DAYS, coming, later
from penstock.plan.judging import Judged, Terms, survey
from penstock.policy import Selection
from penstock.policy.judge import whole


@dataclass(frozen=True)
class Situation:
    """A rollout on a day."""

    rollout: Rollout
    as_of: str
    terms: Terms
    integrity: tuple[Finding, ...]
    """What is wrong with the manifests themselves, but for what ``judged`` has."""
    judged: Judged

    @property
    def horizon(self) -> str:
        """The last day looked at for what is coming up."""
        return later(self.as_of, HORIZON_DAYS)

    @cached_property
    def here(self) -> frozenset[str]:
        """The ids of the manifests, and of the rollout itself."""
        return frozenset({whole(self.rollout).id, *(resource.id for resource in self.rollout.resources)})

    @cached_property
    def by_resource(self) -> Mapping[str | None, tuple[Finding, ...]]:
        """Today's findings of ``judged``, by the manifest that they are on."""
        return _grouped(self.judged.findings)

    @cached_property
    def upcoming(self) -> Mapping[str | None, tuple[tuple[str, Finding], ...]]:
        """What the days up to the horizon bring: first day and finding, by manifest."""
        dated = self.terms.dated(_waived(self.rollout))
        then = survey(self.rollout, dated, self.horizon, self.terms).findings
        found = coming(beyond(then, self.judged.findings), self.as_of, self.horizon, self._again)
        groups: dict[str | None, list[tuple[str, Finding]]] = {}
        for day, finding in sorted(found, key=lambda each: (each[0], each[1].sort_key)):
            groups.setdefault(finding.location.resource, []).append((day, finding))
        return {resource: tuple(each) for resource, each in groups.items()}

    @cached_property
    def _resources(self) -> Mapping[str, Resource]:
        return {resource.id: resource for resource in self.rollout.resources}

    def _again(self, day: str, finding: Finding) -> Finding | None:
        """A finding of a later day as it is on an earlier one."""
        policy = self.terms.by_rule.get(finding.rule)
        only = self._resources.get(finding.location.resource or "")
        then = survey(self.rollout, [policy] if policy else [], day, self.terms, only).findings
        fresh = beyond(then, self.by_resource.get(finding.location.resource, ()))
        return next((each for each in fresh if place(each) == place(finding)), None)


def situation(loaded: Loaded, selection: Selection, terms: Terms, as_of: str) -> Situation:
    """Where a loaded rollout stands."""
    judged = survey(loaded.rollout, terms.policies, as_of, terms)
    # Without policies, lint reports the manifests themselves; what is wrong with exceptions shows only with them.
    alone = lint(loaded, (), selection, terms.circumstances).findings
    weighed = (
        replace(found, severity=terms.rules[found.rule].severity)
        for found in judged.about
        if found.rule in terms.rules
    )
    integrity = dict.fromkeys((*(found for found in alone if found.rule not in ABOUT_EXCEPTIONS), *weighed))
    return Situation(loaded.rollout, as_of, terms, tuple(integrity), judged)


def _grouped(findings: Iterable[Finding]) -> dict[str | None, tuple[Finding, ...]]:
    groups: dict[str | None, list[Finding]] = {}
    for found in findings:
        groups.setdefault(found.location.resource, []).append(found)
    return {resource: tuple(each) for resource, each in groups.items()}


def _waived(rollout: Rollout) -> frozenset[str]:
    """The rules that some waiver names."""
    return frozenset(rule for waiver in rollout.of_kind("Waiver") for rule in rules_of(waiver))


def rules_of(waiver: Resource) -> Iterator[str]:
    """The rules that a waiver names."""
    listed = value_at(waiver.data, ("spec", "rules"))
    return (rule for rule in (listed if isinstance(listed, list) else ()) if isinstance(rule, str))
