"""Bytes to documents: finds manifest files, reads YAML and JSON, and says where every value stands.

Takes paths and bytes, gives ``Reading``s of ``Document``s with their faults. It must not know what a manifest
means: kinds, schemas and rules live above.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from penstock.source.discovery import Discovery, Unreadable, discover, nested_roots
from penstock.source.document import Document, Fault, Reading, SourceFile, Spot
from penstock.source.files import decode, read_bytes, read_path

if TYPE_CHECKING:
    from penstock.source.yaml import read

__all__ = [
    "Discovery",
    "Document",
    "Fault",
    "Reading",
    "SourceFile",
    "Spot",
    "Unreadable",
    "decode",
    "discover",
    "nested_roots",
    "read",
    "read_bytes",
    "read_path",
]


def __getattr__(name: str) -> object:
    # A run that parses nothing must not pay for what only parsing needs.
    if name == "read":
        from penstock.source.yaml import read

        return read
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
