"""Rules of the built-in pack that need one manifest only, in a form that can be written for other tools.

Gives rules, and each tool's own configuration made from them. Some of penstock's rules ask more than this (LV307
looks at the data source, too); over generated rollouts these here find the same. It must not know how a tool is
started.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# The last day of no grant may be before 2026-11-20. No tool here compares dates, so that a pattern must do.
_FROM_AS_OF = r"^(2026-(11-(2[0-9]|30)|12-..)|202[7-9]-..-..|20[3-9][0-9]-..-..).*$"
LIVE = ("pilot", "production")


@dataclass(frozen=True, slots=True)
class Rule:
    """`paths` below `spec` must all be there; with `pattern`, the value of each must match it.

    `stages`: only for use cases at one of them.
    """

    id: str
    kind: str
    paths: tuple[str, ...]
    pattern: str | None = None
    stages: tuple[str, ...] = ()


RULES = (
    Rule("LV306", "AccessGrant", ("expiresOn",), _FROM_AS_OF),
    Rule("LV307", "AccessGrant", ("purpose",)),
    Rule("LV601", "Agent", ("fteOwner",)),
    Rule("LV804", "Agent", ("modelAccess.via",), "^gateway$"),
    Rule("LV1201", "Agent", ("autonomy",)),
    Rule("LV1202", "Agent", ("stopgap.killSwitch", "stopgap.operators")),
    Rule("LV1203", "Agent", ("guardrails.input", "guardrails.output")),
    Rule("LV1204", "Agent", ("conditions.start", "conditions.stop", "conditions.done")),
    Rule("LV204", "DataSource", ("owner",)),
    Rule("LV402", "TokenBudget", ("owner.budget", "owner.accountable")),
    Rule("LV403", "TokenBudget", ("attribution.task", "attribution.team", "attribution.workflow")),
    Rule("LV404", "TokenBudget", ("maxPerQuery",)),
    Rule("LV809", "VendorContract", ("exit.dataExport",)),
    Rule("LV801", "VendorContract", ("endsOn",)),
    Rule("LV608", "FteOwner", ("sourcing",)),
    Rule("LV604", "FteOwner", ("engagement.type",), "^sustaining$"),
    Rule("LV806", "ModelTier", ("substitutes",)),
    Rule("LV701", "UseCase", ("roi.metric.counts",), stages=LIVE),
    Rule("LV702", "UseCase", ("roi.baseline.value", "roi.baseline.measuredOn"), stages=LIVE),
    Rule("LV704", "UseCase", ("roi.target.value", "roi.target.by", "roi.reviewCadence"), stages=LIVE),
    Rule("LV811", "UseCase", ("architecture.reviewedOn",), stages=LIVE),
    Rule("LV1005", "UseCase", ("changeManagement.plan",), stages=LIVE),
)


def spectral(folder: Path) -> Path:
    """A ruleset for spectral; the path of it."""
    rules: dict[str, Any] = {}
    for rule in RULES:
        where = f"@property == 'spec' && @root.kind == '{rule.kind}'"
        if rule.stages:
            where += f" && ({' || '.join(f'@.stage == {stage!r}' for stage in rule.stages)})"
        check: dict[str, Any] = {"function": "truthy"}
        if rule.pattern:
            check = {"function": "pattern", "functionOptions": {"match": rule.pattern}}
        rules[rule.id] = {
            "given": f"$[?({where})]",
            "severity": "error",
            "message": rule.id,
            "then": [{"field": path if "." not in path else f"$.{path}"} | check for path in rule.paths],
        }
    path = folder / "spectral.json"
    path.write_text(json.dumps({"rules": rules}, indent=1), encoding="utf-8")
    return path


def checkov(folder: Path) -> Path:
    """A folder of custom policies for checkov, which are written as for Kubernetes."""
    policies = folder / "checkov"
    policies.mkdir(parents=True, exist_ok=True)
    for rule in RULES:
        (policies / f"{rule.id}.yaml").write_text(json.dumps(_policy(rule), indent=1), encoding="utf-8")
    return policies


def _policy(rule: Rule) -> dict[str, Any]:
    def attribute(path: str, operator: str, value: object = None) -> dict[str, Any]:
        said = {"cond_type": "attribute", "resource_types": [rule.kind], "attribute": path, "operator": operator}
        return said if value is None else said | {"value": value}

    must = [
        attribute(f"spec.{path}", "regex_match", rule.pattern)
        if rule.pattern
        else attribute(f"spec.{path}", "exists")
        for path in rule.paths
    ]
    definition: dict[str, Any] = {"and": must} if len(must) > 1 else must[0]
    if rule.stages:
        definition = {"or": [attribute("spec.stage", "not_within", list(rule.stages)), definition]}
    return {
        "metadata": {"id": f"CKV2_{rule.id}", "name": rule.id, "category": "GENERAL_SECURITY", "severity": "HIGH"},
        "definition": definition,
    }
