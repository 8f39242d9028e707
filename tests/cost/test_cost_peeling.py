"""What peeling saves, and which tasks it is about."""

from __future__ import annotations

from fractions import Fraction

import pytest
import yaml
from cost_rollouts import CLAIMS, ORGANIZATION, TIERS, acme, projected

from penstock.bundle import folder
from penstock.cost.model import Thresholds


def test_the_saving_is_the_difference_at_the_task_s_own_tokens() -> None:
    found = projected(acme()).savings
    # sort, 365/12 runs a month: 0.06 dollars now; 0.0058 on small; 0.0232 euros, which are 0.029 dollars, on mid.
    runs = Fraction(365, 12)
    assert [(each.line.name, each.tier.name, each.per_month and each.per_month.value) for each in found] == [
        ("claims/sort", "small", runs * Fraction("0.0542")),
        ("claims/sort", "mid", runs * Fraction("0.031")),
    ]
    assert [(each.best, each.asked_by_rule, each.keeps_review) for each in found] == [
        (True, True, True),
        (False, True, True),
    ]
    assert found[0].per_year is not None
    assert found[0].per_year.value == 365 * Fraction("0.0542")


def test_tiers_that_cannot_be_compared_come_last() -> None:
    found = projected(acme(organization=ORGANIZATION.replace("EUR", "CHF"))).savings
    assert [(each.tier.name, each.per_month is None, each.best) for each in found] == [
        ("small", False, True),
        ("mid", True, False),
    ]


@pytest.mark.parametrize(
    ("replaced", "by", "eligible"),
    [
        ("reliability: 0.95", "reliability: 0.949", False),
        ("reliability: 0.95", "reliability: 1", True),
        ("      reliability: 0.95\n", "", False),
        ("repeatable: true\n      reliability: 0.95", "repeatable: false\n      reliability: 0.95", False),
        ("complexity: low\n      saturated: true", "complexity: high\n      saturated: true", True),
        ("complexity: low\n      saturated: true", "complexity: high\n      saturated: false", True),
        ("complexity: low\n      saturated: true", "complexity: high", True),
        ("complexity: low\n      saturated: true", "complexity: medium\n      saturated: false", True),
    ],
)
def test_which_tasks_are_eligible(replaced: str, by: str, eligible: bool) -> None:
    assert CLAIMS.count(replaced) == 1
    found = projected(acme(claims=CLAIMS.replace(replaced, by))).savings
    assert {each.line.task for each in found} == ({"sort"} if eligible else set())


def test_a_cheaper_tier_is_cheaper_at_the_task_s_own_tokens_whatever_its_name() -> None:
    dear = TIERS.replace("inputPrice: 0.5, outputPrice: 2", "inputPrice: 6.5, outputPrice: 2")
    # 10,000 tokens in and 400 out: the dearer input outweighs the cheaper output.
    assert [each.tier.name for each in projected(acme(tiers=dear)).savings] == ["mid"]


def test_a_tier_that_costs_the_same_saves_nothing() -> None:
    same = TIERS.replace("inputPrice: 0.5, outputPrice: 2", "inputPrice: 5, outputPrice: 25")
    assert [each.tier.name for each in projected(acme(tiers=same)).savings] == ["mid"]


def test_a_task_that_is_peeled_already_may_be_peeled_again_but_no_rule_asks_for_it() -> None:
    claims = CLAIMS.replace("output: 400}\n      modelTier: frontier", "output: 400}\n      modelTier: mid")
    assert claims != CLAIMS
    found = projected(acme(claims=claims)).savings
    # 0.0232 euros on mid, and 0.0058 dollars, which are 0.00464 euros, on small.
    (saving,) = found
    assert (saving.tier.name, saving.asked_by_rule, saving.best) == ("small", False, True)
    assert saving.per_year is not None
    assert saving.per_year.value == 365 * Fraction("0.01856")


def test_the_thresholds_are_the_defaults_of_the_rules() -> None:
    def default(rule: str, parameter: str) -> Fraction:
        (file,) = (folder("policies") / "levie").rglob(f"{rule}.yaml")
        spec = yaml.safe_load(file.read_text("utf-8"))["spec"]
        return Fraction(str(spec["params"][parameter]["default"]))

    assert Thresholds() == Thresholds(
        default("repeatable-task-not-peeled", "minReliability"),
        default("it-budgets-near-revenue-cap", "warnPercent"),
        default("it-budgets-near-revenue-cap", "failPercent"),
    )
