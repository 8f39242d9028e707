"""Explanations about one value: empty, of the wrong type, not a choice, of the wrong form, out of bounds.

Takes a breach and its document, gives violations that say what was found, what is allowed and what to write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from penstock.manifest import example, formats, shapes, wording
from penstock.manifest.breach import Breach, SchemaViolation, Subject
from penstock.manifest.hints import type_hint
from penstock.manifest.near import nearest
from penstock.regex import occurs

_TYPES = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}
_MANY = 12
"""With more choices than this, a message gives a few examples and not the whole list."""
_SIGNS = {"$": "USD", "us$": "USD", "dollar": "USD", "dollars": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}


def empty(breach: Breach, subject: Subject) -> Iterator[SchemaViolation]:
    """A key with nothing behind it."""
    text = example.of(breach.schema)
    fields = shapes.required(breach.schema) or list(shapes.properties(breach.schema))
    if fields:
        hint = f"write its fields below it: {wording.listing(fields)}"
    else:
        hint = f"give it a value{f', for example {wording.code(text)}' if text else ''}"
    if not subject.required(breach.path):
        hint += (
            ", or delete the element"
            if breach.path and isinstance(breach.path[-1], int)
            else ", or delete the field"
        )
    message = f"{subject.name(breach.path)} has no value; expected {_expected(breach.schema)}"
    yield SchemaViolation(breach.path, message, hint)


def wrong_type(breach: Breach, subject: Subject) -> Iterator[SchemaViolation]:
    """A value of another type, with what to change when that is plain."""
    message = f"{subject.name(breach.path)} must be {_expected(breach.schema)}; found {wording.show(breach.value)}"
    yield SchemaViolation(breach.path, message, type_hint(breach, subject.tail(breach.path)))


def not_a_choice(breach: Breach, subject: Subject) -> Iterator[SchemaViolation]:
    """A value that is none of those allowed, with the one meant."""
    choices = breach.expected if breach.keyword == "enum" else [breach.expected]
    texts = [choice for choice in choices if isinstance(choice, str)]
    sign = _SIGNS.get(breach.value.casefold()) if isinstance(breach.value, str) else None
    near = sign if sign in texts else nearest(breach.value, texts)
    meant = f"; did you mean {wording.name(near)}?" if near is not None else ""
    found = wording.show(breach.value)
    if len(choices) > _MANY:
        title = str(breach.schema.get("x-form", breach.schema).get("title", "value")).casefold()
        message = f"{subject.name(breach.path)} is not a known {title}; found {found}{meant}"
        few = wording.any_of([wording.name(choice) for choice in _few(breach.schema, texts)])
        yield SchemaViolation(breach.path, message, f"for example {few}. {_form(breach.schema).split('. ')[0]}")
        return
    allowed = wording.any_of([wording.literal(choice).strip('"') for choice in choices])
    one_of = "one of " if len(choices) > 1 else ""
    yield SchemaViolation(
        breach.path, f"{subject.name(breach.path)} must be {one_of}{allowed}; found {found}{meant}"
    )


def pattern(breach: Breach, subject: Subject) -> Iterator[SchemaViolation]:
    """A string of the wrong form, with the right one when only case, blanks or punctuation are wrong."""
    if not breach.value.strip():
        text = example.of(breach.schema)
        hint = f"write a text, for example {wording.code(text)}" if text else "write a text"
        yield SchemaViolation(breach.path, f"{subject.name(breach.path)} is blank; expected a text", hint)
        return
    form = breach.schema.get("x-form", breach.schema)
    title = str(form.get("title", "value")).casefold()
    near = _mended(breach.value, breach.expected)
    meant = f"; did you mean {wording.name(near)}?" if near is not None else ""
    found = wording.show(breach.value)
    message = f"{subject.name(breach.path)} does not have the form of {wording.a(title)}; found {found}{meant}"
    text = example.of(form) or example.of(breach.schema)
    shown = f" For example {wording.code(text)}." if text else ""
    described = _form(breach.schema) or f"It must match {breach.expected}"
    yield SchemaViolation(breach.path, message, f"{described.removesuffix('.')}.{shown}")


def wrong_format(breach: Breach, subject: Subject) -> Iterator[SchemaViolation]:
    """A date, period or address that is none."""
    kind = breach.expected
    why = formats.fault(kind, breach.value)
    meant = formats.meant(kind, breach.value)
    message = f"{subject.name(breach.path)} must be {_expected(breach.schema)}; found {wording.show(breach.value)}"
    message += f": {why}" if why else ""
    yield SchemaViolation(breach.path, message, f"write {wording.name(meant)}" if meant else None)


def bound(breach: Breach, subject: Subject) -> Iterator[SchemaViolation]:
    """A number that is too small or too large, with both ends of what is allowed."""
    message = f"{subject.name(breach.path)} must be {_range(breach.schema)}; found {wording.literal(breach.value)}"
    hint = None
    if breach.schema.get("maximum") == 1 and 1 < breach.value <= 100:
        hint = f"it is a share: for {wording.literal(breach.value)} % write {round(breach.value / 100, 6)}"
    yield SchemaViolation(breach.path, message, hint or _meaning(breach.schema))


def length(breach: Breach, subject: Subject) -> Iterator[SchemaViolation]:
    """A text that is too short or too long."""
    most = "at least" if breach.keyword == "minLength" else "at most"
    message = (
        f"{subject.name(breach.path)} must have {most} {wording.count(breach.expected, 'character')}; "
        f"found {wording.show(breach.value)} with {len(breach.value)}"
    )
    yield SchemaViolation(breach.path, message, _meaning(breach.schema))


def number_of_elements(breach: Breach, subject: Subject) -> Iterator[SchemaViolation]:
    """A list that is too short or too long."""
    most = "at least" if breach.keyword == "minItems" else "at most"
    message = (
        f"{subject.name(breach.path)} must have {most} {wording.count(breach.expected, 'element')}; "
        f"found {len(breach.value) or 'none'}"
    )
    yield SchemaViolation(breach.path, message, _meaning(breach.schema))


def repeated(breach: Breach, subject: Subject) -> Iterator[SchemaViolation]:
    """Every element of a list that stands in it before."""
    first: list[tuple[int, object]] = []
    for index, element in enumerate(breach.value):
        earlier = next((at for at, other in first if _same(other, element)), None)
        if earlier is None:
            first.append((index, element))
            continue
        name = subject.name((*breach.path, index))
        message = f"{name} repeats {subject.name((*breach.path, earlier))}: {wording.literal(element)}"
        yield SchemaViolation((*breach.path, index), message, "delete one of the two")


def _expected(schema: Mapping[str, Any]) -> str:
    if schema.get("format") in formats.EXPECTED:
        return formats.EXPECTED[schema["format"]]
    choices = schema.get("enum", ())
    if choices and len(choices) <= _MANY:
        return f"one of {wording.any_of([wording.literal(choice).strip(chr(34)) for choice in choices])}"
    types = schema.get("type", ())
    names = [_TYPES[kind] for kind in ([types] if isinstance(types, str) else types) if kind in _TYPES]
    return wording.any_of(names) if names else wording.a(str(schema.get("title", "value")).casefold())


def _few(schema: Mapping[str, Any], choices: list[str]) -> list[str]:
    listed = [*schema.get("examples", ()), *schema.get("x-form", {}).get("examples", ())]
    known = list(dict.fromkeys(choice for choice in listed if choice in choices))
    return known[:3] or choices[:3]


def _form(schema: Mapping[str, Any]) -> str:
    """What values of this form look like, by the shared definition that the field refers to."""
    return str(schema.get("x-form", {}).get("description", ""))


def _meaning(schema: Mapping[str, Any]) -> str | None:
    description = schema.get("description")
    return description if isinstance(description, str) else None


def _mended(text: str, regex: str) -> str | None:
    """The text in the right form, when only case, blanks, ``_`` and ``.`` have to change for it."""
    bare = text.strip()[:200]
    slug = re.sub(r"[\s_.]+", "-", bare.casefold())
    for candidate in (bare, slug, bare.upper(), re.sub(r"[\s_.-]", "", bare).upper()):
        if candidate and candidate != text and occurs(regex, candidate):
            return candidate
    return None


def _range(schema: Mapping[str, Any]) -> str:
    if "minimum" in schema and "maximum" in schema:
        return f"from {wording.literal(schema['minimum'])} to {wording.literal(schema['maximum'])}"
    words = {
        "minimum": "at least",
        "exclusiveMinimum": "more than",
        "maximum": "at most",
        "exclusiveMaximum": "less than",
    }
    ends = [f"{word} {wording.literal(schema[key])}" for key, word in words.items() if key in schema]
    return wording.any_of(ends, "and")


def _same(one: object, other: object) -> bool:
    """Equality as JSON Schema has it: ``true`` is not 1."""
    return one == other and (type(one) is type(other) or (_is_number(one) and _is_number(other)))


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
