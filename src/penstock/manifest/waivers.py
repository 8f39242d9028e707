"""What is wrong with waivers on a given day: expired (LV008), or without effect (LV009).

Takes a rollout, the run's date and the rules that exist. Must not know what the waivers excuse: that is for the
layer that has the findings.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from penstock.manifest import formats, wording
from penstock.manifest.dangling import missing_resource
from penstock.manifest.integrity import finding
from penstock.manifest.paths import value_at
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.model import Finding

_RULE_ID = re.compile(r"[A-Z]{2,10}[0-9]{3,4}\Z")


def waiver_findings(rollout: Rollout, as_of: str, known_rules: Collection[str]) -> tuple[Finding, ...]:
    """Every expired waiver, and every rule or resource that a waiver names in vain.

    ``as_of`` is the run's date, YYYY-MM-DD in UTC. A waiver holds on the whole of its last day.
    """
    findings: list[Finding] = []
    for waiver in rollout.of_kind("Waiver"):
        findings += _expired(waiver, as_of)
        findings += _unknown_rules(waiver, known_rules)
        findings += _unknown_resources(rollout, waiver)
    return tuple(sorted(findings, key=lambda found: found.sort_key))


def is_expired(waiver: Resource, as_of: str) -> bool:
    """Whether the waiver's last day is over. One without a usable last day is never expired, only invalid."""
    last = value_at(waiver.data, ("spec", "expiresOn"))
    return isinstance(last, str) and formats.is_date(last) and as_of > last


def in_force(waiver: Resource, as_of: str) -> bool:
    """Whether a valid waiver holds on a date: from the day it was granted to the end of its last day."""
    return waiver.valid and waiver.data["spec"]["grantedOn"] <= as_of and not is_expired(waiver, as_of)


def _expired(waiver: Resource, as_of: str) -> Iterator[Finding]:
    if is_expired(waiver, as_of):
        path = ("spec", "expiresOn")
        last = value_at(waiver.data, path)
        excused = f"{_list(waiver, 'rules')} on {_list(waiver, 'resources')}"
        message = f"the waiver of {excused} expired: its last day was {last}, and this run judges by {as_of}"
        yield finding("LV008", message, waiver.location(path), waiver.related(path))


def _list(waiver: Resource, field: str) -> str:
    """The rules or resources that a waiver names, for a message."""
    given = value_at(waiver.data, ("spec", field))
    words = (
        f"{value_at(entry, ('kind',))}/{value_at(entry, ('name',))}" if isinstance(entry, dict) else str(entry)
        for entry in (given if isinstance(given, list) else ())
    )
    return wording.listing(list(words), most=3)


def _unknown_rules(waiver: Resource, known_rules: Collection[str]) -> Iterator[Finding]:
    rules = value_at(waiver.data, ("spec", "rules"))
    for index, rule in enumerate(rules if isinstance(rules, list) else ()):
        # What does not even look like a rule's id is a schema violation already.
        if isinstance(rule, str) and _RULE_ID.match(rule) and rule not in known_rules:
            message = f"there is no rule {wording.name(rule)}{wording.did_you_mean(rule, known_rules)}"
            path = ("spec", "rules", index)
            yield finding("LV009", message, waiver.location(path), waiver.related(path))


def _unknown_resources(rollout: Rollout, waiver: Resource) -> Iterator[Finding]:
    targets = value_at(waiver.data, ("spec", "resources"))
    for index, target in enumerate(targets if isinstance(targets, list) else ()):
        kind, name = value_at(target, ("kind",)), value_at(target, ("name",))
        if isinstance(kind, str) and isinstance(name, str) and rollout.get(kind, name) is None:
            message, help_text = missing_resource(rollout, kind, name)
            path = ("spec", "resources", index, "name")
            yield finding("LV009", message, waiver.location(path), waiver.related(path), help_text)
