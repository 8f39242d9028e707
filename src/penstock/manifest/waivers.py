"""What a waiver says, and what is wrong with it on a day: expired (LV008), or of what does not exist (LV009).

Takes a rollout, the run's date and the rules that exist. Must not know what the waivers excuse, nor who may make
them: that is for the layer that has the findings.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping
from datetime import date

from penstock.manifest import formats, shapes, wording
from penstock.manifest.dangling import missing_resource, unread_note
from penstock.manifest.integrity import finding
from penstock.manifest.paths import value_at
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.model import Finding, Path
from penstock.pattern import late

KIND = "Waiver"
ROLLOUT = "Rollout"
"""The kind by which a waiver means the rollout as a whole, as policies do."""
_RULE_ID = late(r"[A-Z]{2,10}[0-9]{3,4}\Z")


def waiver_findings(rollout: Rollout, as_of: str, known_rules: Collection[str]) -> tuple[Finding, ...]:
    """Every expired waiver, and every rule or resource that a waiver names in vain.

    ``as_of`` is the run's date, YYYY-MM-DD in UTC. A waiver holds on the whole of its last day.
    """
    findings: list[Finding] = []
    targets = Targets(rollout)
    for waiver in rollout.of_kind(KIND):
        findings += _expired(waiver, as_of)
        findings += _unknown_rules(waiver, known_rules)
        findings += _unknown_resources(targets, waiver)
    return tuple(sorted(findings, key=lambda found: found.sort_key))


def is_expired(waiver: Resource, as_of: str) -> bool:
    """Whether the waiver's last day is over. One without a usable last day is never expired, only invalid."""
    last = value_at(waiver.data, ("spec", "expiresOn"))
    return isinstance(last, str) and formats.is_date(last) and as_of > last


def in_force(waiver: Resource, as_of: str) -> bool:
    """Whether a valid waiver holds on a date: from the day it was granted to the end of its last day."""
    return waiver.valid and waiver.data["spec"]["grantedOn"] <= as_of and not is_expired(waiver, as_of)


def length(waiver: Resource) -> int:
    """How many days a valid waiver holds, first and last included; below 1 when it ends before it begins."""
    spec = waiver.data["spec"]
    return (date.fromisoformat(spec["expiresOn"]) - date.fromisoformat(spec["grantedOn"])).days + 1


def covered(rollout: Rollout, waiver: Resource) -> tuple[str, ...]:
    """The ids (``Kind/name``) of what a waiver is about, each once: manifests, and the rollout itself."""
    return Targets(rollout).covered(waiver)


class Targets:
    """What the waivers of a rollout are about. Labels are looked up in an index, made when needed."""

    def __init__(self, rollout: Rollout) -> None:
        self.rollout = rollout
        self._index: dict[tuple[str, Hashable], dict[Resource, None]] | None = None
        self._selected: dict[tuple[object, frozenset[tuple[str, object]]], tuple[str, ...]] = {}

    def covered(self, waiver: Resource) -> tuple[str, ...]:
        """The ids of what a waiver is about, each once. Waivers with one and the same selector share them."""
        meant = [self.meant(entry) for entry in _entries(waiver)]
        return meant[0] if len(meant) == 1 else tuple(dict.fromkeys(each for ids in meant for each in ids))

    def meant(self, entry: object) -> tuple[str, ...]:
        """The ids that one entry of ``spec.resources`` means."""
        labels, kind, name = (value_at(entry, (key,)) for key in ("matchLabels", "kind", "name"))
        if isinstance(labels, dict):
            return self._labelled(kind, labels)
        if not isinstance(kind, str) or not isinstance(name, str):
            return ()
        there = name == self.rollout.name if kind == ROLLOUT else self.rollout.get(kind, name) is not None
        return (f"{kind}/{name}",) if there else ()

    def values(self, key: str) -> list[str]:
        """Every value that some manifest has for a label, in order."""
        return sorted({str(value) for label, value in self._labels() if label == key})

    def _labelled(self, kind: object, labels: Mapping[str, object]) -> tuple[str, ...]:
        """What has all of the labels. Waivers only when asked for: one of everything is not of itself."""
        if not labels or not all(isinstance(value, Hashable) for value in (kind, *labels.values())):
            return ()
        key = (kind, frozenset(labels.items()))
        if key not in self._selected:
            first, *others = (self._labels().get((label, value), {}) for label, value in labels.items())
            self._selected[key] = tuple(
                dict.fromkeys(
                    resource.id
                    for resource in first
                    if (resource.kind != KIND if kind is None else resource.kind == kind)
                    and all(resource in other for other in others)
                )
            )
        return self._selected[key]

    def _labels(self) -> Mapping[tuple[str, Hashable], dict[Resource, None]]:
        """The resources with each label and value, in file order."""
        if self._index is None:
            self._index = {}
            for resource in self.rollout.resources:
                labels = value_at(resource.data, ("metadata", "labels"))
                for key, value in labels.items() if isinstance(labels, dict) else ():
                    if value is not None and isinstance(value, Hashable):
                        self._index.setdefault((key, value), {})[resource] = None
        return self._index


def _entries(waiver: Resource) -> tuple[object, ...]:
    listed = value_at(waiver.data, ("spec", "resources"))
    return tuple(listed) if isinstance(listed, list) else ()


def _expired(waiver: Resource, as_of: str) -> Iterator[Finding]:
    if is_expired(waiver, as_of):
        path = ("spec", "expiresOn")
        last = value_at(waiver.data, path)
        message = f"{subject(waiver)} expired: its last day was {last}, and this run judges by {as_of}"
        yield finding("LV008", message, waiver.location(path), waiver.related(path))


def subject(waiver: Resource) -> str:
    """``the waiver of `LV801` on `VendorContract/acme-lab```, for a message."""
    rules = value_at(waiver.data, ("spec", "rules"))
    named = [str(rule) for rule in rules] if isinstance(rules, list) else []
    listed = wording.listing(named, most=3)
    return f"the waiver of {listed} on {wording.listing([_words(entry) for entry in _entries(waiver)], most=3)}"


def _words(entry: object) -> str:
    labels, kind = value_at(entry, ("matchLabels",)), value_at(entry, ("kind",))
    if isinstance(labels, dict):
        return f"{kind or 'everything'} with {_pairs(labels)}"
    return f"{kind}/{value_at(entry, ('name',))}" if isinstance(entry, dict) else str(entry)


def _pairs(labels: Mapping[str, object]) -> str:
    return ", ".join(f"{key}: {value}" for key, value in labels.items())


def _unknown_rules(waiver: Resource, known_rules: Collection[str]) -> Iterator[Finding]:
    rules = value_at(waiver.data, ("spec", "rules"))
    for index, rule in enumerate(rules if isinstance(rules, list) else ()):
        # What does not even look like a rule's id is a schema violation already.
        if isinstance(rule, str) and _RULE_ID.match(rule) and rule not in known_rules:
            message = f"there is no rule {wording.name(rule)}{wording.did_you_mean(rule, known_rules)}"
            path = ("spec", "rules", index)
            yield finding("LV009", message, waiver.location(path), waiver.related(path))


def _unknown_resources(targets: Targets, waiver: Resource) -> Iterator[Finding]:
    for index, entry in enumerate(_entries(waiver)):
        if targets.meant(entry):
            continue
        found = _nothing(targets, entry)
        if found is not None:
            key, message, help_text = found
            path: Path = ("spec", "resources", index, key)
            yield finding("LV009", message, waiver.location(path), waiver.related(path), help_text)


def _nothing(targets: Targets, entry: object) -> tuple[str, str, str | None] | None:
    """What to say of an entry that means nothing: field, message, help; None for one that breaks the schema."""
    rollout = targets.rollout
    labels, kind, name = (value_at(entry, (key,)) for key in ("matchLabels", "kind", "name"))
    if isinstance(labels, dict):
        return ("matchLabels", *_no_labels(targets, kind, labels)) if labels else None
    if not isinstance(kind, str) or not isinstance(name, str) or kind not in (ROLLOUT, *shapes.kinds()):
        return None
    if kind == ROLLOUT:
        near = wording.did_you_mean(name, [rollout.name])
        return "name", f"this rollout is not named {wording.name(name)}{near}", f"its name is {rollout.name}"
    return ("name", *missing_resource(rollout, kind, name))


def _no_labels(targets: Targets, kind: object, labels: Mapping[str, object]) -> tuple[str, str]:
    what = kind if isinstance(kind, str) else "manifest"
    every = "the label" if len(labels) == 1 else "all of the labels"
    message = f"no {what} has {every} {wording.name(_pairs(labels))}{unread_note(targets.rollout)}"
    for key, value in labels.items():
        values = targets.values(key)
        if not values:
            return message, f"no manifest of this rollout has a label {wording.name(key)}"
        if value not in values:
            return message, f"values of {wording.name(key)} in this rollout: {wording.listing(values)}"
    if len(labels) == 1:
        return message, f"manifests of other kinds than {what} have it"
    return message, f"no single {what} has them all"
