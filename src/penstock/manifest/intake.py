"""One file -> its manifests, and what is wrong with them that the file says by itself.

Takes a reading, gives an ``Intake``: the same for the same text, whatever stands in other files. Must not read
files, nor know of policies or of other files.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from penstock.manifest import schema
from penstock.manifest.envelope import Envelope, identify, resource_id
from penstock.manifest.integrity import finding
from penstock.manifest.names import repeated_names
from penstock.manifest.paths import path_text, value_at
from penstock.manifest.resource import Resource
from penstock.model import Finding, Location, Path, Related
from penstock.record import dataclass
from penstock.source.document import Document, Fault, Reading, SourceFile

_FAULT_RULES = {"syntax-error": "LV001", "duplicate-key": "LV002", "unreadable-file": "LV014"}


@dataclass(frozen=True, slots=True)
class Intake:
    """What one file holds."""

    file: SourceFile
    resources: tuple[Resource, ...] = ()
    findings: tuple[Finding, ...] = ()
    reported: tuple[tuple[int, Path], ...] = ()
    """The fields that are wrong in themselves: the number of the resource, and the path."""
    unread: bool = False
    """Whether it holds, or may hold, manifests that are not among the resources."""
    filled: bool = True
    """Whether it holds anything, right or wrong."""


def intake(reading: Reading) -> Intake:
    """Take a file's faults and documents in."""
    if not reading.faults and len(reading.documents) == 1:
        (document,) = reading.documents
        envelope = identify(document)
        if envelope.kind is not None and not envelope.findings:
            resource, findings = _resource(envelope, envelope.kind, document, [])
            if not findings:
                return Intake(reading.file, (resource,))
    return _whole(reading)


def _whole(reading: Reading) -> Intake:
    findings = [_fault(reading, fault) for fault in reading.faults]
    unread = any(_ends(reading, fault) for fault in reading.faults)
    resources: list[Resource] = []
    reported: list[tuple[int, Path]] = []
    for document in reading.documents:
        envelope = identify(document)
        findings += envelope.findings
        unread = unread or envelope.lost
        if envelope.kind is not None:
            faults = [fault for fault in reading.faults if fault.document == document.index]
            resource, wrong = _resource(envelope, envelope.kind, document, faults)
            reported += ((len(resources), found.location.path) for found in wrong)
            resources.append(resource)
            findings += wrong
    filled = bool(reading.documents or reading.faults)
    return Intake(reading.file, tuple(resources), tuple(findings), tuple(reported), unread, filled)


def _resource(
    envelope: Envelope, kind: str, document: Document, faults: list[Fault]
) -> tuple[Resource, list[Finding]]:
    """A document as a resource, with what its schema says of it."""
    data: dict[str, Any] = document.data if isinstance(document.data, dict) else {}
    written = value_at(data, ("metadata", "name"))
    resource = Resource(kind, written if isinstance(written, str) else "", data, document)
    findings = [*_violations(resource, envelope, faults), *repeated_names(resource)]
    resource.valid = envelope.valid and not findings and not faults
    return resource, findings


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


def _fault(reading: Reading, fault: Fault) -> Finding:
    document = next((found for found in reading.documents if found.index == fault.document), None)
    data = document.data if document else None
    location = Location(reading.file.path, fault.span, resource_id(data), fault.path, path_text(data, fault.path))
    related = tuple(Related(Location(reading.file.path, span), text) for span, text in fault.related)
    return finding(_FAULT_RULES[fault.kind], fault.message, location, related, fault.hint)
