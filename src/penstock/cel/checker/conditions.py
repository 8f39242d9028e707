"""What is known where a condition has given true, or false.

Takes a node that has been checked, gives keys. Facts of both operands of ``&&`` hold where it is true; what they
have in common holds where it is false; and the other way round for ``||``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from penstock.cel.checker.checked import Key
from penstock.cel.checker.context import Context
from penstock.cel.checker.keys import ANY, key, local, prefixes
from penstock.cel.resolve import Local, Variable
from penstock.cel.syntax import (
    Binary,
    Bind,
    Call,
    Comprehension,
    Conditional,
    Ident,
    ListLiteral,
    Literal,
    Logic,
    Node,
    OptionalMap,
    Present,
    Select,
    Unary,
    children,
)
from penstock.cel.types import Union
from penstock.record import dataclass

Known = frozenset[Key]
NOT_NULL = "[not null]"
"""As the last part of a key: the value is there and is not null; no field has brackets in its name."""
NOTHING_KNOWN: Known = frozenset()


@dataclass(frozen=True, slots=True)
class OneOf:
    """As the last part of a key: the string is one of these, or none of them."""

    values: frozenset[str]
    denied: bool


def known_if(context: Context, node: Node, outcome: bool) -> Known:
    """What holds wherever the node has given this outcome."""
    return _when(context, node, outcome) or NOTHING_KNOWN


def _when(context: Context, node: Node, outcome: bool) -> Known | None:
    """None: the node never gives this outcome."""
    handler = _HANDLERS.get(type(node))
    return handler(context, node, outcome) if handler is not None else _evaluated(context, node)


def _both(left: Known | None, right: Known | None) -> Known | None:
    return None if left is None or right is None else left | right if left and right else left or right


def _either(left: Known | None, right: Known | None) -> Known | None:
    return right if left is None else left if right is None else left & right


def _present(context: Context, node: Present, outcome: bool) -> Known:
    return _has(context, node.operand, node.field.text, outcome)


def _has(context: Context, operand: Node, field: str, outcome: bool) -> Known:
    # has(a.b.c) fails without a.b: whichever it gives, a.b is there.
    whole = key(context, operand)
    return frozenset(prefixes((*whole, field) if outcome else whole))


def _unary(context: Context, node: Unary, outcome: bool) -> Known | None:
    return _when(context, node.operand, not outcome) if node.operator == "!" else _evaluated(context, node)


def _logic(context: Context, node: Logic, outcome: bool) -> Known | None:
    combine = _both if (node.operator == "&&") is outcome else _either
    found = _when(context, node.operands[0], outcome)
    for operand in node.operands[1:]:
        found = combine(found, _when(context, operand, outcome))
    return found


def _conditional(context: Context, node: Conditional, outcome: bool) -> Known | None:
    then = _both(_when(context, node.condition, True), _when(context, node.then, outcome))
    return _either(then, _both(_when(context, node.condition, False), _when(context, node.otherwise, outcome)))


def _literal(context: Context, node: Literal, outcome: bool) -> Known | None:  # noqa: ARG001
    return NOTHING_KNOWN if node.value is outcome else None


def _name(context: Context, node: Ident | Select, outcome: bool) -> Known | None:
    named = context.resolution.names.get(node)
    if isinstance(named, Local):
        value = context.bound.get(named.word)
        return _when(context, value, outcome) if value is not None else NOTHING_KNOWN
    if context.definitions and (named is None or isinstance(named, Variable)):
        path = _path(context, node)
        definition = context.definitions.get(path) if path is not None else None
        if definition is not None:
            return (definition.facts_if_true if outcome else definition.facts_if_false).known
    return _evaluated(context, node)


def _path(context: Context, node: Node) -> tuple[str, ...] | None:
    parts: list[str] = []
    while isinstance(node, Select) and node not in context.resolution.names:
        parts.append(node.field.text)
        node = node.operand
    named = context.resolution.names.get(node)
    if not isinstance(named, Variable):
        return None
    return (*named.name.split("."), *reversed(parts))


def _binary(context: Context, node: Binary, outcome: bool) -> Known | None:
    known = _evaluated(context, node)
    if node.operator in ("==", "!="):
        sides = ((node.left, node.right), (node.right, node.left))
        for value, other in sides:
            if isinstance(other, Literal) and isinstance(other.value, str):
                one = (node.operator == "==") is outcome
                return known | _one_of(context, value, frozenset((other.value,)), denied=not one)
            if isinstance(other, Literal) and other.value is None and (node.operator == "!=") is outcome:
                return known | {(*key(context, value), NOT_NULL)}
    elif node.operator == "in":
        if isinstance(node.left, Literal) and isinstance(node.left.value, str):
            return known | _has(context, node.right, node.left.value, outcome)
        values = strings(node.right)
        if values:
            return known | _one_of(context, node.left, frozenset(values.values()), denied=not outcome)
    return known


def strings(node: Node) -> Mapping[Node, str]:
    """The strings that a list of literals holds, by their nodes; none when it holds anything else."""
    if not isinstance(node, ListLiteral) or node.optional:
        return {}
    values: dict[Node, str] = {}
    for each in node.elements:
        if isinstance(each, Literal) and isinstance(each.value, str):
            values[each] = each.value
    return values if len(values) == len(node.elements) else {}


def _one_of(context: Context, node: Node, values: frozenset[str], *, denied: bool) -> Known:
    """Which kind of record it is, where that is open."""
    if isinstance(node, Select) and isinstance(context.types.get(node.operand), Union):
        return frozenset(((*key(context, node), OneOf(values, denied)),))
    return NOTHING_KNOWN


def _bind(context: Context, node: Bind, outcome: bool) -> Known | None:
    return _when(context, node.body, outcome)


def _comprehension(context: Context, node: Comprehension, outcome: bool) -> Known:
    """After ``items.all(x, has(x.a))`` every element has the field."""
    known = _evaluated(context, node)
    if node.macro.text != "all" or not outcome or node.condition is None:
        return known
    every = (*key(context, node.items), ANY)
    about = about_local(known_if(context, node.condition, True), local(node.variables[-1]))
    return known | frozenset((*every, *fact) for fact in about)


def about_local(known: Known, root: Key) -> list[Key]:
    """The facts of what is below a root, without the root."""
    length = len(root)
    return [fact[length:] for fact in known if fact[:length] == root]


def _call(context: Context, node: Call, outcome: bool) -> Known:
    known = _evaluated(context, node)
    receiver = node.receiver
    if node.function.text == "hasValue" and isinstance(receiver, Select) and receiver.optional and outcome:
        return known | _has(context, receiver.operand, receiver.field.text, outcome)
    return known


def _evaluated(context: Context, node: Node) -> Known:
    """The unguarded fields that a node cannot have given any value without."""
    unguarded = context.unguarded
    if not unguarded:
        return NOTHING_KNOWN
    found: set[Key] = set()
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if each in unguarded:
            found.update(prefixes(unguarded[each]))
        waiting.extend(_strict(each))
    return frozenset(found)


def _strict(node: Node) -> tuple[Node, ...]:
    """The children without which a node has no value."""
    if isinstance(node, (Logic, Bind)):
        return ()
    if isinstance(node, Conditional):
        return (node.condition,)
    if isinstance(node, Comprehension):
        return (node.items,)
    return (node.operand,) if isinstance(node, OptionalMap) else children(node)


_HANDLERS: Mapping[type, Callable[..., Known | None]] = {
    Present: _present,
    Unary: _unary,
    Logic: _logic,
    Conditional: _conditional,
    Literal: _literal,
    Ident: _name,
    Select: _name,
    Binary: _binary,
    Bind: _bind,
    Comprehension: _comprehension,
    Call: _call,
}
