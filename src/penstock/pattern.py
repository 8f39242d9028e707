"""Regular expressions of the code itself, compiled when first used.

To compile one takes as long as to read a manifest, and most runs need few of those that the modules name. Those of
users are another matter: see ``penstock.regex``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any


class _Late:
    """A pattern with the methods that were asked of it."""

    def __init__(self, text: str, flags: int = 0) -> None:
        self._given = (text, flags)

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(*self._given), name)
        self.__dict__[name] = value  # the next time nobody comes here
        return value


if TYPE_CHECKING:

    def late(text: str, flags: int = 0) -> re.Pattern[str]:
        """The pattern of an expression in Python's language."""
else:
    late = _Late
