"""Arithmetic, relations and ``in``: Python's operators where they cannot differ from CEL's, else guarded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from penstock.cel import syntax
from penstock.cel.fast.emit import literals, membership
from penstock.cel.fast.emit.logic import truth
from penstock.cel.fast.kinds import ALONE, NUMBERS, ORDERED, join, kind
from penstock.cel.fast.module import Py, Scope
from penstock.cel.syntax import Node
from penstock.cel.types import BOOL, DOUBLE, DURATION, DYN, INT, STRING, TIMESTAMP, Type

if TYPE_CHECKING:
    from penstock.cel.fast.generator import Emitter

_LEAST, _MOST = "-9223372036854775808", "9223372036854775807"
_HELPERS = {"+": "add", "-": "sub", "*": "mul", "/": "div", "%": "mod"}
_ORDERS = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
_MANY = 50
_MAY_BE_INT = frozenset({"int", "number", "dyn"})
# The pairs of kinds that ``+`` and ``-`` give a time of.
_TIMES: dict[tuple[str, str, str], Type] = {
    ("+", "timestamp", "duration"): TIMESTAMP,
    ("+", "duration", "timestamp"): TIMESTAMP,
    ("+", "duration", "duration"): DURATION,
    ("-", "timestamp", "timestamp"): DURATION,
    ("-", "timestamp", "duration"): TIMESTAMP,
    ("-", "duration", "duration"): DURATION,
}


def unary(em: Emitter, node: syntax.Unary, scope: Scope) -> Py:
    operand = em.emit(node.operand, scope)
    if node.operator == "!":
        return Py(f"(not {truth(em, operand, scope)})", BOOL)
    of = kind(operand.type)
    if of == "double":
        return Py(f"(-{operand.code})", DOUBLE)
    return Py(f"{em.helper('neg')}({operand.code})", operand.type if of in ("int", "number") else DYN)


def binary(em: Emitter, node: syntax.Binary, left: Py, scope: Scope) -> Py:
    operator = node.operator
    if operator == "in":
        return membership.contains(em, left, node.right, scope)
    right = em.emit(node.right, scope)
    if operator in ("==", "!="):
        return equality(em, operator, left, right, scope)
    if operator in ("<", "<=", ">", ">="):
        return relation(em, operator, left, right, scope)
    return arithmetic(em, operator, left, right, scope)


# arithmetic


def sum_of(em: Emitter, left: Py, terms: Sequence[Node], scope: Scope, *, spill: bool) -> Py:
    """A chain of ``+``. With a string among its terms it is strings throughout, or fails."""
    values = [left, *(em.emit(term, scope) for term in terms)]
    if any(kind(value.type) == "string" for value in values):
        return _joined(em, values, scope)
    total = left
    for place, value in enumerate(values[1:]):
        if spill and place % 2:
            total = em.spilled(total, scope)
        if place > _MANY:  # what is rare need not be fast, but its code small
            total = em.spilled(Py(f"{_helper(em, '+', scope)}{total.code}, {value.code})"), scope)
            continue
        total = arithmetic(em, "+", total, value, scope)
    return total


def _joined(em: Emitter, values: Sequence[Py], scope: Scope) -> Py:
    parts = ", ".join(value.code for value in values)
    if scope.looping:
        return Py(f"{em.helper('cat_in')}({scope.work()}, {parts})", STRING)
    made = scope.temporary()
    longest = em.helper("LONGEST")
    slow = em.helper("slow")
    return Py(f'({made} if len({made} := "".join(({parts}))) <= {longest} else {slow}())', STRING)


def arithmetic(em: Emitter, operator: str, left: Py, right: Py, scope: Scope) -> Py:
    one, other = kind(left.type), kind(right.type)
    if operator in ("/", "%"):
        return _division(em, operator, left, right, scope)
    if one == other == "double":
        return Py(f"({left.code} {operator} {right.code})", DOUBLE)
    if one == other == "int":
        made = scope.temporary()
        computed = f"{_LEAST} <= ({made} := {left.code} {operator} {right.code}) <= {_MOST}"
        return Py(f"({made} if {computed} else {em.helper('slow')}())", INT)
    helper = _helper(em, operator, scope)
    of = _TIMES.get((operator, one, other), DYN)
    if (operator, one, other) == ("-", "timestamp", "timestamp"):
        return Py(f"{em.helper('since')}({left.code}, {right.code})", of)
    if one in _MAY_BE_INT and other in _MAY_BE_INT:
        return _guarded(helper, operator, left, right, scope)
    if sorted((one == "double", other == "double")) == [False, True] and {one, other} & {"dyn", "number"}:
        return _guarded_double(helper, operator, left, right, scope)
    if one in NUMBERS and other in NUMBERS:
        of = join([left.type, right.type])
    return Py(f"{helper}{left.code}, {right.code})", of)


def _guarded(helper: str, operator: str, left: Py, right: Py, scope: Scope) -> Py:
    """Integers in line, all else in the helper."""
    first, opening = _named(left, scope)
    second, closing = _named(right, scope)
    types = [f"type({code})" for value, code in ((left, opening), (right, closing)) if kind(value.type) != "int"]
    sure = [code for value, code in ((left, opening), (right, closing)) if kind(value.type) == "int"]
    if any(":=" in code for code in sure):  # it has to be computed before it is used
        types = [f"type({opening})", f"type({closing})"]
    made = scope.temporary()
    computed = f"{_LEAST} <= ({made} := {first} {operator} {second}) <= {_MOST}"
    test = f"{' is '.join(types)} is int"
    # An int beside what takes only ints gives one, or the helper fails.
    of = INT if "int" in (kind(left.type), kind(right.type)) else join([left.type, right.type])
    if kind(of) not in ("int", "number"):
        of = DYN
    return Py(f"({made} if {test} and {computed} else {helper}{first}, {second}))", of)


def _guarded_double(helper: str, operator: str, left: Py, right: Py, scope: Scope) -> Py:
    """What is beside a double has to be one, or the helper fails."""
    first, opening = _named(left, scope)
    second, closing = _named(right, scope)
    sure, unsure = (opening, closing) if kind(left.type) == "double" else (closing, opening)
    test = f"type({unsure}) is float"
    if ":=" in sure:
        test = f"type({opening}) is type({closing}) is float"
    return Py(f"({first} {operator} {second} if {test} else {helper}{first}, {second}))", DOUBLE)


def _named(value: Py, scope: Scope) -> tuple[str, str]:
    """How to write a value again, and how to write it first."""
    if value.plain:
        return value.code, value.code
    name = scope.temporary()
    return name, f"({name} := {value.code})"


def _helper(em: Emitter, operator: str, scope: Scope) -> str:
    if operator == "+" and scope.looping:
        return f"{em.helper('add_in')}({scope.work()}, "
    return f"{em.helper(_HELPERS[operator])}("


def _division(em: Emitter, operator: str, left: Py, right: Py, scope: Scope) -> Py:
    positive = right.literal and type(right.value) is int and right.value > 0
    if kind(left.type) == "int" and positive:
        first, opening = _named(left, scope)
        sign = "//" if operator == "/" else "%"
        number = right.code
        return Py(f"({first} {sign} {number} if {opening} >= 0 else -(-{first} {sign} {number}))", INT)
    of = join([left.type, right.type])
    return Py(f"{em.helper(_HELPERS[operator])}({left.code}, {right.code})", of if kind(of) in NUMBERS else DYN)


# relations


def equality(em: Emitter, operator: str, left: Py, right: Py, scope: Scope) -> Py:
    if left.literal and not right.literal:
        left, right = right, left
    one, other = kind(left.type), kind(right.type)
    negated = operator == "!="
    if right.literal:
        special = _equal_literal(left, right, negated, scope)
        if special is not None:
            return Py(special, BOOL)
    if one == other == "bool":
        return Py(f"({left.code} is {'not ' * negated}{right.code})", BOOL)
    texts = one in ("string", "bytes") or other in ("string", "bytes")
    if (one in ALONE or other in ALONE) and not (texts and scope.looping):
        return Py(f"({left.code} {operator} {right.code})", BOOL)
    if one == other == "int":
        return Py(f"({left.code} {operator} {right.code})", BOOL)
    return Py(_equal_any(em, operator, left, right, scope), BOOL)


def _equal_literal(left: Py, right: Py, negated: bool, scope: Scope) -> str | None:
    value = right.value
    operator = "!=" if negated else "=="
    if value is None or value is True or value is False:
        if left.literal:
            return ascii((left.value is value) is not negated)
        return f"({left.code} is {'not ' * negated}{right.code})"
    if isinstance(value, (str, bytes)):
        return f"({left.code} {operator} {right.code})"
    if not literals.is_small(right):
        return None
    number = ascii(int(value)) if isinstance(value, int) else right.code
    if value not in (0, 1) or kind(left.type) in NUMBERS:
        return f"({left.code} {operator} {number})"
    first, opening = _named(left, scope)
    other = "True" if value == 1 else "False"  # which Python takes for the number
    return (
        f"({opening} != {number} or {first} is {other})"
        if negated
        else f"({opening} == {number} and {first} is not {other})"
    )


def _equal_any(em: Emitter, operator: str, left: Py, right: Py, scope: Scope) -> str:
    turn = "not " * (operator == "!=")
    if kind(left.type) in ("list", "map") or kind(right.type) in ("list", "map"):
        return f"({turn}{_eq(em, scope)}{left.code}, {right.code}))"
    first, opening = _named(left, scope)
    if not scope.looping and ":=" not in right.code and len(right.code) < 60:
        second = right.code  # written twice, computed once
        otherwise = f"{turn}{_eq(em, scope)}{first}, {second})"
        return f"({first} {operator} {second} if type({opening}) is str else {otherwise})"
    second, closing = _named(right, scope)
    if scope.looping:
        # A long text takes time to compare: it is counted.
        test = f"type({opening}) is type({closing}) is str and len({first}) < 500"
    else:
        test = f"type({opening}) is type({closing}) is str"
    return f"({first} {operator} {second} if {test} else {turn}{_eq(em, scope)}{first}, {second}))"


def _eq(em: Emitter, scope: Scope) -> str:
    return f"{em.helper('eq_in')}({scope.work()}, " if scope.looping else f"{em.helper('eq')}("


def relation(em: Emitter, operator: str, left: Py, right: Py, scope: Scope) -> Py:
    one, other = kind(left.type), kind(right.type)
    if _same_order(right, one, other) or _same_order(left, other, one):
        return Py(f"({left.code} {operator} {right.code})", BOOL)
    helper = em.helper(_ORDERS[operator])
    number = right if literals.is_small(right) else left if literals.is_small(left) else None
    if number is None:
        return Py(f"{helper}({left.code}, {right.code})", BOOL)
    first, opening = _named(left, scope)
    second, closing = _named(right, scope)
    guess = "float" if kind(number.type) == "double" else "int"
    asked = opening if number is right else closing
    return Py(f"({first} {operator} {second} if type({asked}) is {guess} else {helper}({first}, {second}))", BOOL)


def _same_order(right: Py, one: str, other: str) -> bool:
    """Whether Python compares the two as CEL does, or not at all."""
    if one in ORDERED:
        return True
    if one in NUMBERS and literals.is_small(right):
        return True
    return one == other and one in ("int", "double", "bool", "uint")
