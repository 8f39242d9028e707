"""Tests for plain regular expressions that need no RE2: by string methods, or by Python's own ``re``.

Takes an expression in RE2's language, gives a function that says just what RE2 says, or None for an expression
that is not plain, not known to be valid, or that Python might backtrack over for more than linear time. The proof
is in ``ways``: every prefix of every text can be read in a few ways only. Must not know RE2.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from penstock.record import dataclass
from penstock.regex.plain import ANY, Branch, Choice, Node, NotPlainError, Repeat, Sequence, Set, parse
from penstock.regex.ways import is_linear

Matcher: TypeAlias = Callable[[str], bool]

# Python keeps some hundred bytes for each turn of a repeated group: long texts are for RE2, which does not.
LONG = 20_000


@dataclass(frozen=True, slots=True)
class PythonForm:
    """An expression in the language of Python's ``re``."""

    text: str
    starts: bool
    """Whether it is found nowhere but at the start of a text."""
    repeats: bool
    """Whether it repeats a group without end: texts longer than ``LONG`` are not for Python's engine."""


def plain_matcher(regex: str, otherwise: Callable[[], Matcher]) -> Matcher | None:
    """A test for the expression, which raises for anything but a string; or None.

    ``otherwise`` makes the test for texts too long for Python's engine.
    """
    try:
        branches = [_reduced(branch) for branch in parse(regex)]
    except NotPlainError:
        return None
    return _by_strings(branches) or _by_python(branches, otherwise)


def _reduced(branch: Branch) -> Branch:
    """Whether it occurs is asked, not where: at an end that is not anchored, the fewest repetitions will do."""
    items = list(branch.items)
    if not branch.ends:
        _fewest(items, -1)
    if not branch.starts:
        _fewest(items, 0)
    return Branch(branch.starts, branch.ends, tuple(items))


def _fewest(items: list[Node], end: int) -> None:
    while items and isinstance(item := items[end], Repeat):
        if item.least:
            items[end] = item.node if item.least == 1 else Repeat(item.node, item.least, item.least)
            return
        del items[end]


def is_encodable(text: str) -> bool:
    """Whether UTF-8 can hold the text: RE2 finds nothing in one with half a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _by_strings(branches: list[Branch]) -> Matcher | None:
    anchors = {(branch.starts, branch.ends) for branch in branches}
    found = [_words(branch.items) for branch in branches]
    if len(anchors) != 1 or None in found:
        return None
    words = tuple(word for each in found for word in each or ())
    ((starts, ends),) = anchors
    if starts and ends:
        return _one_of(frozenset(words))
    if starts:
        return lambda text: str.startswith(text, words) and (text.isascii() or is_encodable(text))
    if ends:
        return lambda text: str.endswith(text, words) and (text.isascii() or is_encodable(text))
    if len(words) != 1:
        return None
    (word,) = words
    return lambda text: str.__contains__(text, word) and (text.isascii() or is_encodable(text))


def _one_of(words: frozenset[str]) -> Matcher:
    def occurs_in(text: str) -> bool:
        if not isinstance(text, str):
            raise TypeError
        return text in words

    return occurs_in


def _words(items: tuple[Node, ...]) -> list[str] | None:
    """The texts that the items stand for, when they are a word or a choice of words."""
    if len(items) == 1 and isinstance(items[0], Choice):
        found = [_word(each) for each in items[0].nodes]
    else:
        found = [_word(Sequence(items))]
    words = [word for word in found if word is not None]
    return words if len(words) == len(found) else None


def _word(node: Node) -> str | None:
    if isinstance(node, Set):
        return chr(node.ranges[0][0]) if node.is_character else None
    if isinstance(node, Sequence):
        parts = [_word(item) for item in node.nodes]
        return None if None in parts else "".join(part or "" for part in parts)
    return None


def python_form(regex: str) -> PythonForm | None:
    """The expression for Python's engine, which finds it where RE2 does, in linear time; None for any other.

    What RE2 finds in no text is left to the reader: one that UTF-8 cannot hold.
    """
    try:
        branches = [_reduced(branch) for branch in parse(regex)]
    except NotPlainError:
        return None
    return _form(branches) if is_linear(branches) else None


def _form(branches: list[Branch]) -> PythonForm:
    text = "|".join(map(_branch_text, branches))
    repeats = any(_repeats_group(item) for branch in branches for item in branch.items)
    return PythonForm(text, all(branch.starts for branch in branches), repeats)


def _by_python(branches: list[Branch], otherwise: Callable[[], Matcher]) -> Matcher | None:
    if not is_linear(branches):
        return None
    form = _form(branches)
    pattern = re.compile(form.text)
    search = pattern.match if form.starts else pattern.search
    if not form.repeats:
        return lambda text: search(text) is not None and (text.isascii() or is_encodable(text))

    def occurs_in(text: str) -> bool:
        if len(text) > LONG:
            return otherwise()(text)
        return search(text) is not None and (text.isascii() or is_encodable(text))

    return occurs_in


def _repeats_group(node: Node) -> bool:
    if isinstance(node, Repeat):
        return (node.most is None and not isinstance(node.node, Set)) or _repeats_group(node.node)
    return isinstance(node, (Choice, Sequence)) and any(map(_repeats_group, node.nodes))


def _branch_text(branch: Branch) -> str:
    inside = "".join(map(_text, branch.items))
    return f"{'^' if branch.starts else ''}{inside}{chr(92) + 'Z' if branch.ends else ''}"


def _text(node: Node) -> str:
    """The node in Python's language, with every class written out."""
    if isinstance(node, Set):
        return _set_text(node)
    if isinstance(node, Sequence):
        return "".join(map(_text, node.nodes))
    if isinstance(node, Choice):
        return f"(?:{'|'.join(map(_text, node.nodes))})"
    if node.most == 0:
        return ""
    inside = _text(node.node)
    if isinstance(node.node, (Sequence, Repeat)):
        inside = f"(?:{inside})"
    if node.most is None and node.least < 2:
        return inside + "*+"[node.least]
    return f"{inside}{{{node.least},{'' if node.most is None else node.most}}}"


def _set_text(node: Set) -> str:
    if node.is_character:
        return _character(node.ranges[0][0])
    if node == ANY:
        return "."
    shown = node.complement() if node.ranges[-1][1] == 0x10FFFF else node
    if not shown.ranges:
        return "(?s:.)"
    inside = "".join(
        _character(low) if low == high else f"{_character(low)}-{_character(high)}" for low, high in shown.ranges
    )
    return f"[{'' if shown is node else '^'}{inside}]"


def _character(code: int) -> str:
    character = chr(code)
    return character if character.isascii() and character.isalnum() else f"\\U{code:08x}"
