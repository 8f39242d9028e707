"""What a review has to say, in the words and with the places that a policy's author needs.

Takes what has been found; gives remarks. Must not know how it was found.
"""

from __future__ import annotations

from enum import Enum

from penstock.cel.errors import Problem
from penstock.errors import PolicyError
from penstock.model import Path
from penstock.policy.model import Expression, Policy, Validation
from penstock.record import dataclass

_LONGEST = 100
_NO_MANIFEST = "no manifest fits, so the rule never applies"


class Level(str, Enum):
    """How much a remark weighs."""

    ERROR = "error"
    """So it is in every rollout, and cannot be meant."""
    WARNING = "warning"
    """It may be meant, or depends on what a rollout holds."""
    HINT = "hint"
    """Nothing is wrong; something may be superfluous."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What to tell the author, with its place in the policy file."""

    level: Level
    fault: PolicyError
    rule: str = ""
    """The id of the rule it is about, where it is told of two."""


def condition_never_true(expression: Expression, where: str) -> Remark:
    """A match condition that cannot hold; ``where`` says behind what, empty for nowhere at all."""
    return _at(Level.ERROR, expression, f"this match condition is never true{where}", _NO_MANIFEST)


def stage_never_reached(policy: Policy, kind: str) -> Remark:
    """A stage that no manifest of the kind can be at, by its schema."""
    return _at_field(Level.ERROR, policy, ("spec", "stage"), f"no {kind} is ever at this stage", _NO_MANIFEST)


def kind_never_meant(policy: Policy, kind: str) -> Remark:
    """One of several kinds for which the conditions cannot hold."""
    path: Path = ("spec", "match", "kinds", policy.kinds.index(kind))
    message = f"the rule never applies to a manifest of the kind {kind}"
    return _at_field(Level.WARNING, policy, path, message, "drop the kind, or mend the stage or the conditions")


def never_fails(validation: Validation, *, whole: bool) -> Remark:
    """A validation that cannot be false; ``whole``: none of the rule can."""
    message = "this check never fails where the rule applies"
    hint = "it holds by the schema, the stage or the match conditions: demand more, or drop it"
    if whole:
        return _at(Level.ERROR, validation.expression, f"{message}: the rule can never find anything", hint)
    return _at(Level.WARNING, validation.expression, message, hint)


def never_holds(validation: Validation) -> Remark:
    """A validation that cannot be true."""
    hint = "if that is meant, since the match conditions say it all, write `false`"
    return _at(Level.WARNING, validation.expression, "this check fails wherever the rule applies", hint)


def contradicts_itself(validation: Validation, other: Validation, kind: str) -> Remark:
    """Two validations of one rule."""
    message = f"no {kind} can pass both this check and the rule's own at {_place(other.expression)}"
    return _at(Level.ERROR, validation.expression, message, f"that one demands `{_short(other.expression)}`")


def contradiction(
    policy: Policy, other: Validation, validation: Validation, kind: str, *, certain: bool
) -> Remark:
    """A validation, and one of another policy; ``certain``: where one is checked the other is."""
    where = "" if certain else " where both apply"
    message = f"no {kind} can pass both this check and {_name(policy)}{where}"
    hint = f"{_place(other.expression)} demands `{_short(other.expression)}`"
    return _at(Level.ERROR if certain else Level.WARNING, validation.expression, message, hint)


def says_the_same(policy: Policy, other: Policy) -> Remark:
    """Two policies with the same conditions and validations."""
    message = f"the rule checks the same as {_name(other)}"
    return _first(Level.WARNING, policy, message, f"keep one of the two; the other is {_file(other)}")


def shadowed(policy: Policy, other: Policy) -> Remark:
    """A policy whose findings always come with one of another."""
    message = f"whatever this rule finds, {_name(other)} finds as well"
    hint = f"drop it, unless its own message, place or waivers matter; the other is {_file(other)}"
    return _first(Level.HINT, policy, message, hint)


def _first(level: Level, policy: Policy, message: str, hint: str) -> Remark:
    return _at(level, policy.validations[0].expression, message, hint, policy.rule.id)


def _at(level: Level, expression: Expression, message: str, hint: str, rule: str = "") -> Remark:
    text = expression.text
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    return Remark(level, expression.fault(Problem(message, start, end, hint)), rule)


def _at_field(level: Level, policy: Policy, path: Path, message: str, hint: str) -> Remark:
    document = policy.document
    span = document.locate(path).span
    file = document.file
    return Remark(level, PolicyError(message, file=file.path, span=span, hint=hint, frame=file.text))


def _name(policy: Policy) -> str:
    return f"{policy.rule.id} ({policy.rule.name})"


def _file(policy: Policy) -> str:
    return policy.document.file.path


def _place(expression: Expression) -> str:
    location = expression.location()
    start = location.span.start if location.span else None
    return f"{location.file}:{start.line}:{start.column}" if start else location.file


def _short(expression: Expression) -> str:
    text = " ".join(expression.text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
