"""CEL: expressions in, native Python values out. Engines stand behind one protocol; see ``engine``."""

from __future__ import annotations

from penstock.cel.engine import (
    Call,
    CelError,
    CelEvalError,
    CelSyntaxError,
    Engine,
    Lazy,
    Name,
    Program,
    Select,
    engine,
)
from penstock.cel.library import BUILTINS, Signature

__all__ = [
    "BUILTINS",
    "Call",
    "CelError",
    "CelEvalError",
    "CelSyntaxError",
    "Engine",
    "Lazy",
    "Name",
    "Program",
    "Select",
    "Signature",
    "engine",
]
