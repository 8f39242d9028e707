"""A rollout taken from its state, as far as there is one, and the state kept for the next run.

Takes a root, its configuration, its rules and the files that discovery found; gives ``Taken`` with the judgements
made. Small rollouts are read whole: that is done before a state is found.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress

from penstock import cache
from penstock.answers.stamps import Stamp, is_young
from penstock.cel.registry import ENGINES
from penstock.course import JUDGED, PACKING, SAVING, STATE, UNFOLLOWED, Course
from penstock.manifest.packed import BytesShelf, FileShelf, unpack
from penstock.manifest.rollout import Rollout
from penstock.policy import Policy
from penstock.policy.sweep import Sweep, judgements, sweep_for, swept
from penstock.record import dataclass
from penstock.source import Discovery
from penstock.source.shown import shown
from penstock.workspace.config import Config
from penstock.workspace.intakes import Read, read_named
from penstock.workspace.options import Options
from penstock.workspace.reading import baseline_path
from penstock.workspace.roots import Root
from penstock.workspace.rulebook import RuleBook
from penstock.workspace.state.columns import Columns, State
from penstock.workspace.state.keep import columns_of
from penstock.workspace.state.memory import Memory
from penstock.workspace.state.recall import recall
from penstock.workspace.state.store import LostRecordError, load, save
from penstock.workspace.taken import Taken, linked, on_disk

LEAST = 100
"""Rollouts of fewer files are read whole."""
_MANY = 0.25
"""Where more than this part of the files has changed, all is judged again."""
_DRIFT = 0.01
"""Where more than this part of the files has changed since, the state is written anew."""
_LARGE = 20_000
"""Of rollouts of more files than this, packed data goes to a file: it would take more memory than all else."""
_YOUNG: Stamp = (0, 0, 0, 0, 0)
"""No file's stamp: one that changed a moment ago is known by its content."""


@dataclass(frozen=True, slots=True)
class Sight:
    """The files of a rollout as they are."""

    names: tuple[str, ...]
    """As shown to the user, in order."""
    stamps: tuple[Stamp, ...]
    since: int
    """What changed after this moment may change again without its stamp."""


def sight_of(
    root: Root, config: Config, options: Options, found: Discovery | None, *, remembered: bool = False
) -> Sight | None:
    """The files, where a state can tell of them; None for what is to be read whole.

    ``remembered`` is whether the state is kept in memory, so that nothing has to be kept on disk.
    """
    if found is None or found.unreadable or len(found.names) < LEAST:
        return None
    if not remembered and not (options.cached and cache.is_on()):
        return None
    if options.revision is not None or options.stdin or options.schema_only or options.engine != ENGINES[0]:
        return None
    folder, top = f"{root.folder}/", shown(root.folder)
    prefix = "" if top == "." else f"{top}/"
    baseline = baseline_path(root, config)
    given = sorted(
        (prefix + name, folder + name, stamp) for name, stamp in zip(found.names, found.stamps, strict=True)
    )
    if baseline is not None:
        left_out = str(baseline)
        given = [each for each in given if each[1] != left_out]
    if root.scope:
        known = {path for _, path, _ in given}
        if any(path.is_file() and str(path) not in known for path in root.scope):
            return None
    names, _, stamps = zip(*given, strict=True)
    return Sight(names, stamps, found.since)


def take_known(
    root: Root,
    config: Config,
    book: RuleBook,
    as_of: str,
    sight: Sight,
    memory: Memory | None = None,
    course: Course = UNFOLLOWED,
) -> Taken:
    """The rollout, from its state where there is one that fits: in memory, or on disk."""
    with course.part(STATE):
        key, state = _known(root, config, book, memory)
    try:
        return _Taking(root, config, book, as_of, sight, key, state, memory, course).take()
    except LostRecordError:
        return _Taking(root, config, book, as_of, sight, key, None, memory, course).take()


def _known(root: Root, config: Config, book: RuleBook, memory: Memory | None) -> tuple[str, State | None]:
    """The state that fits, if there is one, and its key."""
    if memory is None:
        key = _key(root, config, book)
        return key, load(key)
    if memory.key is None or memory.key[0] is not book:
        memory.key = book, _key(root, config, book)
    key = memory.key[1]
    # What fails while a state is brought up to date leaves one behind that nobody may use.
    known, memory.known = memory.known, None
    return key, known[1] if known and known[0] == key else load(key) if memory.on_disk else None


def save_remembered(memory: Memory) -> None:
    """Have the next process find what this one knows."""
    if memory.known is None or not memory.unsaved or not memory.on_disk:
        return
    key, state = memory.known
    try:
        save(key, state.columns, map(state.record, range(len(state.columns.files))))
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
        self._policies = [policy for policy in book.policies if not policy.is_change_rule]
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
        if len(newer) > _MANY * len(sight.names):
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
        self._course.count(JUDGED, recalled.judged)
        if self._memory is not None:
            self._memory.known = self._key, state
            self._memory.unsaved |= dated or len(state.newer) > _DRIFT * len(sight.names)
        elif dated or len(read) > _DRIFT * len(sight.names):
            with self._course.part(SAVING):
                save(self._key, columns, map(state.record, range(len(sight.names))))
        return Taken(
            recalled.loaded,
            sight.names,
            on_disk,
            lambda: (name for file, name in enumerate(sight.names) if file not in columns.empty),
            recalled.swept,
        )

    def _whole(self, known: dict[int, Read]) -> Taken:
        """Read what is not known, and judge everything."""
        if self._memory is not None:
            known = self._remembered(self._memory) | known
        course = self._course
        missing = [file for file in range(len(self._sight.names)) if file not in known]
        shelf = _shelf(len(self._sight.names))
        known = {file: _kept(each, shelf) for file, each in known.items()}
        for start in range(0, len(missing), _LARGE):
            some = missing[start : start + _LARGE]
            for file, each in zip(some, self._read(some), strict=True):
                known[file] = _kept(each, shelf)
        read = [known[file] for file in range(len(self._sight.names))]
        with course.part(PACKING):
            intakes = [unpack(each.record, shelf) for each in read]
        taken = linked(self._root, self._config, intakes, course)
        rollout = taken.loaded.rollout
        sweep = self._sweep(rollout)
        made = judgements(sweep, rollout.resources, course)
        with course.part(SAVING):
            stamps = [self._stamp(file) for file in range(len(read))]
            records = [each.record for each in read]
            contents = [each.content for each in read]
            columns = columns_of(taken.loaded, records, stamps, contents, made, self._as_of)
            if self._memory is not None:
                self._remember(self._memory, columns, read, shelf)
            elif columns is not None:
                save(self._key, columns, map(shelf.whole, records))
        return Taken(taken.loaded, taken.files, taken.file, taken.filled, swept(rollout, sweep, made))

    def _unchanged(
        self, state: State, places: Sequence[int | None], newer: dict[int, Read] | None = None
    ) -> dict[int, Read]:
        """The records that still hold, by number now; ``places`` are their numbers in the state."""
        known = dict(newer or {})
        for file, place in enumerate(places):
            if file not in known and place is not None and state.columns.stamps[place] == self._sight.stamps[file]:
                known[file] = Read(state.record(place), state.columns.contents[place])
        return known

    def _remember(self, memory: Memory, columns: Columns | None, read: Sequence[Read], shelf: BytesShelf) -> None:
        """Keep what was made for the next check of this process; at first also on disk, and from there."""
        memory.read.clear()
        if columns is None:
            # What makes the rollout unfit may be gone the next time: then what was known before is of use again.
            memory.known = (self._key, self._state) if self._state is not None else None
            for name, stamp, each in zip(self._sight.names, self._sight.stamps, read, strict=True):
                memory.read[name] = stamp, each._replace(record=shelf.whole(each.record))
            return
        state = None
        if self._state is None and memory.on_disk:
            save(self._key, columns, (shelf.whole(each.record) for each in read))
            state = load(self._key)
        else:
            memory.unsaved = True
        memory.known = self._key, state or State(columns, lambda file: shelf.whole(read[file].record))

    def _remembered(self, memory: Memory) -> dict[int, Read]:
        """What was read of an unfit rollout and still holds."""
        known = {}
        for file, (name, stamp) in enumerate(zip(self._sight.names, self._sight.stamps, strict=True)):
            before, read = memory.read.get(name, (_YOUNG, None))
            if read is not None and before == stamp and not is_young(stamp, self._sight.since):
                known[file] = read
        return known

    def _sweep(self, rollout: Rollout) -> Sweep:
        return sweep_for(rollout, self._policies, self._as_of, course=self._course)

    def _read(self, files: Sequence[int]) -> list[Read]:
        return read_named([self._sight.names[file] for file in files], self._course)

    def _stamp(self, file: int) -> Stamp:
        stamp = self._sight.stamps[file]
        return _YOUNG if is_young(stamp, self._sight.since) else stamp


def _shelf(files: int) -> BytesShelf:
    """Where packed data is kept: in a file, if it is much and there is room for one."""
    if files > _LARGE and hasattr(os, "pread"):
        with suppress(OSError):
            return FileShelf()
    return BytesShelf()


def _kept(read: Read, shelf: BytesShelf) -> Read:
    return read._replace(record=shelf.kept(read.record))


def _key(root: Root, config: Config, book: RuleBook) -> str:
    """What a state depends on besides the manifests and the day."""
    parts = [
        str(root.folder),
        shown(root.folder),
        *((config.file.path, config.file.text) if config.file is not None else ()),
        str(baseline_path(root, config)),
        *(f"{pack.name} {pack.digest}" for pack in book.packs),
        *map(_in_force, book.policies),
    ]
    return cache.key(*parts)


def _in_force(policy: Policy) -> str:
    """How a policy is in force: severities and parameters, as the configuration and the day have them."""
    weights = [each.severity for each in policy.validations]
    return repr((policy.rule.id, policy.rule.severity, weights, sorted(policy.values.items()), policy.notice))
