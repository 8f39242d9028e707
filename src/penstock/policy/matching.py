"""Manifests by what their fields say: an index for each question that policies ask, made when it is first asked.

Takes lists of resources and fields with the values they must have; gives what the manifests hold, in the order of
the list. Knows paths and values, nothing of rollouts or policies.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import product
from typing import Any

from penstock.cel import EvalError
from penstock.manifest.resource import Resource
from penstock.policy.narrow import Narrow

EACH = None
"""In a field's path: every element of the list, as in ``manifest.references``."""

Asked = tuple[str, ...]
Index = Mapping[Hashable, Sequence[Resource]]
Pattern = tuple[str | None, ...]
_MANY = 8
"""So many manifests that are found for one are likely to be found for many: their list is kept, and is narrow."""
_HELD = 500
"""So many whole manifests are kept unpacked, in the lists asked for last: all may be larger than all else."""
_KEPT = 16
"""How many lists of some manifests are kept."""


@functools.cache
def pattern(text: object) -> Pattern:
    """The way to the field ``spec.models[*].name``, with ``EACH`` for every element of a list."""
    if not isinstance(text, str):
        raise EvalError(f"a field to look for is a text such as 'spec.useCase', not {text!r}")
    return tuple(EACH if key == "*" else key for key in text.replace("[*]", ".*").split("."))


class UnresolvedReferenceError(EvalError):
    """A name that no usable manifest carries. The reference itself is already a finding, so this is not one."""


def usable(resource: Resource) -> dict[str, Any]:
    """What a manifest holds.

    Raises:
        UnresolvedReferenceError: it breaks its schema.
    """
    if not resource.valid:
        raise UnresolvedReferenceError(f"{resource.id} does not satisfy its schema")
    return resource.data


class Manifests:
    """The lists of one rollout's manifests that were asked for. Each is made once, and so is each index of it.

    Rules ask the same of many objects: so a rule over n manifests stays linear.
    """

    __slots__ = ("_data", "_held", "_indexes", "_large", "_lists", "_narrow")

    def __init__(self, narrow: Narrow | None = None) -> None:
        """``narrow`` are given instead of the whole manifests, where there are any."""
        self._narrow = narrow
        self._lists: dict[Asked, tuple[tuple[Resource, ...], Resource | None]] = {}
        self._data: dict[Asked, list[object]] = {}
        self._held = 0
        self._indexes: dict[tuple[Asked, tuple[object, ...]], Index] = {}
        self._large: dict[tuple[Asked, tuple[object, ...], Hashable], list[object]] = {}

    def known(self, asked: Asked) -> list[object] | None:
        """All manifests of a list that was asked for before."""
        return self._data.get(asked)

    def find(self, asked: Asked, listed: Callable[[], Iterable[Resource]], where: object = None) -> list[object]:
        """All manifests of a list, or those whose fields have the values in ``where``; ``asked`` names the list.

        A field in a list is any of the list's elements; one that is absent has no value.

        Raises:
            UnresolvedReferenceError: a manifest of the list breaks its schema: who knows what it was to say.
        """
        if asked not in self._lists:
            resources = tuple(listed())
            self._lists[asked] = resources, next((each for each in resources if not each.valid), None)
        resources, broken = self._lists[asked]
        if broken is not None:
            usable(broken)
        if where is not None:
            return self._matching(asked, resources, where)
        found = self._data.get(asked)
        if found is None:
            found = self._all(asked, resources)
            weight = self._weight(asked, found)
            self._held += weight
            if self._held > _HELD:
                self._data = {each: kept for each, kept in self._data.items() if not self._weight(each, kept)}
                self._held = weight
            self._data[asked] = found
        return found

    def _weight(self, asked: Asked, found: Sequence[object]) -> int:
        """How many whole manifests a list holds."""
        return 0 if self._are_narrow(asked[-1], found) else len(found)

    def _are_narrow(self, kind: str, found: Sequence[object]) -> bool:
        return len(found) >= _MANY and self._narrow is not None and self._narrow.has(kind)

    def _data_of(self, asked: Asked, found: Sequence[Resource]) -> Callable[[Resource], object]:
        narrow = self._narrow
        return narrow.data if narrow is not None and self._are_narrow(asked[-1], found) else _as_it_is

    def _all(self, asked: Asked, found: Sequence[Resource]) -> list[object]:
        return list(map(self._data_of(asked, found), found))

    def _matching(self, asked: Asked, resources: Sequence[Resource], where: object) -> list[object]:
        if not where or (type(where) is not dict and not isinstance(where, Mapping)):
            raise EvalError("the fields to look for are a map, such as {'spec.useCase': 'claims'}")
        fields = tuple(where)
        index = self._indexes.get((asked, fields))
        if index is None:
            index = self._indexes[asked, fields] = _index(
                resources, self._data_of(asked, resources), tuple(map(pattern, fields))
            )
        key = _key(where[fields[0]]) if len(fields) == 1 else tuple(map(_key, where.values()))
        found = index.get(key, ())
        if len(found) < _MANY:
            return self._all(asked, found)
        large = self._large.get((asked, fields, key))
        if large is None:
            large = self._all(asked, found)
            while self._are_too_many(asked, large):
                del self._large[next(iter(self._large))]
            self._large[asked, fields, key] = large
        return large

    def _are_too_many(self, asked: Asked, more: Sequence[object]) -> bool:
        """Whether other lists must go before one more is kept."""
        held = sum(self._weight(each, kept) for (each, _, _), kept in self._large.items())
        weight = self._weight(asked, more)
        return len(self._large) == _KEPT or (min(held, weight) > 0 and held + weight > _HELD)


def _as_it_is(resource: Resource) -> object:
    return resource.data


def _index(
    resources: Iterable[Resource], data_of: Callable[[Resource], object], fields: tuple[Pattern, ...]
) -> Index:
    """By the field's value; by all their values where there are several fields."""
    index: dict[Hashable, list[Resource]] = {}
    for resource in resources:
        data = data_of(resource)
        keys = [dict.fromkeys(map(_key, _values(data, field))) for field in fields]
        for key in keys[0] if len(keys) == 1 else product(*keys):
            index.setdefault(key, []).append(resource)
    return index


def _values(data: object, path: Pattern) -> Sequence[object]:
    """Every value that is present at a field's path."""
    for place, step in enumerate(path):
        if step is EACH:
            elements = data if isinstance(data, list) else ()
            return [value for element in elements for value in _values(element, path[place + 1 :])]
        if not isinstance(data, dict) or step not in data:
            return ()
        data = data[step]
    return (data,)


def _key(value: object) -> Hashable:
    """The same for values that CEL takes for equal, and only for them."""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return ("bool", value)  # for Python, true is 1
    if isinstance(value, (list, tuple)):
        return ("list", tuple(map(_key, value)))
    if isinstance(value, Mapping):
        return ("map", frozenset((_key(name), _key(each)) for name, each in value.items()))
    if not isinstance(value, Hashable):
        raise EvalError(f"no field has a value such as {value!r}")
    return value if value == value else object()  # NaN equals nothing
