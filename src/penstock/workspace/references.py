"""The entries of ``packs`` in a configuration -> references, or what is wrong with each and where.

Takes the configuration's data, before or after the schema has looked at it. What an entry is shaped like is the
schema's business; what it names is this one's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from penstock.manifest.paths import value_at
from penstock.model import Path
from penstock.policy import BUILT_IN, Reference
from penstock.policy.reference import FIELDS, WrongReferenceError, of_data


def references_of(data: Mapping[str, object]) -> tuple[Reference, ...]:
    """The packs that a configuration without faults names; the built-in one when it names none."""
    given = cast("list[str | dict[str, str]]", data.get("packs", [BUILT_IN]))
    return tuple(map(of_data, given))


def wrong_references(data: object) -> Iterator[tuple[Path, WrongReferenceError]]:
    """Each entry that names no pack, with the place of what is wrong with it."""
    given = value_at(data, ("packs",))
    for index, entry in enumerate(given if isinstance(given, list) else ()):
        if not _is_shaped(entry):
            continue
        try:
            of_data(entry)
        except WrongReferenceError as fault:
            yield ("packs", index, *((fault.field,) if fault.field else ())), fault


def _is_shaped(entry: object) -> bool:
    if isinstance(entry, dict):
        return entry.keys() <= FIELDS and all(isinstance(value, str) for value in entry.values())
    return isinstance(entry, str)
