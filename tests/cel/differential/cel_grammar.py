"""Writes random expressions of a type, from the table of productions, by choices that somebody else makes.

Takes the variables with their types, and which features may be used; gives text that a parser accepts, and that
has a value more often than not. Holes now and then get another type than they ask for.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence

from cel_literals import TEXTS, Below, literal
from cel_productions import PRODUCTIONS, Production

from penstock.cel.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    NULL,
    STRING,
    TIMESTAMP,
    TYPE,
    UINT,
    Type,
    list_of,
    map_of,
    optional_of,
)

_SCALARS = {
    "int": INT,
    "uint": UINT,
    "double": DOUBLE,
    "string": STRING,
    "bytes": BYTES,
    "bool": BOOL,
    "null": NULL,
    "timestamp": TIMESTAMP,
    "duration": DURATION,
    "type": TYPE,
    "dyn": DYN,
}
_NUMBERS = (INT, UINT, DOUBLE)
_ORDERED = (INT, UINT, DOUBLE, STRING, BYTES, BOOL, TIMESTAMP, DURATION)
_KEYS = (STRING, STRING, INT, BOOL, UINT)
_SIMPLE = (*_ORDERED, INT, STRING, BOOL, NULL, list_of(INT), list_of(STRING), map_of(STRING, INT), TYPE)
_CHOICES: Mapping[str, Sequence[Type]] = {
    "A": _SIMPLE,
    "B": _SIMPLE,
    "K": _KEYS,
    "N": _NUMBERS,
    "N2": _NUMBERS,
    "O": _ORDERED,
    "T": _SIMPLE,
}
_HOLE = re.compile(r"<([^<>\s=]+)>|@(\w):(\w+)")
_NAMES = ("v", "w", "i", "s", "k")
_FUEL = 14
_MISTYPED = 40
"""One hole of so many gets another type."""


@functools.cache
def _parsed(kind: str) -> tuple[str, tuple[str, ...]]:
    """``map(K,list(A))`` as its name and its parameters."""
    name, _, rest = kind.partition("(")
    if not rest:
        return name, ()
    parts, depth, start = [], 0, 0
    inner = rest[:-1]
    for at, character in enumerate(inner):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append(inner[start:at])
            start = at + 1
    return name, (*parts, inner[start:])


def _unify(pattern: str, kind: Type, bound: dict[str, Type]) -> bool:
    """Whether a production that gives ``pattern`` can give ``kind``; binds the type variables."""
    name, parameters = _parsed(pattern)
    if name in _CHOICES:
        allowed = name in ("A", "B", "T") or kind in _CHOICES[name]
        return allowed and bound.setdefault(name, kind) == kind
    if parameters:
        wanted = "optional_type" if name == "optional" else name
        inner = zip(parameters, kind.parameters, strict=False)
        return kind.name == wanted and all(_unify(each, part, bound) for each, part in inner)
    return _SCALARS.get(name) == kind


@functools.cache
def _giving(kind: Type, features: frozenset[str]) -> tuple[tuple[Production, Mapping[str, Type]], ...]:
    found = []
    for production in PRODUCTIONS:
        bound: dict[str, Type] = {}
        if production.feature in features and _unify(production.result, kind, bound):
            # What belongs to this type counts thrice: what gives any type would drown it.
            found += [(production, bound)] * (1 if production.result == "T" else 3)
    return tuple(found)


class Writer:
    """Writes one expression. ``leaves`` are the texts that a type may be had from without further ado."""

    def __init__(self, below: Below, leaves: Mapping[str, Type], features: frozenset[str]) -> None:
        self.below = below
        self.features = features
        self.scope: list[tuple[str, Type]] = list(leaves.items())
        self.fuel = _FUEL
        self.exact = False

    def pick(self, options: Sequence[Type]) -> Type:
        return options[self.below(len(options))]

    def expression(self, kind: Type, depth: int = 0) -> str:
        """Text of that type; in parentheses unless it binds tighter than any operator."""
        self.fuel -= 1
        if not self.exact and self.below(_MISTYPED) == _MISTYPED - 1:
            kind = self.pick(_SIMPLE)
        options = _giving(kind, self.features)
        if not options or self.fuel <= 0 or depth > 5 or (depth and self.below(3) == 0):
            return self.leaf(kind, depth)
        production, bound = options[self.below(len(options))]
        # What format() makes of other types than it is asked for is nobody's business.
        outside, self.exact = self.exact, self.exact or production.feature == "format"
        text = self.filled(production.template, dict(bound), depth)
        self.exact = outside
        return text

    def leaf(self, kind: Type, depth: int) -> str:
        names = [name for name, its in self.scope if its == kind]
        if names and self.below(3):
            return names[-1 - self.below(len(names))]
        if kind.name == "list" and kind.parameters:
            return f"[{', '.join(self.inner(kind.parameters[0], depth) for _ in range(self.count()))}]"
        if kind.name == "map" and kind.parameters:
            key, value = kind.parameters
            entries = (f"{self.inner(key, depth)}: {self.inner(value, depth)}" for _ in range(self.count()))
            return f"{{{', '.join(entries)}}}"
        if kind.name == "optional_type":
            return (
                "optional.none()"
                if self.below(3) == 0
                else f"optional.of({self.inner(kind.parameters[0], depth)})"
            )
        if kind == DYN:
            return f"dyn({self.leaf(self.pick(_SIMPLE), depth)})"
        return literal(self.below, kind)

    def count(self) -> int:
        return 0 if self.below(10) == 9 else 1 + self.below(3)

    def inner(self, kind: Type, depth: int) -> str:
        return self.expression(kind, depth + 1) if depth < 3 and self.below(4) == 0 else self.leaf(kind, depth + 1)

    def filled(self, template: str, bound: dict[str, Type], depth: int) -> str:
        outside = len(self.scope)
        parts: list[str] = []
        waiting: tuple[str, Type] | None = None
        at = 0
        for hole in _HOLE.finditer(template):
            parts.append(template[at : hole.start()])
            at = hole.end()
            if hole[2]:
                # The two variables of one macro have two names.
                name = next(each for each in self.names() if each not in (own for own, _ in self.scope[outside:]))
                entry = (name, self.kind(hole[3], bound))
                if hole[2] == "w":
                    waiting = entry
                else:
                    self.scope.append(entry)
                parts.append(name)
                continue
            parts.append(self.hole(template, hole, bound, depth))
            if waiting is not None:
                self.scope.append(waiting)
                waiting = None
        del self.scope[outside:]
        text = "".join((*parts, template[at:]))
        tight = not re.match(r"[-!]|<[^<>]+> ", template)
        return text if tight or depth == 0 or self.below(12) == 0 else f"({text})"

    def names(self) -> Sequence[str]:
        first = self.below(len(_NAMES))
        return (*_NAMES[first:], *_NAMES[:first])

    def hole(self, template: str, hole: re.Match[str], bound: dict[str, Type], depth: int) -> str:
        kind = hole[1]
        if kind == "index":
            return ("0", "0", "1", "0u", "0.0", "1.0", "2", "-1", "i")[self.below(9) if self.below(4) == 0 else 0]
        if kind == "small":
            return str(self.below(4)) if self.below(6) else self.expression(INT, depth + 1)
        if kind in TEXTS and self.below(6):
            return f"'{TEXTS[kind][self.below(len(TEXTS[kind]))]}'"
        if kind in TEXTS:
            return self.expression(STRING, depth + 1)
        return self.expression(self.kind(kind, bound), depth + 1)

    def kind(self, text: str, bound: dict[str, Type]) -> Type:
        name, parameters = _parsed(text)
        if name in _CHOICES:
            if name not in bound:
                bound[name] = self.pick(_CHOICES[name])
            return bound[name]
        if parameters:
            make: Callable[..., Type] = {"list": list_of, "map": map_of, "optional": optional_of}[name]
            return make(*(self.kind(each, bound) for each in parameters))
        return _SCALARS[name]


def expression(below: Below, leaves: Mapping[str, Type], features: frozenset[str]) -> str:
    """Text of an expression that uses these names."""
    writer = Writer(below, leaves, features)
    return writer.expression(writer.pick((BOOL, BOOL, BOOL, INT, STRING, *_SIMPLE)))
