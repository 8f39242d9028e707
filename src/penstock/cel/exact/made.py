"""Lists and maps that an expression writes down, and variables that it binds.

Takes nodes, gives nodes. Must not know the syntax tree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from penstock.cel.closures import Frame, Node
from penstock.cel.errors import EvalError
from penstock.cel.values import MixedMap, Optional, describe, literal
from penstock.record import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a map; ``optional`` ones have an optional value and are left out when it has none."""

    key: Node
    value: Node
    optional: bool


def made_list(nodes: Sequence[Node], optional: frozenset[int]) -> Node:
    def plain(frame: Frame) -> object:
        frame.spend(len(nodes))
        return [node(frame) for node in nodes]

    def sparse(frame: Frame) -> object:
        frame.spend(len(nodes))
        made: list[object] = []
        for position, node in enumerate(nodes):
            value = node(frame)
            if position not in optional:
                made.append(value)
            elif unwrapped(value, "an element").present:
                made.append(unwrapped(value, "an element").value)
        return made

    return sparse if optional else plain


def made_map(entries: Sequence[Entry]) -> Node:
    def evaluate(frame: Frame) -> object:
        frame.spend(len(entries))
        made = Entries()
        for entry in entries:
            key = entry.key(frame)
            value = entry.value(frame)
            if entry.optional:
                optional = unwrapped(value, "an entry")
                if not optional.present:
                    continue
                value = optional.value
            made.put(key, value)
        return made.map()

    return evaluate


def unwrapped(value: object, what: str) -> Optional:
    if type(value) is not Optional:
        raise EvalError(f"{what} with `?` takes an optional, not {describe(value)}")
    return value


class Entries:
    """A map in the making."""

    __slots__ = ("_entries",)

    def __init__(self) -> None:
        self._entries: dict[tuple[bool, object], object] = {}

    def put(self, key: object, value: object) -> None:
        if not isinstance(key, (str, int)):
            raise EvalError(f"a map's key is a string, a whole number or a bool, not {describe(key)}")
        entry = (isinstance(key, bool), key)
        if entry in self._entries:
            raise EvalError(f"the map has the key {literal(key)} twice")
        self._entries[entry] = value

    def map(self) -> Mapping[object, object]:
        """The whole map: one of Python's, unless that cannot hold it."""
        made = {key: value for (_, key), value in self._entries.items()}
        return (
            made
            if len(made) == len(self._entries)
            else MixedMap((key, value) for (_, key), value in self._entries.items())
        )


class _Unread:
    """What the slot of cel.bind() holds until its variable is first read."""

    __slots__ = ("node",)

    def __init__(self, node: Node) -> None:
        self.node = node


class _Failed:
    __slots__ = ("error",)

    def __init__(self, error: EvalError) -> None:
        self.error = error


def bind(slot: int, value: Node, body: Node) -> Node:
    unread = _Unread(value)

    def evaluate(frame: Frame) -> object:
        frame.slots[slot] = unread
        return body(frame)

    return evaluate


def read_bound(slot: int) -> Node:
    """The value of a variable of cel.bind(): computed when first read, its error remembered like a value."""

    def evaluate(frame: Frame) -> object:
        held = frame.slots[slot]
        if type(held) is _Unread:
            try:
                held = held.node(frame)
            except EvalError as error:
                held = _Failed(error)
            frame.slots[slot] = held
        if type(held) is _Failed:
            raise held.error.with_traceback(None)
        return held

    return evaluate


def read(slot: int) -> Node:
    return lambda frame: frame.slots[slot]
