"""Chains of fields from a variable, ``object.spec.max``: which nodes are one, and which are worth a variable.

Takes nodes of one expression. Must not know how anything is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from penstock.cel import syntax
from penstock.cel.fast.kinds import kind
from penstock.cel.fast.module import PATH, Py
from penstock.cel.resolve import Local, Resolution, Variable
from penstock.cel.syntax import Node, Word

LINKS = frozenset({syntax.Ident, syntax.Select, syntax.Index})
"""The kinds of nodes that may be the end of a path."""


class Paths:
    def __init__(self, resolution: Resolution, variables: Mapping[Word, Py]) -> None:
        self.resolution = resolution
        self.variables = variables

    def of(self, node: Node) -> PATH | None:
        """The path of a chain of plain fields (``a.b`` or ``a["b"]``) from a variable."""
        if type(node) not in LINKS:
            return None
        fields: list[str] = []
        names = self.resolution.names
        while node not in names:
            if isinstance(node, syntax.Select) and not node.optional:
                fields.append(node.field.text)
                node = node.operand
            elif isinstance(node, syntax.Index) and not node.optional and (key := _text(node.index)) is not None:
                fields.append(key)
                node = node.operand
            else:
                return None
        root = self._root(node)
        return (*root, *reversed(fields)) if root is not None else None

    def _root(self, node: Node) -> PATH | None:
        known = self.resolution.names[node]
        if isinstance(known, Variable):
            return ("B", known.name)
        if not isinstance(known, Local):
            return None
        variable = self.variables.get(known.word)
        if variable is None or kind(variable.type) == "optional":
            return None
        return variable.path

    def needed(self, roots: Iterable[Node]) -> dict[PATH, int]:
        """How often each path's value is asked for, were each path computed from the one before it.

        What is inside a loop's body counts there.
        """
        found: dict[PATH, int] = {}
        following: dict[PATH, set[str]] = {}
        for path in self._paths(roots):
            found[path] = found.get(path, 0) + 1
            for end in range(1, len(path)):
                following.setdefault(path[:end], set()).add(path[end])
        for path, names in following.items():
            found[path] = found.get(path, 0) + len(names)
        return found

    def _paths(self, roots: Iterable[Node]) -> Iterator[PATH]:
        waiting = list(roots)
        while waiting:
            node = waiting.pop()
            path = self.of(node) if type(node) in LINKS else None
            if path is not None:
                yield path
            elif isinstance(node, syntax.Comprehension):
                waiting.append(node.items)
            else:
                waiting += syntax.children(node)


def _text(node: Node) -> str | None:
    return node.value if isinstance(node, syntax.Literal) and isinstance(node.value, str) else None
