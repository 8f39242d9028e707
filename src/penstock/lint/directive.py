"""What a comment for penstock asks for: ``# penstock: ignore[LV801] why this can be lived with``.

Takes a comment's text, gives the rules it names with their places in the text and the reason, or what is wrong
with it. It must not know which rules there are, nor what the comment stands on.
"""

from __future__ import annotations

import re

from penstock.manifest import wording
from penstock.pattern import late
from penstock.record import dataclass

FORM = "write `# penstock: ignore[LV801] why this can be lived with`"

_IGNORE = "ignore"
_ASKED = late(r"#[ \t]*(?P<prefix>(?i:penstock)[ \t:]*)(?P<word>[a-zA-Z_-]*)[ \t]*(?P<rest>.*)", re.DOTALL)
_PREFIX = late(r"penstock:[ \t]*")
_WORD = late(r"[^,]+")
_LEAD = " \t:,;.-\u2013\u2014"
"""What may stand between the rules and the reason."""


@dataclass(frozen=True, slots=True)
class Word:
    """A rule as a comment names it. ``offset`` is its place in the comment."""

    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class Directive:
    """A suppression as it is written."""

    words: tuple[Word, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Misunderstood:
    """Why a comment is no suppression, and what to do about it."""

    message: str
    help: str


def directive(text: str) -> Directive | Misunderstood:
    """What a comment, from its ``#`` on, asks for. A reason may be missing: that is for others to judge."""
    asked = _ASKED.match(text)
    if asked is None or not _PREFIX.fullmatch(asked["prefix"]):
        return Misunderstood("this comment is meant for penstock, but does not begin with `# penstock:`", FORM)
    if asked["word"] != _IGNORE:
        return _unknown(asked["word"])
    rest = asked["rest"]
    if not rest.startswith("["):
        example = "put their ids in brackets behind `ignore`, as in `# penstock: ignore[LV801] reason`"
        return Misunderstood("this suppression names no rules", example)
    listed, closed, reason = rest[1:].partition("]")
    if not closed:
        return Misunderstood("the rules of this suppression are not closed with a bracket `]`", FORM)
    words = tuple(_words(listed, asked.start("rest") + 1))
    if not words:
        return Misunderstood("this suppression names no rules", FORM)
    parted = next((word.text for word in words if len(word.text.split()) > 1), None)
    if parted is not None:
        message = f"{wording.name(parted)} is not one rule"
        return Misunderstood(message, "put commas between the rules, as in `ignore[LV801, LV802]`")
    reason = reason.lstrip(_LEAD).rstrip()
    # Dashes and dots say nothing.
    return Directive(words, reason if any(map(str.isalnum, reason)) else "")


def _words(listed: str, offset: int) -> list[Word]:
    """The rules between the brackets; what stands empty between commas does no harm."""
    found = []
    for each in _WORD.finditer(listed):
        text = each[0].strip()
        if text:
            found.append(Word(text, offset + each.start() + len(each[0]) - len(each[0].lstrip())))
    return found


def _unknown(word: str) -> Misunderstood:
    if not word:
        return Misunderstood("this comment for penstock asks for nothing", FORM)
    near = wording.did_you_mean(word, [_IGNORE])
    return Misunderstood(f"penstock does not know what {wording.name(word)} in a comment asks for{near}", FORM)
