"""The value of an expression: on one line, as an expression would write it, or as data for YAML and JSON.

Takes any native value. A line is cut to the room there is and safe to print; a manifest is shown as its
``Kind/name``.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from math import isfinite

from penstock.cel.moments import duration_text, timestamp_text
from penstock.cel.types import Type
from penstock.cel.values import Optional, UInt
from penstock.manifest.paths import value_at
from penstock.render.escape import visible
from penstock.render.width import columns

CUT = "…"
_DEEPEST = 4
_LONG = 1_000_000
_NAMES = 32


def shown(value: object, room: int = 60) -> str:
    """The value in at most ``room`` columns."""
    return fitted(visible(_text(value, room, _DEEPEST)), room)


def label(value: object) -> str:
    """What to call a value among others of its sort: its name where it has one, else the value."""
    for path in (("metadata", "name"), ("name",)):
        name = value_at(value, path)
        if isinstance(name, str) and name:
            return fitted(visible(name), _NAMES)
    return shown(value, _NAMES)


def fitted(text: str, room: int) -> str:
    """The text, cut at the end where it takes more than ``room`` columns."""
    if columns(text) <= room:
        return text
    kept: list[str] = []
    left = room - 1
    for char in text:
        left -= columns(char)
        if left < 0:
            break
        kept.append(char)
    return "".join(kept) + CUT


def as_data(value: object) -> object:
    """The value in what JSON has: timestamps and durations as text, bytes in base64, an optional as its value."""
    if isinstance(value, Optional):
        return as_data(value.value) if value.present else None
    if isinstance(value, Mapping):
        return {key if isinstance(key, str) else shown(key): as_data(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_data(item) for item in value]
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    if isinstance(value, UInt):
        return int(value)
    if isinstance(value, float) and not isfinite(value):
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    return value if value is None or isinstance(value, (str, bool, int, float)) else _scalar(value, _LONG)


def _text(value: object, room: int, depth: int) -> str:
    if isinstance(value, str):
        # What is behind the cut anyway need not be written out.
        return json.dumps(value[: room + 1], ensure_ascii=False)
    if isinstance(value, Mapping):
        return _mapping(value, room, depth)
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return f"[{_listed((_text(item, room, depth - 1) for item in value), len(value), room, depth)}]"
    if isinstance(value, Optional):
        return f"optional.of({_text(value.value, room, depth)})" if value.present else "optional.none()"
    return _scalar(value, room)


def _scalar(value: object, room: int) -> str:
    if isinstance(value, UInt):
        return f"{int(value)}u"
    if isinstance(value, datetime):
        return timestamp_text(value)
    if isinstance(value, timedelta):
        return duration_text(value)
    if isinstance(value, Type):
        return value.name
    if isinstance(value, bytes):
        return "b" + json.dumps(value[: room + 1].decode("utf-8", "backslashreplace"), ensure_ascii=False)
    if value is None or isinstance(value, (bool, int, float)):
        return json.dumps(value)
    return str(value)


def _mapping(value: Mapping[object, object], room: int, depth: int) -> str:
    kind, name = value_at(value, ("kind",)), value_at(value, ("metadata", "name"))
    if isinstance(kind, str) and isinstance(name, str):
        return f"{kind}/{name}"
    entries = (f"{_key(key, room)}: {_text(item, room, depth - 1)}" for key, item in value.items())
    return f"{{{_listed(entries, len(value), room, depth)}}}"


def _key(key: object, room: int) -> str:
    return key if isinstance(key, str) and key.isidentifier() else _text(key, room, 0)


def _listed(texts: Iterator[str], count: int, room: int, depth: int) -> str:
    """As many of the texts as have room, and how many more there are."""
    if depth <= 0 and count:
        return CUT
    taken: list[str] = []
    length = 0
    for text in islice(texts, 50):
        length += columns(text) + 2
        if taken and length > room - 12:
            break
        taken.append(text)
    more = [f"{CUT} {count - len(taken)} more"] if len(taken) < count else []
    return ", ".join([*taken, *more])
