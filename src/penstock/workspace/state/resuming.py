"""A rollout taken from its state where nothing but the content of some manifests can have changed since.

Takes what ``taking`` takes, with a discovery that another walk has put off; gives ``Taken``, or None where it has
to be known which files there are. What it spares is whatever is done for each file: naming, sorting, comparing.
"""

from __future__ import annotations

from bisect import bisect_left

from penstock import cache
from penstock.answers.walk import differing
from penstock.course import JUDGED, STATE
from penstock.policy.sweep import sweep_for
from penstock.source.late_discovery import LateDiscovery
from penstock.source.shown import shown
from penstock.workspace.config import Config
from penstock.workspace.intakes import read_named
from penstock.workspace.options import Options
from penstock.workspace.roots import Root
from penstock.workspace.rulebook import RuleBook
from penstock.workspace.state.columns import Columns
from penstock.workspace.state.known import state_key, state_of
from penstock.workspace.state.recall import recall
from penstock.workspace.state.sight import is_usual, prefix_of
from penstock.workspace.state.store import LostRecordError
from penstock.workspace.state.taking import DRIFT, taken_of
from penstock.workspace.taken import Taken


def resume(
    root: Root, config: Config, book: RuleBook, as_of: str, options: Options, found: LateDiscovery
) -> Taken | None:
    """The rollout, if its state is of the same files and day, and few of them have changed."""
    if root.scope or not is_usual(options) or not (options.cached and cache.is_on()):
        return None
    course = options.course
    try:
        with course.part(STATE):
            state = state_of(state_key(root, config, book))
            if state is None or state.columns.as_of != as_of:
                return None
            columns = state.columns
            files = _changed(root, columns, found)
            if files is None or len(files) > DRIFT * len(columns.files):
                return None
            found.adopt()
        read = dict(zip(files, read_named([columns.files[file] for file in files], course), strict=True))
        with course.part(STATE):
            recalled = recall(
                state,
                {file: each.record for file, each in read.items() if each.content != columns.contents[file]},
                (config.name, shown(root.folder)),
                lambda rollout: sweep_for(rollout, book.policies, as_of, course=course),
                as_of,
                course,
            )
    except LostRecordError:
        return None
    if recalled is None:
        return None
    course.count(JUDGED, recalled.judged)
    return taken_of(recalled, columns)


def _changed(root: Root, columns: Columns, found: LateDiscovery) -> list[int] | None:
    """The numbers of the files that may have changed; None where others may have come or gone."""
    if not columns.shape or columns.shape != found.shape:
        return None
    prefix, paths = prefix_of(root), differing(columns.walk, found.parts)
    if prefix is None or paths is None:
        return None
    names = [prefix + path for path in paths]
    numbers = [bisect_left(columns.files, name) for name in names]
    if any(columns.files[number : number + 1] != [name] for number, name in zip(numbers, names, strict=True)):
        return None
    return sorted({*columns.young, *numbers})
