"""Fields, elements, ``in``, order and truth: CEL's operations that are not arithmetic, on native values.

Takes and gives native values; raises EvalError without a place, in words for the reader who has to find
the value. Must not know any engine.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from penstock.cel.errors import EvalError
from penstock.cel.values import comparable, describe, equal, has_key, literal


def field(value: object, key: str) -> object:
    if type(value) is dict:
        try:
            return cast("object", value[key])
        except KeyError:
            raise EvalError(f"no such key: `{key}`") from None
    if not has_field(value, key):
        raise EvalError(f"no such key: `{key}`")
    return cast("Mapping[object, object]", value)[key]


def has_field(value: object, key: str) -> bool:
    if not isinstance(value, Mapping):
        raise EvalError(f"no such field: `{key}`: {describe(value)} has no fields")
    return key in value


def element(value: object, key: object) -> object:
    """``value[key]``: a number that stands for a whole one may index, whatever its type."""
    if isinstance(value, Mapping):
        if not has_key(value, key):
            raise EvalError(f"no such key: `{literal(key)}`")
        return cast("object", value[key])
    if not isinstance(value, (list, tuple)):
        raise EvalError(f"{describe(value)} has no elements")
    if isinstance(key, bool) or not isinstance(key, (int, float)) or key // 1 != key:
        raise EvalError(f"a list has no element at {describe(key)}")
    if not 0 <= key < len(value):
        raise EvalError(f"index {literal(key)} is out of range: {describe(value)}")
    return cast("object", value[int(key)])


def contains(item: object, container: object) -> bool:
    if isinstance(container, Mapping):
        return has_key(container, item)
    if isinstance(container, (list, tuple)):
        return any(equal(item, each) for each in container)
    raise EvalError(f"`in` needs a list or a map on its right, not {describe(container)}")


def elements(value: object, macro: str) -> Sequence[object]:
    """What a comprehension goes through: a list's elements or a map's keys."""
    if isinstance(value, (list, tuple)):
        return value
    if isinstance(value, Mapping):
        return list(value)
    raise EvalError(f"{macro}() needs a list or a map, not {describe(value)}")


def truth(value: object, where: str) -> bool:
    if value is True or value is False:
        return value
    raise EvalError(f"{where} needs a bool, not {describe(value)}")


def unequal(left: object, right: object) -> bool:
    return not equal(left, right)


def _ordered(symbol: str, compare: Callable[[Any, Any], bool]) -> Callable[[object, object], bool]:
    def relation(left: object, right: object) -> bool:
        try:
            pair = comparable(left, right)
        except ValueError as error:  # a datetime from the host that has no timezone
            raise EvalError(f"`{symbol}`: {error}") from None
        if pair is None:
            raise EvalError(f"`{symbol}` cannot compare {describe(left)} and {describe(right)}")
        return compare(*pair)

    return relation


less = _ordered("<", operator.lt)
less_equal = _ordered("<=", operator.le)
greater = _ordered(">", operator.gt)
greater_equal = _ordered(">=", operator.ge)
