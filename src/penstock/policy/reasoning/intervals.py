"""Sets of values of one ordered kind, numbers or strings, as intervals in order.

Takes and gives values; must not know what they stand for. None as a bound is none at all: every number, or every
string, lies behind it. Whether a value lies between two others is never asked of strings, so an interval of them
may be taken for inhabited when it is not: never the other way round.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from penstock.record import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """The values from ``low`` to ``high``, each included or not."""

    low: Any = None
    high: Any = None
    with_low: bool = True
    with_high: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether there is no value in it."""
        if self.low is None or self.high is None:
            return False
        return bool(self.low > self.high or (self.low == self.high and not (self.with_low and self.with_high)))


Intervals = tuple[Interval, ...]
"""Disjoint and in order."""

EVERY: Intervals = (Interval(),)


def one(value: object) -> Intervals:
    """The set of one value."""
    return (Interval(value, value),)


def several(values: Iterable[Any]) -> Intervals:
    """The set of these values."""
    found: Intervals = ()
    for value in values:
        found = union(found, one(value))
    return found


def complement(intervals: Intervals) -> Intervals:
    """All values but these."""
    rest = EVERY
    for each in intervals:
        below = () if each.low is None else (Interval(None, each.low, True, not each.with_low),)
        above = () if each.high is None else (Interval(each.high, None, not each.with_high, True),)
        rest = intersection(rest, (*below, *above))
    return rest


def intersection(left: Intervals, right: Intervals) -> Intervals:
    """The values in both."""
    if left == right or not left or not right or EVERY in (left, right):
        return right if left == EVERY or not right else left
    found = (_meet(one, other) for one in left for other in right)
    return tuple(each for each in found if not each.is_empty)


def union(left: Intervals, right: Intervals) -> Intervals:
    """The values in one of the two."""
    return complement(intersection(complement(left), complement(right)))


def whole_numbers(intervals: Intervals) -> Intervals:
    """The same as far as whole numbers lie in it, with bounds that do."""
    found = (Interval(_first(each), _last(each)) for each in intervals)
    return tuple(each for each in found if not each.is_empty)


def _meet(one: Interval, other: Interval) -> Interval:
    low, with_low = _stricter(
        (one.low, one.with_low), (other.low, other.with_low), lambda left, right: left > right
    )
    high, with_high = _stricter(
        (one.high, one.with_high), (other.high, other.with_high), lambda left, right: left < right
    )
    return Interval(low, high, with_low, with_high)


def _stricter(one: tuple[Any, bool], other: tuple[Any, bool], is_stricter: Any) -> tuple[Any, bool]:
    if one[0] is None or other[0] is None:
        return other if one[0] is None else one
    if one[0] == other[0]:
        return one[0], one[1] and other[1]
    return one if is_stricter(one[0], other[0]) else other


def _first(interval: Interval) -> Any:
    low = interval.low
    if low is None:
        return None
    whole = math.ceil(low)
    return whole if whole > low or interval.with_low else whole + 1


def _last(interval: Interval) -> Any:
    high = interval.high
    if high is None:
        return None
    whole = math.floor(high)
    return whole if whole < high or interval.with_high else whole - 1
