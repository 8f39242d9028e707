"""A large dict in many small pieces, of which a run that asks for a few keys decodes few.

Takes a dict whose keys are texts, or tuples of them; gives the pieces as bytes, and from such a mapping that is
complete, each piece fetched when one of its keys is asked for. Must not know where the pieces are kept.
"""

from __future__ import annotations

import marshal
from binascii import crc32
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

COUNT = 256
"""How many pieces there are of each dict."""


def pieces(whole: Mapping[Any, Any]) -> Iterator[bytes]:
    """The pieces, in order; an empty one is no bytes."""
    made: list[dict[Any, Any]] = [{} for _ in range(COUNT)]
    for key, value in whole.items():
        made[_place(key)][key] = value
    return (marshal.dumps(piece) if piece else b"" for piece in made)


class Pieces(MutableMapping[Any, Any]):
    """The dict again."""

    __slots__ = ("_fetch", "_known")

    def __init__(self, fetch: Callable[[int], bytes]) -> None:
        """``fetch`` gives a piece by its place."""
        self._fetch = fetch
        self._known: dict[int, dict[Any, Any]] = {}

    def __getitem__(self, key: Any) -> Any:
        return self._piece(_place(key))[key]

    def __setitem__(self, key: Any, value: Any) -> None:
        self._piece(_place(key))[key] = value

    def __delitem__(self, key: Any) -> None:
        del self._piece(_place(key))[key]

    def __iter__(self) -> Iterator[Any]:
        for place in range(COUNT):
            yield from self._piece(place)

    def __len__(self) -> int:
        return sum(len(self._piece(place)) for place in range(COUNT))

    def _piece(self, place: int) -> dict[Any, Any]:
        piece = self._known.get(place)
        if piece is None:
            given = self._fetch(place)
            piece = self._known[place] = marshal.loads(given) if given else {}
        return piece


def _place(key: str | tuple[str, ...]) -> int:
    text = key if isinstance(key, str) else "\0".join(map(str, key))
    return crc32(text.encode("utf-8", "surrogatepass")) % COUNT
