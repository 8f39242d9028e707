"""Evaluation as closures: what an expression compiles to, apart from any parser.

A node takes a ``Frame`` (one evaluation's bindings, comprehension variables and remaining work) and gives a
native value or raises EvalError. ``||``, ``&&``, all() and exists() absorb errors as CEL prescribes, and
stop as soon as they are decided. Must not know any engine or parser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from penstock.cel.errors import BudgetError, EvalError
from penstock.cel.operations import elements, truth
from penstock.cel.values import MadeList, MadeMap, describe, literal

# Nodes that one evaluation may visit inside comprehensions, and elements and characters it may make. A call or
# an operation counts as many nodes as take its time. All in all some seconds.
MAX_WORK = 10_000_000
CALL = 50
"""What a call or an operation counts, beside the size of what it makes."""

Functions: TypeAlias = Mapping[str, Callable[..., object]]


class Frame:
    __slots__ = ("bindings", "functions", "slots", "work")

    def __init__(self, bindings: Mapping[str, object], functions: Functions, slots: int) -> None:
        self.bindings = bindings
        self.functions = functions
        self.slots: list[object] = [None] * slots
        self.work = MAX_WORK

    def spend(self, work: int) -> None:
        self.work -= work
        if self.work < 0:
            raise BudgetError


Node: TypeAlias = Callable[[Frame], object]


def placed(node: Node, line: int, column: int, text: str) -> Node:
    """The node, with a place in the expression for errors that have none yet."""

    def evaluate(frame: Frame) -> object:
        try:
            return node(frame)
        except EvalError as error:
            if error.line is None:
                error.line, error.column, error.text = line, column, text
            raise

    return evaluate


def spanned(node: Node, text: str, start: int, end: int) -> Node:
    """The node, with the characters of the expression that errors are about which have no place yet."""

    def evaluate(frame: Frame) -> object:
        try:
            return node(frame)
        except EvalError as error:
            if not error.is_placed:
                error.place(text, start, end)
            raise

    return evaluate


def constant(value: object) -> Node:
    return lambda _frame: value


def free(name: str, otherwise: object) -> Node:
    """A name of the bindings; ``otherwise`` stands for a name that CEL itself gives a meaning."""

    def evaluate(frame: Frame) -> object:
        if name in frame.bindings:
            return frame.bindings[name]
        if otherwise is None:
            raise EvalError(f"there is no name `{name}`")
        return otherwise

    return evaluate


def made_list(nodes: Sequence[Node]) -> Node:
    def evaluate(frame: Frame) -> object:
        frame.spend(len(nodes))
        return MadeList([node(frame) for node in nodes])

    return evaluate


def made_map(keys: Sequence[Node], values: Sequence[Node]) -> Node:
    def evaluate(frame: Frame) -> object:
        frame.spend(len(keys))
        made = MadeMap()
        for key_node, node in zip(keys, values, strict=True):
            key = key_node(frame)
            if not isinstance(key, (str, int)):
                raise EvalError(f"a map's key is a string, a whole number or a bool, not {describe(key)}")
            if key in made:
                raise EvalError(f"the map has the key {literal(key)} twice")
            made[key] = node(frame)
        return made

    return evaluate


def spending(node: Node) -> Node:
    """A call or operation: its time counts as work, and so does its text or list, lest doubling it never ends."""

    def evaluate(frame: Frame) -> object:
        value = node(frame)
        frame.spend(CALL + (len(value) if isinstance(value, (str, bytes, MadeList)) else 0))
        return value

    return evaluate


def decide(nodes: Sequence[Node], decisive: bool, symbol: str) -> Node:
    """``||`` (decided by a true) or ``&&`` (by a false): an error counts only when no operand decides."""

    def evaluate(frame: Frame) -> object:
        failure: EvalError | None = None
        for node in nodes:
            try:
                if truth(node(frame), symbol) is decisive:
                    return decisive
            except EvalError as error:
                failure = failure or error
        if failure is not None:
            raise failure
        return not decisive

    return evaluate


def choose(condition: Node, left: Node, right: Node) -> Node:
    return lambda frame: (left if truth(condition(frame), "`?:`") else right)(frame)


class Comprehension:
    """The range, the variable's slot and the cost of one turn; its methods give the macros' nodes."""

    __slots__ = ("cost", "items", "macro", "slot")

    def __init__(self, macro: str, items: Node, slot: int, cost: int) -> None:
        self.macro = macro
        self.items = items
        self.slot = slot
        self.cost = cost

    def quantify(self, body: Node, decisive: bool) -> Node:
        """exists() (decided by a true) or all() (by a false)."""
        macro, items, slot, cost, where = self.macro, self.items, self.slot, self.cost, f"{self.macro}()"

        def evaluate(frame: Frame) -> object:
            failure: EvalError | None = None
            for item in elements(items(frame), macro):
                frame.spend(cost)
                frame.slots[slot] = item
                try:
                    if truth(body(frame), where) is decisive:
                        return decisive
                except EvalError as error:
                    failure = failure or error
            if failure is not None:
                raise failure
            return not decisive

        return evaluate

    def gather(self, test: Node | None, body: Node | None) -> Node:
        """filter() (no body) and map() (with or without a test)."""
        macro, items, slot, cost, where = self.macro, self.items, self.slot, self.cost, f"{self.macro}()"

        def evaluate(frame: Frame) -> object:
            gathered = MadeList()
            for item in elements(items(frame), macro):
                frame.spend(cost)
                frame.slots[slot] = item
                if test is None or truth(test(frame), where):
                    gathered.append(item if body is None else body(frame))
            return gathered

        return evaluate

    def exists_one(self, body: Node) -> Node:
        found = self.gather(body, None)
        return lambda frame: len(found(frame)) == 1  # type: ignore[arg-type]
