"""Whether a waiver was granted as the rollout's owners allow: how long it holds, and who approved it (LV015).

Takes a valid waiver, what it covers, the rules it names and the ``Authority``; gives a finding for each objection.
Any of them leaves the whole waiver without effect. Must not know what is found on the rollout's manifests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from penstock.lint.authority import Authority, CodeOwnership, identity, same
from penstock.manifest import wording
from penstock.manifest.integrity import finding
from penstock.manifest.owners import Owner, owners
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.manifest.waivers import length
from penstock.model import Finding, Location, Related, Rule
from penstock.source.codeowners import PLACES

_APPROVER = ("spec", "approver")
_LAST = ("spec", "expiresOn")
_SHOWN = 3
"""So many resources or people a message names."""


class Property:
    """Who owns what in a rollout, worked out once for each resource that is asked for."""

    def __init__(self, rollout: Rollout) -> None:
        self._rollout = rollout
        self._asked: set[str] = set()
        self._of: dict[str, dict[str, tuple[Resource, Owner]]] = {}

    def of(self, person: str, ids: Sequence[str]) -> list[tuple[Resource, Owner]]:
        """Which of some resources (``Kind/name``) a person owns, and what makes the person the owner."""
        for resource_id in ids:
            if resource_id not in self._asked:
                self._ask(resource_id)
        own = self._of.get(identity(person))
        return [own[resource_id] for resource_id in ids if resource_id in own] if own else []

    def _ask(self, resource_id: str) -> None:
        self._asked.add(resource_id)
        kind, _, name = resource_id.partition("/")
        resource = self._rollout.get(kind, name)
        if resource is None:
            return
        for owner in owners(self._rollout, resource):
            self._of.setdefault(identity(owner.person), {}).setdefault(resource_id, (resource, owner))


def objections(
    waiver: Resource, covers: Sequence[str], rules: Sequence[Rule], authority: Authority, owned: Property
) -> Iterator[Finding]:
    """What stands against a waiver as a whole.

    ``covers`` are the ids of what it is about, ``rules`` those it names, as far as they exist.
    """
    yield from _too_long(waiver, authority)
    yield from _by_the_owner(waiver, owned.of(waiver.data["spec"]["approver"], covers))
    yield from _not_an_approver(waiver, rules, authority)
    if authority.code_owners is not None:
        yield from _not_a_code_owner(waiver, authority, authority.code_owners)


def _too_long(waiver: Resource, authority: Authority) -> Iterator[Finding]:
    days, most = length(waiver), authority.max_days
    first, last = waiver.data["spec"]["grantedOn"], waiver.data["spec"]["expiresOn"]
    related = (Related(waiver.location(("spec", "grantedOn")), "its first day"),)
    if days < 1:
        message = f"the waiver ends before it begins: its last day is {last}, its first is {first}"
        help_text = "set expiresOn to the day it was granted on or a later one"
    elif days > most:
        message = (
            f"the waiver holds for {days} days, from {first} to {last}, both included; "
            f"{wording.count(most, 'day')} at most are allowed"
        )
        latest = (date.fromisoformat(first) + timedelta(days=most - 1)).isoformat()
        help_text = f"its last day may be {latest}; `exceptions.maxDays` in penstock.yaml sets the limit"
    else:
        return
    yield finding("LV015", message, waiver.location(_LAST), (*waiver.related(_LAST), *related), help_text)


def _by_the_owner(waiver: Resource, owned: Sequence[tuple[Resource, Owner]]) -> Iterator[Finding]:
    """Nobody grants an exception for what is theirs to keep in order."""
    approver = waiver.data["spec"]["approver"]
    if not owned:
        return
    resource, owner = owned[0]
    others = ""
    if len(owned) > 1:
        ids = [each.id for each, _ in owned[1:]]
        others = f"; {wording.name(approver)} owns {wording.listing(ids, most=_SHOWN)} as well"
    message = (
        f"{wording.name(approver)} cannot approve a waiver for {resource.id}, which is the approver's own: "
        f"its {owner.reason}{others}"
    )
    related = tuple(
        Related(each.resource.location(each.path), f"this makes the approver the owner of {target.id}")
        for target, each in owned[:_SHOWN]
    )
    yield _at_approver(waiver, message, related, "somebody else must approve it")


def _not_an_approver(waiver: Resource, rules: Sequence[Rule], authority: Authority) -> Iterator[Finding]:
    approver = waiver.data["spec"]["approver"]
    refused: dict[tuple[str, ...], list[str]] = {}
    for rule in rules:
        people = authority.approvers_of(rule)
        if people is not None and not any(same(person, approver) for person in people):
            refused.setdefault(people, []).append(rule.id)
    for people, ids in refused.items():
        message = (
            f"{wording.name(approver)} may not approve a waiver of {wording.any_of(ids, 'and')}: "
            f"only {_either(people)} may"
        )
        help_text = "`exceptions.waive.approvers` in penstock.yaml says who may approve which waivers"
        yield _at_approver(waiver, message, (), help_text)


def _not_a_code_owner(waiver: Resource, authority: Authority, ownership: CodeOwnership) -> Iterator[Finding]:
    approver = waiver.data["spec"]["approver"]
    if ownership.file is None:
        then = f" at {ownership.prefix.removesuffix(':')}" if ownership.prefix else ""
        message = f"only a code owner may approve a waiver here, and the repository has no CODEOWNERS file{then}"
        help_text = f"add {wording.any_of(PLACES)}, or set `exceptions.waive.codeOwners` to false in penstock.yaml"
        yield _at_approver(waiver, message, (), help_text)
        return
    deciding = ownership.of(waiver.file)
    named = list(dict.fromkeys(owner for _, line in deciding for owner in line))
    if any(same(person, approver) for owner in named for person in authority.behind(owner)):
        return
    related = tuple(Related(place, "this line says who owns the waiver's file") for place, _ in deciding)
    if not named:
        message = f"nobody owns {waiver.file} by {ownership.file.path}, and only a code owner may approve a waiver"
        yield _at_approver(waiver, message, related, "name an owner of the file in CODEOWNERS")
        return
    message = f"{wording.name(approver)} is no code owner of {waiver.file}: {_decided(deciding)}"
    unknown = [owner for owner in named if not authority.behind(owner)]
    help_text = "have it approved by a code owner"
    if unknown:
        listed = wording.listing(unknown, most=_SHOWN)
        help_text += f"; `exceptions.waive.handles` in penstock.yaml does not say who is behind {listed}"
    yield _at_approver(waiver, message, related, help_text)


def _decided(deciding: Sequence[tuple[Location, tuple[str, ...]]]) -> str:
    """``line 3 of CODEOWNERS names `@acme/risk```, for each line."""
    parts = []
    for place, named in deciding:
        if named and place.span is not None:
            parts.append(
                f"line {place.span.start.line} of {place.file} names {wording.listing(named, most=_SHOWN)}"
            )
    return wording.any_of(parts, "and")


def _either(people: Sequence[str]) -> str:
    return wording.any_of([wording.name(person) for person in people])


def _at_approver(waiver: Resource, message: str, related: tuple[Related, ...], help_text: str) -> Finding:
    near = (*waiver.related(_APPROVER), *related)
    return finding("LV015", message, waiver.location(_APPROVER), near, help_text)
