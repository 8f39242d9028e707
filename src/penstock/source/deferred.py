"""A document whose data is known already: its text is read only when a place or the text is asked for.

Takes what gives a file's content, and the data of its only document; gives a ``Document``. Whoever makes one
vouches for the data.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from penstock.source.document import Document, SourceFile, Spot

if TYPE_CHECKING:
    from penstock import model


class DeferredFile(SourceFile):
    """A file's text, decoded when asked for."""

    read: Callable[[], bytes]

    def __init__(self, read: Callable[[], bytes], shown: str) -> None:
        object.__setattr__(self, "path", shown)
        object.__setattr__(self, "read", read)

    @property
    def text(self) -> str:
        from penstock.source.files import decode

        return decode(self.read(), self.path)[0].text


class DeferredDocument(Document):
    """The one document of a file that was read in an earlier run."""

    file: DeferredFile

    def __init__(self, read: Callable[[], bytes], shown: str, data: object) -> None:
        self.file = DeferredFile(read, shown)
        self.index = 0
        self.data = data

    @cached_property
    def _document(self) -> Document | None:
        from penstock.source.files import read_bytes

        documents = read_bytes(self.file.read(), self.file.path).documents
        return documents[0] if documents else None

    def locate(self, path: model.Path) -> Spot:
        return self._document.locate(path) if self._document else _nowhere()

    def locate_key(self, path: model.Path) -> Spot:
        return self._document.locate_key(path) if self._document else _nowhere()

    def locate_in(self, path: model.Path, line: int, column: int, length: int = 1) -> model.Span:
        return self._document.locate_in(path, line, column, length) if self._document else _nowhere().span


def _nowhere() -> Spot:
    from penstock.model import Position, Span

    beginning = Position(1, 1)
    return Spot(Span(beginning, beginning))
