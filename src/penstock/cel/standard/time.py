"""The parts of a timestamp, in UTC or in a zone that is named, and of a duration.

Takes aware datetimes and timedeltas. A zone is a name of the IANA database or an offset such as ``+02:00``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone, tzinfo

from penstock.cel.env import Function, Overload
from penstock.cel.moments import nanoseconds, utc
from penstock.cel.types import DURATION, INT, STRING, TIMESTAMP

_OFFSET = re.compile(r"([+-]?)(\d\d?):(\d\d)", re.ASCII)
# No absolute paths and no "..": a name is looked up among files.
_NAME = re.compile(r"[A-Za-z][\w+-]*(?:/[A-Za-z][\w+-]*)*", re.ASCII)
_MAX_NAME = 64
# Files beside the database's zones that say what the machine's own zone is.
_MACHINE = frozenset({"localtime", "posixrules", "Factory"})


@functools.lru_cache(maxsize=64)
def zone(name: str) -> tzinfo:
    """The timezone of a name such as Europe/Paris or +02:00. Raises ValueError."""
    offset = _OFFSET.fullmatch(name)
    if offset is not None:
        hours, minutes = int(offset[2]), int(offset[3])
        if hours > 23 or minutes > 59:
            raise ValueError("not an offset from UTC such as +02:00")
        return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if offset[1] == "-" else 1))
    if name in ("UTC", ""):
        return timezone.utc
    return _named(name)


def _named(name: str) -> tzinfo:
    if len(name) <= _MAX_NAME and _NAME.fullmatch(name) and name not in _MACHINE:
        found = _in_database(name)
        if found is not None:
            return found
        if _in_database("UTC") is None:
            raise ValueError("this machine has no timezone database; install the Python package tzdata")
    raise ValueError("not a timezone such as Europe/Paris or +02:00")


def _in_database(name: str) -> tzinfo | None:
    from zoneinfo import ZoneInfo  # costs every start, for what few expressions use

    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):  # a folder of the database, a file that is no zone, no file
        return None


def _clock(moment: datetime, zone_name: str | None) -> datetime:
    if zone_name is None:
        return utc(moment)
    found = zone(zone_name)
    try:
        return moment.astimezone(found) if moment.tzinfo else utc(moment)
    except OverflowError:
        raise ValueError("outside the years 1 to 9999 in that timezone") from None


def _timestamp_part(read: Callable[[datetime], int]) -> tuple[Overload, ...]:
    def part(moment: datetime, zone_name: str | None = None) -> int:
        return read(_clock(moment, zone_name))

    return (
        Overload((TIMESTAMP,), INT, part, receiver=True),
        Overload((TIMESTAMP, STRING), INT, part, receiver=True),
    )


def _duration_part(unit: int, wrap: int | None = None) -> Overload:
    """How often a unit (in nanoseconds) fits into a duration, cut towards zero; ``wrap``: within the next unit."""

    def part(duration: timedelta) -> int:
        count = nanoseconds(duration)
        units = abs(count) // unit
        if wrap is not None:
            units %= wrap
        return -units if count < 0 else units

    return Overload((DURATION,), INT, part, receiver=True)


_SECOND = 10**9

FUNCTIONS: tuple[Function, ...] = (
    Function("getFullYear", _timestamp_part(lambda moment: moment.year)).about(
        "The year.", "timestamp('2026-06-30T12:00:00Z').getFullYear() == 2026"
    ),
    Function("getMonth", _timestamp_part(lambda moment: moment.month - 1)).about(
        "The month, counted from 0: January is 0.", "timestamp('2026-06-30T12:00:00Z').getMonth() == 5"
    ),
    Function("getDate", _timestamp_part(lambda moment: moment.day)).about(
        "The day of the month, counted from 1.", "timestamp('2026-06-30T12:00:00Z').getDate() == 30"
    ),
    Function("getDayOfMonth", _timestamp_part(lambda moment: moment.day - 1)).about(
        "The day of the month, counted from 0.", "timestamp('2026-06-30T12:00:00Z').getDayOfMonth() == 29"
    ),
    Function("getDayOfWeek", _timestamp_part(lambda moment: moment.isoweekday() % 7)).about(
        "The day of the week: Sunday is 0.", "timestamp('2026-06-30T12:00:00Z').getDayOfWeek() == 2"
    ),
    Function("getDayOfYear", _timestamp_part(lambda moment: moment.timetuple().tm_yday - 1)).about(
        "The day of the year, counted from 0.", "timestamp('2026-06-30T12:00:00Z').getDayOfYear() == 180"
    ),
    Function(
        "getHours",
        (*_timestamp_part(lambda moment: moment.hour), _duration_part(3600 * _SECOND)),
    ).about(
        "The hour of the day; of a duration, all its whole hours.",
        "timestamp('2026-06-30T12:00:00Z').getHours('Europe/Paris') == 14",
    ),
    Function(
        "getMinutes",
        (*_timestamp_part(lambda moment: moment.minute), _duration_part(60 * _SECOND)),
    ).about(
        "The minute of the hour; of a duration, all its whole minutes.", "duration('1h30m').getMinutes() == 90"
    ),
    Function("getSeconds", (*_timestamp_part(lambda moment: moment.second), _duration_part(_SECOND))).about(
        "The second of the minute; of a duration, all its whole seconds.", "duration('1m30s').getSeconds() == 90"
    ),
    Function(
        "getMilliseconds",
        (*_timestamp_part(lambda moment: moment.microsecond // 1000), _duration_part(10**6, wrap=1000)),
    ).about("The milliseconds behind the second.", "duration('1s234ms').getMilliseconds() == 234"),
)
