"""Which findings two judgings share. The message is no help alone: it may name the stage or the day.

Takes findings, gives those that one side has and the other lacks. A finding is known again by its rule and place,
and where a rule finds several things at one place, by how many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from penstock.model import Finding

Place = tuple[str, str | None, str, tuple[object, ...]]


def place(finding: Finding) -> Place:
    """What stays the same of a finding when the stage or the day changes."""
    where = finding.location
    return (finding.rule, where.resource, where.file, where.path)


def beyond(findings: Iterable[Finding], known: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that are more than those already known, in their order."""
    known = tuple(known)
    spoken = {(place(finding), finding.message) for finding in known}
    left = Counter(map(place, known))
    fresh: list[Finding] = []
    for finding in findings:
        if (place(finding), finding.message) in spoken:
            left[place(finding)] -= 1
        else:
            fresh.append(finding)
    result = []
    for finding in fresh:
        if left[place(finding)] > 0:
            left[place(finding)] -= 1
        else:
            result.append(finding)
    return tuple(result)
