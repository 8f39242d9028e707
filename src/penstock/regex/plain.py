"""A parser for plain regular expressions: characters, classes, groups, choices, repetitions, anchors at the ends.

Takes an expression, gives a tree; must not know who matches with it. What it accepts is valid for RE2 and means
the same there; ``(?i)`` may stand before characters of ASCII. Everything else (other flags, word boundaries,
Unicode classes, laziness, faults) is not plain.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from penstock.record import dataclass

_MAX_TEXT = 1000
_MAX_DEPTH = 20
_MAX_SIZE = 1000
_LAST = 0x10FFFF
_COUNT = re.compile(r"\{(\d{1,4})(?:(,)(\d{1,4})?)?\}", re.ASCII)
_SPECIAL = "^$.[|()?*+{\\"


class NotPlainError(Exception):
    """The expression is beyond this parser, valid or not."""


@dataclass(frozen=True, slots=True)
class Set:
    """One character out of some. ``ranges`` are of code points, ends included, in order and apart."""

    ranges: tuple[tuple[int, int], ...]

    @property
    def is_character(self) -> bool:
        return len(self.ranges) == 1 and self.ranges[0][0] == self.ranges[0][1]

    def complement(self) -> Set:
        gaps: list[tuple[int, int]] = []
        start = 0
        for low, high in self.ranges:
            if start < low:
                gaps.append((start, low - 1))
            start = high + 1
        if start <= _LAST:
            gaps.append((start, _LAST))
        return Set(tuple(gaps))


@dataclass(frozen=True, slots=True)
class Sequence:
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """``most`` is None when there is no end to it."""

    node: Node
    least: int
    most: int | None


Node: TypeAlias = Set | Sequence | Choice | Repeat


@dataclass(frozen=True, slots=True)
class Branch:
    """One of the alternatives at the top, and whether it is tied to the text's start and end."""

    starts: bool
    ends: bool
    items: tuple[Node, ...]


def set_of(*ranges: tuple[int, int]) -> Set:
    """A set of any ranges, in any order."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return Set(tuple(joined))


def _characters(text: str) -> list[tuple[int, int]]:
    return [(ord(character), ord(character)) for character in text]


ANY = set_of((10, 10)).complement()
"""What a dot stands for: anything but the end of a line."""
_DIGIT = set_of((48, 57))
_SPACE = set_of(*_characters("\t\n\f\r "))  # RE2 does not count the vertical tab.
_WORD = set_of((48, 57), (65, 90), (97, 122), (95, 95))
_CLASSES = {"d": _DIGIT, "s": _SPACE, "w": _WORD}
_CLASSES |= {name.upper(): each.complement() for name, each in _CLASSES.items()}
_FOLDED = {"k": "\u212a", "s": "\u017f"}
"""The letters beyond ASCII that are one of ASCII in another case: the sign for kelvin, and the long s."""
_CONTROLS = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}


def parse(regex: str) -> list[Branch]:
    """The branches of an expression. Raises NotPlainError."""
    if len(regex) > _MAX_TEXT:
        raise NotPlainError
    folded = regex.startswith("(?i)")
    parser = _Parser(regex, folded=folded)
    branches = [parser.branch()]
    while parser.take("|"):
        branches.append(parser.branch())
    # RE2 knows bounds of its own; far below them, every expression is valid.
    if parser.position < len(regex) or sum(_size(Sequence(branch.items)) for branch in branches) > _MAX_SIZE:
        raise NotPlainError
    return branches


def _size(node: Node) -> int:
    """How many characters and classes there are, with every turn of a counted repetition."""
    if isinstance(node, Set):
        return 1
    if isinstance(node, Repeat):
        return _size(node.node) * max(node.least, node.most or 1, 1)
    return sum(map(_size, node.nodes)) or 1


class _Parser:
    def __init__(self, text: str, *, folded: bool) -> None:
        self.text = text
        self.position = len("(?i)") if folded else 0
        self.folded = folded

    def take(self, token: str) -> bool:
        if self.text.startswith(token, self.position):
            self.position += len(token)
            return True
        return False

    def next(self) -> str:
        """The character here, which is then behind; empty at the end."""
        self.position += 1
        return self.text[self.position - 1 : self.position]

    def branch(self) -> Branch:
        starts = self.take("^")
        items = self.items(0)
        ends = self.take("$")
        return Branch(starts, ends, tuple(items))

    def items(self, depth: int) -> list[Node]:
        items: list[Node] = []
        while self.position < len(self.text) and self.text[self.position] not in "|)$":
            items.append(self.repeated(depth))
        return items

    def repeated(self, depth: int) -> Node:
        node = self.atom(depth)
        counts = self.counts()
        if counts is None:
            return node
        if self.counts() is not None:  # lazy, or RE2's "bad repetition operator"
            raise NotPlainError
        least, most = counts
        if (most is not None and not least <= most <= 1000) or least > 1000:
            raise NotPlainError
        return Repeat(node, least, most)

    def counts(self) -> tuple[int, int | None] | None:
        for sign, least, most in (("*", 0, None), ("+", 1, None), ("?", 0, 1)):
            if self.take(sign):
                return least, most
        if not self.text.startswith("{", self.position):
            return None
        found = _COUNT.match(self.text, self.position)
        if found is None:
            raise NotPlainError
        self.position = found.end()
        low = int(found[1])
        if not found[2]:
            return low, low
        return low, int(found[3]) if found[3] else None

    def atom(self, depth: int) -> Node:
        character = self.next()
        if character == "(":
            return self.group(depth + 1)
        if character == "[":
            return self.klass()
        if character == ".":
            return ANY
        if character == "\\":
            return self.escape()
        if character in _SPECIAL or 0xD800 <= ord(character) < 0xE000:
            raise NotPlainError
        return self.letter(character) if self.folded else Set(((ord(character), ord(character)),))

    def letter(self, character: str) -> Set:
        """A character in either case."""
        if not character.isascii():
            raise NotPlainError
        return set_of(*_characters(character.lower() + character.upper() + _FOLDED.get(character.lower(), "")))

    def group(self, depth: int) -> Node:
        if depth > _MAX_DEPTH:
            raise NotPlainError
        if self.take("?") and not self.take(":"):
            raise NotPlainError
        nodes = [_sequence(self.items(depth))]
        while self.take("|"):
            nodes.append(_sequence(self.items(depth)))
        if not self.take(")"):
            raise NotPlainError
        return nodes[0] if len(nodes) == 1 else Choice(tuple(nodes))

    def escape(self) -> Set:
        character = self.next()
        if character in _CLASSES and self.folded:
            raise NotPlainError
        if character in _CLASSES:
            return _CLASSES[character]
        if character in _CONTROLS:
            return set_of((_CONTROLS[character],) * 2)
        if not character or not character.isascii() or character.isalnum() or character < " " or character > "~":
            raise NotPlainError
        return set_of((ord(character),) * 2)

    def klass(self) -> Set:
        if self.folded:
            raise NotPlainError
        negated = self.take("^")
        ranges: list[tuple[int, int]] = []
        while not ranges or not self.take("]"):
            ranges += self.member(first=not ranges)
        whole = set_of(*ranges)
        whole = whole.complement() if negated else whole
        if not whole.ranges:
            raise NotPlainError
        return whole

    def member(self, *, first: bool) -> tuple[tuple[int, int], ...]:
        if self.text.startswith("-", self.position):  # itself at either end only
            self.position += 1
            if first or self.text.startswith("]", self.position):
                return ((45, 45),)
            raise NotPlainError
        low = self.one()
        if not low.is_character or not self.text.startswith("-", self.position):
            return low.ranges
        if self.text.startswith("-]", self.position):
            return low.ranges
        self.position += 1
        high = self.one()
        if not high.is_character or high.ranges < low.ranges:
            raise NotPlainError
        return ((low.ranges[0][0], high.ranges[0][0]),)

    def one(self) -> Set:
        character = self.next()
        if character == "\\":
            return self.escape()
        if not character or character in "[]-" or 0xD800 <= ord(character) < 0xE000:
            raise NotPlainError
        return set_of((ord(character),) * 2)


def _sequence(items: list[Node]) -> Node:
    return items[0] if len(items) == 1 else Sequence(tuple(items))
