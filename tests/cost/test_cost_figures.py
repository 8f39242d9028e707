"""Every figure is made of its parts, and every leaf is what stands at its place."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import reduce
from pathlib import Path

import pytest
from cost_rollouts import BUDGET, CLAIMS, TIERS, acme, projected, rollout

from penstock.cost import Figure, Projection, periods
from penstock.cost.explaining import explained
from penstock.cost.fields import as_written
from penstock.errors import UsageError
from penstock.manifest.paths import value_at
from penstock.workspace.opened import open_rollout

EXAMPLES = sorted(path.parent for path in (Path(__file__).parents[2] / "examples").glob("*/penstock.yaml"))


def calculated(figure: Figure) -> Fraction:
    """The value of a figure, from those of its leaves alone."""
    if not figure.parts and figure.how != "sum":
        return figure.value
    values = [calculated(part) for part in figure.parts]
    if figure.how == "sum":
        return sum(values, Fraction(0))
    if figure.how == "product":
        return reduce(lambda left, right: left * right, values, Fraction(1))
    left, right = values
    return left / right if figure.how == "quotient" else left - right


def leaves(figure: Figure) -> Iterator[Figure]:
    if not figure.parts:
        yield figure
    for part in figure.parts:
        yield from leaves(part)


def every_figure(projection: Projection) -> list[Figure]:
    """All that can be explained."""
    asked = ["", "limits", "revenue", "months", *(line.name for line in projection.lines)]
    asked += ["peeling"] if projection.savings else []
    asked += [line.tier.name for line in projection.lines]
    return [figure for what in asked for per in ("month", "year") for figure in explained(projection, what, per)]


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_every_figure_of_the_examples_is_made_of_fields(folder: Path) -> None:
    projection = projected(open_rollout(folder).rollout, months=6)
    check_figures(every_figure(projection))


def test_every_figure_of_a_what_if_is_made_of_fields() -> None:
    projection = projected(acme(), "frontier=small", "claims.volume=x2", "small.inputPrice=+10%", "EUR=1.3")
    figures = every_figure(projection)
    check_figures(figures)
    assert {leaf.written for figure in figures for leaf in leaves(figure) if leaf.how == "given"} >= {
        "claims.volume=x2",
        "small.inputPrice=+10%",
    }


def check_figures(figures: list[Figure]) -> None:
    assert len(figures) > 20
    for figure in figures:
        assert calculated(figure) == figure.value, figure.name
        for leaf in leaves(figure):
            if leaf.how == "field":
                check_leaf(leaf)


def check_leaf(leaf: Figure) -> None:
    assert leaf.resource is not None
    value = value_at(leaf.resource.data, leaf.path)
    if leaf.written:
        assert (value, leaf.value) == (leaf.written, periods.years(leaf.written))
    else:
        assert Fraction(str(value)) == leaf.value
    span = leaf.resource.location(leaf.path).span
    assert span is not None
    spot = leaf.resource.document.locate(leaf.path)
    where = spot.anchor or spot.span
    line = leaf.resource.document.file.text.splitlines()[where.start.line - 1]
    assert str(value) in line[where.start.column - 1 : where.end.column - 1], leaf.name


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        ("0.1", Fraction(1, 10)),
        ("1e-3", Fraction(1, 1000)),
        ("0.30000000000000004", Fraction("0.30000000000000004")),
        ("0.12345678901234567890123", Fraction("0.12345678901234567890123")),
        ("9007199254740993", Fraction(9007199254740993)),
        ("9007199254740993.0", Fraction("9007199254740993")),
        ("5", Fraction(5)),
    ],
)
def test_numbers_are_read_as_they_are_written(written: str, exact: Fraction) -> None:
    made = rollout(TIERS.replace("inputPrice: 0.5", f"inputPrice: {written}"))
    tier = made.get("ModelTier", "small")
    assert tier is not None
    assert as_written(tier, ("spec", "models", 0, "inputPrice")) == exact


def test_a_long_number_behind_an_alias_is_read_where_it_is_written_out() -> None:
    text = TIERS.replace(
        "inputPrice: 0.5, outputPrice: 2", "inputPrice: &price 0.30000000000000004, outputPrice: *price"
    )
    tier = rollout(text).get("ModelTier", "small")
    assert tier is not None
    assert as_written(tier, ("spec", "models", 0, "outputPrice")) == Fraction("0.30000000000000004")


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("P1D", Fraction(1, 365)),
        ("P2W", Fraction(14, 365)),
        ("P1M", Fraction(1, 12)),
        ("P1Y6M", Fraction(3, 2)),
        ("P1M15D", Fraction(1, 12) + Fraction(15, 365)),
        ("P", None),
        ("P0D", None),
        ("PT1H", None),
        ("month", None),
    ],
)
def test_periods(text: str, length: Fraction | None) -> None:
    assert periods.years(text) == length


def test_periods_are_those_of_the_rules() -> None:
    from penstock.policy.functions import functions

    per_year = functions(acme())["perYear"]
    for text in ("P1D", "P1W", "P90D", "P1M", "P3M", "P1Y", "P1Y6M", "P2Y1M3D"):
        length = periods.years(text)
        assert length is not None
        assert per_year(text) == pytest.approx(float(1 / length), rel=1e-15)


def test_periods_in_words() -> None:
    assert [periods.in_words(each) for each in ("P1M", "P90D", "P1Y6M", "P2W", "P1Y", "soon")] == [
        "month",
        "90 days",
        "1 year and 6 months",
        "2 weeks",
        "year",
        "soon",
    ]


def test_a_task_has_its_own_limits_and_a_use_case_those_of_the_whole() -> None:
    projection = projected(acme())
    assert [figure.name for figure in explained(projection, "claims/assess", "month")] == [
        "cost of assess in a month",
        "cost of a query",
        "ceiling of a query",
        "cost of a run on frontier",
        "ceiling of a run",
    ]
    assert [figure.name for figure in explained(projection, "claims", "year")] == [
        "cost of claims in a year",
        "cost of claims in a month",
        "ceiling of a month",
        "soft ceiling of a month",
        "every run of a month at its ceiling",
        "forecast of a month",
        "cost of what allocation assessing is for",
        "allocation assessing",
        "cost of what allocation rest is for",
        "allocation rest",
    ]


def test_what_cannot_be_explained_says_why() -> None:
    projection = projected(acme(claims=CLAIMS.replace("{input: 10000, output: 400}", "{input: 10000}")))
    with pytest.raises(UsageError, match=r"^claims/sort is not projected: its output tokens are not stated"):
        explained(projection, "claims/sort", "month")
    with pytest.raises(UsageError, match=r"called `claims/asess`; did you mean `claims/assess`\?"):
        explained(projection, "claims/asess", "month")
    with pytest.raises(UsageError, match="nothing to explain about revenue"):
        explained(projected(rollout(TIERS, CLAIMS, BUDGET)), "revenue", "month")
