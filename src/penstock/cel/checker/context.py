"""The state of one check, and the walk over the tree.

Takes an expression, an environment and a handler for each kind of node; collects types and problems. Must not
know what any node means. The walk goes along the left edge of the tree in a loop, so that a chain of any length
costs no recursion: a handler finds the type of its node's first child in ``types``, and visits the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from penstock.cel.checker.checked import Checked, Facts, Key
from penstock.cel.env import Env, Function, Overload
from penstock.cel.errors import Problem
from penstock.cel.resolve import Resolution, Target, Variable
from penstock.cel.standard import functions_by_name
from penstock.cel.syntax import (
    Binary,
    Call,
    Comprehension,
    Expression,
    Ident,
    Index,
    Literal,
    Node,
    OptionalMap,
    Present,
    Select,
    Word,
    qualified,
)
from penstock.cel.types import Type

_LONGEST_SHOWN = 60
_LEAVES = frozenset({Literal, Ident})


class Context:
    """``known`` holds where the walk is; handlers put it back when they leave the scope of a condition."""

    def __init__(
        self,
        expression: Expression,
        env: Env,
        resolution: Resolution,
        facts: Facts,
        handlers: Mapping[type, Handler],
    ) -> None:
        self.text = expression.text
        self.root = expression.root
        self.env = env
        self.resolution = resolution
        self.known: frozenset[Key] = facts.known
        self.definitions: Mapping[tuple[str, ...], Checked] = facts.definitions
        self.types: dict[Node, Type] = {}
        self.overloads: dict[Call, Overload | None] = {}
        self.problems: list[Problem] = []
        self.locals: dict[Word, Type] = {}
        self.bound: dict[Word, Node] = {}
        """What ``cel.bind`` lets a variable stand for."""
        self.unguarded: dict[Node, Key] = {}
        """The selections of fields that may be missing, which nothing guards."""
        self._handlers = handlers

    def visit(self, node: Node) -> Type:
        """The type of a node, when all below it have theirs."""
        if type(node) in _LEAVES:
            found = self.types[node] = self._handlers[type(node)](self, node)
            return found
        path = [node]
        while (below := self._first(node)) is not None:
            path.append(below)
            node = below
        types, handlers = self.types, self._handlers
        for each in reversed(path):
            types[each] = handlers[type(each)](self, each)
        return types[path[0]]

    def _first(self, node: Node) -> Node | None:
        kind = type(node)
        if kind is Select:
            return None if node in self.resolution.names else node.operand  # type: ignore[attr-defined]
        if kind is Binary:
            return node.left  # type: ignore[attr-defined, no-any-return]
        if kind is Call:
            target = self.resolution.calls[node]  # type: ignore[index]
            return target.arguments[0] if target.receiver and self.name_space(target) is None else None
        if kind is Index or kind is Present or kind is OptionalMap:
            return node.operand  # type: ignore[attr-defined, no-any-return]
        return node.items if kind is Comprehension else None  # type: ignore[attr-defined]

    def name_space(self, target: Target) -> str | None:
        """The ``math`` of ``math.lest(1)``: what is no value, but begins the names of functions."""
        if target.function is not None or not target.receiver:
            return None
        receiver = target.arguments[0]
        space = qualified(receiver)
        if space is None or (receiver in self.resolution.names and not self._is_unknown(receiver)):
            return None
        return space if any(name.startswith(f"{space}.") for name in self.functions()) else None

    def _is_unknown(self, node: Node) -> bool:
        named = self.resolution.names[node]
        return isinstance(named, Variable) and not named.declared

    def functions(self) -> dict[str, Function]:
        """Every function there is, by its name."""
        return {**functions_by_name(), **{function.name: function for function in self.env.functions}}

    def error(self, place: Node | Word | tuple[int, int], message: str, hint: str | None = None) -> None:
        start, end = place if isinstance(place, tuple) else (place.start, place.end)
        self.problems.append(Problem(message, start, end, hint))

    def warn(self, place: Word | Node, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(message, place.start, place.end, hint, warning=True))

    def source(self, node: Node, longest: int = _LONGEST_SHOWN) -> str:
        """A node as it is written, in one line, cut short."""
        text = " ".join(self.text[node.start : node.end].split())
        return text if len(text) <= longest else f"{text[: longest - 1]}…"


Handler = Callable[[Context, Any], Type]
