"""Native values -> YAML text as a person would write it.

Takes a value and gives lines; mappings in block style unless they are small. What could be read as something else
than the text it is (``no``, ``12:30``, ``007``) is quoted, for readers of YAML 1.1 and 1.2 alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

_PLAIN = re.compile(r"[A-Za-z](?:[\w ./@+-]|:(?=[\w/]))*|[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_PLAIN_IN_BLOCK = re.compile(r"[A-Za-z](?:[\w ./@+,;()'=%*-]|:(?=[\w/]))*", re.ASCII)
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_WIDTH = 90


def field(key: str, value: object) -> list[str]:
    """``key: value``, over as many lines as it takes."""
    if not isinstance(value, (Mapping, list)) or not value or _fits(key, value):
        return [f"{key}: {_flow(value) if isinstance(value, (Mapping, list)) else scalar(value, block=True)}"]
    return [f"{key}:", *(f"  {line}" for line in block(value))]


def block(value: object) -> list[str]:
    """The value by itself, over as many lines as it takes."""
    if isinstance(value, Mapping) and value:
        return [line for key, item in value.items() for line in field(scalar(key), item)]
    if isinstance(value, list) and value:
        return [line for item in value for line in _element(item)]
    return [_flow(value) if isinstance(value, (Mapping, list)) else scalar(value, block=True)]


def scalar(value: object, *, block: bool = False) -> str:
    """A value that is no collection, quoted where it must be: less often in ``block`` than in flow style."""
    if isinstance(value, str):
        shape = _PLAIN_IN_BLOCK if block and value[:1].isalpha() else _PLAIN
        plain = shape.fullmatch(value) and value == value.rstrip() and value.casefold() not in _WORDS
        return value if plain else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)


def _element(item: object) -> list[str]:
    if not isinstance(item, (Mapping, list)) or not item or _fits("", item):
        return [f"- {_flow(item)}"]
    lines = block(item)
    return [f"- {lines[0]}", *(f"  {line}" for line in lines[1:])]


def _fits(key: str, value: object) -> bool:
    """Whether a collection reads well on one line: one level deep, and short."""
    inner = list(value.values()) if isinstance(value, Mapping) else value
    flat = isinstance(inner, list) and not any(isinstance(item, (Mapping, list)) for item in inner)
    return flat and len(key) + len(_flow(value)) < _WIDTH


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return scalar(value)
