"""The name that a misspelled one was most likely meant to be.

Takes a word and the words there are, gives one of them or none. Must not know what the words are for.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import eq

_MOST = 2000
_LONGEST = 80
_SHOWN = 12
_TIES = 8
"""How many of the nearest are looked at."""
_ALIKE = str.maketrans({"_": "", "-": "", "o": "0", "l": "1"})
"""Signs that are left out or taken for one another: LV8O1 for LV801."""


def nearest(written: str, choices: Iterable[str]) -> str | None:
    """The choice nearest to what was written, when one is near enough: ``startsWith`` for ``starts_with``."""
    from difflib import get_close_matches  # Only an expression with a mistake needs it.

    if len(written) > _LONGEST:
        return None
    folded: dict[str, str] = {}
    for choice in sorted(set(choices) - {written})[:_MOST]:
        folded.setdefault(_fold(choice), choice)
    same = folded.get(_fold(written))
    if same is not None:
        return same
    word = _fold(written)
    close = get_close_matches(word, folded, n=_TIES, cutoff=0.7)
    if not close:
        return None
    # Of those equally near, the one that agrees in most places: LV8011 is LV801 rather than LV811.
    near = [choice for choice in close if _likeness(choice, word) == _likeness(close[0], word)]
    return folded[max(near, key=lambda choice: sum(map(eq, choice, word)))]


def did_you_mean(written: str, choices: Iterable[str], quote: str = "`") -> str | None:
    near = nearest(written, choices)
    return f"did you mean {quote}{near}{quote}?" if near is not None else None


def choices(words: Iterable[str], quote: str = "`", last: str = "and") -> str:
    """Words for a message, each in quotes, not too many of them."""
    shown = list(words)
    rest = len(shown) - _SHOWN
    listed = [f"{quote}{word}{quote}" for word in (shown[:_SHOWN] if rest > 1 else shown)]
    if rest > 1:
        return f"{', '.join(listed)} {last} {rest} more"
    return f"{', '.join(listed[:-1])} {last} {listed[-1]}" if len(listed) > 1 else "".join(listed)


def _likeness(choice: str, word: str) -> float:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, choice, word).ratio()


def _fold(text: str) -> str:
    return text.casefold().translate(_ALIKE)
