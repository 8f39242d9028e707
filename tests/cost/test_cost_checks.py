"""Limits, owners, months, revenue and gaps: each figure is worked out beside it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from cost_rollouts import BUDGET, CLAIMS, ORGANIZATION, TIERS, acme, projected

from penstock.cost import Projection
from penstock.cost.grouping import blocks, month_blocks
from penstock.cost.model import Owner
from penstock.errors import UsageError


def verdicts(projection: Projection) -> dict[tuple[str, str], tuple[Fraction | None, str]]:
    return {
        (check.kind, check.subject): (check.projected and check.projected.value, check.verdict)
        for check in projection.checks
    }


def test_every_limit_is_checked() -> None:
    # 3,000 runs and 365/12 runs a month at 0.10 each: 303.0416...
    assert verdicts(projected(acme())) == {
        ("per-query", "assess"): (Fraction("0.024375"), "over"),
        ("per-run", "assess"): (Fraction("0.0975"), "within"),
        ("per-query", "sort"): (None, "unknown"),
        ("per-run", "sort"): (Fraction("0.06"), "within"),
        ("per-period", ""): (Fraction("294.325"), "within"),
        ("soft", ""): (Fraction("294.325"), "over"),
        ("worst-case", ""): (300 + Fraction(365, 120), "over"),
        ("forecast", ""): (Fraction("294.325"), "within"),
        ("allocation", "assessing"): (Fraction("292.5"), "over"),
        ("allocation", "rest"): (Fraction("1.825"), "within"),
    }


def test_a_limit_that_is_met_exactly_holds() -> None:
    found = verdicts(projected(acme(budget=BUDGET.replace("maxBudget: 300", "maxBudget: 294.325"))))
    assert found["per-period", ""] == (Fraction("294.325"), "within")


def test_a_limit_of_zero_is_exceeded_by_anything() -> None:
    (check, *_) = projected(acme(budget=BUDGET.replace("maxPerQuery: 0.02", "maxPerQuery: 0"))).checks
    assert (check.kind, check.verdict, check.share) == ("per-query", "over", None)


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        ("P1Y", Fraction("3531.9")),
        ("P1W", Fraction("3531.9") * 7 / 365),
        ("P90D", Fraction("3531.9") * 90 / 365),
        ("P1Y6M", Fraction("3531.9") * 3 / 2),
    ],
)
def test_a_budget_s_period_is_any_part_of_a_year(duration: str, expected: Fraction) -> None:
    found = verdicts(projected(acme(budget=BUDGET.replace("P1M", duration))))
    assert found["per-period", ""][0] == expected


def test_budgets_in_another_currency_are_compared_at_the_exchange_rate() -> None:
    found = verdicts(projected(acme(budget=BUDGET.replace("currency: USD", "currency: EUR"))))
    assert found["per-period", ""][0] == Fraction("294.325") / Fraction("1.25")


def test_a_currency_without_a_rate_is_not_compared() -> None:
    projection = projected(acme(budget=BUDGET.replace("currency: USD", "currency: CHF")))
    check = next(check for check in projection.checks if check.kind == "per-period")
    assert (check.projected, check.verdict) == (None, "unknown")
    assert check.reason == "USD and CHF cannot be compared: add CHF to spec.exchangeRates of the Organization"


@pytest.mark.parametrize(
    ("text", "replaced", "by", "path", "message"),
    [
        ("claims", "volume: {runs: 7, per: P1W}", "interface: headless", "volume", "its volume is not stated"),
        ("claims", "{input: 10000, output: 400}", "{input: 10000}", "tokens.output", "its output tokens are not"),
        (
            "claims",
            "output: 400}\n      modelTier: frontier",
            "output: 400}",
            "modelTier",
            "it names no model tier",
        ),
    ],
)
def test_what_is_not_stated_is_a_gap_and_not_zero(
    text: str, replaced: str, by: str, path: str, message: str
) -> None:
    assert CLAIMS.count(replaced) == 1
    projection = projected(acme(**{text: CLAIMS.replace(replaced, by)}))
    (gap,) = projection.gaps
    assert (gap.name, gap.resource.location(gap.path).path_text) == ("claims/sort", f"spec.tasks[sort].{path}")
    assert gap.message.startswith(message)
    assert not projection.complete
    found = verdicts(projection)
    # What is known stays within: that shows nothing. What is known exceeds: that is certain.
    assert found["per-period", ""] == (Fraction("292.5"), "unknown")
    assert found["soft", ""] == (Fraction("292.5"), "over")
    assert found["allocation", "assessing"] == (Fraction("292.5"), "over")
    assert found["allocation", "rest"] == (0, "unknown")


@pytest.mark.parametrize(
    ("replaced", "by", "message"),
    [
        ("best-1, inputPrice: 5, outputPrice: 25", "best-1, inputPrice: 5", "has no output price"),
        ("tier: frontier\n  currency: USD", "tier: frontier", "has no currency"),
    ],
)
def test_a_tier_without_a_price_is_a_gap_of_every_task_on_it(replaced: str, by: str, message: str) -> None:
    projection = projected(acme(tiers=TIERS.replace(replaced, by)))
    assert [gap.name for gap in projection.gaps] == ["claims/assess", "claims/sort"]
    assert all(message in gap.message and gap.resource.id == "ModelTier/frontier" for gap in projection.gaps)
    assert projection.lines == ()
    # What every run may cost at most is known without a price.
    known = [(check.kind, check.verdict) for check in projection.checks if check.verdict != "unknown"]
    assert known == [("worst-case", "over")]


def test_a_use_case_without_tasks_is_a_gap() -> None:
    projection = projected(acme(claims=CLAIMS.partition("  tasks:")[0], budget=ORGANIZATION.replace("acme", "b")))
    (gap,) = projection.gaps
    assert (gap.name, gap.message) == ("claims", "it has no tasks; list them with volume, tokens and modelTier")


def test_a_retired_use_case_costs_nothing_and_a_planned_one_is_planned() -> None:
    retired = projected(acme(claims=CLAIMS.replace("stage: production", "stage: retired")))
    assert (retired.lines, retired.checks, retired.retired) == ((), (), ("claims",))
    planned = projected(acme(claims=CLAIMS.replace("stage: production", "stage: prepare")))
    (block,) = blocks(planned, "use-case")
    assert (block.running[0].value, block.planned[0].value) == (0, Fraction("294.325"))


def test_the_calendar_moves_the_cost_to_the_line_of_business_after_the_migration_date() -> None:
    """IT pays up to 10 January: 10 of its 31 days."""
    (block,) = month_blocks(projected(acme(), months=4))
    monthly = Fraction("294.325")
    assert block.payers == ("it", "line-of-business")
    assert [(row.month, *(paid.value for paid in row.paid)) for row in block.rows] == [
        ("2026-11", monthly, 0),
        ("2026-12", monthly, 0),
        ("2027-01", monthly * 10 / 31, monthly * 21 / 31),
        ("2027-02", 0, monthly),
    ]
    owners = [each.owner for each in projected(acme(), months=4).months if each.month == "2027-02"]
    assert owners == [Owner("line-of-business", "CL-9")] * 2


def test_a_budget_that_should_have_moved_stays_with_it() -> None:
    projection = projected(acme(), as_of=date(2027, 1, 11), months=2)
    (block,) = month_blocks(projection)
    assert block.payers == ("it",)
    assert projection.notes == (
        "The budget claims-budget was to move from IT to the line of business by 2027-01-10; "
        "its manifest still says IT, so IT goes on paying in every month.",
    )


def test_on_its_last_day_it_still_pays() -> None:
    (block,) = month_blocks(projected(acme(), as_of=date(2027, 1, 10), months=1))
    monthly = Fraction("294.325")
    assert [paid.value for paid in block.paid] == [monthly * 10 / 31, monthly * 21 / 31]
    (owners,) = blocks(projected(acme(), as_of=date(2027, 1, 10)), "cost-owner")
    assert [row.key for row in owners.rows] == ["it IT-1"]
    assert projected(acme(), as_of=date(2027, 1, 10)).notes == ()


def test_a_budget_that_moves_at_the_end_of_a_month_divides_none() -> None:
    (block,) = month_blocks(projected(acme(budget=BUDGET.replace("2027-01-10", "2026-11-30")), months=2))
    monthly = Fraction("294.325")
    assert [[paid.value for paid in row.paid] for row in block.rows] == [[monthly, 0], [0, monthly]]


def test_the_newest_notice_to_an_audience_counts() -> None:
    notices = [
        ("cfo", "2026-03-01", 100),
        ("cfo", "2026-05-01", 200),
        ("cfo", "2026-04-01", 300),
        ("cmo", "2026-01-01", 400),
    ]
    text = "".join(f"    - {{audience: {a}, shownOn: {day}, amount: {amount}}}\n" for a, day, amount in notices)
    projection = projected(acme(budget=f"{BUDGET}  notices:\n{text}"))
    found = [
        (check.subject, check.limit.value, check.verdict) for check in projection.checks if check.kind == "notice"
    ]
    assert found == [("cfo", 200, "over"), ("cmo", 400, "within")]


@pytest.mark.parametrize(
    ("stage", "day", "shares"),
    [
        ("production", "2026-06-01", [1, 1, 1]),
        ("production", "2026-12-11", [0, Fraction(21, 31), 1]),
        ("prepare", "2026-12-11", [0, Fraction(21, 31), 1]),
        ("prepare", "2026-01-01", [1, 1, 1]),
        ("prepare", "2026-11-16", [Fraction(15, 30), 1, 1]),
        ("assess", "2027-02-01", [0, 0, 0]),
        ("assess", "2026-12-01", [0, 1, 1]),
        ("pilot", "2026-12-11", [1, 1, 1]),
    ],
)
def test_months_before_go_live_cost_nothing(stage: str, day: str, shares: list[Fraction]) -> None:
    claims = CLAIMS.replace("production", stage).replace("2026-06-01", day)
    projection = projected(acme(claims=claims, budget=BUDGET.replace("2027-01-10", "2030-01-01")), months=3)
    found = {each.month: Fraction(0) for each in projection.months}
    for each in projection.months:
        found[each.month] += each.cost.value
    assert [month for month, cost in found.items() if not cost] == []
    expected = [share * Fraction("294.325") for share in shares]
    assert [found.get(month, 0) for month in ("2026-11", "2026-12", "2027-01")] == expected


def test_a_pilot_costs_from_its_first_day() -> None:
    claims = CLAIMS.replace("production", "pilot") + "  pilot: {startedOn: 2026-12-17}\n"
    projection = projected(acme(claims=claims), months=2)
    assert {each.month for each in projection.months} == {"2026-12"}
    assert sum(each.cost.value for each in projection.months) == Fraction("294.325") * 15 / 31


def test_what_is_planned_without_a_date_is_in_no_month() -> None:
    claims = CLAIMS.replace("production", "prepare").replace("  goLiveOn: 2026-06-01\n", "")
    projection = projected(acme(claims=claims))
    assert projection.months == ()
    assert projection.notes == (
        "claims has no go-live date (spec.goLiveOn): no month of the calendar has its cost.",
    )


def test_the_calendar_ends_where_dates_end() -> None:
    budget = BUDGET.replace("2027-01-10", "9999-12-31")
    projection = projected(acme(budget=budget), as_of=date(9999, 11, 30))
    assert {each.month for each in projection.months} <= {"9999-11"}


def test_what_it_owns_beside_the_revenue() -> None:
    revenue = projected(acme()).revenue
    assert revenue is not None
    # 294.325 and 300 a month, of a million a year.
    assert revenue.projected_percent == Fraction("3531.9") / 10_000
    assert revenue.ceilings_percent == Fraction(3600) / 10_000
    line = projected(acme(budget=BUDGET.replace("budget: it", "budget: line-of-business"))).revenue
    assert line is not None
    assert (line.projected.value, line.ceilings.value) == (0, 0)


def test_a_ceiling_without_a_rate_is_left_out_and_said_so() -> None:
    revenue = projected(acme(budget=BUDGET.replace("currency: USD", "currency: CHF"))).revenue
    assert revenue is not None
    assert revenue.left_out == ("the ceiling of claims-budget is left out: no exchange rate for CHF",)


def test_use_cases_go_by_name_and_others_are_suggested() -> None:
    from cost_rollouts import AS_OF

    from penstock.cost import project

    assert project(acme(), AS_OF, use_cases=("claims",)).revenue is None
    with pytest.raises(UsageError, match=r"the rollout acme has no use case `clams`; did you mean `claims`\?"):
        project(acme(), AS_OF, use_cases=("clams",))


def test_a_use_case_without_a_budget_has_no_budget() -> None:
    text = BUDGET.replace("useCase: claims", "useCase: other")
    from cost_rollouts import rollout

    projection = projected(rollout(ORGANIZATION, TIERS, CLAIMS, text))
    (block,) = blocks(projection, "cost-owner")
    assert [row.key for row in block.rows] == ["no budget"]
    assert projection.checks == ()


def test_several_budgets_are_each_checked_and_the_first_pays() -> None:
    second = BUDGET.replace("claims-budget", "another").replace("budget: it", "budget: line-of-business")
    projection = projected(acme(second=second))
    assert {check.budget.resource.name for check in projection.checks} == {"claims-budget", "another"}
    (block,) = blocks(projection, "cost-owner")
    assert [(row.key, row.detail) for row in block.rows] == [("it IT-1", "cio@acme.example")]
    assert projection.notes[0].startswith("claims has several budgets (claims-budget, another)")
    assert projection.revenue is not None
    assert projection.revenue.projected.value == Fraction("3531.9")


def test_a_manifest_that_cannot_be_used_is_a_gap() -> None:
    from cost_rollouts import rollout

    made = rollout(ORGANIZATION, TIERS, CLAIMS.replace("runs: 7", "runs: seven"), BUDGET)
    projection = projected(made)
    (gap,) = projection.gaps
    assert gap.message == "UseCase/claims cannot be used; mend what `penstock check` finds there"
    broken = projected(rollout(ORGANIZATION, TIERS.replace("tier: frontier\n", "tier: top\n"), CLAIMS, BUDGET))
    assert {gap.message for gap in broken.gaps} == {
        "ModelTier/frontier cannot be used; mend what `penstock check` finds there"
    }


def test_allocations_of_the_same_task_count_together() -> None:
    budget = BUDGET.replace("- {name: rest, team: legal,", "- {name: more, task: assess,")
    shares = [check for check in projected(acme(budget=budget)).checks if check.kind == "allocation"]
    assert [(check.subject, check.limit.value) for check in shares] == [("assessing and more", 295)]


def test_an_allocation_without_a_task_is_for_the_team_s_other_tasks() -> None:
    listed = """\
    - {name: assessing, task: assess, amount: 1}
    - {name: claims, team: claims, amount: 1}
    - {name: legal, team: legal, amount: 1}
    - {name: it, team: it, amount: 1}
    - {name: others, amount: 1}
  forecast:"""
    start, end = BUDGET.index("    - {name: assessing"), BUDGET.index("  forecast:")
    budget = BUDGET[:start] + listed + BUDGET[end + len("  forecast:") :]
    found = verdicts(projected(acme(budget=budget)))
    assert {subject: cost for (kind, subject), (cost, _) in found.items() if kind == "allocation"} == {
        "assessing": Fraction("292.5"),
        "claims": 0,
        "legal": Fraction("1.825"),
        "it": 0,
        "others": Fraction("1.825"),
    }


def test_currencies_are_added_only_at_the_rates_of_the_organization() -> None:
    claims = CLAIMS.replace("output: 400}\n      modelTier: frontier", "output: 400}\n      modelTier: mid")
    # assess is 292.50 dollars; sort 0.0232 euros a run, 365/12 runs, at 1.25.
    expected = Fraction("292.5") + Fraction(365, 12) * Fraction("0.0232") * Fraction("1.25")
    more = ORGANIZATION.replace("[{currency: EUR", "[{currency: USD, rate: 7}, {currency: EUR")
    for organization in (ORGANIZATION, more):
        both = projected(acme(claims=claims, organization=organization)).converted
        assert both is not None
        assert (both.currency, both.per_month.value, both.left_out) == ("USD", expected, ())
        assert [(currency, rate.value, day) for currency, rate, day in both.rates] == [
            ("EUR", Fraction("1.25"), "2026-10-01")
        ]
    alone = projected(acme(claims=claims, organization=ORGANIZATION.replace("currency: EUR", "currency: CHF")))
    assert alone.converted is not None
    assert (alone.converted.per_month.value, alone.converted.left_out) == (Fraction("292.5"), ("EUR",))
    assert projected(acme()).converted is None
