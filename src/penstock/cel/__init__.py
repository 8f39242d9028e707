"""CEL: expressions in, native Python values out.

``compile(text, env)`` gives a ``Program``; a program called with bindings gives the value. Engines stand behind
one protocol, see ``protocol``. Importing this package imports next to nothing: a name brings its module when it is
first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from penstock.cel.checker import check
    from penstock.cel.env import Env, Function, Overload
    from penstock.cel.errors import CelError, CheckError, EvalError, ParseError, Problem
    from penstock.cel.parser import parse
    from penstock.cel.program import Program, compile  # noqa: A004 - the word people look for
    from penstock.cel.protocol import Engine, Lazy
    from penstock.cel.registry import engine
    from penstock.cel.types import (
        BOOL,
        BYTES,
        DOUBLE,
        DURATION,
        DYN,
        INT,
        NULL,
        NUMBER,
        STRING,
        TIMESTAMP,
        TYPE,
        UINT,
        Field,
        Type,
        enumeration,
        list_of,
        map_of,
        optional_of,
        record,
        type_of,
    )
    from penstock.cel.values import Optional, UInt

_HOMES = {
    "checker": ("check",),
    "env": ("Env", "Function", "Overload"),
    "errors": ("CelError", "CheckError", "EvalError", "ParseError", "Problem"),
    "parser": ("parse",),
    "program": ("Program", "compile"),
    "protocol": ("Engine", "Lazy"),
    "registry": ("engine",),
    "types": (
        *("BOOL", "BYTES", "DOUBLE", "DURATION", "DYN", "INT", "NULL", "NUMBER", "STRING", "TIMESTAMP", "TYPE"),
        *("UINT", "Field", "Type", "enumeration", "list_of", "map_of", "optional_of", "record", "type_of"),
    ),
    "values": ("Optional", "UInt"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})


__all__ = [
    "BOOL",
    "BYTES",
    "DOUBLE",
    "DURATION",
    "DYN",
    "INT",
    "NULL",
    "NUMBER",
    "STRING",
    "TIMESTAMP",
    "TYPE",
    "UINT",
    "CelError",
    "CheckError",
    "Engine",
    "Env",
    "EvalError",
    "Field",
    "Function",
    "Lazy",
    "Optional",
    "Overload",
    "ParseError",
    "Problem",
    "Program",
    "Type",
    "UInt",
    "check",
    "compile",
    "engine",
    "enumeration",
    "list_of",
    "map_of",
    "optional_of",
    "parse",
    "record",
    "type_of",
]
