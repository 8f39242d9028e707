"""What can be computed from stated values alone, once parameters have theirs: arithmetic and a few conversions.

Takes and gives native values; None is "not here": whatever could overflow, round or fail is left to CEL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_GREATEST = 2**53


def _add(left: object, right: object) -> object:
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    return _whole(left, right, lambda one, other: one + other)


def _subtract(left: object, right: object) -> object:
    return _whole(left, right, lambda one, other: one - other)


def _multiply(left: object, right: object) -> object:
    return _whole(left, right, lambda one, other: one * other)


def _negate(value: object) -> object:
    return -value if type(value) in (int, float) else None  # type: ignore[operator]


def _whole(left: object, right: object, compute: Callable[[int, int], int]) -> object:
    if type(left) is not int or type(right) is not int:
        return None
    value = compute(left, right)
    return value if abs(value) <= _GREATEST else None


def _string(value: object) -> object:
    return value if isinstance(value, str) else str(value) if type(value) is int else None


def _double(value: object) -> object:
    exact = type(value) in (int, float) and abs(value) <= _GREATEST  # type: ignore[arg-type]
    return float(value) if exact else None  # type: ignore[arg-type]


def _int(value: object) -> object:
    return value if type(value) is int else None


def _size(value: object) -> object:
    return len(value) if isinstance(value, str) else None


FOLDS: Mapping[tuple[str, int], Callable[..., Any]] = {
    ("+", 2): _add,
    ("-", 2): _subtract,
    ("*", 2): _multiply,
    ("-", 1): _negate,
    ("string", 1): _string,
    ("double", 1): _double,
    ("int", 1): _int,
    ("size", 1): _size,
}
"""By operation and the number of its operands."""
