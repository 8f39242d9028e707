"""What compiled acceptors call: patterns and lists without repetitions.

Each is true only where the schema's keyword surely holds; where it may hold all the same, the validator that
explains will say so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_COMPARED = 200
_LONG = 20_000


def matching(pattern: str, *, starts: bool, repeats: bool) -> Callable[[str], bool]:
    """Whether a text matches a pattern of ``regex.linear``, which is compiled when first asked."""
    search: Callable[[str], object] | None = None

    def matches(text: str) -> bool:
        nonlocal search
        if search is None:
            compiled = re.compile(pattern)
            search = compiled.match if starts else compiled.search
        if not text.isascii() and not _is_encodable(text):
            return False
        return not (repeats and len(text) > _LONG) and search(text) is not None

    return matches


def distinct(values: Sequence[object]) -> bool:
    """Whether no value of a list comes twice. Python holds more for equal than JSON does: 1, 1.0 and true."""
    try:
        return len(set(values)) == len(values)
    except TypeError:
        return len(values) <= _COMPARED and all(value not in values[:at] for at, value in enumerate(values))


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
