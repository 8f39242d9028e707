"""The coming values of a rule's parameters, ``rules.<rule>.changes``, in two states -> a sentence on what changes.

Takes the difference with what both sides say of the rule; looser or stricter is not known, so the values are told,
with the value before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from penstock.change import words
from penstock.change.differences import Difference
from penstock.change.model import Weight, What
from penstock.change.same import ABSENT, NO_SCHEMA, same
from penstock.change.telling import Told

_Key = tuple[str, str]
"""The first day of a value, and the parameter's name."""


def coming(
    rule: str,
    difference: Difference,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    usual: Mapping[str, object],
) -> Told | None:
    """What is said of changed coming values; None where they come to the same.

    ``before`` and ``after`` are what the two sides say of the rule, ``usual`` its parameters' defaults.
    """
    old, new = _values(before), _values(after)
    said = [
        *_told(rule, old, new, {**usual, **after.get("params", {})}),
        *_gone(rule, old, new, {**usual, **after.get("params", {})}),
    ]
    if not said:
        return None
    what = What.ADDED if difference.is_added else What.REMOVED if difference.is_removed else What.CHANGED
    return Told(what, Weight.RULES, "; ".join(said))


def _values(given: Mapping[str, Any]) -> dict[_Key, object]:
    """Every coming value, in the order of the days."""
    found = given.get("changes", [])
    changes = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    values = {
        (str(change.get("from")), str(name)): value
        for change in changes
        for name, value in (change.get("params") or {}).items()
    }
    return dict(sorted(values.items()))


def _told(
    rule: str, old: Mapping[_Key, object], new: Mapping[_Key, object], first: Mapping[str, object]
) -> Iterator[str]:
    """The values that come, and did not or were to be others."""
    for key, value in new.items():
        begins, name = key
        was = old.get(key, ABSENT)
        if was is not ABSENT and same(was, value, NO_SCHEMA):
            continue
        if was is not ABSENT:
            behind = f" (was to become {_said(was)})"
        else:
            earlier = _in_force(new, key, first)
            behind = f" ({_said(earlier)} before)" if earlier is not ABSENT else ""
        yield f"from {begins} on `{words.cut(name)}` of {rule} becomes {_said(value)}{behind}"


def _gone(
    rule: str, old: Mapping[_Key, object], new: Mapping[_Key, object], first: Mapping[str, object]
) -> Iterator[str]:
    """The values that were to come and do not any more."""
    for key, value in old.items():
        begins, name = key
        if key not in new:
            stays = _in_force(new, key, first)
            behind = f" (it is {_said(stays)} then)" if stays is not ABSENT else ""
            yield f"`{words.cut(name)}` of {rule} no longer becomes {_said(value)} from {begins} on{behind}"


def _in_force(values: Mapping[_Key, object], key: _Key, first: Mapping[str, object]) -> object:
    """The value of the parameter just before a day."""
    begins, name = key
    found = first.get(name, ABSENT)
    for (day, other), value in values.items():
        if other == name and day < begins:
            found = value
    return found


def _said(value: object) -> str:
    return words.in_words(value, NO_SCHEMA)
