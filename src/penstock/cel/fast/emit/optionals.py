"""optMap() and optFlatMap(), and the functions of optionals that need no call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from penstock.cel import syntax
from penstock.cel.fast.kinds import OPTIONAL
from penstock.cel.fast.module import Py, Scope

if TYPE_CHECKING:
    from penstock.cel.fast.generator import Emitter


def optional_map(em: Emitter, node: syntax.OptionalMap, operand: Py, scope: Scope) -> Py:
    held, variable = scope.temporary(), em.module.fresh("v")
    scope.own.add(variable)
    em.variables[node.variable] = Py(variable, path=(variable,))
    known = dict(scope.known)
    body = em.emit(node.body, scope)
    scope.known = known
    present, none = em.helper("present"), em.helper("none")
    made = f"{em.helper('optional' if node.flat else 'some')}({body.code})"
    test = f"{present}({held} := {operand.code}) and ({variable} := {held}.value) is not ..."
    return Py(f"({made} if {test} else {none}())", OPTIONAL)
