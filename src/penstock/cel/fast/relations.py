"""``==``, the order and ``in`` for generated code, where its own text does not settle them.

Gives the right bool or raises, anything at all. Must not know any tree.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from penstock.cel.errors import BudgetError
from penstock.cel.fast.account import BUDGET, UnknownError, Work, spend
from penstock.cel.values import MadeList, UInt, comparable, has_key, type_name
from penstock.cel.values import equal as _equal

_COMPARED = 4
"""What it costs to compare two elements, beside one turn of a loop."""
_ATOMS = frozenset({str, int, bool, float, bytes, type(None), UInt})
ORDERED = frozenset({str, int, float, bytes, bool, UInt})


def eq(left: Any, right: Any) -> bool:
    """``==`` outside loops, with a budget of its own: values may share their parts a thousandfold."""
    kind = type(left)
    if kind is str or (kind in _ATOMS and kind is type(right)):
        return bool(left == right)
    return _same_outside(left, right)


def _same_outside(left: Any, right: Any) -> bool:
    try:
        return _same([BUDGET // 2], left, right)
    except BudgetError:  # the exact evaluation has counted nothing yet
        raise UnknownError from None


def eq_in(work: Work, left: Any, right: Any) -> bool:
    """``==`` inside loops."""
    kind = type(left)
    if kind is str:
        if len(left) > 500:
            spend(work, len(left) >> 4)
        return bool(left == right)
    if kind in _ATOMS and kind is type(right) and kind is not bytes:
        return bool(left == right)
    return _same(work, left, right)


def _same(work: Work, left: Any, right: Any) -> bool:
    name = type_name(left)
    if name == "list":
        if type_name(right) != "list" or len(left) != len(right):
            return False
        spend(work, len(left) * _COMPARED)
        return all(_same(work, one, other) for one, other in zip(left, right))  # noqa: B905 - as long
    if name == "map":
        if type_name(right) != "map" or len(left) != len(right):
            return False
        spend(work, len(left) * 2 * _COMPARED)
        return all(has_key(right, key) and _same(work, left[key], right[key]) for key in left)
    if name == "optional_type":
        if type(left) is not type(right) or left.present is not right.present:
            return False
        return not left.present or _same(work, left.value, right.value)
    if name in ("string", "bytes"):
        spend(work, len(left) >> 4)
    return _equal(left, right)


def lt(left: Any, right: Any) -> bool:
    if type(left) is type(right) and type(left) in ORDERED:
        return bool(left < right)
    left, right = comparable(left, right)  # type: ignore[misc]  # None cannot be unpacked
    return bool(left < right)


def le(left: Any, right: Any) -> bool:
    if type(left) is type(right) and type(left) in ORDERED:
        return bool(left <= right)
    left, right = comparable(left, right)  # type: ignore[misc]
    return bool(left <= right)


def gt(left: Any, right: Any) -> bool:
    return lt(right, left)


def ge(left: Any, right: Any) -> bool:
    return le(right, left)


def contains(item: Any, container: Any) -> bool:
    """``in`` outside loops."""
    try:
        return contains_in([BUDGET // 2], item, container)
    except BudgetError:
        raise UnknownError from None


def contains_in(work: Work, item: Any, container: Any) -> bool:
    """``in`` inside loops."""
    kind = type(container)
    if kind is list or kind is tuple or kind is MadeList:
        if type(item) is str:
            spend(work, len(container))
            return item in container
        spend(work, len(container) * _COMPARED)
        return any(_same(work, item, each) for each in container)
    if not isinstance(container, Mapping):
        raise UnknownError
    return has_key(container, item)


def members(work: Work, slot: int, container: Any) -> Any:
    """What to ask ``in`` of, many times: a set where all elements are strings, else the container, counted."""
    found: object = _Counted(work, container)
    if type(container) is list or type(container) is tuple:
        spend(work, len(container))
        if all(type(each) is str for each in container):
            found = frozenset(container) or ()
    if slot:
        work[slot] = found
    return found


class _Counted:
    __slots__ = ("container", "work")

    def __init__(self, work: Work, container: Any) -> None:
        self.work = work
        self.container = container

    def __contains__(self, item: object) -> bool:
        return contains_in(self.work, item, self.container)


def keys(work: Work, slot: int, items: Any, *path: str) -> Any:
    """The strings at a path of each element, as a set; True where that is not all there is to know."""
    found: Any = True
    if type(items) is list or type(items) is tuple:
        spend(work, len(items) * 2)
        try:
            for key in path:
                items = [each[key] for each in items]
            if all(type(each) is str for each in items):
                found = frozenset(items) or ()
        except (LookupError, TypeError):
            pass
    if slot:
        work[slot] = found
    return found


def sort_by(work: Work, values: Any, keys: list[Any]) -> list[Any]:
    """The values in the order of their keys."""
    spend(work, len(keys) * _COMPARED)
    kinds = set(map(type, keys))
    if len(kinds) > 1 or not kinds <= ORDERED or any(key != key for key in keys):
        raise UnknownError
    return [values[place] for place in sorted(range(len(keys)), key=keys.__getitem__)]
