"""``in``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from penstock.cel import syntax
from penstock.cel.fast.kinds import kind
from penstock.cel.fast.module import Py, Scope
from penstock.cel.syntax import Node
from penstock.cel.types import BOOL

if TYPE_CHECKING:
    from penstock.cel.fast.generator import Emitter

_FEW = 4


def contains(em: Emitter, item: Py, right: Node, scope: Scope) -> Py:
    constants = _constants(right, kind(item.type))
    if constants is not None:
        return Py(f"({item.code} in {constants})", BOOL)
    container = em.emit(right, scope)
    if scope.looping:
        held = remembered(em, container, scope, "members")
        if held is not None:
            return Py(f"({item.code} in {held})", BOOL)
        return Py(f"{em.helper('contains_in')}({scope.work()}, {item.code}, {container.code})", BOOL)
    if kind(item.type) == "string":
        if kind(container.type) in ("list", "map"):
            return Py(f"({item.code} in {container.code})", BOOL)
        # The item comes first: what it has computed, the container may use.
        name, text = scope.temporary(), scope.temporary()
        first = item.code if item.plain else f"({text} := {item.code})"
        again = item.code if item.plain else text
        helper = em.helper("contains")
        if item.plain:
            test = f"type({name} := {container.code}) is list"
        else:
            test = f"{first} is not ... and type({name} := {container.code}) is list"
        return Py(f"({again} in {name} if {test} else {helper}({again}, {name}))", BOOL)
    return Py(f"{em.helper('contains')}({item.code}, {container.code})", BOOL)


def _constants(node: Node, of: str) -> str | None:
    """A list of literals as a tuple or a set: what is not hashable raises, and what is, is equal as in CEL."""
    if not isinstance(node, syntax.ListLiteral) or node.optional or not node.elements:
        return None
    values = [element.value for element in node.elements if isinstance(element, syntax.Literal)]
    if len(values) < len(node.elements) or not all(_is_plain(value, of) for value in values):
        return None
    texts = list(dict.fromkeys(ascii(value) for value in values))
    if len(texts) <= _FEW:
        return f"({', '.join(texts)},)"
    return f"{{{', '.join(texts)}}}"


def _is_plain(value: object, of: str) -> bool:
    if isinstance(value, (str, bytes)):
        return True
    return type(value) is int and abs(value) < 2**53 and (value not in (0, 1) or of in ("int", "string"))


def remembered(em: Emitter, items: Py, scope: Scope, helper: str, *path: str) -> str | None:
    """What a helper finds out of a list, once in an evaluation, or once in a run of the loop it is in."""
    if items.path is None:
        return None
    arguments = "".join(f", {field!a}" for field in path)
    root = items.path[0]
    if root in em.once:
        em.slots += 1
        slot = f"{scope.work()}[{em.slots}]"
        return f"({slot} or {em.helper(helper)}({scope.work()}, {em.slots}, {items.code}{arguments}))"
    if scope.turning and root not in scope.own:
        memo = scope.memo((helper, *items.path, *path))
        return f"({memo} or ({memo} := {em.helper(helper)}({scope.work()}, 0, {items.code}{arguments})))"
    return None
