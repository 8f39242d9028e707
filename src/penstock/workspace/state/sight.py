"""The files of a rollout as they are, where a state can tell of them.

Takes a root, the options of a run and what discovery found; gives ``Sight``. Reads no manifest.
"""

from __future__ import annotations

from collections.abc import Mapping

from penstock import cache
from penstock.answers.stamps import Stamp
from penstock.cel.registry import ENGINES
from penstock.record import dataclass
from penstock.source import Discovery
from penstock.source.shown import shown, shown_all
from penstock.workspace.config import Config
from penstock.workspace.options import Options
from penstock.workspace.reading import baseline_path
from penstock.workspace.roots import Root

LEAST = 100
"""Rollouts of fewer files are read whole."""


@dataclass(frozen=True, slots=True)
class Sight:
    """The files of a rollout as they are."""

    names: tuple[str, ...]
    """As shown to the user, in order."""
    stamps: tuple[Stamp, ...]
    since: int
    """What changed after this moment may change again without its stamp."""
    parts: Mapping[str, bytes]
    shape: bytes
    """As ``Discovery`` has them."""


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
    if not is_usual(options):
        return None
    folder, prefix = f"{root.folder}/", prefix_of(root)
    baseline = baseline_path(root, config)
    names = shown_all(found.files) if prefix is None else [prefix + name for name in found.names]
    given = sorted(
        (each, folder + name, stamp) for each, name, stamp in zip(names, found.names, found.stamps, strict=True)
    )
    if baseline is not None:
        left_out = str(baseline)
        given = [each for each in given if each[1] != left_out]
    if root.scope:
        known = {path for _, path, _ in given}
        if any(path.is_file() and str(path) not in known for path in root.scope):
            return None
    ordered, _, stamps = zip(*given, strict=True)
    return Sight(ordered, stamps, found.since, found.parts, found.shape)


def prefix_of(root: Root) -> str | None:
    """What stands before the path of each file below a root where it is shown.

    None where the working directory is further down: what is in there is shown without the way up.
    """
    top = shown(root.folder)
    if top.rpartition("/")[2] == "..":
        return None
    return "" if top == "." else f"{top}/"


def is_usual(options: Options) -> bool:
    """Whether a check is of the kind that a state is kept of."""
    return not (
        options.revision is not None or options.stdin or options.schema_only or options.engine != ENGINES[0]
    )
