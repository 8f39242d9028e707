"""Timestamps and durations as CEL writes them.

Takes text, gives aware datetimes and timedeltas, and back; raises ValueError. Must not know the clock:
text that only the clock could complete ("now", a time without a date) is not a timestamp.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII
)
_DURATION = re.compile(r"([-+]?)((?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)", re.ASCII)
_DURATION_PART = re.compile(r"(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_NANOSECONDS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_MAX_DURATION_TEXT = 64
# CEL's durations are 64 bits of nanoseconds: some 292 years.
_MAX_DURATION = timedelta(seconds=9_223_372_036, microseconds=854_775)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def parse_timestamp(text: str) -> datetime:
    """An RFC 3339 timestamp, in UTC. Fractions below a microsecond are cut off: Python has no finer clock."""
    found = _TIMESTAMP.fullmatch(text)
    if found is None:
        raise ValueError("not an RFC 3339 timestamp such as 2026-06-30T00:00:00Z")
    *numbers, fraction, sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    if int(hours or 0) > 23 or int(minutes or 0) > 59:
        raise ValueError("not an offset from UTC")
    year, month, day, hour, minute, second = map(int, numbers)
    micros = int((fraction or "0").ljust(9, "0")[:6])
    moment = datetime(year, month, day, hour, minute, second, micros, tzinfo=timezone.utc)
    try:
        return moment - offset
    except OverflowError:
        raise ValueError("outside the years 1 to 9999") from None


def parse_duration(text: str) -> timedelta:
    """A duration such as 1h30m or -1.5s. What is below a microsecond is cut off."""
    found = _DURATION.fullmatch(text) if len(text) <= _MAX_DURATION_TEXT else None
    if found is None:
        raise ValueError("not a duration such as 36h, 1h30m or 0.5s (units: h, m, s, ms, us, ns)")
    nanoseconds = 0
    for whole, fraction, unit in _DURATION_PART.findall(found[2]):
        scale = _NANOSECONDS[unit]
        nanoseconds += int(whole or 0) * scale
        if fraction:
            nanoseconds += int(fraction) * scale // 10 ** len(fraction)
    micros = nanoseconds // 1000
    try:
        return checked(timedelta(microseconds=-micros if found[1] == "-" else micros))
    except OverflowError:
        raise ValueError("a duration of more than 292 years") from None


def checked(duration: timedelta) -> timedelta:
    if abs(duration) > _MAX_DURATION:
        raise ValueError("a duration of more than 292 years")
    return duration


def timestamp_text(moment: datetime) -> str:
    utc = moment.astimezone(timezone.utc)
    text = f"{utc.year:04}-{utc:%m-%dT%H:%M:%S}"
    return f"{text}{_fraction(utc.microsecond)}Z"


def duration_text(duration: timedelta) -> str:
    micros = duration // timedelta(microseconds=1)
    seconds, rest = divmod(abs(micros), 10**6)
    return f"{'-' if micros < 0 else ''}{seconds}{_fraction(rest)}s"


def _fraction(micros: int) -> str:
    return f".{micros:06}".rstrip("0") if micros else ""
