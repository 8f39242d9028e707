"""What an evaluation came to, in one shape for every engine: a value with its exact types, or an error.

Takes an expression and native bindings; gives an ``Outcome``. ``CEL_EXPR`` is None where the oracle is not
installed.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from cel_names import VARIABLES

from penstock.cel import engine
from penstock.cel.errors import EvalError, ParseError
from penstock.cel.moments import is_aware, nanoseconds, since_epoch
from penstock.cel.program import Program
from penstock.cel.types import Type
from penstock.cel.values import Optional, UInt, type_name

try:
    from cel_expr_python import cel
except ImportError:  # no wheel for this Python
    cel = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """``value`` is in canonical form; an error has words instead; ``unusable`` tells nothing of the expression."""

    value: object = None
    error: str | None = None
    unusable: bool = False

    def agrees(self, other: Outcome) -> bool:
        return (self.error is None) == (other.error is None) and self.value == other.value


def canonical(value: Any) -> object:
    """A native value as nested tuples in which 1, 1u, 1.0 and true are four things, and nan equals itself."""
    name = type_name(value)
    if name == "double":
        return name, "nan" if math.isnan(value) else value.hex()
    if name == "list":
        return name, tuple(map(canonical, value))
    if name == "map":
        return name, frozenset((_key(key), canonical(item)) for key, item in value.items())
    if isinstance(value, Type):
        return "type", value.name
    if isinstance(value, Optional):
        return name, canonical(value.value) if value.present else None
    if isinstance(value, datetime):
        return name, since_epoch(value) // 1000 if is_aware(value) else repr(value)
    if isinstance(value, timedelta):
        return name, _microseconds(nanoseconds(value))
    return name, value if isinstance(value, Hashable) else id(value)


def _microseconds(nanoseconds_: int) -> int:
    """Cut towards zero, as the oracle does, whose durations have no nanoseconds in Python."""
    return abs(nanoseconds_) // 1000 * (-1 if nanoseconds_ < 0 else 1)


def _key(key: object) -> object:
    """The oracles' Python values do not tell an int from a uint as a map's key."""
    return ("number", int(key)) if isinstance(key, int) and not isinstance(key, bool) else canonical(key)


def ours(
    program: Program,
    bindings: Mapping[str, object],
    functions: Mapping[str, Callable[..., object]] = MappingProxyType({}),
    *,
    exactly: bool = False,
) -> Outcome:
    """Anything but EvalError comes through: it is a fault of penstock whatever the expression."""
    try:
        value = (program.evaluate_exactly if exactly else program.evaluate)(bindings, functions)
    except EvalError as error:
        return Outcome(error=error.message, unusable="evaluation was stopped" in error.message)
    return Outcome(canonical(value))


# cel-python, as the second engine has it


def cel_python(text: str, bindings: Mapping[str, object]) -> Outcome:
    """The engine that computes with cel-python; what it has no syntax for is unusable."""
    try:
        program = engine("cel-python").compile(text)
    except ParseError as error:
        return Outcome(error=error.message, unusable=True)
    try:
        value = program.evaluate(bindings, {})
    except EvalError as error:
        return Outcome(error=error.message, unusable="evaluation was stopped" in error.message)
    return Outcome(canonical(value))


# cel-expr-python, on Google's C++ engine

_CEL_NAMES = {
    "NULL": "null_type",
    "TIMESTAMP": "google.protobuf.Timestamp",
    "DURATION": "google.protobuf.Duration",
}


@functools.cache
def _cel_expr_environment() -> Any:
    from cel_expr_python.ext import ext_bindings, ext_encoders, ext_math, ext_optional, ext_strings

    extensions = [
        *(ext_optional.ExtOptional(), ext_strings.ExtStrings(), ext_math.ExtMath()),
        *(ext_bindings.ExtBindings(), ext_encoders.ExtEncoders()),
    ]
    variables = {name: _cel_expr_type(kind) for name, kind in VARIABLES.items()}
    return cel.NewEnv(variables=variables, extensions=extensions)


def _cel_expr_type(kind: Type) -> Any:
    if kind.name == "list":
        return cel.Type.List(_cel_expr_type(kind.parameters[0]))
    if kind.name == "map":
        return cel.Type.Map(*map(_cel_expr_type, kind.parameters))
    names = {full: short for short, full in _CEL_NAMES.items()}
    return getattr(cel.Type, names.get(kind.name, kind.name.upper()), cel.Type.DYN)


def cel_expr(text: str, bindings: Mapping[str, object]) -> Outcome:
    """The C++ engine. What its checker refuses is evaluated unchecked, as penstock does without an environment."""
    environment = _cel_expr_environment()
    if "\\x00" in repr(bindings):  # its Python half cuts strings and bytes off there
        return Outcome(unusable=True)
    try:
        expression = environment.compile(text)
    except RuntimeError:
        try:
            expression = environment.compile(text, disable_check=True)
        except RuntimeError as error:
            return Outcome(error=_first_line(error))
    data = {name: _for_cel_expr(value) for name, value in bindings.items()}
    try:
        return _from_cel_expr(expression.eval(None, data))
    except RuntimeError as error:
        return Outcome(error=_first_line(error), unusable="budget" in str(error))
    except TypeError as error:  # its Python half has no such value: an optional, a string that is not UTF-8
        return Outcome(error=_first_line(error), unusable=True)


def _for_cel_expr(value: object) -> object:
    return int(value) if isinstance(value, UInt) else value


def _from_cel_expr(value: Any) -> Outcome:
    if value.type() == cel.Type.ERROR:
        return Outcome(error=str(value.value()).splitlines()[0])
    return Outcome(_canonical_cel_expr(value))


def _canonical_cel_expr(value: Any) -> object:
    name = value.type().name()
    if name == "NULL":  # value() would take a reference from None that it does not own: Python ends in an abort
        return "null_type", None
    raw = value.value()
    if name == "TYPE":
        return "type", _cel_expr_name(raw.name())
    if isinstance(raw, list):
        return "list", tuple(map(_canonical_cel_expr, raw))
    if isinstance(raw, dict):
        return "map", frozenset((_key(key), _canonical_cel_expr(item)) for key, item in raw.items())
    if name == "UINT":
        return "uint", raw
    return canonical(bytes(raw) if isinstance(raw, bytearray) else raw)


def _cel_expr_name(name: str) -> str:
    bare = name.partition("<")[0]
    return _CEL_NAMES.get(bare, bare.lower())


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0]


CEL_EXPR: Callable[[str, Mapping[str, object]], Outcome] | None = cel_expr if cel else None
