"""Readings to a rollout, with every integrity finding that needs neither a policy nor a date.

Takes the readings of a rollout's files in order, gives the rollout and its findings in the one order of findings.
One bad file never hides what is wrong with another. Must not read files, nor know of policies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from penstock.manifest import schema, wording
from penstock.manifest.dangling import dangling_findings, meant
from penstock.manifest.envelope import Envelope, identify, resource_id
from penstock.manifest.integrity import finding
from penstock.manifest.names import repeated_names
from penstock.manifest.paths import path_text, value_at
from penstock.manifest.references import expects_referrers
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.model import Finding, Location, Path, Related
from penstock.source.document import Document, Fault, Reading

_FAULT_RULES = {"syntax-error": "LV001", "duplicate-key": "LV002", "unreadable-file": "LV014"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A rollout and what is wrong with its manifests as such."""

    rollout: Rollout
    findings: tuple[Finding, ...]
    """Sorted by ``Finding.sort_key``."""


def load(name: str, root: str, readings: Iterable[Reading], config: Location | None = None) -> Loaded:
    """The rollout ``name`` under the folder ``root``, as shown to the user.

    ``config`` is where its penstock.yaml is, if it has one.
    """
    found = _Found()
    for reading in readings:
        found.read(reading)
    rollout = Rollout(name, root, found.resources, config, tuple(dict.fromkeys(found.unread)))
    findings = [
        *found.findings,
        *dangling_findings(rollout, found.reported),
        *_unreferenced(rollout),
        *_organizations(rollout),
    ]
    return Loaded(rollout, tuple(sorted(findings, key=lambda each: each.sort_key)))


class _Found:
    """What has been found so far, file by file."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.resources: list[Resource] = []
        self.unread: list[str] = []
        """Files that hold, or may hold, manifests which are not among the resources."""
        self.reported: set[tuple[Resource, Path]] = set()
        """The fields that are wrong in themselves."""
        self._taken: dict[tuple[str, str], Resource] = {}

    def read(self, reading: Reading) -> None:
        """Take a file's faults and documents in."""
        self.findings += (_fault(reading, fault) for fault in reading.faults)
        if any(_ends(reading, fault) for fault in reading.faults):
            self.unread.append(reading.file.path)
        for document in reading.documents:
            envelope = identify(document)
            self.findings += envelope.findings
            if envelope.lost:
                self.unread.append(reading.file.path)
            if envelope.kind is not None:
                faults = [fault for fault in reading.faults if fault.document == document.index]
                self._resource(envelope, envelope.kind, document, faults)

    def _resource(self, envelope: Envelope, kind: str, document: Document, faults: list[Fault]) -> None:
        """Take a document in as a resource, with what its schema and the names already taken say of it."""
        data: dict[str, Any] = document.data if isinstance(document.data, dict) else {}
        written = value_at(data, ("metadata", "name"))
        name = written if isinstance(written, str) else ""
        resource = Resource(kind, name, data, document)
        findings = [*_violations(resource, envelope, faults), *repeated_names(resource)]
        first = self._taken.get((kind, name))
        if first is not None:
            findings.append(_duplicate(resource, first))
        if findings or faults or not envelope.valid:
            resource = Resource(kind, name, data, document, valid=False)
        if name:
            self._taken.setdefault((kind, name), resource)
        self.resources.append(resource)
        self.findings += findings
        self.reported.update((resource, finding.location.path) for finding in findings)


def _ends(reading: Reading, fault: Fault) -> bool:
    """Whether there may be manifests behind the fault that nobody has seen."""
    return fault.kind == "unreadable-file" or (
        fault.kind == "syntax-error" and fault.document >= len(reading.documents)
    )


def _violations(resource: Resource, envelope: Envelope, faults: list[Fault]) -> Iterator[Finding]:
    judged = {found.location.path for found in envelope.findings}
    spans = {fault.span for fault in faults}
    for violation in schema.validate(resource.kind, resource.data):
        location = resource.location(violation.path, key=violation.key)
        # What the envelope or the reader of the file complains of is reported once.
        if violation.path not in judged and location.span not in spans:
            related = () if violation.key else resource.related(violation.path)
            yield finding("LV004", violation.message, location, related, violation.hint)


def _duplicate(later: Resource, first: Resource) -> Finding:
    path = ("metadata", "name")
    message = f"the name {wording.name(later.name)} is already taken by another {later.kind}, in {first.file}"
    related = Related(first.location(path), f"the first {later.kind} of this name")
    return finding("LV005", message, later.location(path), (related,))


def _fault(reading: Reading, fault: Fault) -> Finding:
    document = next((found for found in reading.documents if found.index == fault.document), None)
    data = document.data if document else None
    location = Location(reading.file.path, fault.span, resource_id(data), fault.path, path_text(data, fault.path))
    related = tuple(Related(Location(reading.file.path, span), text) for span, text in fault.related)
    return finding(_FAULT_RULES[fault.kind], fault.message, location, related, fault.hint)


def _unreferenced(rollout: Rollout) -> Iterator[Finding]:
    if rollout.unread:
        # What refers to the resource may stand in a file that could not be read.
        return
    misspelled = meant(rollout)
    for resource in rollout.resources:
        named = bool(resource.name) and rollout.get(resource.kind, resource.name) is resource
        if not named or not expects_referrers(resource.kind) or (resource.kind, resource.name) in misspelled:
            continue
        if not rollout.edges_to(resource):
            message = f"nothing refers to {resource.kind} {wording.name(resource.name)}"
            yield finding("LV007", message, resource.location(("metadata", "name")))


def _organizations(rollout: Rollout) -> Iterator[Finding]:
    first = rollout.organization
    for other in rollout.of_kind("Organization"):
        if first is not None and other is not first and (other.name != first.name or not other.name):
            path = ("metadata", "name")
            message = f"the rollout has several organizations: {other.id} besides {first.id}"
            related = Related(first.location(path), "the first Organization")
            yield finding("LV013", message, other.location(path), (related,))
