"""``"%s has %d".format([name, count])``.

Takes a template and a list of native values, gives the text; ValueErrors name the clause, the value and what the
clause is for. The text is never longer than ``MAX_WORK`` characters.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from penstock.cel.closures import MAX_WORK
from penstock.cel.conversions import CONVERSIONS
from penstock.cel.env import Function, Overload
from penstock.cel.types import DYN, STRING, Type, list_of
from penstock.cel.values import describe

_CLAUSE = re.compile(r"%(?:\.(\d*))?(.?)", re.DOTALL | re.ASCII)
_MAX_PRECISION = 1000
_DEFAULT_PRECISION = 6
_MAX_DEPTH = 100


def _format(template: str, values: Sequence[object]) -> str:
    parts: list[str] = []
    length = end = used = 0
    for found in _CLAUSE.finditer(template):
        parts.append(template[end : found.start()])
        end = found.end()
        if found[0] == "%%":
            parts.append("%")
        else:
            convert = _converter(found)
            if used >= len(values):
                raise ValueError(f"`{found[0]}` needs a value number {used + 1}: the list has {len(values)}")
            parts.append(convert(values[used], _precision(found)))
            used += 1
        length += len(parts[-1]) + len(parts[-2])
        _check_length(length)
    parts.append(template[end:])
    _check_length(length + len(parts[-1]))
    return "".join(parts)


def _check_length(length: int) -> None:
    if length > MAX_WORK:
        raise ValueError(f"the result would be longer than {MAX_WORK:,}")


def _converter(found: re.Match[str]) -> Callable[[object, int], str]:
    letter = found[2]
    if not letter:
        raise ValueError(f"the template ends within a clause: `{found[0]}`; a percent sign is `%%`")
    if letter not in _CLAUSES:
        known = ", ".join(f"%{each}" for each in _CLAUSES)
        raise ValueError(f"there is no clause `{found[0]}`; known: {known}, %%")
    return _CLAUSES[letter]


def _precision(found: re.Match[str]) -> int:
    digits = found[1]
    if digits is None:
        return _DEFAULT_PRECISION
    if not digits or len(digits) > 4 or int(digits) > _MAX_PRECISION:
        raise ValueError(f"the precision of `{found[0][:20]}` is not from 0 to {_MAX_PRECISION}")
    return int(digits)


def _refusal(clause: str, wanted: str, value: object) -> ValueError:
    return ValueError(f"`{clause}` is for {wanted}, not {describe(value)}")


def _special(value: float) -> str | None:
    if math.isfinite(value):
        return None
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _string(value: object, _precision: int) -> str:
    writer = _Writer()
    writer.write(value, 0)
    return "".join(writer.parts)


class _Writer:
    """Writes a value and what is in it, and stops before that is too much."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.left = MAX_WORK

    def add(self, part: str) -> None:
        self.parts.append(part)
        self.left -= len(part)
        if self.left < 0:
            _check_length(MAX_WORK - self.left)

    def write(self, value: object, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise ValueError(f"the value is nested more than {_MAX_DEPTH} deep")
        if isinstance(value, (list, tuple)):
            self.add("[")
            for place, item in enumerate(value):
                if place:
                    self.add(", ")
                self.write(item, depth + 1)
            self.add("]")
        elif isinstance(value, Mapping):
            self.add("{")
            items = sorted(((_scalar(key), item) for key, item in value.items()), key=itemgetter(0))
            for place, (key, item) in enumerate(items):
                self.add(f", {key}: " if place else f"{key}: ")
                self.write(item, depth + 1)
            self.add("}")
        else:
            self.add(_scalar(value))


def _scalar(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, Type):
        return value.name
    if isinstance(value, float) and (special := _special(value)):
        return special
    if isinstance(value, (bool, int, float, str, bytes, datetime, timedelta)):
        return str(CONVERSIONS["string"](value))
    raise _refusal("%s", "texts, bools, numbers, bytes, times, types, null, and lists and maps of them", value)


def _decimal(value: object, _precision: int) -> str:
    if _is_integer(value):
        return str(int(value))  # type: ignore[call-overload]
    if isinstance(value, float):
        return _special(value) or _without_exponent(repr(value))
    raise _refusal("%d", "numbers", value)


def _without_exponent(text: str) -> str:
    """1e+22 as 10000000000000000000000, 1.5e-07 as 0.00000015, 2.0 as 2."""
    mantissa, _, exponent = text.partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.lstrip("-").removesuffix(".0").partition(".")
    digits, point = whole + fraction, len(whole) + int(exponent or 0)
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    head, tail = digits[:point].ljust(point, "0"), digits[point:]
    return f"{sign}{head}.{tail}" if tail else f"{sign}{head}"


def _floating(clause: str) -> Callable[[object, int], str]:
    def convert(value: object, precision: int) -> str:
        if not _is_integer(value) and not isinstance(value, float):
            raise _refusal(f"%{clause}", "numbers", value)
        number = float(value)  # type: ignore[arg-type]
        return _special(number) or f"{number:.{precision}{clause}}"

    return convert


def _based(clause: str, *, bools: bool = False) -> Callable[[object, int], str]:
    wanted = "whole numbers and bools" if bools else "whole numbers"

    def convert(value: object, _precision: int) -> str:
        if not _is_integer(value) and not (bools and isinstance(value, bool)):
            raise _refusal(f"%{clause}", wanted, value)
        return f"{int(value):{clause}}"  # type: ignore[call-overload]

    return convert


def _hexadecimal(clause: str) -> Callable[[object, int], str]:
    def convert(value: Any, _precision: int) -> str:
        if _is_integer(value):
            return f"{int(value):{clause}}"
        if not isinstance(value, (str, bytes)):
            raise _refusal(f"%{clause}", "whole numbers, strings and bytes", value)
        _check_length(2 * len(value))
        data = value.encode("utf-8") if isinstance(value, str) else value
        return data.hex() if clause == "x" else data.hex().upper()

    return convert


_CLAUSES: Mapping[str, Callable[[object, int], str]] = {
    "s": _string,
    "d": _decimal,
    "f": _floating("f"),
    "e": _floating("e"),
    "b": _based("b", bools=True),
    "o": _based("o"),
    "x": _hexadecimal("x"),
    "X": _hexadecimal("X"),
}

FUNCTIONS: tuple[Function, ...] = (
    Function("format", (Overload((STRING, list_of(DYN)), STRING, _format, receiver=True),)).about(
        "A template with values filled in: `%s` anything, `%d` a number, `%.2f` two decimals, `%e` an exponent, "
        "`%b` `%o` `%x` to the base 2, 8, 16, `%%` a percent sign.",
        "'%s has %.1f %%'.format(['acme', 2.25]) == 'acme has 2.2 %'",
    ),
)
