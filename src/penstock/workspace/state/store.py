"""A state's file in the cache: a head, checked as a whole, and behind it what is checked when it is fetched.

Takes a key and a state; gives it back, or None. Small columns are in the head; each large one is a part of its
own, and so is the record of each file: a run decodes what it asks for. What is read was written by this user's
penstock of the same code.
"""

from __future__ import annotations

import marshal
from binascii import crc32
from collections.abc import Iterable, Iterator
from struct import Struct
from typing import TYPE_CHECKING, Any

from penstock import cache
from penstock.manifest.packed import undump
from penstock.workspace.state.columns import COLUMNS, Columns, State
from penstock.workspace.state.pieces import Pieces, pieces

if TYPE_CHECKING:
    from penstock.manifest.packed import Packed

KIND = "states"
KEPT = 16
MOST_BYTES = 1024 * 1024 * 1024

_FORM = 4
_LARGE = 1000
"""A column of more bytes is a part of its own."""
_RECORDS = ""
"""The part that says where the records are stands among the columns under no name."""
_IN_PIECES = frozenset({"incoming", "by_name", "by_referrers"})
_SPOT = Struct("<QII")
"""Where a part is: its offset, its length and its checksum."""

Spot = tuple[int, int, int]


class LostRecordError(Exception):
    """A record or column is not what was written: the run has to begin again without the state."""


class _Stored(Columns):
    """Columns of which the large ones are fetched when they are asked for."""

    __slots__ = ("_opened", "_spots")
    _opened: cache.Parts
    _spots: dict[str, Spot]

    @classmethod
    def begin(cls, opened: cache.Parts, values: dict[str, Any], spots: dict[str, Spot]) -> _Stored:
        made = cls.__new__(cls)
        made._opened, made._spots = opened, spots
        for name, value in values.items():
            setattr(made, name, value)
        return made

    def __getattr__(self, name: str) -> Any:
        """A slot without a value asks for it here."""
        if name not in COLUMNS:
            raise AttributeError(name)
        opened, data = self._opened, _fetched(self._opened, self._spots[name])
        value: Any
        if name in _IN_PIECES:
            value = Pieces(lambda place: _fetched(opened, _SPOT.unpack_from(data, place * _SPOT.size)))
        else:
            value = marshal.loads(data)
        setattr(self, name, value)
        return value


def load(key: str) -> State | None:
    """The state of that key, without its records."""
    opened = cache.open_parts(KIND, key)
    if opened is None:
        return None
    try:
        form, values, spots = marshal.loads(opened.head)
        if form != _FORM or {*values, *spots} != {*COLUMNS, _RECORDS}:
            return None
    except (ValueError, EOFError, TypeError):
        return None
    table = b""

    def fetch(file: int) -> Packed:
        nonlocal table
        table = table or _fetched(opened, spots[_RECORDS])
        return undump(_fetched(opened, _SPOT.unpack_from(table, file * _SPOT.size)))

    return State(_Stored.begin(opened, values, spots), fetch)


def save(key: str, columns: Columns, records: Iterable[bytes]) -> None:
    """Keep a state, with its records as ``dump`` gives them; quietly nothing when that cannot be done."""
    values: dict[str, Any] = {}
    spots: dict[str, Spot] = {}

    def parts() -> Iterator[bytes]:
        written = _Written()
        yield from written.many(records, spots, _RECORDS)
        for name in COLUMNS:
            value = getattr(columns, name)
            if name in _IN_PIECES:
                yield from written.many(pieces(value), spots, name)
                continue
            data = marshal.dumps(value)
            if len(data) < _LARGE:
                values[name] = value
            else:
                spots[name] = written.spot(data)
                yield data

    def head() -> bytes:
        return marshal.dumps((_FORM, values, spots))

    cache.write_parts(KIND, key, parts(), head, kept=KEPT, most_bytes=MOST_BYTES)


class _Written:
    """The parts of a file, one behind the other."""

    def __init__(self) -> None:
        self._end = 0

    def spot(self, data: bytes) -> Spot:
        """Where a part goes that is written now."""
        spot = (self._end, len(data), crc32(data))
        self._end += len(data)
        return spot

    def many(self, parts: Iterable[bytes], spots: dict[str, Spot], name: str) -> Iterator[bytes]:
        """Parts, and behind them one that says where each of them is: its place is noted under a name."""
        table = bytearray()
        for data in parts:
            table += _SPOT.pack(*self.spot(data))
            yield data
        spots[name] = self.spot(bytes(table))
        yield bytes(table)


def _fetched(opened: cache.Parts, spot: Spot) -> bytes:
    """A part as it was written.

    Raises:
        LostRecordError: it is something else now.
    """
    offset, length, check = spot
    data = opened.part(offset, length)
    if len(data) != length or crc32(data) != check:
        raise LostRecordError
    return data
