"""CEL's own functions and the extensions: declarations with their implementations, a module a family.

Each module's ``FUNCTIONS`` are its ``Function``s. Operators are not functions here. Must not know any tree.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import import_module

from penstock.cel.env import Function

FAMILIES = (
    "core",
    "time",
    "optionals",
    "strings",
    "formatting",
    "math",
    "lists",
    "sets",
    "encoders",
    "regex",
    "quantity",
    "url",
    "formats",
)


@functools.cache
def functions_by_name() -> Mapping[str, Function]:
    """Every function of the standard library, by its name, dots included.

    Raises:
        ValueError: two families declare one name; overloads of one name belong into one place.
    """
    found: dict[str, Function] = {}
    for family in FAMILIES:
        for function in import_module(f"{__name__}.{family}").FUNCTIONS:
            if function.name in found:
                raise ValueError(f"{function.name} is declared twice")
            found[function.name] = function
    return found
