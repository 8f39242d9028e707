"""Write a manifest as YAML text, as people write it.

Takes mappings, lists, text, numbers and truth values; gives block style, one key a line. With a width, mappings in
lists that hold only scalars stand on one line where they fit (`- {name: a, permission: read}`). It must not know
what a manifest means. PyYAML's own dumper would take longer than all the rest of a large rollout.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_PLAIN = re.compile(
    r"[A-Za-z/][A-Za-z0-9_./@-]*(?: [A-Za-z0-9_./@(-][A-Za-z0-9_./@()-]*)*|[0-9]{4}-[0-9]{2}-[0-9]{2}"
)
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def document(content: dict[str, Any], comment: str, width: int = 0) -> str:
    """The text of one document. `width` 0: everything in block style."""
    return "\n".join([f"# {comment}", *_mapping(content, 0, width), ""])


def _mapping(content: dict[str, Any], indent: int, width: int) -> Iterator[str]:
    margin = " " * indent
    for key, value in content.items():
        if isinstance(value, dict):
            yield f"{margin}{key}:"
            yield from _mapping(value, indent + 2, width)
        elif isinstance(value, list):
            if not value or (width and not any(isinstance(item, dict) for item in value)):
                yield f"{margin}{key}: [{', '.join(_scalar(item) for item in value)}]"
            else:
                yield f"{margin}{key}:"
                yield from _list(value, indent + 2, width)
        else:
            yield f"{margin}{key}: {_scalar(value)}"


def _list(items: list[Any], indent: int, width: int) -> Iterator[str]:
    margin = " " * indent
    for item in items:
        if not isinstance(item, dict):
            yield f"{margin}- {_scalar(item)}"
            continue
        if width and not any(isinstance(value, (dict, list)) for value in item.values()):
            line = f"{margin}- {{{', '.join(f'{key}: {_scalar(value)}' for key, value in item.items())}}}"
            if len(line) <= width:
                yield line
                continue
        lines = list(_mapping(item, indent + 2, width))
        yield f"{margin}- {lines[0].lstrip()}"
        yield from lines[1:]


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) and value.lower() not in _WORDS else json.dumps(value)
    return json.dumps(value)
