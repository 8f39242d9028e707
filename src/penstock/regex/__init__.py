"""Regular expressions of policies and schemas, by RE2: the only importer of it.

Takes an expression and a text; time is linear in the text whatever the expression. Python's own engine backtracks:
a short text can hold a run up for hours. Plain expressions that provably cannot do so go without RE2 (``linear``),
which is several times faster for them, and saves importing it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from penstock.regex.linear import Matcher


# Bytes that the searches of one ``found`` may go through in the worst case: some seconds.
_MAX_SCANNED = 2_000_000_000


class TooMuchError(Exception):
    """Finding every match in this text could take too long."""


def occurs(regex: str, text: str) -> bool:
    """Whether the expression is found anywhere in the text.

    A text with half a surrogate pair, which UTF-8 cannot hold, has no match.

    Raises:
        ValueError: the expression is not one that RE2 knows.
    """
    return matcher(regex)(text)


@functools.lru_cache(maxsize=1024)
def matcher(regex: str) -> Matcher:
    """``occurs`` for one expression: the quickest test there is for it. It raises for anything but a string.

    Raises:
        ValueError: the expression is not one that RE2 knows.
    """
    from penstock.regex.linear import plain_matcher  # few runs make a matcher

    return plain_matcher(regex, lambda: re2_matcher(regex)) or re2_matcher(regex)


def re2_matcher(regex: str) -> Matcher:
    """``occurs`` for one expression, by RE2 itself."""
    pattern = _compile(regex, never_capture=True)
    search = _search(pattern)

    def occurs_in(text: str) -> bool:
        try:
            return search(text.encode())
        except UnicodeEncodeError:
            return False

    return occurs_in


def _search(pattern: Any) -> Callable[[bytes], bool]:
    """The wrapper takes three times as long as what it wraps, which is not public: do without if need be."""
    import re2

    try:
        match, anywhere = pattern._regexp.Match, re2._Anchor.UNANCHORED
        match(anywhere, b"", 0, 0)[0][0]
    except (AttributeError, TypeError, IndexError):
        return lambda data: pattern.search(data) is not None
    return lambda data: bool(match(anywhere, data, 0, len(data))[0][0] >= 0)


def found(regex: str, text: str) -> Iterator[tuple[tuple[int, int], ...]]:
    """Each match from left to right: the spans of the whole and of its groups, in bytes of the text's UTF-8.

    Matches do not overlap, and an empty one does not follow right behind another. A group that took no part
    is (-1, -1). A text with half a surrogate pair has no match.

    Raises:
        ValueError: the expression is not one that RE2 knows.
        TooMuchError: there are too many matches in too long a text.
    """
    pattern = compiled(regex)
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return
    position, end, scanned = 0, -1, 0
    while position <= len(data):
        scanned += len(data) - position
        if scanned > _MAX_SCANNED:
            raise TooMuchError
        match = pattern.search(data, position)
        if match is None:
            return
        spans = tuple(match.span(group) for group in range(pattern.groups + 1))
        start, stop = spans[0]
        if start < stop or start != end:
            yield spans
        end = position = stop
        if start == stop:
            position += 1
            while position < len(data) and data[position] & 0xC0 == 0x80:  # within a character
                position += 1


@functools.lru_cache(maxsize=1024)
def compiled(regex: str) -> Any:
    """The expression, compiled.

    Raises:
        ValueError: it is not one that RE2 knows.
    """
    return _compile(regex, never_capture=False)


def _compile(regex: str, *, never_capture: bool) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False  # RE2 would print to stderr.
    options.never_capture = never_capture
    try:
        return re2.compile(regex, options=options)
    except UnicodeEncodeError:
        raise ValueError("invalid regular expression: it has half a surrogate pair") from None
    except re2.error as error:
        reason = error.args[0] if error.args else error
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise ValueError(f"invalid regular expression: {text}") from None
