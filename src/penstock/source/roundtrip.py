"""YAML that is read to be written again, with its author's comments and quotes: the only importer of ruamel.yaml.

Takes texts, gives texts. What penstock only reads goes through ``penstock.source.yaml``, which keeps places.
"""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.representer import RoundTripRepresenter

__all__ = ["YAMLError", "dump", "load", "rewritten"]


class _Representer(RoundTripRepresenter):
    """Writes null out: an empty place would read like a slip."""


def _null(representer: Any, _value: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


_Representer.add_representer(type(None), _null)


def load(text: str) -> Any:
    """The one document of a text, as mappings and lists that know their comments.

    Raises:
        YAMLError: it is no YAML, or several documents.
    """
    return _yaml().load(text)


def dump(value: Any) -> str:
    """The YAML of what ``load`` gave, or of a part of it."""
    out = StringIO()
    _yaml().dump(value, out)
    return out.getvalue()


def rewritten(text: str, change: Callable[[Any], None]) -> str:
    """The text with its data changed in place; comments stay, indentation becomes penstock's.

    Raises:
        YAMLError: the text is no YAML, or several documents.
    """
    data = load(text)
    change(data)
    return dump(data)


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1_000_000  # lines break where the author broke them
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.Representer = _Representer
    return yaml
