"""The fields that costs are made of, read as exact figures, with a what-if laid over them.

Takes a rollout and an overlay; gives figures and texts, or None for what is absent or not of its sort (the check
reports that). Must not know what the fields are used for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from penstock.cost import figures, periods
from penstock.cost.figures import Figure
from penstock.manifest.paths import value_at
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.model import Path
from penstock.record import dataclass, field

Place = tuple[Resource, Path]

_FLOAT_DIGITS = 16
"""From so many digits on, a float may not be the number as written."""


@dataclass(frozen=True, slots=True)
class Fields:
    """A rollout, and the values that stand in for some of its fields."""

    rollout: Rollout
    overlay: Mapping[Place, Figure | str] = field(default_factory=lambda: MappingProxyType({}))

    def number(self, resource: Resource, path: Path, name: str, unit: str) -> Figure | None:
        """The number at ``path``."""
        laid = self.overlay.get((resource, path))
        if isinstance(laid, Figure):
            return laid
        value = as_written(resource, path)
        return None if value is None else figures.field(name, value, unit, resource, path)

    def text(self, resource: Resource, path: Path) -> str | None:
        """The text at ``path``, when it is not empty."""
        laid = self.overlay.get((resource, path))
        value = laid if isinstance(laid, str) else value_at(resource.data, path)
        return value if isinstance(value, str) and value else None

    def flag(self, resource: Resource, path: Path) -> bool | None:
        """The true or false at ``path``."""
        value = value_at(resource.data, path)
        return value if isinstance(value, bool) else None

    def day(self, resource: Resource, path: Path) -> date | None:
        """The date at ``path``."""
        value = self.text(resource, path)
        try:
            return date.fromisoformat(value) if value is not None and len(value) == 10 else None
        except ValueError:
            return None

    def period(self, resource: Resource, path: Path) -> Figure | None:
        """The period at ``path``, in years."""
        written = self.text(resource, path)
        length = periods.years(written) if written is not None else None
        if written is None or length is None:
            return None
        name = f"length of the period, a {periods.in_words(written)}"
        return figures.field(name, length, "years", resource, path, written)

    def elements(self, resource: Resource, path: Path) -> list[tuple[Path, dict[str, Any]]]:
        """The mappings of the list at ``path``, each with its own path."""
        listed = value_at(resource.data, path)
        found = enumerate(listed if isinstance(listed, list) else ())
        return [((*path, index), element) for index, element in found if isinstance(element, dict)]

    def valid(self, kind: str) -> tuple[Resource, ...]:
        """The resources of a kind that satisfy their schema."""
        return tuple(resource for resource in self.rollout.of_kind(kind) if resource.valid)


def as_written(resource: Resource, path: Path) -> Fraction | None:
    """The number at ``path``, exactly as the manifest writes it: 0.1 is a tenth."""
    value = value_at(resource.data, path)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    text = repr(value)
    if isinstance(value, float) and sum(map(str.isdigit, text.partition("e")[0])) >= _FLOAT_DIGITS:
        return _from_text(resource, path, value) or Fraction(text)
    return Fraction(text)


def _from_text(resource: Resource, path: Path, value: float) -> Fraction | None:
    spot = resource.document.locate(path)
    span = spot.anchor or spot.span
    lines = resource.document.file.text.splitlines()
    if span.start.line != span.end.line or span.start.line > len(lines):
        return None
    try:
        exact = Fraction(lines[span.start.line - 1][span.start.column - 1 : span.end.column - 1].split()[-1])
    except (ValueError, IndexError):
        return None
    # The text of something else than this value is worth nothing.
    return exact if abs(exact - Fraction(repr(value))) <= abs(exact) / 10**15 else None
