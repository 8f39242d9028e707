"""The words of an expression, with their places, in one pass and linear time.

Takes the text, gives its tokens. Never fails: what is no token is one of kind ``bad``, and the last but for the
end, so that whoever reads the tokens complains of the first mistake in the text. Must not know the grammar.
"""

from __future__ import annotations

import re

from penstock.cel import literals
from penstock.record import dataclass

KEYWORDS = frozenset({"in", "true", "false", "null"})
RESERVED = frozenset(
    (
        *("as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop"),
        *("namespace", "package", "return", "var", "void", "while"),
    )
)
"""Names that a field may have and nothing else."""

_SPACE = r"[ \t\n\f\r]* (?: //[^\n]* [ \t\n\f\r]* )*"
_LEADING = re.compile(_SPACE, re.VERBOSE)
# `plain` is a string that stands for itself: no prefix, no escape.
_TOKEN = re.compile(
    rf"""(?:
      (?P<name> (?! {literals.PREFIX}["'] ) [a-zA-Z_][a-zA-Z0-9_]* )
    | (?P<operator> && | \|\| | [=!<>]= | \.(?![0-9]) | [-+*/%<>!?:,()\[\]{{}}] )
    | (?P<plain> "(?!"") [^"\\\r\n]* " | '(?!'') [^'\\\r\n]* ' )
    | (?P<number> {literals.NUMBER} )
    | (?P<string> {literals.STRING} )
    | (?P<quoted_name> {literals.NAME_IN_BACKTICKS} )
    | (?P<bad> . )
    ){_SPACE}""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Four lists of one length; the last token is ``end``.

    A kind is ``name``, ``plain``, ``string``, ``number``, ``quoted_name``, ``bad`` or ``end``; an operator and a
    keyword are their own kind.
    """

    kinds: list[str]
    words: list[str]
    starts: list[int]
    ends: list[int]


def tokenize(text: str) -> Tokens:
    kinds: list[str] = []
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    leading = _LEADING.match(text)
    assert leading is not None  # it may be empty
    for match in _TOKEN.finditer(text, leading.end()):
        kind = match.lastgroup
        assert kind is not None  # every alternative is a group
        word = match[kind]
        if kind == "operator" or (kind == "name" and word in KEYWORDS):
            kind = word
        kinds.append(kind)
        words.append(word)
        start = match.start()
        starts.append(start)
        ends.append(start + len(word))
        if kind == "bad":
            break
    kinds.append("end")
    words.append("")
    starts.append(len(text))
    ends.append(len(text))
    return Tokens(kinds, words, starts, ends)
