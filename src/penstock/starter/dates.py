"""The dates of the starter rollout, all counted from the day it is written.

A contract that begins today and runs exactly a year has its last day a year from today less a day. Months are
clamped to their last day, as people count: a month after 31 January is 28 or 29 February.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta


def dates(today: date) -> dict[str, str]:
    """Every date that a template may use, ISO 8601, by its placeholder.

    Raises:
        OverflowError: a date would lie behind the year 9999.
    """
    return {
        "today": today.isoformat(),
        "in_one_month": _months_after(today, 1).isoformat(),
        "in_three_months": _months_after(today, 3).isoformat(),
        "in_six_months": _months_after(today, 6).isoformat(),
        "in_one_year": _months_after(today, 12).isoformat(),
        "in_one_year_less_a_day": (_months_after(today, 12) - timedelta(days=1)).isoformat(),
    }


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    if day.year + year > date.max.year:
        raise OverflowError("date value out of range")
    last = calendar.monthrange(day.year + year, month + 1)[1]
    return date(day.year + year, month + 1, min(day.day, last))
