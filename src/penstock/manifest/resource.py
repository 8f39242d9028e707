"""A resource: one manifest of a known kind, with the places of its fields.

Takes a document and what the envelope says of it, gives locations for findings. Must not know of other resources.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from penstock.manifest.paths import path_text
from penstock.model import Location, Path, Related

if TYPE_CHECKING:
    from penstock.source.document import Document


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """One manifest. Two resources are equal only when they are the same one."""

    kind: str
    name: str
    """``metadata.name``, or an empty string when the manifest has none that is a string."""
    data: dict[str, Any]
    """The whole manifest, as native data that is shared with the document and must not be changed."""
    document: Document
    valid: bool = True
    """False when the manifest broke its schema or took a name already in use: policies must not judge it, but
    references to it are not dangling."""

    @property
    def id(self) -> str:
        """``Kind/name``, or the kind alone when there is no name."""
        return f"{self.kind}/{self.name}" if self.name else self.kind

    @property
    def file(self) -> str:
        """The file it is in, as shown to the user."""
        return self.document.file.path

    def __repr__(self) -> str:
        return f"Resource({self.id!r}, {self.file!r})"

    def location(self, path: Path = (), *, key: bool = False) -> Location:
        """Where the value at ``path`` stands, or its nearest present parent; with ``key``, where its key stands.

        The location's path is ``path`` as given, also when the manifest lacks it.
        """
        spot = self.document.locate_key(path) if key else self.document.locate(path)
        return Location(self.file, spot.span, self.id, path, path_text(self.data, path))

    def related(self, path: Path) -> tuple[Related, ...]:
        """Where the value at ``path`` is written out, if the manifest reaches it through an alias."""
        spot = self.document.locate(path)
        if spot.anchor is None:
            return ()
        return (Related(Location(self.file, spot.anchor), "the value is written here, under its anchor"),)
