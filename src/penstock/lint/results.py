"""What became of every rule on every resource: an auditor's evidence, made from what policies and exceptions gave.

Takes the statuses that an evaluation noted and the findings, parted; gives one ``RuleResult`` a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import overload

from penstock.lint.excusing import Parted
from penstock.manifest.integrity import RULES
from penstock.manifest.rollout import Rollout
from penstock.model import ExcuseKind, RuleResult, Status

_EXCUSED = {
    ExcuseKind.SUPPRESSION: Status.SUPPRESSED,
    ExcuseKind.WAIVER: Status.WAIVED,
    ExcuseKind.BASELINE: Status.BASELINED,
}
_OF_RESOURCES = frozenset({"LV002", "LV004", "LV005", "LV006", "LV007"})
"""The integrity rules that every manifest passes that has no finding of them."""


class Results(Sequence[RuleResult]):
    """Results that are made when somebody looks at them: most runs show none, and they are large."""

    def __init__(self, make: Callable[[], Iterable[RuleResult]]) -> None:
        self._make = make

    @cached_property
    def _all(self) -> tuple[RuleResult, ...]:
        return tuple(self._make())

    def __len__(self) -> int:
        return len(self._all)

    @overload
    def __getitem__(self, index: int) -> RuleResult: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[RuleResult, ...]: ...
    def __getitem__(self, index: int | slice) -> RuleResult | tuple[RuleResult, ...]:
        return self._all[index]


Statuses = Mapping[str, Mapping[Status, Iterable[str]]]
"""By rule, the resources by what became of them, exceptions apart."""


def rule_results(
    rollout: Rollout, statuses: Statuses, rules: Iterable[str], parted: Parted
) -> Iterator[RuleResult]:
    """One result for each of the ``rules`` (ids), integrity rules among them, in their order."""
    counted = {(found.rule, found.location.resource or found.location.file) for found in parted.standing}
    excused = {
        (each.finding.rule, each.finding.location.resource or each.finding.location.file): each.excuse.kind
        for each in reversed(parted.excused)
    }
    for rule in rules:
        resources: dict[Status, list[str]] = {}
        for status, ids in (
            statuses.get(rule, {}).items() if rule not in RULES else _integrity(rollout, rule, parted)
        ):
            for resource in ids:
                excuse = excused.get((rule, resource)) if (rule, resource) not in counted else None
                final = _EXCUSED[excuse] if status is Status.FAILED and excuse else status
                resources.setdefault(final, []).append(resource)
        kept = {status: tuple(resources[status]) for status in Status if status in resources}
        yield RuleResult(rule, rollout.name, MappingProxyType(kept))


def _integrity(rollout: Rollout, rule: str, parted: Parted) -> Iterator[tuple[Status, Iterable[str]]]:
    """What an integrity rule says: nothing of what it did not look at."""
    found = (*parted.standing, *(each.finding for each in parted.excused))
    failed = dict.fromkeys(each.location.resource or each.location.file for each in found if each.rule == rule)
    yield Status.FAILED, failed
    if rule in _OF_RESOURCES:
        yield Status.PASSED, [each.id for each in rollout.resources if each.id not in failed]
