"""A part of a YAML text, as its author wrote it: the only importer of ruamel.yaml.

Takes the text and a path, gives YAML with the author's comments, quotes and flow style, at the left margin.
"""

from __future__ import annotations

from functools import lru_cache
from io import StringIO
from textwrap import dedent
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.representer import RoundTripRepresenter

from penstock.model import Path


class _Representer(RoundTripRepresenter):
    """Writes null out: an empty place would read like a slip."""


def _null(representer: Any, _value: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


_Representer.add_representer(type(None), _null)


def excerpt(text: str, path: Path) -> str:
    """The value at ``path`` of a one-document text, as YAML.

    Raises:
        KeyError, IndexError: there is no such value.
    """
    value = _loaded(text)
    for part in path:
        value = value[part]
    out = StringIO()
    _yaml().dump(value, out)
    # A list is dumped with the indent of its dashes.
    return dedent(out.getvalue())


@lru_cache(maxsize=1)
def _loaded(text: str) -> Any:
    """A page shows many parts of one text, and loading takes most of the time."""
    return _yaml().load(text)


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1_000_000  # lines break where the author broke them
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.Representer = _Representer
    return yaml
