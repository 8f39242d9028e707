"""Finding and replacing by regular expressions: ``find``, ``findAll``, ``regex.extract`` and their like.

Takes and gives native values; raises ValueError, and BudgetError for what would take too long. Source of the
behaviour: Kubernetes' regex library for ``find`` and ``findAll``, the CEL regex extension for the rest.
"""

from __future__ import annotations

import itertools
import re

from penstock.cel.closures import MAX_WORK
from penstock.cel.env import Function, Overload
from penstock.cel.errors import BudgetError
from penstock.cel.types import INT, STRING, list_of, optional_of
from penstock.cel.values import MadeList, Optional
from penstock.regex import TooMuchError, compiled, found

_STRINGS = list_of(STRING)
_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)


def _find(text: str, pattern: str) -> str:
    first = _find_all(text, pattern, 1)
    return str(first[0]) if first else ""


def _find_all(text: str, pattern: str, limit: int = -1) -> MadeList:
    return MadeList(text for text in _texts(text, pattern, 0, limit) if text is not None)


def _texts(text: str, pattern: str, group: int, limit: int) -> list[str | None]:
    """The text of a group in each match; None where it took no part. A negative limit is none."""
    compiled(pattern)  # An invalid one is at fault even where nothing is looked for.
    data = text.encode("utf-8", "replace")
    try:
        spans = [spans[group] for spans in itertools.islice(found(pattern, text), limit if limit >= 0 else None)]
    except TooMuchError:
        raise BudgetError from None
    return [data[start:end].decode() if start >= 0 else None for start, end in spans]


def _only_group(pattern: str) -> int:
    """The number of the pattern's one group; 0, the whole match, when it has none."""
    groups: int = compiled(pattern).groups
    if groups > 1:
        raise ValueError(f"the pattern may have one group, not {groups}; (?:…) groups without counting as one")
    return groups


def _extract(text: str, pattern: str) -> Optional:
    first = _texts(text, pattern, _only_group(pattern), 1)
    return Optional(True, first[0]) if first and first[0] is not None else Optional()


def _extract_all(text: str, pattern: str) -> MadeList:
    group = _only_group(pattern)
    texts = _texts(text, pattern, group, -1)
    return MadeList(text for text in texts if text or (text is not None and not group))


def _replace(text: str, pattern: str, replacement: str, limit: int = -1) -> str:
    pieces = _pieces(replacement, compiled(pattern).groups)
    made: list[bytes] = []
    data, position, size = text.encode("utf-8", "replace"), 0, len(text)
    try:
        for spans in itertools.islice(found(pattern, text), limit if limit >= 0 else None):
            made.append(data[position : spans[0][0]])
            for piece in pieces:
                part = (
                    piece
                    if isinstance(piece, bytes)
                    else data[slice(*spans[piece])]
                    if spans[piece][0] >= 0
                    else b""
                )
                made.append(part)
                size += len(part)
            if size > MAX_WORK:
                raise ValueError(f"the result would be longer than {MAX_WORK:,}")
            position = spans[0][1]
    except TooMuchError:
        raise BudgetError from None
    return b"".join((*made, data[position:])).decode() if made else text


def _pieces(replacement: str, groups: int) -> list[bytes | int]:
    r"""The parts of a replacement: texts, and the numbers of groups (``\1``)."""
    pieces: list[bytes | int] = []
    position = 0
    for escape in _ESCAPE.finditer(replacement):
        pieces.append(replacement[position : escape.start()].encode())
        position = escape.end()
        name = escape[1]
        if name == "\\":
            pieces.append(b"\\")
        elif name in tuple("0123456789"):
            if int(name) > groups:
                raise ValueError(f"the replacement names the group \\{name}; the pattern has {groups}")
            pieces.append(int(name))
        else:
            raise ValueError("in the replacement, a digit or another backslash must follow a backslash")
    return [*pieces, replacement[position:].encode()]


FUNCTIONS: tuple[Function, ...] = (
    Function("find", (Overload((STRING, STRING), STRING, _find, receiver=True),)).about(
        "The first part of a text that a regular expression fits; an empty text without one.",
        "'abc 123'.find('[0-9]+') == '123'",
    ),
    Function(
        "findAll",
        (
            Overload((STRING, STRING), _STRINGS, _find_all, receiver=True),
            Overload((STRING, STRING, INT), _STRINGS, _find_all, receiver=True),
        ),
    ).about(
        "Every part of a text that a regular expression fits; with a number, so many at most.",
        "'1 22 333'.findAll('[0-9]+', 2) == ['1', '22']",
    ),
    Function("regex.extract", (Overload((STRING, STRING), optional_of(STRING), _extract),)).about(
        "An optional of what the group of a regular expression fits first, or the whole without a group.",
        "regex.extract('id: 42', 'id: ([0-9]+)').orValue('') == '42'",
    ),
    Function("regex.extractAll", (Overload((STRING, STRING), _STRINGS, _extract_all),)).about(
        "All that the group of a regular expression fits, or the whole without a group.",
        "regex.extractAll('a=1, b=2', '([a-z])=') == ['a', 'b']",
    ),
    Function(
        "regex.replace",
        (
            Overload((STRING, STRING, STRING), STRING, _replace),
            Overload((STRING, STRING, STRING, INT), STRING, _replace),
        ),
    ).about(
        "The text with what a regular expression fits replaced, `\\1` being its first group; with a number, so "
        "many times at most.",
        "regex.replace('2026-06', '([0-9]+)-([0-9]+)', r'\\2/\\1') == '06/2026'",
    ),
)
