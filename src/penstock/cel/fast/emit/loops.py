"""The macros that go through a list or a map: each is a function of its own with a plain loop.

What a run of a loop may cost is taken from the budget before it begins, and given back where it ends early inside
another loop. What a body asks of things that its loop does not change is remembered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from penstock.cel import syntax
from penstock.cel.fast.emit.logic import truth
from penstock.cel.fast.emit.membership import remembered
from penstock.cel.fast.kinds import LIST, MAP, element_type, indexed_type, kind
from penstock.cel.fast.module import Py, Scope
from penstock.cel.resolve import Local
from penstock.cel.syntax import Node, Word, children, walk
from penstock.cel.types import BOOL, DYN, INT, Type, list_of

_CALL = 10
"""What a call costs, in nodes."""

if TYPE_CHECKING:
    from penstock.cel.fast.generator import Emitter


def comprehension(em: Emitter, node: syntax.Comprehension, items: Py, scope: Scope) -> Py:
    """The macro's value; an ``exists`` that looks one thing up does so in a set, once that is worth it."""
    looked_up = _looked_up(em, node, items, scope) if scope.looping else None
    if looked_up is None:
        return _loop(em, node, items, scope)
    sought, found = looked_up
    known = dict(scope.known)
    item = em.emit(sought, scope).code
    scope.known = dict(known)
    otherwise = _loop(em, node, items, scope).code
    scope.known = known
    held = scope.temporary()
    test = f"{item} {'not ' * (node.macro.text == 'all')}in {held}"
    return Py(f"({test} if ({held} := {found}) is not True else {otherwise})", BOOL)


def _looked_up(em: Emitter, node: syntax.Comprehension, items: Py, scope: Scope) -> tuple[Node, str] | None:
    """``xs.exists(x, x.a == e)``: e, and the code of the set of all x.a."""
    wanted = {"exists": "==", "all": "!="}.get(node.macro.text)
    condition = node.condition
    if len(node.variables) != 1 or not isinstance(condition, syntax.Binary) or condition.operator != wanted:
        return None
    (word,) = node.variables
    for side, sought in ((condition.left, condition.right), (condition.right, condition.left)):
        fields = _fields(em, side, word)
        if fields is not None and not _names(em, sought, word):
            found = remembered(em, items, scope, "keys", *fields)
            return (sought, found) if found is not None else None
    return None


def _fields(em: Emitter, node: Node, word: Word) -> list[str] | None:
    fields: list[str] = []
    while isinstance(node, syntax.Select) and not node.optional and node not in em.resolution.names:
        fields.append(node.field.text)
        node = node.operand
    known = em.resolution.names.get(node)
    return fields[::-1] if isinstance(known, Local) and known.word is word else None


def _names(em: Emitter, root: Node, word: Word) -> bool:
    """Whether a variable is named anywhere below a node, also by way of what it is bound to."""
    for node in walk(root):
        known = em.resolution.names.get(node)
        if isinstance(known, Local) and known.word is word:
            return True
    return False


def _loop(em: Emitter, node: syntax.Comprehension, items: Py, scope: Scope) -> Py:
    bodies = [body for body in (node.condition, node.result) if body is not None]
    variables = [em.module.fresh("v") for _ in node.variables]
    for word, variable, of in zip(node.variables, variables, _variable_types(node, items.type), strict=True):
        em.variables[word] = Py(variable, of, path=(variable,))
    inner = em.inner(bodies, scope)
    inner.own |= {"x", *variables}
    inner.work()
    condition = truth(em, em.emit(node.condition, inner), inner) if node.condition is not None else ""
    result = em.emit(node.result, inner) if node.result is not None else None
    cost = 1 + sum(map(_size, bodies))
    lines, through = _entry(em, node, items, cost)
    turns, back = _turns(node, through, variables, scope, cost)
    lines += [f"{memo} = None" for memo in inner.memos.values()]
    lines += inner.lines
    of, body = _body(em, node, items, condition, result, turns, back, variables)
    parameters = em.pass_on(inner, scope)
    name = em.module.fresh("f")
    em.define(name, f"x, {parameters}", lines + body)
    return Py(f"{name}({items.code}, {parameters})", of)


def _variable_types(node: syntax.Comprehension, items: Type) -> tuple[Type, ...]:
    if len(node.variables) == 1:
        return (element_type(items),)
    first = {"list": INT, "map": element_type(items)}.get(kind(items), DYN)
    return (first, indexed_type(items))


def _entry(em: Emitter, node: syntax.Comprehension, items: Py, cost: int) -> tuple[list[str], str]:
    """The lines that make sure of what is gone through and pay for it, and the code of what that is."""
    lines, through, of = [], "x", kind(items.type)
    if node.macro.text == "sortBy":
        lines.append(f"x = {em.helper('listed')}(x)")
    elif len(node.variables) == 2:
        if of == "list":
            through = "enumerate(x)"
        elif of == "map":
            through = "x.items()"
        else:
            lines.append(f"x = {em.helper('pairs')}(x)")
    elif of not in ("list", "map"):
        lines.append(f"if type(x) is not list: x = {em.helper('items')}(x)")
    lines += [f"W[0] -= len(x) * {cost}", f"if W[0] < 0: {em.helper('over')}(len(x) * {cost})"]
    return lines, through


def _turns(
    node: syntax.Comprehension, through: str, variables: list[str], scope: Scope, cost: int
) -> tuple[str, list[str]]:
    """The loop's head, and the lines before an early end of it."""
    names = ", ".join(variables)
    if scope.looping and node.macro.text in ("all", "exists") and through == "x":
        return f"for {names} in (i := iter(x))", [f"W[0] += i.__length_hint__() * {cost}"]
    return f"for {names} in {through}", []


def _body(
    em: Emitter,
    node: syntax.Comprehension,
    items: Py,
    condition: str,
    result: Py | None,
    turns: str,
    back: list[str],
    variables: list[str],
) -> tuple[Type, list[str]]:
    macro = node.macro.text
    test = f" if {condition}" if condition else ""
    value = result.code if result is not None else variables[-1]
    of = list_of(result.type) if result is not None else LIST
    if macro in ("all", "exists"):
        negation = "not " * (macro == "all")
        early = [f"        {line}" for line in [*back, f"return {macro == 'exists'}"]]
        return BOOL, [f"{turns}:", f"    if {negation}{condition}:", *early, f"return {macro == 'all'}"]
    if macro in ("exists_one", "existsOne"):
        return BOOL, ["n = 0", f"{turns}:", f"    if {condition}: n += 1", "return n == 1"]
    if macro == "filter":
        of = list_of(element_type(items.type))
    elif macro == "transformMap":
        return MAP, [f"return {{{variables[0]}: {value} {turns}{test}}}"]
    elif macro == "transformMapEntry":
        return MAP, [f"return {em.helper('merged')}(W, [{value} {turns}{test}])"]
    elif macro == "sortBy":
        kept = items.type if kind(items.type) == "list" else LIST
        return kept, [f"return {em.helper('sort_by')}(W, x, [{value} {turns}])"]
    return of, [f"return [{value} {turns}{test}]"]


def _size(root: Node) -> int:
    """What a turn costs, in nodes; those of loops further in are left out: they pay themselves."""
    count, waiting = 0, [root]
    while waiting:
        node = waiting.pop()
        count += _CALL if isinstance(node, syntax.Call) else 1
        waiting.extend([node.items] if isinstance(node, syntax.Comprehension) else children(node))
    return count
