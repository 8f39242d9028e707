"""A part of a YAML text, as its author wrote it.

Takes the text and a path, gives YAML with the author's comments, quotes and flow style, at the left margin.
"""

from __future__ import annotations

from functools import lru_cache
from textwrap import dedent
from typing import Any

from penstock.model import Path
from penstock.source.roundtrip import dump, load


def excerpt(text: str, path: Path) -> str:
    """The value at ``path`` of a one-document text, as YAML.

    Raises:
        KeyError, IndexError: there is no such value.
    """
    value = _loaded(text)
    for part in path:
        value = value[part]
    # A list is dumped with the indent of its dashes.
    return dedent(dump(value))


@lru_cache(maxsize=1)
def _loaded(text: str) -> Any:
    """A page shows many parts of one text, and loading takes most of the time."""
    return load(text)
