"""Regular expressions of policies and schemas, by RE2: the only importer of it.

Takes an expression and a text; time is linear in the text whatever the expression. Python's own engine backtracks:
a short text can hold a run up for hours.
"""

from __future__ import annotations

import functools
from typing import Any


def occurs(regex: str, text: str) -> bool:
    """Whether the expression is found anywhere in the text.

    A text with half a surrogate pair, which UTF-8 cannot hold, has no match.

    Raises:
        ValueError: the expression is not one that RE2 knows.
    """
    found = compiled(regex)
    try:
        return found.search(text) is not None
    except UnicodeEncodeError:
        return False


@functools.lru_cache(maxsize=1024)
def compiled(regex: str) -> Any:
    """The expression, compiled.

    Raises:
        ValueError: it is not one that RE2 knows.
    """
    import re2

    options = re2.Options()
    options.log_errors = False  # RE2 would print to stderr.
    try:
        return re2.compile(regex, options=options)
    except re2.error as error:
        reason = error.args[0] if error.args else error
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise ValueError(f"invalid regular expression: {text}") from None
