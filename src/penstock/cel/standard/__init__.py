"""CEL's own functions and the extensions: declarations with their implementations, a module a family.

Each module's ``FUNCTIONS`` are its ``Function``s. A name has one home; ways to call it for the types of another
family stand in that family's ``SHARED_OVERLOADS``. Operators are not functions here. Must not know any tree.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import import_module

from penstock.cel.env import Function, Overload
from penstock.record import replace

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
    "semver",
    "network",
)
_OFTEN_USED = ("lists", "strings")


@functools.cache
def functions_by_name() -> Mapping[str, Function]:
    """Every function of the standard library, by its name, dots included.

    Raises:
        ValueError: two families declare one name, or one way to call it.
    """
    found: dict[str, Function] = {}
    modules = [import_module(f"{__name__}.{family}") for family in FAMILIES]
    for module in modules:
        for function in module.FUNCTIONS:
            if function.name in found:
                raise ValueError(f"{function.name} is declared twice")
            found[function.name] = function
    for module in modules:
        shared: Mapping[str, tuple[Overload, ...]] = getattr(module, "SHARED_OVERLOADS", {})
        for name, overloads in shared.items():
            found[name] = _joined(found[name], overloads)
    return found


def implementation(name: str, overload: int) -> object:
    """What one way to call a function does, by its number. Imports few families that it could do without."""
    for family in (*_OFTEN_USED, *FAMILIES):
        for each in import_module(f"{__name__}.{family}").FUNCTIONS:
            if each.name == name and overload < len(each.overloads):
                found: object = each.overloads[overload].implementation
                return found
    return functions_by_name()[name].overloads[overload].implementation


def _joined(function: Function, overloads: tuple[Overload, ...]) -> Function:
    known = {_call_shape(overload) for overload in function.overloads}
    if any(_call_shape(overload) in known for overload in overloads):
        raise ValueError(f"{function.name} is declared twice for the same arguments")
    return replace(function, overloads=function.overloads + overloads)


def _call_shape(overload: Overload) -> tuple[bool, tuple[str, ...]]:
    """What tells a call of one overload from that of another when it runs."""
    return overload.receiver, tuple(parameter.name for parameter in overload.parameters)
