"""Everything that a comparison gives, for programs: by the published schema ``schemas/diff/v1``.

Every key is always present, in one order; what does not apply is null or empty. Findings have the shape that a
report gives them.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import Any

from penstock.change import Change
from penstock.model import Finding
from penstock.render.json import excuse, finding, location
from penstock.render.serialize import json_text
from penstock.workspace.compared import Comparison, Excusal, RolloutDiff, Side, Verdicts

API_VERSION = "diff/v1"
_DIGITS = 10**300


def render(comparison: Comparison) -> str:
    """The comparison as JSON, two spaces deep, with a final newline."""
    return json_text(
        {
            "apiVersion": API_VERSION,
            "tool": {"name": "penstock", "version": comparison.version},
            "asOf": comparison.as_of,
            "base": _side(comparison.base),
            "head": _side(comparison.head),
            "fails": comparison.fails,
            "rollouts": [_rollout(each) for each in comparison.rollouts],
        }
    )


def _side(side: Side) -> dict[str, Any]:
    return {"name": side.name, "commit": side.commit, "isMergeBase": side.is_merge_base}


def _rollout(diff: RolloutDiff) -> dict[str, Any]:
    return {
        "name": diff.name,
        "folder": diff.folder,
        "existed": diff.existed,
        "exists": diff.exists,
        "changes": [_change(change) for change in diff.changes],
        "byManifests": _verdicts(diff.by_manifests),
        "byRules": _verdicts(diff.by_rules),
        "reweighed": [{"was": each.was.value, "finding": finding(each.finding)} for each in diff.reweighed],
        "excused": [_excusal(each) for each in diff.excused],
        "noLongerExcused": [_excusal(each) for each in diff.no_longer_excused],
        "notJudged": _findings(diff.not_judged),
        "notJudgedBefore": _findings(diff.not_judged_before),
        "failing": _findings(diff.failing),
        "failingByOldRules": _findings(diff.failing_by_old_rules),
        "unread": list(diff.unread),
        "remarks": list(diff.remarks),
    }


def _change(change: Change) -> dict[str, Any]:
    facts = change.facts
    return {
        "resource": change.resource,
        "was": change.was,
        "what": change.what.value,
        "weight": change.weight.value,
        "isRisk": change.weight.is_risk,
        "sentence": change.sentence,
        "old": _value(change.old),
        "new": _value(change.new),
        "facts": {
            "owner": facts.owner,
            "sensitivity": facts.sensitivity,
            "useCase": facts.use_case,
            "currency": facts.currency,
            "period": facts.period,
        },
        "isGone": change.is_gone,
        "location": location(change.location),
    }


def _value(value: object) -> object:
    """A value as JSON has it; a number that JSON has not becomes a text."""
    if isinstance(value, dict):
        return {str(key): _value(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_value(each) for each in value]
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _DIGITS:
        return hex(value)
    return value


def _verdicts(verdicts: Verdicts) -> dict[str, Any]:
    return {
        "new": _findings(verdicts.new),
        "mended": _findings(verdicts.mended),
        "hidden": _findings(verdicts.hidden),
    }


def _excusal(given: Excusal) -> dict[str, Any]:
    return {"finding": finding(given.finding), "excuse": excuse(given.excuse)}


def _findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [finding(each) for each in findings]
