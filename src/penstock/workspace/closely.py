"""Files read as ``intakes`` reads them, each step of each file told: what a profile is made from.

Takes whoever follows the run; gives what takes the place of ``read_all``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from penstock.cache import digest
from penstock.course import PACKING, PARSING, READING, SCHEMA, Course
from penstock.manifest.intake import intake
from penstock.manifest.packed import pack
from penstock.source import read_bytes, read_path
from penstock.source.files import raw_content
from penstock.workspace.intakes import Read


def reader(course: Course) -> Callable[[Sequence[str]], Iterator[Read]]:
    """``read_all``, step by step."""
    return lambda names: (_read(name, course) for name in names)


def _read(name: str, course: Course) -> Read:
    path = Path(name)
    with course.part(READING):
        try:
            raw = raw_content(path)
        except (OSError, ValueError):
            raw = None
    with course.part(PARSING):
        reading = read_path(path, name) if raw is None else read_bytes(raw, name)
    with course.part(SCHEMA):
        given = intake(reading)
    with course.part(PACKING):
        return Read(pack(given), digest(raw) if raw is not None else b"")
