"""Periods of manifests as exact parts of a year, and calendar months.

The convention everywhere: a year is 12 months or 365 days, a week is 7 days. So P1M is 1/12 of a year and P1W is
7/365, whatever the calendar says of a given month. It is that of the rules (``perYear``), without their rounding.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from penstock.cost.figures import constant
from penstock.record import dataclass

_PERIOD = re.compile(r"P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,4})D)?")
_NAMES = {"P1D": "day", "P1W": "week", "P1M": "month", "P3M": "quarter", "P1Y": "year"}

YEAR = constant("a year", 1, "years")
MONTH = constant("a month", Fraction(1, 12), "years")


def years(period: str) -> Fraction | None:
    """The length of a period in years; None for what is no period, or no longer than nothing."""
    match = _PERIOD.fullmatch(period)
    if match is None:
        return None
    in_years, in_months, in_weeks, in_days = (int(part or 0) for part in match.groups())
    length = Fraction(12 * in_years + in_months, 12) + Fraction(7 * in_weeks + in_days, 365)
    return length or None


def in_words(period: str) -> str:
    """``month`` for P1M, ``90 days`` for P90D, ``1 year and 6 months``; what is no period comes back."""
    if period in _NAMES:
        return _NAMES[period]
    match = _PERIOD.fullmatch(period)
    if match is None:
        return period
    counts = [(int(part or 0), unit) for part, unit in zip(match.groups(), _UNITS, strict=True)]
    return " and ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in counts if count)


_UNITS = ("year", "month", "week", "day")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One month of the calendar."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @property
    def days(self) -> int:
        return monthrange(self.year, self.number)[1]

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.number, self.days)

    @property
    def end(self) -> date:
        """The day behind the last."""
        return self.last + timedelta(days=1)


def month_of(day: date) -> Month:
    return Month(day.year, day.month)


def months_from(day: date, count: int) -> Iterator[Month]:
    """``count`` months, the first with the day in it; fewer where the calendar ends."""
    for index in range(count):
        year, month = divmod(day.year * 12 + day.month - 1 + index, 12)
        if (year, month) >= (9999, 11):  # the day behind the last month must exist
            return
        yield Month(year, month + 1)
