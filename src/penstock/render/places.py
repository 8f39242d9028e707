"""Where something stands in a file, by its first character: ``file:line:column``, or the same as data."""

from __future__ import annotations

from penstock.model import Location
from penstock.render.escape import visible


def as_words(where: Location) -> str:
    """``file:line:column``; the file alone where no more is known."""
    start = where.span.start if where.span else None
    return f"{visible(where.file)}:{start.line}:{start.column}" if start else visible(where.file)


def as_data(where: Location) -> dict[str, str | int | None]:
    """``file``, ``line`` and ``column``."""
    start = where.span.start if where.span else None
    return {"file": where.file, "line": start.line if start else None, "column": start.column if start else None}
