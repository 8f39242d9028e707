"""Policies x a rollout, resource by resource: what each of them comes to, and what that rests on.

Takes policies in force and a loaded rollout; gives one ``Judgement`` a resource, the same as ``Evaluator`` would,
and fast: a resource that passes costs one call a policy. No I/O. What a judgement read is kept, so that whoever
has one from before knows whether it still holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from penstock.course import JUDGED, PACKS, RULES, UNFOLLOWED, Course
from penstock.manifest.pairing import Pairing
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.model import Finding, Status
from penstock.policy.evaluate import Evaluator
from penstock.policy.functions import Function, functions
from penstock.policy.judge import Subject, whole
from penstock.policy.model import ROLLOUT_KIND, Policy
from penstock.policy.narrow import Narrow
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

BEFORE_STAGE, NOT_JUDGED, FAULT = 2, 4, 5
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
        self.unjudged = bytes([NOT_JUDGED]) * len(policies)
        waiting = bytearray(self.unjudged)
        for number, _, _, _ in self._steps:
            waiting[number] = BEFORE_STAGE
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
        self._whole = self._evaluator.functions
        self._reads = _Reads(functions(rollout, since, Narrow(self.policies)))
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
                status = self._at_length(plan.policies[number], subject)
                if outcome.faulty:
                    faulty.append(number)
                    outcome.faulty.clear()
            statuses[number] = status
        findings = tuple(outcome.findings)
        outcome.findings.clear()
        shared = self._shared.setdefault(bytes(statuses), bytes(statuses))
        return Judgement(shared, findings, self._reads.taken(), tuple(faulty))

    def _at_length(self, policy: Policy, subject: Subject) -> int:
        """The status of a policy that no check has answered for; what it finds is noted."""
        evaluator, findings = self._evaluator, self._evaluator.outcome.findings
        before = len(findings)
        status = evaluator.judge(policy, subject)
        if evaluator.outcome.faulty:
            # Words about a fault may tell of more than a policy can observe.
            del findings[before:]
            evaluator.functions = self._whole
            status = evaluator.judge(policy, subject)
            evaluator.functions = self._reads.functions
        return _NUMBERS[status]

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


def judgements(sweep: Sweep, resources: Sequence[Resource], course: Course = UNFOLLOWED) -> Iterator[Judgement]:
    """One for each resource, and behind them that of the rollout as a whole; each is made when it is asked for."""
    with course.part(RULES):
        yield from spread(resources, lambda piece: map(sweep.judge, piece), least=_WORTH, course=course)
        yield sweep.judge(None)
    course.count(JUDGED, len(resources) + 1)


_WORTH = 2_000
"""So many resources take about as long to judge as it takes to start a process and get its results."""
