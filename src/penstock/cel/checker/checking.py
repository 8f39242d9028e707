"""Checks an expression against an environment: the type of every node, and all that is wrong.

Takes a parsed expression, gives ``Checked``; never raises for a wrong expression. A node with a mistake counts as
dyn, so that one mistake is told once. Must not evaluate anything.
"""

from __future__ import annotations

from collections.abc import Mapping

from penstock.cel.checker import calls, comparing, fields, macros
from penstock.cel.checker.checked import Checked, Facts
from penstock.cel.checker.conditions import known_if
from penstock.cel.checker.context import Context, Handler
from penstock.cel.checker.keys import key
from penstock.cel.checker.operators import is_condition, negative
from penstock.cel.checker.unify import NOTHING, is_free, join, members, settled
from penstock.cel.checker.wording import a
from penstock.cel.env import Env
from penstock.cel.resolve import Resolution, resolve
from penstock.cel.syntax import (
    Binary,
    Bind,
    Call,
    Comprehension,
    Conditional,
    Expression,
    Ident,
    Index,
    ListLiteral,
    Literal,
    Logic,
    MapLiteral,
    Node,
    OptionalMap,
    Present,
    Select,
    Unary,
)
from penstock.cel.types import BOOL, BYTES, DOUBLE, DYN, INT, NULL, STRING, UINT, Type, list_of, map_of
from penstock.cel.values import UInt

_LITERALS: Mapping[type, Type] = {
    type(None): NULL,
    bool: BOOL,
    int: INT,
    UInt: UINT,
    float: DOUBLE,
    str: STRING,
    bytes: BYTES,
}
_KEYS = frozenset({"int", "uint", "bool", "string", "dyn", "nothing"})
_NO_FACTS = Facts()


def check(
    expression: Expression,
    env: Env,
    *,
    facts: Facts = _NO_FACTS,
    result: Type | None = None,
    resolution: Resolution | None = None,
) -> Checked:
    """The types of an expression and its problems, in the order of the text.

    ``facts`` are what holds wherever it is evaluated; ``result`` is the type that its value must have;
    ``resolution`` is that for an environment with the same names, where it is known already.
    """
    root = expression.root
    resolution = resolution or resolve(expression, env)
    context = Context(expression, env, resolution, facts, _HANDLERS)
    found = context.visit(root)
    if result is not None and not _is(found, result):
        context.error(root, f"the expression is {a(found)}; it must be {a(result)}")
    is_bool = is_condition(found)
    types = {
        node: settled(kind) if kind.parameters or kind is NOTHING else kind for node, kind in context.types.items()
    }
    return Checked(
        expression,
        resolution,
        types[root],
        types,
        context.overloads,
        tuple(sorted(context.problems, key=lambda problem: (problem.start, problem.end))),
        Facts(known_if(context, root, True)) if is_bool else _NO_FACTS,
        Facts(known_if(context, root, False)) if is_bool else _NO_FACTS,
        key(context, root) if isinstance(root, (Ident, Select, Index, Call)) else (("node", root),),
    )


def _is(found: Type, wanted: Type) -> bool:
    if wanted.name == "bool":
        return is_condition(found)
    return is_free(found) or is_free(wanted) or join(found, wanted) is not None


def _literal(context: Context, node: Literal) -> Type:  # noqa: ARG001
    return _LITERALS[type(node.value)]


def _unary(context: Context, node: Unary) -> Type:
    operand = context.visit(node.operand)
    if node.operator == "!":
        if not is_condition(operand):
            context.error(node.operand, f"`!` takes a bool, found {a(operand)}")
        return BOOL
    result = negative(operand)
    if result is None:
        context.error(node.operand, f"`-` takes an int or a double, found {a(operand)}")
        return DYN
    return result


def _logic(context: Context, node: Logic) -> Type:
    outside = context.known
    is_and = node.operator == "&&"
    last = node.operands[-1]
    for operand in node.operands:
        found = context.visit(operand)
        if not is_condition(found):
            context.error(operand, f"`{node.operator}` takes bools, found {a(found)}")
        if operand is not last:
            known = known_if(context, operand, is_and)
            if not known <= context.known:
                context.known |= known
    context.known = outside
    return BOOL


def _conditional(context: Context, node: Conditional) -> Type:
    condition = context.visit(node.condition)
    if not is_condition(condition):
        context.error(node.condition, f"the condition of `?:` is {a(condition)}; it must be a bool")
    outside = context.known
    context.known = outside | known_if(context, node.condition, True)
    then = context.visit(node.then)
    context.known = outside | known_if(context, node.condition, False)
    otherwise = context.visit(node.otherwise)
    context.known = outside
    joined = join(then, otherwise)
    if joined is not None:
        return joined
    message = f"`?:` gives {a(then)} or {a(otherwise)}; both must have one type"
    context.error(node.otherwise, message, "convert one of them, or say `dyn()` of one")
    return DYN


def _list(context: Context, node: ListLiteral) -> Type:
    element: Type = NOTHING
    for at, each in enumerate(node.elements):
        kind = context.visit(each)
        if at in node.optional:
            kind = _inside(context, each, kind)
        element = join(element, kind) or DYN
    return list_of(element)


def _map(context: Context, node: MapLiteral) -> Type:
    keys: Type = NOTHING
    values: Type = NOTHING
    for at, (one, other) in enumerate(zip(node.keys, node.values, strict=True)):
        kind = context.visit(one)
        if not any(member.name in _KEYS for member in members(kind)):
            context.error(one, f"a key of a map is an int, a uint, a bool or a string, found {a(kind)}")
        value = context.visit(other)
        if at in node.optional:
            value = _inside(context, other, value)
        keys, values = join(keys, kind) or DYN, join(values, value) or DYN
    return map_of(keys, values)


def _inside(context: Context, node: Node, kind: Type) -> Type:
    """The type of the value of an element or entry with a question mark."""
    if kind.name == "optional_type":
        return kind.parameters[0] if kind.parameters else DYN
    if not is_free(kind):
        context.error(node, f"`?` is for an optional value, found {a(kind)}")
    return DYN


_HANDLERS: Mapping[type, Handler] = {
    Literal: _literal,
    Ident: fields.ident,
    Select: fields.select,
    Present: fields.present,
    Index: fields.index,
    Call: calls.call,
    Unary: _unary,
    Binary: comparing.binary_operator,
    Logic: _logic,
    Conditional: _conditional,
    ListLiteral: _list,
    MapLiteral: _map,
    Comprehension: macros.comprehension,
    Bind: macros.bind,
    OptionalMap: macros.optional_map,
}
