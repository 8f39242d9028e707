"""Optional values: making one, and asking what it holds. ``optMap`` and ``?.`` belong to the syntax.

Takes native values and ``Optional``s. An engine may leave out computing the argument of ``or`` and ``orValue``
where it is not needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from penstock.cel.env import Function, Implementation, Overload
from penstock.cel.moments import EPOCH
from penstock.cel.types import BOOL, Parameter, Type, list_of, optional_of
from penstock.cel.values import MadeList, Optional, describe, equal, type_name

_A = Parameter("A")
_SOME = optional_of(_A)
_NONE = Optional()

# By the names of their types. Anything else has no zero.
_IS_ZERO: dict[str, Callable[[object], bool]] = {
    "null_type": lambda _value: True,
    **dict.fromkeys(("bool", "int", "uint", "double", "string", "bytes", "list", "map"), lambda value: not value),
    "google.protobuf.Duration": lambda value: value == timedelta(0),
    "google.protobuf.Timestamp": lambda value: equal(value, EPOCH),
}


def is_zero(value: object) -> bool:
    """Whether a value is its type's default: null, false, 0, an empty text, list or map, the epoch."""
    test = _IS_ZERO.get(type_name(value))
    return test is not None and test(value)


def _of(value: object) -> Optional:
    return Optional(True, value)


def _of_non_zero(value: object) -> Optional:
    return _NONE if is_zero(value) else Optional(True, value)


def _or(value: Optional, other: Optional) -> Optional:
    return value if value.present else other


def _or_value(value: Optional, other: object) -> object:
    return value.value if value.present else other


def _unwrap(values: Sequence[object]) -> object:
    present = MadeList()
    for place, value in enumerate(values):
        if not isinstance(value, Optional):
            raise ValueError(f"the element at {place} is {describe(value)}; only optionals can be unwrapped")
        if value.present:
            present.append(value.value)
    return present


def _method(name: str, result: Type, implementation: Implementation, *parameters: Type) -> Function:
    return Function(name, (Overload((_SOME, *parameters), result, implementation, receiver=True),))


FUNCTIONS: tuple[Function, ...] = (
    Function("optional.of", (Overload((_A,), _SOME, _of),)),
    Function("optional.ofNonZeroValue", (Overload((_A,), _SOME, _of_non_zero),)),
    Function("optional.none", (Overload((), _SOME, lambda: _NONE),)),
    Function("optional.unwrap", (Overload((list_of(_SOME),), list_of(_A), _unwrap),)),
    Function("unwrapOpt", (Overload((list_of(_SOME),), list_of(_A), _unwrap, receiver=True),)),
    _method("hasValue", BOOL, lambda value: value.present),
    _method("value", _A, lambda value: value.value),
    _method("or", _SOME, _or, _SOME),
    _method("orValue", _A, _or_value, _A),
)
