"""What ``--on`` names: a file or folder, a resource, or a resource in a file.

Takes ``FILE``, ``FILE:RESOURCE``, ``Kind/name`` or a name; gives the rollout it belongs to and what is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from penstock.cel.registry import ENGINES
from penstock.errors import UsageError
from penstock.manifest import wording
from penstock.manifest.resource import Resource
from penstock.policy.judge import Subject, whole
from penstock.policy.model import ROLLOUT_KIND
from penstock.record import dataclass
from penstock.source.discovery import MARKER
from penstock.source.shown import absolute, shown
from penstock.workspace.opened import Opened, open_rollout

_RESOURCE = re.compile(r"[A-Z][A-Za-z]*/[^/\\\s]+|[^/\\\s.]+")
"""``Kind/name``, or a name."""
_ONE = "name one by its kind and name: Kind/name or FILE:Kind/name"


@dataclass(frozen=True, slots=True)
class Target:
    """What was named. At least one of the two is given."""

    given: str
    path: Path | None
    resource: str | None
    """``Kind/name``, or a name."""


def parse_target(given: str) -> Target:
    """The target that a word names: the file where there is one, else what stands before the last colon.

    Raises:
        UsageError: it names neither a file nor a resource.
    """
    if Path(given).exists():
        return Target(given, Path(given), None)
    file, colon, resource = given.rpartition(":")
    # C:\policies\acme.yaml is a path, not the resource \policies\acme.yaml of the file C.
    if colon and not (len(file) == 1 and resource[:1] in ("/", "\\")):
        if not Path(file).exists():
            raise UsageError(f"there is no file or folder {file}")
        return Target(given, Path(file), resource)
    if _RESOURCE.fullmatch(given):
        return Target(given, None, given)
    raise UsageError(f"there is no file or folder {given}", hint="FILE, FILE:Kind/name or Kind/name")


def open_target(target: Target, folder: Path, config: Path | None = None, engine_name: str = ENGINES[0]) -> Opened:
    """The rollout that a target belongs to; ``folder`` where it names no file.

    Raises:
        PenstockError: the rollout cannot be opened, or does not take the file in.
    """
    path = target.path or folder
    if config is not None and absolute(folder) in absolute(path).parents:
        # The configuration stands for that of the folder we are in, as in `penstock check --config FILE`.
        path = folder
    opened = open_rollout(path, config, engine_name)
    if target.path is not None and target.path.is_file() and not _is_taken_in(opened, target.path):
        marker = shown(opened.root.config) if opened.root.config else f"no {MARKER}"
        raise UsageError(f"{target.path} belongs to no rollout: {marker} leaves it out")
    return opened


def _is_taken_in(opened: Opened, file: Path) -> bool:
    here = absolute(file)
    return here == opened.root.config or here in map(absolute, opened.files)


def subjects(opened: Opened, target: Target, kinds: Sequence[str] = ()) -> list[Subject]:
    """The subjects that a target means: those of the kinds, where kinds are given.

    Raises:
        UsageError: there are none; with what there is instead.
    """
    rollout = opened.rollout
    available = [Subject(resource.data, resource, rollout) for resource in _pool(opened, target)]
    if target.path is None or absolute(target.path) in (opened.root.config, opened.root.folder):
        available.append(whole(rollout))
    meant = [subject for subject in available if _is_named(subject, target.resource)]
    if not meant:
        raise _missing(opened, target, available)
    fitting = [subject for subject in meant if not kinds or subject.data.get("kind") in kinds]
    if not fitting:
        found = wording.listing([subject.id for subject in meant], most=5)
        where = f"{target.path} holds {found}" if target.path and not target.resource else f"this is {found}"
        raise UsageError(f"the rule applies to {wording.any_of(kinds)}; {where}")
    return fitting


def only(opened: Opened, target: Target) -> Subject:
    """The one subject that a target means.

    Raises:
        UsageError: there is none, or there are several.
    """
    found = subjects(opened, target)
    if len(found) > 1:
        ids = [subject.id for subject in found]
        raise UsageError(f"{target.given} is not one manifest: {wording.listing(ids, most=5)}", hint=_ONE)
    return found[0]


def _pool(opened: Opened, target: Target) -> Iterable[Resource]:
    if target.path is None or absolute(target.path) == opened.root.config:
        return opened.rollout.resources
    return opened.within(target.path)


def _is_named(subject: Subject, name: str | None) -> bool:
    return name is None or name == subject.id or name == subject.id.partition("/")[2]


def _missing(opened: Opened, target: Target, available: Sequence[Subject]) -> UsageError:
    where = str(target.path) if target.path else f"the rollout {opened.rollout.name}"
    if not target.resource:
        return UsageError(f"{where} holds no manifest", hint="`penstock check` says what is wrong with a file")
    ids = [subject.id for subject in available if subject.data.get("kind") != ROLLOUT_KIND]
    names = ids if "/" in target.resource else [name.partition("/")[2] for name in ids]
    close = wording.did_you_mean(target.resource, names)
    hint = f"it has {wording.listing(ids, most=5)}" if ids else None
    return UsageError(f"{where} has no resource {wording.code(target.resource)}{close}", hint=hint)
