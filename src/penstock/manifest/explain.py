"""Breaches of a schema as messages for people: all of them, each defect once.

Takes breaches and the document they are of, gives violations. Must not know the validator that found them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from penstock.manifest import explain_fields, explain_values, wording
from penstock.manifest.breach import Breach, SchemaViolation, Subject

Explainer = Callable[[Breach, Subject], Iterable[SchemaViolation]]

_RANKS = {"type": 0, "const": 1, "enum": 1, "format": 2, "minLength": 3}
"""When one value breaks several keywords, only those of the lowest rank are worth reading."""
_LAST = 4

_SHAPE = frozenset({"required", "additionalProperties", "propertyNames", "minProperties", "maxProperties"})
"""Keywords about the fields of a mapping: each is a defect of its own."""


def explain(breaches: Iterable[Breach], subject: Subject) -> list[SchemaViolation]:
    """Every violation once, in the order of the breaches."""
    listed = _worth_reading(list(breaches))
    meant = {
        (breach.path, near)
        for breach in listed
        if breach.keyword == "additionalProperties"
        for near in explain_fields.near_fields(breach)
    }
    violations: dict[SchemaViolation, None] = {}
    for breach in listed:
        if breach.keyword == "required":
            # The misspelled field is reported already, with the field that it stands for.
            missing = explain_fields.missing(breach)
            if missing is not None and (breach.path, missing) in meant:
                continue
        for violation in _explainer(breach)(breach, subject):
            violations.setdefault(violation)
    return list(violations)


def _worth_reading(breaches: list[Breach]) -> list[Breach]:
    best: dict[tuple[object, ...], int] = {}
    for breach in breaches:
        if breach.keyword not in _SHAPE:
            rank = _RANKS.get(breach.keyword, _LAST)
            best[breach.path] = min(rank, best.get(breach.path, _LAST))
    return [
        breach
        for breach in breaches
        if breach.keyword in _SHAPE or _RANKS.get(breach.keyword, _LAST) <= best[breach.path]
    ]


def _explainer(breach: Breach) -> Explainer:
    if breach.value is None:
        return explain_values.empty
    return _EXPLAINERS.get(breach.keyword, _other)


def _alternatives(breach: Breach, subject: Subject) -> Iterator[SchemaViolation]:
    """The alternative that the value comes nearest to, explained as if it were the only one."""
    if not breach.branches:
        yield from _other(breach, subject)
        return
    single = {branch[0].expected[0] for branch in breach.branches if _is_one_missing_field(branch)}
    if len(single) == len(breach.branches):
        fields = wording.any_of([wording.name(field) for field in sorted(single)])
        message = f"{subject.name(breach.path)} lacks a required field: {fields}"
        yield SchemaViolation(breach.path, message)
        return
    distances = [_distance(breach, branch) for branch in breach.branches]
    yield from explain(breach.branches[distances.index(min(distances))], subject)


def _distance(breach: Breach, branch: tuple[Breach, ...]) -> tuple[bool, int]:
    """An alternative of another type is far away, whatever else fits."""
    another = any(inner.keyword in ("type", "const", "enum") and inner.path == breach.path for inner in branch)
    return another, len(branch)


def _is_one_missing_field(branch: tuple[Breach, ...]) -> bool:
    return len(branch) == 1 and branch[0].keyword == "required" and len(branch[0].expected) == 1


def _other(breach: Breach, subject: Subject) -> Iterator[SchemaViolation]:
    """A keyword that has no words of its own: what the schema says of the field."""
    description = breach.schema.get("description")
    message = f"{subject.name(breach.path)} does not have the form it needs; found {wording.show(breach.value)}"
    yield SchemaViolation(breach.path, message, description if isinstance(description, str) else None)


_EXPLAINERS: Mapping[str, Explainer] = {
    "additionalProperties": explain_fields.unknown,
    "required": explain_fields.required,
    "propertyNames": explain_fields.unfit_name,
    "minProperties": explain_fields.number_of_fields,
    "maxProperties": explain_fields.number_of_fields,
    "type": explain_values.wrong_type,
    "enum": explain_values.not_a_choice,
    "const": explain_values.not_a_choice,
    "pattern": explain_values.pattern,
    "format": explain_values.wrong_format,
    "minimum": explain_values.bound,
    "maximum": explain_values.bound,
    "exclusiveMinimum": explain_values.bound,
    "exclusiveMaximum": explain_values.bound,
    "minLength": explain_values.length,
    "maxLength": explain_values.length,
    "minItems": explain_values.number_of_elements,
    "maxItems": explain_values.number_of_elements,
    "uniqueItems": explain_values.repeated,
    "anyOf": _alternatives,
    "oneOf": _alternatives,
}
