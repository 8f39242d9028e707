"""The files that a pack is made from, as data: wherever they lie, a pack is loaded from this and nothing else.

Takes names and contents, or a folder; gives ``PackFiles`` and their digest. Only YAML counts. Must not know what
the files hold: nothing of a pack is ever run.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from penstock.errors import GroupedError, PenstockError, PolicyError
from penstock.record import dataclass
from penstock.source.files import raw_content

PACK_FILE = "pack.yaml"
SUFFIXES = (".yaml", ".yml")
_DIGEST_HEAD = b"penstock-pack/1\n"


@dataclass(frozen=True, slots=True)
class PackFiles:
    """The files of one pack."""

    shown: str
    """What stands before the name of a file in messages."""
    contents: Mapping[str, bytes]
    """By path below the pack's folder, with forward slashes; in the order of the paths."""
    name: str
    """The pack's name when it has no pack.yaml."""
    origin: str
    """Where the files are from, in words: ``built in``, ``folder ./policies``."""
    needs_pack_file: bool = False
    """Whether the pack must say itself what it is called: it is not the reader's own folder."""


def pack_files(
    shown: str, contents: Mapping[str, bytes], name: str, origin: str, *, needs_pack_file: bool = False
) -> PackFiles:
    """Those of the files that make a pack, in order. Paths are relative to the pack's folder, with ``/``."""
    chosen = {path: contents[path] for path in in_order(filter(is_pack_file, contents))}
    return PackFiles(shown, MappingProxyType(chosen), name, origin, needs_pack_file)


def is_pack_file(path: str) -> bool:
    """Whether a path below a pack's folder is one of the pack: YAML, and neither hidden nor in a hidden folder."""
    return path.endswith(SUFFIXES) and not path.startswith(".") and "/." not in path


def in_order(paths: Iterable[str]) -> list[str]:
    """Paths in the one order in which a pack's files are read and hashed: that of their UTF-8 bytes."""
    return sorted(paths, key=_encoded)


def read_folder(folder: Path, shown: str, origin: str) -> PackFiles:
    """The files of a pack that is a folder.

    Raises:
        GroupedError: of ``PolicyError``: a file cannot be read.
    """
    contents: dict[str, bytes] = {}
    faults: list[PenstockError] = []
    for path in in_order(_below(folder)):
        try:
            content = raw_content(folder / path)
            wrong = "this is not a regular file" if content is None else None
        except OSError as error:
            content, wrong = None, f"the file cannot be read: {error.strerror or error}"
        if content is not None:
            contents[path] = content
        elif wrong:
            faults.append(PolicyError(wrong, file=f"{shown}/{path}"))
    if faults:
        raise GroupedError(tuple(faults))
    return PackFiles(shown, MappingProxyType(contents), folder.resolve().name, origin)


def digest(files: PackFiles) -> str:
    """``sha256:`` and the hash of the files' names and contents, by which a pack is known wherever it lies.

    Hashed is a head, and for each file in the order of ``in_order`` its path in UTF-8 and its content, each after
    its length in 8 bytes, the highest first.
    """
    return digest_of(packed(files.contents))


def digest_of(data: bytes) -> str:
    """The digest of files that are packed."""
    from hashlib import sha256  # late: it brings OpenSSL, and a run over cached packs hashes none

    return f"sha256:{sha256(data).hexdigest()}"


def packed(contents: Mapping[str, bytes]) -> bytes:
    """The files as one sequence of bytes, which no other files give."""
    parts = [_DIGEST_HEAD]
    for path in in_order(contents):
        for part in (_encoded(path), contents[path]):
            parts += (len(part).to_bytes(8, "big"), part)
    return b"".join(parts)


def unpacked(data: bytes) -> dict[str, bytes]:
    """The files that ``packed`` gave these bytes for.

    Raises:
        ValueError: there are none.
    """
    if not data.startswith(_DIGEST_HEAD):
        raise ValueError("these are no packed files")
    parts = list(_parts(data, len(_DIGEST_HEAD)))
    paths = [path.decode("utf-8", "surrogateescape") for path in parts[::2]]
    contents = dict(zip(paths, parts[1::2], strict=True))
    if packed(contents) != data:
        raise ValueError("these are no packed files")
    return contents


def _parts(data: bytes, at: int) -> Iterator[bytes]:
    while at < len(data):
        end = at + 8 + int.from_bytes(data[at : at + 8], "big")
        if end > len(data) or end < at + 8:
            raise ValueError("the packed files are cut off")
        yield data[at + 8 : end]
        at = end


def _below(folder: Path) -> Iterator[str]:
    """The paths of the files of a pack below its folder. Links to folders are not followed."""
    top = str(folder)
    for here, folders, files in os.walk(top):
        folders[:] = [name for name in folders if not name.startswith(".")]
        prefix = Path(here).relative_to(top).as_posix()
        for name in (*files, *(name for name in folders if name.endswith(SUFFIXES))):
            path = name if prefix == "." else f"{prefix}/{name}"
            if is_pack_file(path):
                yield path


def _encoded(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")
