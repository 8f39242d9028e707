"""The choice that a misspelled word was most likely meant to be.

Takes a word and the choices there are, gives one of them or none; the same whatever the choices' order. Must not
know what the words are for.
"""

from __future__ import annotations

import bisect
import functools
from collections.abc import Iterable

_LONGEST = 120
"""Longer texts are no misspelled words."""
_SHORTLIST = 64
"""With more choices than this only the likeliest are compared: a rollout may have thousands of names."""
_PUNCTUATION = str.maketrans("", "", "-_ .")

Folded = tuple[str, str]
"""A choice without case and punctuation, and as it is."""


def nearest(written: object, choices: Iterable[str]) -> str | None:
    """The choice nearest to what was written, when one is near enough."""
    if not isinstance(written, str) or not written or len(written) > _LONGEST:
        return None
    folded = _fold(written)
    forwards, backwards = _ordered(tuple(choices))
    same = [choice for text, choice in _beside(forwards, folded) if text == folded and choice != written]
    if same:
        return same[0]
    candidates = forwards
    if len(forwards) > _SHORTLIST:
        # One slip leaves most of a word's beginning or most of its end as it was.
        ends = [(text[::-1], choice) for text, choice in _beside(backwards, folded[::-1])]
        candidates = [*_beside(forwards, folded), *ends]
    scored = sorted((-_likeness(folded, text), choice) for text, choice in candidates if choice != written)
    return scored[0][1] if scored and -scored[0][0] >= _enough(folded) else None


@functools.lru_cache(maxsize=32)
def _ordered(choices: tuple[str, ...]) -> tuple[list[Folded], list[Folded]]:
    """The choices in the alphabet's order, read forwards and backwards."""
    forwards = sorted({(_fold(choice), choice) for choice in choices})
    return forwards, sorted((text[::-1], choice) for text, choice in forwards)


def _beside(ordered: list[Folded], text: str) -> list[Folded]:
    """The choices next to a text in the alphabet."""
    at = bisect.bisect(ordered, (text, ""))
    return ordered[max(0, at - _SHORTLIST // 4) : at + _SHORTLIST // 4]


@functools.lru_cache(maxsize=4096)
def _likeness(written: str, choice: str) -> float:
    """From 0 to 1. A choice that the written text begins or ends counts as near: ``ends`` for ``endson``."""
    import difflib  # Only a run that has something to report needs it.

    likeness = difflib.SequenceMatcher(None, written, choice, autojunk=False).ratio()
    shorter, longer = sorted((written, choice), key=len)
    part = len(shorter) >= 3 and 2 * len(shorter) >= len(longer)
    if part and (longer.startswith(shorter) or longer.endswith(shorter)):
        return max(0.75, likeness)
    return likeness


def _enough(folded: str) -> float:
    """Short words are alike by chance, so they have to be more alike."""
    return 0.74 if len(folded) <= 4 else 0.68


def _fold(text: str) -> str:
    return text.casefold().translate(_PUNCTUATION)
