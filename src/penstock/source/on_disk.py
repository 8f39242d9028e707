"""A document whose text was let go once its data was known: the disk is read again when a place is asked for.

Takes the name of a file and a document's number; gives a ``Document``. Where the file has changed or gone since, a
place is the nearest that there still is.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from penstock.source.document import Document, SourceFile, Spot

if TYPE_CHECKING:
    from penstock import model
    from penstock.source.document import Reading
    from penstock.source.layout import Layout


class FileOnDisk(SourceFile):
    """A file's text and documents, read when asked for."""

    commented: bool
    """Whether it may hold comments for penstock."""

    def __init__(self, shown: str, *, commented: bool) -> None:
        object.__setattr__(self, "path", shown)
        object.__setattr__(self, "commented", commented)

    @cached_property
    def _text(self) -> str:
        from penstock.source.files import decode, raw_content

        try:
            raw = raw_content(Path(self.path))
        except (OSError, ValueError):
            raw = None
        return decode(raw, self.path)[0].text if raw is not None else ""

    @property
    def text(self) -> str:
        return self._text

    @cached_property
    def reading(self) -> Reading:
        """What the file holds now."""
        from penstock.source.files import read_path

        return read_path(Path(self.path), self.path)


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
        documents = self.file.reading.documents
        if self.index < len(documents):
            return documents[self.index]
        from penstock.source.comments import blank

        return blank(self.file.reading.file)
