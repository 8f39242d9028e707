"""Every output of costs: JSON by its schema, CSV whose rows add up, tables that fit, texts that do not act."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from fractions import Fraction
from typing import Any, Literal

import pytest
from cost_rollouts import BUDGET, CLAIMS, ORGANIZATION, TIERS, acme, projected, rollout
from jsonschema import Draft202012Validator

from penstock.bundle import folder
from penstock.cost.comparing import compare
from penstock.cost.explaining import explained
from penstock.cost.grouping import BY
from penstock.manifest.rollout import Rollout
from penstock.render.cost import FORMATS, View, render
from penstock.render.cost.amounts import bar, decimal, money, number, percent, rounded, signed
from penstock.render.cost.table import Column, draw
from penstock.render.markdown import MAX_COMMENT
from penstock.render.paint import paint
from penstock.render.width import columns

SCHEMA = json.loads((folder("schemas") / "cost/v1/cost.schema.json").read_text("utf-8"))


def view(made: Rollout, *texts: str, by: str = "use-case", per: Literal["month", "year"] = "month") -> View:
    after = projected(made, *texts)
    compared = compare(projected(made), after, by, texts) if texts else None
    return View(after, "0.1.0", by, per, compared)


def as_json(shown: View) -> Any:
    data = json.loads(render(shown, "json"))
    Draft202012Validator(SCHEMA).validate(data)
    return data


ROLLOUTS = {
    "acme": acme(),
    "gaps": acme(claims=CLAIMS.replace("volume: {runs: 7, per: P1W}", "interface: headless")),
    "nothing": rollout(ORGANIZATION),
    "empty": rollout(),
    "no-rate": acme(budget=BUDGET.replace("currency: USD", "currency: CHF")),
    "retired": acme(claims=CLAIMS.replace("production", "retired")),
}
WHAT_IFS: list[tuple[str, ...]] = [(), ("frontier=mid",), ("claims.volume=x100", "frontier.primary=best-2")]


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("name", ROLLOUTS)
def test_json_is_by_its_schema(name: str, by: str) -> None:
    data = as_json(view(ROLLOUTS[name], by=by))
    assert list(data) == SCHEMA["required"]
    assert data["complete"] is (name != "gaps")
    if data["revenue"]:
        assert data["revenue"]["atLeast"] is (name == "gaps")


def test_json_says_what_is_there() -> None:
    data = as_json(view(acme(), "frontier=small", by="team"))
    assert data["currencies"][0]["rows"] == [
        {"key": "claims", "detail": None, "perMonth": "27", "perYear": "324", "tasks": 1, "notProjected": 0},
        {
            "key": "legal",
            "detail": None,
            "perMonth": "0.176416666667",
            "perYear": "2.117",
            "tasks": 1,
            "notProjected": 0,
        },
    ]
    assert data["whatIf"]["totals"][0]["difference"] == {"perMonth": "-267.148583333333", "perYear": "-3205.783"}
    assert data["useCases"][0]["startsOn"] == "2026-11-01"
    assert data["tasks"][0]["location"]["pathText"] == "spec.tasks[assess]"
    assert data["tasks"][0]["location"]["start"] == {"line": 11, "column": 7}


def test_json_has_every_figure_that_was_asked_for() -> None:
    projection = projected(acme())
    shown = replace(view(acme()), explained=explained(projection, "claims/assess", "month"))
    month = as_json(shown)["explained"][0]
    assert (month["name"], month["value"], month["how"]) == ("cost of assess in a month", "292.5", "product")
    first = month["parts"][1]
    assert (first["name"], first["value"], first["exact"], first["how"]) == (
        "cost of a run on frontier",
        "0.0975",
        "39/400",
        "sum",
    )
    leaf = first["parts"][0]["parts"][1]
    assert (leaf["value"], leaf["unit"], leaf["location"]["pathText"]) == (
        "5",
        "USD per million tokens",
        "spec.models[best-1].inputPrice",
    )


def rows(shown: View) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(render(shown, "csv"))))


def test_the_rows_of_a_csv_add_up() -> None:
    months = rows(view(acme(), by="month"))
    assert sum(Fraction(row["BilledCost"]) for row in months) == pytest.approx(Fraction("3531.9"), abs=1e-9)
    assert sum(Fraction(row["ConsumedQuantity"]) for row in months) == pytest.approx(36_365, abs=1e-9)
    assert [row["ChargePeriodStart"] for row in months[4:8]] == [
        "2027-01-01",
        "2027-01-11",
        "2027-01-01",
        "2027-01-11",
    ]
    assert [(row["x_Payer"], row["x_CostCenter"]) for row in months[4:6]] == [
        ("it", "IT-1"),
        ("line-of-business", "CL-9"),
    ]
    (first, _) = rows(view(acme(), per="year"))
    assert first == {
        "ChargePeriodStart": "2026-11-01",
        "ChargePeriodEnd": "2027-11-01",
        "BillingCurrency": "USD",
        "BilledCost": "3510",
        "ConsumedQuantity": "36000",
        "ConsumedUnit": "Runs",
        "x_UseCase": "claims",
        "x_Workflow": "Triage of incoming claims",
        "x_Stage": "production",
        "x_Task": "assess",
        "x_Team": "claims",
        "x_Tier": "frontier",
        "x_Model": "best-1",
        "x_InputTokens": "432000000",
        "x_OutputTokens": "54000000",
        "x_Payer": "it",
        "x_CostCenter": "IT-1",
        "x_Accountable": "cio@acme.example",
        "x_BilledCostBefore": "",
        "x_NotProjected": "",
    }


def test_a_csv_has_the_cost_before_a_what_if() -> None:
    found = [(row["BilledCost"], row["x_BilledCostBefore"]) for row in rows(view(acme(), "frontier=x2"))]
    assert found == [("585", "292.5"), ("3.65", "1.825")]
    by_month = rows(view(acme(), "frontier=x2", by="month"))
    assert {Fraction(row["BilledCost"]) / Fraction(row["x_BilledCostBefore"]) for row in by_month[:4]} == {2}


def test_a_csv_has_a_row_for_what_is_not_projected() -> None:
    *_, last = rows(view(ROLLOUTS["gaps"]))
    assert (last["x_Task"], last["BilledCost"], last["x_NotProjected"]) == (
        "sort",
        "",
        "its volume is not stated; add volume.runs and volume.per",
    )


HOSTILE = "=HYPERLINK(1)\u202e\x1b[31m | `x` @all <b> ##[error] a\nb"


@pytest.fixture
def hostile() -> Rollout:
    """A rollout whose free texts would act on a terminal, a spreadsheet, a web page or a log."""
    quoted = json.dumps(HOSTILE)
    return acme(
        claims=CLAIMS.replace("Triage of incoming claims", quoted),
        tiers=TIERS.replace("best-1", quoted),
        budget=BUDGET.replace("IT-1", quoted),
    )


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("by", BY)
def test_texts_of_manifests_do_not_act(hostile: Rollout, form: str, by: str) -> None:
    text = render(view(hostile, by=by), form)
    text += render(view(hostile, "frontier=x3", by=by), form)
    assert not any(char in text for char in "\x1b\u202e")
    if form != "json":
        assert "##[error]" not in text
    if form == "markdown":
        assert "@all" not in text
        assert "<b>" not in text
        assert "| `x`" not in text
    if form == "csv":
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert not any(cell.startswith(("=", "+", "@", "\t")) for cell in cells)
        assert any(cell.startswith("'=HYPERLINK") for cell in cells)


def test_what_is_explained_does_not_act(hostile: Rollout) -> None:
    figures = explained(projected(hostile), "", "month")
    text = render(replace(view(hostile), explained=figures), "text")
    assert not any(char in text for char in "\x1b\u202e")
    assert "##[error]" not in text


@pytest.mark.parametrize("width", [60, 80, 100, 120])
@pytest.mark.parametrize("texts", WHAT_IFS)
@pytest.mark.parametrize("by", BY)
def test_no_line_is_wider_than_the_terminal(by: str, texts: tuple[str, ...], width: int) -> None:
    long = CLAIMS.replace("- name: sort", "- name: " + "sort-" * 11 + "s").replace(
        "Triage of incoming claims", "Triage " * 40
    )
    text = render(view(acme(claims=long), *texts, by=by), "text", width=width)
    places = ("-->",)
    assert [
        line for line in text.splitlines() if columns(line) > width and not line.strip().startswith(places)
    ] == []


@pytest.mark.parametrize("form", FORMATS)
def test_the_largest_numbers_that_manifests_hold_are_shown(form: str) -> None:
    huge = CLAIMS.replace("runs: 3000", f"runs: {2**63 - 1}").replace("input: 12000", f"input: {2**63 - 1}")
    tiny = TIERS.replace("inputPrice: 5", "inputPrice: 1.7e308").replace("inputPrice: 0.5", "inputPrice: 5e-324")
    made = acme(claims=huge, tiers=tiny)
    text = render(view(made), form)
    figures = explained(projected(made), "", "year")
    text += render(replace(view(made), explained=figures), "text")
    assert "e34" in text
    render(view(made, "frontier=small"), form)


def test_the_overview_of_limits_is_cut_and_says_so() -> None:
    texts = [CLAIMS.replace("name: claims}", f"name: claims-{number}}}") for number in range(20)]
    budgets = [
        BUDGET.replace("useCase: claims", f"useCase: claims-{number}").replace("claims-budget", f"b-{number}")
        for number in range(20)
    ]
    text = render(view(rollout(ORGANIZATION, TIERS, *texts, *budgets)), "text")
    section = text.partition("Limits (180 limits")[2].partition("Against revenue")[0]
    assert (
        len(
            [
                line
                for line in section.splitlines()
                if line.endswith(("within", "not known")) or " over by " in line
            ]
        )
        == 40
    )
    assert "and 100 more like these: --output json has all of them" in section
    assert "and 40 more that hold with room" in section


def test_the_best_savings_are_summed_up() -> None:
    claims = CLAIMS.replace("repeatable: false", "repeatable: true")
    text = render(view(acme(claims=claims)), "text", width=120)
    # assess saves 3,000 x 0.0885 a month, sort 365/12 x 0.0542.
    (line,) = (line for line in text.splitlines() if "The best of each" in line)
    assert line.split() == ["The", "best", "of", "each", "267.15", "3,205.78", "USD"]
    assert "The best of each" not in render(view(acme()), "text")


def test_what_may_still_be_exceeded_is_not_said_to_hold() -> None:
    made = acme(claims=CLAIMS.replace("volume: {runs: 7, per: P1W}", "interface: headless"))
    text = render(view(made, "frontier=-50%"), "text")
    assert "  no longer exceeded, as far as known  claims, month, soft: 292.50 before, 146.25 after" in text
    assert "  now holds  claims, allocation assessing: 292.50 before, 146.25 after, of 290.00 USD" in text


def test_colour_changes_no_character() -> None:
    import re

    plain = render(view(acme()), "text")
    coloured = render(view(acme()), "text", color=True)
    assert coloured != plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_a_comment_is_no_larger_than_github_takes() -> None:
    names = [f"claims-{number:03}-{'x' * 40}" for number in range(400)]
    claims = "\n---\n".join(
        CLAIMS.replace("name: claims}", f"name: {name}}}").replace("volume: {runs: 7, per: P1W}", "team: it")
        .replace("      team: legal\n", "")
        for name in names
    )  # fmt: skip
    text = render(view(rollout(ORGANIZATION, TIERS, claims), by="task"), "markdown")
    assert len(text.encode()) < MAX_COMMENT
    assert "350 more" in text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0", "0.00"),
        ("1234.565", "1,234.56"),
        ("1234.575", "1,234.58"),
        ("0.99999", "1.0000"),
        ("0.00005", "<0.0001"),
        ("0.0001", "0.0001"),
        ("-0.00001", ">-0.0001"),
        ("-1234.5", "-1,234.50"),
        ("999999999999999", "999,999,999,999,999.00"),
        ("1234e15", "1.23e18"),
        ("-1e300", "-1.00e300"),
    ],
)
def test_money(value: str, shown: str) -> None:
    assert money(Fraction(value)) == shown


def test_amounts() -> None:
    assert [signed(Fraction(value)) for value in (1, 0, -1)] == ["+1.00", "0.00", "-1.00"]
    assert [decimal(Fraction(value)) for value in ("0.1", "1/3", "-2.50", "0", "1e-13", "10", "1234567")] == [
        "0.1",
        "0.333333333333",
        "-2.5",
        "0",
        "0",
        "10",
        "1234567",
    ]
    assert (number(Fraction(1234567)), number(Fraction("0.0000005"))) == ("1,234,567", "0.0000005")
    assert (percent(Fraction(1, 3)), percent(None), rounded(Fraction(5, 2), 0)) == ("33.3 %", "", "2")


def test_bars() -> None:
    shares = (Fraction(0), Fraction(1, 1000), Fraction(1, 2), Fraction(999, 1000), Fraction(1), Fraction(7))
    assert [bar(share, 4) for share in shares] == ["░░░░", "▏░░░", "██░░", "███▉", "████", "████"]
    assert bar(None, 4) == ""


def test_a_table_drops_what_is_optional_and_then_cuts_texts() -> None:
    heads = [Column("Name"), Column("", optional=True), Column("Cost", right=True)]
    cells = [[("a" * 30, ""), ("####", ""), ("1.00", "")], [("b", ""), ("", ""), ("10.00", "")]]
    assert paint(draw(heads, cells, 60), color=False).splitlines()[1] == "  " + "a" * 30 + "  ####   1.00"
    assert paint(draw(heads, cells, 40), color=False).splitlines()[1:] == [
        "  " + "a" * 30 + "   1.00",
        "  b" + " " * 31 + "10.00",
    ]
    assert paint(draw(heads, cells, 30), color=False).splitlines()[1] == "  " + "a" * 20 + "…   1.00"


def test_months_before_anything_costs_are_shown_and_the_first_day_is_said() -> None:
    made = acme(claims=CLAIMS.replace("goLiveOn: 2026-06-01", "goLiveOn: 2027-01-01"))
    projection = projected(made, months=3)
    text = render(replace(view(made, by="month"), projection=projection), "text")
    months = [line.split()[0] for line in text.splitlines() if line.startswith("  202")]
    assert months == ["2026-11", "2026-12", "2027-01"]
    assert "No cost falls" not in text
    text = render(replace(view(made, by="month"), projection=projected(made, months=1)), "text")
    assert "No cost falls into these months: the first begins on 2027-01-01." in text
    assert [line.split() for line in text.splitlines() if line.startswith("  2026-11")] == [["2026-11", "0.00"]]
