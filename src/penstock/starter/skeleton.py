"""The first text of a manifest, made from its kind's JSON Schema.

Takes a kind, a name and the names that references may use; gives YAML that satisfies the schema: what must be
there with an example value, what may be there as a comment with its meaning and an example. Must not know of files
or rollouts.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from penstock.manifest import shapes
from penstock.manifest.references import EACH, ReferenceField, references
from penstock.starter.text import field

_WIDTH = 100
_LISTED = 6
"""How many names or values a comment lists."""

Names = Mapping[ReferenceField, Sequence[str]]


def skeleton(kind: str, name: str, names: Names | None = None) -> str:
    """The manifest, from its first comment to its last field.

    ``names`` are those that each reference may use. Where there is exactly one, it is filled in.
    """
    schema = shapes.inlined(f"{shapes.ROLLOUT}/{kind}")
    intro = (
        f"{kind}: {schema['description']} The values are examples: replace them. What stands behind a # may be"
        " left out: remove the # of what you need, and delete the rest."
    )
    lines = list(_comment(intro))
    fields = shapes.properties(schema)
    for key in ("apiVersion", "kind"):
        lines += field(key, fields[key]["const"])
    for part in ("metadata", "spec"):
        lines.append(f"{part}:")
        lines += (f"  {line}".rstrip() for line in _fields(kind, part, name, fields[part], names or {}))
    return "\n".join(lines) + "\n"


def _fields(kind: str, part: str, name: str, schema: shapes.Schema, names: Names) -> Iterator[str]:
    """The fields of ``metadata`` or ``spec``, an empty line before each that has a comment."""
    required = shapes.required(schema)
    for number, (key, described) in enumerate(shapes.properties(schema).items()):
        path = (part, key)
        if path == ("metadata", "name"):
            yield from field(key, name)
            continue
        if number:
            yield ""
        pointing = [found for found in references(kind) if found.path[:2] == path]
        yield from _comment(_meaning(key, described, pointing, names))
        lines = field(key, _value(path, described, pointing, names))
        yield from lines if key in required else (f"# {line}" for line in lines)


def _comment(text: str) -> Iterator[str]:
    for line in textwrap.wrap(text, _WIDTH - 4, break_long_words=False, break_on_hyphens=False):
        yield f"# {line}"


def _meaning(key: str, schema: shapes.Schema, pointing: Sequence[ReferenceField], names: Names) -> str:
    title = str(schema.get("title", ""))
    text = str(schema.get("description", title))
    if title.replace(" ", "").replace("-", "").casefold() not in (key.casefold(), ""):
        text = f"{title}: {text}"
    values = [str(value) for value in schema.get("enum", ())]
    if 0 < len(values) <= 2 * _LISTED and not all(value in text for value in values):
        text = f"{text} One of {', '.join(values)}."
    notes = [_pointer(reference, names.get(reference, ())) for reference in pointing]
    return " ".join(filter(None, [text, *notes, _further(schema)]))


def _pointer(reference: ReferenceField, names: Sequence[str]) -> str:
    """What a reference refers to, e.g. ``Refers to a UseCase by name (here: a, b).``"""
    inner = [element for element in reference.path[2:] if element is not EACH]
    verb = f"`{inner[-1]}` refers" if inner else "Each refers" if reference.path[-1] is EACH else "Refers"
    items = ".".join(map(str, reference.items or ()))
    if reference.items is None:
        article = "an" if str(reference.kind)[0] in "AEIO" else "a"
        target = f"{article} {reference.kind} by name"
    elif reference.kind is None:
        target = f"an entry of {items} in this manifest"
    elif reference.of is None:
        target = f"an entry of {items} in the {reference.kind}"
    else:
        target = f"an entry of {items} in the {reference.kind} that {'.'.join(map(str, reference.of))} names"
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    here = f" (here: {', '.join(names[:_LISTED])}{more})" if names else ""
    return f"{verb} to {target}{here}."


def _further(schema: shapes.Schema) -> str:
    """The fields within a field that its example leaves out."""
    example = _example(schema)
    if isinstance(example, list):
        schema = shapes.child(schema, 0) or {}
        example = example[0] if example else None
    if not isinstance(example, Mapping):
        return ""
    left = [name for name in shapes.properties(schema) if name not in example]
    return f"Further fields: {', '.join(left)}." if left else ""


def _value(path: tuple[str, str], schema: shapes.Schema, pointing: Sequence[ReferenceField], names: Names) -> Any:
    value = deepcopy(_example(schema))
    holder = {path[0]: {path[1]: value}}
    for reference in pointing:
        known = names.get(reference, ())
        if len(known) == 1:
            _fill(holder, reference.path, known[0])
    return holder[path[0]][path[1]]


def _fill(at: Any, path: tuple[str | None, ...], name: str) -> None:
    """Put ``name`` wherever ``path`` leads that has a value already."""
    head, rest = path[0], path[1:]
    if head is EACH:
        if not isinstance(at, list) or not at:
            return
        # One name cannot stand in several elements: they would be the same one.
        del at[1:]
        key: Any = 0
    elif isinstance(at, dict) and head in at:
        key = head
    else:
        return
    if rest:
        _fill(at[key], rest, name)
    else:
        at[key] = name


def _example(schema: shapes.Schema) -> Any:
    for keyword in ("examples", "enum"):
        if schema.get(keyword):
            return schema[keyword][0]
    if "const" in schema:
        return schema["const"]
    return {"array": [], "object": {}, "boolean": False, "integer": 0, "number": 0}.get(
        schema.get("type", ""), "..."
    )
