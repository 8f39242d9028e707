"""Intakes as plain values: to keep thousands of manifests in little memory, to send them, and to find them again.

Takes an ``Intake``, gives a tuple of plain values, and the way back, to resources whose data is unpacked when it
is asked for. Only what penstock itself has packed may be unpacked.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from typing import Any, cast

from penstock.manifest.intake import Intake
from penstock.manifest.references import Stated
from penstock.manifest.resource import Resource
from penstock.model import Finding, Path
from penstock.source.comments import has_comments
from penstock.source.on_disk import DocumentOnDisk, FileOnDisk

Packed = tuple[
    str,
    bool,
    tuple[tuple[str, str, int, bool, tuple[Stated, ...], bytes], ...],
    tuple[Finding, ...],
    tuple[tuple[int, Path], ...],
    bool,
    bool,
]
"""File, whether it has comments for us, resources, findings, reported, unread, filled."""

_FRESH = 512


def pack(given: Intake) -> Packed:
    """What a file holds, as plain values."""
    resources = tuple(
        (each.kind, each.name, each.document.index, each.valid, each.references, pickle.dumps(each.data, 5))
        for each in given.resources
    )
    commented = bool(resources) and has_comments(given.file)
    return given.file.path, commented, resources, given.findings, given.reported, given.unread, given.filled


def unpack(given: Packed, shelf: BytesShelf) -> Intake:
    """What was packed."""
    shown, commented, resources, findings, reported, unread, filled = given
    file = FileOnDisk(shown, commented=commented)
    return Intake(
        file,
        tuple(
            Resource.packed(
                kind,
                name,
                DocumentOnDisk(file, index),
                valid=valid,
                references=references,
                packed=packed,
                shelf=shelf,
            )
            for kind, name, index, valid, references, packed in resources
        ),
        findings,
        reported,
        unread,
        filled,
    )


class BytesShelf:
    """Unpacks data, and has at hand what was asked for lately: the manifests that many others refer to."""

    def __init__(self) -> None:
        self._now: dict[object, dict[str, Any]] = {}
        self._before: dict[object, dict[str, Any]] = {}

    def data(self, packed: Any) -> dict[str, Any]:
        """The manifest."""
        found = self._now.get(packed)
        if found is None:
            found = self._before.get(packed)
            if found is None:
                found = cast("dict[str, Any]", pickle.loads(self.fetch(packed)))
            if len(self._now) >= _FRESH:
                self._before, self._now = self._now, {}
            self._now[packed] = found
        return found

    def fetch(self, packed: Any) -> bytes:
        """The packed data that a resource stands for."""
        return cast("bytes", packed)

    def kept(self, record: Packed) -> Packed:
        """A record as it is kept here."""
        return record

    def whole(self, record: Packed) -> Packed:
        """A record that is kept here, with its data."""
        return record


class FileShelf(BytesShelf):
    """Keeps packed data in a file of its own, which nobody else sees and which is gone with the process."""

    def __init__(self) -> None:
        from tempfile import TemporaryFile  # few rollouts are as large

        super().__init__()
        self._file = TemporaryFile(buffering=0)  # noqa: SIM115 - open as long as the shelf is there
        self._end = 0

    def __del__(self) -> None:
        if hasattr(self, "_file"):  # there may have been no room to begin with
            self._file.close()

    def fetch(self, packed: Any) -> bytes:
        if isinstance(packed, bytes):
            return packed
        offset, length = packed
        # A copy of this process has the same place in the file: reading must not move it.
        return os.pread(self._file.fileno(), length, offset)

    def kept(self, record: Packed) -> Packed:
        return self._with(record, self._put)

    def whole(self, record: Packed) -> Packed:
        return self._with(record, self.fetch)

    def _put(self, data: bytes) -> bytes | tuple[int, int]:
        try:
            written = self._file.write(data)
        except OSError:  # the disk is full: memory may do
            return data
        self._end += written
        return (self._end - written, written) if written == len(data) else data

    def _with(self, record: Packed, change: Callable[[Any], Any]) -> Packed:
        resources = tuple((*each[:-1], change(each[-1])) for each in record[2])
        return (*record[:2], resources, *record[3:])
