"""Macros: the variables they bind, what is known inside them, and what they give.

Handlers of the check. What a filter's condition establishes becomes part of the type of what is left.
"""

from __future__ import annotations

from penstock.cel.checker.conditions import Known, about_local, known_if
from penstock.cel.checker.context import Context
from penstock.cel.checker.keys import ANY, key, local
from penstock.cel.checker.narrowing import refined
from penstock.cel.checker.operators import is_condition
from penstock.cel.checker.unify import NOTHING, is_free, members, union_or_dyn
from penstock.cel.checker.wording import a
from penstock.cel.syntax import Bind, Comprehension, Node, OptionalMap
from penstock.cel.types import BOOL, DYN, INT, STRING, Record, Type, list_of, map_of, optional_of

_ONLY_LISTS = frozenset({"sortBy"})


def comprehension(context: Context, node: Comprehension) -> Type:
    macro = node.macro.text
    items = context.types[node.items]
    first, second = _parts(context, node, items)
    variables = node.variables
    if len(variables) == 2:
        context.locals[variables[0]], context.locals[variables[1]] = first, second
        element = second
    else:
        element = context.locals[variables[0]] = _one(items, first, second)
    outside = context.known
    context.known = outside | _about_elements(context, node, outside)
    about: Known = frozenset()
    if node.condition is not None:
        _condition(context, node, node.condition)
        about = known_if(context, node.condition, True)
        context.known |= about
    result = context.visit(node.result) if node.result is not None else DYN
    context.known = outside
    if macro == "filter":
        return list_of(refined(element, about_local(about, local(variables[-1]))))
    return _result(context, node, items, first, result)


def _result(context: Context, node: Comprehension, items: Type, first: Type, result: Type) -> Type:
    macro = node.macro.text
    if macro in ("map", "transformList"):
        return list_of(result)
    if macro == "sortBy":
        return items if items.name == "list" else list_of(DYN)
    if macro == "transformMap":
        return map_of(first, result)
    if macro == "transformMapEntry":
        return _entries(context, node, result)
    return BOOL


def _entries(context: Context, node: Comprehension, result: Type) -> Type:
    kinds = [kind for kind in members(result) if kind.name == "map"]
    if not kinds and not is_free(result) and node.result is not None:
        context.error(node.result, f"`transformMapEntry` wants a map for each entry, found {a(result)}")
    return kinds[0] if len(kinds) == 1 and not isinstance(kinds[0], Record) else map_of(DYN, DYN)


def _one(items: Type, first: Type, second: Type) -> Type:
    """What the only variable stands for: an element, or the key of a map."""
    maps = [member.name == "map" for member in members(items)]
    return first if all(maps) else DYN if any(maps) else second


def _parts(context: Context, node: Comprehension, items: Type) -> tuple[Type, Type]:
    """The types of index or key, and of element or value."""
    if is_free(items):
        return (DYN, DYN) if items is not NOTHING else (NOTHING, NOTHING)
    found: list[tuple[Type, Type]] = []
    for kind in members(items):
        if kind.name == "list":
            found.append((INT, kind.parameters[0] if kind.parameters else DYN))
        elif kind.name == "map" and node.macro.text not in _ONLY_LISTS:
            found.append(_entry(kind))
    if not found:
        wanted = "a list" if node.macro.text in _ONLY_LISTS else "a list or a map"
        message = f"`{node.macro.text}` goes through {wanted}, found {a(items)}"
        context.error(node.macro, message)
        return DYN, DYN
    return union_or_dyn([each[0] for each in found]), union_or_dyn([each[1] for each in found])


def _entry(kind: Type) -> tuple[Type, Type]:
    if isinstance(kind, Record):
        return STRING, DYN
    return (kind.parameters[0], kind.parameters[1]) if kind.parameters else (DYN, DYN)


def _about_elements(context: Context, node: Comprehension, known: Known) -> Known:
    """What is known of every element, as said of the variable that stands for one."""
    if not any(ANY in fact for fact in known):
        return frozenset()
    every = (*key(context, node.items), ANY)
    root = local(node.variables[-1])
    return frozenset((*root, *path) for path in about_local(known, every))


def _condition(context: Context, node: Comprehension, condition: Node) -> None:
    found = context.visit(condition)
    if not is_condition(found):
        context.error(condition, f"the condition of `{node.macro.text}` is {a(found)}; it must be a bool")


def bind(context: Context, node: Bind) -> Type:
    context.locals[node.variable] = context.visit(node.value)
    context.bound[node.variable] = node.value
    return context.visit(node.body)


def optional_map(context: Context, node: OptionalMap) -> Type:
    operand = context.types[node.operand]
    macro = "optFlatMap" if node.flat else "optMap"
    value = DYN
    if operand.name == "optional_type":
        value = operand.parameters[0] if operand.parameters else DYN
    elif not is_free(operand):
        context.error(node.operand, f"`{macro}` is for an optional value, found {a(operand)}")
    context.locals[node.variable] = value
    body = context.visit(node.body)
    if not node.flat:
        return optional_of(body)
    if body.name != "optional_type" and not is_free(body):
        context.error(node.body, f"`optFlatMap` wants an optional value, found {a(body)}", "use `optMap`")
    return body if body.name == "optional_type" else optional_of(DYN)
