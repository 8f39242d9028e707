"""Rollout x policies -> findings. No I/O, no printing, no exit.

The command line, the hooks and the editors all come through here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from penstock.lint.waivers import apply_waivers
from penstock.manifest.integrity import RULES, is_fixed
from penstock.manifest.load import Loaded
from penstock.manifest.waivers import waiver_findings
from penstock.model import Finding, Rule, Stats
from penstock.policy import Evaluator, Policy, Selection, selected

__all__ = ["Linted", "integrity_rules", "lint"]


@dataclass(frozen=True, slots=True)
class Linted:
    """What the check of one rollout gave."""

    findings: tuple[Finding, ...]
    """Sorted, each once."""
    stats: Stats


def lint(
    loaded: Loaded,
    policies: Sequence[Policy],
    selection: Selection,
    *,
    as_of: str,
    known_rules: Collection[str],
) -> Linted:
    """Check a loaded rollout against policies in force, as of a date.

    ``known_rules`` are the ids and names of all rules there are, selected or not: what a waiver may name.
    Integrity errors cannot be deselected, lowered or waived, since they say that something could not be checked.
    """
    rollout = loaded.rollout
    evaluator = Evaluator(rollout, as_of)
    for policy in policies:
        evaluator.apply(policy)
    outcome = evaluator.outcome
    parted = apply_waivers(rollout, outcome.findings, as_of, {policy.rule.id for policy in policies})
    waivers = (*waiver_findings(rollout, as_of, known_rules), *parted.idle)
    integrity = _weighed((*loaded.findings, *waivers), selection)
    findings = sorted({*integrity, *parted.standing}, key=lambda finding: finding.sort_key)
    stats = Stats(
        rollouts=1,
        resources=len(rollout.resources),
        rules=len(policies) + len(integrity_rules(selection)),
        evaluations=outcome.evaluations,
        skipped=outcome.skipped,
        waived=len(parted.waived),
    )
    return Linted(tuple(findings), stats)


def integrity_rules(selection: Selection) -> Mapping[str, Rule]:
    """The integrity rules in force."""
    return {rule.id: weighed for rule in RULES.values() if (weighed := _in_force(rule, selection)) is not None}


def _weighed(findings: Iterable[Finding], selection: Selection) -> Iterable[Finding]:
    rules = integrity_rules(selection)
    for finding in findings:
        if finding.rule in rules:
            yield replace(finding, severity=rules[finding.rule].severity)


def _in_force(rule: Rule, selection: Selection) -> Rule | None:
    if is_fixed(rule.id):
        return rule
    override = selection.override(rule)
    if override.off:
        return None
    if override.severity:
        rule = replace(rule, severity=override.severity)
    return rule if selected(rule, selection) else None
