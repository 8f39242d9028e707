"""A discovery that is put off, because an earlier run's walk through the same folders has just been done again.

Takes what ``discover`` takes; gives a ``Discovery`` that begins with what that walk saw of each folder. Whoever
knows the files of then and sees no other names has no need of a second walk, and adopts this one. Whoever asks
for anything else has the folders walked through, patterns, links and all.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from penstock.source import ignore
from penstock.source.discovery import Discovery, discover, suffixes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from penstock.answers.seen import Seen
    from penstock.answers.walk import Fold


def discover_late(
    root: Path, include: Sequence[str], exclude: Sequence[str], marker: str, seen: Seen
) -> Discovery:
    """What ``discover`` gives, made at once where there is no such walk.

    Raises:
        InputError: a pattern is not one.
    """
    top, suffixes = str(root), suffixes_of(ignore.Patterns(include))
    make = partial(discover, root, include, exclude, marker, seen)
    again = seen.again(top, suffixes)
    return make() if again is None else LateDiscovery(root, *again, make, partial(seen.adopt, top, suffixes))


class LateDiscovery(Discovery):
    """A discovery whose names are not known yet."""

    __slots__ = ("_make", "adopt")
    _make: Callable[[], Discovery]
    adopt: Callable[[], None]
    """To be called before the files are read, where they are known without a discovery."""

    def __init__(
        self, root: Path, shape: bytes, fold: Fold, make: Callable[[], Discovery], adopt: Callable[[], None]
    ) -> None:
        known = {"root": root, "since": fold.since, "parts": fold.parts, "shape": shape}
        for name, value in {**known, "_make": make, "adopt": adopt}.items():
            object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        """A slot without a value asks for it here."""
        if name not in ("names", "stamps", "unreadable", "folders"):
            raise AttributeError(name)
        made = self._make()
        for each in self.__match_args__:
            object.__setattr__(self, each, getattr(made, each))
        return object.__getattribute__(self, name)
