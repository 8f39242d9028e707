"""Every rule of the built-in pack stays linear, also where one manifest is referred to by all others.

What is counted are the lines that run in rules and in the functions they call. From 16 manifests a kind to 32
there must come about twice as many as from 8 to 16.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from penstock.cel import engine
from penstock.manifest.load import load
from penstock.manifest.pairing import pair
from penstock.manifest.rollout import Rollout
from penstock.policy import Evaluator, Pack, load_pack
from penstock.policy.examples import complete
from penstock.policy.verdict import checks
from penstock.source import SourceFile, read

FEW = 8
BENT = 0.02
"""The share of the work by which it may be more than linear: names are compared, and lists kept from a size on."""


@cache
def pack() -> Pack:
    return load_pack("levie", Path(), engine())


def manifests(count: int, only_one: frozenset[str], acts_as: bool) -> dict[str, dict[str, Any]]:
    """So many of each kind, each referring to those of its own number; of some kinds only one, for all."""
    made: dict[str, dict[str, Any]] = {"acme": {"kind": "Organization", "metadata": {"name": "acme"}}}

    def add(kind: str, number: int, spec: dict[str, Any]) -> None:
        made.setdefault(name(kind, number), {"kind": kind, "metadata": {"name": name(kind, number)}, "spec": spec})

    def name(kind: str, number: int) -> str:
        return f"{kind.lower()}-{0 if kind in only_one else number}"

    for number in range(count):
        source, case, agent = name("DataSource", number), name("UseCase", number), name("Agent", number)
        tier, fte = name("ModelTier", number), name("FteOwner", number)
        group = f"group-{number}"
        reached = [{"name": source, "permission": "read"}]
        add("DataSource", number, {"systemOfRecord": None, "metrics": None})
        task = {"name": "assess-claim", "modelTier": tier, "software": name("VendorContract", number)}
        add("UseCase", number, {"dataSources": reached, "tasks": [task]})
        add(
            "Agent",
            number,
            {
                "useCase": case,
                "fteOwner": fte,
                "modelAccess": {"tiers": [tier], "models": [f"model-{number}"] if acts_as else None},
                "tools": [{"name": "look-up", "dataSources": reached}],
                "mcpServers": None,
                "revalidations": [
                    {"validatedOn": "2026-04-24", "model": "m", "tier": tier, "by": "dana@acme.example"}
                ],
                "actsAs": {"group": group} if acts_as else None,
            },
        )
        principal = {"agent": None, "group": group} if acts_as else {"agent": agent}
        add("AccessGrant", number, {"principal": principal, "dataSource": source, "permission": "write"})
        add("TokenBudget", number, {"useCase": case, "owner": {"budget": "it"}})
        person = "dana@acme.example" if "person" in only_one else f"p{number}@acme.example"
        add("FteOwner", number, {"person": person, "successor": None})
        models = [{"name": "m", "contract": name("VendorContract", number)}]
        add("ModelTier", number, {"models": models, "primary": "m", "substitutes": None})
        add("VendorContract", number, {})
        add("HeadcountForecast", number, {"useCases": None})
    return made


def rollout(made: dict[str, dict[str, Any]]) -> Rollout:
    text = "\n---\n".join(json.dumps(complete(manifest, pack().base)) for manifest in made.values())
    loaded = load("many", "all.yaml", [read(SourceFile("all.yaml", text))]).rollout
    assert all(resource.valid for resource in loaded.resources)
    return loaded


def lines(run: Callable[[], object]) -> int:
    """How many lines run in rules and the functions they call."""
    counted = 0
    before = sys.gettrace()

    def within(_frame: FrameType, _event: str, _argument: object) -> Any:
        nonlocal counted
        counted += 1
        return within

    def entered(frame: FrameType, event: str, argument: object) -> Any:
        file = frame.f_code.co_filename
        return within(frame, event, argument) if file.startswith("<") or "/penstock/policy/" in file else None

    sys.settrace(entered)
    try:
        run()
    finally:
        sys.settrace(before)
    return counted


def work(count: int, only_one: frozenset[str], acts_as: bool) -> dict[str, int]:
    """What each rule costs, by its id; beside it what its check costs."""
    made = manifests(count, only_one, acts_as)
    # Before, a quarter of them was not there.
    # LV1302 compares each new grant with all that its principal had on the source before: there, nothing is new.
    added = set() if {"Agent", "DataSource"} <= only_one else {str(number) for number in range(3, count, 4)}
    then = {name: each for name, each in made.items() if name.partition("-")[2] not in added}
    now, known = rollout(made), checks(pack().policies)
    base = pair(rollout(then), now)
    found = {}
    for policy in pack().policies:
        evaluator = Evaluator(now, "2026-11-20", base if policy.is_change_rule else None)
        found[policy.rule.id] = lines(lambda: evaluator.apply(policy))  # noqa: B023 - called at once
        check = known.get(policy.rule.id)
        if check is not None:
            evaluator = Evaluator(now, "2026-11-20")
            constants = {"params": dict(policy.values), **evaluator.base}
            subjects = [subject.data for subject in evaluator.subjects(policy)]
            found[f"{policy.rule.id} check"] = lines(
                lambda: [check(data, constants, evaluator.functions) for data in subjects]  # noqa: B023
            )
    return found


@pytest.mark.parametrize(
    ("only_one", "acts_as"),
    [
        ((), False),
        ((), True),
        (("DataSource",), True),
        (("UseCase",), False),
        (("FteOwner",), False),
        (("person",), False),
        (("ModelTier",), False),
        (("VendorContract",), False),
        (("Agent", "UseCase", "FteOwner", "DataSource"), False),
    ],
)
def test_every_rule_is_linear(only_one: tuple[str, ...], acts_as: bool) -> None:
    work(FEW, frozenset(only_one), acts_as)  # what is made once is made now
    few, some, many = (work(count, frozenset(only_one), acts_as) for count in (FEW, 2 * FEW, 4 * FEW))
    bent = {rule: many[rule] - some[rule] - 2 * (some[rule] - few[rule]) for rule in many}
    assert {rule: (more, many[rule]) for rule, more in bent.items() if more > BENT * many[rule]} == {}
