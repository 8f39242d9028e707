"""String, bytes and number literals, and names in backticks: their form, and their values in linear time.

Takes the text and where a literal stands in it, gives the value. Must not know any engine. Raises ParseError.
"""

from __future__ import annotations

import re

from penstock.cel.errors import ParseError
from penstock.cel.faults import fault
from penstock.cel.values import UInt

PREFIX = r"(?:[rR][bB]?|[bB][rR]?)"
# The alternatives of each body exclude one another, so an unclosed quote costs one pass over the text.
STRING = r"""(?:
    (?:[rR][bB]?|[bB][rR])(?:
        \"{3} [^"]* (?: "(?!"") [^"]* )* \"{3} | '{3} [^']* (?: '(?!'') [^']* )* '{3}
        | "(?!"") [^"\r\n]* " | '(?!'') [^'\r\n]* ' )
    | [bB]?(?:
        \"{3} [^"\\]* (?: (?: \\[\s\S] | "(?!"") ) [^"\\]* )* \"{3}
        | '{3} [^'\\]* (?: (?: \\[\s\S] | '(?!'') ) [^'\\]* )* '{3}
        | "(?!"") [^"\\\r\n]* (?: \\[^\n] [^"\\\r\n]* )* "
        | '(?!'') [^'\\\r\n]* (?: \\[^\n] [^'\\\r\n]* )* ' ) )"""
"""A whole string or bytes literal, as a verbose regular expression without groups."""

NAME_IN_BACKTICKS = r"`[a-zA-Z0-9_.\-/\ ]+`"
NUMBER = r"(?: 0x[0-9a-fA-F]+[uU]? | (?: [0-9]+ (?: \.[0-9]+ )? | \.[0-9]+ ) (?: [eE][+-]?[0-9]+ )? [uU]? )"

_HEAD = re.compile(r"""([rRbB]{0,2})("{3}|'{3}|"|')""")
_LINE_END = re.compile(r"[\r\n]")
_ESCAPE = re.compile(
    r"\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.))", re.DOTALL
)
_SIMPLE = dict(zip("abfnrtv\\\"'`?", "\a\b\f\n\r\t\v\\\"'`?", strict=True))
_DIGITS = {"x": "2 hexadecimal digits", "u": "4 hexadecimal digits", "U": "8 hexadecimal digits"}
_DIGITS |= {"X": _DIGITS["x"], **dict.fromkeys("01234567", "3 octal digits, 000 to 377")}
_LARGEST = {"int": 2**63 - 1, "uint": 2**64 - 1}


def string(text: str, start: int, end: int) -> str | bytes:
    """The value of the literal that stands there; the text matches ``STRING``."""
    head = _HEAD.match(text, start)
    assert head is not None  # the literal begins so
    prefix, quote = head[1].lower(), head[2]
    first, last = head.end(), end - len(quote)
    if "b" in prefix:
        return _bytes(text, first, last, raw="r" in prefix)
    return text[first:last] if prefix else _unescape(text, first, last)


def starts_string(text: str, start: int) -> bool:
    return _HEAD.match(text, start) is not None


def unclosed(text: str, start: int, hint: str = "") -> ParseError:
    """The error for a string that begins there and has no end. ``hint`` goes behind the message."""
    head = _HEAD.match(text, start)
    assert head is not None  # a quote stands there
    quote = head[2]
    line_end = _LINE_END.search(text, start) if len(quote) == 1 else None
    end = line_end.start() if line_end else len(text)
    return fault(text, start, end, f"the string is not closed: {quote} is missing{hint}")


def bad_name(text: str, start: int) -> ParseError:
    """The error for a backtick that begins no name."""
    end = text.find("`", start + 1) + 1 or start + 1
    message = "a name in backticks has letters, digits and `_.-/ ` and ends with a backtick"
    return fault(text, start, end, message)


def number(text: str, start: int, end: int, minus: int | None = None) -> int | UInt | float:
    """The value of the number that stands there and matches ``NUMBER``; ``minus`` is where its minus stands."""
    digits = text[start:end].lower()
    sign, first = (1, start) if minus is None else (-1, minus)
    base = 16 if digits.startswith("0x") else 10
    if base == 10 and not digits.removesuffix("u").isdigit():
        return sign * _double(text, first, end, digits)
    kind = "uint" if digits[-1] == "u" else "int"
    # Python refuses to read thousands of decimal digits; twenty are too many already.
    significant = digits.removesuffix("u").removeprefix("0x").lstrip("0") or "0"
    value = sign * int(significant, base) if len(significant) <= 20 else sign * 2**64
    largest = _LARGEST[kind]
    if value > largest or value < -largest - 1:
        bound = f"the smallest int is -{largest + 1}" if sign < 0 else f"the largest {kind} is {largest}"
        raise fault(text, first, end, f"the number does not fit into 64 bits: {bound}")
    return UInt(value) if kind == "uint" else value


def _double(text: str, start: int, end: int, digits: str) -> float:
    if digits[-1] == "u":
        raise fault(text, start, end, f"`{digits}` is no number: only a whole number can end in `u`")
    value = float(digits)
    if value == float("inf"):
        raise fault(text, start, end, "the number does not fit into a double: the largest is about 1.8e308")
    return value


def _unescape(text: str, start: int, end: int) -> str:
    if "\\" not in text[start:end]:
        return text[start:end]

    def replace(escape: re.Match[str]) -> str:
        place = start + escape.start()
        byte, short, long, octal, other = escape.groups()
        if other is not None:
            return _simple(text, place, other)
        code = int(octal, 8) if octal else int(byte or short or long, 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise fault(text, place, place + len(escape[0]), f"`{escape[0]}` is not a character")
        return chr(code)

    return _ESCAPE.sub(replace, text[start:end])


def _bytes(text: str, start: int, end: int, *, raw: bool) -> bytes:
    body = text[start:end]
    if raw:
        return body.encode("utf-8", "surrogatepass")
    parts: list[bytes] = []
    done = 0
    for escape in _ESCAPE.finditer(body):
        parts.append(body[done : escape.start()].encode("utf-8", "surrogatepass"))
        done = escape.end()
        place = start + escape.start()
        byte, short, long, octal, other = escape.groups()
        if short or long:
            raise fault(text, place, place + len(escape[0]), f"`{escape[0]}` is not allowed in bytes")
        code = int(octal, 8) if octal else int(byte, 16) if byte else ord(_simple(text, place, other))
        parts.append(bytes([code]))
    parts.append(body[done:].encode("utf-8", "surrogatepass"))
    return b"".join(parts)


def _simple(text: str, place: int, letter: str) -> str:
    if letter in _SIMPLE:
        return _SIMPLE[letter]
    if letter in _DIGITS:
        raise fault(text, place, place + 2, f"`\\{letter}` needs {_DIGITS[letter]}")
    message = f"`\\{letter}` is not an escape sequence; a backslash is written `\\\\`"
    raise fault(text, place, place + 2, message)
