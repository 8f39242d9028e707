"""Variables, fields and elements, has() and cel.bind()."""

from __future__ import annotations

from typing import TYPE_CHECKING

from penstock.cel import syntax
from penstock.cel.fast.emit import literals
from penstock.cel.fast.kinds import OPTIONAL, field_type, indexed_type, kind
from penstock.cel.fast.module import PATH, Py, Scope
from penstock.cel.resolve import Constant, Local
from penstock.cel.syntax import Node
from penstock.cel.types import BOOL, Type

if TYPE_CHECKING:
    from penstock.cel.fast.generator import Emitter


def name(em: Emitter, node: Node, scope: Scope) -> Py:
    """A name that is no path: a constant, or a variable with an optional value."""
    known = em.resolution.names.get(node)
    if isinstance(known, Constant):
        made = literals.constant(em, known.value)
        if not known.may_be_bound:
            return made
        return Py(f"({made.code} if {known.name!a} not in {scope.use('B')} else {em.helper('slow')}())", made.type)
    if isinstance(known, Local) and known.word in em.variables:
        variable = em.variables[known.word]
        return Py(scope.use(variable.code), variable.type, plain=True)
    return em.slow()


def path(em: Emitter, node: Node, path: PATH, scope: Scope) -> Py:
    """A chain of fields from a variable, or from the longest part of it that a variable holds already."""
    of = path_type(em, node)
    root, *fields = path
    if not fields:
        known = scope.known.get(path)
        code = known or scope.use(root)
        if known is None and code != root and not scope.turning and scope.needed.get(path, 0) > 1:
            scope.known[path] = variable = scope.temporary()
            code = f"({variable} := {code})"
        return Py(code, of, path=path, plain=code.isidentifier())
    if scope.turning and root not in scope.own:
        memo = scope.memo(path)
        code = scope.use(root) + "".join(f"[{field!a}]" for field in fields)
        return Py(f"({memo} if {memo} is not None else ({memo} := {code}))", of, path=path)
    return _from_known(path, scope, of)


def _from_known(path: PATH, scope: Scope, of: Type) -> Py:
    start = next((end for end in range(len(path), 0, -1) if path[:end] in scope.known), 1)
    code = scope.known[path[:start]] if path[:start] in scope.known else scope.use(path[0])
    if start == 1 and code != path[0] and not code.isidentifier() and scope.needed.get(path[:1], 0) > 1:
        scope.known[path[:1]] = variable = scope.temporary()
        code = f"({variable} := {code})"
    for end in range(start + 1, len(path) + 1):
        code = f"{code}[{path[end - 1]!a}]"
        if scope.needed.get(path[:end], 0) > 1:
            scope.known[path[:end]] = variable = scope.temporary()
            code = f"({variable} := {code})"
    return Py(code, of, path=path, plain=code.isidentifier())


def path_type(em: Emitter, node: Node) -> Type:
    """What the declared type of the variable says of a path's end."""
    fields: list[str] = []
    while node not in em.resolution.names:
        if isinstance(node, syntax.Select):
            fields.append(node.field.text)
            node = node.operand
        else:
            assert isinstance(node, syntax.Index)
            assert isinstance(node.index, syntax.Literal)
            fields.append(str(node.index.value))
            node = node.operand
    known = em.resolution.names[node]
    of = em.variables[known.word].type if isinstance(known, Local) else em.declared(node)
    for field in reversed(fields):
        of = field_type(of, field)
    return of


def select(em: Emitter, node: syntax.Select, operand: Py, _scope: Scope) -> Py:
    key = ascii(node.field.text)
    if node.optional or kind(operand.type) == "optional":
        return Py(f"{em.helper('optional_field')}({operand.code}, {key})", OPTIONAL)
    of = field_type(operand.type, node.field.text)
    return Py(f"{operand.code}[{key}]", of) if kind(operand.type) in ("map", "dyn") else em.slow()


def present(em: Emitter, node: syntax.Present, operand: Py, scope: Scope) -> Py:
    key = ascii(node.field.text)
    if kind(operand.type) == "map":
        return Py(f"({key} in {operand.code})", BOOL)
    if operand.plain:
        value, has = operand.code, em.helper("has")
        return Py(f"({key} in {value} if type({value}) is dict else {has}({value}, {key}))", BOOL)
    value = scope.temporary()
    has = em.helper("has")
    return Py(f"({key} in {value} if type({value} := {operand.code}) is dict else {has}({value}, {key}))", BOOL)


def index(em: Emitter, node: syntax.Index, operand: Py, scope: Scope) -> Py:
    key = em.emit(node.index, scope)
    container = kind(operand.type)
    if node.optional or container == "optional":
        return Py(f"{em.helper('optional_field')}({operand.code}, {key.code})", OPTIONAL)
    of = indexed_type(operand.type)
    literal = key.value if key.literal else None
    if kind(key.type) == "string" and container in ("map", "dyn"):
        if isinstance(literal, str):
            of = field_type(operand.type, literal)
        return Py(f"{operand.code}[{key.code}]", of)
    if container == "list" and type(literal) is int and literal >= 0:
        return Py(f"{operand.code}[{literal}]", of)
    return Py(f"{em.helper('index')}({operand.code}, {key.code})", of)


def bind(em: Emitter, node: syntax.Bind, scope: Scope) -> Py:
    """A path is written wherever its name stands; any other value is computed first.

    That CEL computes it when it is first read makes a difference only where it fails, and then this has failed.
    """
    alias = em.paths.of(node.value)
    value = em.emit(node.value, scope) if alias is None else Py("", path_type(em, node.value), path=alias)
    if alias is not None:
        em.variables[node.variable] = value
        return em.emit(node.body, scope)
    variable = em.module.fresh("v")
    scope.own.add(variable)
    if not scope.looping:
        em.once.add(variable)
    em.variables[node.variable] = Py(variable, value.type, path=(variable,))
    body = em.emit(node.body, scope)
    return Py(f"({body.code} if ({variable} := {value.code}) is not ... else 0)", body.type)
