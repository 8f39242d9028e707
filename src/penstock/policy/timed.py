"""A sweep that notes what each rule takes.

Takes what a sweep takes and whoever follows the run; judges as the sweep does. Who wants no times makes the
sweep itself, which holds no clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from penstock.course import Course
from penstock.manifest.pairing import Pairing
from penstock.manifest.rollout import Rollout
from penstock.model import Status
from penstock.policy.judge import Subject
from penstock.policy.model import Policy
from penstock.policy.sweep import Sweep
from penstock.policy.verdict import ASK, Check


class TimedSweep(Sweep):
    """Notes the time that each rule takes, and how many times it was asked."""

    def __init__(
        self, rollout: Rollout, policies: Sequence[Policy], as_of: str, since: Pairing | None, course: Course
    ) -> None:
        super().__init__(rollout, policies, as_of, since)
        self._known = {rule: _timed(check, rule, course) for rule, check in self._known.items()}
        evaluator = self._evaluator
        judge, clock = evaluator.judge, course.clock

        def timed(policy: Policy, subject: Subject) -> Status:
            asked = course.asked(policy.rule.id)
            began = clock()
            try:
                return judge(policy, subject)
            finally:
                asked.nanoseconds += clock() - began
                asked.times += 1

        evaluator.judge = timed  # type: ignore[method-assign]


def _timed(check: Check, rule: str, course: Course) -> Check:
    asked, clock = course.asked(rule), course.clock

    def timed(data: Mapping[str, Any], constants: Mapping[str, object], functions: Mapping[str, Any]) -> int:
        began = clock()
        status = check(data, constants, functions)
        asked.nanoseconds += clock() - began
        # Otherwise it is asked once more, the long way.
        asked.times += status != ASK
        return status

    return timed
