"""A change of what a manifest refers to does not hide its own: two renamings of a worked example.

What is renamed is so everywhere; what refers to it gets a new name as well, and other words in its free fields.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from penstock.cel import engine
from penstock.manifest.load import load
from penstock.manifest.pairing import Pairing, pair
from penstock.manifest.rollout import Rollout
from penstock.policy import Evaluator, load_pack
from penstock.source import SourceFile, read

EXAMPLE = Path(__file__).parents[2] / "examples" / "financial-services-onboarding"
POLICIES = load_pack("levie", Path(), engine()).policies
BUDGET = "use-cases/counterparty-lookup/token-budget.yaml"
GRANTS = "use-cases/counterparty-lookup/grants.yaml"


def example(change: Callable[[str, str], str] = lambda path, text: text) -> Rollout:
    """The example, each file changed by its path and its text."""
    files = [(file.relative_to(EXAMPLE).as_posix(), file) for file in sorted(EXAMPLE.rglob("*.yaml"))]
    texts = [(path, change(path, file.read_text())) for path, file in files if file.name != "penstock.yaml"]
    loaded = load("example", ".", [read(SourceFile(path, text)) for path, text in texts])
    assert [each for each in loaded.findings if each.severity.name == "ERROR"] == []
    return loaded.rollout


def replaced(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def found(rule: str, pairing: Pairing) -> list[tuple[str | None, str]]:
    evaluator = Evaluator(pairing.new, "2026-11-20", pairing)
    for policy in POLICIES:
        if policy.rule.id == rule:
            evaluator.apply(policy)
    return [(each.location.resource, each.location.path_text) for each in evaluator.outcome.findings]


def renamed(pairing: Pairing) -> set[tuple[str, str]]:
    return {(old.id, new.id) for old, new in pairing.renamed}


def test_a_budget_raised_while_its_use_case_is_renamed() -> None:
    def change(path: str, text: str) -> str:
        text = text.replace("counterparty-lookup", "party-lookup")
        if path != BUDGET:
            return text
        return replaced(
            text,
            ("name: party-lookup\n", "name: desk-money\n"),
            ("costCenter: GIT-7002", "costCenter: X-1"),
            ("d.marchetti@", "other@"),
            ("maxBudget: 2000", "maxBudget: 900000"),
            ("softBudget: 900", "softBudget: 400000"),
            ("maxPerRun: 1", "maxPerRun: 450"),
            ("maxPerQuery: 0.3", "maxPerQuery: 135"),
            ("tag penstock-task", "another tag"),
            ("key of the use case", "a key"),
            ("name: answers,", "name: one,"),
            ("name: ownership-charts,", "name: two,"),
            ("basis: ", "basis: Rewritten. # "),
            ("trigger: Seven", "trigger: Eight"),
            ("RM-2180", "X-2"),
            ("v.castellanos@", "w.castellanos@"),
            ("l.brandt@", "m.brandt@"),
        )

    pairing = pair(example(), example(change))
    assert renamed(pairing) == {
        ("UseCase/counterparty-lookup", "UseCase/party-lookup"),
        ("TokenBudget/counterparty-lookup", "TokenBudget/desk-money"),
    }
    assert pairing.added == pairing.removed == ()
    assert found("LV1301", pairing) == [
        ("TokenBudget/desk-money", f"spec.{ceiling}") for ceiling in ("maxBudget", "maxPerRun", "maxPerQuery")
    ]


def test_a_grant_widened_while_its_agent_and_source_are_renamed() -> None:
    def change(path: str, text: str) -> str:
        text = text.replace("counterparty-assistant", "party-helper")
        text = text.replace("counterparty-register", "party-register")
        if path != GRANTS:
            return text
        return replaced(
            text,
            ("name: party-helper-register\n", "name: everything\n"),
            ("[counterparty, ownership_link, exposure]", '["*"]'),
            ("[counterparty_id, legal_name, domicile, parent_id, ownership_percent, exposure_usd]", '["*"]'),
            ("    rows: counterparty_id in parties_of(desk_of(asking_user))\n", ""),
            ("purpose: Answer a manager's question about parties of their own desk", "purpose: Whatever comes"),
            ("approver: l.brandt@", "approver: o.benali@"),
        )

    pairing = pair(example(), example(change))
    assert {
        ("DataSource/counterparty-register", "DataSource/party-register"),
        ("Agent/counterparty-assistant", "Agent/party-helper"),
        ("AccessGrant/counterparty-assistant-register", "AccessGrant/everything"),
    } <= renamed(pairing)
    assert pairing.added == pairing.removed == ()
    assert found("LV1302", pairing) == [("AccessGrant/everything", "spec.grantedOn")]


@pytest.mark.parametrize(
    ("path", "old", "new"), [(BUDGET, "maxBudget: 2000", "maxBudget: 2001"), ("", "", "")], ids=["little", "none"]
)
def test_a_new_name_alone_is_no_finding(path: str, old: str, new: str) -> None:
    def change(at: str, text: str) -> str:
        text = text.replace("counterparty-lookup", "party-lookup").replace(
            "counterparty-assistant", "party-helper"
        )
        return replaced(text, (old, new)) if at == path else text

    pairing = pair(example(), example(change))
    assert pairing.added == pairing.removed == ()
    assert found("LV1301", pairing) == found("LV1302", pairing) == []
