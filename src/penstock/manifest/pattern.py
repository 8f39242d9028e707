"""Regular expressions of the schemas, evaluated by RE2 in linear time.

Python's own engine backtracks: a short text can hold a run up for hours.
"""

from __future__ import annotations

import functools
from typing import Any


def matches(regex: str, text: str) -> bool:
    """Whether the regular expression is found anywhere in the text, as JSON Schema's ``pattern`` has it.

    A text with half a surrogate pair, which UTF-8 cannot hold, matches nothing.
    """
    try:
        return compiled(regex).search(text) is not None
    except UnicodeEncodeError:
        return False


@functools.cache
def compiled(regex: str) -> Any:
    """The expression, compiled.

    Raises:
        re2.error: it is not one that RE2 knows.
    """
    import re2

    options = re2.Options()
    options.log_errors = False  # RE2 would print to stderr.
    return re2.compile(regex, options)
