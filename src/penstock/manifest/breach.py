"""What the validator gives and what is made of it: a breach of one schema keyword, and a violation for people.

Data only, shared by ``schema`` (which fills breaches in) and the ``explain`` modules (which turn them into words).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from penstock.manifest import shapes, wording
from penstock.manifest.paths import path_text
from penstock.model import Path
from penstock.record import dataclass


@dataclass(frozen=True, slots=True)
class Breach:
    """One keyword of a schema that one value does not satisfy."""

    keyword: str
    expected: Any
    """The keyword's value in the schema."""
    value: Any
    """The value that breaks it."""
    path: Path
    schema: Mapping[str, Any]
    """The part of the schema that has the keyword."""
    branches: tuple[tuple[Breach, ...], ...] = ()
    """For anyOf and oneOf: what each alternative finds wrong."""


@dataclass(frozen=True, slots=True)
class SchemaViolation:
    """One departure of a document from its schema, in words."""

    path: Path
    """The value at fault; for a missing field, the path where it belongs."""
    message: str
    hint: str | None = None
    """What to do about it."""
    key: bool = False
    """Whether the key at ``path`` is at fault and not its value."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The document at hand: what explanations need beyond the breach itself."""

    schema_id: str
    data: object

    def name(self, path: Path) -> str:
        """The value at ``path`` by its last key: ```endsOn```, ```tasks[classify]```, or ``the document``."""
        return wording.code(self.tail(path)) if path else "the document"

    def tail(self, path: Path) -> str:
        """The path's text from its last key on."""
        last = max((depth for depth, element in enumerate(path) if isinstance(element, str)), default=0)
        return path_text(self.data, path).removeprefix(path_text(self.data, path[:last])).removeprefix(".")

    def required(self, path: Path) -> bool:
        """Whether the value at ``path`` may not be left out."""
        parent = shapes.field(self.schema_id, path[:-1])
        return bool(path) and parent is not None and path[-1] in shapes.required(parent)
