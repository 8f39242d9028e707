"""Dates on the command line."""

from __future__ import annotations

from datetime import date

from penstock.errors import UsageError


def parse_day(text: str, option: str) -> date:
    """The day an option names.

    Raises:
        UsageError: it is not written YYYY-MM-DD, or there is no such day.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise UsageError(f"{option} takes a date such as 2026-01-31, not {text!r}")
    return day


def judging_day(given: str | None) -> str:
    """The day that ``--as-of`` names, or today in UTC, ISO 8601.

    Raises:
        UsageError: it names none.
    """
    from penstock.workspace.check import today

    return parse_day(given, "--as-of").isoformat() if given else today()
