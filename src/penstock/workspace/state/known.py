"""The state that an earlier run has left of a rollout.

Takes a root, its configuration and its rules; gives the key of their state, and the state of a key.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from penstock import cache
from penstock.manifest.packed import Packed
from penstock.policy import Policy
from penstock.source.shown import absolute
from penstock.workspace.config import Config
from penstock.workspace.intakes import read_all
from penstock.workspace.reading import baseline_path
from penstock.workspace.roots import Root
from penstock.workspace.rulebook import RuleBook
from penstock.workspace.state.columns import Columns, State
from penstock.workspace.state.sight import prefix_of
from penstock.workspace.state.store import LostRecordError, load


def state_of(key: str) -> State | None:
    """The state of that key. A record that is lost is read from its file again, if that is what it was."""
    state = load(key)
    if state is not None:
        state.fetch = partial(_found, state.fetch, state.columns)
    return state


def _found(fetch: Callable[[int], Packed], columns: Columns, file: int) -> Packed:
    """The record of a file, from the file itself where it is lost and the file is what it was."""
    try:
        return fetch(file)
    except LostRecordError:
        (read,) = read_all([columns.files[file]])
        if read.content != columns.contents[file]:
            raise
        return read.record


def state_key(root: Root, config: Config, book: RuleBook) -> str:
    """What a state depends on besides the manifests and the day."""
    parts = [
        str(root.folder),
        prefix_of(root) or str(absolute(".")),
        *((config.file.path, config.file.text) if config.file is not None else ()),
        str(baseline_path(root, config)),
        *(f"{pack.name} {pack.digest}" for pack in book.packs),
        *map(_in_force, book.policies),
    ]
    return cache.key(*parts)


def _in_force(policy: Policy) -> str:
    """How a policy is in force: severity and parameters, as the configuration and the day have them.

    With the pack, the configuration and the notice the severities of its validations are given as well.
    """
    return repr((policy.rule.id, policy.rule.severity, sorted(policy.values.items()), policy.notice))
