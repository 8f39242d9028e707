"""The functions on lists: ranges, slices, flattening, order, duplicates, sums and places.

Takes and gives native values; raises ValueError. Must not know any engine; ``sort_by`` is for those that have the
keys at hand. Source of the behaviour: the CEL lists extension, and Kubernetes' list library for ``isSorted``,
``sum``, ``min``, ``max``, ``indexOf`` and ``lastIndexOf``.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from penstock.cel import moments
from penstock.cel.closures import MAX_WORK
from penstock.cel.env import Function, Implementation, Overload
from penstock.cel.errors import BudgetError, EvalError
from penstock.cel.standard.sets import keys
from penstock.cel.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    NUMBER,
    STRING,
    TIMESTAMP,
    UINT,
    Parameter,
    Type,
    list_of,
    optional_of,
)
from penstock.cel.values import MadeList, Optional, UInt, equal, type_name

_A = Parameter("A")
_LIST = list_of(_A)
_ADDED = (INT, UINT, DOUBLE, DURATION)
_COMPARED = (INT, UINT, DOUBLE, NUMBER, BOOL, STRING, BYTES, DURATION, TIMESTAMP)
_SHORT_NAMES = {type_.name: str(type_) for type_ in (DURATION, TIMESTAMP)}
_NUMBERS = frozenset({"int", "uint", "double"})
_ORDERS = frozenset(type_.name for type_ in _COMPARED) - _NUMBERS


def _range(count: int) -> MadeList:
    if count > MAX_WORK:
        raise ValueError(f"a list may have at most {MAX_WORK:,} elements")
    return MadeList(range(count))


def _slice(items: Sequence[object], start: int, end: int) -> MadeList:
    if start < 0 or end < 0:
        raise ValueError("places are counted from 0 and cannot be negative")
    if start > end:
        raise ValueError("the start is behind the end")
    if end > len(items):
        raise ValueError(f"the list has {len(items)} elements")
    return MadeList(items[start:end])


def _flatten(items: Sequence[object], depth: int = 1) -> MadeList:
    if depth < 0:
        raise ValueError("the depth cannot be negative")
    flat = MadeList()
    open_lists: list[Iterator[object]] = [iter(items)]
    work = MAX_WORK // 5
    while open_lists:
        work -= 1
        if work < 0:
            raise BudgetError
        try:
            item = next(open_lists[-1])
        except StopIteration:
            open_lists.pop()
            continue
        if isinstance(item, (list, tuple)) and len(open_lists) <= depth:
            open_lists.append(iter(item))
        else:
            flat.append(item)
    return flat


def _distinct(items: Sequence[object]) -> MadeList:
    first: dict[object, object] = {}
    for key, item in zip(keys(items), items, strict=True):
        first.setdefault(key, item)
    return MadeList(first.values())


def _ordered(items: Sequence[Any]) -> Sequence[Any]:
    """The items, when all can be compared with each other. Numbers of any type can."""
    names = set(map(type_name, items))
    if not (names <= _NUMBERS or (len(names) == 1 and names <= _ORDERS)):
        shown = ", ".join(sorted(_SHORT_NAMES.get(name, name) for name in names))
        raise ValueError(f"the elements must be comparable with each other, not {shown}")
    if "double" in names and any(item != item for item in items):
        raise ValueError("NaN has no place in an order")
    return items


def _unaware(function: Callable[[Sequence[Any]], object]) -> Implementation:
    """Python's complaint about a datetime that has no timezone, as a reason."""

    @functools.wraps(function)
    def ordered(items: Sequence[Any]) -> object:
        try:
            return function(_ordered(items))
        except TypeError as error:
            raise ValueError(str(error)) from None

    return ordered


def _is_sorted(items: Sequence[Any]) -> bool:
    return all(map(operator.le, items, items[1:]))


def _least(items: Sequence[Any]) -> object:
    if not items:
        raise ValueError("the list is empty")
    return min(items)


def _greatest(items: Sequence[Any]) -> object:
    if not items:
        raise ValueError("the list is empty")
    return max(items)


def _sum(items: Sequence[Any]) -> object:
    names = set(map(type_name, items)) or {"int"}
    if len(names) > 1 or not names <= {type_.name for type_ in _ADDED}:
        shown = ", ".join(sorted(_SHORT_NAMES.get(name, name) for name in names))
        raise ValueError(f"the elements must all be ints, all uints, all doubles or all durations, not {shown}")
    (name,) = names
    if name == "double":
        return functools.reduce(operator.add, items)
    if name == DURATION.name:
        return _sum_of_durations(items)
    total = sum(items)
    low, high = (0, 2**64) if name == "uint" else (-(2**63), 2**63)
    if not low <= total < high:
        raise ValueError("integer overflow")
    return UInt(total) if name == "uint" else total


def _sum_of_durations(items: Sequence[timedelta]) -> timedelta:
    return moments.duration_of(sum(map(moments.nanoseconds, items)))


def _index_of(items: Sequence[object], wanted: object) -> int:
    return next((place for place, item in enumerate(items) if equal(item, wanted)), -1)


def _last_index_of(items: Sequence[object], wanted: object) -> int:
    return next((place for place in range(len(items) - 1, -1, -1) if equal(items[place], wanted)), -1)


def _first(items: Sequence[object]) -> Optional:
    return Optional(True, items[0]) if items else Optional()


def _last(items: Sequence[object]) -> Optional:
    return Optional(True, items[-1]) if items else Optional()


def sort_by(items: Sequence[object], by: Sequence[object]) -> MadeList:
    """The items in the order of their keys, which are as many; items with equal keys stay in their order.

    Raises:
        EvalError: the keys cannot be compared with each other.
    """
    try:
        order: Sequence[Any] = _ordered(by)
        return MadeList(items[place] for place in sorted(range(len(items)), key=order.__getitem__))
    except (TypeError, ValueError) as error:
        reason = str(error).replace("the elements", "the keys", 1)
        raise EvalError(f"sortBy(): {reason}") from None


def _method(name: str, *overloads: tuple[tuple[Type, ...], Type, Implementation]) -> Function:
    return Function(name, tuple(Overload(*overload, receiver=True) for overload in overloads))


def _compared(name: str, function: Callable[[Sequence[Any]], object], result: Type | None = None) -> Function:
    implementation = _unaware(function)
    return _method(name, *(((list_of(each),), result or each, implementation) for each in _COMPARED))


_SORT = _unaware(lambda items: MadeList(sorted(items)))

FUNCTIONS: tuple[Function, ...] = (
    Function("lists.range", (Overload((INT,), list_of(INT), _range),)).about(
        "The whole numbers from 0 up to but without the given one.", "lists.range(3) == [0, 1, 2]"
    ),
    _method("slice", ((_LIST, INT, INT), _LIST, _slice)).about(
        "The elements from a place on, up to but without another place.", "[1, 2, 3, 4].slice(1, 3) == [2, 3]"
    ),
    _method(
        "flatten",
        ((list_of(_LIST),), _LIST, _flatten),
        ((list_of(DYN),), list_of(DYN), _flatten),
        ((list_of(DYN), INT), list_of(DYN), _flatten),
    ).about(
        "A list with the lists in it opened: one level, or as many as given.",
        "[1, [2, [3]]].flatten() == [1, 2, [3]]",
    ),
    _method("distinct", ((_LIST,), _LIST, _distinct)).about(
        "The elements without repetitions, each where it came first.", "[1, 2, 2, 1].distinct() == [1, 2]"
    ),
    _method("sort", *(((list_of(each),), list_of(each), _SORT) for each in _COMPARED)).about(
        "The elements in order, least first.", "['b', 'c', 'a'].sort() == ['a', 'b', 'c']"
    ),
    _compared("isSorted", _is_sorted, BOOL).about(
        "Whether the elements are in order, least first.", "['a', 'b', 'b'].isSorted()"
    ),
    _compared("min", _least).about("The least element; an error when the list is empty.", "[3, 1, 2].min() == 1"),
    _compared("max", _greatest).about(
        "The greatest element; an error when the list is empty.", "[3, 1, 2].max() == 3"
    ),
    _method("sum", *(((list_of(each),), each, _sum) for each in _ADDED)).about(
        "All the elements added up, of one type; 0 when the list is empty.", "[1, 2, 3].sum() == 6"
    ),
    _method("first", ((_LIST,), optional_of(_A), _first)).about(
        "An optional of the first element; nothing when the list is empty.", "[1, 2].first().orValue(0) == 1"
    ),
    _method("last", ((_LIST,), optional_of(_A), _last)).about(
        "An optional of the last element; nothing when the list is empty.", "[1, 2].last().orValue(0) == 2"
    ),
)

SHARED_OVERLOADS: Mapping[str, tuple[Overload, ...]] = MappingProxyType(
    {
        "reverse": (Overload((_LIST,), _LIST, lambda items: MadeList(items[::-1]), receiver=True),),
        "indexOf": (Overload((_LIST, _A), INT, _index_of, receiver=True),),
        "lastIndexOf": (Overload((_LIST, _A), INT, _last_index_of, receiver=True),),
    }
)
"""What lists add to functions of other families."""
