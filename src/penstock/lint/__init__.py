"""Rollout x policies -> findings. No I/O, no printing, no exit.

The command line, the hooks and the editors all come through here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from penstock.course import UNFOLLOWED, Course
from penstock.lint.authority import Authority
from penstock.lint.baseline import BaselineFile, baseline_of
from penstock.lint.exceptions import Exceptions
from penstock.lint.excusing import in_order, part
from penstock.lint.results import Results, rule_results
from penstock.lint.suppressions import suppressions
from penstock.lint.upcoming import upcoming_findings
from penstock.lint.waivers import waivers_of
from penstock.manifest.integrity import LEFT_OUT, RULES, is_fixed
from penstock.manifest.load import Loaded
from penstock.manifest.pairing import Pairing
from penstock.manifest.rollout import Rollout
from penstock.model import Excused, ExcuseKind, Finding, Rule, RuleResult, Stats
from penstock.policy import Evaluator, Policy, Selection, selected
from penstock.policy.sweep import judgements, sweep_for
from penstock.policy.swept import Swept, outcomes, swept
from penstock.record import dataclass, field, replace
from penstock.source import Document, SourceFile

__all__ = ["Circumstances", "Linted", "exceptions_of", "integrity_rules", "lint"]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """By what a rollout is judged, besides policies."""

    as_of: str
    """The date of the run, YYYY-MM-DD in UTC."""
    rules: Mapping[str, Rule]
    """Every rule there is, by id, checked or not: what an exception may name."""
    authority: Authority = field(default_factory=Authority)
    config: Document | None = None
    """What penstock.yaml holds: its comments may excuse findings about the rollout as a whole."""
    baseline: BaselineFile | None = None

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """The files that findings about exceptions may point to, besides manifests."""
        return (self.baseline.file,) if self.baseline else ()


@dataclass(frozen=True, slots=True)
class Linted:
    """What the check of one rollout gave."""

    findings: tuple[Finding, ...]
    """Those that count: sorted, each once."""
    stats: Stats
    excused: tuple[Excused, ...] = ()
    results: Sequence[RuleResult] = ()


def lint(
    loaded: Loaded,
    policies: Sequence[Policy],
    selection: Selection,
    circumstances: Circumstances,
    since: Pairing | None = None,
    judged: Swept | None = None,
    course: Course = UNFOLLOWED,
) -> Linted:
    """Check a loaded rollout against policies in force; ``judged`` is what they say of it, where that is known.

    Rules about changes are checked only with ``since``, which pairs the rollout with an earlier state of it.
    Integrity errors cannot be deselected, lowered or excused, since they say that something could not be checked.
    """
    rollout = loaded.rollout
    if since is None:
        policies = [policy for policy in policies if not policy.is_change_rule]
    if judged is None:
        sweep = sweep_for(rollout, policies, circumstances.as_of, since, course=course)
        judged = swept(rollout, sweep, outcomes(judgements(sweep, rollout.resources, course)))
    integrity = integrity_rules(selection, compared=since is not None)
    kinds = exceptions_of(rollout, circumstances)
    upcoming = upcoming_findings(policies, judged.findings, Evaluator(rollout, circumstances.as_of, since))
    parted = part((*_weighed(loaded.findings, integrity), *judged.findings, *upcoming), kinds)
    checked = [*integrity, *(policy.rule.id for policy in policies)]
    # Of a rule that could not be evaluated somewhere, nobody knows what it would have found.
    sound = set(checked) - judged.faulty
    about = _weighed((found for kind in kinds for found in kind.findings(sound, judged.unjudged)), integrity)
    findings = in_order((*parted.standing, *about))
    stats = Stats(
        rollouts=1,
        resources=rollout.count,
        rules=len(checked),
        evaluations=judged.evaluations,
        skipped=judged.skipped,
        waived=_count(parted.excused, ExcuseKind.WAIVER),
        suppressed=_count(parted.excused, ExcuseKind.SUPPRESSION),
        baselined=_count(parted.excused, ExcuseKind.BASELINE),
    )
    final = replace(parted, standing=findings)
    results = Results(lambda: rule_results(rollout, judged.statuses(), checked, final))
    return Linted(findings, stats, parted.excused, results)


def exceptions_of(rollout: Rollout, circumstances: Circumstances) -> tuple[Exceptions, ...]:
    """Every kind of exceptions that a rollout makes, in the order in which they are told."""
    given = circumstances
    return (
        suppressions(rollout, given.rules, given.authority, given.config),
        waivers_of(rollout, given.as_of, given.rules, given.authority),
        baseline_of(given.baseline, given.as_of, given.rules, given.authority, rollout),
    )


def integrity_rules(selection: Selection, *, compared: bool = False) -> Mapping[str, Rule]:
    """The integrity rules in force: all but LV018 where the rollout is not ``compared`` with an earlier state."""
    rules = [rule for rule in RULES.values() if compared or rule.id != LEFT_OUT]
    return {rule.id: weighed for rule in rules if (weighed := _in_force(rule, selection)) is not None}


def _count(excused: Collection[Excused], kind: ExcuseKind) -> int:
    return sum(1 for each in excused if each.excuse.kind is kind)


def _weighed(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> Iterable[Finding]:
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
