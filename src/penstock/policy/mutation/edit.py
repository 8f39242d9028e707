"""One change to the text of an expression, and the text with the places of its words.

Data, and what can be said of it without knowing why the change is made.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import pairwise

from penstock.cel.lexer import Tokens
from penstock.cel.syntax import Node, Word
from penstock.cel.types import Type
from penstock.record import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """The characters from ``start`` to ``end`` of a text are replaced. ``change`` says what that does.

    ``shown`` are the first and the last of the characters around it that a reader needs to see.
    """

    change: str
    start: int
    end: int
    replacement: str
    shown: tuple[int, int]

    def apply(self, text: str) -> str:
        """The whole text after the change."""
        return text[: self.start] + self.replacement + text[self.end :]

    def before(self, text: str) -> str:
        """The part to show, as it was."""
        return text[self.shown[0] : self.shown[1]]

    def after(self, text: str) -> str:
        """The part to show, after the change."""
        return text[self.shown[0] : self.start] + self.replacement + text[self.end : self.shown[1]]


@dataclass(frozen=True, slots=True)
class Written:
    """An expression as it is written, the types of its nodes as far as they are known, and its words."""

    text: str
    types: Mapping[Node, Type]
    tokens: Tokens

    def of(self, node: Node) -> str:
        """The characters of a node, without brackets around it."""
        return self.text[node.start : node.end]

    def operators(self, operator: str, nodes: tuple[Node, ...]) -> Iterator[int]:
        """The tokens of an operator between each two of the nodes."""
        for before, after in pairwise(nodes):
            at = bisect_left(self.tokens.starts, before.end)
            while self.tokens.kinds[at] != operator and self.tokens.starts[at] < after.start:
                at += 1
            yield at

    def behind(self, place: int) -> int:
        """Where the next word begins behind a character."""
        return self.tokens.starts[bisect_left(self.tokens.starts, place + 1)]

    def replaced(self, change: str, node: Node, replacement: str) -> Edit:
        """The whole of a node replaced."""
        return Edit(change, node.start, node.end, replacement, (node.start, node.end))

    def within(self, change: str, node: Node, part: Node | Word | tuple[int, int], replacement: str) -> Edit:
        """A part of a node replaced; the whole node is shown."""
        start, end = part if isinstance(part, tuple) else (part.start, part.end)
        return Edit(change, start, end, replacement, (node.start, node.end))
