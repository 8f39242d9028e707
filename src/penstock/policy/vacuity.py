"""Policies whose good examples prove nothing: the rule applies in none of them, so it would pass whatever it says.

Takes a policy and its pack's example base; gives why no good example is judged, or None. Whether the examples hold
is for ``examples`` to say.
"""

from __future__ import annotations

from collections.abc import Collection

from penstock.model import Status
from penstock.policy.examples import load_example, outcome_of
from penstock.policy.model import ExampleBase, Policy
from penstock.record import dataclass

_REASONS = {
    Status.BEFORE_STAGE: "its use case has not reached the stage",
    Status.NOT_APPLICABLE: "the match conditions leave it alone, or forEach finds no element",
    Status.NOT_JUDGED: "a reference that the rule follows leads nowhere",
    Status.FAULT: "an expression of the rule fails",
    Status.FAILED: "the rule finds something",
}


@dataclass(frozen=True, slots=True)
class Vacuous:
    """A policy without a good example that it judges."""

    policy: Policy
    reasons: tuple[str, ...]
    """Why not, in words: one for each good example."""

    @property
    def place(self) -> str:
        """``file:line:column`` of the good examples."""
        document = self.policy.document
        start = document.locate(("spec", "examples", "good")).span.start
        return f"{document.file.path}:{start.line}:{start.column}"


def vacuous(policy: Policy, base: ExampleBase) -> Vacuous | None:
    """The policy and why, when no good example has a manifest that it passes; None when one has.

    A policy whose checks are all ``false`` passes nothing: its conditions say it all. It must leave one alone.
    """
    never_passes = all(validation.expression.text.strip() == "false" for validation in policy.validations)
    counts = {Status.PASSED} | ({Status.NOT_APPLICABLE, Status.BEFORE_STAGE} if never_passes else set())
    reasons = []
    for example in policy.good:
        loaded = load_example(example, base)
        if loaded.problems:
            reasons.append(f"{example.name}: its manifests are not valid")
            continue
        found = outcome_of(policy, loaded, base).statuses.get(policy.rule.id, {})
        if not counts.isdisjoint(found):
            return None
        reasons.append(f"{example.name}: {_reason(policy, found)}")
    return Vacuous(policy, tuple(reasons))


def _reason(policy: Policy, found: Collection[Status]) -> str:
    if not found:
        return f"it has no {' or '.join(policy.kinds)}"
    return "; ".join(_REASONS[status] for status in _REASONS if status in found) or "the rule gives no verdict"
