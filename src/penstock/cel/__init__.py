"""CEL: expressions in, native Python values out. Engines stand behind one protocol; see ``engine``."""

from __future__ import annotations

from penstock.cel.engine import Call, Engine, Lazy, Name, Program, Select
from penstock.cel.errors import CelError, EvalError, ParseError
from penstock.cel.library import BUILTINS, Signature
from penstock.cel.registry import engine

__all__ = [
    "BUILTINS",
    "Call",
    "CelError",
    "Engine",
    "EvalError",
    "Lazy",
    "Name",
    "ParseError",
    "Program",
    "Select",
    "Signature",
    "engine",
]
