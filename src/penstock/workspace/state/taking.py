"""A rollout taken from its state, as far as there is one, and the state kept for the next run.

Takes a root, its configuration, its rules and the files that discovery found; gives ``Taken`` with the judgements
made. Small rollouts are read whole: that is done before a state is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from penstock.answers.stamps import Stamp, is_young
from penstock.course import JUDGED, LINKING, SAVING, STATE, UNFOLLOWED, Course
from penstock.manifest.load import link
from penstock.manifest.packed import BytesShelf, dump, shelf_for
from penstock.manifest.rollout import Rollout
from penstock.policy.sweep import Sweep, judgements, sweep_for
from penstock.policy.swept import outcomes, swept
from penstock.source.shown import shown
from penstock.workspace.config import Config
from penstock.workspace.intakes import Read, read_named
from penstock.workspace.roots import Root
from penstock.workspace.rulebook import RuleBook
from penstock.workspace.state.columns import Columns, State
from penstock.workspace.state.keep import columns_of, is_fit, readers_of
from penstock.workspace.state.known import state_key, state_of
from penstock.workspace.state.memory import Memory
from penstock.workspace.state.readers import Readers
from penstock.workspace.state.recall import Recalled, recall
from penstock.workspace.state.sight import Sight
from penstock.workspace.state.store import LostRecordError, save
from penstock.workspace.taken import Taken, on_disk

MANY = 0.25
"""Where more than this part of the files has changed, all is judged again."""
DRIFT = 0.01
"""Where more than this part of the files has changed since, the state is written anew."""
_YOUNG: Stamp = (0, 0, 0, 0, 0)
"""No file's stamp: one that changed a moment ago is known by its content."""


def take_known(
    root: Root,
    config: Config,
    book: RuleBook,
    as_of: str,
    sight: Sight,
    memory: Memory | None = None,
    course: Course = UNFOLLOWED,
    *,
    harmed: bool = False,
) -> Taken:
    """The rollout, from its state where there is one that fits: in memory, or on disk.

    ``harmed`` is whether the state on disk turned out to be none.
    """
    with course.part(STATE):
        key, state = _known(root, config, book, memory)
        state = None if harmed else state
    try:
        return _Taking(root, config, book, as_of, sight, key, state, memory, course).take()
    except LostRecordError:
        return _Taking(root, config, book, as_of, sight, key, None, memory, course).take()


def _known(root: Root, config: Config, book: RuleBook, memory: Memory | None) -> tuple[str, State | None]:
    """The state that fits, if there is one, and its key."""
    if memory is None:
        key = state_key(root, config, book)
        return key, state_of(key)
    if memory.key is None or memory.key[0] is not book:
        memory.key = book, state_key(root, config, book)
    key = memory.key[1]
    # What fails while a state is brought up to date leaves one behind that nobody may use.
    known, memory.known = memory.known, None
    return key, known[1] if known and known[0] == key else state_of(key) if memory.on_disk else None


def save_remembered(memory: Memory) -> None:
    """Have the next process find what this one knows."""
    if memory.known is None or not memory.unsaved or not memory.on_disk:
        return
    key, state = memory.known
    try:
        save(key, state.columns, (dump(state.record(file)) for file in range(len(state.columns.files))))
    except LostRecordError:
        return
    memory.unsaved = False


class _Taking:
    """One rollout being taken in."""

    def __init__(
        self,
        root: Root,
        config: Config,
        book: RuleBook,
        as_of: str,
        sight: Sight,
        key: str,
        state: State | None,
        memory: Memory | None,
        course: Course,
    ) -> None:
        self._root = root
        self._config = config
        self._policies = book.policies
        self._as_of = as_of
        self._sight = sight
        self._key = key
        self._state = state
        self._memory = memory
        self._course = course

    def take(self) -> Taken:
        """The rollout and its judgements, the way that is shortest."""
        sight, state = self._sight, self._state
        if state is None:
            return self._whole({})
        if list(sight.names) != state.columns.files:
            places = {name: file for file, name in enumerate(state.columns.files)}
            return self._whole(self._unchanged(state, [places.get(name) for name in sight.names]))
        differing = [
            file
            for file, (before, now) in enumerate(zip(state.columns.stamps, sight.stamps, strict=True))
            if before != now
        ]
        read = dict(zip(differing, self._read(differing), strict=True))
        newer = {file: each for file, each in read.items() if each.content != state.columns.contents[file]}
        if len(newer) > MANY * len(sight.names):
            return self._whole(self._unchanged(state, list(range(len(sight.names))), newer))
        dated = state.columns.as_of != self._as_of
        columns = state.columns
        with self._course.part(STATE):
            recalled = recall(
                state,
                {file: each.record for file, each in newer.items()},
                (self._config.name, shown(self._root.folder)),
                self._sweep,
                self._as_of,
                self._course,
            )
        if recalled is None:
            return self._whole(self._unchanged(state, list(range(len(sight.names))), newer))
        for file, each in read.items():
            columns.stamps[file], columns.contents[file] = self._stamp(file), each.content
        self._note_walk(columns)
        self._course.count(JUDGED, recalled.judged)
        if self._memory is not None:
            self._memory.known = self._key, state
            self._memory.unsaved |= dated or len(state.newer) > DRIFT * len(sight.names)
        elif dated or len(read) > DRIFT * len(sight.names):
            with self._course.part(SAVING):
                save(self._key, columns, (dump(state.record(file)) for file in range(len(sight.names))))
        return taken_of(recalled, columns)

    def _whole(self, known: Mapping[int, Callable[[], Read]]) -> Taken:
        """Read what is not known, and judge everything."""
        if self._memory is not None:
            known = {**self._remembered(self._memory), **known}
        course = self._course
        missing = [file for file in range(len(self._sight.names)) if file not in known]
        names = self._sight.names
        shelf, contents = shelf_for(len(names)), []
        read = self._read(missing)
        for file in range(len(names)):
            each = known[file]() if file in known else next(read)
            shelf.put(each.record)
            contents.append(each.content)
        next(read, None)  # to its end: whoever follows the run is told of it
        with course.part(LINKING):
            given = shelf.intakes()
            loaded = link(self._config.name, shown(self._root.folder), given, lambda: self._config.location)
        rollout, fit = loaded.rollout, is_fit(loaded)
        sweep, readers = self._sweep(rollout), Readers()
        made = judgements(sweep, rollout.resources, course)
        found = outcomes(readers_of(made, readers, rollout.count) if fit else made)
        with course.part(SAVING):
            columns = None
            if fit:
                stamps = [self._stamp(file) for file in range(len(names))]
                columns = columns_of(loaded, shelf, stamps, contents, found, readers, self._as_of)
                self._note_walk(columns)
            if self._memory is not None:
                self._remember(self._memory, columns, shelf, contents)
            elif columns is not None:
                save(self._key, columns, shelf.dumped())
        empty = frozenset(shelf.empty)
        return Taken(
            loaded,
            names,
            shelf.file,
            lambda: (name for file, name in enumerate(names) if file not in empty),
            swept(rollout, sweep, found),
        )

    def _unchanged(
        self, state: State, places: Sequence[int | None], newer: dict[int, Read] | None = None
    ) -> dict[int, Callable[[], Read]]:
        """What still holds, by number now; ``places`` are the files' numbers in the state."""
        known: dict[int, Callable[[], Read]] = {file: partial(_same, each) for file, each in (newer or {}).items()}
        for file, place in enumerate(places):
            if file not in known and place is not None and state.columns.stamps[place] == self._sight.stamps[file]:
                known[file] = partial(_fetched, state, place)
        return known

    def _remember(
        self, memory: Memory, columns: Columns | None, shelf: BytesShelf, contents: Sequence[bytes]
    ) -> None:
        """Keep what was made for the next check of this process; at first also on disk, and from there."""
        memory.read.clear()
        if columns is None:
            # What makes the rollout unfit may be gone the next time: then what was known before is of use again.
            memory.known = (self._key, self._state) if self._state is not None else None
            for file, (name, stamp) in enumerate(zip(self._sight.names, self._sight.stamps, strict=True)):
                memory.read[name] = stamp, Read(shelf.record(file), contents[file])
            return
        state = None
        if self._state is None and memory.on_disk:
            save(self._key, columns, shelf.dumped())
            state = state_of(self._key)
        else:
            memory.unsaved = True
        memory.known = self._key, state or State(columns, shelf.record)

    def _remembered(self, memory: Memory) -> dict[int, Callable[[], Read]]:
        """What was read of an unfit rollout and still holds."""
        known: dict[int, Callable[[], Read]] = {}
        for file, (name, stamp) in enumerate(zip(self._sight.names, self._sight.stamps, strict=True)):
            before, read = memory.read.get(name, (_YOUNG, None))
            if read is not None and before == stamp and not is_young(stamp, self._sight.since):
                known[file] = partial(_same, read)
        return known

    def _sweep(self, rollout: Rollout) -> Sweep:
        return sweep_for(rollout, self._policies, self._as_of, course=self._course)

    def _read(self, files: Sequence[int]) -> Iterator[Read]:
        return read_named([self._sight.names[file] for file in files], self._course)

    def _note_walk(self, columns: Columns) -> None:
        """Keep by what the next run knows the files again."""
        columns.walk, columns.shape = dict(self._sight.parts), self._sight.shape
        columns.young = [file for file, stamp in enumerate(columns.stamps) if stamp == _YOUNG]

    def _stamp(self, file: int) -> Stamp:
        stamp = self._sight.stamps[file]
        return _YOUNG if is_young(stamp, self._sight.since) else stamp


def _same(read: Read) -> Read:
    return read


def taken_of(recalled: Recalled, columns: Columns) -> Taken:
    """A rollout that was brought up to date."""
    return Taken(
        recalled.loaded,
        columns.files,
        on_disk,
        lambda: (name for file, name in enumerate(columns.files) if file not in columns.empty),
        recalled.swept,
    )


def _fetched(state: State, place: int) -> Read:
    return Read(state.record(place), state.columns.contents[place])
