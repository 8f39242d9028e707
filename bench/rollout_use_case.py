"""One use case of a generated rollout with what belongs to it: agents, budgets and the person who owns them.

Takes a place; gives the same manifests for the same one. It knows the names of the shared part, but not where
files are written, nor what is planted.
"""

from __future__ import annotations

from typing import Any

import rollout_company
from rollout_company import Manifest, manifest, person
from rollout_place import TOPICS, Place


def use_case(place: Place) -> Manifest:
    live = place.stage in ("pilot", "production")
    spec: dict[str, Any] = {
        "workflow": f"The {TOPICS[place.number % len(TOPICS)]} work of {place.unit}",
        "businessUnit": place.unit,
        "domain": "knowledge-work",
        "function": "operations",
        "stage": place.stage,
        "sponsor": person(f"head.{place.unit}"),
        "goLiveOn": "2026-06-01" if place.stage == "production" else "2027-04-05",
        "dataSources": [
            {
                "name": place.source(number),
                "permission": "write" if number == place.written else "read",
                "purpose": "Open cases",
            }
            for number in range(place.sources)
        ],
        "tasks": _tasks(place),
        "checkpoints": [
            {
                "name": "confirmation",
                "tasks": [task["name"] for task in _tasks(place)],
                "reviewer": person(f"lead.{place.unit}"),
                "businessUnit": place.unit,
                "when": "before-action",
            }
        ],
        "roi": _roi(place.stage),
    }
    if live:
        spec["pilot"] = _pilot(place.stage)
        spec["changeManagement"] = {
            "sponsor": person(f"head.{place.unit}"),
            "plan": "Three waves, two days of training, a weekly clinic",
            "trainingOn": "2026-05-11",
        }
        spec["architecture"] = {"reviewedOn": "2026-05-12", "document": f"docs/architecture/{place.name}.md"}
    spec["automation"] = {"sharePercent": 60, "coach": person(f"lead.{place.unit}")}
    title = f"{place.unit} {TOPICS[place.number % len(TOPICS)]}".capitalize()
    return manifest(f"{place.folder}/use-case.yaml", "UseCase", place.name, title, spec, 114)


def _tasks(place: Place) -> list[dict[str, Any]]:
    seated: dict[str, Any] = {
        "name": "assess-case",
        "description": "Read the whole case and propose what to do",
        "team": place.unit,
        "complexity": "high",
        "saturated": False,
        "repeatable": False,
        "deterministic": False,
        "highLeverage": True,
        "reliability": 0.86,
        "regulatedAccountability": False,
        "interface": "seated",
    }
    software = {"software": place.contract} if place.software else {}
    seated |= software | {
        "volume": {"runs": 600, "per": "P1M", "queriesPerRun": 4},
        "tokens": {"input": 40000, "output": 2000},
        "modelTier": place.tiers[place.number % 2] if len(place.tiers) > 1 else place.tiers[0],
    }
    if len(place.tiers) == 1:
        return [seated]
    routine = seated | {
        "name": "sort-case",
        "description": "Name the type and the urgency of a new case",
        "complexity": "low",
        "saturated": True,
        "repeatable": True,
        "deterministic": True,
        "highLeverage": False,
        "reliability": 0.985,
        "interface": "headless",
        "modelTier": place.tiers[2 + place.number % 2],
    }
    return [routine, seated]


def _roi(stage: str) -> dict[str, Any]:
    roi: dict[str, Any] = {
        "metric": {"name": "cycle-time", "unit": "days", "counts": "cycle-time", "direction": "decrease"},
        "baseline": {"value": 31, "measuredOn": "2025-09-30", "source": "Case history of a year"},
        "target": {"value": 14, "by": "2027-06-30"},
        "reviewCadence": "P1M",
    }
    if stage == "production":
        roi["measurements"] = [
            {"measuredOn": "2026-09-04", "value": 20.1, "source": "Monthly report"},
            {"measuredOn": "2026-11-05", "value": 17.8, "source": "Monthly report"},
        ]
    return roi


def _pilot(stage: str) -> dict[str, Any]:
    pilot: dict[str, Any] = {
        "scope": "Cases of two regions",
        "startedOn": "2025-11-03",
        "maxParticipants": 40,
        "differentiators": {
            name: {"rating": "medium", "evidence": "Measured over seven weeks"}
            for name in (
                "userFluency",
                "contextCompleteness",
                "outputVerifiability",
                "accessCleanliness",
                "errorRecovery",
            )
        },
    }
    if stage == "production":
        pilot["endedOn"] = "2026-02-27"
        pilot["findings"] = [
            {"name": "stable", "summary": "After seven weeks reviewers changed one case in a hundred"}
        ]
        pilot["decision"] = "scale"
        pilot["decidedOn"] = "2026-03-20"
    return pilot


def agent(place: Place, number: int) -> Manifest:
    name = place.agent(number)
    tiers = sorted({task["modelTier"] for task in _tasks(place)})
    spec: dict[str, Any] = {
        "useCase": place.name,
        "description": "Reads open cases and proposes what to do with each",
        "tasks": [task["name"] for task in _tasks(place)],
        "fteOwner": place.fte,
        "autonomy": "act-with-approval",
        **({"platform": rollout_company.PLATFORM} if place.software else {}),
        "modelAccess": {"via": "gateway", "gateway": "model-router", "tiers": tiers},
        "tools": [
            {
                "name": "case-search",
                "description": "Finds and opens open cases",
                "dataSources": [
                    {"name": place.source(source), "permission": "read"} for source in range(min(2, place.sources))
                ],
            }
        ],
        "guardrails": {"input": ["Only open cases"], "output": ["Every proposal cites its record"]},
        "stopgap": {
            "killSwitch": "Switch the agent off in the gateway console",
            "operators": [person(place.fte), person(f"lead.{place.unit}")],
        },
        "conditions": {"start": "A case arrives", "stop": "A tool fails twice", "done": "The case has a proposal"},
        "customerFacing": False,
        "revalidations": [
            {
                "validatedOn": "2026-09-10",
                "model": rollout_company.TIERS[tier][0][0][0],
                "tier": tier,
                "by": person(place.fte),
            }
            for tier in tiers
        ],
    }
    return manifest(
        f"{place.folder}/agent-{number}.yaml", "Agent", name, f"Agent {number} of {place.name}", spec, 114
    )


def fte(place: Place) -> Manifest:
    spec = {
        "person": person(place.fte),
        "employment": "internal",
        "businessUnit": place.unit,
        "sourcing": "repositioned-engineer",
        "allocationPercent": 80,
        "duties": ["workflow-understanding", "wiring", "checkpoints", "re-optimization"],
        "engagement": {"type": "sustaining", "startsOn": "2026-02-02"},
    }
    return manifest(f"{place.folder}/owner.yaml", "FteOwner", place.fte, f"Owner in {place.unit}", spec)


def budget(place: Place, number: int) -> Manifest:
    purpose = ("running", "evaluation")[number]
    holders = [person(f"head.{place.unit}"), person(place.fte)]
    spec = {
        "useCase": place.name,
        "owner": {
            "budget": "line-of-business",
            "costCenter": f"CC-{place.number:05}",
            "accountable": person(f"head.{place.unit}"),
        },
        "currency": "USD",
        "budgetDuration": "P1M",
        "maxBudget": 9000,
        "softBudget": 6000,
        "maxPerRun": 3,
        "maxPerQuery": 0.8,
        "attribution": {"task": "tag task", "team": "tag team", "workflow": "tag use case"},
        "allocations": [
            {"name": purpose, "team": place.unit, "task": "assess-case", "amount": 5000},
            {"name": "re-validation", "team": place.unit, "amount": 1500},
        ],
        "forecast": {"amount": 4200, "madeOn": "2026-03-20", "basis": "Tokens of the last quarter"},
        "alerts": [
            {"atPercent": 65, "action": "notify", "notify": holders},
            {"atPercent": 100, "action": "stop", "notify": holders},
        ],
        "notices": [
            {"audience": "cfo", "recipient": person("cfo"), "shownOn": "2026-04-14", "amount": 4200},
            {
                "audience": "line-of-business-head",
                "recipient": holders[0],
                "shownOn": "2026-04-09",
                "amount": 4200,
            },
        ],
    }
    name = f"{place.name}-{purpose}"
    return manifest(f"{place.folder}/budget-{purpose}.yaml", "TokenBudget", name, f"Spend: {purpose}", spec, 114)
