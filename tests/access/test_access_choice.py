"""Words of a command line: what each means on a map, and what is left of the map."""

from __future__ import annotations

import pytest
from access_rollouts import agent, grant, mapped, source, use_case

from penstock.access import AccessMap, choose, narrowed
from penstock.access.pair import Status
from penstock.errors import UsageError


def acme() -> AccessMap:
    return mapped(
        source("claims-db"),
        source("letters"),
        source("triage"),
        use_case("triage", needs={"claims-db": "read"}),
        use_case("payout", needs={"letters": "read"}),
        use_case("idle"),
        agent("triager", tools={"x": {"claims-db": "read"}}),
        agent("payer", useCase="payout", actsAs={"group": "handlers"}),
        grant("g1"),
        grant("g2", dataSource="letters"),
        grant("g3", {"group": "handlers"}, dataSource="letters"),
        grant("g4", {"person": "lee@acme.example"}),
        grant("broken", permission="look"),
    )


def pairs(*words: str, only: tuple[Status, ...] = ()) -> list[str]:
    found = acme()
    kept = narrowed(found, choose(found, words, only))
    return [f"{access.principal.name} {access.source}" for access in kept.accesses]


EVERYTHING = [
    "triager claims-db",
    "triager letters",
    "payer letters",
    "handlers letters",
    "lee@acme.example claims-db",
]


def test_nothing_said_is_everything() -> None:
    assert pairs() == EVERYTHING


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (["Agent/triager"], ["triager claims-db", "triager letters"]),
        (["triager"], ["triager claims-db", "triager letters"]),
        (["agent/triager"], ["triager claims-db", "triager letters"]),
        (["UseCase/payout"], ["payer letters"]),
        (["payout"], ["payer letters"]),
        (["DataSource/letters"], ["triager letters", "payer letters", "handlers letters"]),
        (["lee@acme.example"], ["lee@acme.example claims-db"]),
        (["person/lee@acme.example"], ["lee@acme.example claims-db"]),
        (["group/handlers"], ["handlers letters"]),
        (["triager", "handlers"], ["triager claims-db", "triager letters", "handlers letters"]),
        (["triager", "letters"], ["triager letters"]),
        (["letters", "claims-db"], EVERYTHING),
        (["lee@acme.example", "letters"], []),
        (["idle"], []),
    ],
)
def test_what_words_mean(words: list[str], kept: list[str]) -> None:
    assert pairs(*words) == kept


def test_statuses() -> None:
    assert pairs(only=(Status.EXCESS,)) == ["triager letters"]
    assert pairs("payer", only=(Status.BORROWED, Status.EXCESS)) == ["payer letters"]
    assert pairs("payer", only=(Status.EXCESS,)) == []
    assert pairs(only=tuple(Status)) == EVERYTHING


def test_what_is_left_of_the_map() -> None:
    found = acme()
    kept = narrowed(found, choose(found, ["triager"]))
    assert ([one.name for one in kept.agents], kept.holders) == (["triager"], ())
    assert [one.name for one in kept.sources] == ["claims-db", "letters"]
    assert kept.agents[0].blast == next(one.blast for one in found.agents if one.name == "triager")
    assert kept.left_out == found.left_out
    nobody = narrowed(found, choose(found, ["DataSource/triage"]))
    assert [one.name for one in nobody.sources] == ["triage"]
    assert (nobody.agents, nobody.holders) == ((), ())


def test_idle_use_cases_are_told_when_they_are_named() -> None:
    found = acme()
    assert found.idle_use_cases == ("idle",)
    assert narrowed(found, choose(found, ["UseCase/idle"])).idle_use_cases == ("idle",)
    assert narrowed(found, choose(found, ["triager"])).idle_use_cases == ()


def test_an_agent_without_access_stays_when_it_is_named() -> None:
    found = mapped(use_case(), agent())
    assert [one.name for one in narrowed(found, choose(found, ["triager"])).agents] == ["triager"]
    assert narrowed(found, choose(found, [], [Status.EXCESS])).agents == ()


@pytest.mark.parametrize(
    ("word", "message", "hint"),
    [
        ("trigger", "nothing in this rollout is called `trigger`", "did you mean `triager`?"),
        ("Agent/trigger", "nothing in this rollout is called `Agent/trigger`", "did you mean `Agent/triager`?"),
        (
            "triage",
            "`triage` may be several things in this rollout",
            "say which: `DataSource/triage` or `UseCase/triage`",
        ),
        (
            "AccessGrant/broken",
            "nothing in this rollout is called `AccessGrant/broken`",
            "AccessGrant/broken in all.yaml cannot be used: `penstock check` says what is wrong with it",
        ),
        (
            "zzz",
            "nothing in this rollout is called `zzz`",
            "there is `Agent/triager`, `Agent/payer`, `DataSource/claims-db`, `DataSource/letters`,"
            " `DataSource/triage`, `UseCase/idle`, `UseCase/payout` and `UseCase/triage`, and more",
        ),
    ],
)
def test_words_that_mean_nothing_or_too_much(word: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        choose(acme(), [word])
    assert (raised.value.message, raised.value.hint) == (message, hint)


def test_an_empty_rollout_has_nothing_to_name() -> None:
    with pytest.raises(UsageError) as raised:
        choose(mapped(), ["x"])
    assert raised.value.hint == "the rollout has no agent, data source or grant"
