"""One function a policy that answers for the manifests with which all is well, which are most.

Takes policies; gives for each a function of a manifest, the policy's constants and the functions of the rollout.
What it says for certain is what ``Evaluator`` would say; ``ASK`` leaves it to that: then something is violated, or
cannot be told. It raises nothing, and does not ask for the stage of the use case that the manifest itself names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from penstock.cel.fast.code import Code
    from penstock.cel.fast.decision import Question, Term
    from penstock.policy.model import Expression, Policy

PASSED, NOT_APPLICABLE, BEFORE_STAGE, ASK = 0, 1, 2, 3

Check = Callable[[Mapping[str, Any], Mapping[str, object], Mapping[str, Callable[..., object]]], int]
"""Of a manifest, ``params``, ``organization`` and ``asOf`` by name, and the functions."""


def checks(policies: Iterable[Policy]) -> Mapping[str, Check]:
    """The functions, by the rule's id. A policy whose expressions another engine compiled has none."""
    given = tuple(policies)
    kept = {policy.rule.id: policy.check for policy in given if policy.check is not None}
    missing = [policy for policy in given if policy.check is None and _is_suitable(policy)]
    made = write(missing).functions() if missing else {}
    return {**kept, **made}  # type: ignore[dict-item]  # a decision takes what a check does


def write(policies: Iterable[Policy]) -> Code:
    """The functions as code that can be kept, each by its rule's id."""
    from penstock.cel.fast.decision import generate

    return generate({policy.rule.id: _question(policy) for policy in policies if _is_suitable(policy)})


def _is_suitable(policy: Policy) -> bool:
    expressions = [
        *(validation.expression for validation in policy.validations),
        *policy.variables.values(),
        *(expression for _, expression in policy.conditions),
    ]
    return not policy.is_change_rule and all(hasattr(each.program, "resolution") for each in expressions)


def _question(policy: Policy) -> Question:
    from penstock.cel.fast.decision import Question

    gate = policy.stage.use_case if policy.stage is not None else None
    items = policy.for_each.expression if policy.for_each is not None else None
    return Question(
        conditions=tuple(_term(expression) for _, expression in policy.conditions),
        validations=tuple(_term(validation.expression) for validation in policy.validations),
        variables={name: _term(expression) for name, expression in policy.variables.items()},
        gate=_term(gate) if gate is not None else None,
        stages=policy.stage.stages if policy.stage is not None else (),
        path=policy.for_each.path if policy.for_each is not None else (),
        items=_term(items) if items is not None else None,
    )


def _term(expression: Expression) -> Term:
    from penstock.cel.fast.decision import Term

    program: Any = expression.program
    return Term(program.expression, program.resolution, program.types)
