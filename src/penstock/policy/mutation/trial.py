"""Examples against mutants: which changes to a policy nobody would notice.

Takes a policy and its pack's example base; gives how many mutants there are and those that survive. A mutant is
killed by the first example that gives other findings than it lists, a failed evaluation among them.
"""

from __future__ import annotations

from types import MappingProxyType

from penstock.cel import Engine
from penstock.policy.evaluate import Evaluator, Outcome
from penstock.policy.examples import Failure, Loaded, differences, failures, load_example
from penstock.policy.load import expressions_of
from penstock.policy.model import ExampleBase, Policy
from penstock.policy.mutation.mutants import Mutant, mutants
from penstock.record import dataclass, replace


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a policy's mutants. With ``failures``, examples that do not hold, none has been tried."""

    policy: Policy
    mutants: int
    survivors: tuple[Mutant, ...]
    failures: tuple[Failure, ...] = ()

    @property
    def killed(self) -> int:
        """How many mutants an example noticed."""
        return self.mutants - len(self.survivors)


def try_policy(policy: Policy, base: ExampleBase, engine: Engine) -> Result:
    """Try every mutant of a policy that ``engine`` has compiled."""
    loaded = [load_example(example, base) for example in (*policy.good, *policy.bad)]
    failing = tuple(failures(policy, base, loaded))
    if failing:
        return Result(policy, 0, (), failing)
    trials = [_Trial(each, base) for each in loaded]
    count = 0
    survivors: list[Mutant] = []
    for mutant in mutants(policy, expressions_of(policy, engine)):
        count += 1
        killer = next((trial for trial in trials if trial.kills(mutant.policy)), None)
        if killer is None:
            survivors.append(mutant)
        else:  # the next mutant is likely to be another change to the same expression
            trials.remove(killer)
            trials.insert(0, killer)
    return Result(policy, count, tuple(survivors))


class _Trial:
    """One example, ready to judge any number of mutants: its rollout is loaded once."""

    def __init__(self, loaded: Loaded, base: ExampleBase) -> None:
        self._example = loaded.example
        self._evaluator = Evaluator(loaded.rollout, loaded.example.as_of or base.as_of, loaded.pairing)

    def kills(self, policy: Policy) -> bool:
        """Whether the policy gives anything else than the example says."""
        evaluator = self._evaluator
        evaluator.outcome = Outcome()
        values = MappingProxyType({**policy.values, **self._example.params})
        evaluator.apply(replace(policy, values=values))
        return any(True for _ in differences(self._example, evaluator.outcome))
