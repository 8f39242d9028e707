"""What the checker knows of a policy's names: the types of manifests, from their schemas, and of the functions.

Takes kinds and declared parameters; gives CEL types and environments. Reads the shipped schemas, no manifest.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from penstock.cel import env as cel_env
from penstock.cel import types as cel
from penstock.cel.syntax import Literal, Node
from penstock.manifest import shapes
from penstock.policy.model import ROLLOUT_KIND, Param

_SCALARS = {"string": cel.STRING, "integer": cel.INT, "number": cel.NUMBER, "boolean": cel.BOOL}
_DAY = cel.Union("date", members=(cel.STRING, cel.TIMESTAMP))
_FIELDS = cel.map_of(cel.STRING, cel.DYN)

KIND_ARGUMENT = MappingProxyType(
    {
        "ref": 1,
        "referrers": 1,
        "resources": 0,
        "oldRef": 1,
        "oldReferrers": 1,
        "oldResources": 0,
        "addedResources": 0,
    }
)
"""Which argument of a function is the name of a kind; the receiver counts. What comes behind it are fields."""


@functools.cache
def manifest(kind: str) -> cel.Type:
    """A manifest of that kind, or the pseudo-manifest of the rollout as a whole."""
    if kind == ROLLOUT_KIND:
        name = cel.record(f"{kind}.metadata", {"name": cel.Field(cel.STRING, required=True)})
        fields = {
            "apiVersion": cel.Field(cel.STRING, required=True),
            "kind": cel.Field(cel.enumeration((kind,)), required=True),
            "metadata": cel.Field(name, required=True),
        }
        return cel.record(kind, fields)
    return from_schema(shapes.inlined(f"{shapes.ROLLOUT}/{kind}"), kind)


def manifests(kinds: Sequence[str]) -> cel.Type:
    """A manifest of one of the kinds."""
    types = tuple(map(manifest, kinds))
    return types[0] if len(types) == 1 else cel.Union(" or ".join(kinds), members=types)


def from_schema(schema: shapes.Schema, title: str) -> cel.Type:
    """The type of the values that a JSON Schema allows. ``title`` names it in messages: ``UseCase.spec``."""
    allowed = (schema["const"],) if "const" in schema else schema.get("enum", ())
    if allowed and all(isinstance(value, str) for value in allowed):
        return cel.enumeration(tuple(allowed))
    kind = schema.get("type")
    if kind == "array":
        return cel.list_of(from_schema(schema["items"], f"{title}[]") if "items" in schema else cel.DYN)
    if kind == "object":
        return _mapping(schema, title)
    return _SCALARS.get(str(kind), cel.DYN)


def _mapping(schema: shapes.Schema, title: str) -> cel.Type:
    known = shapes.properties(schema)
    others = schema.get("additionalProperties", True)
    if not known:
        return cel.map_of(cel.STRING, from_schema(others, f"{title}[]") if isinstance(others, dict) else cel.DYN)
    required = shapes.required(schema)
    fields = {
        name: cel.Field(from_schema(part, f"{title}.{name}"), required=name in required)
        for name, part in known.items()
    }
    return cel.record(title, fields, closed=others is False)


def element(container: cel.Type, path: Iterable[str | int | None]) -> cel.Type:
    """The type of what stands at a path, where None is every element of a list."""
    here = container
    for step in path:
        if isinstance(here, cel.Record) and isinstance(step, str):
            here = here.fields[step].type if step in here.fields else cel.DYN
        elif here.name == "list" and not isinstance(step, str):
            here = here.parameters[0]
        else:
            return cel.DYN
    return here


@functools.cache
def nullable(known: cel.Type, title: str | None = None) -> cel.Type:
    """What may be null as well."""
    members = known.members if isinstance(known, cel.Union) else (known,)
    others = tuple(member for member in members if member != cel.NULL)
    return known if known == cel.DYN else cel.Union(title or str(known), members=(cel.NULL, *others))


def parameters(params: Mapping[str, Param]) -> cel.Type:
    """``params``: every parameter has a value."""
    return cel.record(
        "params", {name: cel.Field(_parameter(param), required=True) for name, param in params.items()}
    )


def _parameter(param: Param) -> cel.Type:
    element = _SCALARS["string" if param.type == "array" else param.type]
    if param.enum and all(isinstance(value, str) for value in param.enum):
        element = cel.enumeration(tuple(map(str, param.enum)))
    return cel.list_of(element) if param.type == "array" else element


def environment(roots: Mapping[str, cel.Type]) -> cel_env.Env:
    """What an expression of a policy may name: these roots, ``organization``, ``asOf`` and the functions."""
    organization = nullable(manifest("Organization"), "Organization")
    return cel_env.Env(
        variables={"organization": organization, "asOf": cel.STRING, **roots}, functions=functions()
    )


@functools.cache
def functions() -> tuple[cel_env.Function, ...]:
    """The functions of ``policy.functions``, whose implementations come with a rollout."""
    numbers, names = cel.list_of(cel.NUMBER), cel.list_of(cel.STRING)
    return (
        _function("ref", (cel.STRING, cel.STRING), cel.DYN, infer=_one).about(
            "The manifest of that name and kind. If there is none, or it breaks its schema, the rule gives no "
            "verdict, since that is an error already.",
            "ref('acme-lab', 'VendorContract').spec.vendor == 'Acme Lab'",
        ),
        _list("referrers", (cel.DYN, cel.STRING)).about(
            "The manifests of that kind that refer to a manifest: a list, perhaps empty. It takes fields as "
            "`resources` does.",
            "referrers(ref('claims-db', 'DataSource'), 'AccessGrant').size() == 1",
        ),
        _list("resources", (cel.STRING,)).about(
            "All manifests of that kind, in the order of the files; with fields, those that have these values.",
            "resources('Agent', {'spec.useCase': 'claims-triage'}).size() == 1",
        ),
        _function("oldVersion", (cel.DYN,), cel.DYN, infer=_counterpart).about(
            "What a manifest was before the change, under whatever name; `null` when it is new. A rule that asks "
            "what was is about changes, and applied only to them.",
            "oldVersion(ref('acme-lab', 'VendorContract')).spec.vendor == 'Acme Lab'",
        ),
        _function("newVersion", (cel.DYN,), cel.DYN, infer=_counterpart).about(
            "What a manifest of before the change has become, under whatever name; `null` when it is gone.",
            "newVersion(oldRef('acme-lab', 'VendorContract')).spec.vendor == 'Acme Lab'",
        ),
        _function("oldRef", (cel.STRING, cel.STRING), cel.DYN, infer=_one).about(
            "As `ref`, among the manifests before the change.",
            "oldRef('acme-lab', 'VendorContract').spec.vendor == 'Acme Lab'",
        ),
        _list("oldReferrers", (cel.DYN, cel.STRING)).about(
            "As `referrers`, among the manifests before the change; of one that `oldRef` and its like give.",
            "oldReferrers(oldRef('claims-db', 'DataSource'), 'AccessGrant').size() == 1",
        ),
        _list("oldResources", (cel.STRING,)).about(
            "As `resources`, of the manifests before the change.",
            "oldResources('Agent').map(agent, agent.metadata.name) == ['claims-triager']",
        ),
        _list("addedResources", (cel.STRING,)).about(
            "The manifests of that kind that the change adds. For rules that look beside a manifest.",
            "addedResources('Agent').size() == 0",
        ),
        _function("date", (_DAY,), cel.TIMESTAMP).about(
            "The timestamp at the start of that day in UTC, for CEL's own functions.",
            "date('2026-06-30') == timestamp('2026-06-30T00:00:00Z')",
        ),
        _function("days", (_DAY, _DAY), cel.INT).about(
            "Days from one date to the other, a whole number; negative when the other comes first.",
            "days('2026-01-01', '2026-01-31') == 30",
        ),
        _function("months", (_DAY, _DAY), cel.INT).about(
            "Whole calendar months from one date to the other; negative when the other comes first.",
            "months('2026-01-31', '2026-02-28') == 1",
        ),
        _function("periods", (_DAY, _DAY, cel.STRING), cel.INT).about(
            "How often the period fits whole between two dates; negative when the other comes first.",
            "periods('2026-01-15', '2027-01-14', 'P3M') == 3",
        ),
        _function("monthsAndDays", (_DAY, _DAY), cel.STRING).about(
            "The time between two dates for a message, in months and days.",
            "monthsAndDays('2026-01-01', '2027-01-02') == '12 months and 1 day'",
        ),
        _function("addPeriod", (_DAY, cel.STRING), cel.STRING).about(
            "The date a period later, as text; with a minus, earlier. Years and months first, then days.",
            "addPeriod('2026-03-31', '-P1M') == '2026-02-28'",
        ),
        _function("contractEnd", (cel.DYN, _DAY), cel.STRING).about(
            "The last day of a VendorContract as of a date: with the renewals that it has made by itself before. "
            "`9999-12-31` where nothing says when it ends.",
            "contractEnd(ref('acme-lab', 'VendorContract'), '2026-06-30') == '2027-01-14'",
        ),
        _function("perYear", (cel.STRING,), cel.DOUBLE).about(
            "How often the period fits into a year, a decimal number.", "perYear('P1M') == 12.0"
        ),
        _function("sum", (numbers,), cel.DOUBLE).about(
            "The sum of a list of numbers, a decimal number. Exact in decimals: ten times 0.1 is 1.",
            "[0.1, 0.2].sum() == 0.3",
        ),
        _function("decimal", (cel.NUMBER, cel.INT), cel.STRING).about(
            "A number for a message: rounded, with commas between thousands.", "decimal(1234.5, 2) == '1,234.5'"
        ),
        _function("inWords", (cel.STRING,), cel.STRING).about(
            "A period for a message.", "inWords('P1Y6M') == '1 year and 6 months'"
        ),
        _function("join", (names, cel.STRING), cel.STRING).about(
            "A list of texts as one text.", "['a', 'b'].join(', ') == 'a, b'"
        ),
    )


def _function(
    name: str, parameters: tuple[cel.Type, ...], result: cel.Type, infer: Any = None
) -> cel_env.Function:
    # Each may be called as f(x, y) and as x.f(y).
    overloads = tuple(cel_env.Overload(parameters, result, receiver=receiver) for receiver in (False, True))
    return cel_env.Function(name, overloads, infer)


def _list(name: str, parameters: tuple[cel.Type, ...]) -> cel_env.Function:
    """A function that gives manifests of a kind, its last parameter: all, or those with some values of fields."""
    several = functools.partial(_several, len(parameters) - 1)
    overloads = (
        cel_env.Overload(each, cel.list_of(cel.DYN), receiver=receiver)
        for receiver in (False, True)
        for each in (parameters, (*parameters, _FIELDS))
    )
    return cel_env.Function(name, tuple(overloads), several)


def _one(arguments: Sequence[Node], _types: Sequence[cel.Type], place: int = 1) -> cel.Type | None:
    """The manifest of the kind that an argument names."""
    kind = arguments[place] if len(arguments) > place else None
    if isinstance(kind, Literal) and kind.value in shapes.kinds():
        return manifest(str(kind.value))
    return None


def _several(place: int, arguments: Sequence[Node], types: Sequence[cel.Type]) -> cel.Type | None:
    one = _one(arguments, types, place)
    return cel.list_of(one) if one else None


def _counterpart(_arguments: Sequence[Node], types: Sequence[cel.Type]) -> cel.Type | None:
    """A manifest of the kind of the one that is given, or null."""
    return nullable(types[0]) if types and types[0] != cel.DYN else None
