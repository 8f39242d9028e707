"""A resource: one manifest of a known kind, with the places of its fields.

Takes a document and what the envelope says of it, gives locations for findings. Must not know of other resources.
Its data may be packed: a shelf then unpacks it each time it is asked for, so that a rollout of any size fits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

from penstock.manifest.paths import path_text
from penstock.manifest.references import Stated, stated
from penstock.model import Location, Path, Related

if TYPE_CHECKING:
    from penstock.source.document import Document


class Shelf(Protocol):
    """Where the data of packed resources is kept, each at a spot."""

    def data(self, spot: int) -> dict[str, Any]:
        """The manifest."""
        ...

    def document(self, spot: int) -> Document:
        """Its document."""
        ...

    def path(self, spot: int) -> str:
        """Its file, as shown to the user."""
        ...


class Resource:
    """One manifest. Two resources are equal only when they are the same one."""

    __slots__ = ("_data", "_document", "_references", "_shelf", "_spot", "id", "kind", "valid")

    def __init__(
        self, kind: str, name: str, data: dict[str, Any], document: Document, *, valid: bool = True
    ) -> None:
        self.kind = kind
        self.id = f"{kind}/{name}" if name else kind
        """``Kind/name``, or the kind alone when there is no name."""
        self.valid = valid
        """False when the manifest broke its schema or took a name already in use: policies must not judge it, but
        references to it are not dangling."""
        self._document: Document | None = document
        self._data: dict[str, Any] | None = data
        self._references: tuple[Stated, ...] | None = None
        self._shelf: Shelf | None = None
        self._spot = 0

    @classmethod
    def packed(
        cls, kind: str, name: str, shelf: Shelf, spot: int, *, valid: bool, references: tuple[Stated, ...]
    ) -> Resource:
        """A resource that is little more than its name: all else is on a shelf."""
        made = cls.__new__(cls)
        made.kind = kind
        made.id = f"{kind}/{name}" if name else kind
        made.valid = valid
        made._data = made._document = None
        made._references, made._shelf, made._spot = references, shelf, spot
        return made

    @property
    def name(self) -> str:
        """``metadata.name``, or an empty string when the manifest has none that is a string."""
        return self.id[len(self.kind) + 1 :]

    @property
    def data(self) -> dict[str, Any]:
        """The whole manifest, as native data that must not be changed."""
        data = self._data
        return self._shelf.data(self._spot) if data is None and self._shelf is not None else data or {}

    @property
    def document(self) -> Document:
        """The document that it is. That of a packed one is made whenever it is asked for."""
        return self._document or cast("Shelf", self._shelf).document(self._spot)

    @property
    def references(self) -> tuple[Stated, ...]:
        """The names that its reference fields hold, in the order of the schema."""
        if self._references is not None:
            return self._references
        found = stated(self.kind, self.data)
        if self._shelf is None:
            self._references = found
        return found

    def settle(self) -> None:
        """Its references have been followed: of a packed one, they are not kept any longer."""
        if self._shelf is not None:
            self._references = None

    @property
    def file(self) -> str:
        """The file it is in, as shown to the user."""
        return self.document.file.path if self._shelf is None else self._shelf.path(self._spot)

    def __repr__(self) -> str:
        return f"Resource({self.id!r}, {self.file!r})"

    def with_data(self, data: dict[str, Any]) -> Resource:
        """The same manifest as if it held other data."""
        return Resource(self.kind, self.name, data, self.document, valid=self.valid)

    def location(self, path: Path = (), *, key: bool = False) -> Location:
        """Where the value at ``path`` stands, or its nearest present parent; with ``key``, where its key stands.

        The location's path is ``path`` as given, also when the manifest lacks it.
        """
        document = self.document
        spot = document.locate_key(path) if key else document.locate(path)
        return Location(self.file, spot.span, self.id, path, path_text(self.data, path))

    def related(self, path: Path) -> tuple[Related, ...]:
        """Where the value at ``path`` is written out, if the manifest reaches it through an alias."""
        spot = self.document.locate(path)
        if spot.anchor is None:
            return ()
        return (Related(Location(self.file, spot.anchor), "the value is written here, under its anchor"),)
