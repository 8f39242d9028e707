"""Waivers x findings: what an unexpired waiver excuses, and the waivers that excuse nothing.

Takes the findings of policies and the rollout's waivers; gives the findings that stand, those waived, and a
finding (LV009) for each rule that a waiver names in vain. Integrity findings cannot be waived.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from penstock.manifest.integrity import RULES, finding
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.manifest.waivers import in_force
from penstock.model import Finding


@dataclass(frozen=True, slots=True)
class Waived:
    """The findings, parted."""

    standing: tuple[Finding, ...]
    waived: tuple[Finding, ...]
    idle: tuple[Finding, ...]
    """LV009 findings about waivers that matched nothing."""


def apply_waivers(rollout: Rollout, findings: Iterable[Finding], as_of: str, checked: Collection[str]) -> Waived:
    """Part the findings of policies by the waivers in force on a date.

    ``checked`` are the ids of the rules of the run: a waiver of another rule may have its effect in another run.
    """
    waivers = [waiver for waiver in rollout.of_kind("Waiver") if in_force(waiver, as_of)]
    excused = {key for waiver in waivers for key in _keys(waiver)}
    standing: list[Finding] = []
    waived: list[Finding] = []
    matched: set[tuple[str, str]] = set()
    for found in findings:
        key = (found.rule, found.location.resource or "")
        if key in excused and found.rule not in RULES:
            matched.add(key)
            waived.append(found)
        else:
            standing.append(found)
    idle = tuple(entry for waiver in waivers for entry in _idle(rollout, waiver, matched, checked))
    return Waived(tuple(standing), tuple(waived), idle)


def excusing(rollout: Rollout, rule: str, resource: str, as_of: str) -> tuple[Resource, ...]:
    """The waivers in force on a date that excuse a resource (``Kind/name``) from a rule."""
    waivers = rollout.of_kind("Waiver")
    return tuple(waiver for waiver in waivers if in_force(waiver, as_of) and (rule, resource) in _keys(waiver))


def _keys(waiver: Resource) -> Iterator[tuple[str, str]]:
    spec = waiver.data["spec"]
    for rule in spec["rules"]:
        yield from ((rule, f"{target['kind']}/{target['name']}") for target in spec["resources"])


def _idle(
    rollout: Rollout, waiver: Resource, matched: set[tuple[str, str]], checked: Collection[str]
) -> Iterator[Finding]:
    spec = waiver.data["spec"]
    # A target that does not exist is a finding already.
    targets = [target for target in spec["resources"] if rollout.get(target["kind"], target["name"])]
    ids = [f"{target['kind']}/{target['name']}" for target in targets]
    for index, rule in enumerate(spec["rules"]):
        if rule in RULES:
            message = f"{rule} is about the manifests themselves and cannot be waived"
            yield finding("LV009", message, waiver.location(("spec", "rules", index)))
        elif ids and rule in checked and not any((rule, target) in matched for target in ids):
            message = f"the waiver of {rule} has no effect: the rule finds nothing on {' or '.join(ids)}"
            yield finding("LV009", message, waiver.location(("spec", "rules", index)))
