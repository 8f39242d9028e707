"""The map and the rules of step 3 say the same of the same manifests: on the examples and on random rollouts.

The rules look at what is written down, the map at what is in force on a day. So where a rule finds something, the
map shows it; where the map shows more, a grant is not in force, or a manifest is broken and the rule gives no
verdict.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from access_rollouts import AS_OF, agent, grant, loaded, source, use_case
from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.access import AccessMap, access_map
from penstock.access.pair import Force, Status
from penstock.cel import engine
from penstock.manifest.rollout import Rollout
from penstock.policy import Evaluator, Policy, load_pack
from penstock.workspace.opened import open_rollout

EXAMPLES = Path(__file__).parents[2] / "examples"
ROLLOUTS = sorted(path.parent for path in EXAMPLES.rglob("penstock.yaml"))
LACKS, BEYOND, EXCEEDS, LAPSED, UNCHECKED, REACHES, BORROWS, LEFT = (
    "LV301",
    "LV302",
    "LV303",
    "LV306",
    "LV308",
    "LV309",
    "LV310",
    "LV311",
)


@functools.cache
def policies() -> dict[str, Policy]:
    return {policy.rule.id: policy for policy in load_pack("levie", Path(), engine()).policies}


def found_by(rollout: Rollout, rule: str, as_of: str) -> set[str]:
    """The ids of the resources that a rule finds something about."""
    check = Evaluator(rollout, as_of)
    check.apply(policies()[rule])
    return {finding.location.resource or "" for finding in check.outcome.findings if finding.rule == rule}


def at_stages(found: AccessMap, stages: Iterable[str]) -> set[str]:
    return {agent.name for agent in found.agents if agent.stage in stages}


def agents(found: AccessMap, status: Status) -> set[str]:
    return {f"Agent/{access.principal.name}" for access in of_agents(found) if status in access.statuses}


def of_agents(found: AccessMap) -> list[Any]:
    return [access for agent in found.agents for access in agent.accesses]


def own_grants(found: AccessMap, status: Status) -> set[str]:
    """The grants to agents themselves that a remark of this status is about."""
    return {
        f"AccessGrant/{remark.grant}"
        for access in of_agents(found)
        for remark in access.remarks
        if remark.status is status
        and any(grant.name == remark.grant and not access.borrows(grant) for grant in access.grants)
    }


def compare(rollout: Rollout, as_of: str) -> None:
    found = access_map(rollout, as_of)
    live = {f"Agent/{name}" for name in at_stages(found, ("pilot", "production"))}

    whole = not found.left_out and not any(edge.dangling for edge in rollout.edges)
    excess = {grant for rule in (BEYOND, EXCEEDS, LEFT) for grant in found_by(rollout, rule, as_of)}
    assert excess <= own_grants(found, Status.EXCESS)
    assert excess == own_grants(found, Status.EXCESS) or not whole
    assert found_by(rollout, LACKS, as_of) <= agents(found, Status.MISSING) & live
    assert found_by(rollout, REACHES, as_of) <= agents(found, Status.UNCOVERED) & live

    in_force = all(grant.force is Force.IN_FORCE for access in of_agents(found) for grant in access.grants)
    if whole and in_force:
        assert found_by(rollout, REACHES, as_of) == agents(found, Status.UNCOVERED) & live
    borrowing = {f"Agent/{agent.name}" for agent in found.agents if agent.acts_as and agent.stage != "retired"}
    assert found_by(rollout, BORROWS, as_of) == borrowing

    unchecked = {f"Agent/{agent.name}" for agent in found.agents if agent.blast.writes and agent.blast.unchecked}
    assert unchecked & live <= found_by(rollout, UNCHECKED, as_of)

    lapsed = {
        f"AccessGrant/{grant.name}"
        for one in (*found.agents, *found.holders)
        if getattr(one, "stage", None) != "retired"
        for access in one.accesses
        for grant in access.grants
        if not access.borrows(grant) and (grant.force is Force.EXPIRED or grant.review_is_due)
    }
    assert found_by(rollout, LAPSED, as_of) == lapsed


@pytest.mark.parametrize("folder", ROLLOUTS, ids=lambda path: path.relative_to(EXAMPLES).as_posix())
def test_on_the_examples(folder: Path) -> None:
    compare(open_rollout(folder).rollout, "2026-11-20")


def test_there_are_examples_with_something_to_find() -> None:
    maps = [access_map(open_rollout(folder).rollout, "2026-11-20") for folder in ROLLOUTS]
    seen = {status for found in maps for access in found.accesses for status in access.statuses}
    assert {Status.EXCESS, Status.MISSING, Status.UNCOVERED, Status.AS_NEEDED} <= seen


SOURCES = ("a", "b")
MAY = st.dictionaries(st.sampled_from(SOURCES), st.sampled_from(["read", "write", "admin"]))
DAY = st.sampled_from([None, None, "2026-06-29", "2026-06-30", "2026-07-01"])
WHEN = st.sampled_from(["before-action", "before-delivery", "after-run", "sampled", None])


@st.composite
def rollouts(draw: st.DrawFn) -> Rollout:
    tasks = [{"name": "sort"}, {"name": "pay", **draw(st.sampled_from([{}, {"humanFinalReview": REVIEW}]))}]
    checkpoints = [
        {"name": f"c{number}", **({"when": when} if when else {}), **({"tasks": over} if over else {})}
        for number, (when, over) in enumerate(draw(st.lists(st.tuples(WHEN, TASKS), max_size=2)))
    ]
    made = [source(name) for name in SOURCES]
    made.append(
        use_case(
            needs=draw(MAY),
            stage=draw(st.sampled_from(["assess", "prepare", "pilot", "production", "retired"])),
            tasks=tasks,
            checkpoints=checkpoints,
        )
    )
    made.append(agent(tools={"t": draw(MAY)}, servers={"s": draw(MAY)}, **draw(st.sampled_from(BORROWED))))
    made += [_grant(draw, number) for number in range(draw(st.integers(0, 4)))]
    return loaded(*made).rollout


def _grant(draw: st.DrawFn, number: int) -> dict[str, Any]:
    return grant(
        f"g{number}",
        draw(st.sampled_from([{"agent": "triager"}, {"agent": "triager"}, {"group": "handlers"}])),
        dataSource=draw(st.sampled_from(SOURCES)),
        permission=draw(st.sampled_from(["read", "write", "admin"])),
        **{name: day for name in ("grantedOn", "expiresOn", "reviewOn") if (day := draw(DAY))},
    )


REVIEW = {"reviewer": "lee@acme.example"}
TASKS = st.sampled_from([[], ["sort"], ["pay"], ["sort", "pay"]])
BORROWED = [{}, {}, {"actsAs": {"group": "handlers"}}]


@settings(max_examples=60)
@given(rollouts())
def test_on_random_rollouts(rollout: Rollout) -> None:
    compare(rollout, AS_OF)


@settings(max_examples=40)
@given(MAY, MAY)
def test_with_own_grants_in_force_the_rules_and_the_map_agree_exactly(
    needs: dict[str, str], given_: dict[str, str]
) -> None:
    grants = [grant(f"g-{name}", dataSource=name, permission=permission) for name, permission in given_.items()]
    rollout = loaded(*(source(name) for name in SOURCES), use_case(needs=needs), agent(), *grants).rollout
    found = access_map(rollout, AS_OF)
    ungranted = {
        f"Agent/{access.principal.name}"
        for access in of_agents(found)
        if Status.MISSING in access.statuses and not access.grants
    }
    assert ungranted <= found_by(rollout, LACKS, AS_OF) <= agents(found, Status.MISSING)
    needless = {f"AccessGrant/g-{name}" for name in given_ if name not in needs}
    assert found_by(rollout, BEYOND, AS_OF) == needless
