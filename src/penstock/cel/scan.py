"""The first look at an expression for a foreign parser: limits, brackets, every quoted literal, in linear time.

Takes the text, gives the text with its quoted literals blanked out and their values beside it, so that no
parser behind it has to read a quote or an escape. Must not know any engine. Raises ParseError.
"""

from __future__ import annotations

import re

from penstock.cel import literals
from penstock.cel.faults import fault
from penstock.cel.limits import MAX_LENGTH, MAX_NESTING, check_size, nested_too_deeply
from penstock.record import dataclass

__all__ = ["MAX_LENGTH", "MAX_NESTING", "Scanned", "scan"]

_TOKEN = re.compile(
    rf"""
      (?P<comment> //[^\n]* )
    | (?P<quoted> {literals.STRING} )
    | (?P<unclosed> {literals.PREFIX}?["'] )
    | (?P<tick> ` )
    | (?P<word> \w+ )
    | (?P<open> [(\[{{] )
    | (?P<close> [)\]}}] )
    | (?P<other> [^\w"'`()\[\]{{}}/]+ | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_QUOTED_NAME = re.compile(literals.NAME_IN_BACKTICKS)
_CLOSES = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Scanned:
    """``masked`` has the length and the lines of the text.

    ``literals`` maps the offset of a string or bytes literal to its value, ``quoted_names`` that of a name in
    backticks to the name.
    """

    masked: str
    literals: dict[int, str | bytes]
    quoted_names: dict[int, str]


def scan(text: str) -> Scanned:
    check_size(text)
    masked: list[str] = []
    values: dict[int, str | bytes] = {}
    quoted_names: dict[int, str] = {}
    opened: list[tuple[str, int]] = []
    offset = 0
    while offset < len(text):
        token = _TOKEN.match(text, offset)
        assert token is not None  # the last alternative takes any character
        end = token.end()
        if token["quoted"]:
            values[offset] = value = literals.string(text, offset, end)
            masked.append(_mask(token[0], isinstance(value, bytes)))
        elif token["unclosed"]:
            raise literals.unclosed(text, offset)
        elif token["tick"]:
            quoted_names[offset], end = _quoted_name(text, offset, masked)
            masked.append("_" * (end - offset))
        else:
            masked.append(token[0])
            _nest(text, token, opened)
        offset = end
    if opened:
        bracket, place = opened[-1]
        raise fault(text, place, place + 1, f"`{bracket}` is not closed")
    return Scanned("".join(masked), values, quoted_names)


def _nest(text: str, token: re.Match[str], opened: list[tuple[str, int]]) -> None:
    if token["open"]:
        opened.append((token[0], token.start()))
        if len(opened) > MAX_NESTING:
            raise nested_too_deeply(text, token.start())
    elif token["close"]:
        if not opened or opened[-1][0] != _CLOSES[token[0]]:
            raise fault(text, token.start(), token.end(), f"`{token[0]}` closes nothing")
        opened.pop()


def _quoted_name(text: str, offset: int, before: list[str]) -> tuple[str, int]:
    found = _QUOTED_NAME.match(text, offset)
    if found is None:
        raise literals.bad_name(text, offset)
    if not before or not before[-1].rstrip().endswith("."):
        raise fault(text, offset, found.end(), "a name in backticks can only be a field, after a dot")
    return found[0][1:-1], found.end()


def _mask(literal: str, is_bytes: bool) -> str:
    """A literal of the same kind, length and lines, with nothing in it that a lexer could trip over."""
    quote = literal[-3:] if len(literal) >= 6 and literal.endswith(("'''", '"""')) else literal[-1]
    head = ("b" if is_bytes else "") + quote
    return head + re.sub(r"[^\n]", "x", literal[len(head) : -len(quote)]) + quote
