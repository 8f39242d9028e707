"""What an expression names, in the words of the engine protocol: free names, calls, chains of fields.

Takes an expression and its resolution. Macros and the variables they bind are left out, and the names of types.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from penstock.cel import syntax
from penstock.cel.errors import position
from penstock.cel.protocol import Call, Name, Select
from penstock.cel.resolve import Resolution, Variable

_AnyName = TypeVar("_AnyName", bound=Name)
_FIELDS = (syntax.Select, syntax.Present, syntax.Index)


@dataclass(frozen=True, slots=True)
class Reads:
    """Each in the order of the text."""

    names: tuple[Name, ...]
    calls: tuple[Call, ...]
    selects: tuple[Select, ...]


def reads(expression: syntax.Expression, resolution: Resolution) -> Reads:
    reader = _Reader(expression.text, resolution)
    nodes = list(syntax.walk(expression.root))
    return Reads(
        names=_in_order([reader.name(node) for node in nodes if reader.is_free(node)]),
        calls=_in_order([reader.call(node) for node in nodes if isinstance(node, syntax.Call)]),
        selects=reader.selects(nodes),
    )


class _Reader:
    """One expression's nodes as the protocol's words."""

    def __init__(self, text: str, resolution: Resolution) -> None:
        self.text = text
        self.resolution = resolution

    def placed(self, text: str, start: int) -> Name:
        return Name(text, *position(self.text, start))

    def is_free(self, node: syntax.Node) -> bool:
        return isinstance(self.resolution.names.get(node), Variable)

    def name(self, node: syntax.Node) -> Name:
        known = self.resolution.names[node]
        assert isinstance(known, Variable)
        return self.placed(known.name, node.start)

    def call(self, node: syntax.Call) -> Call:
        target = self.resolution.calls[node]
        in_space = node.receiver is not None and not target.receiver
        start = node.start if in_space else node.function.start
        return Call(target.name, *position(self.text, start), len(node.arguments), target.receiver)

    def selects(self, nodes: Sequence[syntax.Node]) -> tuple[Select, ...]:
        """The longest chain from each free name: outer nodes come first, and hold the longer ones."""
        found: dict[int, tuple[Name, ...]] = {}
        inside: set[syntax.Node] = set()
        for node in nodes:
            if node in inside or not isinstance(node, _FIELDS):
                continue
            parts: list[Name] = []
            current: syntax.Node = node
            while isinstance(current, _FIELDS) and not self.is_free(current):
                inside.add(current)
                part = self.part(current)
                # A field of an element is not a field of the name.
                parts = [*parts, part] if part is not None else []
                current = current.operand
            if parts and self.is_free(current):
                found[current.start] = (self.name(current), *reversed(parts))
        return tuple(Select(found[start]) for start in sorted(found))

    def part(self, node: syntax.Select | syntax.Present | syntax.Index) -> Name | None:
        if not isinstance(node, syntax.Index):
            return self.placed(node.field.text, node.field.start)
        key = node.index.value if isinstance(node.index, syntax.Literal) else None
        return self.placed(key, node.index.start) if isinstance(key, str) else None


def _in_order(names: Sequence[_AnyName]) -> tuple[_AnyName, ...]:
    return tuple(sorted(names, key=lambda name: (name.line, name.column)))
