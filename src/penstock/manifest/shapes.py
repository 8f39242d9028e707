"""The shipped JSON Schemas as data: found, with their references followed, and looked up by field.

Takes a schema id, the path below ``schemas/`` without the suffix (``rollout/v1/UseCase``, ``policy/v1/Policy``).
Gives the schema as written, inlined (no ``$ref`` left), bundled (self-contained, for publishing), or the part
that describes one field. What it gives is shared and must not be changed. Must not know of jsonschema, manifests
or findings, nor reach the network: a ``$ref`` leads to a shipped file or is an error.
"""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from penstock import bundle
from penstock.model import Path

SUFFIX = ".schema.json"
ROLLOUT = "rollout/v1"
COMPILED = "schemas"
"""The module in which the build keeps what every run asks of the manifests' schemas."""

Schema = Mapping[str, Any]


@functools.cache
def document(schema_id: str) -> dict[str, Any]:
    """The schema file as written.

    Raises:
        FileNotFoundError: no such schema is shipped.
    """
    import json  # late: an installed penstock seldom reads a schema

    file = bundle.folder("schemas").joinpath(*f"{schema_id}{SUFFIX}".split("/"))
    loaded: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return loaded


@functools.cache
def kinds() -> tuple[str, ...]:
    """The manifest kinds, in the order of the combined schema."""
    compiled = bundle.compiled(COMPILED)
    if compiled is not None:
        known: tuple[str, ...] = compiled.KINDS
        return known
    return tuple(document(f"{ROLLOUT}/rollout")["properties"]["kind"]["enum"])


@functools.cache
def inlined(schema_id: str) -> dict[str, Any]:
    """The schema with every ``$ref`` replaced by what it refers to; beside a ``$ref``, its own keywords win.

    What a field's own words then hide, the title, description and examples of the definition that it refers to,
    is kept under ``x-form``: it says what the value looks like, where the field says what it means.

    Raises:
        ValueError: a schema refers to itself, which the shipped ones do not.
    """
    tree: dict[str, Any] = _inline(document(schema_id), schema_id, ())
    tree.pop("$defs", None)
    return tree


@functools.cache
def bundled(schema_id: str) -> dict[str, Any]:
    """The schema with all that it refers to under its own ``$defs``."""
    definitions: dict[str, Any] = {}
    root = document(schema_id)
    tree: dict[str, Any] = _bundle(root, schema_id, schema_id, definitions)
    tree.pop("$defs", None)
    if definitions:
        tree["$defs"] = {key: definitions[key] for key in sorted(definitions)}
    return tree


def field(schema_id: str, path: Path) -> Schema | None:
    """The part of the schema that describes the value at ``path``, references followed; None for none."""
    at: Schema | None = inlined(schema_id)
    for element in path:
        at = child(at, element) if at is not None else None
    return at


def child(schema: Schema, element: str | int) -> Schema | None:
    """The part of ``schema`` that describes the value under a key or index; None when it says nothing of it."""
    for part in parts(schema):
        found = part.get("items") if isinstance(element, int) else part.get("properties", {}).get(element)
        if isinstance(found, dict):
            return found
    for part in parts(schema):
        found = part.get("additionalProperties") if isinstance(element, str) else None
        if isinstance(found, dict):
            return found
    return None


def properties(schema: Schema) -> dict[str, Schema]:
    """Every field that a mapping of this schema may have, in the order of the schema."""
    fields: dict[str, Schema] = {}
    for part in parts(schema):
        for key, value in part.get("properties", {}).items():
            if isinstance(value, dict):
                fields.setdefault(key, value)
    return fields


def required(schema: Schema) -> tuple[str, ...]:
    """The fields that a mapping of this schema must have."""
    return tuple(schema.get("required", ()))


def parts(schema: Schema) -> Iterator[Schema]:
    """The schema and every alternative that it combines."""
    yield schema
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(keyword, ()):
            if isinstance(part, dict):
                yield from parts(part)
    for keyword in ("then", "else"):
        if isinstance(schema.get(keyword), dict):
            yield from parts(schema[keyword])


def walk(schema: Schema, path: tuple[str | None, ...] = ()) -> Iterator[tuple[tuple[str | None, ...], Schema]]:
    """Every field below ``schema`` with its path, where None stands for any element of a list."""
    yield path, schema
    for key, value in properties(schema).items():
        yield from walk(value, (*path, key))
    for part in parts(schema):
        if isinstance(part.get("items"), dict):
            yield from walk(part["items"], (*path, None))
            break


def _follow(reference: str, schema_id: str) -> tuple[str, str, Any]:
    """The schema id, the pointer in it and the schema that ``reference``, written in ``schema_id``, leads to."""
    file, _, pointer = reference.partition("#")
    target = schema_id
    if file:
        relative = file.removesuffix(SUFFIX)
        base = document(schema_id).get("$id", "").removesuffix(SUFFIX)
        if "://" in relative and base.endswith(schema_id):
            relative = relative.removeprefix(base.removesuffix(schema_id))
            target = relative
        else:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(schema_id), relative))
    found: Any = document(target)
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        found = found[int(key)] if isinstance(found, list) else found[key]
    return target, pointer, found


def _inline(node: Any, schema_id: str, trail: tuple[tuple[str, str], ...]) -> Any:
    if isinstance(node, list):
        return [_inline(item, schema_id, trail) for item in node]
    if not isinstance(node, dict):
        return node
    if not isinstance(node.get("$ref"), str):
        return {key: _inline(value, schema_id, trail) for key, value in node.items() if key != "$defs"}
    target, pointer, found = _follow(node["$ref"], schema_id)
    if (target, pointer) in trail:
        raise ValueError(f"the schema {schema_id} refers to itself through {node['$ref']}")
    referred = _inline(found, target, (*trail, (target, pointer)))
    referred = {key: value for key, value in referred.items() if not key.startswith("$")}
    form = {key: referred[key] for key in ("title", "description", "examples") if key in referred}
    own = {key: _inline(value, schema_id, trail) for key, value in node.items() if key != "$ref"}
    return {"x-form": form, **referred, **own}


def _bundle(node: Any, schema_id: str, root_id: str, definitions: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_bundle(item, schema_id, root_id, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    copied = {
        key: _bundle(value, schema_id, root_id, definitions)
        for key, value in node.items()
        if key not in ("$ref", "$defs")
    }
    if not isinstance(node.get("$ref"), str):
        return copied
    target, pointer, found = _follow(node["$ref"], schema_id)
    key = _definition_key(target, pointer, root_id)
    if key not in definitions:
        definitions[key] = None
        inner = _bundle(found, target, root_id, definitions)
        definitions[key] = {name: value for name, value in inner.items() if name not in ("$id", "$schema")}
    return {"$ref": f"#/$defs/{key}", **copied}


def _definition_key(target: str, pointer: str, root_id: str) -> str:
    """``date`` for a definition of the schema itself or of the common ones, ``UseCase`` for a whole schema."""
    stem = posixpath.basename(target)
    inner = pointer.removeprefix("/$defs/").replace("/", ".")
    if not inner:
        return stem
    return inner if target == root_id or stem == "common" else f"{stem}.{inner}"
