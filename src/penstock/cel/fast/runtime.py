"""Texts, fields, elements and loops for generated code, where its own text does not settle them.

Takes native values, gives the right one or raises, anything at all: then the exact evaluation decides. Every run
that loads generated code imports this, so it imports little. Must not know any tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from penstock.cel.fast.account import UnknownError, Work, slow, spend
from penstock.cel.fast.calls import dispatcher
from penstock.cel.values import Optional, has_key

_NONE = Optional()


# text


def text_find(text: Any, part: Any) -> bool:
    """Also where the two may be anything: Python refuses what are not strings."""
    return str.__contains__(text, part)


def text_startswith(text: Any, part: Any) -> bool:
    return str.startswith(text, part) if type(part) is str else slow()


def text_endswith(text: Any, part: Any) -> bool:
    return str.endswith(text, part) if type(part) is str else slow()


def find_in(work: Work, text: Any, part: Any) -> bool:
    if len(text) > 500:
        spend(work, len(text) >> 4)
    return str.__contains__(text, part)


def startswith_in(work: Work, text: Any, part: Any) -> bool:
    if len(part) > 500:
        spend(work, len(part) >> 4)
    return text_startswith(text, part)


def endswith_in(work: Work, text: Any, part: Any) -> bool:
    if len(part) > 500:
        spend(work, len(part) >> 4)
    return text_endswith(text, part)


# fields and elements


def has(value: Any, key: str) -> bool:
    if not isinstance(value, Mapping):
        raise UnknownError
    return key in value


def index(value: Any, key: Any) -> Any:
    kind = type(key)
    if kind is str:
        return value[key]
    if isinstance(value, Mapping):
        if has_key(value, key):
            return value[key]
    elif kind is int and key >= 0 and isinstance(value, (list, tuple)):
        return value[key]
    raise UnknownError


def optional_field(value: Any, key: Any) -> Optional:
    """``value.?key`` and ``value[?key]``; the value may be an optional itself."""
    if type(value) is Optional:
        if not value.present:
            return _NONE
        value = value.value
    if isinstance(value, Mapping):
        return Optional(True, value[key]) if has_key(value, key) else _NONE
    if isinstance(value, (list, tuple)) and type(key) is int:
        return Optional(True, value[key]) if 0 <= key < len(value) else _NONE
    raise UnknownError


def optional(value: Any) -> Optional:
    """The value, which has to be an optional."""
    if type(value) is not Optional:
        raise UnknownError
    return value


def given(value: Any) -> tuple[Any, ...]:
    """What an optional adds to a list."""
    return (value.value,) if present(value) else ()


def size(value: Any) -> int:
    """``len()`` of what has a size in CEL; Python knows of more."""
    kind = type(value)
    if kind is list or kind is dict or kind is str:
        return len(value)
    return dispatcher("size", False)(value)  # type: ignore[return-value]


def present(value: Any) -> bool:
    if type(value) is not Optional:
        raise UnknownError
    return bool(value.present)


def some(value: Any) -> Optional:
    return Optional(True, value)


def none() -> Optional:
    return _NONE


# loops


def paid(work: Work, made: Any) -> Any:
    """A list or a map that is written down inside a loop."""
    spend(work, len(made))
    return made


def items(value: Any) -> Any:
    """What a loop with one variable goes through."""
    if isinstance(value, Mapping):
        return list(value)
    if isinstance(value, (list, tuple)):
        return value
    raise UnknownError


def listed(value: Any) -> Any:
    """What only a list has: an order to change."""
    if isinstance(value, (list, tuple)):
        return value
    raise UnknownError


def pairs(value: Any) -> Any:
    """What a loop with two variables goes through, as a list."""
    if isinstance(value, Mapping):
        return list(value.items())
    if isinstance(value, (list, tuple)):
        return list(enumerate(value))
    raise UnknownError


# maps


def made_map(entries: Iterable[tuple[Any, bool, Any]]) -> dict[Any, Any]:
    """A map with keys that are not all known to be different strings. An entry: key, whether optional, value."""
    made: dict[Any, Any] = {}
    for key, optional, value in entries:
        if optional and not present(value):
            continue
        if not isinstance(key, (str, int)) or key in made:
            raise UnknownError  # also for true beside 1, which Python takes for the same key
        made[key] = value.value if optional else value
    return made


def merged(work: Work, maps: Iterable[Any]) -> dict[Any, Any]:
    """One map of many, none of whose keys comes twice."""
    made: dict[Any, Any] = {}
    for each in maps:
        spend(work, len(each))
        for key, value in each.items():
            if not isinstance(key, (str, int)) or key in made:
                raise UnknownError
            made[key] = value
    return made
