"""``&&``, ``||``, ``!`` and ``?:``: Python's own, over what is sure to be a bool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from penstock.cel import syntax
from penstock.cel.fast.kinds import join, kind
from penstock.cel.fast.module import Py, Scope
from penstock.cel.types import BOOL

if TYPE_CHECKING:
    from penstock.cel.fast.generator import Emitter


def truth(em: Emitter, value: Py, scope: Scope) -> str:
    """The value's code where it is a bool, else code that raises."""
    if kind(value.type) == "bool":
        return value.code
    slow = em.helper("slow")
    if value.literal:
        return f"{slow}()"
    if value.plain:
        return f"({value.code} is True or {value.code} is not False and {slow}())"
    name = scope.temporary()
    return f"(({name} := {value.code}) is True or {name} is not False and {slow}())"


def logic(em: Emitter, node: syntax.Logic, scope: Scope) -> Py:
    """An operand may rely on what the ones before it have computed; what follows, only on the first."""
    parts = []
    known = None
    for operand in node.operands:
        parts.append(truth(em, em.emit(operand, scope), scope))
        if known is None:
            known = dict(scope.known)
    scope.known = known or {}
    return Py(f"({' and '.join(parts) if node.operator == '&&' else ' or '.join(parts)})", BOOL)


def conditional(em: Emitter, node: syntax.Conditional, scope: Scope) -> Py:
    condition = truth(em, em.emit(node.condition, scope), scope)
    known = dict(scope.known)
    then = em.emit(node.then, scope)
    scope.known = dict(known)
    otherwise = em.emit(node.otherwise, scope)
    scope.known = known
    return Py(f"({then.code} if {condition} else {otherwise.code})", join([then.type, otherwise.type]))
