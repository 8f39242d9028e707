"""Rules and parameters that take effect on a date: a warning before it, in full force from that day on.

Takes a policy, what the configuration says of its rule, and the run's date; gives the policy as it holds on that
date, with what is to come. Dates are ISO strings in UTC; a date of effect is the first day of the new state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from penstock.model import Severity
from penstock.policy.model import Policy, Upcoming
from penstock.policy.override import Override
from penstock.record import replace

_LOWER = {Severity.ERROR: Severity.WARNING, Severity.WARNING: Severity.INFO, Severity.INFO: Severity.INFO}


def lowered(severity: Severity) -> Severity:
    """How much a finding weighs before its rule takes effect: a step less."""
    return _LOWER[severity]


def on_date(policy: Policy, override: Override, as_of: str) -> Policy:
    """The policy as it holds on a date. Its severities are those in force once it has taken effect."""
    values, upcoming = _values(policy, override, as_of)
    if (values, upcoming) != (policy.values, policy.upcoming):
        policy = replace(policy, values=values, upcoming=upcoming)
    begins = override.effective_from or policy.rule.effective_from
    if begins != policy.rule.effective_from:
        policy = replace(policy, rule=replace(policy.rule, effective_from=begins))
    if begins is None or begins <= as_of:
        return policy
    rule = policy.rule
    validations = tuple(
        replace(each, severity=lowered(each.severity) if each.severity else None) for each in policy.validations
    )
    return replace(
        policy,
        rule=replace(rule, severity=lowered(rule.severity)),
        validations=validations,
        notice=f" (from {begins} on, this weighs as {_article(rule.severity)})",
    )


def _article(severity: Severity) -> str:
    return {Severity.ERROR: "an error", Severity.WARNING: "a warning", Severity.INFO: "information"}[severity]


def _values(policy: Policy, override: Override, as_of: str) -> tuple[Mapping[str, object], tuple[Upcoming, ...]]:
    """The parameters' values of a date, and those of each later date on which one changes."""
    if not policy.params and not override.changes:
        return policy.values, ()
    dates = sorted({date for date, _, _ in _changes(policy, override)})
    values = _on(policy, override, as_of)
    upcoming = []
    before = values
    for date in dates:
        if date > as_of:
            after = _on(policy, override, date)
            said = [f"`{name}` becomes {after[name]}" for name in after if after[name] != before.get(name)]
            if said:
                upcoming.append(Upcoming(date, after, " and ".join(said)))
            before = after
    return values, tuple(upcoming)


def _on(policy: Policy, override: Override, date: str) -> Mapping[str, object]:
    made = sorted(_changes(policy, override), key=lambda change: change[0])
    changed = {name: value for begins, name, value in made if begins <= date}
    return MappingProxyType({**policy.values, **override.params, **changed})


def _changes(policy: Policy, override: Override) -> Iterator[tuple[str, str, object]]:
    """Every change of a parameter: its date, name and value. A value that the configuration sets stays."""
    mine = {*override.params, *(name for change in override.changes for name in change.params)}
    for param in policy.params.values():
        if param.name not in mine:
            yield from ((date, param.name, value) for date, value in param.changes)
    for change in override.changes:
        yield from ((change.begins, name, value) for name, value in change.params.items())
