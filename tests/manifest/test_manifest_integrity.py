"""The integrity rules' own metadata."""

from __future__ import annotations

import re

import pytest

from penstock.manifest.integrity import RULES, finding
from penstock.model import Location, Related, Rule, Severity


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_is_documented_in_sentences(rule: Rule) -> None:
    assert rule.step == 0
    assert re.fullmatch(r"LV0\d\d", rule.id)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)
    assert rule.title[0].isupper()
    assert not rule.title.endswith(".")
    for text in (rule.why, rule.remediation):
        assert text[0].isupper() or text[0] == "`"
        assert text.endswith(".")
        assert len(text.split()) > 7


def test_ids_and_names_are_unique_and_in_order() -> None:
    assert list(RULES) == sorted(RULES)
    assert all(rule_id == rule.id for rule_id, rule in RULES.items())
    assert len({rule.name for rule in RULES.values()}) == len(RULES)


def test_only_what_leaves_a_rollout_judged_all_the_same_is_a_warning() -> None:
    warnings = {rule.id for rule in RULES.values() if rule.severity is not Severity.ERROR}
    assert warnings == {"LV007", "LV009", "LV016"}


def test_a_finding_has_its_rules_name_and_severity() -> None:
    where = Location("a.yaml")
    related = (Related(where, "here"),)
    found = finding("LV009", "in vain", where, related, "delete it")
    assert (found.name, found.severity) == ("waiver-without-effect", Severity.WARNING)
    assert (found.message, found.location, found.related, found.help) == ("in vain", where, related, "delete it")
