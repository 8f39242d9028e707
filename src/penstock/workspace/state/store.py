"""A state's file in the cache: columns, checked as a whole, and records, each checked when it is fetched.

Takes a key and a state; gives it back, or None. What is read was written by this user's penstock of the same code.
"""

from __future__ import annotations

import marshal
import pickle
from binascii import crc32
from collections.abc import Iterable, Iterator
from typing import cast

from penstock import cache
from penstock.manifest.packed import Packed
from penstock.workspace.state.columns import Columns, State

KIND = "states"
KEPT = 16
MOST_BYTES = 1024 * 1024 * 1024


class LostRecordError(Exception):
    """A record is not what was written: the run has to begin again without the state."""


def load(key: str) -> State | None:
    """The state of that key, without its records."""
    opened = cache.open_parts(KIND, key)
    if opened is None:
        return None
    try:
        form, spots, plain = marshal.loads(opened.head)
        if form != _FORM:
            return None
        columns = Columns(*plain)
    except (ValueError, EOFError, TypeError):
        return None

    def fetch(file: int) -> Packed:
        offset, length, check = spots[file]
        data = opened.part(offset, length)
        if len(data) != length or crc32(data) != check:
            raise LostRecordError
        return cast("Packed", pickle.loads(data))

    return State(columns, fetch)


def save(key: str, columns: Columns, records: Iterable[Packed]) -> None:
    """Keep a state; quietly nothing when that cannot be done."""
    spots: list[tuple[int, int, int]] = []

    def parts() -> Iterator[bytes]:
        offset = 0
        for record in records:
            data = pickle.dumps(record, pickle.HIGHEST_PROTOCOL)
            spots.append((offset, len(data), crc32(data)))
            offset += len(data)
            yield data

    def head() -> bytes:
        return marshal.dumps((_FORM, spots, columns.plain()))

    cache.write_parts(KIND, key, parts(), head, kept=KEPT, most_bytes=MOST_BYTES)


_FORM = 2
