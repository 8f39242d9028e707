"""Packs from git, pinned and fetched: what ``penstock pack lock`` and ``penstock pack fetch`` do.

Takes a configuration and its folder; gives what became of each pack, and keeps what was fetched for the checks to
come. This is the only way to the network; writing the lock is the caller's business.
"""

from __future__ import annotations

from pathlib import Path

from penstock.errors import GroupedError, PenstockError
from penstock.policy import GitReference
from penstock.policy.fetched import files_of, is_fetched, write_fetched
from penstock.policy.lock import LOCK_FILE, Lock, Locked, existing_lock, read_lock
from penstock.policy.pack_files import digest, is_pack_file
from penstock.policy.packs import described
from penstock.record import dataclass
from penstock.source.remote import remote
from penstock.workspace.config import Config


@dataclass(frozen=True, slots=True)
class Pinned:
    """A pack that was looked up again."""

    locked: Locked
    name: str
    version: str
    before: Locked | None
    """What the lock said until now."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A pack that is here now."""

    locked: Locked
    was_here: bool


def pin(config: Config, base: Path) -> list[Pinned]:
    """Look up what every revision is now, fetch it and keep it.

    Raises:
        GroupedError: of everything that keeps a pack from being pinned, each at its place in the configuration.
    """
    pinned: list[Pinned] = []
    faults: list[PenstockError] = []
    earlier = _earlier(base)
    for index, reference in _from_git(config):
        try:
            pinned.append(_pin(reference, earlier))
        except GroupedError as group:
            faults += group.errors
        except PenstockError as fault:
            faults.append(config.fault(("packs", index), fault))
    if faults:
        raise GroupedError(tuple(faults))
    return pinned


def fetch(config: Config, base: Path) -> list[Fetched]:
    """Fetch what the lock says and is not here.

    Raises:
        GroupedError: of everything that keeps a pack from being fetched, each at its place in the configuration.
    """
    fetched: list[Fetched] = []
    faults: list[PenstockError] = []
    for index, reference in _from_git(config):
        try:
            locked = read_lock(base, reference).get(reference)
            was_here = is_fetched(locked)
            if not was_here:
                with remote(reference.git) as there:
                    write_fetched(locked, there.files(locked.commit, reference.path, is_pack_file))
            fetched.append(Fetched(locked, was_here))
        except GroupedError as group:
            faults += [fault for fault in group.errors if str(fault) not in map(str, faults)]
        except PenstockError as fault:
            faults.append(config.fault(("packs", index), fault))
    if faults:
        raise GroupedError(tuple(faults))
    return fetched


def _from_git(config: Config) -> list[tuple[int, GitReference]]:
    return [(index, each) for index, each in enumerate(config.packs) if isinstance(each, GitReference)]


def _pin(reference: GitReference, earlier: Lock) -> Pinned:
    with remote(reference.git) as there:
        commit = there.commit(reference.revision)
        contents = there.files(commit, reference.path, is_pack_file)
    files = files_of(reference, commit, contents)
    name, version = described(files)
    locked = Locked(reference, commit, digest(files))
    write_fetched(locked, files.contents)
    return Pinned(locked, name, version, earlier.packs.get(reference))


def _earlier(base: Path) -> Lock:
    """What the lock says so far: nothing, where it cannot be read and is to be written anew."""
    try:
        return existing_lock(base / LOCK_FILE)
    except PenstockError:
        return Lock({})
