"""What a pack needs of the penstock that loads it: the only importer of packaging.

Takes a pack.yaml as read, before any schema has seen it; gives faults. Must not know policies.

A build before a release (1.2.0.dev3, 1.2.0rc1) counts as that release: it has what the release will have.
"""

from __future__ import annotations

from collections.abc import Iterator

from penstock import __version__
from penstock.errors import PolicyError
from penstock.manifest import wording
from penstock.manifest.paths import value_at
from penstock.manifest.shapes import ROLLOUT
from penstock.model import Path
from penstock.source import Document

_LONGEST = 200


def requirement_faults(document: Document, version: str = __version__) -> list[PolicyError]:
    """What the pack of this pack.yaml needs and this penstock is not. Nothing where it does not say so plainly."""
    name = value_at(document.data, ("metadata", "name"))
    pack = f"the pack {wording.name(name)}" if isinstance(name, str) else "the pack"
    return [*_penstock(document, pack, version), *_manifests(document, pack, version)]


def _penstock(document: Document, pack: str, version: str) -> Iterator[PolicyError]:
    path = ("spec", "requires", "penstock")
    asked = value_at(document.data, path)
    if isinstance(asked, str) and len(asked) <= _LONGEST and not _holds(asked, version):
        message = f"{pack} needs penstock {asked}; this is {version}"
        yield _fault(document, path, message, "use that penstock, or another version of the pack")


def _manifests(document: Document, pack: str, version: str) -> Iterator[PolicyError]:
    path = ("spec", "manifests")
    listed = value_at(document.data, path)
    texts = [word for word in listed if isinstance(word, str)] if isinstance(listed, list) else []
    others = [word for word in texts if word.startswith("rollout/v")]
    if others and len(others) == len(texts) and ROLLOUT not in others:
        message = f"{pack} reads manifests of {wording.listing(others)}; penstock {version} knows {ROLLOUT}"
        yield _fault(document, path, message, "use another version of penstock or of the pack")


def _holds(asked: str, version: str) -> bool:
    """Whether the version is one of those asked for; true for what is no range, of which the schema speaks."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import Version

    try:
        return SpecifierSet(asked).contains(Version(version).base_version, prereleases=True)
    except InvalidSpecifier:
        return True


def _fault(document: Document, path: Path, message: str, hint: str) -> PolicyError:
    file = document.file
    return PolicyError(message, file=file.path, span=document.locate(path).span, hint=hint, frame=file.text)
