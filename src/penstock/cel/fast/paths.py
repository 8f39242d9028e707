"""Chains of fields from a variable, ``object.spec.max``: which nodes are one, and which are worth a variable.

Takes nodes of one expression. Must not know how anything is written.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from penstock.cel import syntax
from penstock.cel.fast.kinds import kind
from penstock.cel.fast.module import PATH, Py
from penstock.cel.resolve import Local, Resolution, Variable
from penstock.cel.syntax import Node, Word


class Paths:
    def __init__(self, resolution: Resolution, variables: Mapping[Word, Py]) -> None:
        self.resolution = resolution
        self.variables = variables

    def of(self, node: Node) -> PATH | None:
        """The path of a chain of plain fields (``a.b`` or ``a["b"]``) from a variable."""
        fields: list[str] = []
        while node not in self.resolution.names:
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
        direct: Counter[PATH] = Counter()
        following: defaultdict[PATH, set[str]] = defaultdict(set)
        for node in self._nodes(roots):
            path = self.of(node)
            if path is None:
                continue
            direct[path] += 1
            for end in range(1, len(path)):
                following[path[:end]].add(path[end])
        return {path: direct[path] + len(following[path]) for path in direct.keys() | following.keys()}

    def _nodes(self, roots: Iterable[Node]) -> Iterator[Node]:
        waiting = list(roots)
        while waiting:
            node = waiting.pop()
            yield node
            if isinstance(node, syntax.Comprehension):
                waiting.append(node.items)
            elif self.of(node) is None:
                waiting.extend(syntax.children(node))


def _text(node: Node) -> str | None:
    return node.value if isinstance(node, syntax.Literal) and isinstance(node.value, str) else None
