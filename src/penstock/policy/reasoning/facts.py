"""What is known of terms without any expression: by the schemas, and by what an operation needs.

Takes terms and the schemas of what they begin with; gives their possible values, and what follows from the values
of one for another. Of a schema only what every manifest must satisfy counts, never one alternative of several.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

from penstock.manifest import shapes
from penstock.policy.reasoning import domain as domains
from penstock.policy.reasoning.domain import Domain
from penstock.policy.reasoning.intervals import Interval
from penstock.policy.reasoning.terms import LOGICAL, NOT_STATED, Term, Terms

Schemas = tuple[shapes.Schema, ...]
"""Schemas that all hold of the same value."""

_WHOLE = frozenset({"size", "days", "months", "periods", "int"})
"""Functions that give whole numbers."""
_TYPES: Mapping[str, Domain] = {
    "string": domains.STRINGS,
    "integer": domains.FINITE,
    "number": domains.FINITE,
    "boolean": domains.BOOLEANS,
    "null": domains.NULL,
    "array": domains.OTHER,
    "object": domains.OTHER,
}
_SIZED = frozenset({"string", "array", "object"})


_STRICT = frozenset({"field", "element", "call", "equal", "less", "at most", "compared", "minus", "in"})
_LAZY = frozenset({"or", "orValue"})
"""Functions that may do without an argument."""


class Facts:
    """The facts about terms where names begin with what these schemas describe."""

    def __init__(self, terms: Terms, roots: Mapping[Term, Schemas], values: Mapping[Term, Domain]) -> None:
        """``roots``: by term, the schemas of its value, which is there; ``values``: what else is known of one."""
        self.terms = terms
        self._roots = roots
        self._given = values
        self._schemas: dict[Term, Schemas] = {}
        self._values: dict[Term, Domain] = {}
        self._needed: dict[Term, tuple[Term, ...]] = {}

    def values(self, term: Term) -> Domain:
        """The values that a term may have at all; ``none`` among them where it may be missing."""
        if term not in self._values:
            self._values[term] = self._find(term)
        return self._values[term]

    def _find(self, term: Term) -> Domain:
        operation, *parts = self.terms.key(term)
        if term in self._roots:
            return _of(self._roots[term])
        if term in self._given:
            return self._given[term]
        if operation in LOGICAL:
            return domains.BOOLEANS | domains.MISSING
        if operation == "call" and parts[0] == "size":
            least = max(map(_least_size, self.schemas(parts[1])), default=0)
            return Domain(numbers=(Interval(least, None),)) | domains.MISSING
        return _of(self.schemas(term)) | domains.MISSING

    def needed(self, term: Term) -> tuple[Term, ...]:
        """The terms without which one has no value."""
        if term not in self._needed:
            operation, *parts = self.terms.key(term)
            strict = operation in _STRICT and parts[0] not in _LAZY
            found = self.terms.parts(term) if strict else ()
            self._needed[term] = tuple(part for part in found if self.terms.value(part) is NOT_STATED)
        return self._needed[term]

    def is_whole(self, term: Term) -> bool:
        """Whether every number it may be is whole."""
        operation, *parts = self.terms.key(term)
        if operation == "call":
            return parts[0] in _WHOLE
        return any(schema.get("type") == "integer" for schema in self.schemas(term))

    def is_required(self, term: Term) -> bool:
        """Whether a field is there whenever what it is a field of is there."""
        operation, *parts = self.terms.key(term)
        return operation == "field" and any(parts[1] in shapes.required(each) for each in self.schemas(parts[0]))

    def has_size(self, term: Term) -> bool:
        """Whether its value, where it has one, has a size."""
        return any(schema.get("type") in _SIZED for schema in self.schemas(term))

    def schemas(self, term: Term) -> Schemas:
        """The schemas that hold of its value; none when nothing is known."""
        if term not in self._schemas:
            found = self._roots.get(term)
            self._schemas[term] = tuple(self._below(term)) if found is None else tuple(certain(found))
        return self._schemas[term]

    def _below(self, term: Term) -> Iterator[shapes.Schema]:
        operation, *parts = self.terms.key(term)
        if self.terms.is_deep(term):
            return
        found: list[Any] = []
        if operation == "field":
            found = [_child(schema, parts[1]) for schema in self.schemas(parts[0])]
        elif operation == "element":
            found = [schema.get("items") for schema in self.schemas(parts[0])]
        elif operation == "call" and parts[0] == "ref" and len(parts) == 3:
            kind = self.terms.value(parts[2])
            found = [manifest(kind)] if isinstance(kind, str) and kind in shapes.kinds() else []
        yield from certain(schema for schema in found if isinstance(schema, dict))


def manifest(kind: str) -> shapes.Schema:
    """The schema of a kind's manifests."""
    return shapes.inlined(f"{shapes.ROLLOUT}/{kind}")


def certain(schemas: Any) -> Iterator[shapes.Schema]:
    """The schemas, and those within that hold wherever they do."""
    for schema in schemas:
        yield schema
        yield from certain(part for part in schema.get("allOf", ()) if isinstance(part, dict))


def _child(schema: shapes.Schema, name: str) -> Any:
    named = schema.get("properties", {})
    return named[name] if name in named else schema.get("additionalProperties")


def _of(schemas: Schemas) -> Domain:
    return reduce(Domain.__and__, map(_allowed, certain(schemas)), domains.THERE)


def _allowed(schema: shapes.Schema) -> Domain:
    kind = schema.get("type")
    kinds = [kind] if isinstance(kind, str) else kind or []
    found = reduce(Domain.__or__, (_TYPES.get(each, domains.THERE) for each in kinds)) if kinds else domains.THERE
    stated = [schema["const"]] if "const" in schema else schema.get("enum")
    listed = domains.several(stated) if stated is not None else None
    if listed is not None:
        found &= listed
    if schema.get("minLength", 0) > 0:
        found &= ~Domain(strings=(Interval("", ""),))
    for keyword, low, included in (("minimum", True, True), ("exclusiveMinimum", True, False)):
        found &= _bounded(schema.get(keyword), low, included)
    for keyword, low, included in (("maximum", False, True), ("exclusiveMaximum", False, False)):
        found &= _bounded(schema.get(keyword), low, included)
    return found


def _bounded(bound: object, low: bool, included: bool) -> Domain:
    if isinstance(bound, bool) or not isinstance(bound, (int, float)):
        return domains.ANYTHING
    beyond = Interval(None, bound, True, not included) if low else Interval(bound, None, not included, True)
    return ~Domain(numbers=(beyond,))


def _least_size(schema: shapes.Schema) -> int:
    keyword = {"array": "minItems", "object": "minProperties", "string": "minLength"}.get(str(schema.get("type")))
    return int(schema.get(keyword, 0)) if keyword else 0
