"""The id of a new rule: the next free one of its pack, under letters of the pack's own.

Takes the ids there are and the pack's name; gives an id. Must not know of files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from penstock.errors import UsageError
from penstock.manifest.integrity import RULES

_ID = re.compile(r"([A-Z]{2,10})([0-9]{3,4})")
_BUILT_IN = "LV"
_FIRST = 101


def check_id(asked: str, taken: Collection[str]) -> str:
    """The id that the user asks for.

    Raises:
        UsageError: it is no id, another rule has it, or its letters are penstock's own.
    """
    match = _ID.fullmatch(asked)
    if match is None:
        hint = f"for example {asked.upper()}" if _ID.fullmatch(asked.upper()) else "for example ACME101"
        raise UsageError(
            f"--id {asked!r} is not an id: that is two to ten capital letters and three or four digits", hint=hint
        )
    if match[1] == _BUILT_IN:
        raise UsageError(
            f"the letters {_BUILT_IN} belong to the rules that come with penstock", hint="take your own"
        )
    if asked in taken or asked in RULES:
        raise UsageError(f"there is a rule {asked} already", hint="an id is never given twice; choose another")
    return asked


def next_id(pack: str, ours: Sequence[str], theirs: Collection[str]) -> str:
    """The id behind the pack's last one; for its first rule, letters made from the pack's name.

    Raises:
        UsageError: the letters have no number left.
    """
    known = [match for match in map(_ID.fullmatch, ours) if match and match[1] != _BUILT_IN]
    letters = Counter(match[1] for match in known).most_common(1)[0][0] if known else _letters(pack, theirs)
    numbers = [int(match[2]) for match in known if match[1] == letters]
    number = max(numbers, default=_FIRST - 1) + 1
    while f"{letters}{number:03}" in theirs:
        number += 1
    if number > 9999:
        raise UsageError(f"there is no number left behind {letters}", hint="--id ID names the rule's id")
    return f"{letters}{number:03}"


def _letters(pack: str, theirs: Collection[str]) -> str:
    """Two to ten capital letters that no other pack in use has: ``acme-rules`` gives ACMERULES, or else AR."""
    words = re.findall(r"[a-z]+", pack)
    used = {_BUILT_IN, *(match[1] for match in map(_ID.fullmatch, theirs) if match)}
    for candidate in ("".join(words), "".join(word[0] for word in words), "".join(words)[:10], "OWN"):
        if 2 <= len(candidate) <= 10 and candidate.upper() not in used:
            return candidate.upper()
    raise UsageError(f"the pack {pack} has no letters of its own for ids", hint="--id ID names the rule's id")
