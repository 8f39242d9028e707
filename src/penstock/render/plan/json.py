"""Everything a plan holds, for programs: by the published schema ``schemas/plan/v1``.

Every key is always present, in one order; what does not apply is null or empty. Findings have the shape that a
report gives them.
"""

from __future__ import annotations

from typing import Any

from penstock.model import STEPS
from penstock.plan import Action, Obstacle, Owner, Plan, Readiness, Step, Upcoming, UseCasePlan
from penstock.render.json import finding, location
from penstock.render.serialize import json_text

API_VERSION = "plan/v1"


def render(plan: Plan) -> str:
    """The plan as JSON, two spaces deep, with a final newline."""
    return json_text(
        {
            "apiVersion": API_VERSION,
            "tool": {"name": "penstock", "version": plan.version},
            "rollout": plan.rollout,
            "asOf": plan.as_of,
            "horizon": plan.horizon,
            "useCases": [_use_case(case) for case in plan.use_cases],
            "elsewhere": [finding(each) for each in plan.elsewhere],
        }
    )


def _use_case(case: UseCasePlan) -> dict[str, Any]:
    return {
        "name": case.name,
        "title": case.title,
        "stage": case.stage,
        "location": location(case.location),
        "goesLiveOn": case.goes_live_on,
        "readiness": [_readiness(ready) for ready in case.readiness],
        "steps": [_step(step) for step in case.steps],
        "actions": [_action(action) for action in case.actions],
        "upcoming": [_upcoming(each) for each in case.upcoming],
    }


def _readiness(ready: Readiness) -> dict[str, Any]:
    return {
        "stage": ready.stage,
        "ready": ready.ready,
        "toMend": len(ready.open),
        "toWaitFor": len(ready.blockers) - len(ready.open),
        "earliest": ready.earliest,
        "unjudged": list(ready.unjudged),
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "step": step.number,
        "title": STEPS[step.number],
        "state": step.state.value,
        "note": step.note,
        "examined": list(step.examined),
        "obstacles": [_obstacle(obstacle) for obstacle in step.obstacles],
    }


def _obstacle(obstacle: Obstacle) -> dict[str, Any]:
    return {
        "stage": obstacle.stage,
        "blocking": obstacle.blocking,
        "resolvesOn": obstacle.resolves_on,
        "owner": _owner(obstacle.owner),
        "finding": finding(obstacle.finding),
    }


def _action(action: Action) -> dict[str, Any]:
    return {
        "step": action.step,
        "rule": action.rule.id,
        "name": action.rule.name,
        "what": action.what,
        "remediation": action.rule.remediation,
        "blocking": action.blocking,
        "stage": action.stage,
        "resolvesOn": action.resolves_on,
        "owner": _owner(action.owner),
        "findings": [finding(obstacle.finding) for obstacle in action.obstacles],
    }


def _upcoming(each: Upcoming) -> dict[str, Any]:
    return {
        "on": each.on,
        "blocking": each.blocking,
        "owner": _owner(each.owner),
        "finding": finding(each.finding),
    }


def _owner(owner: Owner) -> dict[str, Any]:
    return {"person": owner.person, "capacity": owner.capacity, "missing": owner.missing}
