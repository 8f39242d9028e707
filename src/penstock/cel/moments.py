"""Timestamps and durations as CEL writes and counts them, to the nanosecond.

Takes text, gives aware datetimes and timedeltas, and back; raises ValueError or OverflowError. Must not know the
clock: text that only the clock could complete ("now", a time without a date) is not a timestamp.

Python's own types count microseconds. A value with a part below that is a ``FineTimestamp`` or ``FineDuration``,
which no other value is: where Python's own types can hold a value, they do.
"""

from __future__ import annotations

import functools
import re
from datetime import datetime, timedelta, timezone, tzinfo

# Compiled when first needed, by re, which keeps them.
_TIMESTAMP = r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))"
_DURATION = r"([-+]?)(?:0|((?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+))"
_DURATION_PART = r"(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)"
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
_MAX_NANOSECONDS = 2**63 - 1
_SURE_DAYS = _MAX_NANOSECONDS // (24 * 3600 * 10**9)
_TOO_LONG = "a duration of more than 292 years"
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class FineDuration(timedelta):
    """A duration with ``nanosecond`` (1 to 999) on top of its microseconds."""

    __slots__ = ("nanosecond",)
    nanosecond: int

    def __eq__(self, other: object) -> bool:
        return isinstance(other, timedelta) and nanoseconds(self) == nanoseconds(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: timedelta) -> bool:
        return nanoseconds(self) < nanoseconds(other)

    def __le__(self, other: timedelta) -> bool:
        return nanoseconds(self) <= nanoseconds(other)

    def __gt__(self, other: timedelta) -> bool:
        return nanoseconds(self) > nanoseconds(other)

    def __ge__(self, other: timedelta) -> bool:
        return nanoseconds(self) >= nanoseconds(other)

    def __hash__(self) -> int:
        return hash(nanoseconds(self))

    def __bool__(self) -> bool:
        return True

    def __str__(self) -> str:
        return duration_text(self)

    def __repr__(self) -> str:
        return f"duration_of({nanoseconds(self)})"

    def __reduce__(self) -> tuple[object, ...]:
        return duration_of, (nanoseconds(self),)


class FineTimestamp(datetime):
    """A timestamp in UTC with ``nanosecond`` (1 to 999) on top of its microseconds."""

    __slots__ = ("nanosecond",)
    nanosecond: int

    def __eq__(self, other: object) -> bool:
        return isinstance(other, datetime) and is_aware(other) and since_epoch(self) == since_epoch(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: datetime) -> bool:  # type: ignore[override]
        return since_epoch(self) < since_epoch(other)

    def __le__(self, other: datetime) -> bool:  # type: ignore[override]
        return since_epoch(self) <= since_epoch(other)

    def __gt__(self, other: datetime) -> bool:  # type: ignore[override]
        return since_epoch(self) > since_epoch(other)

    def __ge__(self, other: datetime) -> bool:  # type: ignore[override]
        return since_epoch(self) >= since_epoch(other)

    def __hash__(self) -> int:
        return hash(since_epoch(self))

    def __str__(self) -> str:
        return timestamp_text(self)

    def __repr__(self) -> str:
        return f"timestamp_at({since_epoch(self)})"

    def __reduce_ex__(self, protocol: object) -> tuple[object, ...]:
        return timestamp_at, (since_epoch(self),)

    def astimezone(self, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        """A plain datetime, to read the clock of another zone: it has no nanoseconds."""
        return utc(datetime.combine(self.date(), self.time(), timezone.utc)).astimezone(tz)


def is_aware(moment: datetime) -> bool:
    return moment.utcoffset() is not None


def utc(moment: datetime) -> datetime:
    """The same moment in UTC. Python's arithmetic within any other zone is that of clocks on walls.

    Raises:
        ValueError: it has no timezone, or is outside the years 1 to 9999 in UTC.
    """
    if moment.tzinfo is timezone.utc:
        return moment
    if not is_aware(moment):
        raise ValueError("a datetime without a timezone is no moment")
    try:
        return moment.astimezone(timezone.utc)
    except OverflowError:
        raise ValueError(_YEARS) from None


def nanoseconds(duration: timedelta) -> int:
    whole = (duration.days * 86_400 + duration.seconds) * 10**9 + duration.microseconds * 1000
    return whole + duration.nanosecond if isinstance(duration, FineDuration) else whole


def since_epoch(moment: datetime) -> int:
    """Nanoseconds from 1970. Raises ValueError as ``utc`` does."""
    plain = utc(moment)
    days = plain.toordinal() - _EPOCH_DAY
    seconds = (days * 24 + plain.hour) * 3600 + plain.minute * 60 + plain.second
    whole = seconds * 10**9 + plain.microsecond * 1000
    return whole + moment.nanosecond if isinstance(moment, FineTimestamp) else whole


_EPOCH_DAY = EPOCH.toordinal()
_YEARS = "outside the years 1 to 9999"


def duration_of(count: int) -> timedelta:
    """The duration of so many nanoseconds. Raises ValueError when they are more than 64 bits."""
    if not -_MAX_NANOSECONDS - 1 <= count <= _MAX_NANOSECONDS:
        raise ValueError(_TOO_LONG)
    return _duration(count)


def _duration(count: int) -> timedelta:
    micros, rest = divmod(count, 1000)
    if not rest:
        return timedelta(microseconds=micros)
    fine = FineDuration(microseconds=micros)
    fine.nanosecond = rest
    return fine


def later(moment: datetime, duration: timedelta) -> datetime:
    """Raises ValueError outside the years 1 to 9999."""
    if type(moment) is datetime and type(duration) is timedelta:
        try:
            return utc(moment) + duration
        except OverflowError:
            raise ValueError(_YEARS) from None
    return timestamp_at(since_epoch(moment) + nanoseconds(duration))


def between(earlier: datetime, moment: datetime) -> timedelta:
    """Raises ValueError when they are more than 292 years apart."""
    if type(moment) is datetime and type(earlier) is datetime:
        return checked(utc(moment) - utc(earlier))
    return duration_of(since_epoch(moment) - since_epoch(earlier))


def together(left: timedelta, right: timedelta) -> timedelta:
    """Raises ValueError when it is more than 292 years."""
    if type(left) is timedelta and type(right) is timedelta:
        return checked(left + right)
    return duration_of(nanoseconds(left) + nanoseconds(right))


def negated(duration: timedelta) -> timedelta:
    """Not checked: the longest negative duration has a counterpart that is one nanosecond too long."""
    return -duration if type(duration) is timedelta else _duration(-nanoseconds(duration))


def timestamp_at(count: int) -> datetime:
    """The moment so many nanoseconds after 1970. Raises ValueError outside the years 1 to 9999."""
    micros, rest = divmod(count, 1000)
    try:
        plain = EPOCH + timedelta(microseconds=micros)
    except OverflowError:
        raise ValueError(_YEARS) from None
    if not rest:
        return plain
    fine = FineTimestamp.combine(plain.date(), plain.time(), timezone.utc)
    fine.nanosecond = rest
    return fine


@functools.lru_cache(maxsize=1024)
def parse_timestamp(text: str) -> datetime:
    """An RFC 3339 timestamp, in UTC."""
    found = re.fullmatch(_TIMESTAMP, text, re.ASCII)
    if found is None:
        raise ValueError("not an RFC 3339 timestamp such as 2026-06-30T00:00:00Z")
    *numbers, fraction, sign, hours, minutes = found.groups()
    if int(hours or 0) > 23 or int(minutes or 0) > 59:
        raise ValueError("not an offset from UTC")
    year, month, day, hour, minute, second = map(int, numbers)
    if year == 0:
        raise ValueError(_YEARS)
    micros, rest = divmod(int((fraction or "0").ljust(9, "0")), 1000)
    try:
        moment = datetime(year, month, day, hour, minute, second, micros, tzinfo=timezone.utc)
    except ValueError:  # in other words with each version of Python
        raise ValueError("there is no such day or no such time of day") from None
    offset = (int(hours or 0) * 60 + int(minutes or 0)) * (-1 if sign == "-" else 1)
    if not rest and not offset:
        return moment
    return timestamp_at(since_epoch(moment) + rest - offset * _NANOSECONDS["m"])


@functools.lru_cache(maxsize=1024)
def parse_duration(text: str) -> timedelta:
    """A duration such as 1h30m or -1.5s. What is below a nanosecond is cut off."""
    found = re.fullmatch(_DURATION, text, re.ASCII) if len(text) <= _MAX_DURATION_TEXT else None
    if found is None:
        raise ValueError("not a duration such as 36h, 1h30m or 0.5s (units: h, m, s, ms, us, ns)")
    count = 0
    for whole, fraction, unit in re.findall(_DURATION_PART, found[2] or "", re.ASCII):
        scale = _NANOSECONDS[unit]
        count += int(whole or 0) * scale
        if fraction:
            count += int(fraction) * scale // 10 ** len(fraction)
    return duration_of(-count if found[1] == "-" else count)


def checked(duration: timedelta) -> timedelta:
    """The duration itself. Raises ValueError when it is more than 292 years."""
    if -_SURE_DAYS < duration.days < _SURE_DAYS:
        return duration
    return duration_of(nanoseconds(duration))


def timestamp_text(moment: datetime) -> str:
    seconds, rest = divmod(since_epoch(moment), 10**9)
    plain = EPOCH + timedelta(seconds=seconds)
    return f"{plain.year:04}-{plain:%m-%dT%H:%M:%S}{_fraction(rest)}Z"


def duration_text(duration: timedelta) -> str:
    count = nanoseconds(duration)
    seconds, rest = divmod(abs(count), 10**9)
    return f"{'-' if count < 0 else ''}{seconds}{_fraction(rest)}s"


def _fraction(nanos: int) -> str:
    return f".{nanos:09}".rstrip("0") if nanos else ""
