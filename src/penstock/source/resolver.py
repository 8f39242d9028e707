"""YAML 1.2 core schema: what a plain scalar's text means, and what the explicit core tags make of a text.

Takes texts, gives native scalars. ``no``, ``on``, ``12:30``, ``1_000`` and dates are the strings they look like;
``010`` is ten. It must not know the parser or where the text stands.

https://yaml.org/spec/1.2.2/#103-core-schema
"""

from __future__ import annotations

import math
import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from penstock.source.text import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

Scalar = str | int | float | bool | None

WORDS: Mapping[str, bool | None] = MappingProxyType(
    {"": None}
    | dict.fromkeys(("~", "null", "Null", "NULL"), None)
    | dict.fromkeys(("true", "True", "TRUE"), True)
    | dict.fromkeys(("false", "False", "FALSE"), False)
)
"""Plain scalars that mean null or a truth value."""

NUMERIC = frozenset("+-.0123456789")
"""First characters of every plain scalar that might be a number; all others, outside WORDS, are strings."""

CORE = "tag:yaml.org,2002:"

_NUMBER = re.compile(
    r"([-+]?[0-9]+)|0o([0-7]+)|0x([0-9a-fA-F]+)"
    r"|([-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
    r"|([-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
).fullmatch

_MOST_DIGITS = MappingProxyType({10: 19, 8: 22, 16: 16})
"""Digits that 64 bits can need. Counting them first keeps int() away from texts it refuses (over 4,300 digits)."""


class UnfitScalarError(ValueError):
    """A scalar that YAML allows and manifests cannot hold, or that its tag contradicts."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def plain(text: str) -> Scalar:
    """The value of a plain (unquoted, untagged) scalar.

    Raises:
        UnfitScalarError: an integer that needs more than 64 bits; a number that is not finite.
    """
    if text in WORDS:
        return WORDS[text]
    if text[0] in NUMERIC:
        number = _number(text)
        return text if number is None else number
    return text


def tagged(tag: str, text: str) -> Scalar:
    """The value of a scalar under an explicit core tag, whatever its quotes; ``!`` makes it a string.

    Raises:
        UnfitScalarError: the tag is not one of null, bool, int, float, str, or the text does not fit it.
    """
    name = tag.removeprefix(CORE)
    if tag == "!" or name == "str":
        return text
    if name in ("map", "seq"):
        raise UnfitScalarError(f"!!{name} stands before a scalar", "remove the tag")
    value = plain(text)
    if name == "float" and type(value) is int:
        return float(value)
    fits = {"null": type(None), "bool": bool, "int": int, "float": float}.get(name, str)
    if type(value) is not fits:
        raise UnfitScalarError(
            f"{shown(text)} is not what its tag !!{name} says", "remove the tag, or mend the value"
        )
    return value


def _number(text: str) -> int | float | None:
    found = _NUMBER(text)
    if found is None:
        return None
    digits, octal, hexadecimal, decimal, _ = found.groups()
    if digits is not None:
        return _int(digits, 10)
    if octal is not None:
        return _int(octal, 8)
    if hexadecimal is not None:
        return _int(hexadecimal, 16)
    if decimal is None:
        raise UnfitScalarError(f"{text} is not a finite number", "write a number, or leave the field out")
    value = float(decimal)
    if math.isinf(value):
        raise UnfitScalarError(f"{shown(text)} is larger than any number a computer holds", _HINT_QUOTE)
    return value


_HINT_QUOTE = "put it in quotes if it is a text, such as an account number"


def _int(digits: str, base: int) -> int:
    significant = digits.lstrip("+-0") or "0"
    if len(significant) <= _MOST_DIGITS[base]:
        value = int(significant, base)
        if digits.startswith("-"):
            value = -value
        if -(1 << 63) <= value < 1 << 63:
            return value
    raise UnfitScalarError(f"{shown(digits)} does not fit in 64 bits", _HINT_QUOTE)
