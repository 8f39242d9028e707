"""A loaded policy: its rule, what it applies to, and its compiled expressions.

Takes nothing and does nothing: the shapes that ``load`` fills and ``evaluate`` reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from penstock.cel.errors import Problem, position
from penstock.cel.protocol import Program
from penstock.errors import PolicyError
from penstock.model import Location, Path, Rule, Severity
from penstock.record import dataclass, field
from penstock.source import Document

ROLLOUT_KIND = "Rollout"
"""Pseudo-kind for policies about the rollout as a whole; they run once, with no manifest behind ``object``."""

OLD_OBJECT = "oldObject"
OLD_ITEM = "oldItem"
_OF_CHANGES = frozenset(
    {OLD_OBJECT, OLD_ITEM, "oldVersion", "newVersion", "oldRef", "oldReferrers", "oldResources", "addedResources"}
)
"""The names and functions that look at the rollout as it was before a change."""

STAGES = ("assess", "prepare", "pilot", "production")
"""The stages of a use case in order; ``retired`` stands outside it."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled CEL expression and where it stands in its policy file."""

    text: str
    program: Program
    document: Document
    path: Path

    def location(self, line: int | None = None, column: int | None = None, length: int = 1) -> Location:
        """The expression's place in the policy file, or a place within it (from 1)."""
        if line is None or column is None:
            span = self.document.locate(self.path).span
        else:
            span = self.document.locate_in(self.path, line, column, length)
        return Location(file=self.document.file.path, span=span, path=self.path)

    def fault(self, problem: Problem) -> PolicyError:
        """What is wrong with the expression, for the policy's author, with the words at fault."""
        line, column = position(self.text, problem.start)
        length = len(self.text[problem.start : problem.end].partition("\n")[0])
        where = self.location(line, column, max(length, 1))
        return PolicyError(
            problem.message, file=where.file, span=where.span, hint=problem.hint, frame=self.document.file.text
        )


@dataclass(frozen=True, slots=True)
class Param:
    """A value the user may set for a rule in ``penstock.yaml``."""

    name: str
    type: str
    default: object
    description: str
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    enum: tuple[object, ...] = ()
    changes: tuple[tuple[str, object], ...] = ()
    """Other defaults, each from a date on (ISO 8601), in order."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a finding points: a path from the resource's root, or from the ``forEach`` item."""

    path: Path = ()
    from_item: bool = False


@dataclass(frozen=True, slots=True)
class RelatedTarget:
    """A second place: the resource an expression gives, and a field in it."""

    resource: Expression
    at: Path | Expression
    """A path, or an expression that gives one in words: ``spec.tasks[classify]``."""
    message: str


@dataclass(frozen=True, slots=True)
class Validation:
    """One check. ``expression`` is true when all is well."""

    expression: Expression
    message: str | None
    message_expression: Expression | None
    at: Target
    severity: Severity | None = None
    related: tuple[RelatedTarget, ...] = ()
    reads: frozenset[str] = frozenset()
    """The names and functions that the expression uses, also through variables."""


@dataclass(frozen=True, slots=True)
class ForEach:
    """The elements a policy is applied to one by one: those at a path, or those an expression gives."""

    path: tuple[str | None, ...] = ()
    """Keys from the resource's root to the elements; ``EACH`` stands for every element of a list."""
    expression: Expression | None = None


@dataclass(frozen=True, slots=True)
class StageGate:
    """The policy applies from this stage of a use case on."""

    stages: frozenset[str]
    use_case: Expression | None = None
    """Gives the use case, or several of which one must have got there; None for the object itself or the one it
    refers to in ``spec.useCase``."""


@dataclass(frozen=True, slots=True)
class ExpectedFinding:
    """What a bad example must give."""

    resource: str
    at: str
    message: str | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A small rollout with the findings it must give: none for a good one."""

    name: str
    manifests: tuple[Mapping[str, object], ...]
    path: Path
    """Where the example stands in its policy file."""
    before: tuple[Mapping[str, object], ...] | None = None
    """The rollout before the change, for a rule about changes; None where the example has no such thing."""
    as_of: str | None = None
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    findings: tuple[ExpectedFinding, ...] = ()


@dataclass(frozen=True, slots=True)
class Upcoming:
    """Values of a policy's parameters that take effect later."""

    begins: str
    """The first day, ISO 8601."""
    values: Mapping[str, object]
    """All parameters' values from that day on."""
    said: str
    """What changes, in words."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A rule with everything needed to check it."""

    rule: Rule
    document: Document
    kinds: tuple[str, ...]
    validations: tuple[Validation, ...]
    params: Mapping[str, Param]
    stage: StageGate | None = None
    conditions: tuple[tuple[str, Expression], ...] = ()
    variables: Mapping[str, Expression] = field(default_factory=lambda: MappingProxyType({}))
    for_each: ForEach | None = None
    good: tuple[Example, ...] = ()
    bad: tuple[Example, ...] = ()
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    """The parameters' values in force: defaults, overridden by the configuration."""
    upcoming: tuple[Upcoming, ...] = ()
    """The values that take effect after the date of the run, in order."""
    notice: str = ""
    """What a finding says of its weight while the rule has not taken effect."""
    reads: frozenset[str] = frozenset()
    """The names and functions that its expressions use, such as ``organization`` and ``referrers``."""
    observes: frozenset[str] | None = None
    """The fields of manifests that it can observe, as ``observed`` has them; None: any."""
    gathers: frozenset[str] | None = None
    """The kinds whose manifests it may ask for by ``resources`` and ``referrers``; None: any."""
    check: Callable[..., int] | None = None
    """The function of ``verdict``, where it was made in an earlier run."""

    @property
    def is_change_rule(self) -> bool:
        """Whether it judges what changed: it is applied only where there is a state before the change."""
        return not self.reads.isdisjoint(_OF_CHANGES)


@dataclass(frozen=True, slots=True)
class ExampleBase:
    """What the examples of a pack build on."""

    as_of: str
    manifests: Mapping[str, Mapping[str, object]]
    """One complete valid manifest by kind."""


@dataclass(frozen=True, slots=True)
class QuotedDocument:
    """A document that rules name as their source."""

    title: str
    sections: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))
    """Its parts in order, by name; for one that no rule checks, why. Empty when the pack does not list them."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A set of policies with one name and version."""

    name: str
    version: str
    title: str
    documents: Mapping[str, QuotedDocument]
    """The documents that rules quote, by key."""
    policies: tuple[Policy, ...]
    base: ExampleBase
    origin: str = ""
    """Where its files are from, in words: ``built in``, ``folder ./policies``."""
    digest: str = ""
    """``sha256:`` and the hash of its files, as ``pack_files.digest`` has it."""
