"""The syntax tree: what ``parse`` gives, and what everything behind it reads.

Data only. A node knows its characters in the text (``start`` to ``end``, from 0) and is itself alone: two nodes
are never equal, so that tables may be keyed by node. Macros are nodes of their own, not calls.
"""

from __future__ import annotations

from collections.abc import Iterator

from penstock.record import dataclass, fields


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


_FIELDS = {kind: tuple(field.name for field in fields(kind)) for kind in Node.__subclasses__()}


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below one, in the order of the text."""
    for name in _FIELDS[type(node)]:
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (each for each in value if isinstance(each, Node))


def walk(root: Node) -> Iterator[Node]:
    """Every node from the root down, in no recursion."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(list(children(node))))


def qualified(node: Node) -> str | None:
    """``a.b.c`` when the node is a chain of plain fields from a name; None for anything else."""
    parts: list[str] = []
    while isinstance(node, Select) and not node.optional:
        parts.append(node.field.text)
        node = node.operand
    if not isinstance(node, Ident):
        return None
    return ".".join([node.name, *reversed(parts)])
