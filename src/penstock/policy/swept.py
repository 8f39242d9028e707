"""The judgements of a whole rollout: what they come to by rule, and what was found.

Takes judgements one after the other, each let go once it is counted; gives ``Swept``. Must not judge anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain

from penstock.manifest.rollout import Rollout
from penstock.model import Finding, Status
from penstock.policy.judge import whole
from penstock.policy.model import Policy
from penstock.policy.sweep import FAULT, NOT_JUDGED, STATUSES, Judgement, Sweep
from penstock.record import dataclass, field


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What judgements come to: of thousands of resources, few have more than statuses."""

    statuses: list[bytes] = field(default_factory=list)
    """By the number of the resource, and behind them the rollout's."""
    findings: dict[int, tuple[Finding, ...]] = field(default_factory=dict)
    faulty: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def add(self, judgement: Judgement) -> None:
        """The next judgement."""
        number = len(self.statuses)
        self.statuses.append(judgement.statuses)
        if judgement.findings:
            self.findings[number] = judgement.findings
        if judgement.faulty:
            self.faulty[number] = judgement.faulty


def outcomes(made: Iterable[Judgement]) -> Outcomes:
    """What they come to."""
    found = Outcomes()
    for each in made:
        found.add(each)
    return found


def swept(rollout: Rollout, sweep: Sweep, made: Outcomes) -> Swept:
    """The judgements of a whole rollout."""
    return Swept(
        sweep,
        [*(each.id for each in rollout.resources), whole(rollout).id],
        made.statuses,
        chain.from_iterable(made.findings.values()),
        made.faulty,
    )


class Swept:
    """What a sweep gave, as a whole."""

    def __init__(
        self,
        sweep: Sweep,
        subjects: Sequence[str],
        statuses: Sequence[bytes],
        findings: Iterable[Finding],
        faulty: Mapping[int, Sequence[int]],
    ) -> None:
        """``subjects`` and ``statuses`` go together: the resources by id, then the rollout as a whole.

        ``faulty`` is as in ``Judgement``, by the number of the subject.
        """
        self.findings = tuple(findings)
        self._counts = Counter(statuses)  # a few different ones, for thousands of resources
        self.evaluations = sum(len(each) * count for each, count in self._counts.items())
        """How many times a policy was applied to a resource."""
        self.skipped = sum(each.count(NOT_JUDGED) * count for each, count in self._counts.items())
        """Of those, how many gave no verdict."""
        self._sweep = sweep
        self._subjects = subjects
        self._statuses = statuses
        self._faulty = faulty

    @cached_property
    def faulty(self) -> frozenset[str]:
        """The rules that could not be evaluated somewhere."""
        return frozenset(
            self._policies(self._subjects[subject])[number].rule.id
            for subject, numbers in self._faulty.items()
            for number in numbers
        )

    @cached_property
    def unjudged(self) -> frozenset[tuple[str, str]]:
        """Rule and resource where there is no verdict."""
        doubtful = {each for each in self._counts if NOT_JUDGED in each or FAULT in each}
        return frozenset(
            (policy.rule.id, subject)
            for subject, statuses in zip(self._subjects, self._statuses, strict=True)
            if statuses in doubtful
            for policy, status in zip(self._policies(subject), statuses, strict=True)
            if status >= NOT_JUDGED
        )

    def statuses(self) -> Mapping[str, Mapping[Status, Sequence[str]]]:
        """By rule, the resources by what became of them; made anew, for it is large."""
        groups: dict[str, list[tuple[str, bytes]]] = {}
        for subject, statuses in zip(self._subjects, self._statuses, strict=True):
            groups.setdefault(subject.partition("/")[0], []).append((subject, statuses))
        made: dict[str, dict[Status, list[str]]] = {}
        for policy in self._sweep.policies:
            by_status = made.setdefault(policy.rule.id, {})
            for kind in policy.kinds:
                number = self._sweep.of_kind(kind).index(policy)
                for subject, statuses in groups.get(kind, ()):
                    by_status.setdefault(STATUSES[statuses[number]], []).append(subject)
        return made

    def _policies(self, subject: str) -> Sequence[Policy]:
        return self._sweep.of_kind(subject.partition("/")[0])
