"""The sequenced action plan of a rollout: what is done, what blocks the next stage, who does what next."""

from penstock.plan.model import (
    STEP_NUMBERS,
    Action,
    Obstacle,
    Owner,
    Plan,
    Readiness,
    State,
    Step,
    Upcoming,
    UseCasePlan,
)
from penstock.plan.planning import plan

__all__ = [
    "STEP_NUMBERS",
    "Action",
    "Obstacle",
    "Owner",
    "Plan",
    "Readiness",
    "State",
    "Step",
    "Upcoming",
    "UseCasePlan",
    "plan",
]
