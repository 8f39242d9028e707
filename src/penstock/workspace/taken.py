"""The manifests of a rollout, read and linked: whole, or as an earlier run left them and what has changed since.

Takes a root and what its check is made by; gives ``Taken``. Touches the file system. Whichever way was gone, what
comes of it is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from penstock.course import LINKING, PARSING, READ, SCHEMA, Course
from penstock.manifest.intake import Intake, intake
from penstock.manifest.load import Loaded, link
from penstock.policy.swept import Swept
from penstock.record import dataclass
from penstock.source import Discovery, SourceFile
from penstock.source.on_disk import FileOnDisk
from penstock.source.shown import shown
from penstock.workspace.config import Config
from penstock.workspace.intakes import take_in
from penstock.workspace.options import Options
from penstock.workspace.reading import read_rollout
from penstock.workspace.roots import Root


@dataclass(frozen=True, slots=True)
class Taken:
    """A rollout's manifests."""

    loaded: Loaded
    files: Sequence[str]
    """The files, as shown to the user, in order."""
    file: Callable[[str], SourceFile]
    """One of the files."""
    filled: Callable[[], Iterable[str]]
    """The files that hold anything, right or wrong."""
    swept: Swept | None = None
    """What the policies say of it, where that is known already."""


def take_whole(root: Root, config: Config, options: Options, found: Discovery | None) -> Taken:
    """Read every file. Data that is compared with an earlier state is looked at too often to be packed."""
    course, edited = options.course, options.stdin
    if options.revision is None:
        intakes = take_in(root, config, edited=edited, narrow=options.schema_only, found=found, course=course)
        return _linked(root, config, intakes, course)
    with course.part(PARSING):
        readings = read_rollout(root, config, edited=edited, found=found)
        course.count(READ, len(readings))
    with course.part(SCHEMA):
        given = list(map(intake, readings))
    return _linked(root, config, given, course)


def _linked(root: Root, config: Config, intakes: Iterable[Intake], course: Course) -> Taken:
    """What was read, linked."""
    files: dict[str, SourceFile] = {}
    empty: set[str] = set()

    def noted() -> Iterator[Intake]:
        for each in intakes:
            files[each.file.path] = each.file
            if not each.filled:
                empty.add(each.file.path)
            yield each

    with course.part(LINKING):
        loaded = link(config.name, shown(root.folder), noted(), lambda: config.location)
    return Taken(loaded, tuple(files), files.__getitem__, lambda: (name for name in files if name not in empty))


def on_disk(path: str) -> SourceFile:
    """A file that is read when its text is asked for."""
    return FileOnDisk(path, commented=False)
