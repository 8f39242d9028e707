"""Timestamps and durations: text, nanoseconds, arithmetic, order, and the clocks of timezones."""

from __future__ import annotations

import copy
import pickle
import re
import zoneinfo
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.cel import arithmetic, calls, operations
from penstock.cel.errors import EvalError
from penstock.cel.moments import (
    FineDuration,
    FineTimestamp,
    duration_of,
    nanoseconds,
    parse_duration,
    parse_timestamp,
    since_epoch,
    timestamp_at,
)
from penstock.cel.standard import functions_by_name, time
from penstock.cel.values import describe, equal, type_name

UTC = timezone.utc
FIRST, LAST = (
    since_epoch(datetime(1, 1, 1, tzinfo=UTC)),
    since_epoch(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
)
COUNTS = st.integers(-(2**63), 2**63 - 1)


def call(name: str, *arguments: object) -> object:
    return calls.call(functions_by_name()[name], arguments, receiver=name.startswith("get"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-06-30T01:02:03Z", datetime(2026, 6, 30, 1, 2, 3, tzinfo=UTC)),
        ("2026-06-30T01:02:03.5+05:30", datetime(2026, 6, 29, 19, 32, 3, 500_000, tzinfo=UTC)),
        ("2026-06-30T01:02:03.000001000-00:30", datetime(2026, 6, 30, 1, 32, 3, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
    ],
)
def test_timestamps(text: str, expected: datetime) -> None:
    got = call("timestamp", text)
    assert got == expected
    assert type(got) is datetime


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-06-30", "not an RFC 3339 timestamp such as 2026-06-30T00:00:00Z"),
        ("2026-06-30 01:02:03Z", "not an RFC 3339 timestamp such as 2026-06-30T00:00:00Z"),
        ("2026-06-30T01:02:03", "not an RFC 3339 timestamp such as 2026-06-30T00:00:00Z"),
        ("2026-06-30T01:02:03.Z", "not an RFC 3339 timestamp such as 2026-06-30T00:00:00Z"),
        ("\uff12026-06-30T01:02:03Z", "not an RFC 3339 timestamp such as 2026-06-30T00:00:00Z"),
        ("2026-06-30T01:02:03Z\n", "not an RFC 3339 timestamp such as 2026-06-30T00:00:00Z"),
        ("2026-06-30T01:02:03+24:00", "not an offset from UTC"),
        ("2026-02-29T01:02:03Z", "there is no such day or no such time of day"),
        ("2026-06-30T01:02:60Z", "there is no such day or no such time of day"),
        ("0000-01-01T00:00:00Z", "outside the years 1 to 9999"),
        ("0001-01-01T00:00:00+00:01", "outside the years 1 to 9999"),
        ("9999-12-31T23:59:59-00:01", "outside the years 1 to 9999"),
    ],
)
def test_text_that_is_no_timestamp(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        parse_timestamp(text)


@pytest.mark.parametrize(
    ("text", "expected", "written"),
    [
        ("36h", 36 * 3600 * 10**9, "129600s"),
        ("-1h30m0.5s", -5400_500_000_000, "-5400.5s"),
        ("1.5ms", 1_500_000, "0.0015s"),
        ("+3us", 3000, "0.000003s"),
        ("3µs7ns", 3007, "0.000003007s"),
        (".5s", 500_000_000, "0.5s"),
        ("1.s", 10**9, "1s"),
        ("0", 0, "0s"),
        ("-0.0000000019s", -1, "-0.000000001s"),
        ("9223372036.854775807s", 2**63 - 1, "9223372036.854775807s"),
    ],
)
def test_durations(text: str, expected: int, written: str) -> None:
    got = parse_duration(text)
    assert nanoseconds(got) == expected
    assert call("string", got) == written
    assert type(got) is (FineDuration if expected % 1000 else timedelta)


@pytest.mark.parametrize(
    "text", ["", "1", "s", "1h 5m", "1d", "1h-5m", "--1s", "1e3s", "\u0661s", ".s", "1s" * 40]
)
def test_text_that_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r"^not a duration such as 36h, 1h30m or 0\.5s"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["9223372037s", "-9223372037s", "99999999999999999999999999h"])
def test_durations_are_64_bits(text: str) -> None:
    with pytest.raises(ValueError, match=r"^a duration of more than 292 years$"):
        parse_duration(text)


@given(COUNTS)
def test_a_duration_is_its_nanoseconds(count: int) -> None:
    duration = duration_of(count)
    assert nanoseconds(duration) == count
    assert isinstance(duration, FineDuration) is bool(count % 1000)
    written = call("string", duration)
    assert isinstance(written, str)
    assert equal(parse_duration(written), duration)


@given(st.integers(FIRST, LAST))
def test_a_timestamp_is_its_nanoseconds(count: int) -> None:
    moment = timestamp_at(count)
    assert since_epoch(moment) == count
    assert isinstance(moment, FineTimestamp) is bool(count % 1000)
    written = call("string", moment)
    assert isinstance(written, str)
    assert equal(parse_timestamp(written), moment)


@given(st.integers(-3000, 3000), st.integers(-3000, 3000))
def test_fine_values_are_ordered_as_their_nanoseconds(left: int, right: int) -> None:
    for make in (duration_of, timestamp_at):
        one, other = make(left), make(right)
        assert (one == other, one != other) == (left == right, left != right)
        assert equal(one, other) is (left == right)
        assert operations.less(one, other) is (left < right)
        assert operations.less_equal(one, other) is (left <= right)
        assert operations.greater(one, other) is (left > right)
        assert operations.greater_equal(one, other) is (left >= right)
        assert left != right or hash(one) == hash(other)


@given(st.integers(-(10**18), 10**18), st.integers(-(10**18), 10**18))
def test_arithmetic_keeps_nanoseconds(moment: int, span: int) -> None:
    start, length = timestamp_at(moment), duration_of(span)
    later = arithmetic.add(start, length)
    assert equal(later, timestamp_at(moment + span))
    assert equal(arithmetic.add(length, start), later)
    assert equal(arithmetic.subtract(later, length), start)
    assert equal(arithmetic.subtract(later, start), length)
    assert equal(arithmetic.subtract(length, length), timedelta(0))


@pytest.mark.parametrize("value", [timestamp_at(10**18 + 1), duration_of(-1)])
def test_fine_values_are_values(value: object) -> None:
    assert copy.deepcopy(value) == value
    assert pickle.loads(pickle.dumps(value)) == value
    assert value != "text"
    assert value
    assert type(copy.copy(value)) is type(value)


def test_fine_values_in_words() -> None:
    assert type_name(timestamp_at(1)) == "google.protobuf.Timestamp"
    assert type_name(duration_of(1)) == "google.protobuf.Duration"
    assert describe(timestamp_at(1)) == "timestamp 1970-01-01T00:00:00.000000001Z"
    assert describe(duration_of(-1)) == "duration -0.000000001s"
    assert not equal(timestamp_at(1), datetime(1970, 1, 1))


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("getFullYear", (), 2026),
        ("getMonth", (), 0),
        ("getDate", (), 1),
        ("getDayOfMonth", (), 0),
        ("getDayOfWeek", (), 4),
        ("getDayOfYear", (), 0),
        ("getHours", (), 2),
        ("getMinutes", (), 3),
        ("getSeconds", (), 4),
        ("getMilliseconds", (), 567),
        ("getFullYear", ("America/New_York",), 2025),
        ("getDayOfYear", ("-03:00",), 364),
        ("getHours", ("+05:30",), 7),
        ("getMinutes", ("Asia/Kolkata",), 33),
        ("getHours", ("02:00",), 4),
        ("getHours", ("-0:30",), 1),
        ("getHours", ("",), 2),
        ("getHours", ("UTC",), 2),
    ],
)
def test_parts_of_a_timestamp(name: str, arguments: tuple[str, ...], expected: int) -> None:
    for text in ("2026-01-01T02:03:04.567Z", "2026-01-01T02:03:04.567000001Z"):
        assert call(name, parse_timestamp(text), *arguments) == expected


def test_parts_are_those_of_utc_whatever_the_hosts_zone() -> None:
    moment = datetime(2026, 7, 1, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Paris"))
    assert call("getDate", moment) == 30
    assert call("getHours", moment, "Europe/Paris") == 1


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("getHours", "-90m", -1),
        ("getMinutes", "3730s", 62),
        ("getSeconds", "-1.5s", -1),
        ("getMilliseconds", "3661.5s", 500),
        ("getMilliseconds", "-1.0019s", -1),
    ],
)
def test_parts_of_a_duration(name: str, text: str, expected: int) -> None:
    assert call(name, parse_duration(text)) == expected


@pytest.mark.parametrize(
    "name",
    ["Mars/Olympus", "Local", "localtime", "../UTC", "/etc/passwd", "America", "+24:00", "5", "Europe/", "UTC\n"],
)
def test_what_is_no_timezone(name: str) -> None:
    with pytest.raises(EvalError, match=r"timestamp 1970-01-01T00:00:00Z: not (a timezone|an offset)"):
        call("getHours", timestamp_at(0), name)


def test_a_machine_without_timezones_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_name: str) -> object:
        raise zoneinfo.ZoneInfoNotFoundError

    monkeypatch.setattr(zoneinfo, "ZoneInfo", missing)
    time.zone.cache_clear()
    with pytest.raises(
        EvalError, match=r"this machine has no timezone database; install the Python package tzdata$"
    ):
        call("getHours", timestamp_at(0), "Europe/Paris")


def test_a_clock_beyond_the_calendar_is_an_error() -> None:
    with pytest.raises(EvalError, match=r"outside the years 1 to 9999 in that timezone$"):
        call("getHours", parse_timestamp("0001-01-01T00:00:00Z"), "-05:00")


def test_one_hour_that_comes_twice_is_two() -> None:
    paris = zoneinfo.ZoneInfo("Europe/Paris")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=paris)
    second = first.replace(fold=1)
    assert first == second  # to Python
    assert not equal(first, second)
    assert operations.less(first, second) is True
    assert arithmetic.subtract(second, first) == timedelta(hours=1)
    assert equal(first, datetime(2026, 10, 25, 0, 30, tzinfo=UTC))


def test_a_datetime_without_a_timezone_is_no_moment() -> None:
    naive = datetime(2026, 1, 1)
    assert not equal(naive, timestamp_at(0))
    assert equal(naive, datetime(2026, 1, 1))
    for use in (operations.less, arithmetic.subtract):
        with pytest.raises(EvalError, match="a datetime without a timezone is no moment"):
            use(naive, timestamp_at(0))


def test_seconds_since_1970() -> None:
    half_before = parse_timestamp("1969-12-31T23:59:59.5Z")
    assert call("int", half_before) == -1
    assert call("timestamp", -1) == datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)
