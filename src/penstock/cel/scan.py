"""The first look at an expression: limits, brackets, and every quoted literal, in linear time.

Takes the text, gives the text with its quoted literals blanked out and their values beside it, so that no
parser behind it has to read a quote or an escape. Must not know any engine. Raises ParseError.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from penstock.cel.errors import ParseError

MAX_LENGTH = 8192
MAX_NESTING = 32

_TOKEN = re.compile(
    r"""
      (?P<comment> //[^\n]* )
    | (?P<prefix> [bB][rR]? | [rR][bB]? )?(?P<quote> \"{3} | '{3} | " | ' )
    | (?P<tick> ` )
    | (?P<word> \w+ )
    | (?P<open> [(\[{] )
    | (?P<close> [)\]}] )
    | (?P<other> [^\w"'`()\[\]{}/]+ | . )
    """,
    re.VERBOSE | re.DOTALL,
)
# The alternatives of each body exclude one another: no backtracking, so an unclosed quote costs one pass.
_BODIES = {
    ('"', False): re.compile(r'((?:[^"\\\r\n]|\\.)*)"'),
    ("'", False): re.compile(r"((?:[^'\\\r\n]|\\.)*)'"),
    ('"""', False): re.compile(r'((?:[^"\\]|\\.|"(?!""))*)"""', re.DOTALL),
    ("'''", False): re.compile(r"((?:[^'\\]|\\.|'(?!''))*)'''", re.DOTALL),
    ('"', True): re.compile(r'([^"\r\n]*)"'),
    ("'", True): re.compile(r"([^'\r\n]*)'"),
    ('"""', True): re.compile(r'((?:[^"]|"(?!""))*)"""', re.DOTALL),
    ("'''", True): re.compile(r"((?:[^']|'(?!''))*)'''", re.DOTALL),
}
_ESCAPE = re.compile(
    r"\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.))", re.DOTALL
)
_SIMPLE = dict(zip("abfnrtv\\\"'`?", "\a\b\f\n\r\t\v\\\"'`?", strict=True))
_QUOTED_NAME = re.compile(r"`([a-zA-Z0-9_.\-/ ]+)`")
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
    if len(text) > MAX_LENGTH:
        raise ParseError(f"the expression has {len(text):,} characters; at most {MAX_LENGTH:,} are allowed", 1, 1)
    if not text.strip():
        raise ParseError("the expression is empty", 1, 1)
    masked: list[str] = []
    literals: dict[int, str | bytes] = {}
    quoted_names: dict[int, str] = {}
    opened: list[tuple[str, int]] = []
    offset = 0
    while offset < len(text):
        token = _TOKEN.match(text, offset)
        assert token is not None  # the last alternative takes any character
        end = token.end()
        if token["quote"]:
            literals[offset], end = _quoted(text, token)
            masked.append(_mask(text[offset:end], token["quote"], isinstance(literals[offset], bytes)))
        elif token["tick"]:
            quoted_names[offset], end = _quoted_name(text, offset, masked)
            masked.append("_" * (end - offset))
        else:
            masked.append(token[0])
            _nest(text, token, opened)
        offset = end
    if opened:
        raise fault(text, opened[-1][1], f"`{opened[-1][0]}` is not closed")
    return Scanned("".join(masked), literals, quoted_names)


def fault(text: str, offset: int, message: str) -> ParseError:
    line_start = text.rfind("\n", 0, offset) + 1
    return ParseError(message, text.count("\n", 0, offset) + 1, offset - line_start + 1)


def _nest(text: str, token: re.Match[str], opened: list[tuple[str, int]]) -> None:
    if token["open"]:
        opened.append((token[0], token.start()))
        if len(opened) > MAX_NESTING:
            raise fault(text, token.start(), f"brackets are nested more than {MAX_NESTING} deep")
    elif token["close"]:
        if not opened or opened[-1][0] != _CLOSES[token[0]]:
            raise fault(text, token.start(), f"`{token[0]}` closes nothing")
        opened.pop()


def _quoted_name(text: str, offset: int, before: list[str]) -> tuple[str, int]:
    found = _QUOTED_NAME.match(text, offset)
    if found is None:
        raise fault(text, offset, "a name in backticks has letters, digits and `_.-/ ` and ends with a backtick")
    if not before or not before[-1].rstrip().endswith("."):
        raise fault(text, offset, "a name in backticks can only be a field, after a dot")
    return found[1], found.end()


def _quoted(text: str, token: re.Match[str]) -> tuple[str | bytes, int]:
    prefix = (token["prefix"] or "").lower()
    body = _BODIES[token["quote"], "r" in prefix].match(text, token.end())
    if body is None:
        raise fault(text, token.start(), f"the string is not closed: {token['quote']} is missing")
    if "b" in prefix:
        return _bytes(text, body, raw="r" in prefix), body.end()
    return (body[1] if "r" in prefix else _unescape(text, body)), body.end()


def _unescape(text: str, body: re.Match[str]) -> str:
    def replace(escape: re.Match[str]) -> str:
        place = body.start() + escape.start()
        byte, short, long, octal, other = escape.groups()
        if other is not None:
            return _simple(text, place, other)
        code = int(octal, 8) if octal else int(byte or short or long, 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise fault(text, place, f"`{escape[0]}` is not a character")
        return chr(code)

    return _ESCAPE.sub(replace, body[1])


def _bytes(text: str, body: re.Match[str], *, raw: bool) -> bytes:
    if raw:
        return body[1].encode("utf-8", "surrogatepass")
    parts: list[bytes] = []
    done = 0
    for escape in _ESCAPE.finditer(body[1]):
        parts.append(body[1][done : escape.start()].encode("utf-8", "surrogatepass"))
        done = escape.end()
        place = body.start() + escape.start()
        byte, short, long, octal, other = escape.groups()
        if short or long:
            raise fault(text, place, f"`{escape[0]}` is not allowed in bytes")
        code = int(octal, 8) if octal else int(byte, 16) if byte else ord(_simple(text, place, other))
        parts.append(bytes([code]))
    parts.append(body[1][done:].encode("utf-8", "surrogatepass"))
    return b"".join(parts)


def _simple(text: str, place: int, letter: str) -> str:
    if letter not in _SIMPLE:
        raise fault(text, place, f"`\\{letter}` is not an escape sequence; a backslash is written `\\\\`")
    return _SIMPLE[letter]


def _mask(literal: str, quote: str, is_bytes: bool) -> str:
    """A literal of the same kind, length and lines, with nothing in it that a lexer could trip over."""
    head = ("b" if is_bytes else "") + quote
    return head + re.sub(r"[^\n]", "x", literal[len(head) : -len(quote)]) + quote
