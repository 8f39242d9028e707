"""What of a check concerns a change: the findings in what it touches, also through references, and new ones.

Takes the pairing of the rollout before and after, and the findings of both; gives those to show. Nothing that a
change breaks is left out: a finding that was not there before is always shown, wherever it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from penstock.manifest.pairing import Pairing
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.model import Finding

Identity = tuple[str, str, str]
"""What makes a finding the same one before and after: rule, resource (or file), path in words."""


def touched(pairing: Pairing) -> frozenset[str]:
    """The ids (``Kind/name``) of the resources that a change touches.

    Those added or changed and, one reference away in either direction, those that refer to them or that they refer
    to; also the ones that stood beside what was removed.
    """
    found: set[str] = set()
    for resource in (*pairing.added, *(new for _, new in pairing.changed)):
        found.add(resource.id)
        found.update(near.id for near in _beside(pairing.new, resource))
    for old in (*pairing.removed, *(old for old, _ in pairing.changed)):
        for near in _beside(pairing.old, old):
            now = pairing.new_of(near)
            if now is not None:
                found.add(now.id)
    return frozenset(found)


def concerning(
    findings: Iterable[Finding], touched: frozenset[str], before: Iterable[Finding]
) -> Iterator[Finding]:
    """The findings in touched resources, and those that were not there before."""
    known = Counter(map(identity, before))
    for found in findings:
        key = identity(found)
        known[key] -= 1
        if found.location.resource in touched or known[key] < 0:
            yield found


def identity(found: Finding) -> Identity:
    """The finding without its place in a file and its words, which change with neither cause nor cure."""
    where = found.location
    if where.resource is None and any(isinstance(part, int) for part in where.path):
        # An entry of a list, as of the baseline: its number changes with every entry that is put before it.
        return found.rule, f"file:{where.file}", found.message
    return found.rule, where.resource or f"file:{where.file}", where.path_text


def _beside(rollout: Rollout, resource: Resource) -> Iterator[Resource]:
    yield from rollout.referrers(resource)
    yield from (edge.target for edge in rollout.edges_from(resource) if edge.target is not None)
