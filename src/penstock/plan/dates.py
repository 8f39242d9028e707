"""What time alone does: the findings that a later day takes away, and those that it brings.

Takes the findings of today and a way to judge another day; gives days. Nobody is supposed to change a manifest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from penstock.manifest.formats import is_date
from penstock.model import Finding
from penstock.plan.comparing import beyond
from penstock.plan.neighbourhood import Neighbourhood

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
HORIZON_DAYS = 90
"""How far ahead findings are announced."""


def later(day: str, days: int) -> str:
    """The day so many days later; the calendar's last where it has no such day."""
    try:
        return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
    except OverflowError:
        return date.max.isoformat()


def turning_days(near: Neighbourhood, as_of: str) -> tuple[str, ...]:
    """The later days on which a verdict may turn: each date in the manifests, and the day after it."""
    dates = {text for resource in near.resources for text in _dates(resource.data) if text >= as_of}
    return tuple(sorted(day for day in {*dates, *(later(each, 1) for each in dates)} if day > as_of))


def resolved(
    today: Sequence[Finding],
    days: Iterable[str],
    again: Callable[[str], Sequence[Finding]],
    everything: Callable[[str], Sequence[Finding]],
    steps: Mapping[str, int],
) -> dict[Finding, str]:
    """The first of the days on which each finding of today is gone; nothing for one that stays.

    A finding is not gone while another has come in its place: on the same manifest, or in the same step. ``again``
    gives what is left of today's rules on a day, ``everything`` all findings of a day that its date has brought
    since; ``steps`` is the step of each rule.
    """
    found: dict[Finding, str] = {}
    for day in days:
        pending = [each for each in today if each not in found]
        if not pending:
            break
        gone = [each for each in beyond(today, again(day)) if each in pending]
        if not gone:
            continue
        fresh = everything(day)
        instead = {each.location.resource for each in fresh} | {steps.get(each.rule, 0) for each in fresh}
        for finding in gone:
            if instead.isdisjoint((finding.location.resource, steps.get(finding.rule, 0))):
                found[finding] = day
    return found


def coming(
    fresh: Iterable[Finding], as_of: str, horizon: str, again: Callable[[str, Finding], Finding | None]
) -> Iterator[tuple[str, Finding]]:
    """The first day of each finding that the last day has and today has not, and the finding as it reads then.

    ``again`` gives the finding as it is on a day, if it is there by then.
    """
    for finding in fresh:
        first, last = date.fromisoformat(as_of), date.fromisoformat(horizon)
        seen = finding
        # What has come stays to the end of so short a time, so its first day is found by halving.
        while (last - first).days > 1:
            middle = first + (last - first) // 2
            there = again(middle.isoformat(), finding)
            if there is not None:
                last, seen = middle, there
            else:
                first = middle
        yield last.isoformat(), seen


def _dates(value: object) -> Iterator[str]:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
        elif isinstance(each, str) and len(each) == 10 and _DATE.fullmatch(each) and is_date(each):
            yield each
