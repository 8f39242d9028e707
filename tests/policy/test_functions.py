"""The functions that policies call: dates as the calendar counts them, sums, the way around a rollout."""

from __future__ import annotations

import pytest

from penstock.cel import EvalError
from penstock.manifest.load import load
from penstock.manifest.rollout import Rollout
from penstock.policy import knowledge, matching
from penstock.policy.functions import UnresolvedReferenceError, functions
from penstock.source import SourceFile, read

NOTHING = functions(Rollout("empty", "."))


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2026-01-01", "2027-01-01", 12),
        ("2026-01-01", "2026-12-31", 11),
        ("2026-01-31", "2026-02-28", 1),
        ("2028-01-31", "2028-02-28", 0),
        ("2028-01-31", "2028-02-29", 1),
        ("2028-02-29", "2029-02-28", 12),
        ("2026-03-15", "2026-03-15", 0),
        ("2026-03-15", "2026-02-15", -1),
        ("2026-03-15", "2026-02-16", 0),
    ],
)
def test_months_counts_whole_calendar_months(start: str, end: str, months: int) -> None:
    assert NOTHING["months"](start, end) == months


@pytest.mark.parametrize(
    ("start", "end", "period", "count"),
    [
        ("2026-01-15", "2027-01-14", "P1Y", 0),
        ("2026-01-15", "2027-01-15", "P1Y", 1),
        ("2024-02-29", "2028-02-28", "P1Y", 3),
        ("2024-02-29", "2028-02-29", "P1Y", 4),
        ("2026-01-31", "2026-04-30", "P1M", 3),
        ("2026-01-01", "2026-12-31", "P1W", 52),
        ("2026-01-01", "2026-07-03", "P3M1D", 2),
        ("2026-01-01", "2026-07-02", "P3M1D", 1),
        ("2026-01-01", "9999-12-01", "P1Y", 7973),
        ("2026-01-01", "9999-12-31", "P9999Y", 0),
        ("2026-01-01", "9999-12-31", "P9999W", 41),
        ("2026-01-01", "2026-01-01", "P1D", 0),
        ("2027-01-15", "2026-01-15", "P6M", -2),
    ],
)
def test_periods_counts_each_from_the_start(start: str, end: str, period: str, count: int) -> None:
    assert NOTHING["periods"](start, end, period) == count


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("2026-01-01", "2027-01-01", "12 months"),
        ("2026-01-01", "2027-01-02", "12 months and 1 day"),
        ("2026-01-31", "2026-02-28", "1 month"),
        ("2026-01-31", "2026-03-02", "1 month and 2 days"),
        ("2028-02-01", "2028-02-29", "28 days"),
        ("2026-03-15", "2026-03-15", "0 days"),
        ("2027-01-02", "2026-01-01", "12 months and 1 day"),
    ],
)
def test_months_and_days(start: str, end: str, text: str) -> None:
    assert NOTHING["monthsAndDays"](start, end) == text


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        ("2026-01-01", "P1Y", "2027-01-01"),
        ("2026-01-31", "P1M", "2026-02-28"),
        ("2028-02-29", "P1Y", "2029-02-28"),
        ("2026-01-01", "-P1D", "2025-12-31"),
        ("2026-01-15", "P1Y2M1W3D", "2027-03-25"),
        ("2026-03-31", "-P1M", "2026-02-28"),
        ("2026-01-01", "P0D", "2026-01-01"),
    ],
)
def test_add_period_moves_months_before_days(start: str, period: str, end: str) -> None:
    assert NOTHING["addPeriod"](start, period) == end


@pytest.mark.parametrize(
    ("function", "arguments", "word"),
    [
        ("addPeriod", ("2026-01-01", "P"), "period"),
        ("addPeriod", ("2026-01-01", "P1.5D"), "period"),
        ("addPeriod", ("2026-01-01", "PT5H"), "period"),
        ("addPeriod", ("2026-01-01", 12), "period"),
        ("addPeriod", ("9999-12-31", "P1D"), "calendar"),
        ("addPeriod", ("9999-12-01", "P1M"), "calendar"),
        ("addPeriod", ("2026-01-01", "P999999W"), "calendar"),
        ("days", ("2026-02-30", "2026-03-01"), "2026-02-30"),
        ("days", ("20260301", "2026-03-01"), "20260301"),
        ("months", (None, "2026-03-01"), "None"),
        ("date", ("today",), "today"),
        ("perYear", ("P0D",), "longer than nothing"),
        ("perYear", ("-P1M",), "longer than nothing"),
        ("periods", ("2026-01-01", "2026-12-31", "P0D"), "longer than nothing"),
        ("periods", ("2026-01-01", "2026-12-31", "-P1M"), "longer than nothing"),
        ("periods", ("2026-01-01", "2026-12-31", "monthly"), "monthly"),
        ("sum", ("12",), "list of numbers"),
        ("sum", ([1, True],), "True"),
        ("decimal", ("12", 2), "'12'"),
        ("join", (["a", 1], ", "), "1"),
        ("join", ("ab", ", "), "list of strings"),
        ("inWords", ("monthly",), "monthly"),
        ("contractEnd", ("acme-lab", "2026-06-30"), "VendorContract"),
        ("contractEnd", ({"kind": "Agent", "spec": {}}, "2026-06-30"), "VendorContract"),
        ("contractEnd", ({"kind": "VendorContract", "spec": {}}, "today"), "today"),
        ("ref", (12, "UseCase"), "12"),
        ("referrers", ("claims", "Agent"), "resource"),
        ("resources", ("Agent", {}), "fields to look for"),
        ("resources", ("Agent", "spec.useCase"), "fields to look for"),
        ("resources", ("Agent", {1: "claims"}), "text such as"),
    ],
)
def test_a_wrong_argument_is_an_error_that_shows_it(
    function: str, arguments: tuple[object, ...], word: str
) -> None:
    with pytest.raises(EvalError, match=word):
        NOTHING[function](*arguments)


def test_days_is_signed() -> None:
    assert NOTHING["days"]("2026-01-01", "2026-12-31") == 364
    assert NOTHING["days"]("2026-12-31", "2026-01-01") == -364


@pytest.mark.parametrize(
    ("period", "times"), [("P1M", 12.0), ("P1Y", 1.0), ("P3M", 4.0), ("P365D", 1.0), ("P1W", 365 / 7)]
)
def test_per_year(period: str, times: float) -> None:
    assert NOTHING["perYear"](period) == pytest.approx(times, rel=1e-12)


def test_sum_adds_decimals_exactly() -> None:
    assert NOTHING["sum"]([0.1] * 10) == 1.0
    assert NOTHING["sum"]([]) == 0.0


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (1234567, 0, "1,234,567"),
        (3.0, 2, "3"),
        (2.345, 1, "2.3"),
        (0.5, 2, "0.5"),
        (100, 0, "100"),
        (-1500.5, 2, "-1,500.5"),
    ],
)
def test_decimal_is_for_people(value: float, places: int, text: str) -> None:
    assert NOTHING["decimal"](value, places) == text


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("P1M", "month"),
        ("P1Y", "year"),
        ("P3M", "3 months"),
        ("P90D", "90 days"),
        ("P1Y6M", "1 year and 6 months"),
        ("P0D", "0 days"),
    ],
)
def test_in_words(period: str, words: str) -> None:
    assert NOTHING["inWords"](period) == words


OPEN = {"startsOn": "2026-01-01"}
YEAR = {**OPEN, "endsOn": "2026-12-31"}


@pytest.mark.parametrize(
    ("spec", "day", "end"),
    [
        (YEAR, "2026-12-31", "2026-12-31"),
        (YEAR, "2027-01-01", "2026-12-31"),
        ({**YEAR, "term": "P3Y"}, "2026-06-30", "2026-12-31"),
        ({**OPEN, "signedOn": "2025-12-01", "term": "P1Y"}, "2028-01-01", "2026-12-31"),
        ({"signedOn": "2028-02-29", "term": "P1Y"}, "2026-06-30", "2029-02-27"),
        (OPEN, "2036-01-01", "9999-12-31"),
        ({"term": "P1Y"}, "2036-01-01", "9999-12-31"),
        ({**OPEN, "term": "P9999Y"}, "2036-01-01", "9999-12-31"),
        ({**OPEN, "endsOn": "9999-12-31", "renewal": {"automatic": True}}, "9999-12-31", "9999-12-31"),
    ],
)
def test_a_contract_ends_by_its_dates_or_by_its_term(spec: dict[str, object], day: str, end: str) -> None:
    assert contract_end(spec, day) == end


@pytest.mark.parametrize(
    ("renewal", "day", "end"),
    [
        ({"automatic": False}, "2027-01-01", "2026-12-31"),
        ({"automatic": True}, "2026-12-31", "2026-12-31"),
        ({"automatic": True}, "2027-01-01", "2027-12-31"),
        ({"automatic": True}, "2027-12-31", "2027-12-31"),
        ({"automatic": True}, "2028-01-01", "2028-12-30"),
        ({"automatic": True, "term": "P1Y"}, "2028-01-01", "2028-12-31"),
        ({"automatic": True, "term": "P1M"}, "2027-02-28", "2027-02-28"),
        ({"automatic": True, "term": "P1M"}, "2027-03-01", "2027-03-31"),
        ({"automatic": True, "term": "P1Y", "maxRenewals": 0}, "2027-01-01", "2026-12-31"),
        ({"automatic": True, "term": "P1Y", "maxRenewals": 2}, "2027-06-30", "2027-12-31"),
        ({"automatic": True, "term": "P1Y", "maxRenewals": 2}, "2031-06-30", "2028-12-31"),
        ({"automatic": True, "term": "P1D"}, "9999-12-31", "9999-12-31"),
        ({"automatic": True, "term": "P9999Y"}, "2027-01-01", "9999-12-31"),
    ],
)
def test_a_contract_ends_later_by_the_renewals_it_has_made(renewal: dict[str, object], day: str, end: str) -> None:
    assert contract_end({**YEAR, "renewal": renewal}, day) == end


def test_a_renewal_of_unknown_length_is_as_long_as_the_contract_or_a_year() -> None:
    renewal = {"renewal": {"automatic": True}}
    assert contract_end({**YEAR, **renewal, "term": "P3M"}, "2027-01-01") == "2027-03-31"
    assert contract_end({"endsOn": "2026-12-31", **renewal}, "2027-01-01") == "2027-12-31"
    backwards = {"startsOn": "2027-06-30", "endsOn": "2026-12-31", **renewal}
    assert contract_end(backwards, "2027-07-01") == "2027-12-31"


@pytest.mark.parametrize(("outcome", "end"), [("exit", "2026-12-31"), ("renew", "2027-12-31")])
def test_a_contract_that_was_decided_to_be_left_does_not_renew(outcome: str, end: str) -> None:
    spec = {**YEAR, "renewal": {"automatic": True}, "decision": {"outcome": outcome}}
    assert contract_end(spec, "2027-01-01") == end


def contract_end(spec: dict[str, object], day: str) -> object:
    return NOTHING["contractEnd"]({"kind": "VendorContract", "spec": spec}, day)


def test_join() -> None:
    assert NOTHING["join"](["a", "b", "c"], ", ") == "a, b, c"
    assert NOTHING["join"]([], ", ") == ""


def test_ref_to_nothing_is_unresolved() -> None:
    with pytest.raises(UnresolvedReferenceError, match="UseCase named 'claims'"):
        NOTHING["ref"]("claims", "UseCase")


def test_every_function_has_an_arity() -> None:
    assert NOTHING.keys() == {function.name for function in knowledge.functions()}


GRANTS = """
{apiVersion: rollout/v1, kind: DataSource, metadata: {name: db},
 spec: {system: s, classification: public, governance: governed}}
---
{apiVersion: rollout/v1, kind: AccessGrant, metadata: {name: a}, spec: {principal: {group: all}, dataSource: db,
 permission: read, scope: {tables: [t, u]}}}
---
{apiVersion: rollout/v1, kind: AccessGrant, metadata: {name: b},
 spec: {principal: {person: d@a.example}, dataSource: db, permission: write, scope: {tables: [u]}}}
---
{apiVersion: rollout/v1, kind: AccessGrant, metadata: {name: c}, spec: {principal: {group: all}, dataSource: db,
 permission: write}}
"""


def grants(more: str = "") -> Rollout:
    return load("grants", ".", [read(SourceFile("all.yaml", GRANTS + more))]).rollout


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"spec.principal.group": "all"}, "ac"),
        ({"spec.principal.group": "none"}, ""),
        ({"spec.principal.group": "all", "spec.permission": "write"}, "c"),
        ({"spec.permission": "write", "spec.scope.tables[*]": "u"}, "b"),
        ({"spec.scope.tables[*]": "t"}, "a"),
        ({"spec.scope.tables[*]": "u"}, "ab"),
        ({"spec.scope.tables": ["t", "u"]}, "a"),
        ({"spec.principal": {"group": "all"}}, "ac"),
        ({"spec.principal": {"group": "all", "more": 1}}, ""),
        ({"spec.permission[*]": "write"}, ""),
        ({"spec.permission": None}, ""),
        ({"metadata.name": "b"}, "b"),
    ],
)
def test_manifests_are_found_by_their_fields(fields: dict[str, object], names: str) -> None:
    rollout = grants()
    known, source = functions(rollout), rollout.get("DataSource", "db")
    assert source is not None
    for found in (
        known["resources"]("AccessGrant", fields),
        known["referrers"](source.data, "AccessGrant", fields),
    ):
        assert [each["metadata"]["name"] for each in found] == list(names)  # type: ignore[attr-defined]


def test_values_are_the_same_where_cel_says_so() -> None:
    more = """---
{apiVersion: rollout/v1, kind: FteOwner, metadata: {name: one},
 spec: {person: a@a.example, employment: internal, allocationPercent: 1}}
"""
    known = functions(grants(more))
    found = [
        known["resources"]("FteOwner", {"spec.allocationPercent": value})
        for value in (1, 1.0, True, "1", float("nan"))
    ]
    assert [len(each) for each in found] == [1, 1, 0, 0, 0]  # type: ignore[arg-type]


def test_a_list_with_a_broken_manifest_gives_no_verdict_however_it_is_asked_for() -> None:
    known = functions(
        grants("---\n{apiVersion: rollout/v1, kind: AccessGrant, metadata: {name: d}, spec: {permission: x}}\n")
    )
    for arguments in (("AccessGrant",), ("AccessGrant", {"metadata.name": "a"})):
        for _ in range(2):
            with pytest.raises(UnresolvedReferenceError, match="AccessGrant/d"):
                known["resources"](*arguments)


def test_what_many_have_is_one_list_and_an_index_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    index = matching._index
    monkeypatch.setattr(matching, "_index", lambda *arguments: made.append(1) or index(*arguments))  # type: ignore[func-returns-value]
    more = "".join(
        GRANTS.partition("---")[2].replace("{name: ", f"{{name: x{number}").join(("---", ""))
        for number in range(9)
    )
    ask = functions(grants(more))["resources"]
    first, other = (
        ask("AccessGrant", {"spec.principal.group": "all"}),
        ask("AccessGrant", {"spec.principal.group": "x"}),
    )
    assert (len(first), other) == (20, [])  # type: ignore[arg-type]
    assert ask("AccessGrant", {"spec.principal.group": "all"}) is first
    assert made == [1]
