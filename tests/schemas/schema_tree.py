"""The shipped schemas as the tests of this folder see them: files, fields with their paths, validators.

Reads the files as they are and does not use penstock, so that a fault in its schema code cannot hide one here.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource

Schema = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "schemas"
PACK = ROOT / "policies" / "levie" / "pack.yaml"
FOLDERS = ("rollout/v1", "policy/v1", "config/v1", "baseline/v1", "lock/v1")
BASE_URI = "file:///schemas/"

KINDS = (
    "Organization",
    "UseCase",
    "Agent",
    "DataSource",
    "AccessGrant",
    "TokenBudget",
    "ModelTier",
    "FteOwner",
    "VendorContract",
    "HeadcountForecast",
    "Waiver",
)

FILES = sorted(
    path.relative_to(SCHEMAS).as_posix() for folder in FOLDERS for path in (SCHEMAS / folder).glob("*.json")
)
DOCUMENTS: dict[str, Schema] = {name: json.loads((SCHEMAS / name).read_text(encoding="utf-8")) for name in FILES}
REGISTRY: Registry[Any] = Registry().with_resources(
    (BASE_URI + name, Resource.from_contents(document)) for name, document in DOCUMENTS.items()
)

FORMATS = FormatChecker(formats=())


@FORMATS.checks("date", raises=ValueError)
def _date(value: object) -> bool:
    return not isinstance(value, str) or bool(datetime.date.fromisoformat(value))


@FORMATS.checks("email")
def _email(value: object) -> bool:
    return not isinstance(value, str) or (value.count("@") == 1 and "." in value.split("@")[1])


@FORMATS.checks("duration")
def _duration(value: object) -> bool:
    return not isinstance(value, str) or (value[:1] == "P" and value[-1:] in set("YMWD"))


class Field(NamedTuple):
    """A subschema that describes a value, and where it stands."""

    file: str
    pointer: str
    path: str
    """As a manifest's author sees it: ``spec.tasks[].volume.per``."""
    schema: Schema
    role: str
    """``property``, ``items``, ``value`` (of a free mapping), ``definition`` or ``root``."""

    @property
    def id(self) -> str:
        return f"{self.file}:{self.path}"


def fields(file: str) -> Iterator[Field]:
    """Every field that a schema file describes itself, at any depth, its definitions included."""
    document = DOCUMENTS[file]
    yield from _below(Field(file, "", "", document, "root"))
    for name, definition in document.get("$defs", {}).items():
        yield from _below(Field(file, f"/$defs/{name}", f"${name}", definition, "definition"))


def _below(field: Field) -> Iterator[Field]:
    yield field
    file, pointer, path, schema, _ = field
    for name, child in schema.get("properties", {}).items():
        where = f"{path}.{name}" if path else name
        yield from _below(Field(file, f"{pointer}/properties/{name}", where, child, "property"))
    if isinstance(schema.get("items"), dict):
        yield from _below(Field(file, f"{pointer}/items", f"{path}[]", schema["items"], "items"))
    extra = schema.get("additionalProperties")
    if isinstance(extra, dict):
        yield from _below(Field(file, f"{pointer}/additionalProperties", f"{path}.*", extra, "value"))


ALL_FIELDS = [field for file in FILES for field in fields(file)]


def errors(file: str, data: object, pointer: str = "") -> list[ValidationError]:
    """What is wrong with ``data`` by a schema file, or by the part of it at a JSON pointer."""
    schema = {"$ref": f"{BASE_URI}{file}#{pointer}"}
    found = Draft202012Validator(schema, registry=REGISTRY, format_checker=FORMATS).iter_errors(data)
    return sorted(found, key=lambda error: list(map(str, error.absolute_path)))


def resolve(file: str, reference: str) -> Schema:
    """The schema that ``reference``, written in ``file``, leads to."""
    found: Schema = REGISTRY.resolver(BASE_URI + file).lookup(reference).contents
    return found


def followed(file: str, schema: Schema) -> tuple[str, Schema]:
    """The schema behind a chain of ``$ref``, and the file it stands in."""
    while "$ref" in schema:
        target = schema["$ref"].partition("#")[0]
        schema = resolve(file, schema["$ref"])
        file = file.rpartition("/")[0] + "/" + target if target else file
    return file, schema


def rollout(kind: str) -> str:
    """The schema file of a kind."""
    return f"rollout/v1/{kind}.schema.json"


class _Yaml12(yaml.SafeLoader):
    """YAML with dates as strings and only true and false as booleans."""


_Yaml12.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag != "tag:yaml.org,2002:timestamp" and not (tag == "tag:yaml.org,2002:bool" and first not in "tTfF")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def pack() -> Schema:
    """The built-in pack's pack.yaml."""
    data: Schema = yaml.load(PACK.read_text(encoding="utf-8"), _Yaml12)
    return data
