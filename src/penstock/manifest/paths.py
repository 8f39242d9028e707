"""Paths as people write and read them: ``spec.tasks[classify].modelTier``.

Takes a document's data and a path of keys and indices, gives its text, and the way back. A list element goes by
its ``name`` when it has one that no sibling shares, else by its index from 0. A key or name that would be read
as something else is quoted as in JSON: ``metadata.labels["example.com/team"]``. Must not know of schemas.
"""

from __future__ import annotations

import re

from penstock.model import Path, PathElement
from penstock.pattern import late

_KEY = late(r"[A-Za-z_$][A-Za-z0-9_$-]*\Z")
_NAME = late(r"[A-Za-z0-9_]([A-Za-z0-9_ ./:@+-]*[A-Za-z0-9_])?\Z")
_TOKEN = late(
    r"""(?P<dot>\.)?(?:
        (?P<key>[A-Za-z_$][A-Za-z0-9_$-]*)
      | \[(?:(?P<index>[0-9]+)|(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<name>[^\[\]"]+))\]
    )""",
    re.VERBOSE,
)


def path_text(data: object, path: Path) -> str:
    """The text of ``path`` in ``data``; what is absent from the data is written as it stands in the path."""
    text = ""
    value = data
    for element in path:
        if isinstance(element, int):
            text += f"[{_element_label(value, element)}]"
        elif _KEY.match(element):
            text += f".{element}" if text else element
        else:
            text += f"[{quoted(element)}]"
        value = step(value, element)
    return text


def parse_path(text: str, data: object = None) -> Path:
    """The path that ``text`` names; element names are looked up in ``data``.

    Raises:
        ValueError: the text is no path, or names a list element that ``data`` does not have.
    """
    path: list[PathElement] = []
    value = data
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if not found or bool(found["dot"]) != (position > 0 and found["key"] is not None):
            raise ValueError(f"{text!r} is no path: it cannot be read from column {position + 1}")
        element = _element(value, found)
        path.append(element)
        value = step(value, element)
        position = found.end()
    return tuple(path)


def step(value: object, element: PathElement) -> object:
    """The value one step below ``value``; None when there is none."""
    if isinstance(element, str):
        return value.get(element) if isinstance(value, dict) else None
    return value[element] if isinstance(value, list) and 0 <= element < len(value) else None


def value_at(data: object, path: Path) -> object:
    """The value at ``path``; None when it is absent (or empty)."""
    for element in path:
        data = step(data, element)
        if data is None:
            return None
    return data


def element_name(element: object) -> str | None:
    """The name of a list element, if it has one."""
    name = element.get("name") if isinstance(element, dict) else None
    return name if isinstance(name, str) and name else None


def quoted(text: str) -> str:
    """``text`` in double quotes as in JSON, with every character that does not print escaped."""
    import json  # late: few paths hold what must be quoted

    return "".join(
        char if char.isprintable() else json.dumps(char)[1:-1] for char in json.dumps(text, ensure_ascii=False)
    )


def _element_label(siblings: object, index: int) -> str:
    name = element_name(step(siblings, index))
    if name is None or not isinstance(siblings, list):
        return str(index)
    if sum(1 for sibling in siblings if element_name(sibling) == name) > 1:
        return str(index)
    return name if _NAME.match(name) and not name.isdecimal() else quoted(name)


def _element(value: object, found: re.Match[str]) -> PathElement:
    if found["key"] is not None:
        return found["key"]
    if found["index"] is not None:
        return int(found["index"])
    name = found["name"]
    if found["quoted"] is not None:
        import json

        name = json.loads(found["quoted"])
    if found["quoted"] is not None and not isinstance(value, list):
        return str(name)
    if isinstance(value, list):
        for index, sibling in enumerate(value):
            if element_name(sibling) == name:
                return index
    raise ValueError(f"there is no element named {quoted(name)}")
