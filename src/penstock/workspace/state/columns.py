"""What is kept of a rollout between runs: plain values in columns, and one record a file behind them.

A file goes by its number in the order of the rollout's files, a resource by its number in the order of their
resources; the rollout as a whole is -1. Must not know where the data is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from penstock.manifest.packed import Packed
from penstock.manifest.references import expects_referrers
from penstock.record import dataclass, field, fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, MutableMapping

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
    incoming: MutableMapping[str, Numbers]
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
    by_name: MutableMapping[str, Numbers]
    """By the id of a manifest, the resources whose judgement read it."""
    by_kind: dict[str, Numbers]
    """By kind, those whose judgement read all manifests of the kind."""
    by_referrers: MutableMapping[tuple[str, str, str], Numbers]
    """By kind and name of a target and the kind of what refers to it, those whose judgement read these."""
    by_fields: dict[str, dict[tuple[tuple[str, Any], ...], Numbers]]
    """By kind, and by fields with their values, those whose judgement read the manifests that have them."""
    walk: dict[str, bytes] = field(default_factory=dict)
    """What was seen of each folder when the files were found, as ``Discovery`` has it; so with the shape."""
    shape: bytes = b""
    young: Numbers = field(default_factory=list)
    """The files that changed too shortly before for a stamp to tell."""
    kind_names: list[str] = field(default_factory=list)
    kind_of: bytes = b""
    """The kind of each resource: its place in ``kind_names``."""
    lonely: Numbers = field(default_factory=list)
    """The resources that nothing refers to, of those kinds where something should."""

    def __post_init__(self) -> None:
        kinds = [name.partition("/")[0] for name in self.ids]
        self.kind_names = list(dict.fromkeys(kinds))
        self.kind_of = bytes(map({kind: at for at, kind in enumerate(self.kind_names)}.__getitem__, kinds))
        social = {kind for kind in self.kind_names if expects_referrers(kind)}
        pairs = enumerate(zip(kinds, self.ids, strict=True))
        self.lonely = [number for number, (kind, name) in pairs if kind in social and not self.incoming.get(name)]

    def of_kind(self, kind: str) -> Iterator[int]:
        """The resources of a kind, in order."""
        if kind in self.kind_names:
            code, kind_of = self.kind_names.index(kind), self.kind_of
            number = kind_of.find(code)
            while number >= 0:
                yield number
                number = kind_of.find(code, number + 1)


COLUMNS = tuple(each.name for each in fields(Columns))
"""The names of the columns."""


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
