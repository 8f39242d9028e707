"""Who may make exceptions from which rules, and for how long: what a rollout's configuration says of it.

Plain data with the questions that the kinds of exceptions ask; filled from ``exceptions`` in penstock.yaml.
"""

from __future__ import annotations

from dataclasses import dataclass

from penstock.model import ExcuseKind, Rule
from penstock.policy.select import matches

NEVER = ("LV601",)
"""No agent runs without its embedded FTE: the one rule that nothing in a manifest excuses, unless configured."""


@dataclass(frozen=True, slots=True)
class Authority:
    """What the owners of a rollout allow. Rules are given by the words of a selection: ids, names, ``step:8``."""

    max_days: int = 90
    """The most days that a waiver may hold."""
    warn_days: int = 14
    """So many days before its last one a waiver is reported as about to expire."""
    never_suppress: tuple[str, ...] = NEVER
    never_waive: tuple[str, ...] = NEVER
    never_baseline: tuple[str, ...] = ()

    def allows(self, kind: ExcuseKind, rule: Rule) -> bool:
        """Whether exceptions of a kind may be made from a rule at all."""
        never = {
            ExcuseKind.SUPPRESSION: self.never_suppress,
            ExcuseKind.WAIVER: self.never_waive,
            ExcuseKind.BASELINE: self.never_baseline,
        }[kind]
        return not any(matches(rule, word) for word in never)
