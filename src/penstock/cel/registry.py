"""The engines there are, by name. Imports one only when it is asked for, since that takes a while."""

from __future__ import annotations

from penstock.cel.protocol import Engine
from penstock.errors import UsageError

ENGINES = ("penstock", "cel-python")
"""The first is the default."""


def engine(name: str = ENGINES[0]) -> Engine:
    """The engine of that name.

    Raises:
        UsageError: there is none; with the names that there are.
    """
    if name == "penstock":
        from penstock.cel.native import Native

        return Native()
    if name == "cel-python":
        from penstock.cel.cel_python import CelPython

        return CelPython()
    raise UsageError(f"there is no CEL engine `{name}`", hint=f"engines: {', '.join(ENGINES)}")
