"""The next actions: what removes the obstacles of a use case, in the framework's order.

Takes obstacles, gives actions. Findings of one rule that one person takes care of are one action.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from penstock.model import Rule, Severity
from penstock.plan.model import Action, Obstacle, Owner
from penstock.policy.model import STAGES
from penstock.record import replace

_END = re.compile(r"(?<=[\w)\]`\"'][.!]) (?=[A-Z`])")
_OR_BACK = re.compile(r"[,;]? or (?:take|move|put) the (?:agent's )?use case back to [^.;]*")
_BACK_FIRST = re.compile(r"(?:Take|Move|Put) the use case back to (?:stage )?(\w+) (until|and) (.*)")

_ALTERNATIVE = re.compile("(?:If|Until|Otherwise|Where|Or) ")
_SHORT = 160
_NAMED = 3


def actions(obstacles: Iterable[Obstacle], rules: Mapping[str, Rule]) -> tuple[Action, ...]:
    """What to do: what blocks before what does not, by step, what is due at once before what is due later."""
    groups: dict[tuple[object, ...], list[Obstacle]] = {}
    for each in obstacles:
        if each.blocking or each.finding.severity is Severity.WARNING:
            key = (each.finding.rule, each.blocking, each.stage, each.owner.person or each.owner, each.resolves_on)
            groups.setdefault(key, []).append(each)
    made = [_action(rules[group[0].finding.rule], group) for group in groups.values()]
    return tuple(sorted(made, key=_order))


def _action(rule: Rule, group: Sequence[Obstacle]) -> Action:
    one = group[0]
    what = _what(rule, one.stage)
    return Action(rule.step, rule, what, _owner(group), tuple(group), one.blocking, one.stage, one.resolves_on)


def _owner(group: Sequence[Obstacle]) -> Owner:
    """The owner of all, in every capacity that makes them so."""
    capacities = list(dict.fromkeys(each.owner.capacity for each in group))
    if len(capacities) > _NAMED + 1:
        capacities[_NAMED:] = [f"and of {len(capacities) - _NAMED} more"]
    return replace(group[0].owner, capacity=", ".join(capacities))


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph, its lines joined."""
    return [each for each in _END.split(" ".join(text.split())) if each]


def _what(rule: Rule, stage: str | None) -> str:
    """The first piece of advice, and the second where both are short."""
    first, *others = sentences(rule.remediation) or [rule.title]
    if stage is not None:
        first = forward(first)
    together = f"{first} {others[0]}" if others and not _ALTERNATIVE.match(others[0]) else first
    return together if len(together) <= _SHORT else first


def forward(advice: str) -> str:
    """Advice without its way back: a use case that is not at the stage yet need not leave it."""
    advice = _OR_BACK.sub("", advice)
    back = _BACK_FIRST.fullmatch(advice)
    if back is None:
        return advice
    stage, joined, rest = back.groups()
    return f"See to it that {rest}" if joined == "until" else f"Stay at stage {stage} and {rest}"


def _order(action: Action) -> tuple[object, ...]:
    stage = STAGES.index(action.stage) + 1 if action.stage in STAGES else 0
    first = action.obstacles[0].finding
    return (not action.blocking, action.step, stage, action.rule.id, first.sort_key)
