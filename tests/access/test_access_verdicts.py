"""One agent and one source: every status, alone and with others, on both sides of each date and permission."""

from __future__ import annotations

from typing import Any

import pytest
from access_rollouts import agent, grant, judged, mapped, only, source, use_case

from penstock.access.pair import Principal, Status
from penstock.render.access import words

TOOL = {"lookup": {"claims-db": "read"}}


def access(*manifests: dict[str, Any], needs: dict[str, str] | None = None, **of_agent: Any):
    return only(mapped(source(), use_case(needs=needs), agent(**of_agent), *manifests))


def test_as_needed() -> None:
    found = access(grant("g"), needs={"claims-db": "read"}, tools=TOOL)
    assert judged(found) == (["as-needed"], [])
    assert (found.granted, found.wired, found.needed, found.reach) == ("read",) * 4


def test_not_needed_at_all_is_excess() -> None:
    assert judged(access(grant("g"), tools=TOOL)) == (
        ["excess"],
        ["grant `g` gives read, but use case `triage` does not need it"],
    )


@pytest.mark.parametrize(
    ("needed", "given", "statuses"),
    [
        ("read", "read", ["as-needed"]),
        ("read", "write", ["excess"]),
        ("read", "admin", ["excess"]),
        ("write", "read", ["missing"]),
        ("write", "write", ["as-needed"]),
        ("write", "admin", ["excess"]),
        ("admin", "write", ["missing"]),
        ("admin", "admin", ["as-needed"]),
    ],
)
def test_permissions_are_ordered(needed: str, given: str, statuses: list[str]) -> None:
    assert judged(access(grant("g", permission=given), needs={"claims-db": needed}))[0] == statuses


def test_the_messages_of_too_much_and_too_little() -> None:
    assert judged(access(grant("g", permission="admin"), needs={"claims-db": "write"}))[1] == [
        "grant `g` gives admin, but use case `triage` needs write at most"
    ]
    assert judged(access(grant("g"), needs={"claims-db": "write"}))[1] == [
        "use case `triage` needs write, but only read is granted"
    ]
    assert judged(access(needs={"claims-db": "write"})) == (
        ["missing"],
        ["use case `triage` needs write, but no grant in force gives it"],
    )


@pytest.mark.parametrize(
    ("first", "last", "statuses", "granted"),
    [
        ("2026-06-30", "2026-06-30", ["as-needed"], "read"),
        (None, None, ["as-needed"], "read"),
        (None, "2026-06-29", ["missing", "expired"], None),
        ("2026-07-01", None, ["missing", "not-yet-in-force"], None),
        ("2026-07-01", "2026-06-29", ["missing", "expired"], None),
    ],
)
def test_both_the_first_and_the_last_day_are_in_force(
    first: str | None, last: str | None, statuses: list[str], granted: str | None
) -> None:
    dates = {name: day for name, day in (("grantedOn", first), ("expiresOn", last)) if day}
    found = access(grant("g", **dates), needs={"claims-db": "read"})
    assert judged(found)[0] == statuses
    assert found.granted == granted


def test_lapsed_grants_say_when() -> None:
    gone = access(grant("g", expiresOn="2026-06-29"), needs={"claims-db": "read"})
    assert judged(gone)[1][1] == "grant `g` expired after 2026-06-29"
    to_come = access(grant("g", grantedOn="2026-07-01"), needs={"claims-db": "read"})
    assert judged(to_come)[1][1] == "grant `g` begins on 2026-07-01"


def test_a_lapsed_grant_beside_one_in_force_leaves_nothing_missing() -> None:
    found = access(grant("old", expiresOn="2026-01-31"), grant("new"), needs={"claims-db": "read"})
    assert judged(found) == (["expired"], ["grant `old` expired after 2026-01-31"])


def test_a_lapsed_grant_that_is_not_needed_is_still_excess() -> None:
    """As the rules say: what is written down is to be removed."""
    assert judged(access(grant("g", expiresOn="2026-01-31")))[0] == ["excess", "expired"]


@pytest.mark.parametrize("needed", [{"claims-db": "write"}, {}])
@pytest.mark.parametrize("dates", [{}, {"expiresOn": "2026-06-30"}])
def test_what_a_retired_use_case_leaves_to_its_agent_is_excess(
    needed: dict[str, str], dates: dict[str, str]
) -> None:
    found = only(mapped(source(), use_case(needs=needed, stage="retired"), agent(), grant("g", **dates)))
    assert judged(found) == (["excess"], ["grant `g` gives read, but use case `triage` is retired"])
    assert found.remarks[0].place.location.path_text == "spec.principal"


def test_of_a_retired_use_case_what_has_not_begun_is_excess_too_and_what_has_expired_is_not() -> None:
    retired = use_case(stage="retired")
    to_come = only(mapped(source(), retired, agent(), grant("g", grantedOn="2026-07-01")))
    assert judged(to_come)[0] == ["excess", "not-yet-in-force"]
    gone = only(mapped(source(), retired, agent(), grant("g", expiresOn="2026-06-29")))
    assert judged(gone)[0] == ["expired"]


def test_of_a_retired_use_case_what_is_borrowed_is_not_left_over() -> None:
    lender = {"group": "handlers"}
    borrowing = agent(actsAs=lender)
    found = only(mapped(source(), use_case(stage="retired"), borrowing, grant("g", lender, permission="write")))
    assert judged(found)[0] == ["borrowed"]


@pytest.mark.parametrize("field", ["tools", "servers"])
@pytest.mark.parametrize(
    ("given", "wired", "covered", "text"),
    [
        (None, "read", False, "can read it, but no grant in force covers it"),
        ("read", "read", True, ""),
        ("read", "write", False, "can write to it, but only read is granted"),
        ("write", "admin", False, "can administer it, but only write is granted"),
        ("admin", "read", True, ""),
    ],
)
def test_a_way_must_be_covered(given: str | None, wired: str, covered: bool, text: str, field: str) -> None:
    grants = [grant("g", permission=given)] if given else []
    found = access(*grants, needs={"claims-db": given or "read"}, **{field: {"x": {"claims-db": wired}}})
    statuses, messages = judged(found)
    assert ("uncovered" in statuses) is not covered
    if not covered:
        assert messages[0] == f"{'tool' if field == 'tools' else 'MCP server'} `x` {text}"
        assert found.reach == wired
        assert found.remarks[0].place.location.path_text.endswith("[x].dataSources[claims-db].permission")


def test_each_uncovered_way_is_told() -> None:
    found = access(tools={"a": {"claims-db": "read"}, "b": {"claims-db": "write"}}, servers=TOOL)
    assert judged(found) == (
        ["uncovered"],
        [
            "tool `a` can read it, but no grant in force covers it",
            "tool `b` can write to it, but no grant in force covers it",
            "MCP server `lookup` can read it, but no grant in force covers it",
        ],
    )


def test_granted_and_reached_by_nothing_is_unused() -> None:
    found = mapped(
        source(),
        source("letters"),
        use_case(needs={"claims-db": "read", "letters": "read"}),
        agent(tools={"x": {"letters": "read"}}),
        grant("g"),
        grant("h", dataSource="letters"),
    )
    by_name = {each.source: judged(each) for each in found.agents[0].accesses}
    assert by_name == {
        "claims-db": (["unused"], ["none of the agent's tools and MCP servers reaches it"]),
        "letters": (["as-needed"], []),
    }


@pytest.mark.parametrize("of_agent", [{}, {"tools": {"calculator": {}}}])
def test_an_agent_that_declares_nothing_behind_its_tools_leaves_nothing_unused(of_agent: dict[str, Any]) -> None:
    assert judged(access(grant("g"), needs={"claims-db": "read"}, **of_agent))[0] == ["as-needed"]


@pytest.mark.parametrize("lender", [{"group": "handlers"}, {"person": "lee@acme.example"}])
def test_borrowed_access_counts_and_is_told(lender: dict[str, str]) -> None:
    found = access(grant("g", lender), needs={"claims-db": "read"}, actsAs=lender)
    ((kind, name),) = lender.items()
    assert judged(found) == (["borrowed"], [f"grant `g` is to {kind} `{name}`, not to the agent itself"])
    assert found.granted == "read"
    assert [found.borrows(one) for one in found.grants] == [True]


def test_somebody_elses_grants_are_not_borrowed_without_acts_as() -> None:
    found = access(grant("g", {"group": "handlers"}), needs={"claims-db": "read"}, actsAs={"group": "others"})
    assert judged(found)[0] == ["missing"]
    assert found.grants == ()


def test_what_is_borrowed_beyond_need_is_excess_while_it_is_in_force() -> None:
    lender = {"group": "handlers"}
    assert judged(access(grant("g", lender, permission="write"), needs={"claims-db": "read"}, actsAs=lender)) == (
        ["excess", "borrowed"],
        [
            "grant `g` gives write, but use case `triage` needs read at most",
            "grant `g` is to group `handlers`, not to the agent itself",
        ],
    )
    gone = access(grant("g", lender, expiresOn="2026-01-01"), actsAs=lender)
    assert judged(gone)[0] == ["expired"]


def test_a_grant_to_everybody_opens_a_source_and_is_nobodys_own() -> None:
    found = access(grant("g", {"group": "*"}), needs={"claims-db": "read"}, tools=TOOL)
    assert judged(found) == (
        ["uncovered", "missing", "borrowed"],
        [
            "tool `lookup` can read it, but no grant in force covers it",
            "use case `triage` needs read, but no grant in force gives it",
            "grant `g` is to everybody, not to the agent itself",
        ],
    )
    assert found.granted == "read"


@pytest.mark.parametrize(
    ("classification", "permission", "statuses"),
    [
        ("public", "read", ["borrowed"]),
        ("public", "write", ["excess", "borrowed"]),
        ("internal", "read", ["excess", "borrowed"]),
    ],
)
def test_public_data_that_everybody_may_read_is_no_excess(
    classification: str, permission: str, statuses: list[str]
) -> None:
    everybody = grant("g", {"group": "*"}, permission=permission)
    found = mapped(source(classification=classification), use_case(), agent(), everybody)
    assert judged(only(found))[0] == statuses


def test_a_grant_to_everybody_out_of_force_concerns_no_agent() -> None:
    found = mapped(source(), use_case(), agent(), grant("g", {"group": "*"}, expiresOn="2026-01-01"))
    assert found.agents[0].accesses == ()
    (everybody,) = found.holders
    assert everybody.principal.is_everybody
    assert [each.statuses for each in everybody.accesses] == [(Status.EXPIRED,)]


def test_acting_as_everybody_borrows_once() -> None:
    everybody = {"group": "*"}
    found = access(grant("g", everybody), needs={"claims-db": "read"}, actsAs=everybody)
    assert len(found.grants) == 1
    assert judged(found)[0] == ["borrowed"]


@pytest.mark.parametrize("case", [(), (use_case(stage="soon"),)])
def test_without_a_usable_use_case_nothing_is_too_much_or_too_little(case: tuple[dict[str, Any], ...]) -> None:
    found = mapped(source(), *case, agent(), grant("g"))
    assert judged(only(found)) == (["granted"], [])
    assert found.agents[0].stage is None


def test_people_are_granted_and_nothing_says_what_they_need() -> None:
    found = mapped(source(), grant("g", {"person": "lee@acme.example"}), grant("h", {"group": "handlers"}))
    assert [(one.principal, [access.statuses for access in one.accesses]) for one in found.holders] == [
        (Principal("group", "handlers"), [(Status.GRANTED,)]),
        (Principal("person", "lee@acme.example"), [(Status.GRANTED,)]),
    ]


@pytest.mark.parametrize(
    ("own", "notes"),
    [
        ((), []),
        (("g",), ["use case triage is retired, and agent triager still has 1 grant in force"]),
        (("g", "h"), ["use case triage is retired, and agent triager still has 2 grants in force"]),
    ],
)
def test_a_retired_agent_is_told_of_its_own_grants_alone(own: tuple[str, ...], notes: list[str]) -> None:
    found = mapped(
        source(),
        use_case(stage="retired"),
        agent(actsAs={"group": "handlers"}),
        grant("open", {"group": "*"}),
        grant("lent", {"group": "handlers"}),
        grant("gone", expiresOn="2026-01-01"),
        *(grant(name) for name in own),
    )
    assert list(words.notes(found)) == notes
