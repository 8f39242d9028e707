"""The worked examples, calculated a second time: from the text of their YAML, without penstock's own code."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from penstock.cost import project
from penstock.workspace.opened import open_rollout

EXAMPLES = sorted(path.parent for path in (Path(__file__).parents[2] / "examples").glob("*/penstock.yaml"))
AS_OF = date(2026, 11, 20)
PER_YEAR = {
    "P1D": Fraction(365),
    "P1W": Fraction(365, 7),
    "P1M": Fraction(12),
    "P3M": Fraction(4),
    "P1Y": Fraction(1),
}


def manifests(folder: Path, kind: str) -> dict[str, Any]:
    """The specs of a kind by name, every scalar as the text that the file has."""
    documents = [
        document
        for file in sorted(folder.rglob("*.yaml"))
        for document in yaml.load_all(file.read_text("utf-8"), Loader=yaml.BaseLoader)
    ]
    found = [document for document in documents if isinstance(document, dict) and document.get("kind") == kind]
    return {document["metadata"]["name"]: document["spec"] for document in found}


def by_hand(folder: Path) -> dict[str, tuple[str, Fraction, Fraction]]:
    """Currency, cost a run and cost a year of every task of every use case that is not retired."""
    tiers = manifests(folder, "ModelTier")
    costs = {}
    for name, use_case in manifests(folder, "UseCase").items():
        if use_case["stage"] == "retired":
            continue
        for task in use_case["tasks"]:
            tier = tiers[task["modelTier"]]
            (model,) = (model for model in tier["models"] if model["name"] == tier["primary"])
            tokens = {way: Fraction(task["tokens"][way]) for way in ("input", "output")}
            run = sum(tokens[way] * Fraction(model[f"{way}Price"]) / 1_000_000 for way in tokens)
            runs = Fraction(task["volume"]["runs"]) * PER_YEAR[task["volume"]["per"]]
            costs[f"{name}/{task['name']}"] = (tier["currency"], Fraction(run), runs * run)
    return costs


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_the_costs_are_those_calculated_by_hand(folder: Path) -> None:
    projection = project(open_rollout(folder).rollout, AS_OF)
    found = {line.name: (line.currency, line.per_run.value, line.per_year.value) for line in projection.lines}
    assert projection.gaps == ()
    assert found == by_hand(folder)


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_the_ceilings_are_compared_with_what_is_calculated_by_hand(folder: Path) -> None:
    costs = by_hand(folder)
    (organization,) = manifests(folder, "Organization").values()
    rates = {each["currency"]: Fraction(each["rate"]) for each in organization.get("exchangeRates", ())}
    rates[organization["annualRevenue"]["currency"]] = Fraction(1)
    expected = {}
    for name, budget in manifests(folder, "TokenBudget").items():
        yearly = sum(
            cost * rates[currency] / rates[budget["currency"]]
            for task, (currency, _, cost) in costs.items()
            if task.startswith(f"{budget['useCase']}/")
        )
        projected = yearly / PER_YEAR[budget["budgetDuration"]]
        expected[name] = projected, Fraction(budget["maxBudget"]), projected / Fraction(budget["maxBudget"])
    checks = project(open_rollout(folder).rollout, AS_OF).checks
    found = {
        check.budget.resource.name: (check.projected.value, check.limit.value, check.share)
        for check in checks
        if check.kind == "per-period" and check.projected
    }
    assert found == expected


def test_there_are_the_examples() -> None:
    assert len(EXAMPLES) >= 3


def test_three_figures_from_a_sheet_of_paper() -> None:
    """flag-risks: 190,000 at 5 and 10,000 at 25 dollars a million are 1.20 a run; 6,000 runs a month are 7,200."""
    root = Path(__file__).parents[2] / "examples"
    finance = project(open_rollout(root / "financial-services-onboarding").rollout, AS_OF)
    (flags,) = (line for line in finance.lines if line.name == "document-review/flag-risks")
    assert (flags.per_run.value, flags.per_month.value) == (Fraction("1.2"), 7200)
    assert flags.per_query is not None
    assert flags.per_query.value == Fraction("0.2")
    # 400,000 at 0.35 and 100,000 at 1.4 are 0.28; 15 runs a week are 15 x 365 / 7 / 12 a month.
    marketing = project(open_rollout(root / "manufacturing-marketing").rollout, AS_OF)
    (assets,) = (line for line in marketing.lines if line.task == "adapt-assets")
    assert assets.per_month.value == Fraction("0.28") * 15 * 365 / 7 / 12
    # 110,000 at 5 and 12,000 at 25 are 0.85; 1,500 a month are 1,275 dollars, or 994.50 pounds at 0.78.
    startup = project(open_rollout(root / "startup-legal-contracts").rollout, AS_OF)
    (redlines,) = (line for line in startup.lines if line.task == "propose-redlines")
    assert redlines.per_month.value == 1275
    (share,) = (check for check in startup.checks if check.subject == "redlines")
    assert share.projected is not None
    assert share.projected.value == Fraction("994.5")
