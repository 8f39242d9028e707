"""What an operator gives for the types of its operands.

Types in, a type out, or None where no value of these types has the operator. Must not know any tree.
"""

from __future__ import annotations

import functools

from penstock.cel.checker.unify import comparable, is_free, join, members, union_or_dyn
from penstock.cel.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    STRING,
    TIMESTAMP,
    UINT,
    Type,
    list_of,
)

_NUMBERS = frozenset({"int", "uint", "double"})
_ORDERED = frozenset({"bool", "string", "bytes", TIMESTAMP.name, DURATION.name})
_LIST = list_of(DYN)
_EVERY = (INT, UINT, DOUBLE, STRING, BYTES, TIMESTAMP, DURATION, _LIST, BOOL)


def _arithmetic() -> dict[tuple[str, str, str], Type]:
    table = {
        (operator, kind.name, kind.name): kind for operator in ("+", "-", "*", "/") for kind in (INT, UINT, DOUBLE)
    }
    table.update({("%", kind.name, kind.name): kind for kind in (INT, UINT)})
    table.update({("+", kind.name, kind.name): kind for kind in (STRING, BYTES, DURATION)})
    when, span = TIMESTAMP, DURATION
    table["+", when.name, span.name] = table["+", span.name, when.name] = table["-", when.name, span.name] = when
    table["-", when.name, when.name] = table["-", span.name, span.name] = span
    return table


_ARITHMETIC = _arithmetic()
_SIGNED = {"int": INT, "double": DOUBLE}


def binary(operator: str, left: Type, right: Type) -> Type | None:
    """The result of any operator with two operands but ``in``."""
    if operator in ("==", "!="):
        return BOOL if comparable(left, right) else None
    if operator in ("<", "<=", ">", ">="):
        return BOOL if any(_ordered(one.name, other.name) for one, other in _pairs(left, right)) else None
    return _ARITHMETIC.get((operator, left.name, right.name)) or _computed(operator, left, right)


def _computed(operator: str, left: Type, right: Type) -> Type | None:
    if left.name == right.name == "list":
        return join(left, right) if operator == "+" else None
    if is_free(left) and is_free(right):
        return DYN
    one, other = _possible(left), _possible(right)
    results = list(_results(operator, tuple(kind.name for kind in one), tuple(kind.name for kind in other)))
    if operator == "+":
        results += _lists(one, other)
    return union_or_dyn(results) if results else None


def _lists(left: tuple[Type, ...], right: tuple[Type, ...]) -> list[Type]:
    pairs = [(one, other) for one in left for other in right if one.name == other.name == "list"]
    return [joined for one, other in pairs if (joined := join(one, other)) is not None]


@functools.lru_cache(maxsize=512)
def _results(operator: str, left: tuple[str, ...], right: tuple[str, ...]) -> tuple[Type, ...]:
    found = (_ARITHMETIC.get((operator, one, other)) for one in left for other in right)
    return tuple({kind.name: kind for kind in found if kind is not None}.values())


def _possible(kind: Type) -> tuple[Type, ...]:
    return _EVERY if is_free(kind) else members(kind)


def _pairs(left: Type, right: Type) -> list[tuple[Type, Type]]:
    return [(one, other) for one in members(left) for other in members(right)]


def _ordered(left: str, right: str) -> bool:
    if left == right:
        return left in _NUMBERS or left in _ORDERED or left in ("dyn", "nothing")
    if left in ("dyn", "nothing"):
        left = right
    elif right not in ("dyn", "nothing"):
        return left in _NUMBERS and right in _NUMBERS
    return left in _NUMBERS or left in _ORDERED or left in ("dyn", "nothing")


def negative(operand: Type) -> Type | None:
    """The result of ``-`` before a value."""
    if is_free(operand):
        return DYN
    found = [_SIGNED[kind.name] for kind in members(operand) if kind.name in _SIGNED]
    return union_or_dyn(found) if found else None


def element(container: Type) -> Type | None:
    """What ``in`` looks for in a value: an element or a key. None where there is nothing to look in."""
    if is_free(container):
        return DYN
    found = []
    for kind in members(container):
        if kind.name in ("list", "map"):
            found.append(kind.parameters[0] if kind.parameters else DYN)
        elif is_free(kind):
            found.append(DYN)
    return union_or_dyn(found) if found else None


def is_condition(kind: Type) -> bool:
    """Whether a value may be a bool, as ``&&``, ``!``, ``?:`` and predicates want."""
    return kind is BOOL or is_free(kind) or any(member.name == "bool" for member in members(kind))
