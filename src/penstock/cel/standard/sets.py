"""Lists taken as sets: ``sets.contains`` and its like; and the keys that make it quick.

Takes and gives native values. Source of the behaviour: the CEL sets extension.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from penstock.cel.closures import MAX_WORK
from penstock.cel.env import Function, Implementation, Overload
from penstock.cel.errors import BudgetError
from penstock.cel.types import BOOL, Parameter, list_of
from penstock.cel.values import Optional, UInt, describe

# Elements within elements: a list may hold another many times over, so that few bytes hold very many elements.
_MAX_ELEMENTS = MAX_WORK // 20
_MAX_DEPTH = 100
# Python's own equality is CEL's for these, and only among one of them at a time.
_ITSELF = frozenset({str, bytes, int, UInt, timedelta, type(None)})


def keys(values: Iterable[object]) -> list[Hashable]:
    """A key for each value: two are equal just when CEL's ``==`` says so of the values.

    NaN equals nothing, itself included, so its key is never seen again. Only between a double and an integer
    beyond 2**53 is the key stricter: it tells apart what ``==`` rounds to one double.

    Raises:
        ValueError: a value that has no key, or is nested too deeply.
        BudgetError: there are too many elements within the elements.
    """
    return list(map(_Keys().key, values))


class _Keys:
    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = _MAX_ELEMENTS

    def key(self, value: object, depth: int = 0) -> Hashable:
        kind = type(value)
        if kind in _ITSELF:
            return value
        if kind is bool:
            return (bool, value)
        if kind is float:
            return value if value == value else object()
        if isinstance(value, (list, tuple, Mapping)):
            return self._container(value, depth)
        if isinstance(value, Optional):
            return (Optional, self.key(value.value, depth + 1)) if value.present else (Optional,)
        if isinstance(value, datetime) and value.tzinfo is None:
            raise ValueError("a datetime without a timezone equals nothing")
        try:
            hash(value)
        except TypeError:
            raise ValueError(f"{describe(value)} cannot be compared") from None
        return value

    def _container(self, value: Sequence[object] | Mapping[object, object], depth: int) -> Hashable:
        if depth > _MAX_DEPTH:
            raise ValueError(f"values are nested more than {_MAX_DEPTH} deep")
        self.left -= len(value)
        if self.left < 0:
            raise BudgetError
        if isinstance(value, Mapping):
            items = value.items()
            return (dict, frozenset((self.key(key), self.key(item, depth + 1)) for key, item in items))
        return (list, *(self.key(item, depth + 1) for item in value))


def _contains(values: Sequence[object], wanted: Sequence[object]) -> bool:
    return set(keys(values)).issuperset(keys(wanted))


def _equivalent(left: Sequence[object], right: Sequence[object]) -> bool:
    return set(keys(left)) == set(keys(right))


def _intersects(left: Sequence[object], right: Sequence[object]) -> bool:
    return not set(keys(left)).isdisjoint(keys(right))


def _test(name: str, implementation: Implementation) -> Function:
    lists = list_of(Parameter("A"))
    return Function(name, (Overload((lists, lists), BOOL, implementation),))


FUNCTIONS: tuple[Function, ...] = (
    _test("sets.contains", _contains).about(
        "Whether the first list has every element of the second.", "sets.contains([1, 2, 3], [3, 1])"
    ),
    _test("sets.equivalent", _equivalent).about(
        "Whether two lists have the same elements, in any order and number.", "sets.equivalent([1, 2, 2], [2, 1])"
    ),
    _test("sets.intersects", _intersects).about(
        "Whether two lists have an element in common.", "sets.intersects([1, 2], [2, 3])"
    ),
)
