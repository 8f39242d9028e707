"""Periods and the time between dates: how long they are, whether two are equally long, how they are told.

Takes ISO 8601 texts. A year is 12 months, a week 7 days; months and days are never turned into one another, except
to compare, where a month counts as 365/12 days, as it does in the rules.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction

_PERIOD = re.compile(r"P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_PER = {(1, 0): "month", (3, 0): "quarter", (12, 0): "year", (0, 1): "day", (0, 7): "week"}
_MONTH = Fraction(365, 12)


def period(text: object) -> tuple[int, int] | None:
    """A period as months and days; None for what is no period, or no longer than nothing."""
    match = _PERIOD.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    years, months, weeks, days = (int(part or 0) for part in match.groups())
    found = (12 * years + months, 7 * weeks + days)
    return found if any(found) else None


def days(length: tuple[int, int]) -> Fraction:
    """About how many days months and days are: what lengths are compared by."""
    return length[0] * _MONTH + length[1]


def in_words(text: object) -> str:
    """``1 year``, ``18 months``, ``90 days``; what is no period comes back as it is."""
    length = period(text)
    if length is None:
        return str(text)
    months, rest = length
    parts = []
    if months:
        parts.append(_count(months // 12, "year") if months % 12 == 0 else _count(months, "month"))
    if rest:
        parts.append(_count(rest // 7, "week") if rest % 7 == 0 else _count(rest, "day"))
    return " and ".join(parts)


def per(text: object) -> str:
    """How an amount for each period is told: ``a month``, ``every 2 weeks``; empty for what is no period."""
    length = period(text)
    if length is None:
        return ""
    return f"a {_PER[length]}" if length in _PER else f"every {in_words(text)}"


def day(text: object) -> date | None:
    """The day that a text names."""
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def between(first: date, last: date) -> str:
    """The time from one day to a later one: ``24 months`` where it is whole months, else ``45 days``."""
    months = 12 * (last.year - first.year) + last.month - first.month
    whole = last.day == first.day or (_ends_month(first) and _ends_month(last))
    return _count(months, "month") if whole and months else _count((last - first).days, "day")


def _ends_month(when: date) -> bool:
    return when == date.max or (when + timedelta(days=1)).month != when.month


def _count(number: int, unit: str) -> str:
    return f"{number:,} {unit}" if number == 1 else f"{number:,} {unit}s"
