"""What a check would say: of a whole rollout, or of one use case at a stage, on a day.

Takes policies in force and manifests; gives the findings that would stand, and which rules had something to judge.
Rules stay ignorant of it: a later stage is a supposed manifest, a later day another date.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from penstock.lint import Circumstances, exceptions_of
from penstock.lint.exceptions import unjudged
from penstock.lint.excusing import part
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.manifest.waivers import waiver_findings
from penstock.model import Finding, Rule, Severity, Status
from penstock.plan.neighbourhood import Neighbourhood, concerns
from penstock.plan.supposition import at_stage
from penstock.policy import Evaluator, Policy
from penstock.policy.judge import Subject, whole
from penstock.policy.model import ROLLOUT_KIND, Expression

EXPIRED = "LV008"
_STAGE = re.compile(r"(?<!maturity\.)(?<!maturity\.\?)stage")
"""How an expression gets at the stage of a use case; the maturity of an Organization has one too."""


@dataclass(frozen=True)
class Terms:
    """By what all use cases of a rollout are judged."""

    policies: tuple[Policy, ...]
    rules: Mapping[str, Rule]
    """Every rule in force, by id: those of the policies and the integrity rules."""
    claimed: frozenset[str]
    """The ids of the manifests that are some use case's own."""
    fail_on: Severity
    circumstances: Circumstances
    """By what exceptions are judged; the day is another one where a later one is supposed."""

    def blocks(self, finding: Finding) -> bool:
        """Whether a check fails on the finding."""
        return finding.severity.at_least(self.fail_on)

    @cached_property
    def by_rule(self) -> Mapping[str, Policy]:
        """The policy of each rule that has one."""
        return {policy.rule.id: policy for policy in self.policies}

    @cached_property
    def staged(self) -> tuple[Policy, ...]:
        """The policies that may judge a use case differently at another stage: none else ever says the word."""
        return tuple(
            policy
            for policy in self.policies
            if policy.stage is not None or any(_STAGE.search(each.text) for each in _expressions(policy))
        )

    def dated(self, waived: Collection[str]) -> tuple[Policy, ...]:
        """The policies whose verdict may change with the day alone; those of ``waived`` rules have a waiver."""
        return tuple(policy for policy in self.policies if "asOf" in policy.reads or policy.rule.id in waived)


@dataclass(frozen=True, slots=True)
class Judged:
    """What judging gave."""

    findings: tuple[Finding, ...]
    """Those that count: expired waivers, then those of the policies in the order of findings."""
    about: tuple[Finding, ...]
    """What is wrong with the exceptions, but for expired waivers; told of a whole rollout alone."""
    examined: Mapping[str, frozenset[str]]
    """By the id of a manifest (or of the rollout), the rules that had something to judge there."""
    unjudged: Mapping[str, frozenset[str]]
    """The same for the rules that could not judge, because of a finding already reported."""


def survey(
    rollout: Rollout, policies: Sequence[Policy], as_of: str, terms: Terms, only: Resource | None = None
) -> Judged:
    """A rollout judged on a day; with ``only``, one of its manifests."""
    within = None if only is None else {only.kind: (only,)}
    return _judged(_Narrow(rollout, as_of, within), policies, terms, exceptions=only is None)


def suppose(
    near: Neighbourhood, stage: str | None, policies: Sequence[Policy], as_of: str, terms: Terms
) -> Judged:
    """What is about one use case, if it were at a stage (None: as it is) on a day."""
    rollout, use_case = near.rollout, near.use_case
    if stage is not None:
        rollout, use_case = at_stage(rollout, use_case, stage)
    judged = _judged(_Narrow(rollout, as_of, {**near.by_kind, use_case.kind: (use_case,)}), policies, terms)
    about = tuple(
        found for found in judged.findings if touches(found, near) and concerns(found, near, terms.claimed)
    )
    return replace(judged, findings=about)


def touches(finding: Finding, near: Neighbourhood) -> bool:
    """Whether a finding is on a manifest that the use case stands on, or on the rollout as a whole."""
    resource = finding.location.resource
    return resource in near.ids or resource == whole(near.rollout).id


def _judged(evaluator: _Narrow, policies: Sequence[Policy], terms: Terms, *, exceptions: bool = False) -> Judged:
    for policy in policies:
        evaluator.apply(policy)
    rollout, as_of = evaluator.rollout, evaluator.as_of
    kinds = exceptions_of(rollout, replace(terms.circumstances, as_of=as_of))
    parted = part(evaluator.outcome.findings, kinds)
    checked, without = {policy.rule.id for policy in policies}, unjudged(evaluator.outcome.statuses)
    about = (found for kind in (kinds if exceptions else ()) for found in kind.findings(checked, without))
    return Judged(
        findings=tuple(dict.fromkeys((*_expired(rollout, as_of, terms), *parted.standing))),
        about=tuple(found for found in about if found.rule != EXPIRED),
        examined={key: frozenset(rules) for key, rules in evaluator.examined.items()},
        unjudged={key: frozenset(rules) for key, rules in evaluator.unjudged.items()},
    )


def _expired(rollout: Rollout, as_of: str, terms: Terms) -> Iterator[Finding]:
    """The waivers that no longer hold."""
    rule = terms.rules.get(EXPIRED)
    if rule is not None:
        for found in waiver_findings(rollout, as_of, terms.rules):
            if found.rule == EXPIRED:
                yield replace(found, severity=rule.severity)


def _expressions(policy: Policy) -> Iterator[Expression]:
    """Every expression that bears on a verdict."""
    yield from (expression for _, expression in policy.conditions)
    yield from policy.variables.values()
    for validation in policy.validations:
        yield validation.expression
    if policy.for_each is not None and policy.for_each.expression is not None:
        yield policy.for_each.expression


class _Narrow(Evaluator):
    """Applies policies to some manifests of a rollout, and remembers where which had something to judge."""

    def __init__(
        self, rollout: Rollout, as_of: str, within: Mapping[str, tuple[Resource, ...]] | None = None
    ) -> None:
        super().__init__(rollout, as_of)
        self.as_of = as_of
        self.examined: dict[str, set[str]] = {}
        self.unjudged: dict[str, set[str]] = {}
        self._within = within
        self._at = ""

    def subjects(self, policy: Policy) -> Iterator[Subject]:
        for kind in policy.kinds:
            if kind == ROLLOUT_KIND:
                yield whole(self.rollout)
            for resource in self.rollout.of_kind(kind) if self._within is None else self._within.get(kind, ()):
                yield Subject(resource.data, resource, self.rollout)

    def can_judge(self, policy: Policy, subject: Subject) -> bool:
        self._at = subject.id
        return super().can_judge(policy, subject) or self._skipped(policy)

    def apply_to(self, policy: Policy, subject: Subject) -> Status:
        status = super().apply_to(policy, subject)
        if status is Status.NOT_JUDGED:
            self._skipped(policy)
        return status

    def applies(self, policy: Policy, scope: Mapping[str, object]) -> bool:
        applies = super().applies(policy, scope)
        if applies:
            self.examined.setdefault(self._at, set()).add(policy.rule.id)
        return applies

    def _skipped(self, policy: Policy) -> bool:
        self.unjudged.setdefault(self._at, set()).add(policy.rule.id)
        return False
