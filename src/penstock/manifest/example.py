"""How to write a field: the schema's own example as one line of YAML.

Takes a field's schema, gives text to copy. Must not know of documents or violations.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from penstock.manifest import shapes, wording
from penstock.manifest.paths import quoted

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 _./@+-]*[A-Za-z0-9]|[A-Za-z]|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FEW = 12
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def assignment(field: str, schema: Mapping[str, Any]) -> str:
    """How the field is added: ```currency: USD```, or its name with the fields that it needs."""
    fields = shapes.properties(schema)
    if fields:
        needed = shapes.required(schema)
        if needed:
            return f"`{field}:` with {wording.listing(needed)}"
        if schema.get("maxProperties") == 1:
            return f"`{field}:` with one of {wording.any_of([wording.name(name) for name in fields])}"
        return f"`{field}:`"
    element = shapes.child(schema, 0)
    if element is not None and shapes.properties(element):
        return f"`{field}:` with elements that have {wording.listing(shapes.required(element))}"
    choices = schema.get("enum", ())
    if 1 < len(choices) <= _FEW:
        return f"`{field}:` with one of {wording.any_of(map(str, choices))}"
    example = of(schema)
    return f"`{field}: {example}`" if example is not None else f"`{field}:`"


def of(schema: Mapping[str, Any]) -> str | None:
    """An example value as YAML, on one line; None when the schema has none that is short."""
    for candidate in _candidates(schema):
        text = _yaml(candidate)
        if text is not None and len(text) <= wording.LIMIT:
            return text
    return None


def _candidates(schema: Mapping[str, Any]) -> list[Any]:
    candidates = [*schema.get("examples", ()), *schema.get("enum", ())]
    candidates += [schema["const"]] if "const" in schema else []
    form = schema.get("x-form", {})
    return [*candidates, *form.get("examples", ())]


def _yaml(value: object) -> str | None:
    if isinstance(value, str):
        plain = _PLAIN.fullmatch(value) and value.casefold() not in _WORDS
        return value if plain else quoted(value)
    if isinstance(value, list):
        parts = [_yaml(element) for element in value]
        return f"[{', '.join(part for part in parts if part)}]" if all(parts) else None
    return None if isinstance(value, dict) else wording.literal(value)
