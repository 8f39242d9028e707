"""Tables that the engine on cel-python reads: operators by the types of their operands, names of types, words.

Takes the declarations of ``arithmetic`` and the lexer's words; must not know any engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from penstock.cel.arithmetic import NEGATED, OPERATIONS
from penstock.cel.lexer import KEYWORDS, RESERVED

OPERATORS: Mapping[str, frozenset[tuple[str, ...]]] = MappingProxyType(
    {symbol: frozenset[tuple[str, ...]](by_types) for symbol, by_types in OPERATIONS.items()}
    | {"unary -": frozenset((name,) for name in NEGATED)}
)

TYPES = frozenset({"bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint"})
RESERVED_WORDS = RESERVED | KEYWORDS
