"""The formats that the schemas name: ``date``, ``email`` and ``duration``, and what to write instead.

Takes strings, gives a verdict and a suggestion. Stricter than JSON Schema's own checkers, which differ with the
packages that happen to be installed. Every pattern here takes linear time. Must not know of schemas.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from penstock.pattern import late

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_DURATION = late(
    r"P(?:[0-9]{1,6}W|(?=[0-9T])(?:[0-9]{1,6}Y)?(?:[0-9]{1,6}M)?(?:[0-9]{1,6}D)?"
    r"(?:T(?=[0-9])(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,6}S)?)?)\Z"
)
_WORD = r"[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = late(rf"{_WORD}(?:\.{_WORD})*@{_LABEL}(?:\.{_LABEL})+\Z")

_YEAR_FIRST = late(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ].*)?\Z", re.DOTALL)
_COUNTED = late(r"([0-9]{1,6}) ?([A-Za-z]{1,7})\Z")
_UNITS = {"d": "D", "day": "D", "w": "W", "week": "W", "mo": "M", "mon": "M", "month": "M", "y": "Y", "year": "Y"}
_PERIODS = {
    "daily": "P1D",
    "day": "P1D",
    "weekly": "P1W",
    "week": "P1W",
    "monthly": "P1M",
    "month": "P1M",
    "quarterly": "P3M",
    "quarter": "P3M",
    "yearly": "P1Y",
    "annual": "P1Y",
    "annually": "P1Y",
    "year": "P1Y",
}


@lru_cache(maxsize=4096)  # a rollout has few days and people, each in many manifests
def is_date(text: str) -> bool:
    """A day of the calendar, written YYYY-MM-DD."""
    if not _DATE.match(text):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_duration(text: str) -> bool:
    """An ISO 8601 period of whole numbers: P1Y, P1Y6M, P30D, P2W, PT12H."""
    return _DURATION.match(text) is not None


@lru_cache(maxsize=4096)
def is_email(text: str) -> bool:
    """An address as companies use them: a local part, an @ and a host name of two labels or more."""
    return len(text) <= 254 and _EMAIL.match(text) is not None


CHECKS: Mapping[str, Callable[[str], bool]] = {"date": is_date, "duration": is_duration, "email": is_email}
"""Every format that a schema may name."""

EXPECTED: Mapping[str, str] = {
    "date": "a date, written YYYY-MM-DD",
    "duration": "an ISO 8601 period such as P1M, P90D or P1Y",
    "email": "an e-mail address such as ana.ruiz@example.com",
}
"""What a value of the format is, for a message."""


def meant(format_name: str, text: str) -> str | None:
    """The value that ``text`` most likely stands for, in the right form; None when that is a guess."""
    if len(text) > 100:
        return None
    suggest = {"date": _date_meant, "duration": _duration_meant, "email": _email_meant}.get(format_name)
    found = suggest(text.strip()) if suggest else None
    return found if found is not None and CHECKS[format_name](found) else None


def fault(format_name: str, text: str) -> str | None:
    """Why a value that looks right is not, e.g. a day that the calendar does not have."""
    if format_name == "date" and _DATE.match(text):
        return "the calendar has no such day"
    if format_name == "duration" and text in ("P", "PT"):
        return "it names no length of time"
    if format_name == "duration" and re.match(r"P[0-9]+[YMWD]?.*[.,][0-9]", text[:40]):
        return "only whole numbers are accepted"
    return None


def _date_meant(text: str) -> str | None:
    found = _YEAR_FIRST.match(text)
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else None


def _duration_meant(text: str) -> str | None:
    folded = text.casefold()
    if folded in _PERIODS:
        return _PERIODS[folded]
    if is_duration(text.upper()):
        return text.upper()
    found = _COUNTED.match(folded)
    if not found:
        return None
    unit = _UNITS.get(found[2]) or _UNITS.get(found[2].removesuffix("s"))
    return f"P{int(found[1])}{unit}" if unit else None


def _email_meant(text: str) -> str | None:
    inner = text[text.rfind("<") + 1 : -1] if text.endswith(">") else text
    return inner.removeprefix("mailto:")
