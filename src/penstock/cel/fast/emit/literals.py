"""Literals, constants, and the lists and maps that an expression writes down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from penstock.cel import syntax
from penstock.cel.fast.kinds import LIST, MAP, join, kind
from penstock.cel.fast.module import Py, Scope
from penstock.cel.types import BOOL, BYTES, DOUBLE, INT, NULL, STRING, UINT, Type, list_of
from penstock.cel.values import UInt

if TYPE_CHECKING:
    from penstock.cel.fast.generator import Emitter

_TYPES: dict[type, Type] = {
    type(None): NULL,
    bool: BOOL,
    int: INT,
    UInt: UINT,
    float: DOUBLE,
    str: STRING,
    bytes: BYTES,
}


def literal(em: Emitter, node: syntax.Literal, _scope: Scope) -> Py:
    return constant(em, node.value)


def constant(em: Emitter, value: object) -> Py:
    """A value that is known now, of a literal or an environment."""
    of = _TYPES.get(type(value))
    if of is not None:
        return Py.of_literal(_written(em, value), of, value)
    if isinstance(value, Type):
        return Py(em.module.constant("type", value.name), Type("type"))
    return em.slow()  # a host's constant of another type


def _written(em: Emitter, value: object) -> str:
    if type(value) is UInt:
        return em.module.constant("uint", int(value))
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            return em.module.constant("double", repr(value))
        return f"({value!r})" if value < 0 else repr(value)
    if type(value) is int and value < 0:
        return f"({value})"
    return ascii(value)


def list_literal(em: Emitter, node: syntax.ListLiteral, scope: Scope) -> Py:
    elements = [em.emit(element, scope) for element in node.elements]
    parts = [
        f"*{em.helper('given')}({element.code})" if place in node.optional else element.code
        for place, element in enumerate(elements)
    ]
    of = LIST if node.optional or not elements else list_of(join([element.type for element in elements]))
    code = f"[{', '.join(parts)}]"
    if scope.looping:
        code = f"{em.helper('paid')}({scope.work()}, {code})"
    return Py(code, of)


def map_literal(em: Emitter, node: syntax.MapLiteral, scope: Scope) -> Py:
    """Different strings as keys make a map of Python's; other keys need a look."""
    entries = []
    for key, value in zip(node.keys, node.values, strict=True):
        emitted = em.emit(key, scope)
        entries.append((emitted, em.emit(value, scope)))
    texts = {key.value for key, _ in entries if key.literal and isinstance(key.value, str)}
    if len(texts) == len(entries) and not node.optional:
        code = "{" + ", ".join(f"{key.code}: {value.code}" for key, value in entries) + "}"
    else:
        parts = [
            f"({key.code}, {'True' if place in node.optional else 'False'}, {value.code})"
            for place, (key, value) in enumerate(entries)
        ]
        code = f"{em.helper('made_map')}([{', '.join(parts)}])"
    if scope.looping:
        code = f"{em.helper('paid')}({scope.work()}, {code})"
    of = MAP
    if entries:
        of = Type("map", (join([key.type for key, _ in entries]), join([value.type for _, value in entries])))
    return Py(code, of)


def is_small(value: Py) -> bool:
    """A number that doubles and integers both hold: comparing it with any number is exact."""
    return value.literal and kind(value.type) in ("int", "double", "uint") and _holds(value.value)


def _holds(value: object) -> bool:
    return isinstance(value, (int, float)) and abs(value) < 2**53
