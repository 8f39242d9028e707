"""What a comparison of two states gives: changes in words, and what they do to the findings.

Plain data, one ``RolloutDiff`` for each rollout; what every format of ``penstock diff`` is made from.
"""

from __future__ import annotations

import re

from penstock.change import Change
from penstock.model import Excuse, Finding, Severity
from penstock.record import dataclass

_COMMIT_ID = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


def is_commit_id(name: str) -> bool:
    """Whether a revision is written as a commit's whole id, which people need not read in full."""
    return _COMMIT_ID.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two states."""

    name: str
    """The revision as the user wrote it; ``working tree``."""
    commit: str | None = None
    """The commit that was read; None for the working tree."""
    is_merge_base: bool = False
    """Whether the commit is where the two sides parted, and the revision has gone on since."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What one cause does to the findings. Each part in the order of findings."""

    new: tuple[Finding, ...] = ()
    """That were not there, and count."""
    mended: tuple[Finding, ...] = ()
    """That were there, and are no more; also those that had been excused."""
    hidden: tuple[Finding, ...] = ()
    """That the new manifests have by the old rules, were not there before, and the new rules do not find."""


@dataclass(frozen=True, slots=True)
class Excusal:
    """A finding that became excused, and by what; or ceased to be, and what had excused it."""

    finding: Finding
    excuse: Excuse


@dataclass(frozen=True, slots=True)
class Reweighed:
    """A finding that weighs another severity now: one on both sides, or a new one that weighs less than by the old
    rules."""

    finding: Finding
    was: Severity


@dataclass(frozen=True, slots=True)
class RolloutDiff:
    """What changed in one rollout. Findings of the old state are placed in its files, all else in the new ones."""

    name: str
    folder: str
    """Its folder, as shown to the user."""
    existed: bool
    """Whether it was there in the old state."""
    exists: bool
    """Whether it is there in the new one."""
    changes: tuple[Change, ...] = ()
    """What weighs most first."""
    by_manifests: Verdicts = Verdicts()
    """What the changes of the manifests do."""
    by_rules: Verdicts = Verdicts()
    """What the changes of policies, of their parameters and severities and of packs do."""
    reweighed: tuple[Reweighed, ...] = ()
    excused: tuple[Excusal, ...] = ()
    """Findings that an exception excuses and none did before; new ones among them."""
    no_longer_excused: tuple[Excusal, ...] = ()
    """Findings that count, and did not before."""
    not_judged: tuple[Finding, ...] = ()
    """That were there, and of which nobody knows: what was wrong cannot be judged in the new state."""
    not_judged_before: tuple[Finding, ...] = ()
    """Of the new ones by changed manifests, those that may have been there: the old state could not be judged."""
    failing: tuple[Finding, ...] = ()
    """The findings that fail a check of the new state and did not fail one of the old state."""
    failing_by_old_rules: tuple[Finding, ...] = ()
    """Those that fail neither, but would fail a check of the new manifests by the old rules."""
    unread: tuple[str, ...] = ()
    """Files that could not be read in one of the states: what stands in them was not compared."""
    remarks: tuple[str, ...] = ()
    """What could not be compared as asked, in sentences."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing means anything else than before."""
        verdicts = (self.by_manifests, self.by_rules)
        excuses = (self.excused, self.no_longer_excused)
        found = (self.changes, self.reweighed, *excuses, self.not_judged, self.unread, self.remarks)
        return not any(found) and not any(each.new or each.mended or each.hidden for each in verdicts)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two states of the rollouts below a folder."""

    base: Side
    head: Side
    rollouts: tuple[RolloutDiff, ...]
    """By folder; those in which nothing changed among them."""
    as_of: str
    version: str

    @property
    def fails(self) -> bool:
        """Whether something fails a check that did not, or would by the rules as they were."""
        return any(each.failing or each.failing_by_old_rules for each in self.rollouts)
