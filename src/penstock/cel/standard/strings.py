"""The strings extension, but for ``format``: places, parts, case, quotes.

Takes and gives native strings, counted in code points; ValueErrors say what is allowed. Nothing makes a text or a
list of more than ``MAX_WORK`` characters or elements.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from penstock.cel.closures import MAX_WORK
from penstock.cel.env import Function, Implementation, Overload
from penstock.cel.types import INT, STRING, Type, list_of
from penstock.cel.values import MadeList, describe

# Unicode's White_Space, where Python's strip() takes the separators U+001C to U+001F too.
_SPACE = "\t\n\v\f\r \u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_UPPER, _LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
_TO_LOWER, _TO_UPPER = str.maketrans(_UPPER, _LOWER), str.maketrans(_LOWER, _UPPER)
_ESCAPES = str.maketrans(
    {
        "\a": "\\a",
        "\b": "\\b",
        "\f": "\\f",
        "\n": "\\n",
        "\r": "\\r",
        "\t": "\\t",
        "\v": "\\v",
        "\\": "\\\\",
        '"': '\\"',
    }
)


def _check_position(text: str, position: int) -> None:
    if not 0 <= position <= len(text):
        raise ValueError(f"position {position} is not from 0 to {len(text)}")


def _check_length(length: int) -> None:
    if length > MAX_WORK:
        raise ValueError(f"the result would be longer than {MAX_WORK:,}")


def _char_at(text: str, position: int) -> str:
    _check_position(text, position)
    return text[position : position + 1]


def _index_of(text: str, part: str, start: int = 0) -> int:
    _check_position(text, start)
    return text.find(part, start)


def _last_index_of(text: str, part: str, start: int | None = None) -> int:
    """The last place at ``start`` or before it."""
    if start is None:
        return text.rfind(part)
    _check_position(text, start)
    return text.rfind(part, 0, start + len(part))


def _substring(text: str, start: int, end: int | None = None) -> str:
    end = len(text) if end is None else end
    _check_position(text, start)
    _check_position(text, end)
    if end < start:
        raise ValueError(f"the end {end} is before the start {start}")
    return text[start:end]


def _replace(text: str, old: str, new: str, limit: int = -1) -> str:
    """A negative limit replaces all."""
    found = text.count(old)
    if 0 <= limit < found:
        found = limit
    _check_length(len(text) + found * (len(new) - len(old)))
    return text.replace(old, new, found)


def _split(text: str, separator: str, limit: int = -1) -> object:
    """At most ``limit`` parts, the last with the rest in it; a negative limit gives all."""
    if limit == 0:
        return MadeList()
    if separator == "":
        return _characters(text, limit)
    return MadeList(text.split(separator, limit - 1 if limit > 0 else -1))


def _characters(text: str, limit: int) -> object:
    if limit < 0 or limit >= len(text):
        return MadeList(text or [""])
    return MadeList([*text[: limit - 1], text[limit - 1 :]])


def _join(parts: Sequence[object], separator: str = "") -> str:
    for place, part in enumerate(parts):
        if not isinstance(part, str):
            raise ValueError(f"the element at {place} is {describe(part)}; only strings can be joined")
    _check_length(sum(map(len, parts)) + len(separator) * max(len(parts) - 1, 0))  # type: ignore[arg-type]
    return separator.join(parts)  # type: ignore[arg-type]


def quote(text: str) -> str:
    """The text as a literal in double quotes. Half of a surrogate pair becomes U+FFFD."""
    whole = (
        "".join("\ufffd" if "\ud800" <= each <= "\udfff" else each for each in text) if _is_broken(text) else text
    )
    return f'"{whole.translate(_ESCAPES)}"'


def _is_broken(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _method(name: str, result: Type, implementation: Implementation, *parameters: tuple[Type, ...]) -> Function:
    return Function(
        name, tuple(Overload((STRING, *each), result, implementation, receiver=True) for each in parameters)
    )


def _plain(name: str, change: Callable[[str], str]) -> Function:
    return _method(name, STRING, change, ())


_STRINGS = list_of(STRING)

FUNCTIONS: tuple[Function, ...] = (
    _method("charAt", STRING, _char_at, (INT,)).about(
        "The character at a place counted from 0; at the end an empty text.", "'tacocat'.charAt(1) == 'a'"
    ),
    _method("indexOf", INT, _index_of, (STRING,), (STRING, INT)).about(
        "The first place of a part of a text or an element of a list, perhaps from a place on; -1 without one.",
        "'tacocat'.indexOf('c') == 2",
    ),
    _method("lastIndexOf", INT, _last_index_of, (STRING,), (STRING, INT)).about(
        "The last place of a part of a text or an element of a list, perhaps up to a place; -1 without one.",
        "'tacocat'.lastIndexOf('c') == 4",
    ),
    _method("substring", STRING, _substring, (INT,), (INT, INT)).about(
        "The characters from a place on, up to but without another place.", "'tacocat'.substring(0, 4) == 'taco'"
    ),
    _method("replace", STRING, _replace, (STRING, STRING), (STRING, STRING, INT)).about(
        "The text with a part replaced wherever it is; with a number, so many times at most.",
        "'a-b-c'.replace('-', '+', 1) == 'a+b-c'",
    ),
    _method("split", _STRINGS, _split, (STRING,), (STRING, INT)).about(
        "The parts of a text between separators; with a number, so many at most, the rest in the last.",
        "'a, b, c'.split(', ') == ['a', 'b', 'c']",
    ),
    _plain("lowerAscii", lambda text: text.lower() if text.isascii() else text.translate(_TO_LOWER)).about(
        "The text with A to Z as small letters.", "'TacoCat'.lowerAscii() == 'tacocat'"
    ),
    _plain("upperAscii", lambda text: text.upper() if text.isascii() else text.translate(_TO_UPPER)).about(
        "The text with a to z as capital letters.", "'TacoCat'.upperAscii() == 'TACOCAT'"
    ),
    _plain("trim", lambda text: text.strip(_SPACE)).about(
        "The text without white space at both ends.", "'  tacocat '.trim() == 'tacocat'"
    ),
    _plain("reverse", lambda text: text[::-1]).about(
        "A text or a list backwards.", "[1, 2, 3].reverse() == [3, 2, 1]"
    ),
    Function(
        "join",
        (
            Overload((_STRINGS,), STRING, _join, receiver=True),
            Overload((_STRINGS, STRING), STRING, _join, receiver=True),
        ),
    ).about("A list of texts as one text, with a separator between them.", "['a', 'b'].join(', ') == 'a, b'"),
    Function("strings.quote", (Overload((STRING,), STRING, quote),)).about(
        "The text in double quotes, as a literal of CEL.", "strings.quote('a\"b') == r'\"a\\\"b\"'"
    ),
)
