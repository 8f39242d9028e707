"""Packs from git as they were fetched: read from the user's own folder, and held against the lock every time.

Takes a pinned pack; gives its files, or says what to run. Reaches no network and starts no program. A fetched pack
is one file, the very bytes that its digest is of: no name out of a repository becomes a name on this disk.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from penstock import cache
from penstock.errors import PolicyError
from penstock.policy.lock import Locked, read_lock
from penstock.policy.pack_files import PackFiles, digest_of, pack_files, packed, unpacked
from penstock.policy.reference import GitReference, words

FETCH = "run `penstock pack fetch`"
_NOT_SHOWN = re.compile(r"^[a-z]+://(?:[^/@]*@)?|^[^/@:]*@|(?:\.git)?/*$")


def git_pack(reference: GitReference, base: Path) -> PackFiles:
    """The files of a pack from git, as the lock in ``base`` has it.

    Raises:
        PolicyError: it is not locked, not fetched, or what was fetched is not what the lock says.
        GroupedError: of everything wrong with the lock.
    """
    return read_fetched(read_lock(base, reference).get(reference))


def read_fetched(locked: Locked) -> PackFiles:
    """The files of a pinned pack.

    Raises:
        PolicyError: it has not been fetched, or what was fetched is not what the lock says.
    """
    file = place(locked)
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise PolicyError(f"the pack {words(locked.reference)} has not been fetched", hint=FETCH) from None
    except OSError as error:
        message = f"the fetched pack {words(locked.reference)} cannot be read: {file}: {error.strerror or error}"
        raise PolicyError(message, hint=FETCH) from None
    found = digest_of(data)
    if found != locked.digest:
        message = (
            f"the fetched pack {words(locked.reference)} is not what penstock.lock says: {file} has the digest"
        )
        raise PolicyError(f"{message} {found}, not {locked.digest}", hint=f"{FETCH}, which replaces it")
    try:
        contents = unpacked(data)
    except ValueError as error:
        message = f"the fetched pack {words(locked.reference)} cannot be read: {file}: {error}"
        raise PolicyError(message, hint="the lock was not written by `penstock pack lock`") from None
    return files_of(locked.reference, locked.commit, contents)


def files_of(reference: GitReference, commit: str, contents: Mapping[str, bytes]) -> PackFiles:
    """The files of a pack at a commit, with the words to show for them."""
    shown = f"{_NOT_SHOWN.sub('', reference.git)}@{reference.revision}"
    shown += f"/{reference.path}" if reference.path else ""
    origin = f"git {reference.git}@{commit}" + (f" {reference.path}" if reference.path else "")
    return pack_files(shown, contents, shown, origin, needs_pack_file=True)


def is_fetched(locked: Locked) -> bool:
    """Whether the pack is there, and is what the lock says."""
    try:
        read_fetched(locked)
    except PolicyError:
        return False
    return True


def write_fetched(locked: Locked, contents: Mapping[str, bytes]) -> None:
    """Keep a pack for the checks to come.

    Raises:
        PolicyError: it is not what the lock says, or cannot be written.
    """
    import tempfile  # late: only fetching writes

    data = packed(contents)
    found = digest_of(data)
    if found != locked.digest:
        message = (
            f"the pack {words(locked.reference)} is not what penstock.lock says: at the commit {locked.commit}"
        )
        raise PolicyError(
            f"{message} its files have the digest {found}, not {locked.digest}",
            hint="find out who changed the lock; `penstock pack lock` writes it anew",
        )
    file = place(locked)
    temporary = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=".")
        with os.fdopen(descriptor, "wb") as made:
            made.write(data)
        Path(temporary).replace(file)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise PolicyError(f"cannot write {file}: {error.strerror or error}") from None


def place(locked: Locked) -> Path:
    """Where a pinned pack is kept: a name that says both its commit and its content.

    Raises:
        PolicyError: there is no folder for fetched packs.
    """
    chosen = os.environ.get("PENSTOCK_PACKS_DIR")
    root = cache.root()
    if chosen:
        folder = Path(chosen).absolute()
    elif root is not None:
        folder = root / "fetched"
    else:
        raise PolicyError("there is no folder for fetched packs", hint="set PENSTOCK_PACKS_DIR to one")
    return folder / f"{locked.commit}-{locked.digest.removeprefix('sha256:')}.pack"
