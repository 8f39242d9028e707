"""The packs that a configuration names, as they are here: for ``penstock pack list``.

Takes a configuration and its folder; gives an ``Item`` for each pack that can be used. Reaches no network.
"""

from __future__ import annotations

from pathlib import Path

from penstock.cel.registry import ENGINES
from penstock.errors import GroupedError, PenstockError
from penstock.policy import GitReference
from penstock.policy.lock import read_lock
from penstock.record import dataclass
from penstock.workspace.config import Config
from penstock.workspace.packs import Packs


@dataclass(frozen=True, slots=True)
class Item:
    """One pack in use."""

    name: str
    version: str
    title: str
    origin: str
    """Where its files are from, in words."""
    revision: str | None
    """What the configuration names, for a pack from git."""
    commit: str | None
    digest: str
    rules: int
    """How many policies it has."""


def inventory(config: Config, base: Path, faults: list[PenstockError]) -> list[Item]:
    """The packs, in the order of the configuration; what keeps one from being used is added to ``faults``."""
    packs = Packs(ENGINES[0], examples=False)
    items: list[Item] = []
    for index, reference in enumerate(config.packs):
        try:
            pack = packs.one(config, index, base)
        except GroupedError as group:
            faults += group.errors
            continue
        git = reference if isinstance(reference, GitReference) else None
        commit = read_lock(base, git).get(git).commit if git else None
        revision = git.revision if git else None
        rules = len(pack.policies)
        items.append(Item(pack.name, pack.version, pack.title, pack.origin, revision, commit, pack.digest, rules))
    return items
