"""Arithmetic for generated code, where its own text does not settle it: numbers, times, joined strings.

Gives the right value or raises, anything at all. Must not know any tree.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import Any

from penstock.cel.fast.account import LONGEST, UnknownError, Work, spend
from penstock.cel.fast.calls import capped, dispatcher
from penstock.cel.values import MadeList

_LEAST, _MOST = -(2**63), 2**63 - 1
# CEL's durations are 64 bits of nanoseconds: some 292 years.
_DAYS = 106_751
_from_text = datetime.fromisoformat
_READS_Z = sys.version_info >= (3, 11)


@functools.cache
def _arithmetic(name: str) -> Callable[[Any, Any], Any]:
    found: Callable[[Any, Any], Any] = getattr(import_module("penstock.cel.arithmetic"), name)
    return found


def _number(kind: type, value: Any) -> bool:
    return kind is float or (kind is int and _LEAST <= value <= _MOST)


def add(left: Any, right: Any) -> Any:
    """``+`` outside loops."""
    kind = type(left)
    if kind is type(right) and (kind is int or kind is float):
        made = left + right
        if _number(kind, made):
            return made
    elif kind is list and type(right) is list and len(left) + len(right) <= LONGEST:
        return left + right
    return capped(_arithmetic("add")(left, right))


def add_in(work: Work, left: Any, right: Any) -> Any:
    """``+`` inside loops."""
    kind = type(left)
    if kind is type(right) and (kind is int or kind is float):
        made = left + right
        if _number(kind, made):
            return made
    if isinstance(left, (str, bytes, list, tuple)):
        spend(work, len(left) + len(right))
        if isinstance(left, list) and kind is list is type(right):
            return left + right
    made = _arithmetic("add")(left, right)
    return list(made) if type(made) is MadeList else made


def sub(left: Any, right: Any) -> Any:
    kind = type(left)
    if kind is type(right) and (kind is int or kind is float):
        made = left - right
        if _number(kind, made):
            return made
    return _arithmetic("subtract")(left, right)


def mul(left: Any, right: Any) -> Any:
    kind = type(left)
    if kind is type(right) and (kind is int or kind is float):
        made = left * right
        if _number(kind, made):
            return made
    return _arithmetic("multiply")(left, right)


def div(left: Any, right: Any) -> Any:
    if type(left) is int and type(right) is int and left >= 0 and right > 0:
        return left // right
    return _arithmetic("divide")(left, right)


def mod(left: Any, right: Any) -> Any:
    if type(left) is int and type(right) is int and left >= 0 and right > 0:
        return left % right
    return _arithmetic("modulo")(left, right)


def neg(value: Any) -> Any:
    kind = type(value)
    if kind is float or (kind is int and value != _LEAST):
        return -value
    raise UnknownError


def since(left: Any, right: Any) -> Any:
    """The duration between two timestamps."""
    if type(left) is datetime and type(right) is datetime and left.tzinfo is not None:
        made = left - right
        if -_DAYS <= made.days < _DAYS:
            return made
    return _arithmetic("subtract")(left, right)


def cat_in(work: Work, *parts: Any) -> str:
    """Strings, joined, inside loops."""
    spend(work, sum(map(len, parts)))
    return "".join(parts)


def double(value: Any) -> Any:
    """``double()`` of a number, or of anything else."""
    kind = type(value)
    if kind is float:
        return value
    return float(value) if kind is int else dispatcher("double", False)(value)


def timestamp(value: Any) -> Any:
    """``timestamp()`` of the form that most are written in, ``2026-06-30T00:00:00Z``, or of any other."""
    if type(value) is str and len(value) == 20 and value[4::3] == "--T::Z" and value[11:13] != "24":
        return _from_text(value if _READS_Z else value[:19] + "+00:00")
    return dispatcher("timestamp", False)(value)


def string(value: Any) -> str:
    kind = type(value)
    if kind is str:
        made: str = value
        return made
    if kind is int:
        return str(value)
    return dispatcher("string", False)(value)  # type: ignore[return-value]
