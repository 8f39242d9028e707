"""What a document claims to be: its apiVersion and kind.

Takes a document, gives its kind when that is known, and what is wrong with the claim (LV003). Must not look at
metadata or spec.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from penstock.manifest import shapes, wording
from penstock.manifest.integrity import finding
from penstock.manifest.near import nearest
from penstock.manifest.paths import path_text, value_at
from penstock.model import Finding, Location, Path
from penstock.record import dataclass

if TYPE_CHECKING:
    from penstock.source.document import Document

API_VERSION = shapes.ROLLOUT

_POLICY_KINDS = ("Policy", "Pack")
_OTHER_FILES = frozenset(
    {("config/v1", None), ("baseline/v1", None), *(("policy/v1", kind) for kind in _POLICY_KINDS)}
)
"""apiVersion and kind of penstock's own files that are no manifests."""
_EXCLUDE = "if it is not a manifest of the rollout, list the file under manifests.exclude in penstock.yaml"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is known of a document before its schema is."""

    kind: str | None = None
    """The kind, if it is one of the manifest kinds."""
    findings: tuple[Finding, ...] = ()
    lost: bool = False
    """Whether the document may be a manifest of the rollout that cannot be used."""

    @property
    def valid(self) -> bool:
        """Whether apiVersion and kind are both right."""
        return self.kind is not None and not self.findings


def identify(document: Document) -> Envelope:
    """The kind of a document. Empty documents and penstock's own files are no concern here."""
    data = document.data
    if data is None:
        return Envelope()
    if not isinstance(data, dict):
        message = f"a manifest is a mapping with apiVersion, kind, metadata and spec; found {wording.show(data)}"
        return Envelope(findings=(finding("LV003", message, place(document, ()), help=_EXCLUDE),))
    version, kind = data.get("apiVersion"), data.get("kind")
    if isinstance(version, str) and isinstance(kind, str | None) and (version, kind) in _OTHER_FILES:
        return Envelope()
    known = kind if isinstance(kind, str) and kind in shapes.kinds() else None
    if version == API_VERSION:
        findings = () if known else (_unknown_kind(document, data),)
        return Envelope(known, findings, lost=known is None)
    if known:
        return Envelope(known, (_unknown_version(document, data),))
    if isinstance(version, str) and nearest(version, [API_VERSION]):
        return Envelope(findings=(_unknown_version(document, data), _unknown_kind(document, data)), lost=True)
    return Envelope(findings=(_foreign(document, data),))


def place(document: Document, path: Path, resource: str | None = None) -> Location:
    """A location in a document that need not be a resource."""
    spot = document.locate(path)
    return Location(document.file.path, spot.span, resource, path, path_text(document.data, path))


def resource_id(data: object) -> str | None:
    """``Kind/name`` of a document that has both, whatever else is wrong with it."""
    kind, name = value_at(data, ("kind",)), value_at(data, ("metadata", "name"))
    known = isinstance(kind, str) and kind in shapes.kinds()
    return f"{kind}/{name}" if known and isinstance(name, str) and name else None


def _unknown_kind(document: Document, data: dict[str, Any]) -> Finding:
    at = place(document, ("kind",))
    kinds = f"the kinds of {API_VERSION} are {wording.any_of(shapes.kinds(), 'and')}"
    if data.get("kind") is None:
        return finding("LV003", "the manifest does not say its kind", at, help=kinds)
    kind = data["kind"]
    if kind in _POLICY_KINDS:
        message = f"{wording.name(kind)} is not a kind of {API_VERSION}"
        return finding("LV003", message, at, help=f"a {kind} has `apiVersion: policy/v1`")
    if not isinstance(kind, str):
        return finding("LV003", f"kind must be a string; found {wording.show(kind)}", at, help=kinds)
    message = f"unknown kind {wording.name(kind)}{wording.did_you_mean(kind, shapes.kinds())}"
    return finding("LV003", message, at, help=kinds)


def _unknown_version(document: Document, data: dict[str, Any]) -> Finding:
    at = place(document, ("apiVersion",), resource_id(data))
    version = data.get("apiVersion")
    if version is None:
        message = "the manifest does not say its apiVersion"
    elif isinstance(version, str):
        message = f"unknown apiVersion {wording.name(version)}; did you mean {wording.name(API_VERSION)}?"
    else:
        message = f"apiVersion must be a string; found {wording.show(version)}"
    return finding("LV003", message, at, help=f"write `apiVersion: {API_VERSION}`")


def _foreign(document: Document, data: dict[str, Any]) -> Finding:
    version, kind = data.get("apiVersion"), data.get("kind")
    if isinstance(version, str):
        message = f"unknown apiVersion {wording.name(version)}: manifests have {wording.name(API_VERSION)}"
        return finding("LV003", message, place(document, ("apiVersion",)), help=_EXCLUDE)
    if kind is None:
        message = "the document has neither apiVersion nor kind, so it is not a manifest"
        return finding("LV003", message, place(document, ()), help=_EXCLUDE)
    meant = wording.did_you_mean(kind, shapes.kinds())
    message = (
        f"the document has no apiVersion that is known, and its kind is unknown: {wording.literal(kind)}{meant}"
    )
    return finding("LV003", message, place(document, ("kind",)), help=_EXCLUDE)
