"""Validation against the shipped JSON Schemas: the only importer of jsonschema.

Takes a kind or a schema id and native data, gives violations in words, all of them. Never raises for bad data
and never reaches the network. What a violation says is the business of ``explain``.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from penstock import bundle
from penstock.manifest import formats, shapes
from penstock.manifest.breach import Breach, SchemaViolation, Subject
from penstock.manifest.fast import Check, acceptor, patient
from penstock.manifest.references import EACH, ReferenceField, expects_referrers, references
from penstock.manifest.shapes import field, kinds
from penstock.regex import occurs

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.validators import Draft202012Validator

__all__ = [
    "EACH",
    "ReferenceField",
    "SchemaViolation",
    "bundled",
    "expects_referrers",
    "field",
    "kinds",
    "references",
    "schema",
    "validate",
    "validate_against",
]


def schema(kind: str) -> dict[str, Any]:
    """The schema of a manifest kind as written, with references to the common definitions."""
    return shapes.document(f"{shapes.ROLLOUT}/{kind}")


def bundled(kind: str) -> dict[str, Any]:
    """A self-contained schema of a manifest kind, or of any manifest for ``rollout``."""
    return shapes.bundled(f"{shapes.ROLLOUT}/{kind}")


def validate(kind: str, data: Any) -> list[SchemaViolation]:
    """What is wrong with a manifest of a known kind."""
    return validate_against(f"{shapes.ROLLOUT}/{kind}", data)


def validate_against(schema_id: str, data: Any) -> list[SchemaViolation]:
    """What is wrong with a document by any shipped schema, e.g. ``config/v1/config`` or ``policy/v1/Policy``."""
    if _acceptor(schema_id)(data):
        return []
    breaches = [_breach(error) for error in _validator(schema_id).iter_errors(data)]
    from penstock.manifest.explain import explain

    return explain(breaches, Subject(schema_id, data))


@functools.cache
def _acceptor(schema_id: str) -> Check:
    compiled = bundle.compiled(shapes.COMPILED)
    known: Mapping[str, Check] = compiled.ACCEPTORS if compiled is not None else {}
    if schema_id in known:
        return patient(known[schema_id], lambda: shapes.inlined(schema_id))
    return acceptor(shapes.inlined(schema_id))


@functools.cache
def _validator(schema_id: str) -> Draft202012Validator:
    import jsonschema
    from jsonschema import validators
    from referencing import Registry

    checker = jsonschema.FormatChecker(formats=())
    for name, check in formats.CHECKS.items():
        checker.checks(name)(_format(check))
    keywords = {"pattern": _pattern, "required": _required, "propertyNames": _property_names}
    strict: type[Draft202012Validator] = validators.extend(  # type: ignore[no-untyped-call]
        jsonschema.Draft202012Validator, validators=keywords
    )
    # The schema has no references left, and an empty registry could not follow one.
    return strict(shapes.inlined(schema_id), registry=Registry(), format_checker=checker)


def _pattern(_validator: object, regex: str, instance: object, _schema: object) -> Iterator[ValidationError]:
    from jsonschema.exceptions import ValidationError

    if isinstance(instance, str) and not occurs(regex, instance):
        yield ValidationError(f"{instance!r} does not match {regex!r}")


def _required(
    _validator: object, names: list[str], instance: object, _schema: object
) -> Iterator[ValidationError]:
    """One error for each missing field, with nothing but its name as the message."""
    from jsonschema.exceptions import ValidationError

    if isinstance(instance, dict):
        yield from (ValidationError(name) for name in names if name not in instance)


def _property_names(
    validator: Draft202012Validator, names: Any, instance: object, _schema: object
) -> Iterator[ValidationError]:
    """One error for each unfit key, at the key and with the key as its value."""
    from jsonschema.exceptions import ValidationError

    if isinstance(instance, dict):
        for name in instance:
            if not validator.evolve(schema=names).is_valid(name):
                yield ValidationError("unfit key", path=(name,), instance=name)


def _format(check: Callable[[str], bool]) -> Callable[[object], bool]:
    return lambda instance: not isinstance(instance, str) or check(instance)


def _breach(error: ValidationError) -> Breach:
    schema = error.schema if isinstance(error.schema, dict) else {}
    expected = [error.message] if error.validator == "required" else error.validator_value
    branches: dict[object, list[Breach]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.schema_path[0], []).append(_breach(inner))
    return Breach(
        str(error.validator),
        expected,
        error.instance,
        tuple(error.absolute_path),
        schema,
        tuple(map(tuple, branches.values())),
    )
