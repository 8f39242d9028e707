"""The values that an expression may still have, among them that it has none.

Takes and gives sets; must not know any expression. A set is exact for null, booleans, numbers and strings; all
other values (maps, lists, moments) are one lump.
"""

from __future__ import annotations

from collections.abc import Iterable

from penstock.policy.reasoning import intervals
from penstock.policy.reasoning.intervals import EVERY, Intervals
from penstock.record import dataclass

FEW = frozenset({"none", "null", "true", "false", "nan", "other"})
"""The values that stand for themselves. ``none``: evaluating gives an error, as where a field is not there."""

_EXACT = 2**53
"""Up to here an integer and a double that are written alike are the same number."""


@dataclass(frozen=True, slots=True)
class Domain:
    """A set of values: those of ``FEW``, numbers, strings."""

    few: frozenset[str] = frozenset()
    numbers: Intervals = ()
    strings: Intervals = ()

    def __and__(self, other: Domain) -> Domain:
        if other is ANYTHING or self is other:
            return self
        if self is ANYTHING:
            return other
        return Domain(
            self.few & other.few,
            intervals.intersection(self.numbers, other.numbers),
            intervals.intersection(self.strings, other.strings),
        )

    def __or__(self, other: Domain) -> Domain:
        return ~(~self & ~other)

    def __invert__(self) -> Domain:
        numbers, strings = intervals.complement(self.numbers), intervals.complement(self.strings)
        return Domain(FEW - self.few, numbers, strings)

    @property
    def is_empty(self) -> bool:
        """Whether no value is left."""
        return not (self.few or self.numbers or self.strings)

    @property
    def may_be_missing(self) -> bool:
        """Whether it may be that there is no value."""
        return "none" in self.few

    @property
    def may_be_other(self) -> bool:
        """Whether it may be a map, a list or the like."""
        return "other" in self.few

    @property
    def among_whole_numbers(self) -> Domain:
        """The same without the numbers that are not whole."""
        return Domain(self.few - {"nan"}, intervals.whole_numbers(self.numbers), self.strings)


ANYTHING = Domain(FEW, EVERY, EVERY)
MISSING = Domain(frozenset({"none"}))
THERE = ~MISSING
NULL = Domain(frozenset({"null"}))
TRUE = Domain(frozenset({"true"}))
FALSE = Domain(frozenset({"false"}))
BOOLEANS = TRUE | FALSE
OTHER = Domain(frozenset({"other"}))
NUMBERS = Domain(frozenset({"nan"}), EVERY)
FINITE = Domain(numbers=EVERY)
STRINGS = Domain(strings=(intervals.Interval("", None),))


def only(value: object) -> Domain | None:
    """The set of one value; None for one that no set can tell from others."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, (int, float)):
        return Domain(numbers=intervals.one(value)) if abs(value) <= _EXACT else None
    return Domain(strings=intervals.one(value)) if isinstance(value, str) else None


def several(values: Iterable[object]) -> Domain | None:
    """The set of these values; None where one of them cannot be told from others."""
    found = Domain()
    for value in values:
        single = only(value)
        if single is None:
            return None
        found |= single
    return found
