"""Operators with two operands: their types, and comparisons that can only go one way.

A handler of the check. An enumeration is a string, but one that is never any other than its values.
"""

from __future__ import annotations

from penstock.cel.checker.conditions import strings
from penstock.cel.checker.context import Context
from penstock.cel.checker.operators import binary, element
from penstock.cel.checker.unify import comparable, is_free, members
from penstock.cel.checker.wording import a
from penstock.cel.syntax import Binary, Literal, Node, Select
from penstock.cel.types import BOOL, DOUBLE, DYN, INT, NULL, UINT, Enumeration, Record, Type
from penstock.cel.values import literal
from penstock.suggest import choices, nearest

_NUMBERS = frozenset({"int", "uint", "double"})
_VERBS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "%": "divide"}


def binary_operator(context: Context, node: Binary) -> Type:
    left, right = context.types[node.left], context.visit(node.right)
    operator = node.operator
    if operator == "in":
        return _in(context, node, left, right)
    result = binary(operator, left, right)
    if result is None:
        _no_operator(context, node, left, right)
        return BOOL if operator in ("==", "!=", "<", "<=", ">", ">=") else _likely(left, right)
    if operator in ("==", "!="):
        _enumerations(context, node, left, right)
    elif operator in _VERBS:
        _unions(context, node, left, right)
    return result


def _unions(context: Context, node: Binary, left: Type, right: Type) -> None:
    """A JSON number may be an int in one manifest and a double in the next, and CEL mixes no two of them."""
    pairs = [(one, other) for one in members(left) for other in members(right)]
    if len(pairs) == 1 or all(binary(node.operator, *pair) is not None for pair in pairs):
        return
    for side, kind in ((node.left, left), (node.right, right)):
        if _are_numbers(kind, kind) and len(members(kind)) > 1:
            context.warn(
                side,
                f"`{context.source(side)}` may be an int or a double, and `{node.operator}` takes two of one type",
                f"write `double({context.source(side)})`",
            )
            return


def _likely(left: Type, right: Type) -> Type:
    """What the operands were most likely meant to give, so that one mistake is told once."""
    return left if left.name == right.name and left.name in _NUMBERS else DYN


def _in(context: Context, node: Binary, left: Type, right: Type) -> Type:
    wanted = element(right)
    place = _operator(node)
    if wanted is None:
        hint = None
        if right.name == left.name == "string":
            hint = f"write `{_receiver(context, node.right)}.contains({context.source(node.left)})`"
        context.error(place, f"`in` looks in a list or a map, not in {a(right)}", hint)
    elif not comparable(left, wanted):
        tail = "" if _are_numbers(left, wanted) else ": never found"
        context.error(
            place, f"`in` looks for {a(left)} in {a(right)}{tail}", _conversion(context, node.left, left, wanted)
        )
    else:
        values = _values(left)
        for each, value in strings(node.right).items() if values else ():
            if values is not None and value not in values:
                _never(context, each, f"`{context.source(node.left)}` is never {_quoted(value)}", value, values)
        listed = _values(wanted)
        if isinstance(node.left, Literal) and isinstance(node.left.value, str) and listed and right.name == "list":
            value = node.left.value
            if value not in listed:
                message = f"`{context.source(node.right)}` never has {_quoted(value)} in it"
                _never(context, node.left, message, value, listed)
    return BOOL


def _enumerations(context: Context, node: Binary, left: Type, right: Type) -> None:
    """Strings that are never the same although both are strings."""
    outcome = "can never be true" if node.operator == "==" else "is always true"
    for kind, value, other in ((left, node.left, node.right), (right, node.right, node.left)):
        values = _values(kind)
        if values and isinstance(other, Literal) and isinstance(other.value, str) and other.value not in values:
            comparison = f"`{context.source(value)} {node.operator} {_quoted(other.value)}`"
            _never(context, other, f"{comparison} {outcome}", other.value, values)
            return
    one, two = _values(left), _values(right)
    if one and two and not set(one) & set(two):
        message = f"`{context.source(node)}` {outcome}: the two have no value in common"
        found = f"`{context.source(node.left)}` is one of {choices(one, _QUOTE, 'or')}"
        context.error(
            _operator(node),
            message,
            f"{found}; `{context.source(node.right)}` is one of {choices(two, _QUOTE, 'or')}",
        )


_QUOTE = "'"


def _values(kind: Type) -> tuple[str, ...] | None:
    """The only strings that a value may be; None when it may be others."""
    found: list[str] = []
    for member in members(kind):
        if isinstance(member, Enumeration):
            found.extend(member.values)
        elif member.name == "string" or is_free(member):
            return None
    return tuple(dict.fromkeys(found)) or None


def _never(context: Context, place: Node, message: str, value: str, values: tuple[str, ...]) -> None:
    meant = nearest(value, values)
    hint = f"did you mean {_quoted(meant)}? " if meant is not None else ""
    what = "it is one of" if len(values) > 1 else "it is always"
    context.error(place, message, f"{hint}{what} {choices(values, _QUOTE, 'or')}")


def _quoted(value: str) -> str:
    text = literal(value)
    return text if "'" in text else f"'{text[1:-1]}'"


def _no_operator(context: Context, node: Binary, left: Type, right: Type) -> None:
    operator = node.operator
    place = _operator(node)
    if operator in ("==", "!="):
        outcome = "never equal" if operator == "==" else "always different"
        tail = "" if _are_numbers(left, right) or left.name == right.name else f": {outcome}"
        message = f"`{operator}` compares {a(left)} with {a(right)}{tail}"
        context.error(place, message, _equal_hint(context, node, left, right))
    elif operator in ("<", "<=", ">", ">="):
        message = f"`{operator}` does not compare {a(left)} with {a(right)}"
        context.error(place, message, _hint(context, node, left, right))
    else:
        message = f"`{operator}` does not {_VERBS[operator]} {a(left)} and {a(right)}"
        context.error(place, message, _hint(context, node, left, right))


def _equal_hint(context: Context, node: Binary, left: Type, right: Type) -> str | None:
    for kind, value in ((right, node.left), (left, node.right)):
        if kind is NULL:
            if isinstance(value, Select) and isinstance(context.types.get(value.operand), Record):
                negation = "!" if node.operator == "==" else ""
                return f"whether a field is there says `{negation}has({context.source(value)})`"
            return None
    return _hint(context, node, left, right)


def _hint(context: Context, node: Binary, left: Type, right: Type) -> str | None:
    """How to make one operand what the other is."""
    sides = ((left, right, node.right), (right, left, node.left))
    if node.operator == "+":
        for wanted, kind, value in sides:
            if wanted.name == "string" and kind.name in {*_NUMBERS, "bool", "number"}:
                return f"write `string({context.source(value)})`"
        for wanted, kind, value in sides:
            if wanted.name == "list" and kind.name != "list":
                return f"to add an element, write `[{context.source(value)}]`"
    for target in (DOUBLE, INT, UINT):
        for wanted, kind, value in sides:
            if wanted.name == target.name and kind.name in _NUMBERS and kind.name != target.name:
                return f"write `{_converted(context, value, target)}`"
    return None


def _converted(context: Context, node: Node, target: Type) -> str:
    """The node as a number of another type: ``1.0`` for 1, ``double(n)`` for anything but a literal."""
    value = node.value if isinstance(node, Literal) else None
    if isinstance(value, int) and not isinstance(value, bool) and target.name in ("double", "uint"):
        return f"{int(value)}{'.0' if target.name == 'double' else 'u'}"
    return f"{target.name}({context.source(node)})"


def _conversion(context: Context, node: Node, left: Type, wanted: Type) -> str | None:
    if left.name not in _NUMBERS or wanted.name not in {*_NUMBERS, "string"}:
        return None
    return f"write `{_converted(context, node, wanted)}`"


def _are_numbers(left: Type, right: Type) -> bool:
    return all(member.name in _NUMBERS for kind in (left, right) for member in members(kind))


def _receiver(context: Context, node: Node) -> str:
    source = context.source(node)
    return f"({source})" if isinstance(node, Binary) else source


def _operator(node: Binary) -> tuple[int, int]:
    return node.operator_start, node.operator_start + len(node.operator)
