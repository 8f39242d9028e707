"""Who may make exceptions from which rules, and for how long: what a rollout's configuration says of it.

Plain data with the questions that the kinds of exceptions ask; filled from ``exceptions`` in penstock.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from penstock.model import ExcuseKind, Location, Rule
from penstock.policy.select import matches
from penstock.record import dataclass, field
from penstock.source.codeowners import CodeOwners
from penstock.source.document import SourceFile
from penstock.source.shown import absolute

NEVER = ("LV601",)
"""No agent runs without its embedded FTE: the one rule that nothing in a manifest excuses, unless configured."""


@dataclass(frozen=True, slots=True)
class Approvers:
    """Who may approve waivers of some rules."""

    rules: tuple[str, ...]
    """By the words of a selection."""
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeOwnership:
    """The CODEOWNERS file of the repository that a rollout is in."""

    top: Path
    """The repository's top folder, absolute."""
    file: SourceFile | None = None
    """None when there is none."""
    lines: CodeOwners = field(default_factory=lambda: CodeOwners(""))
    prefix: str = ""
    """What stands before the paths shown of files that are of a revision: ``origin/main:``."""

    def of(self, path: str) -> tuple[tuple[Location, tuple[str, ...]], ...]:
        """The lines that decide about a file (as shown to the user), each with the owners that it names."""
        try:
            inside = absolute(path.removeprefix(self.prefix)).relative_to(self.top).as_posix()
        except ValueError:
            return ()
        file = self.file.path if self.file is not None else ""
        return tuple((Location(file, entry.span), entry.owners) for entry in self.lines.deciding(inside))


@dataclass(frozen=True, slots=True)
class Authority:
    """What the owners of a rollout allow. Rules are given by the words of a selection: ids, names, ``step:8``."""

    max_days: int = 90
    """The most days that a waiver may hold, its first and its last included."""
    warn_days: int = 14
    """So many days before its last one a waiver is reported as about to expire."""
    never_suppress: tuple[str, ...] = NEVER
    never_waive: tuple[str, ...] = NEVER
    never_baseline: tuple[str, ...] = NEVER
    approvers: tuple[Approvers, ...] = ()
    """Rules that no entry names anybody may waive, but for the owner of what is exempted."""
    handles: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """The people behind each handle of CODEOWNERS."""
    code_owners: CodeOwnership | None = None
    """None: waivers need not be approved by a code owner."""

    def allows(self, kind: ExcuseKind, rule: Rule) -> bool:
        """Whether exceptions of a kind may be made from a rule at all."""
        never = {
            ExcuseKind.SUPPRESSION: self.never_suppress,
            ExcuseKind.WAIVER: self.never_waive,
            ExcuseKind.BASELINE: self.never_baseline,
        }[kind]
        return not any(matches(rule, word) for word in never)

    def approvers_of(self, rule: Rule) -> tuple[str, ...] | None:
        """Who may approve waivers of a rule, by every entry that names the rule; None when none does."""
        entries = [each for each in self.approvers if any(matches(rule, word) for word in each.rules)]
        return tuple(dict.fromkeys(person for each in entries for person in each.people)) if entries else None

    def behind(self, owner: str) -> tuple[str, ...]:
        """The people that a code owner stands for: an e-mail address is a person itself."""
        if not owner.startswith("@"):
            return (owner,)
        return next((people for handle, people in self.handles.items() if same(handle, owner)), ())


def same(one: str, other: str) -> bool:
    """Whether two e-mail addresses, or two handles, are of the same person, team or role."""
    return identity(one) == identity(other)


def identity(person: str) -> str:
    """Who an address or a handle is, in one form: letter case and a ``+tag`` before the @ do not count."""
    local, at, domain = person.casefold().rpartition("@")
    tagged = local.find("+")
    return f"{local[:tagged]}{at}{domain}" if tagged > 0 else f"{local}{at}{domain}"
