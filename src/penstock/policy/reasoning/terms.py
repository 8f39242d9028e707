"""Expressions as numbers: equal numbers for expressions that have the same value whenever they have one.

Takes an operation and the numbers of what it works on; gives a number. Since every part is kept once, an
expression that is inlined many times costs nothing. Must not know CEL's syntax.
"""

from __future__ import annotations

from typing import Any

Term = int
Key = tuple[Any, ...]
"""An operation and its parts. Those that are terms come as ``Part``; all else is data, such as a field's name."""

LOGICAL = frozenset({"not", "and", "or", "has", "equal", "less", "at most", "in", "all", "exists one"})
"""Operations that give true or false, or an error."""


_DEEP = 80


class Part(int):
    """A term inside a key, as opposed to a number that is data."""

    __slots__ = ()


class Terms:
    """Every term there is, by its number."""

    def __init__(self) -> None:
        self._numbers: dict[Key, Term] = {}
        # No term is 0, so that one is as true as any other.
        self._keys: list[Key] = [("nothing",)]
        self._open: list[int] = [0]
        self._heights: list[int] = [0]

    def key(self, term: Term) -> Key:
        """The operation of a term, and its parts."""
        return self._keys[term]

    def parts(self, term: Term) -> tuple[Term, ...]:
        """The terms directly in one."""
        return tuple(part for part in self._keys[term] if isinstance(part, Part))

    def open(self, term: Term) -> int:
        """How many bound variables around it a term needs; 0 when it can stand anywhere."""
        return self._open[term]

    def is_deep(self, term: Term) -> bool:
        """Whether it is nested deeper than anybody should walk down by recursion."""
        return self._heights[term] > _DEEP

    def of(self, operation: str, *parts: object, binds: int = 0) -> Term:
        """The term of an operation on parts; the last ``binds`` of them stand below a bound variable."""
        # 1, 1.0 and true are one key to Python.
        key = (operation, *parts, *(type(part).__name__ for part in parts if not isinstance(part, Part)))
        if key not in self._numbers:
            inner = [self._open[part] if isinstance(part, Part) else 0 for part in parts]
            if operation == "bound":
                needed = int(str(parts[0])) + 1
            else:
                outside = len(inner) - binds
                needed = max([0, *inner[:outside], *(each - 1 for each in inner[outside:])])
            self._numbers[key] = len(self._keys)
            self._keys.append((operation, *parts))
            self._open.append(needed)
            self._heights.append(
                1 + max((self._heights[part] for part in parts if isinstance(part, Part)), default=0)
            )
        return self._numbers[key]

    def literal(self, value: object) -> Term:
        """The term of a value that the text states."""
        return self.of("literal", value)

    def value(self, term: Term) -> object:
        """What a literal states; ``NOT_STATED`` for every other term."""
        key = self._keys[term]
        return key[1] if key[0] == "literal" else NOT_STATED

    def fresh(self) -> Term:
        """A term that equals no other: for what is not looked into."""
        return self.of("unknown", len(self._keys))


class _NotStated:
    """The value of what is no literal."""


NOT_STATED = _NotStated()
