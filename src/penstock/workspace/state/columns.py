"""What is kept of a rollout between runs: plain values in columns, and one record a file behind them.

A file goes by its number in the order of the rollout's files, a resource by its number in the order of their
resources; the rollout as a whole is -1. Must not know where the data is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from penstock.manifest.packed import Packed
from penstock.record import dataclass, field, fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from penstock.answers.stamps import Stamp

WHOLE = -1
"""The number of the rollout as a whole."""

Numbers = list[int]


@dataclass(slots=True)
class Columns:
    """A state without its records."""

    as_of: str
    place: bytes
    """Where the rollout's configuration names it, packed: to find it out takes a parser."""
    files: list[str]
    """The files as they are shown, in order."""
    stamps: list[Stamp]
    contents: list[bytes]
    """The digest of each file's content."""
    first: Numbers
    """The number of each file's first resource."""
    ids: list[str]
    """``Kind/name`` of each resource."""
    incoming: dict[str, Numbers]
    """By the id of a resource, those that refer to it."""
    statuses: list[bytes]
    """What became of each resource's policies, and behind them of the rollout's: see ``policy.sweep``."""
    found: dict[int, bytes]
    """The findings of the policies, packed, by resource."""
    faulty: dict[int, tuple[int, ...]]
    linked: dict[int, bytes]
    """The findings about references, packed, by resource."""
    intake: dict[int, bytes]
    """The findings that files give by themselves, packed, by file."""
    commented: Numbers
    """The files that hold comments for us."""
    dangling: Numbers
    """The resources with references that lead nowhere."""
    invalid: Numbers
    empty: Numbers
    """The files that hold nothing."""
    by_name: dict[str, Numbers]
    """By the id of a manifest, the resources whose judgement read it."""
    by_kind: dict[str, Numbers]
    """By kind, those whose judgement read all manifests of the kind."""
    by_referrers: dict[tuple[str, str, str], Numbers]
    """By kind and name of a target and the kind of what refers to it, those whose judgement read these."""
    by_fields: dict[str, dict[tuple[tuple[str, Any], ...], Numbers]]
    """By kind, and by fields with their values, those whose judgement read the manifests that have them."""

    def plain(self) -> list[object]:
        """For the file."""
        return [getattr(self, each.name) for each in fields(self)]

    @property
    def kinds(self) -> dict[str, Numbers]:
        """The resources of each kind."""
        found: dict[str, Numbers] = {}
        for number, name in enumerate(self.ids):
            found.setdefault(name.partition("/")[0], []).append(number)
        return found


@dataclass(slots=True)
class State:
    """A state with its records, each fetched when it is asked for."""

    columns: Columns
    fetch: Callable[[int], Packed]
    """The record of a file, from wherever it is kept."""
    newer: dict[int, Packed] = field(default_factory=dict)
    """The records of files that have changed since."""

    def record(self, file: int) -> Packed:
        """What a file holds."""
        return self.newer[file] if file in self.newer else self.fetch(file)
