"""Which rules a run checks, how much each weighs and with which parameters.

Takes policies and what the configuration and the command line say of them; gives the policies in force. A word
that names no rule is an error, never ignored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from penstock.errors import UsageError
from penstock.model import Rule, Severity
from penstock.policy.effective import on_date
from penstock.policy.model import Param, Policy
from penstock.policy.override import Override
from penstock.record import dataclass, field, replace
from penstock.suggest import did_you_mean

_TYPES: Mapping[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
    "boolean": (bool,),
    "array": (list,),
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rules a run checks. Tokens: ``ALL``, an id, a name, ``step:8``, ``severity:error``, ``pack:levie``."""

    select: Sequence[str] = ("ALL",)
    ignore: Sequence[str] = ()
    overrides: Mapping[str, Override] = field(default_factory=lambda: MappingProxyType({}))
    """By rule id or name."""

    def override(self, rule: Rule) -> Override:
        """What the configuration says of a rule."""
        return self.overrides.get(rule.id) or self.overrides.get(rule.name) or Override()


def matches(rule: Rule, token: str) -> bool:
    """Whether a selection token names this rule."""
    if token in {"ALL", rule.name} or token.upper() == rule.id:
        return True
    word, _, value = token.partition(":")
    return (
        (word == "step" and value == str(rule.step))
        or (word == "severity" and value == rule.severity.value)
        or (word == "pack" and value == rule.pack)
    )


def check_token(token: str, rules: Collection[Rule]) -> None:
    """The token names at least one rule.

    Raises:
        UsageError: it does not; with the nearest that would.
    """
    # A severity is one of three words, whichever rules have it: the configuration may change that.
    severities = {f"severity:{severity.value}" for severity in Severity}
    if token == "ALL" or token in severities or any(matches(rule, token) for rule in rules):
        return
    known = [word for rule in rules for word in (rule.id, rule.name, f"step:{rule.step}")]
    hint = did_you_mean(token, known) or "`penstock rules` lists the rules"
    raise UsageError(f"no rule is selected by `{token}`", hint=hint)


def in_force(policies: Iterable[Policy], selection: Selection, as_of: str | None = None) -> tuple[Policy, ...]:
    """The policies that a run checks, with the severities and parameters in force on a date.

    Without a date, as if every rule had taken effect, and no parameter changed.
    """
    chosen = []
    for policy in policies:
        override = selection.override(policy.rule)
        weighed = _weighed(policy, override.severity) if override.severity else policy
        if not override.off and selected(weighed.rule, selection):
            if as_of:
                chosen.append(on_date(weighed, override, as_of))
            else:
                chosen.append(replace(weighed, values=MappingProxyType({**policy.values, **override.params})))
    return tuple(chosen)


def _weighed(policy: Policy, severity: Severity) -> Policy:
    """The policy with a severity that the user sets: it holds for every validation of the rule."""
    validations = tuple(replace(validation, severity=None) for validation in policy.validations)
    return replace(policy, rule=replace(policy.rule, severity=severity), validations=validations)


def selected(rule: Rule, selection: Selection) -> bool:
    """Whether the selection takes this rule and does not ignore it."""
    taken = any(matches(rule, token) for token in selection.select)
    return taken and not any(matches(rule, token) for token in selection.ignore)


def check_params(policy: Policy, params: Mapping[str, object]) -> Iterator[tuple[str, UsageError]]:
    """What is wrong with the parameters set for a rule: each parameter's name and its fault."""
    for name, value in params.items():
        param = policy.params.get(name)
        if param is None:
            known = f"its parameters: {', '.join(policy.params)}" if policy.params else "it has none"
            hint = did_you_mean(name, policy.params) or known
            yield name, UsageError(f"{policy.rule.id} has no parameter `{name}`", hint=hint)
        elif problem := _problem(param, value):
            yield name, UsageError(f"parameter `{name}` of {policy.rule.id}: {problem}", hint=param.description)


def _problem(param: Param, value: object) -> str | None:
    wrong_type = not isinstance(value, _TYPES[param.type]) or (isinstance(value, bool) and param.type != "boolean")
    if wrong_type:
        return f"expected {param.type}, found {value!r}"
    if param.minimum is not None and isinstance(value, (int, float)) and value < param.minimum:
        return f"{value} is below the minimum of {param.minimum:g}"
    if param.maximum is not None and isinstance(value, (int, float)) and value > param.maximum:
        return f"{value} is above the maximum of {param.maximum:g}"
    for each in value if isinstance(value, list) else (value,):
        if param.type == "array" and not isinstance(each, str):
            return f"expected a list of strings, found {each!r} in it"
        if param.enum and each not in param.enum:
            return f"{each!r} is none of {', '.join(map(str, param.enum))}"
    return None
