"""What holds for every rollout: sums agree to the last digit, and what-ifs do what they say."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from cost_rollouts import projected
from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.cost import Projection, project
from penstock.cost.comparing import compare
from penstock.cost.fields import Fields
from penstock.cost.figures import constant
from penstock.cost.grouping import blocks, month_blocks
from penstock.cost.rates import convert, rates_of
from penstock.manifest.load import load
from penstock.manifest.rollout import Rollout
from penstock.source import SourceFile, read

AS_OF = date(2026, 11, 20)
CURRENCIES = ("USD", "EUR", "GBP")
TIERS = ("best", "mid", "small")
UNITS = ("claims", "legal", "it")

money = st.decimals(min_value=0, max_value=10_000, places=4).map(lambda value: float(value))
periods = st.sampled_from(["P1D", "P1W", "P2W", "P1M", "P90D", "P3M", "P1Y", "P1Y6M"])
days = st.integers(-400, 400).map(lambda count: (AS_OF + timedelta(days=count)).isoformat())


@st.composite
def tasks(draw: st.DrawFn, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "team": draw(st.sampled_from(UNITS)),
        "repeatable": draw(st.booleans()),
        "reliability": draw(st.sampled_from([0.5, 0.95, 1])),
        "volume": {
            "runs": draw(st.integers(0, 10**6)),
            "per": draw(periods),
            "queriesPerRun": draw(st.integers(1, 50)),
        },
        "tokens": {"input": draw(st.integers(0, 10**7)), "output": draw(st.integers(0, 10**6))},
        "modelTier": draw(st.sampled_from(TIERS)),
    }


@st.composite
def rollouts(draw: st.DrawFn, running: bool = False) -> Rollout:
    """A rollout in which every task has a cost; with ``running``, each use case runs now."""
    manifests: list[dict[str, Any]] = []
    units = [{"name": unit} for unit in UNITS]
    rates = [{"currency": "EUR", "rate": draw(st.sampled_from([1.1, 0.9]))}, {"currency": "GBP", "rate": 1.3}]
    revenue = {"amount": 10**9, "currency": "USD"}
    manifests.append(manifest("Organization", "acme", industry="x", segment="startup", businessUnits=units,
                              annualRevenue=revenue, exchangeRates=rates))  # fmt: skip
    for tier in TIERS:
        model = {"name": f"{tier}-1", "inputPrice": draw(money), "outputPrice": draw(money)}
        kind = {"best": "frontier"}.get(tier, tier)
        manifests.append(manifest("ModelTier", tier, tier=kind, currency=draw(st.sampled_from(CURRENCIES)),
                                  models=[model], primary=f"{tier}-1"))  # fmt: skip
    for number in range(draw(st.integers(1, 3))):
        stage = "production" if running else draw(st.sampled_from(["assess", "prepare", "pilot", "production"]))
        gone_live = {"goLiveOn": "2026-01-01"} if running else {"goLiveOn": draw(days)}
        listed = [draw(tasks(f"t{each}")) for each in range(draw(st.integers(1, 3)))]
        manifests.append(manifest("UseCase", f"u{number}", workflow=f"w{number % 2}", businessUnit="claims",
                                  domain="coding", stage=stage, tasks=listed, **gone_live))  # fmt: skip
        if draw(st.booleans()):
            owner = {
                "budget": draw(st.sampled_from(["it", "line-of-business"])),
                "costCenter": draw(st.sampled_from("AB")),
            }
            manifests.append(manifest("TokenBudget", f"b{number}", useCase=f"u{number}", owner=owner,
                                      currency=draw(st.sampled_from(CURRENCIES)), budgetDuration=draw(periods),
                                      maxBudget=draw(money), maxPerRun=draw(money),
                                      migration={"by": draw(days)}))  # fmt: skip
    text = "\n---\n".join(json.dumps(each) for each in manifests)
    made = load("acme", ".", [read(SourceFile("acme.yaml", text))]).rollout
    assert all(resource.valid for resource in made.resources)
    return made


def manifest(kind: str, name: str, **spec: Any) -> dict[str, Any]:
    return {"apiVersion": "rollout/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}


def by_currency(projection: Projection) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for line in projection.lines:
        found[line.currency] = found.get(line.currency, Fraction(0)) + line.per_year.value
    return found


@given(rollouts())
@settings(max_examples=60)
def test_every_way_of_grouping_has_the_same_sum(made: Rollout) -> None:
    projection = projected(made)
    assert projection.complete
    expected = by_currency(projection)
    for by in ("use-case", "team", "task", "workflow", "cost-owner", "tier"):
        for block in blocks(projection, by):
            assert sum(row.per_year.value for row in block.rows) == expected[block.currency]
            assert sum(row.per_month.value for row in block.rows) * 12 == expected[block.currency]
            assert block.running[1].value + block.planned[1].value == block.per_year.value


@given(rollouts(running=True))
@settings(max_examples=40)
def test_twelve_months_of_what_runs_are_a_year(made: Rollout) -> None:
    projection = projected(made, months=12)
    expected = by_currency(projection)
    for block in month_blocks(projection):
        assert block.cost.value == expected[block.currency]
        assert sum(paid.value for paid in block.paid) == block.cost.value
        for row in block.rows:
            assert sum(paid.value for paid in row.paid) == row.cost.value


@given(rollouts())
@settings(max_examples=40)
def test_no_month_costs_more_than_a_whole_one(made: Rollout) -> None:
    projection = projected(made, months=6)
    for line in projection.lines:
        for month in {each.month for each in projection.months}:
            own = [each for each in projection.months if each.line is line and each.month == month]
            assert sum(each.cost.value for each in own) <= line.per_month.value
            assert all(each.starts_on < each.ends_on for each in own)
            assert all(first.ends_on == second.starts_on for first, second in pairwise(own))


@given(rollouts())
@settings(max_examples=40)
def test_twice_the_volume_costs_twice_as_much(made: Rollout) -> None:
    doubled = projected(made, *(f"{name}.volume=x2" for name in made.names("UseCase")))
    once = by_currency(projected(made))
    assert by_currency(doubled) == {currency: 2 * cost for currency, cost in once.items()}


@given(rollouts(), st.sampled_from(["month", "use-case", "tier"]))
@settings(max_examples=40)
def test_a_what_if_to_what_is_there_changes_nothing(made: Rollout, by: str) -> None:
    texts = [f"{tier}={tier}" for tier in TIERS] + [f"{tier}=+0%" for tier in TIERS]
    texts += [f"{tier}.primary={tier}-1" for tier in TIERS] + ["u0.volume=x1", "EUR=x1"]
    before, after = projected(made), projected(made, *texts)
    compared = compare(before, after, by, tuple(texts))
    assert {row.difference[0].value for row in (*compared.rows, *compared.totals)} <= {0}
    assert compared.crossings == ()
    assert [check.verdict for check in before.checks] == [check.verdict for check in after.checks]


@given(rollouts(), st.fractions(), st.sampled_from(CURRENCIES), st.sampled_from(CURRENCIES))
@settings(max_examples=60)
def test_converting_there_and_back_gives_the_same(
    made: Rollout, value: Fraction, source: str, target: str
) -> None:
    rates = rates_of(Fields(made))
    there = convert(rates, constant("x", value, source), source, target)
    assert there is not None
    back = convert(rates, there, target, source)
    assert back is not None
    assert back.value == value


@given(rollouts())
@settings(max_examples=40)
def test_savings_are_those_of_the_what_if(made: Rollout) -> None:
    projection = projected(made)
    for saving in projection.savings:
        assert saving.per_year is not None
        assert saving.per_year.value > 0
        moved = projected(made, f"{saving.line.name}.modelTier={saving.tier.name}")
        (line,) = (line for line in moved.lines if line.name == saving.line.name)
        after = convert(moved.rates, line.per_year, line.currency, saving.line.currency)
        assert after is not None
        assert saving.line.per_year.value - after.value == saving.per_year.value


@given(rollouts())
@settings(max_examples=30)
def test_use_cases_alone_are_as_among_the_others(made: Rollout) -> None:
    whole = projected(made)
    for name in made.names("UseCase"):
        alone = project(made, AS_OF, use_cases=(name,))
        assert [line.per_year for line in alone.lines] == [
            line.per_year for line in whole.lines if line.case.name == name
        ]
        assert [(check.key, check.verdict) for check in alone.checks] == [
            (check.key, check.verdict) for check in whole.checks if check.budget.case.name == name
        ]
