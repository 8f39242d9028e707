"""``penstock.lock``: which commit and which content each pack from git is.

Takes the file's content; gives a ``Lock``, or every fault of the file with its place, and writes one as text. Must
not know how packs are fetched.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from penstock.errors import GroupedError, InputError, PenstockError, PolicyError
from penstock.manifest.schema import validate_against
from penstock.policy.reference import GitReference, words
from penstock.record import dataclass
from penstock.source import Reading, read_bytes, read_path
from penstock.source.shown import shown as path_shown

LOCK_FILE = "penstock.lock"
RELOCK = "run `penstock pack lock`, and commit penstock.lock"
_MEND = "`penstock pack lock` writes it anew"
_HEAD = "# Written by `penstock pack lock`. Commit it; do not edit it.\napiVersion: lock/v1\n"


@dataclass(frozen=True, slots=True)
class Locked:
    """A pack from git, pinned."""

    reference: GitReference
    commit: str
    """The commit's id: 40 hex digits, or 64 in a repository that counts with SHA-256."""
    digest: str
    """Of the pack's files, as ``pack_files.digest`` has it."""


@dataclass(frozen=True, slots=True)
class Lock:
    """What a lock file says."""

    packs: Mapping[GitReference, Locked]

    def get(self, reference: GitReference) -> Locked:
        """The entry of a pack.

        Raises:
            PolicyError: there is none.
        """
        if reference in self.packs:
            return self.packs[reference]
        wanted = (reference.git, reference.path)
        others = [other.revision for other in self.packs if (other.git, other.path) == wanted]
        if others:
            message = (
                f"{LOCK_FILE} is older than this: it has the pack at {others[0]}, not at {reference.revision}"
            )
        else:
            message = f"{LOCK_FILE} does not have the pack {words(reference)}"
        raise PolicyError(message, hint=RELOCK)


def read_lock(base: Path, reference: GitReference) -> Lock:
    """The lock beside a configuration, for a pack that needs one.

    Raises:
        PolicyError: there is none.
        GroupedError: of ``InputError``: everything wrong with it.
    """
    file = base / LOCK_FILE
    if not file.is_file():
        message = f"the pack {words(reference)} is not locked: there is no {path_shown(file)}"
        raise PolicyError(message, hint=RELOCK)
    return existing_lock(file)


def existing_lock(file: Path) -> Lock:
    """What a lock file says. Raises ``GroupedError`` of everything wrong with it."""
    name = path_shown(file)
    return _lock(read_path(file, name), name)


def lock_of(raw: bytes, name: str) -> Lock:
    """What a lock file of this content says; faults call it ``name``. Raises as ``existing_lock``."""
    return _lock(read_bytes(raw, name), name)


def lock_text(entries: Iterable[Locked]) -> str:
    """The lock file of these packs; the same whatever their order."""
    ordered = sorted(set(entries), key=_order)
    return _HEAD + ("packs:\n" + "".join(map(_entry, ordered)) if ordered else "packs: []\n")


def _lock(reading: Reading, name: str) -> Lock:
    text = reading.file.text
    faults: list[PenstockError] = [
        InputError(fault.message, file=name, span=fault.span, hint=_MEND, frame=text) for fault in reading.faults
    ]
    if not faults and len(reading.documents) != 1:
        faults = [InputError(f"a lock file holds one document, this one {len(reading.documents)}", file=name)]
    if faults:
        raise GroupedError(tuple(faults))
    (document,) = reading.documents
    for violation in validate_against("lock/v1/lock", document.data):
        span = (document.locate_key if violation.key else document.locate)(violation.path).span
        faults.append(InputError(violation.message, file=name, span=span, hint=_MEND, frame=text))
    packs: dict[GitReference, Locked] = {}
    for index, given in enumerate(cast("dict[str, Any]", document.data)["packs"] if not faults else ()):
        reference = GitReference(given["git"], given["revision"], given.get("path", ""))
        if reference in packs:
            span = document.locate(("packs", index)).span
            message = f"a second entry of the pack {words(reference)}"
            faults.append(InputError(message, file=name, span=span, hint=_MEND, frame=text))
        packs[reference] = Locked(reference, given["commit"], given["digest"])
    if faults:
        raise GroupedError(tuple(faults))
    return Lock(MappingProxyType(packs))


def _order(locked: Locked) -> tuple[str, str, str]:
    return locked.reference.git, locked.reference.path, locked.reference.revision


def _entry(locked: Locked) -> str:
    reference = locked.reference
    fields = {"git": reference.git, "revision": reference.revision}
    fields |= {"path": reference.path} if reference.path else {}
    fields |= {"commit": locked.commit, "digest": locked.digest}
    # A JSON string is a YAML string: in quotes, a revision such as 1.10 stays one.
    lines = [f"{name}: {json.dumps(value)}\n" for name, value in fields.items()]
    return "  - " + "    ".join(lines)
