"""What judgements read, turned round: by what was read, the numbers of those that read it.

Takes judgements in the order of the resources; gives the four columns that tell which of them an edit concerns.
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from typing import Any

from penstock.policy.sweep import Key
from penstock.record import dataclass, field
from penstock.workspace.state.columns import Columns, Numbers


@dataclass(slots=True)
class Readers:
    """The readers of everything that was read."""

    by_name: MutableMapping[str, Numbers] = field(default_factory=dict)
    by_kind: dict[str, Numbers] = field(default_factory=dict)
    by_referrers: MutableMapping[tuple[str, str, str], Numbers] = field(default_factory=dict)
    by_fields: dict[str, dict[tuple[tuple[str, Any], ...], Numbers]] = field(default_factory=dict)

    @classmethod
    def of(cls, columns: Columns) -> Readers:
        """Those of a state, to be added to."""
        return cls(columns.by_name, columns.by_kind, columns.by_referrers, columns.by_fields)

    def add(self, number: int, keys: Iterable[Key]) -> None:
        """What the judgement of a number read; what an earlier one of it read may stay, as a reader too many."""
        for key in keys:
            numbers = self._readers(key)
            if not numbers or numbers[-1] != number:
                numbers.append(number)

    def _readers(self, key: Key) -> Numbers:
        if len(key) == 1:
            return self.by_kind.setdefault(key[0], [])
        if len(key) == 2 and isinstance(key[1], tuple):
            return self.by_fields.setdefault(key[0], {}).setdefault(key[1], [])
        if len(key) == 2:
            return self.by_name.setdefault(f"{key[0]}/{key[1]}", [])
        return self.by_referrers.setdefault((key[0], key[1], key[2]), [])
