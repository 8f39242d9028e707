"""CEL: expressions in, native Python values out.

``compile(text, env)`` gives a ``Program``; a program called with bindings gives the value. Engines stand behind
one protocol, see ``engine``. Importing this package imports next to nothing: a name brings its module when it is
first used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from penstock.cel.check import check
    from penstock.cel.engine import Call, Engine, Lazy, Name, Select
    from penstock.cel.env import Env, Function, Overload
    from penstock.cel.errors import CelError, CheckError, EvalError, ParseError, Problem
    from penstock.cel.library import BUILTINS, Signature
    from penstock.cel.parser import parse
    from penstock.cel.program import Program, compile  # noqa: A004 - the word people look for
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
    "check": ("check",),
    "engine": ("Call", "Engine", "Lazy", "Name", "Select"),
    "env": ("Env", "Function", "Overload"),
    "errors": ("CelError", "CheckError", "EvalError", "ParseError", "Problem"),
    "library": ("BUILTINS", "Signature"),
    "parser": ("parse",),
    "program": ("Program", "compile"),
    "registry": ("engine",),
    "types": (
        *("BOOL", "BYTES", "DOUBLE", "DURATION", "DYN", "INT", "NULL", "NUMBER", "STRING", "TIMESTAMP", "TYPE"),
        *("UINT", "Field", "Type", "enumeration", "list_of", "map_of", "optional_of", "record", "type_of"),
    ),
    "values": ("Optional", "UInt"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


class _Package(ModuleType):
    """Imports a name's module when the name is first asked for.

    Two names are also those of modules below this package, ``check`` and ``engine``. Importing those would put the
    modules here, in the place of the functions.
    """

    def __getattr__(self, name: str) -> Any:
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
        setattr(self, name, value)
        return value

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *_HOME})


sys.modules[__name__].__class__ = _Package

__all__ = [
    "BOOL",
    "BUILTINS",
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
    "Call",
    "CelError",
    "CheckError",
    "Engine",
    "Env",
    "EvalError",
    "Field",
    "Function",
    "Lazy",
    "Name",
    "Optional",
    "Overload",
    "ParseError",
    "Problem",
    "Program",
    "Select",
    "Signature",
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
