"""One rollout -> what each of its files holds, packed: as many processes as pay read, parse and validate.

Takes a root and its configuration; touches the file system, gives intakes in the order of ``read_rollout``. Each
is made when it is asked for: a rollout takes little memory before it is linked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge
from pathlib import Path
from typing import NamedTuple

from penstock.cache import digest
from penstock.course import READ, READING, UNFOLLOWED, Course
from penstock.manifest.intake import Intake, intake
from penstock.manifest.packed import Packed, pack, shelf_for
from penstock.processes import spread
from penstock.source import Discovery, read_bytes, read_path
from penstock.source.files import raw_content
from penstock.source.shown import absolute, shown_all
from penstock.workspace.config import Config
from penstock.workspace.reading import is_manifest, paths_of
from penstock.workspace.roots import Root

WORTH = 400
"""So many files take about as long to read as it takes to start a process and get its results."""


def take_in(
    root: Root,
    config: Config,
    *,
    edited: tuple[str, bytes] | None = None,
    narrow: bool = False,
    found: Discovery | None = None,
    course: Course = UNFOLLOWED,
) -> Iterator[Intake]:
    """Read the files of a rollout.

    ``edited`` and ``found`` as for ``read_rollout``; ``narrow`` reads only what lies in the root's scope, for a
    check that looks at each file alone.
    """
    paths, unreadable = paths_of(root, config, found)
    if narrow:
        paths = [path for path in paths if root.covers(path)]
    replaced = absolute(edited[0]) if edited else None
    names = sorted(shown for path, shown in zip(paths, shown_all(paths), strict=True) if path != replaced)
    shelf = shelf_for(len(names))
    for each in read_named(names, course):
        shelf.put(each.record)
    others = []
    if edited and replaced and is_manifest(replaced, root, config):
        (shown,) = shown_all([replaced])
        others.append(intake(read_bytes(edited[1], shown)))
    others += map(intake, unreadable)
    course.count(READ, len(others))
    others.sort(key=_order)
    return merge(shelf.intakes(), others, key=_order)


def _order(given: Intake) -> str:
    return given.file.path


class Read(NamedTuple):
    """A file as it was read."""

    record: Packed
    content: bytes
    """The digest of its content; empty where it could not be read."""


def read_named(names: Sequence[str], course: Course = UNFOLLOWED) -> Iterator[Read]:
    """What each of the files holds, by as many processes as pay; they are named as for ``read_all``."""
    work: Callable[[Sequence[str]], Iterable[Read]] = read_all
    if course.closely:
        from penstock.workspace.closely import reader

        work = reader(course)
    course.count(READ, len(names))
    with course.part(READING):
        yield from spread(names, work, least=WORTH, course=course)


def read_all(names: Sequence[str]) -> Iterator[Read]:
    """What each of the files holds; they are named as a user at the working directory would."""
    return map(_read, names)


def _read(name: str) -> Read:
    try:
        raw = raw_content(name)
    except (OSError, ValueError):
        raw = None
    reading = read_path(Path(name), name) if raw is None else read_bytes(raw, name)
    return Read(pack(intake(reading)), digest(raw) if raw is not None else b"")
