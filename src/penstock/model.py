"""What flows through penstock: positions, findings, rules and the report of a run.

Frozen data only. This module imports nothing of ours but ``record``, so that every layer may speak it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

from penstock.record import dataclass, field

PathElement = str | int
"""A mapping key, or a list index counted from 0."""

Path = tuple[PathElement, ...]
"""The way from a document's root to a value, e.g. ``("spec", "tasks", 0, "modelTier")``."""


class Severity(str, Enum):
    """How much a finding weighs. ``error`` fails a run by default."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for error, 1 for warning, 2 for info: smaller is worse."""
        return _RANKS[self]

    def at_least(self, other: Severity) -> bool:
        """Whether this severity is as bad as ``other`` or worse."""
        return self.rank <= other.rank


_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a text: line and column from 1, columns in Unicode code points."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text. ``end`` is the position just behind the last character."""

    start: Position
    end: Position

    @classmethod
    def at(cls, line: int, column: int, length: int = 1) -> Span:
        """A span of ``length`` code points on one line."""
        return cls(Position(line, column), Position(line, column + length))


@dataclass(frozen=True, slots=True)
class Location:
    """Where a finding points.

    ``file`` is as a user would type it (relative to the working directory, forward slashes); ``span`` is None
    only when there is no text to point at. ``resource`` is ``Kind/name``; ``path`` the field within it, and
    ``path_text`` the same path for people, with list elements by name: ``spec.tasks[classify].modelTier``.
    """

    file: str
    span: Span | None = None
    resource: str | None = None
    path: Path = ()
    path_text: str = ""


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that explains a finding, with what it shows."""

    location: Location
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation of one rule at one place."""

    rule: str
    """The rule's id, e.g. ``LV801``."""
    name: str
    """The rule's name, e.g. ``contract-term-over-a-year``."""
    severity: Severity
    message: str
    """What is wrong, the value found and the value allowed. One line or several, plain text."""
    location: Location
    related: tuple[Related, ...] = ()
    help: str | None = None
    """What to do about this very finding, when that says more than the rule's remediation."""
    rollout: str = ""
    """The name of the rollout it was found in: in one run, two may hold the same resource."""

    @property
    def sort_key(self) -> tuple[object, ...]:
        """The one order of findings: file, place, rule, path, message."""
        where = self.location
        span = where.span or Span.at(0, 0, 0)
        return (where.file, span, self.rule, where.resource or "", where.path_text, self.message)


class ExcuseKind(str, Enum):
    """The three ways to live with a finding."""

    SUPPRESSION = "suppression"
    """A comment in the manifest."""
    WAIVER = "waiver"
    """A Waiver manifest."""
    BASELINE = "baseline"
    """An entry of the baseline file."""


@dataclass(frozen=True, slots=True)
class Excuse:
    """Why a finding does not count: a decision that somebody took, and where it is written."""

    kind: ExcuseKind
    location: Location
    """The comment, the Waiver (``resource`` is its id), or the entry of the baseline."""
    reason: str = ""
    since: str | None = None
    """The first day it holds, ISO 8601."""
    until: str | None = None
    """The last day it holds, inclusive, in UTC; None for one without end."""
    person: str | None = None
    """Who answers for it: a waiver's approver, a baseline entry's owner."""
    ticket: str | None = None


@dataclass(frozen=True, slots=True)
class Excused:
    """A finding that does not count, and why."""

    finding: Finding
    excuse: Excuse


class Status(str, Enum):
    """What became of one rule on one resource, findings that are excused set apart from those that count."""

    PASSED = "passed"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    WAIVED = "waived"
    BASELINED = "baselined"
    BEFORE_STAGE = "beforeStage"
    """Not asked: its use case has not reached the stage from which the rule applies."""
    NOT_APPLICABLE = "notApplicable"
    """Not asked: the rule's conditions leave it alone, or its list has nothing in it."""
    NOT_JUDGED = "notJudged"
    """No verdict: a finding already reported, such as a dangling reference, stands in the way."""
    FAULT = "fault"
    """No verdict: the policy could not be evaluated."""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What one rule said of every resource that it looked at, in one rollout."""

    rule: str
    rollout: str
    resources: Mapping[Status, tuple[str, ...]]
    """The resources (``Kind/name``) by status, in file order; a status that did not occur is left out."""

    @property
    def examined(self) -> int:
        """How many resources the rule was applied to."""
        return sum(map(len, self.resources.values()))


@dataclass(frozen=True, slots=True)
class Source:
    """Where the framework says what a rule asks."""

    document: str
    """Title of the document."""
    section: str
    """The step, principle, mistake or question, e.g. ``Step 8``."""
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Control:
    """A clause of a public standard that a rule supports."""

    standard: str
    id: str
    note: str | None = None


STEPS = (
    "Integrity of the manifests",
    "Locate the organization on the Chat-to-Agent arc",
    "Audit the data environment",
    "Map access and entitlements",
    "Token budget and cost attribution",
    "Mosaic of Models",
    "Internal FTEs",
    "Instrument for ROI",
    "Replaceability",
    "Headless and seated",
    "Human-in-the-loop pilot",
    "Jevons audit",
    "Orchestration and autonomy",
    "Changes between two revisions",
)
"""The framework's steps by number; 0 is about the manifests themselves, 12 and 13 go beyond its eleven steps."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a user sees of a rule; the policy file behind it, if any, stays with the policy."""

    id: str
    name: str
    title: str
    severity: Severity
    step: int
    """Index into ``STEPS``."""
    why: str
    remediation: str
    sources: tuple[Source, ...] = ()
    controls: tuple[Control, ...] = ()
    pack: str = "levie"
    effective_from: str | None = None
    """The first day on which it weighs what it weighs, ISO 8601; None for one that always has."""
    about_changes: bool = False
    """Whether it judges a change, not a state: its findings are gone with the next change."""


def by_number(rule: str) -> tuple[str, int]:
    """The order of rule ids: LV304 before LV1006."""
    letters = rule.rstrip("0123456789")
    return letters, int(rule[len(letters) :] or 0)


@dataclass(frozen=True, slots=True)
class Stats:
    """What a run looked at."""

    rollouts: int = 0
    files: int = 0
    resources: int = 0
    rules: int = 0
    evaluations: int = 0
    """How many times a policy was applied to a resource."""
    skipped: int = 0
    """Of those, how many could not be judged because of a finding already reported."""
    waived: int = 0
    """Findings that a waiver in force excuses."""
    suppressed: int = 0
    """Findings that a comment excuses."""
    baselined: int = 0
    """Findings that the baseline excuses."""
    elsewhere: int = 0
    """Findings outside the files and folders that were asked for."""

    def __add__(self, other: Stats) -> Stats:
        return Stats(
            self.rollouts + other.rollouts,
            self.files + other.files,
            self.resources + other.resources,
            max(self.rules, other.rules),
            self.evaluations + other.evaluations,
            self.skipped + other.skipped,
            self.waived + other.waived,
            self.suppressed + other.suppressed,
            self.baselined + other.baselined,
            self.elsewhere + other.elsewhere,
        )


@dataclass(frozen=True, slots=True)
class Base:
    """The revision that a rollout was compared with."""

    rollout: str
    revision: str
    """As the user gave it."""
    commit: str
    """The id of the commit read: where the work parted from the revision, or the revision itself."""
    added: int
    """Manifests that are new since."""
    changed: int
    removed: int
    not_shown: int | None = None
    """Findings left out because the change does not concern them; None when all were asked for."""
    everything: bool = False
    """Whether the configuration or a policy changed as well, which concerns every finding."""
    moved_from: str | None = None
    """Where the rollout was at the revision, as shown to the user, when it has moved."""


@dataclass(frozen=True, slots=True)
class PackUsed:
    """A pack of policies that a rollout was checked with."""

    name: str
    version: str
    origin: str
    """Where its files are from, in words."""
    digest: str
    """``sha256:`` and the hash of its files."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the check of one rollout was made from."""

    rollout: str
    root: str
    """Its folder, as shown to the user."""
    files: tuple[str, ...]
    """Manifests, configuration and baseline, in order, as shown to the user."""
    packs: tuple[PackUsed, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a run: what every output format is made from."""

    findings: tuple[Finding, ...]
    """Sorted by ``Finding.sort_key``."""
    rules: Mapping[str, Rule]
    """Every rule that was checked, by id: the findings' rules and those that found nothing."""
    stats: Stats
    as_of: str
    """The date the run judged by, ISO 8601."""
    version: str
    """penstock's own version."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """The text of every file that a finding points to, by ``Location.file``."""
    fail_on: Severity = Severity.ERROR
    excused: tuple[Excused, ...] = ()
    """The findings that do not count, and why; sorted as findings are."""
    results: Sequence[RuleResult] = ()
    """Per rollout and rule what it said of each resource, by rollout and id; none for a check of shapes alone."""
    bases: tuple[Base, ...] = ()
    """For each rollout that was compared with a revision, what it was compared with."""
    inputs: tuple[Inputs, ...] = ()

    def count(self, severity: Severity) -> int:
        """How many findings have exactly this severity."""
        return sum(1 for finding in self.findings if finding.severity is severity)

    @property
    def failed(self) -> bool:
        """Whether a finding is at or above the failing severity."""
        return any(finding.severity.at_least(self.fail_on) for finding in self.findings)
