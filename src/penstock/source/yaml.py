"""YAML and JSON text to documents of native data.

Takes a SourceFile, gives a Reading; never raises for bad input. Plain manifests are read line by line, all else by
the parser; which way a file went cannot be told from its reading. It must not know what the data means.
"""

from __future__ import annotations

from penstock.model import Position
from penstock.source import limits
from penstock.source.document import Document, Fault, Places, Reading, SourceFile
from penstock.source.linewise import roots

__all__ = ["Document", "Fault", "Reading", "SourceFile", "read"]


def read(file: SourceFile) -> Reading:
    """The documents of a YAML or JSON text, and everything that is wrong with it."""
    text = file.text
    if len(text) > limits.BYTES:
        message, hint = limits.TOO_LARGE
        return Reading(file, (), (Fault("unreadable-file", message, None, hint),))
    found = None if file.path.lower().endswith(".json") else roots(text)
    if found is None:
        # Late: a run over plain manifests must not pay for importing PyYAML.
        from penstock.source import eventwise

        return eventwise.read(file)
    places = Places(file, [begin for _, begin, _, _ in found])
    documents = [
        Document(file, index, data, Position(line, column), places)
        for index, (data, _, line, column) in enumerate(found)
    ]
    return Reading(file, tuple(documents))
