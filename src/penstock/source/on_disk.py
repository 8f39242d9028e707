"""A document whose text was let go once its data was known: the disk is read again when a place is asked for.

Takes the name of a file and a document's number; gives a ``Document``. Where the file has changed or gone since, a
place is the nearest that there still is.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from penstock.source.document import Document, SourceFile, Spot

if TYPE_CHECKING:
    from penstock import model
    from penstock.source.document import Reading
    from penstock.source.layout import Layout

Held = TypeVar("Held")

_KEPT = 32
"""So many files are at hand: those that findings lead to come again and again, and a file's tree is large."""


class LateFiles:
    """What files hold now, of those that were asked for lately."""

    __slots__ = ("_readings", "_texts")

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._readings: dict[str, Reading] = {}

    def text(self, path: str) -> str:
        """The text of a file; empty where there is none."""
        found = self._texts.pop(path, None)
        if found is None:
            found = _text(path)
        _keep(self._texts, path, found)
        return found

    def reading(self, path: str) -> Reading:
        """The documents of a file."""
        found = self._readings.pop(path, None)
        if found is None:
            from penstock.source.files import read_path

            found = read_path(Path(path), path)
        _keep(self._readings, path, found)
        return found


def _keep(known: dict[str, Held], path: str, found: Held) -> None:
    known[path] = found
    if len(known) > _KEPT:
        del known[next(iter(known))]


def _text(path: str) -> str:
    from penstock.source.files import decode, raw_content

    try:
        raw = raw_content(Path(path))
    except (OSError, ValueError):
        raw = None
    return decode(raw, path)[0].text if raw is not None else ""


class FileOnDisk(SourceFile):
    """A file's text and documents, read when asked for."""

    __slots__ = ("_late", "commented")

    commented: bool
    """Whether it may hold comments for penstock."""
    _late: LateFiles

    def __init__(self, shown: str, *, commented: bool, late: LateFiles | None = None) -> None:
        """``late`` has what was read of it and of others."""
        object.__setattr__(self, "path", shown)
        object.__setattr__(self, "commented", commented)
        object.__setattr__(self, "_late", late or LateFiles())

    @property
    def text(self) -> str:
        return self._late.text(self.path)

    @property
    def reading(self) -> Reading:
        """What the file holds now."""
        return self._late.reading(self.path)


class DocumentOnDisk(Document):
    """One document of a file that was read before in the run, or in an earlier one."""

    __slots__ = ()

    file: FileOnDisk

    def __init__(self, file: FileOnDisk, index: int) -> None:
        self.file = file
        self.index = index

    @property
    def data(self) -> object:  # type: ignore[override]
        """What it holds now."""
        return self._document.data

    @property
    def layout(self) -> Layout:
        return self._document.layout

    def locate(self, path: model.Path) -> Spot:
        return self._document.locate(path)

    def locate_key(self, path: model.Path) -> Spot:
        return self._document.locate_key(path)

    def locate_in(self, path: model.Path, line: int, column: int, length: int = 1) -> model.Span:
        return self._document.locate_in(path, line, column, length)

    @property
    def _document(self) -> Document:
        reading = self.file.reading
        if self.index < len(reading.documents):
            return reading.documents[self.index]
        from penstock.source.comments import blank

        return blank(reading.file)
