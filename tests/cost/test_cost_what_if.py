"""What-ifs: what each form changes, what it leaves, and what it says to one that cannot be."""

from __future__ import annotations

from fractions import Fraction

import pytest
from cost_rollouts import BUDGET, CLAIMS, TIERS, acme, projected, rollout

from penstock.cost.comparing import compare
from penstock.cost.whatif import overlay_of
from penstock.errors import UsageError

# assess and sort, a month, on: best-1 0.0975 and 0.06; little-1 0.009 and 0.0058; best-2 0.078 and 0.048.
ASSESS, SORT = 3000, Fraction(365, 12)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["frontier=small"], ASSESS * Fraction("0.009") + SORT * Fraction("0.0058")),
        (["claims/sort.modelTier=small"], Fraction("292.5") + SORT * Fraction("0.0058")),
        (["frontier=-50%"], Fraction("294.325") / 2),
        (["frontier=x3"], Fraction("294.325") * 3),
        (["frontier=+12.5%"], Fraction("294.325") * Fraction("1.125")),
        (["frontier=x0"], Fraction(0)),
        (["frontier.inputPrice=4"], ASSESS * Fraction("0.0855") + SORT * Fraction("0.05")),
        (["frontier.outputPrice=+20%"], ASSESS * Fraction("0.105") + SORT * Fraction("0.062")),
        (["frontier.primary=best-2"], ASSESS * Fraction("0.078") + SORT * Fraction("0.048")),
        (["frontier.primary=best-2", "frontier=x2"], ASSESS * Fraction("0.156") + SORT * Fraction("0.096")),
        (["claims.volume=x2"], Fraction("588.65")),
        (["claims.volume=+50%", "claims.volume=-50%"], Fraction("294.325") * Fraction("0.75")),
        (["claims/assess.volume=6000"], Fraction("585") + Fraction("1.825")),
        (["claims/assess.tokens.input=0"], ASSESS * Fraction("0.0375") + Fraction("1.825")),
        (["claims/assess.tokens.output=x0"], ASSESS * Fraction("0.06") + Fraction("1.825")),
        ([" frontier = small "], ASSESS * Fraction("0.009") + SORT * Fraction("0.0058")),
        (["frontier=small", "small=frontier"], Fraction("294.325")),
    ],
)
def test_what_changes(texts: list[str], expected: Fraction) -> None:
    after = projected(acme(), *texts)
    assert sum(line.per_month.value for line in after.lines) == expected


def test_an_exchange_rate_changes() -> None:
    made = acme(budget=BUDGET.replace("currency: USD", "currency: EUR"))
    (check,) = (check for check in projected(made, "EUR=2").checks if check.kind == "per-period")
    assert check.projected is not None
    assert check.projected.value == Fraction("294.325") / 2


def test_a_price_that_is_missing_can_be_given() -> None:
    made = acme(tiers=TIERS.replace("best-1, inputPrice: 5, outputPrice: 25", "best-1, inputPrice: 5"))
    assert projected(made).lines == ()
    assert sum(line.per_month.value for line in projected(made, "frontier.outputPrice=25").lines) == Fraction(
        "294.325"
    )


def test_rows_totals_and_crossings() -> None:
    made = acme()
    before, after = projected(made), projected(made, "frontier=mid")
    compared = compare(before, after, "tier", ("frontier=mid",))
    rows = {(row.currency, row.key): [row.before[0].value, row.after[0].value] for row in compared.rows}
    # Another currency: nothing is added to dollars. assess is 0.036 euros a run on middle-1, sort 0.0232.
    euros = ASSESS * Fraction("0.036") + SORT * Fraction("0.0232")
    assert rows == {("USD", "frontier"): [Fraction("294.325"), 0], ("EUR", "mid"): [0, euros]}
    assert {row.currency: row.difference[0].value for row in compared.totals} == {
        "USD": -Fraction("294.325"),
        "EUR": euros,
    }
    assert [(each.after.kind, each.after.subject, each.after.verdict) for each in compared.crossings] == [
        ("per-query", "assess", "within"),
        ("soft", "", "within"),
        ("allocation", "assessing", "within"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("frontier", '--what-if takes WHAT=VALUE, not "frontier"'),
        ("=mid", '--what-if takes WHAT=VALUE, not "=mid"'),
        ("frontir=mid", "`frontir=mid`: there is no use case or tier `frontir`; did you mean `frontier`?"),
        ("frontier=midd", "`frontier=midd`: there is no tier `midd`; did you mean `mid`?"),
        ("frontier.inputprice=4", "no property of a tier that a what-if can change `inputprice`; did you mean"),
        ("frontier.inputPrice=cheap", '"cheap" is no change: give a number, +20%, -20% or x2'),
        ("frontier=-120%", "less than nothing is left after it"),
        ("frontier=4", "which price? give `frontier.inputPrice=4` or `frontier.outputPrice=4`"),
        ("frontier.primary=best-3", "there is no model of tier `frontier` `best-3`; did you mean `best-"),
        ("claims.volume=500", "its tasks have volumes of their own"),
        ("claims.modelTier=mid", "there is no property of a use case that a what-if can change `modelTier`"),
        ("claims/asess.volume=x2", "there is no task of use case `claims` `asess`; did you mean `assess`?"),
        ("claim/assess.volume=x2", "there is no use case `claim`; did you mean `claims`?"),
        ("claims/assess.modelTier=smal", "there is no tier `smal`; did you mean `small`?"),
        ("claims/assess.speed=x2", "there is no property of a task that a what-if can change `speed`"),
        ("claims/assess=small", "there is no property of a task that a what-if can change ``"),
        ("CHF=1.1", "the Organization states no exchange rate for CHF"),
        ("claims/assess.volume=1e400", '"1e400" is no change'),
        ("claims.volume=x" + "9" * 40, "its tasks have volumes of their own"),
    ],
)
def test_what_cannot_be(text: str, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        overlay_of(acme(), [text])
    assert message in str(raised.value)


def test_a_task_without_a_volume_is_left_as_it_is() -> None:
    made = acme(claims=CLAIMS.replace("volume: {runs: 7, per: P1W}", "interface: headless"))
    after = projected(made, "claims.volume=x2")
    assert [(line.task, line.per_month.value) for line in after.lines] == [("assess", 585)]
    assert [gap.task for gap in after.gaps] == ["sort"]


def test_what_no_manifest_could_hold_is_refused() -> None:
    with pytest.raises(UsageError, match="too large to project with"):
        overlay_of(acme(), ["frontier=x999999999"] * 40)


def test_a_tier_that_cannot_be_used_is_no_target() -> None:
    made = rollout(TIERS.replace("tier: mid", "tier: middle"))
    with pytest.raises(UsageError, match="ModelTier `mid` cannot be used"):
        overlay_of(made, ["frontier=mid"])


@pytest.mark.parametrize("text", ["EUR=0", "EUR=-100%", "EUR=x0"])
def test_an_exchange_rate_of_nothing_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="an exchange rate is above 0"):
        overlay_of(acme(), [text])
