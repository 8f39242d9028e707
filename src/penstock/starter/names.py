"""Which names and kinds a user may write, and what was probably meant by another."""

from __future__ import annotations

import re
from collections.abc import Iterable

from penstock.errors import UsageError
from penstock.manifest import shapes
from penstock.suggest import did_you_mean

_NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", re.ASCII)


def check_name(name: str, argument: str = "NAME") -> str:
    """``name``, if it can be the name of a manifest.

    Raises:
        UsageError: it cannot; with a name like it that can.
    """
    if _NAME.fullmatch(name):
        return name
    like = re.sub(r"[^a-z0-9]+", "-", name.casefold())[:63].strip("-")
    raise UsageError(
        f"{argument} {name!r} is not a name: that takes 1 to 63 lower-case letters, digits and hyphens, and"
        " begins and ends with a letter or a digit",
        hint=f"for example `{like}`" if like else None,
    )


def find_kind(word: str) -> str:
    """The kind of that name, in any case.

    Raises:
        UsageError: there is none; with the nearest.
    """
    return pick(word, shapes.kinds(), "kind")


def pick(word: str, known: Iterable[str], what: str) -> str:
    """The one of ``known`` that is ``word``, in any case and with or without hyphens.

    Raises:
        UsageError: there is none; with the nearest.
    """
    by_key = {_key(name): name for name in known}
    if _key(word) in by_key:
        return by_key[_key(word)]
    meant = did_you_mean(word, by_key.values())
    raise UsageError(
        f"there is no {what} {word!r}", hint=f"{f'{meant} ' if meant else ''}known: {', '.join(by_key.values())}"
    )


def _key(word: str) -> str:
    return word.casefold().replace("-", "").replace("_", "")
