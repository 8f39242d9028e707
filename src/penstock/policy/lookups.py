"""What a policy's calls ask for by words: kinds of manifests, and fields with the values they must have.

Takes a checked expression; gives what is wrong with the words in it, with their places. Reads the schemas alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from penstock.cel import types as cel
from penstock.cel.checker.unify import comparable
from penstock.cel.errors import Problem
from penstock.cel.resolve import Resolution, Target
from penstock.cel.syntax import Literal, MapLiteral, Node
from penstock.manifest import shapes
from penstock.policy import knowledge, static
from penstock.policy.matching import EACH, pattern
from penstock.suggest import choices, did_you_mean

Types = Mapping[Node, cel.Type]
_QUOTE = "'"


def faults(resolution: Resolution, types: Types) -> Iterator[Problem]:
    """What is wrong with the calls that ask for manifests."""
    for target in resolution.calls.values():
        place = knowledge.KIND_ARGUMENT.get(target.name)
        if place is not None and len(target.arguments) > place:
            kind = target.arguments[place]
            if isinstance(kind, Literal) and isinstance(kind.value, str) and kind.value not in shapes.kinds():
                hint = did_you_mean(kind.value, shapes.kinds()) or f"the kinds: {', '.join(shapes.kinds())}"
                yield Problem(f"there is no kind `{kind.value}`", kind.start, kind.end, hint)
            else:
                yield from _fields(target, kind, target.arguments[place + 1 :], types)


def field_texts(kind: str) -> Iterator[str]:
    """Every field of a kind as it is written in a look-up: ``spec.models[*].name``."""
    for path, _ in shapes.walk(shapes.inlined(f"{shapes.ROLLOUT}/{kind}")):
        if path:
            yield ".".join("[*]" if step is EACH else step for step in path).replace(".[*]", "[*]")


def _fields(target: Target, kind: Node, behind: tuple[Node, ...], types: Types) -> Iterator[Problem]:
    for where in behind:
        if not isinstance(where, MapLiteral) or not where.keys or where.optional:
            hint = f"write them as `{target.name}(…, {{'metadata.name': '…'}})`"
            yield Problem("the fields to look for are not written out", where.start, where.end, hint)
        elif not isinstance(kind, Literal):
            yield Problem(f"`{target.name}` cannot tell which kind has these fields", kind.start, kind.end)
        else:
            for field, value in zip(where.keys, where.values, strict=True):
                yield from _field(str(kind.value), field, value, types)


def _field(kind: str, field: Node, value: Node, types: Types) -> Iterator[Problem]:
    if not isinstance(field, Literal) or not isinstance(field.value, str):
        yield Problem("a field to look for is not written out", field.start, field.end)
        return
    path = pattern(field.value)
    if not static.has_field([kind], path):
        hint = did_you_mean(field.value, field_texts(kind)) or f"`penstock schema {kind}` prints the fields"
        yield Problem(f"{kind} has no field `{field.value}`", field.start, field.end, hint)
        return
    has, wanted = knowledge.element(knowledge.manifest(kind), path), types.get(value, cel.DYN)
    if not comparable(has, wanted):
        listed = has.name == "list" and wanted.name != "list"
        message = f"`{field.value}` is {'a list' if listed else f'a {has}'}, and is never a {wanted}"
        elements = f"for any of its elements, write '{field.value}[*]'" if listed else None
        yield Problem(message, value.start, value.end, elements)
    elif isinstance(has, cel.Enumeration) and isinstance(value, Literal) and value.value not in has.values:
        meant = did_you_mean(str(value.value), has.values, _QUOTE)
        hint = meant or f"it is one of {choices(has.values, _QUOTE, 'or')}"
        yield Problem(f"`{field.value}` is never '{value.value}'", value.start, value.end, hint)
