"""Dates, periods and e-mail addresses: what they are, and what was meant by what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.manifest import formats


@pytest.mark.parametrize("text", ["2026-06-30", "2024-02-29", "0001-01-01", "9999-12-31"])
def test_dates(text: str) -> None:
    assert formats.is_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-02-29",
        "2026-13-01",
        "2026-00-10",
        "0000-01-01",
        "2026-6-30",
        "20260630",
        "2026-W26-2",
        "2026-06-30T00:00:00Z",
        "2026-06-30\n",
        " 2026-06-30",
        "٢٠٢٦-٠٦-٣٠",
        "12026-06-30",
    ],
)
def test_no_dates(text: str) -> None:
    assert not formats.is_date(text)


@pytest.mark.parametrize(
    "text", ["P1Y", "P1M", "P2W", "P90D", "P1Y6M", "P1Y2M3D", "P1DT12H", "PT12H", "PT1H30M", "P1M1D"]
)
def test_durations(text: str) -> None:
    assert formats.is_duration(text)


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1YT", "P1W2D", "P1", "1Y", "p1y", "P-1D", "-P1D", "P1.5D", "P1D1Y", "P1H", "P1Y\n", "P٣D"],
)
def test_no_durations(text: str) -> None:
    assert not formats.is_duration(text)


@pytest.mark.parametrize("text", ["dana@acme.example", "a.b+c@x-y.co.uk", "o'neil@acme.example"])
def test_emails(text: str) -> None:
    assert formats.is_email(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "dana",
        "dana@",
        "@acme.example",
        "dana@acme",
        "dana@acme..example",
        "dana@-acme.example",
        "da na@acme.example",
        ".dana@acme.example",
        "a@b@acme.example",
        "dana@acme.example\n",
        "Dana <dana@acme.example>",
        "x" * 250 + "@acme.example",
    ],
)
def test_no_emails(text: str) -> None:
    assert not formats.is_email(text)


@pytest.mark.parametrize(
    ("kind", "text", "meant"),
    [
        ("date", "2026-6-3", "2026-06-03"),
        ("date", "2026/06/30", "2026-06-30"),
        ("date", "2026-06-30T10:00:00Z", "2026-06-30"),
        ("date", "2026-02-30", None),
        ("date", "01.02.2026", None),
        ("date", "01/02/2026", None),
        ("duration", "monthly", "P1M"),
        ("duration", "Quarterly", "P3M"),
        ("duration", "30d", "P30D"),
        ("duration", "1 year", "P1Y"),
        ("duration", "12 months", "P12M"),
        ("duration", "1mo", "P1M"),
        ("duration", "p1y", "P1Y"),
        ("duration", "5 m", None),
        ("duration", "soon", None),
        ("email", "Lee <lee@acme.example>", "lee@acme.example"),
        ("email", "mailto:lee@acme.example", "lee@acme.example"),
        ("email", "lee", None),
    ],
)
def test_what_was_meant(kind: str, text: str, meant: str | None) -> None:
    assert formats.meant(kind, text) == meant


@given(st.sampled_from(sorted(formats.CHECKS)), st.text())
def test_what_was_meant_has_the_format(kind: str, text: str) -> None:
    meant = formats.meant(kind, text)
    assert meant is None or formats.CHECKS[kind](meant)
    formats.fault(kind, text)
