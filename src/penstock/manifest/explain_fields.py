"""Explanations about the fields of a mapping: unknown, misplaced, missing, too many.

Takes a breach and its document, gives violations that name the field meant and what it takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from penstock.manifest import shapes, wording
from penstock.manifest.breach import Breach, SchemaViolation, Subject
from penstock.manifest.example import assignment
from penstock.manifest.near import nearest


def unknown(breach: Breach, subject: Subject) -> Iterator[SchemaViolation]:
    """A field that the schema does not have: the field meant, or where the field belongs."""
    fields = shapes.properties(breach.schema)
    for key in breach.value:
        if key in fields or not isinstance(key, str):
            continue
        message = f"unknown field {wording.name(key)} in {subject.name(breach.path)}"
        near = _near(breach, key)
        homes = _homes(subject.schema_id, key, breach.path)
        hint = None
        if near is not None and (not homes or _same_word(near, key)):
            message += f"; did you mean {wording.name(near)}?"
        elif homes:
            message += f"; it belongs in {wording.any_of(homes)}"
        elif fields:
            takes = "can have" if breach.path else "has"
            hint = f"{subject.name(breach.path)} {takes} the fields {wording.listing(list(fields), 20)}"
        yield SchemaViolation((*breach.path, key), message, hint, key=True)


def near_fields(breach: Breach) -> Iterator[str]:
    """The fields that the unknown ones of a mapping were most likely meant to be."""
    for key in breach.value:
        near = _near(breach, key) if key not in shapes.properties(breach.schema) else None
        if near is not None:
            yield near


def required(breach: Breach, subject: Subject) -> Iterator[SchemaViolation]:
    """A field that must be there: what it is for and how to write it."""
    field = missing(breach)
    if field is None:
        return
    schema = shapes.child(breach.schema, field) or shapes.field(subject.schema_id, (*breach.path, field)) or {}
    message = f"{subject.name(breach.path)} lacks the required field {wording.name(field)}"
    yield SchemaViolation((*breach.path, field), message, f"add {assignment(field, schema)}{_meaning(schema)}")


def missing(breach: Breach) -> str | None:
    """The one missing field that a breach of ``required`` is about."""
    return breach.expected[0] if breach.expected else None


def unfit_name(breach: Breach, subject: Subject) -> Iterator[SchemaViolation]:
    """A key of a mapping whose keys are free within a form."""
    where, key = subject.name(breach.path[:-1]), breach.value
    allowed = breach.expected.get("enum", [])
    message = f"{where} cannot have a field named {wording.name(key)}{wording.did_you_mean(key, allowed)}"
    hint = f"its fields are among {wording.listing(allowed, 20)}" if allowed else None
    if "pattern" in breach.expected:
        hint = f"a name here must match {breach.expected['pattern']}"
    yield SchemaViolation(breach.path, message, hint, key=True)


def number_of_fields(breach: Breach, subject: Subject) -> Iterator[SchemaViolation]:
    """Too few or too many fields; above all, not exactly one of several."""
    fields = list(shapes.properties(breach.schema))
    found = [key for key in breach.value if key in fields]
    least, most = breach.schema.get("minProperties"), breach.schema.get("maxProperties")
    if (least, most) == (1, 1):
        asked = f"exactly one of {wording.any_of(fields)}"
    elif least == 1:
        asked = f"at least one of {wording.any_of(fields)}" if fields else "at least one field"
    elif breach.keyword == "minProperties":
        asked = f"at least {wording.count(breach.expected, 'field')}"
    else:
        asked = f"at most {wording.count(breach.expected, 'field')}"
    if found:
        message = (
            f"{subject.name(breach.path)} must have {asked}; found {len(found)}: {wording.any_of(found, 'and')}"
        )
    elif breach.value:
        # Every field it has is unknown, and reported as such.
        return
    else:
        message = f"{subject.name(breach.path)} must have {asked}; found none"
    yield SchemaViolation(breach.path, message, _sentence(breach.schema))


def _near(breach: Breach, key: object) -> str | None:
    absent = [field for field in shapes.properties(breach.schema) if field not in breach.value]
    return nearest(key, absent)


def _homes(schema_id: str, key: str, at: tuple[str | int, ...]) -> list[str]:
    """Where else the document may have the field: the places nearest to the root, at most two."""
    here = tuple(element if isinstance(element, str) else None for element in at)
    found: dict[str, int] = {}
    for path, _ in shapes.walk(shapes.inlined(schema_id)):
        if path and path[-1] == key and path[:-1] != here:
            found.setdefault(_written(path[:-1]), len(path))
    shallow = [home for home, depth in found.items() if depth == min(found.values())]
    return [wording.code(home) if home else "the document itself" for home in shallow[:2]]


def _written(path: tuple[str | None, ...]) -> str:
    return "".join("[]" if element is None else f".{element}" for element in path).removeprefix(".")


def _same_word(one: str, other: str) -> bool:
    return one.casefold().replace("_", "").replace("-", "") == other.casefold().replace("_", "").replace("-", "")


def _meaning(schema: Mapping[str, Any]) -> str:
    sentence = _sentence(schema)
    return (
        f": {sentence[0].lower() if _is_plain_word(sentence) else sentence[0]}{sentence[1:]}" if sentence else ""
    )


def _is_plain_word(sentence: str) -> bool:
    """Whether the first word is written with a capital only because a sentence begins with it."""
    first = sentence.split(" ", 1)[0]
    return first == "A" or (first[:1].isupper() and first[1:].islower())


def _sentence(schema: Mapping[str, Any]) -> str | None:
    """The first sentence of what the schema says."""
    description = schema.get("description")
    if not isinstance(description, str) or not description:
        return None
    return description.split(". ", 1)[0].removesuffix(".")
