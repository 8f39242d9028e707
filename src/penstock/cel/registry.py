"""The engines there are, by name. Imports one only when it is asked for, since that takes a while."""

from __future__ import annotations

from penstock.cel.engine import Engine
from penstock.errors import UsageError

ENGINES = ("cel-python",)


def engine(name: str) -> Engine:
    """The engine of that name.

    Raises:
        UsageError: there is none; with the names that there are.
    """
    if name not in ENGINES:
        raise UsageError(f"there is no CEL engine `{name}`", hint=f"engines: {', '.join(ENGINES)}")
    from penstock.cel.cel_python import CelPython

    return CelPython()
