"""The syntax tree: what ``parse`` gives, and what everything behind it reads.

Data only. A node knows its characters in the text (``start`` to ``end``, from 0) and is itself alone: two nodes
are never equal, so that tables may be keyed by node. Macros are nodes of their own, not calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from penstock.record import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """A name in the text that is not an expression itself: a field, a function, a variable being bound."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Literal(Node):
    """None, bool, int, UInt, float, str or bytes."""

    value: object


@dataclass(frozen=True, slots=True, eq=False)
class Ident(Node):
    """A name. ``rooted`` for ``.name``, which no comprehension variable or container may capture."""

    name: str
    rooted: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Select(Node):
    """``operand.field``, or ``operand.?field`` when optional."""

    operand: Node
    field: Word
    optional: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Present(Node):
    """``has(operand.field)``."""

    operand: Node
    field: Word


@dataclass(frozen=True, slots=True, eq=False)
class Index(Node):
    """``operand[index]``, or ``operand[?index]`` when optional."""

    operand: Node
    index: Node
    optional: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Call(Node):
    """``function(arguments)`` or ``receiver.function(arguments)``.

    A function in a name space keeps its dots: ``math.greatest(1, 2)`` parses with the receiver ``Ident("math")``;
    whoever resolves names decides whether that is a receiver or a name space (``qualified`` helps).
    """

    function: Word
    receiver: Node | None
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Unary(Node):
    """``!`` or ``-``."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True, eq=False)
class Binary(Node):
    """``+ - * / % == != < <= > >= in``. Chains lean to the left: walk a long one along ``left``, in a loop."""

    operator: str
    left: Node
    right: Node
    operator_start: int


@dataclass(frozen=True, slots=True, eq=False)
class Logic(Node):
    """``&&`` or ``||`` with all the operands of one chain."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Conditional(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True, eq=False)
class ListLiteral(Node):
    """``[a, ?b]``: ``optional`` holds the positions of the elements with a question mark."""

    elements: tuple[Node, ...]
    optional: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class MapLiteral(Node):
    """``{a: 1, ?b: c}``: ``optional`` holds the positions of the entries with a question mark."""

    keys: tuple[Node, ...]
    values: tuple[Node, ...]
    optional: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Comprehension(Node):
    """A macro that goes through a list or a map.

    ``macro`` is its word as written: all, exists, exists_one, existsOne, filter, map, transformList, transformMap,
    transformMapEntry, sortBy. ``variables`` are one (element or key) or two (index and element, or key and value).
    ``condition`` is the predicate of all, exists, exists_one and filter, and the filter that map and the
    transforms may have; ``result`` is what map, the transforms and sortBy compute.
    """

    macro: Word
    items: Node
    variables: tuple[Word, ...]
    condition: Node | None
    result: Node | None


@dataclass(frozen=True, slots=True, eq=False)
class Bind(Node):
    """``cel.bind(variable, value, body)``; the value is computed when first read, at most once."""

    variable: Word
    value: Node
    body: Node


@dataclass(frozen=True, slots=True, eq=False)
class OptionalMap(Node):
    """``operand.optMap(variable, body)``, or optFlatMap when ``flat``: the body gives an optional itself."""

    operand: Node
    variable: Word
    body: Node
    flat: bool


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """A parsed text."""

    text: str
    root: Node


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below one, in the order of the text; of a map, its keys first."""
    return _BELOW[type(node)](node)


def walk(root: Node) -> Iterator[Node]:
    """Every node from the root down, in no recursion."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += _BELOW[type(node)](node)[::-1]


def _called(node: Call) -> tuple[Node, ...]:
    return node.arguments if node.receiver is None else (node.receiver, *node.arguments)


def _gone_through(node: Comprehension) -> tuple[Node, ...]:
    return tuple(each for each in (node.items, node.condition, node.result) if each is not None)


_BELOW: Mapping[type[Node], Callable[[Any], tuple[Node, ...]]] = {
    Literal: lambda _node: (),
    Ident: lambda _node: (),
    Select: lambda node: (node.operand,),
    Present: lambda node: (node.operand,),
    Index: lambda node: (node.operand, node.index),
    Call: _called,
    Unary: lambda node: (node.operand,),
    Binary: lambda node: (node.left, node.right),
    Logic: lambda node: node.operands,
    Conditional: lambda node: (node.condition, node.then, node.otherwise),
    ListLiteral: lambda node: node.elements,
    MapLiteral: lambda node: (*node.keys, *node.values),
    Comprehension: _gone_through,
    Bind: lambda node: (node.value, node.body),
    OptionalMap: lambda node: (node.operand, node.body),
}
"""One for each kind of node: this is asked more often than anything else of a tree."""


def qualified(node: Node) -> str | None:
    """``a.b.c`` when the node is a chain of plain fields from a name; None for anything else."""
    parts: list[str] = []
    while isinstance(node, Select) and not node.optional:
        parts.append(node.field.text)
        node = node.operand
    if not isinstance(node, Ident):
        return None
    return ".".join([node.name, *reversed(parts)])
