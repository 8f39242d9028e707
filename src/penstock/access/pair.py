"""One principal and one source: what is granted, wired and needed, and what is to be said of it.

Frozen data only. Places are found when they are asked for: most are never shown. Texts are those of the manifests,
as written: whoever shows them makes them safe to show.
"""

from __future__ import annotations

from enum import Enum

from penstock.manifest.resource import Resource
from penstock.model import Location, Path
from penstock.record import dataclass


class Permission(str, Enum):
    """What may be done with a source: each includes those before it."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """1 for read, 2 for write, 3 for admin."""
        return list(Permission).index(self) + 1

    @property
    def changes(self) -> bool:
        """Whether data can be changed with it."""
        return self is not Permission.READ


class Status(str, Enum):
    """What is to be said of one principal and one source. All but the last two ask for a change."""

    UNCOVERED = "uncovered"
    """A tool or an MCP server reaches it, at a permission that no grant in force covers."""
    EXCESS = "excess"
    """Granted beyond what the use case needs, not needed at all, or left over from one that is retired."""
    MISSING = "missing"
    """The use case needs it, and no grant in force gives that much."""
    EXPIRED = "expired"
    """A grant has passed its last day."""
    NOT_YET = "not-yet-in-force"
    """The first day of a grant is still to come."""
    BORROWED = "borrowed"
    """An agent reaches it by a grant to somebody else."""
    UNUSED = "unused"
    """Granted, but none of the agent's tools and servers reaches it."""
    AS_NEEDED = "as-needed"
    """Granted as the use case needs it."""
    GRANTED = "granted"
    """Granted, where nothing says what is needed: to people, or to an agent whose use case is not known."""

    @property
    def rank(self) -> int:
        """0 for the first: smaller is told first."""
        return list(Status).index(self)


class Force(str, Enum):
    """Whether a grant is in force on the day of the map. Both its first and its last day are in force."""

    IN_FORCE = "in-force"
    EXPIRED = "expired"
    NOT_YET = "not-yet-in-force"


CLASSIFICATIONS = ("restricted", "confidential", "internal", "public")
"""From the most to the least sensitive."""
UNKNOWN = "unknown"
"""The classification of a source that no usable manifest describes."""


@dataclass(frozen=True, slots=True)
class Place:
    """A field of a manifest."""

    resource: Resource
    path: Path

    @property
    def location(self) -> Location:
        """Where it is in its file; for a field that is absent, its nearest present parent."""
        return self.resource.location(self.path)

    def at(self, *path: str) -> Place:
        """Another field of the same manifest."""
        return Place(self.resource, path)


@dataclass(frozen=True, slots=True, order=True)
class Principal:
    """Who has access: ``agent``, ``group`` or ``person``, by name. The group ``*`` is everybody."""

    kind: str
    name: str

    @property
    def is_everybody(self) -> bool:
        return self == EVERYBODY


EVERYBODY = Principal("group", "*")


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of a source that a grant is limited to. An empty part is unlimited."""

    tables: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: str | None = None

    @property
    def is_unlimited(self) -> bool:
        return not (self.tables or self.paths or self.columns or self.rows)


@dataclass(frozen=True, slots=True)
class Grant:
    """One AccessGrant. Dates are ISO 8601."""

    name: str
    principal: Principal
    source: str
    permission: Permission
    scope: Scope
    purpose: str | None
    approver: str | None
    granted_on: str | None
    expires_on: str | None
    review_on: str | None
    force: Force
    review_is_due: bool
    """Whether its review date has passed."""
    place: Place


@dataclass(frozen=True, slots=True)
class Way:
    """One tool or MCP server of an agent, and one source behind it."""

    kind: str
    """``tool`` or ``mcp-server``."""
    name: str
    source: str
    permission: Permission
    url: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Need:
    """What a use case declares to need of a source."""

    use_case: str
    source: str
    permission: Permission
    purpose: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to be said of an access, and the place to change."""

    status: Status
    message: str
    """In plain English, without the names of the principal and the source."""
    place: Place
    grant: str | None = None
    """The grant it is about, if it is about one."""


@dataclass(frozen=True, slots=True)
class Access:
    """One principal and one source: what is granted, what is wired, what is needed, what is wrong."""

    principal: Principal
    source: str
    classification: str
    granted: Permission | None
    """By its own grants and those it borrows, as far as they are in force."""
    wired: Permission | None
    """By an agent's tools and servers."""
    needed: Permission | None
    grants: tuple[Grant, ...]
    """All that concern the two, in force or not: its own, then those it borrows."""
    ways: tuple[Way, ...]
    need: Need | None
    statuses: tuple[Status, ...]
    """At least one, the gravest first."""
    remarks: tuple[Remark, ...]

    @property
    def reach(self) -> Permission | None:
        """The most it can do with the source: as granted, or as wired, for a server may hold keys of its own."""
        given = [permission for permission in (self.granted, self.wired) if permission is not None]
        return max(given, key=lambda permission: permission.rank, default=None)

    @property
    def status(self) -> Status:
        """The gravest."""
        return self.statuses[0]

    def borrows(self, grant: Grant) -> bool:
        """Whether a grant of this access is somebody else's."""
        return grant.principal != self.principal
