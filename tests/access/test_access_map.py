"""The whole map: the blast radius of agents and their order, sources and copies, lenders, what is left out."""

from __future__ import annotations

from typing import Any

import pytest
from access_rollouts import AS_OF, agent, grant, loaded, manifest, mapped, source, use_case
from hypothesis import given
from hypothesis import strategies as st

from penstock.access import access_map
from penstock.access.model import AccessMap, Checkpoint, Copy, Task
from penstock.access.pair import Access, Permission
from penstock.access.stated import _scope


def blast(*manifests: dict[str, Any]):
    (one,) = mapped(*manifests).agents
    return one.blast


def test_reach_is_the_higher_of_granted_and_wired() -> None:
    found = blast(
        source("a", "restricted"),
        source("b", "restricted"),
        source("c", "public"),
        use_case(needs={"d": "read"}),
        agent(servers={"x": {"a": "write", "b": "read", "unheard-of": "read"}}),
        grant("g", dataSource="b", permission="admin"),
        grant("h", dataSource="c", expiresOn="2026-01-01"),
    )
    assert found.reached == (("restricted", 2), ("unknown", 1))
    assert found.changed == (("restricted", 2),)
    assert found.writes == ("a", "b")
    assert found.reach_count == 3


def test_an_agent_without_anything() -> None:
    found = blast(use_case(), agent())
    assert (found.reached, found.changed, found.writes, found.copies, found.tasks) == ((), (), (), (), ())
    assert (found.customer_facing, found.autonomy, found.kill_switch, found.operators) == (None, None, None, ())
    assert (found.guards_in, found.guards_out, found.unchecked) == (0, 0, ())


def test_what_holds_an_agent_back() -> None:
    found = blast(
        use_case(
            tasks=[
                {"name": "sort"},
                {"name": "pay", "humanFinalReview": {"reviewer": "lee@acme.example"}},
                {"name": "file"},
                {"name": "close"},
                {"name": "of-another-agent"},
            ],
            checkpoints=[
                {"name": "approval", "tasks": ["sort"], "when": "before-action", "reviewer": "kim@acme.example"},
                {"name": "sample", "tasks": ["sort", "file"], "when": "sampled"},
                {"name": "some-time", "tasks": ["close"]},
            ],
        ),
        agent(
            tasks=["sort", "pay", "file", "close"],
            autonomy="autonomous",
            customerFacing=True,
            guardrails={"input": ["a", "b"], "output": ["c"]},
            stopgap={"killSwitch": "Flag off", "operators": ["kim@acme.example"]},
        ),
    )
    sample = Checkpoint("sample", "sampled", None)
    assert found.tasks == (
        Task("sort", (Checkpoint("approval", "before-action", "kim@acme.example"), sample), None),
        Task("pay", (), "lee@acme.example"),
        Task("file", (sample,), None),
        Task("close", (Checkpoint("some-time", None, None),), None),
    )
    assert found.unchecked == ("file", "close")
    assert (found.guards_in, found.guards_out) == (2, 1)
    assert (found.kill_switch, found.operators) == ("Flag off", ("kim@acme.example",))
    assert (found.autonomy, found.customer_facing) == ("autonomous", True)


def test_a_checkpoint_without_tasks_covers_all_and_an_agent_without_tasks_does_all() -> None:
    found = blast(
        use_case(tasks=[{"name": "sort"}, {"name": "pay"}], checkpoints=[{"name": "x", "when": "after-run"}]),
        agent(),
    )
    assert [(task.name, [one.name for one in task.checkpoints]) for task in found.tasks] == [
        ("sort", ["x"]),
        ("pay", ["x"]),
    ]
    assert found.unchecked == ()


@pytest.mark.parametrize("says", ["a", "b", "both"])
def test_the_same_data_twice_within_reach(says: str) -> None:
    twin = {"a": {"redundantWith": ["b"]}, "b": {"redundantWith": ["a"]}}
    one, two = (twin[name] if says in (name, "both") else {} for name in ("a", "b"))
    made = (source("a", **one, systemOfRecord="b"), source("b", **two), use_case())
    found = mapped(*made, agent(tools={"x": {"a": "read", "b": "read"}}))
    assert found.agents[0].blast.copies == (Copy("a", "b", True, "b"),)
    assert [one.copies for one in found.sources] == [("b",), ("a",)]
    out_of_reach = mapped(*made, agent(tools={"x": {"a": "read"}}))
    assert out_of_reach.agents[0].blast.copies == (Copy("a", "b", False, "b"),)
    record = mapped(*made, agent(tools={"x": {"b": "read"}}))
    assert record.agents[0].blast.copies == ()


def test_agents_are_ordered_by_reach() -> None:
    classes = ("restricted", "confidential", "internal", "public")
    sources = [source(f"{name}-{number}", name) for name in classes for number in (1, 2)]
    agents = [
        agent("i-nothing"),
        agent("h-suggests", {"x": {"public-1": "read"}}, autonomy="suggest"),
        agent("g-not-stated", {"x": {"public-1": "read"}}),
        agent("f-acts", {"x": {"public-1": "read"}}, autonomy="act-with-approval"),
        agent("e-alone", {"x": {"public-1": "read"}}, autonomy="autonomous"),
        agent("d-reads-restricted", {"x": {"restricted-1": "read"}}),
        agent("c-writes-internal", {"x": {"internal-1": "write"}}),
        agent("b-writes-restricted", {"x": {"restricted-1": "write"}}),
        agent("a-writes-two", {"x": {"restricted-1": "admin", "restricted-2": "write"}}),
    ]
    found = mapped(use_case(), *sources, *agents)
    assert [one.name for one in found.agents] == sorted(one["metadata"]["name"] for one in agents)


def test_groups_and_people_and_whom_they_lend_to() -> None:
    found = mapped(
        source(),
        use_case(),
        agent("b", actsAs={"group": "handlers"}),
        agent("a", actsAs={"group": "handlers"}),
        agent("c", actsAs={"person": "lee@acme.example"}),
        grant("g", {"group": "handlers"}),
        grant("lost", {"agent": "nobody"}),
    )
    assert [
        (one.principal.kind, one.principal.name, len(one.accesses), one.lends_to) for one in found.holders
    ] == [
        ("agent", "nobody", 1, ()),
        ("group", "handlers", 1, ("a", "b")),
        ("person", "lee@acme.example", 0, ("c",)),
    ]


def test_sources_are_those_that_anybody_speaks_of() -> None:
    found = mapped(
        source("described", "restricted", owner="o@acme.example"),
        use_case(needs={"needed": "read"}),
        agent(tools={"x": {"wired": "read"}}),
        grant("g", dataSource="granted"),
    )
    assert [(one.name, one.classification, one.owner) for one in found.sources] == [
        ("described", "restricted", "o@acme.example"),
        ("granted", "unknown", None),
        ("needed", "unknown", None),
        ("wired", "unknown", None),
    ]
    needed = found.sources[2]
    assert [(need.use_case, need.permission) for need in needed.needed_by] == [("triage", "read")]
    assert needed.place is None


def test_a_star_in_a_scope_is_no_limit() -> None:
    limited = _scope({"tables": ["a"], "paths": ["*"], "columns": ["b", "*"], "rows": "x = 1"})
    assert (limited.tables, limited.paths, limited.columns, limited.rows) == (("a",), (), (), "x = 1")
    assert not limited.is_unlimited
    assert _scope({"tables": ["*"], "rows": "*"}).is_unlimited
    assert _scope({}).is_unlimited


def test_a_review_is_due_after_its_day() -> None:
    found = mapped(source(), use_case(), agent(), grant("g", reviewOn=AS_OF), grant("h", reviewOn="2026-06-29"))
    assert [one.review_is_due for one in found.agents[0].accesses[0].grants] == [False, True]


def test_manifests_that_break_their_schema_are_left_out_and_named() -> None:
    found = mapped(
        source(),
        use_case(),
        agent(),
        grant("g", permission="look"),
        grant("twice"),
        grant("twice", dataSource="other"),
        manifest("FteOwner", "dana", {}),
    )
    assert found.left_out == ("AccessGrant/g in all.yaml", "AccessGrant/twice in all.yaml")
    assert [one.name for one in found.agents[0].accesses[0].grants] == ["twice"]


def test_an_empty_rollout() -> None:
    found = mapped()
    assert (found.agents, found.holders, found.sources, found.accesses) == ((), (), (), ())


def test_use_cases_without_an_agent() -> None:
    found = mapped(use_case("a"), use_case("triage"), agent())
    assert (found.use_cases, found.idle_use_cases) == (("a", "triage"), ("a",))


PERMISSIONS = ("read", "write", "admin")
SOURCES = ("a", "b")
DATES = st.one_of(st.none(), st.sampled_from(["2026-06-29", "2026-06-30", "2026-07-01"]))


@st.composite
def rollouts(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Small rollouts: what one agent is granted, wired to and needs, alone and through a group."""
    wired = st.dictionaries(st.sampled_from(SOURCES), st.sampled_from(PERMISSIONS))
    made = [
        source("a", "restricted"),
        source("b", "public"),
        use_case(needs=draw(wired), stage=draw(st.sampled_from(["prepare", "pilot", "production"]))),
        agent(
            tools={"tool": draw(wired)},
            servers={"server": draw(wired)},
            **draw(st.sampled_from([{}, {"actsAs": {"group": "handlers"}}])),
        ),
    ]
    principals = st.sampled_from([{"agent": "triager"}, {"group": "handlers"}, {"group": "*"}])
    for number in range(draw(st.integers(0, 4))):
        dates = {"grantedOn": draw(DATES), "expiresOn": draw(DATES)}
        made.append(
            grant(
                f"g{number}",
                draw(principals),
                dataSource=draw(st.sampled_from(SOURCES)),
                permission=draw(st.sampled_from(PERMISSIONS)),
                **{name: day for name, day in dates.items() if day},
            )
        )
    return made


def facts(access: Access) -> tuple[object, ...]:
    return access.principal, access.source, access.granted, access.wired, access.needed, access.statuses


@given(rollouts(), st.randoms(use_true_random=False))
def test_the_order_of_manifests_changes_nothing(made: list[dict[str, Any]], random: Any) -> None:
    shuffled = list(made)
    random.shuffle(shuffled)
    assert sorted(map(str, map(facts, mapped(*made).accesses))) == sorted(
        map(str, map(facts, mapped(*shuffled).accesses))
    )


@given(rollouts())
def test_what_holds_for_every_access(made: list[dict[str, Any]]) -> None:
    found = mapped(*made)
    (one,) = found.agents
    assert one.blast.reach_count == sum(access.reach is not None for access in one.accesses)
    assert list(one.blast.writes) == [each.source for each in one.accesses if each.reach and each.reach.changes]
    for access in found.accesses:
        assert access.statuses == tuple(sorted(set(access.statuses), key=lambda status: status.rank))
        calm = access.status.value in ("as-needed", "granted")
        assert calm is (not access.remarks)
        assert {remark.status for remark in access.remarks} == (set() if calm else set(access.statuses))
        if access.status.value == "as-needed":
            assert access.needed is not None
            assert access.granted == access.needed


@given(rollouts(), st.sampled_from(PERMISSIONS))
def test_one_more_grant_never_narrows_the_reach(made: list[dict[str, Any]], permission: str) -> None:
    def reach(found: AccessMap) -> dict[str, int]:
        ranks = {access.source: access.reach.rank if access.reach else 0 for access in found.agents[0].accesses}
        return {name: ranks.get(name, 0) for name in SOURCES}

    before = reach(mapped(*made))
    after = reach(mapped(*made, grant("more", dataSource="a", permission=permission)))
    assert after == {**before, "a": max(before["a"], Permission(permission).rank)}


def test_the_map_of_a_rollout_on_another_day() -> None:
    rollout = loaded(source(), use_case(needs={"claims-db": "read"}), agent(), grant("g", expiresOn=AS_OF)).rollout
    days = ("2026-06-30", "2026-07-01")
    assert [access_map(rollout, day).agents[0].accesses[0].status.value for day in days] == [
        "as-needed",
        "missing",
    ]
