"""What the tests of the source layer share: reading a text, and the words that a span covers."""

from __future__ import annotations

import re

from penstock.model import Span
from penstock.source import Document, Fault, Reading, SourceFile, read


def reading(text: str, name: str = "file.yaml") -> Reading:
    """The reading of a text."""
    return read(SourceFile(name, text))


def data(text: str) -> object:
    """The data of a text that holds one document and no fault."""
    return document(text).data


def document(text: str) -> Document:
    """The one document of a text without faults."""
    result = reading(text)
    assert result.faults == ()
    assert len(result.documents) == 1
    return result.documents[0]


def fault(text: str, name: str = "file.yaml") -> Fault:
    """The one fault of a text."""
    faults = reading(text, name).faults
    assert len(faults) == 1, faults
    return faults[0]


def lines_of(text: str) -> list[str]:
    """The lines of a text as editors count them."""
    return re.split(r"\r\n|\r|\n", text)


def written(text: str, span: Span | None) -> str:
    """What a span covers; line ends as LF."""
    assert span is not None
    lines = lines_of(text)[span.start.line - 1 : span.end.line]
    lines[-1] = lines[-1][: span.end.column - 1]
    lines[0] = lines[0][span.start.column - 1 :]
    return "\n".join(lines)


def place(span: Span | None) -> tuple[int, int]:
    """The line and column where a span begins."""
    assert span is not None
    return span.start.line, span.start.column


def inside(text: str, span: Span) -> bool:
    """Whether a span lies in the text and does not end before it begins."""
    lines = lines_of(text)
    for position in (span.start, span.end):
        if not 1 <= position.line <= len(lines) or not 1 <= position.column <= len(lines[position.line - 1]) + 1:
            return False
    return span.start <= span.end


def paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every path of a document's data."""
    found = [path]
    if isinstance(value, dict):
        for key, inner in value.items():
            found += paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            found += paths(inner, (*path, index))
    return found
