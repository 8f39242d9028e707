"""The key of a value: what two nodes share when they are sure to have the same value.

Takes a node, gives a tuple of a root and the fields and elements on the way. Expressions are pure, so equal calls
have equal values. Bound variables are told apart by the word that binds them; one of ``cel.bind`` is its value.
"""

from __future__ import annotations

from penstock.cel.checker.checked import Key
from penstock.cel.checker.context import Context
from penstock.cel.resolve import Constant, Local, Variable
from penstock.cel.syntax import Call, Ident, Index, Literal, Node, Select, Word, walk

ANY = "[*]"
"""The part of a key that stands for every element; no field has brackets in its name."""


def key(context: Context, node: Node) -> Key:
    """The key of a node's value."""
    parts: list[object] = []
    while True:
        named = context.resolution.names.get(node)
        if named is not None:
            root = _named(context, named)
            break
        if isinstance(node, Select) and not node.optional:
            parts.append(node.field.text)
            node = node.operand
        elif isinstance(node, Index) and not node.optional:
            parts.append(_index(context, node.index))
            node = node.operand
        elif isinstance(node, Call) and context.resolution.calls[node].receiver:
            target = context.resolution.calls[node]
            parts.append(("()", target.name, *(key(context, each) for each in target.arguments[1:])))
            node = target.arguments[0]
        else:
            root = (_root(context, node),)
            break
    return _defined(context, (*root, *reversed(parts)))


def prefixes(whole: Key) -> list[Key]:
    """A key and those of the values on the way to it, but the root: all are there when the value is."""
    return [whole[:length] for length in range(2, len(whole) + 1)]


def general(whole: Key) -> Key:
    """The key that stands for every element where this one says which."""
    return tuple(ANY if isinstance(part, tuple) and part[0] == "[]" else part for part in whole)


def local(word: Word) -> Key:
    """The key of a variable that a macro binds."""
    return (("local", word),)


def _index(context: Context, index: Node) -> object:
    if isinstance(index, Literal) and isinstance(index.value, str):
        return index.value
    return ("[]", key(context, index))


def _named(context: Context, named: Local | Variable | Constant) -> Key:
    if isinstance(named, Local):
        value = context.bound.get(named.word)
        return key(context, value) if value is not None else local(named.word)
    return (("variable" if isinstance(named, Variable) else "constant", named.name),)


def _root(context: Context, node: Node) -> object:
    if isinstance(node, Literal):
        return ("literal", type(node.value).__name__, node.value)
    if isinstance(node, Call):
        target = context.resolution.calls[node]
        return ("call", target.name, *(key(context, each) for each in target.arguments))
    return ("text", context.text[node.start : node.end], _outer(context, node))


def _outer(context: Context, node: Node) -> tuple[Word, ...]:
    """The variables of macros around a node that it uses."""
    found: dict[Word, None] = {}
    for each in walk(node):
        named = context.resolution.names.get(each) if isinstance(each, Ident) else None
        if isinstance(named, Local) and not node.start <= named.word.start < node.end:
            found[named.word] = None
    return tuple(found)


def _defined(context: Context, whole: Key) -> Key:
    """The key of the expression that defines a name, in the place of the name."""
    path = variable_path(whole) if context.definitions else None
    if path is not None:
        for length in range(len(path), 0, -1):
            definition = context.definitions.get(path[:length])  # type: ignore[arg-type]
            if definition is not None:
                return (*definition.key, *path[length:])
    return whole


def variable_path(whole: Key) -> Key | None:
    """``("variables", "stated")`` for the key of the host's ``variables.stated``."""
    root = whole[0]
    if not isinstance(root, tuple) or root[0] != "variable":
        return None
    return (*root[1].split("."), *whole[1:])
