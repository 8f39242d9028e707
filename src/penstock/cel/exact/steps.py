"""Steps: what happens to a value that is there already, one after the other and in no recursion.

``a.b[c] + d`` is the name ``a`` and three steps. A chain may be thousands of steps long, so a node is built as a
base and its steps, which take the value so far and the frame. Must not know the syntax tree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from penstock.cel.closures import Frame, Node
from penstock.cel.errors import EvalError
from penstock.cel.operations import element, field, has_field
from penstock.cel.values import Optional, describe, has_key

Step: TypeAlias = Callable[[object, Frame], object]

NONE = Optional()


def chain(base: Node, steps: Sequence[Step]) -> Node:
    """The base's value through all the steps."""
    if not steps:
        return base

    def evaluate(frame: Frame) -> object:
        value = base(frame)
        for step in steps:
            value = step(value, frame)
        return value

    return evaluate


def spanned_step(step: Step, text: str, start: int, end: int) -> Step:
    """The step, with the characters of the expression that its errors are about."""

    def take(value: object, frame: Frame) -> object:
        try:
            return step(value, frame)
        except EvalError as error:
            if not error.is_placed:
                error.place(text, start, end)
            raise

    return take


def select(value: object, key: str) -> object:
    """``value.key``: of an optional, an optional."""
    return select_optional(value, key) if type(value) is Optional else field(value, key)


def select_optional(value: object, key: str) -> object:
    """``value.?key``"""
    if type(value) is Optional:
        if not value.present:
            return NONE
        value = value.value
    return Optional(True, field(value, key)) if has_field(value, key) else NONE


def present(value: object, key: str) -> bool:
    """``has(value.key)``"""
    if type(value) is Optional:
        return value.present and has_field(value.value, key)
    return has_field(value, key)


def index(value: object, key: object) -> object:
    """``value[key]``: of an optional, an optional."""
    return index_optional(value, key) if type(value) is Optional else element(value, key)


def index_optional(value: object, key: object) -> object:
    """``value[?key]``: none for a key that is missing or outside the list; any other fault remains one."""
    if type(value) is Optional:
        if not value.present:
            return NONE
        value = value.value
    if isinstance(value, Mapping) and not has_key(value, key):
        return NONE
    if isinstance(value, (list, tuple)) and _is_whole(key) and not 0 <= key < len(value):  # type: ignore[operator]
        return NONE
    return Optional(True, element(value, key))


def _is_whole(key: object) -> bool:
    return isinstance(key, (int, float)) and not isinstance(key, bool) and key // 1 == key


def alternative(name: str, otherwise: Step) -> Step:
    """``optional.or(other)`` and ``optional.orValue(other)``: with a value there, the other is not computed."""

    def take(value: object, frame: Frame) -> object:
        if type(value) is Optional and value.present and name not in frame.functions:
            return value if name == "or" else value.value
        return otherwise(value, frame)

    return take


def optional_map(body: Node, slot: int, *, flat: bool) -> Step:
    """``optional.optMap(variable, body)``, and optFlatMap when ``flat``."""
    word = "optFlatMap()" if flat else "optMap()"

    def take(value: object, frame: Frame) -> object:
        if type(value) is not Optional:
            raise EvalError(f"{word} needs an optional, not {describe(value)}")
        if not value.present:
            return NONE
        frame.slots[slot] = value.value
        result = body(frame)
        if not flat:
            return Optional(True, result)
        if type(result) is not Optional:
            raise EvalError(f"the body of {word} gives an optional, not {describe(result)}")
        return result

    return take
