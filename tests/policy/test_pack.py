"""The built-in pack: every rule's examples run, and every file says what a reader needs."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from penstock.cel import engine
from penstock.model import STEPS
from penstock.policy import Policy, load_pack
from penstock.policy.examples import run_examples

REPOSITORY = Path(__file__).parents[2]
SHARED = Path(os.environ.get("PENSTOCK_SHARED", REPOSITORY.parent / "shared"))
SEEDS = {
    "How Should CIOs Plan Enterprise Agentic AI Rollouts?": "000_896a01e11d0c10a8.txt",
    "Levie Enterprise AI Diffusion Framework": "001_6cabfb11fbbcf026.txt",
    "AI Redefines The CIO As A Chief Enterprise Orchestrator": "002_d4ad932949483849.txt",
}
PACK = load_pack("levie", REPOSITORY, engine("cel-python"))
every_rule = pytest.mark.parametrize("policy", PACK.policies, ids=lambda policy: policy.rule.id)


@every_rule
def test_examples_give_exactly_the_findings_they_list(policy: Policy) -> None:
    assert [(failure.example.name, failure.problems) for failure in run_examples(policy, PACK.base)] == []


@every_rule
def test_a_rule_has_a_good_and_two_bad_examples_and_one_full_message(policy: Policy) -> None:
    assert policy.good
    assert len(policy.bad) >= 2
    assert all(example.findings for example in policy.bad)
    assert any(expected.message for example in policy.bad for expected in example.findings)


@every_rule
def test_why_and_remediation_are_sentences(policy: Policy) -> None:
    for text in (policy.rule.why, policy.rule.remediation):
        assert text[0].isupper()
        assert text.endswith(".")
        assert len(text.split()) > 5


@every_rule
def test_a_title_states_the_defect_and_a_name_is_no_command(policy: Policy) -> None:
    assert policy.rule.title[0].isupper()
    assert not policy.rule.title.endswith(".")
    assert not re.match(r"(no|use(?!-case)|prefer|avoid|require)-", policy.rule.name)


@every_rule
def test_a_rule_lies_in_the_folder_of_its_step(policy: Policy) -> None:
    folder = Path(policy.document.file.path).parent.name
    assert folder.startswith(f"step-{policy.rule.step:02d}-")
    assert policy.rule.id.startswith(f"LV{policy.rule.step}")


@every_rule
def test_a_rule_quotes_its_source_word_for_word(policy: Policy) -> None:
    if not (SHARED / "seeds").is_dir():
        pytest.skip(f"the source documents are not at {SHARED / 'seeds'}")
    assert policy.rule.sources
    for source in policy.rule.sources:
        text = _folded((SHARED / "seeds" / SEEDS[source.document]).read_text(encoding="utf-8"))
        if source.quote is not None:
            assert _folded(source.quote) in text


def _folded(text: str) -> str:
    return " ".join(text.split())


@every_rule
def test_a_parameter_says_its_unit_or_is_none(policy: Policy) -> None:
    for param in policy.params.values():
        assert param.description.endswith(".")
        assert param.unit or param.type not in {"integer", "number"}


def test_every_row_of_the_framework_is_a_rule_of_its_severity() -> None:
    page = SHARED / "framework.md"
    if not page.is_file():
        pytest.skip(f"the framework's rules are not at {page}")
    rows = re.findall(r"^\| (LV\d+) \|.*\| ([EWI][^|]*) \|$", page.read_text(encoding="utf-8"), re.MULTILINE)
    asked = dict(rows)
    assert len(asked) == 95
    found = {policy.rule.id: _severities(policy) for policy in PACK.policies}
    assert {
        rule: set(re.findall(r"\b[EWI]\b", severities)) - found[rule] for rule, severities in asked.items()
    } == {rule: set() for rule in asked}
    assert found.keys() - asked.keys() == {"LV210", "LV211", "LV311", "LV509", "LV1208"}


def _severities(policy: Policy) -> set[str]:
    given = {policy.rule.severity, *(validation.severity for validation in policy.validations)}
    return {severity.value[0].upper() for severity in given if severity is not None}


def test_every_step_has_a_rule() -> None:
    assert {policy.rule.step for policy in PACK.policies} == set(range(1, len(STEPS)))


def test_the_rules_that_the_project_is_known_for_are_there() -> None:
    names = {policy.rule.id: policy.rule.name for policy in PACK.policies}
    assert names["LV801"] == "contract-term-over-a-year"
    assert names["LV601"] == "agent-without-fte"
