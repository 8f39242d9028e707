"""What will be wrong once a parameter has its coming value: findings a step less severe, with the date.

Takes the policies in force and what they find today; gives the findings that a later value adds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from penstock.lint.changed import identity
from penstock.model import Finding
from penstock.policy import Evaluator, Policy
from penstock.policy.effective import lowered
from penstock.record import replace


def upcoming_findings(policies: Sequence[Policy], today: Sequence[Finding], fresh: Evaluator) -> Iterator[Finding]:
    """The findings that appear when parameters change, each told for the first date that brings it.

    ``today`` is what the policies find as they are in force; ``fresh`` is an evaluator that has applied nothing.
    """
    dated = [policy for policy in policies if policy.upcoming]
    if not dated:
        return
    known = {identity(found) for found in today}
    for policy in dated:
        for change in policy.upcoming:
            evaluator = fresh.again()
            evaluator.apply(replace(policy, values=change.values))
            for found in evaluator.outcome.findings:
                if identity(found) not in known:
                    message = f"from {change.begins} on, when {change.said}: {found.message}"
                    yield replace(found, severity=lowered(found.severity), message=message)
            known.update(map(identity, evaluator.outcome.findings))
