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
    Function("optional.of", (Overload((_A,), _SOME, _of),)).about(
        "An optional that holds the value.", "optional.of(1).hasValue()"
    ),
    Function("optional.ofNonZeroValue", (Overload((_A,), _SOME, _of_non_zero),)).about(
        "An optional that holds the value, or nothing when it is null, false, 0 or empty.",
        "!optional.ofNonZeroValue('').hasValue()",
    ),
    Function("optional.none", (Overload((), _SOME, lambda: _NONE),)).about(
        "An optional that holds nothing.", "optional.none().orValue(1) == 1"
    ),
    Function("optional.unwrap", (Overload((list_of(_SOME),), list_of(_A), _unwrap),)).about(
        "The values that the optionals of a list hold.",
        "optional.unwrap([optional.of(1), optional.none()]) == [1]",
    ),
    Function("unwrapOpt", (Overload((list_of(_SOME),), list_of(_A), _unwrap, receiver=True),)).about(
        "The values that the optionals of a list hold.", "[optional.of(1), optional.none()].unwrapOpt() == [1]"
    ),
    _method("hasValue", BOOL, lambda value: value.present).about(
        "Whether an optional holds a value.", "!{'a': 1}.?b.hasValue()"
    ),
    _method("value", _A, lambda value: value.value).about(
        "What an optional holds; an error when that is nothing.", "{'a': 1}.?a.value() == 1"
    ),
    _method("or", _SOME, _or, _SOME).about(
        "This optional, or the other when this one holds nothing.", "{'a': 1}.?b.or(optional.of(2)).value() == 2"
    ),
    _method("orValue", _A, _or_value, _A).about(
        "What an optional holds, or the given value when that is nothing.", "{'a': 1}.?b.orValue(2) == 2"
    ),
)
