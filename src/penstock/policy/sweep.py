"""Policies x a rollout, resource by resource: what each of them comes to, and what that rests on.

Takes policies in force and a loaded rollout; gives one ``Judgement`` a resource, the same as ``Evaluator`` would,
and fast: a resource that passes costs one call a policy. No I/O. What a judgement read is kept, so that whoever
has one from before knows whether it still holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from penstock.course import JUDGED, PACKS, RULES, UNFOLLOWED, Course
from penstock.manifest.pairing import Pairing
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.model import Finding, Status
from penstock.policy.evaluate import Evaluator
from penstock.policy.functions import Function
from penstock.policy.judge import Subject, whole
from penstock.policy.model import ROLLOUT_KIND, Policy
from penstock.policy.verdict import ASK, Check, checks
from penstock.processes import spread

STATUSES = (
    Status.PASSED,
    Status.NOT_APPLICABLE,
    Status.BEFORE_STAGE,
    Status.FAILED,
    Status.NOT_JUDGED,
    Status.FAULT,
)
"""A status by its number; the first three as ``verdict`` numbers them."""

_BEFORE_STAGE, _NOT_JUDGED, _FAULT = 2, 4, 5
_NUMBERS = {status: number for number, status in enumerate(STATUSES)}

Key = tuple[Any, ...]
"""What a judgement read: ``(kind, name)`` a manifest, ``(kind,)`` all of a kind, ``(kind, name, of)`` those of the
kind ``of`` that refer to it; the last two with fields and values behind, where only those that have them were."""


class Judgement(NamedTuple):
    """What the policies of its kind said of one resource."""

    statuses: bytes
    """One number a policy of the kind, in the order of the policies: an index into ``STATUSES``."""
    findings: tuple[Finding, ...] = ()
    reads: tuple[Key, ...] = ()
    faulty: tuple[int, ...] = ()
    """The policies, by their place among those of the kind, that could not be evaluated somewhere."""


class _Plan:
    """The policies of one kind, by the stage at which they apply."""

    def __init__(self, policies: Sequence[Policy], evaluator: Evaluator, known: Mapping[str, Check]) -> None:
        self.policies = policies
        constants = evaluator.base
        self._steps = [
            (number, known.get(policy.rule.id), {"params": dict(policy.values), **constants}, _gate(policy))
            for number, policy in enumerate(policies)
            if policy.reads.isdisjoint(evaluator.unusable)
        ]
        self.unjudged = bytes([_NOT_JUDGED]) * len(policies)
        waiting = bytearray(self.unjudged)
        for number, _, _, _ in self._steps:
            waiting[number] = _BEFORE_STAGE
        self.waiting = bytes(waiting)
        self.gated = any(gate is not None for _, _, _, gate in self._steps)
        self._at: dict[object, list[tuple[int, Check | None, dict[str, object]]]] = {}

    def at(self, stage: object) -> list[tuple[int, Check | None, dict[str, object]]]:
        """What applies at a stage; ``ANY`` for all that could."""
        steps = self._at.get(stage)
        if steps is None:
            steps = [
                (number, None if stage is ANY and gate is not None else check, constants)
                for number, check, constants, gate in self._steps
                if gate is None or stage is ANY or stage in gate
            ]
            self._at[stage] = steps
        return steps


ANY = object()
"""The stage of a resource whose use case cannot be followed: whatever applies must be asked the long way."""


def _gate(policy: Policy) -> frozenset[str] | None:
    """The stages that a policy waits for, where the use case is the one that the manifest names."""
    return policy.stage.stages if policy.stage is not None and policy.stage.use_case is None else None


class Sweep:
    """Judges the resources of one rollout, in whatever order."""

    def __init__(
        self, rollout: Rollout, policies: Sequence[Policy], as_of: str, since: Pairing | None = None
    ) -> None:
        self.policies = tuple(policy for policy in policies if since is not None or not policy.is_change_rule)
        self._rollout = rollout
        self._evaluator = Evaluator(rollout, as_of, since)
        self._reads = _Reads(self._evaluator.functions)
        self._evaluator.functions = self._reads.functions
        self._known = checks(self.policies)
        self._plans: dict[str, _Plan] = {}
        self._shared: dict[bytes, bytes] = {}

    def of_kind(self, kind: str) -> Sequence[Policy]:
        """The policies that are asked of a kind, in the order of a judgement's statuses."""
        return self._plan(kind).policies

    def judge(self, resource: Resource | None) -> Judgement:
        """What the policies say of a resource; of the rollout as a whole for None."""
        rollout, plan = self._rollout, self._plan(resource.kind if resource is not None else ROLLOUT_KIND)
        if resource is not None and not resource.valid:
            return Judgement(plan.unjudged)
        if not plan.policies:
            return _NOTHING
        subject = whole(rollout) if resource is None else Subject(resource.data, resource, rollout)
        data, functions = subject.data, self._reads.functions
        self._reads.clear()
        outcome = self._evaluator.outcome
        statuses = bytearray(plan.waiting)
        faulty: list[int] = []
        for number, check, constants in plan.at(self._stage(plan, data)):
            status = check(data, constants, functions) if check is not None else ASK
            if status == ASK:
                status = _NUMBERS[self._evaluator.judge(plan.policies[number], subject)]
                if outcome.faulty:
                    faulty.append(number)
                    outcome.faulty.clear()
            statuses[number] = status
        findings = tuple(outcome.findings)
        outcome.findings.clear()
        shared = self._shared.setdefault(bytes(statuses), bytes(statuses))
        return Judgement(shared, findings, self._reads.taken(), tuple(faulty))

    def _plan(self, kind: str) -> _Plan:
        plan = self._plans.get(kind)
        if plan is None:
            policies = [policy for policy in self.policies if kind in policy.kinds]
            plan = self._plans[kind] = _Plan(policies, self._evaluator, self._known)
        return plan

    def _stage(self, plan: _Plan, data: Mapping[str, Any]) -> object:
        """The stage of the use case that a manifest is, or is of; None when it is of none."""
        if not plan.gated:
            return None
        try:
            if data["kind"] != "UseCase":
                name = data["spec"].get("useCase")
                if not isinstance(name, str):
                    return None
                data = self._reads.functions["ref"](name, "UseCase")  # type: ignore[assignment]
            stage = data["spec"]["stage"]
        except Exception:  # whatever is odd about it, the long way knows what to say
            return ANY
        return stage if isinstance(stage, str) else ANY


def sweep_for(
    rollout: Rollout,
    policies: Sequence[Policy],
    as_of: str,
    since: Pairing | None = None,
    *,
    course: Course = UNFOLLOWED,
) -> Sweep:
    """A sweep as the one who follows the run wants it: without one, it holds no clock."""
    with course.part(PACKS):
        if course.closely:
            from penstock.policy.timed import TimedSweep

            return TimedSweep(rollout, policies, as_of, since, course)
        return Sweep(rollout, policies, as_of, since)


class _Reads:
    """The functions by which policies look at other manifests, and what was read through them."""

    def __init__(self, functions: Mapping[str, Function]) -> None:
        self._keys: dict[Key, None] = {}
        self._known: dict[Key, Key] = {}
        self._followed: dict[Key, object] = {}
        self.functions = {
            **functions,
            "ref": self._ref(functions["ref"]),
            "referrers": self._referrers(functions["referrers"]),
            "resources": self._resources(functions["resources"]),
        }

    def clear(self) -> None:
        """Forget what was read."""
        self._keys.clear()
        self._followed.clear()

    def taken(self) -> tuple[Key, ...]:
        """What was read. Many read the same: equal keys are one."""
        known = self._known
        return tuple(known.setdefault(key, key) for key in self._keys)

    def _ref(self, inner: Function) -> Function:
        keys, followed = self._keys, self._followed

        def ref(name: object, kind: object) -> object:
            key = (kind, name)
            try:
                return followed[key]
            except (KeyError, TypeError):
                pass
            if isinstance(name, str) and isinstance(kind, str):
                keys[key] = None
            value = inner(name, kind)
            followed[key] = value
            return value

        return ref

    def _referrers(self, inner: Function) -> Function:
        keys = self._keys

        def referrers(target: object, *asked: object) -> object:
            keys[_target(target) + _asked(asked)] = None
            return inner(target, *asked)

        return referrers

    def _resources(self, inner: Function) -> Function:
        keys = self._keys

        def resources(*asked: object) -> object:
            keys[_asked(asked)] = None
            return inner(*asked)

        return resources


def _target(target: object) -> Key:
    if isinstance(target, Mapping):
        metadata = target.get("metadata")
        return (target.get("kind"), metadata.get("name") if isinstance(metadata, Mapping) else None)
    return (None, None)


def _asked(asked: Sequence[object]) -> Key:
    """A kind, and the fields and values that were asked for, as a key; without those that are no scalars."""
    kind = asked[0] if asked else None
    wheres = (where for where in asked[1:] if isinstance(where, Mapping))
    fields = tuple((str(path), value) for where in wheres for path, value in where.items())
    if not fields or any(isinstance(value, (list, tuple, Mapping)) for _, value in fields):
        return (kind,)
    return (kind, fields)


_NOTHING = Judgement(b"")


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
        self.evaluations = sum(map(len, statuses))
        """How many times a policy was applied to a resource."""
        self.skipped = sum(each.count(_NOT_JUDGED) for each in statuses)
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
        return frozenset(
            (policy.rule.id, subject)
            for subject, statuses in zip(self._subjects, self._statuses, strict=True)
            if _NOT_JUDGED in statuses or _FAULT in statuses
            for policy, status in zip(self._policies(subject), statuses, strict=True)
            if status >= _NOT_JUDGED
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


def judgements(sweep: Sweep, resources: Sequence[Resource], course: Course = UNFOLLOWED) -> list[Judgement]:
    """One for each resource, and behind them that of the rollout as a whole."""
    with course.part(RULES):
        made = spread(resources, lambda piece: [sweep.judge(each) for each in piece], least=_WORTH, course=course)
        course.count(JUDGED, len(resources) + 1)
        return [*made, sweep.judge(None)]


def swept(rollout: Rollout, sweep: Sweep, made: Sequence[Judgement]) -> Swept:
    """The judgements of a whole rollout."""
    return Swept(
        sweep,
        [*(each.id for each in rollout.resources), whole(rollout).id],
        [each.statuses for each in made],
        (found for each in made for found in each.findings),
        {number: each.faulty for number, each in enumerate(made) if each.faulty},
    )


_WORTH = 2_000
"""So many resources take about as long to judge as it takes to start a process and get its results."""
