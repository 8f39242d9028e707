"""CEL's view of native values: their types, equality and order across types, and words for messages.

Takes and gives native Python values; must not know any engine. What Python lacks stands here too: ``UInt``,
``Type``, and the containers that an expression makes, which may hold them; ``native`` takes them away again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from penstock.cel.errors import EvalError
from penstock.cel.moments import duration_text, timestamp_text, utc
from penstock.cel.types import TIMESTAMP, Type


class UInt(int):
    """An unsigned integer: equal to the int of the same size, but another type to ``+`` and ``type()``."""

    __slots__ = ()


class Optional:
    """A value that may be missing: ``optional.of(1)``, ``optional.none()``, ``map.?key``. Immutable."""

    __slots__ = ("_value", "present")

    def __init__(self, present: bool = False, value: object = None) -> None:
        self.present = present
        self._value = value

    @property
    def value(self) -> object:
        """The value; raises EvalError when there is none."""
        if not self.present:
            raise EvalError("the optional has no value")
        return self._value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Optional) or self.present is not other.present:
            return False
        return equal(self._value, other._value)

    def __hash__(self) -> int:
        return hash((self.present, self._value))

    def __repr__(self) -> str:
        return f"Optional({self.present}, {self._value!r})" if self.present else "Optional()"


class MixedMap(Mapping[object, object]):
    """A map with both true and 1, or both false and 0, among its keys, which are two keys to CEL alone."""

    __slots__ = ("_entries",)

    def __init__(self, entries: Iterable[tuple[object, object]] = ()) -> None:
        self._entries = {(isinstance(key, bool), key): value for key, value in entries}

    def __getitem__(self, key: object) -> object:
        return self._entries[isinstance(key, bool), key]

    def __iter__(self) -> Iterator[object]:
        return (key for _, key in self._entries)

    def __len__(self) -> int:
        return len(self._entries)


class MadeList(list[object]):
    """A list that an expression made."""

    __slots__ = ()


class MadeMap(dict[object, object]):
    """A map that an expression made."""

    __slots__ = ()


_NAMES: dict[type, str] = {
    str: "string",
    int: "int",
    bool: "bool",
    float: "double",
    type(None): "null_type",
    dict: "map",
    list: "list",
    tuple: "list",
    MadeMap: "map",
    MadeList: "list",
    UInt: "uint",
    bytes: "bytes",
    datetime: "google.protobuf.Timestamp",
    timedelta: "google.protobuf.Duration",
    Type: "type",
    Optional: "optional_type",
}
# For subclasses, in this order, because bool and UInt are ints to Python.
_BASES: tuple[tuple[type, str], ...] = (
    (Mapping, "map"),
    (str, "string"),
    (int, "int"),
    (float, "double"),
    (datetime, "google.protobuf.Timestamp"),
    (timedelta, "google.protobuf.Duration"),
    (list, "list"),
)
_SAME = frozenset({str, int, bool, float, bytes, type(None), timedelta, Type, UInt, Optional})
_NUMBERS = frozenset({"int", "uint", "double"})
_ORDERED = frozenset({"bool", "string", "bytes", "google.protobuf.Timestamp", "google.protobuf.Duration"})
_LONGEST_SHOWN = 60


def type_name(value: object) -> str:
    """The CEL name of a value's type.

    A class of the library's own says its name as ``cel_name``; a type that CEL does not know keeps Python's name.
    """
    name = _NAMES.get(type(value))
    return name or _other_name(value)


def _other_name(value: object) -> str:
    own = getattr(type(value), "cel_name", None)
    if isinstance(own, str):
        return own
    return next((name for kind, name in _BASES if isinstance(value, kind)), type(value).__name__)


def comparable(left: Any, right: Any) -> tuple[Any, Any] | None:
    """The two values as ``<`` compares them: numbers of any type, or values of one ordered type.

    Raises:
        ValueError: a datetime from the host that has no timezone.
    """
    name, other = type_name(left), type_name(right)
    if name == other:
        if name == TIMESTAMP.name:
            return utc(left), utc(right)
        return (left, right) if name in _NUMBERS or name in _ORDERED else None
    if name in _NUMBERS and other in _NUMBERS:
        return _numbers(left, right)
    return None


def _numbers(left: Any, right: Any) -> tuple[Any, Any]:
    # Beside a double, an integer counts as the nearest double: 2**63 - 1 is not less than 2.0**63.
    if isinstance(left, float) != isinstance(right, float) and max(abs(left), abs(right)) < 2.0**70:
        return float(left), float(right)
    return left, right


def equal(left: Any, right: Any) -> bool:
    """CEL's ``==``: numbers by size, everything else only within its type, at any depth; never an error."""
    kind = type(left)
    if kind is type(right) and kind in _SAME:
        return bool(left == right)
    name, other = type_name(left), type_name(right)
    if name != other:
        if name in _NUMBERS and other in _NUMBERS:
            left, right = _numbers(left, right)
            return bool(left == right)
        return False
    if name == TIMESTAMP.name:
        return _same_moment(left, right)
    if name == "list":
        return len(left) == len(right) and all(map(equal, left, right))
    if name == "map":
        return len(left) == len(right) and all(
            has_key(right, key) and equal(left[key], right[key]) for key in left
        )
    return bool(left == right)


def _same_moment(left: datetime, right: datetime) -> bool:
    # Within one timezone Python compares the clocks on the wall, which show some hours twice a year.
    try:
        return utc(left) == utc(right)
    except ValueError:  # no timezone
        return bool(left == right)


class _Exactly:
    """A key that is equal to its own type alone, where true is 1 to Python."""

    __slots__ = ("_is_bool", "_key")

    def __init__(self, key: float) -> None:
        self._key = key
        self._is_bool = isinstance(key, bool)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, bool) is self._is_bool and other == self._key

    def __hash__(self) -> int:
        return hash(self._key)


def has_key(mapping: Mapping[Any, object], key: object) -> bool:
    """Whether a map has a key, where Python would take true for 1."""
    if isinstance(key, str):
        return key in mapping
    if not isinstance(key, (int, float)) or key not in mapping:
        return False
    if key not in (0, 1) or isinstance(mapping, MixedMap):
        return True
    return _Exactly(key) in mapping


def native(value: object) -> object:
    """The value without UInt, Type, made and lazy containers. What came in native comes out the same object."""
    kind = type(value)
    if kind is MadeList or kind is tuple:
        return [native(item) for item in value]  # type: ignore[attr-defined]
    if kind is UInt:
        return int(value)  # type: ignore[call-overload]
    if isinstance(value, Type):
        return value.name
    if kind is not dict and isinstance(value, Mapping):
        return {native(key): native(item) for key, item in value.items()}
    return value


def describe(value: object) -> str:
    """A value for a message: its type, and the value itself when it is short enough to help."""
    name = type_name(value).removeprefix("google.protobuf.").lower()
    if value is None:
        return "null"
    if name in ("list", "map"):
        return f"a {name} of {len(value)}"  # type: ignore[arg-type]
    if isinstance(value, (str, bytes, int, float, Type)):
        return f"{name} {literal(value)}"
    if isinstance(value, (datetime, timedelta)):
        return f"{name} {_time_text(value)}"
    return f"{'an' if name[:1] in 'aeio' else 'a'} {name}".removesuffix("_type")


def _time_text(value: datetime | timedelta) -> str:
    if isinstance(value, timedelta):
        return duration_text(value)
    try:
        return timestamp_text(value)
    except ValueError:  # no timezone
        return str(value)


def literal(value: object) -> str:
    """A value as an expression would write it, cut short."""
    import json  # late: only a message shows a value

    if isinstance(value, Type):
        return value.name
    if isinstance(value, (str, bytes)):
        whole = len(value) <= _LONGEST_SHOWN
        shown = value[:_LONGEST_SHOWN]
        text = json.dumps(shown, ensure_ascii=False) if isinstance(shown, str) else f"b{str(shown)[1:]}"
        return text if whole else f"{text[:-1]}…{text[-1]}"
    if isinstance(value, (int, float)):
        return json.dumps(value)[:_LONGEST_SHOWN] + ("u" if isinstance(value, UInt) else "")
    return describe(value)
