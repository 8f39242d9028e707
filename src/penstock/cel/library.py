"""CEL's own functions and operators, as tables of names: which exist, for which types of arguments.

Takes the declarations of ``standard`` and of ``arithmetic``; must not know any engine. A policy checker reads
``BUILTINS``, the engine on cel-python the rest.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from penstock.cel.arithmetic import NEGATED, OPERATIONS
from penstock.cel.env import Function
from penstock.cel.standard import functions_by_name


@dataclass(frozen=True, slots=True)
class Signature:
    """How a function may be called: ``arguments`` counts what stands in the parentheses."""

    arguments: int
    receiver: bool


OPERATORS: Mapping[str, frozenset[tuple[str, ...]]] = MappingProxyType(
    {symbol: frozenset[tuple[str, ...]](by_types) for symbol, by_types in OPERATIONS.items()}
    | {"unary -": frozenset((name,) for name in NEGATED)}
)

TYPES = frozenset({"bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint"})
RESERVED = frozenset(
    (
        *("as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let"),
        *("loop", "namespace", "null", "package", "return", "true", "var", "void", "while"),
    )
)


def _signatures(function: Function) -> frozenset[Signature]:
    return frozenset(
        Signature(len(overload.parameters) - overload.receiver, overload.receiver)
        for overload in function.overloads
    )


@functools.cache
def _builtins() -> Mapping[str, frozenset[Signature]]:
    return {name: _signatures(function) for name, function in functions_by_name().items()}


class _Builtins(Mapping[str, frozenset[Signature]]):
    """Loads the standard library's families when first asked: few runs need them all."""

    __slots__ = ()

    def __getitem__(self, name: str) -> frozenset[Signature]:
        return _builtins()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_builtins())

    def __len__(self) -> int:
        return len(_builtins())


BUILTINS: Mapping[str, frozenset[Signature]] = _Builtins()
