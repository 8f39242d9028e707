"""YAML and JSON text to documents of native data, in one pass over the parser's events.

Takes a SourceFile, gives a Reading, whatever the text holds. It keeps no positions: the second pass of
``penstock.source.layout`` finds them when something is to be shown. It must not know what the data means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from penstock.model import Position
from penstock.record import replace
from penstock.source import parser
from penstock.source.builder import Builder, Stop
from penstock.source.document import Document, Fault, Places, Reading
from penstock.source.faults import Collector
from penstock.source.syntax import explain
from penstock.source.text import forbidden, prepare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from penstock.source.document import SourceFile
    from penstock.source.layout import Layout
    from penstock.source.parser import Failure
    from penstock.source.text import Prepared


def read(file: SourceFile) -> Reading:
    """The documents of a YAML or JSON text, and everything that is wrong with it."""
    prepared, collector = prepare(file), Collector(file.text)
    builder = Builder(prepared, collector)
    places = Places(file, builder.starts)
    documents: list[Document] = []
    try:
        while (root := builder.next_root(len(documents))) is not None:
            start = Position(root.start_mark.line + 1, root.start_mark.column + 1)
            documents.append(Document(file, len(documents), builder.build(root), start, places))
        if prepared.bad is not None:
            _drop_open(documents, builder)
            _note_forbidden(prepared.bad, file.text, collector, len(documents))
    except Stop as stop:
        places.end = stop.index
    except parser.ERRORS as error:
        _drop_open(documents, builder)
        if prepared.bad is None:
            _note_syntax(parser.failure(error), prepared, collector, len(documents))
        else:
            _note_forbidden(prepared.bad, file.text, collector, len(documents))
    if not collector.faults:
        return Reading(file, tuple(documents))
    return Reading(file, tuple(documents), tuple(sorted(_completed(collector.faults, places.layout), key=_place)))


def _note_forbidden(index: int, text: str, collector: Collector, document: int) -> None:
    message, hint = forbidden(text[index])
    collector.add(message, hint, index, index + 1, document)


def _note_syntax(failure: Failure, prepared: Prepared, collector: Collector, document: int) -> None:
    problem = explain(failure, prepared.text)
    index = prepared.index
    related = tuple((collector.span(index(first), index(last)), text) for first, last, text in problem.related)
    start, end = index(problem.start), index(problem.end)
    collector.add(problem.message, problem.hint, start, end, document, related=related)


def _drop_open(documents: list[Document], builder: Builder) -> None:
    """Take back the last document when what broke the reading stands in it: its root ended, itself did not."""
    if documents and builder.open_document == documents[-1].index:
        documents.pop()


def _completed(faults: list[Fault], layout: Layout) -> Iterator[Fault]:
    """The faults; a repeated key's with the place of the first."""
    for fault in faults:
        first = layout.locate_key(fault.document, fault.path) if fault.kind == "duplicate-key" else None
        if first is None or first.span == fault.span:
            yield fault
        else:
            yield replace(fault, related=((first.span, "first written here"),))


def _place(fault: Fault) -> Position:
    return fault.span.start if fault.span is not None else Position(0, 0)
