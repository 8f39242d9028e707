"""What several formats say of a comparison, in the same words. Plain text, not yet escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from penstock.change import Change, Weight
from penstock.change.words import reason
from penstock.model import Excuse, ExcuseKind, Finding
from penstock.record import dataclass
from penstock.render.phrases import short
from penstock.render.totals import count
from penstock.workspace.compared import Comparison, RolloutDiff, Side, is_commit_id

HEADINGS = {
    Weight.ACCESS: "Access widened",
    Weight.SPEND: "Spend raised",
    Weight.COMMITMENT: "Commitments extended",
    Weight.PEOPLE: "People replaced or lost",
    Weight.OVERSIGHT: "Oversight reduced",
    Weight.RULES: "Rules loosened, exceptions made",
    Weight.NOTABLE: "Also notable",
    Weight.OTHER: "Other changes",
    Weight.TEXT: "Wording and order",
}


@dataclass(frozen=True, slots=True)
class Effect:
    """A heading and the findings below it, each with what is said behind it."""

    heading: str
    findings: tuple[tuple[Finding, str], ...]
    is_good: bool = False
    """Whether it is good news: told briefly."""
    is_risk: bool = False
    """Whether it is to be looked at first, as a change that widens a risk."""
    is_gone: bool = False
    """Whether the findings are placed in the old state."""


def between(comparison: Comparison) -> str:
    """``between main (4f2c1aa0de) and the working tree, as of 2026-06-30``."""
    return f"between {side(comparison.base)} and {side(comparison.head)}, as of {comparison.as_of}"


def side(given: Side) -> str:
    """``main (4f2c1aa0de)``, ``main (merge base 4f2c1aa0de)``, ``the working tree``."""
    if given.commit is None:
        return f"the {given.name}"
    if given.commit.startswith(given.name):
        return short(given.commit)
    name = short(given.name) if is_commit_id(given.name) else given.name
    return f"{name} ({'merge base ' if given.is_merge_base else ''}{short(given.commit)})"


def summary(changes: Sequence[Change], comparison: Comparison) -> str:
    """``3 changes to look at first, 5 other changes, 2 new findings, 1 mended``; empty where nothing changed."""
    risks = sum(change.weight.is_risk for change in changes)
    others = len(changes) - risks
    rollouts = comparison.rollouts
    new = sum(len(each.by_manifests.new) + len(each.by_rules.new) for each in rollouts)
    hidden = sum(len(each.by_rules.hidden) for each in rollouts)
    by_rules = sum(len(each.by_rules.mended) for each in rollouts)
    mended = sum(len(each.by_manifests.mended) for each in rollouts)
    unknown = sum(len(each.not_judged) for each in rollouts)
    excused = sum(len(each.excused) for each in rollouts)
    parts = [
        count(risks, "change") + " to look at first" if risks else "",
        count(others, f"{'other ' if risks else ''}change") if others else "",
        count(new, "new finding") if new else "",
        f"{hidden} hidden by changed rules" if hidden else "",
        f"{by_rules} no longer found by changed rules" if by_rules else "",
        f"{excused} newly excused" if excused else "",
        f"{unknown} that cannot be judged any more" if unknown else "",
        f"{mended} mended" if mended else "",
    ]
    return ", ".join(filter(None, parts))


def all_changes(comparison: Comparison) -> list[Change]:
    """Every change of every rollout."""
    return [change for each in comparison.rollouts for change in each.changes]


def subject(change: Change) -> str:
    """``AccessGrant/intake-crm``, with its former name where it has been renamed."""
    return f"{change.resource} (was {change.was.partition('/')[2]})" if change.was else change.resource


def by_weight(changes: Iterable[Change]) -> list[tuple[Weight, list[Change]]]:
    """The changes of each weight that occurs, risk first."""
    found: dict[Weight, list[Change]] = {}
    for change in changes:
        found.setdefault(change.weight, []).append(change)
    return sorted(found.items(), key=lambda item: item[0].rank)


def effects(diff: RolloutDiff) -> list[Effect]:
    """What the changes do to the findings: what fails or needs a look first, good news last."""
    manifests, rules = diff.by_manifests, diff.by_rules
    unknown_before = set(diff.not_judged_before)
    new = tuple((each, _UNKNOWN_BEFORE if each in unknown_before else "") for each in manifests.new)
    lost = (*((each, _HIDDEN) for each in rules.hidden), *_plain(rules.mended))
    weighed = tuple((each.finding, f"was {each.was.value}") for each in diff.reweighed)
    excused = tuple((each.finding, excuse(each.excuse)) for each in diff.excused)
    ended = tuple((each.finding, f"was {excuse(each.excuse)}") for each in diff.no_longer_excused)
    found = [
        Effect("New findings, by changed manifests", new),
        Effect("No longer found, by changed rules", lost, is_risk=bool(rules.hidden)),
        Effect("New findings, by changed rules", _plain(rules.new)),
        Effect("No longer excused", ended),
        Effect("Weighing another severity", weighed),
        Effect("Newly excused", excused),
        Effect("Cannot be judged any more", _plain(diff.not_judged), is_gone=True),
        Effect("Mended, by changed manifests", _plain(manifests.mended), is_good=True, is_gone=True),
    ]
    return [each for each in found if each.findings]


def _plain(findings: Iterable[Finding]) -> tuple[tuple[Finding, str], ...]:
    return tuple((finding, "") for finding in findings)


_HIDDEN = "not there before, hidden by the change of rules"
_UNKNOWN_BEFORE = "could not be judged before"
_KINDS = {
    ExcuseKind.SUPPRESSION: "suppressed",
    ExcuseKind.WAIVER: "waived",
    ExcuseKind.BASELINE: "in the baseline",
}


def excuse(given: Excuse) -> str:
    """``waived until 2026-12-15 by cio@acme.example: it is being replaced``."""
    parts = [
        _KINDS[given.kind],
        f"until {given.until}" if given.until else "without an end",
        f"by {given.person}" if given.person else "",
    ]
    why = reason(given.reason).removesuffix(".")
    return " ".join(filter(None, parts)) + (f": {why}" if why else "")


def state(diff: RolloutDiff) -> str:
    """What became of the rollout as a whole; empty where it is on both sides."""
    if not diff.existed:
        return "a new rollout"
    return "" if diff.exists else "the rollout is gone"


def verdict(comparison: Comparison) -> str:
    """Whether something fails that did not."""
    number = sum(len(each.failing) for each in comparison.rollouts)
    others = sum(len(each.failing_by_old_rules) for each in comparison.rollouts)
    said = "Nothing fails a check that did not fail before"
    if number:
        said = f"{count(number, 'finding')} {'fails' if number == 1 else 'fail'} a check and did not before"
    if others:
        return f"{said}; by the rules as they were, {others}{' more' if number else ''} would."
    return f"{said}."


def quiet(comparison: Comparison) -> str:
    """The one line where nothing changed."""
    return f"No change in meaning {between(comparison)}."


def rollouts(comparison: Comparison) -> tuple[list[RolloutDiff], list[RolloutDiff]]:
    """Those in which something changed, and the others."""
    changed = [each for each in comparison.rollouts if not each.is_empty]
    return changed, [each for each in comparison.rollouts if each.is_empty]
