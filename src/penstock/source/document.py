"""What reading gives: files, documents as native data, places within them, and faults.

A document holds plain dicts, lists and scalars. Where they stand in the text is worked out only when asked, by
``penstock.source.layout``. This module must not know YAML, nor what the data means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from penstock.record import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from penstock.model import Path, Position, Span
    from penstock.source.layout import Layout

FaultKind = Literal["syntax-error", "duplicate-key", "unreadable-file"]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file's text. ``path`` is as shown to the user, with forward slashes; ``text`` has no byte order mark."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a value stands.

    ``span`` is the use. When the value is reached through an alias, that is the ``*alias`` token, and ``anchor``
    is where the very same value is written out.
    """

    span: Span
    anchor: Span | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with the text itself. ``span`` is None only when there is no text (``unreadable-file``)."""

    kind: FaultKind
    message: str
    span: Span | None = None
    hint: str | None = None
    related: tuple[tuple[Span, str], ...] = ()
    document: int = 0
    """Index of the document it is in, counted as ``Document.index`` is."""
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A file's documents and the faults found on the way.

    ``documents[i].index == i``: empty documents are not counted, and a syntax error ends the reading, so that
    the documents before it are here and none after it. Other faults leave their document usable.
    """

    file: SourceFile
    documents: tuple[Document, ...] = ()
    faults: tuple[Fault, ...] = ()


class Places:
    """Where everything in a file stands: worked out when first asked for, once for all documents of the file.

    ``starts`` and ``end`` are as ``Layout`` takes them.
    """

    __slots__ = ("_file", "_layout", "_starts", "end")

    def __init__(self, file: SourceFile, starts: Sequence[int], end: int | None = None) -> None:
        self._file = file
        self._starts = starts
        self.end = end
        self._layout: Layout | None = None

    def __reduce__(self) -> tuple[type[Places], tuple[SourceFile, Sequence[int], int | None]]:
        return (Places, (self._file, self._starts, self.end))  # what is worked out is quickly made again

    @property
    def layout(self) -> Layout:
        """The layout. To make it takes the parser, which most files never need."""
        if self._layout is None:
            from penstock.source.layout import Layout

            self._layout = Layout(self._file, self._starts, self.end)
        return self._layout


class Document:
    """One YAML document: ``data`` is dict, list, str, int, float, bool or None, all the way down.

    Aliases share objects, so ``data`` must not be changed. ``start`` is where the root value begins.
    """

    __slots__ = ("_places", "data", "file", "index", "start")

    def __init__(self, file: SourceFile, index: int, data: object, start: Position, places: Places) -> None:
        self.file = file
        self.index = index
        self.data = data
        self.start = start
        self._places = places

    def __repr__(self) -> str:
        return f"Document({self.file.path!r}, {self.index})"

    @property
    def layout(self) -> Layout:
        """Where everything in the file stands, for those who ask for more than places."""
        return self._places.layout

    def locate(self, path: Path) -> Spot:
        """Where the value at ``path`` stands; its nearest present parent when there is no such value.

        A scalar or flow collection: the value as written. A block mapping or list: its key. An element of a
        block list that is itself a block: from its first character to the end of that line. The root: the
        value of metadata.name, or the first key.
        """
        return self.layout.locate(self.index, path) or self._beginning()

    def locate_key(self, path: Path) -> Spot:
        """Where the key at the end of ``path`` stands; as ``locate`` for list elements and absent paths."""
        return self.layout.locate_key(self.index, path) or self._beginning()

    def nearest(self, path: Path) -> Path:
        """The longest beginning of ``path`` that the data has."""
        value = self.data
        for depth, element in enumerate(path):
            if isinstance(element, str):
                present = isinstance(value, dict) and element in value
            else:
                present = isinstance(value, list) and 0 <= element < len(value)
            if not present:
                return path[:depth]
            value = value[element]  # type: ignore[index]
        return path

    def locate_in(self, path: Path, line: int, column: int, length: int = 1) -> Span:
        """The place in the file of ``length`` characters at ``line``, ``column`` (from 1) of a scalar's value.

        Exact for every visible character whatever the scalar's style; white space that YAML folded away is
        placed behind the visible character before it. Of an aliased value: the place where it is written out.
        """
        return self.layout.locate_in(self.index, path, line, column, length) or self._beginning().span

    def _beginning(self) -> Spot:
        from penstock.model import Span

        return Spot(Span(self.start, self.start))
