"""Intakes as plain values: to keep thousands of manifests in little memory, to send them, and to find them again.

Takes an ``Intake``, gives a tuple of plain values, and the way back, to resources whose data is unpacked when it
is asked for. Only what penstock itself has packed may be unpacked.
"""

from __future__ import annotations

import marshal
import os
import pickle
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, cast

from penstock.manifest.intake import Intake
from penstock.manifest.references import Stated
from penstock.manifest.resource import Resource
from penstock.model import Finding, Path
from penstock.source.comments import has_comments
from penstock.source.on_disk import DocumentOnDisk, FileOnDisk, LateFiles

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

_MANY = 1_000
"""Of more files than this, what is packed goes to a file."""
_FRESH = 512 * 1024
"""Bytes of packed data, of which twice as much is at hand unpacked: that takes about four times as many."""
_BATCH = 256 * 1024
"""Bytes that are written to a file at once."""


def pack(given: Intake) -> Packed:
    """What a file holds, as plain values."""
    resources = tuple(
        (each.kind, each.name, each.document.index, each.valid, each.references, marshal.dumps(each.data))
        for each in given.resources
    )
    commented = bool(resources) and has_comments(given.file)
    return given.file.path, commented, resources, given.findings, given.reported, given.unread, given.filled


def dump(record: Packed) -> bytes:
    """A record for a file."""
    path, commented, resources, findings, *rest = record
    return _dumped(path, _findings(findings), _rest(commented, resources, rest), [each[-1] for each in resources])


def undump(data: bytes) -> Packed:
    """The record of a file."""
    path, findings, behind, given = marshal.loads(data)
    commented, resources, *rest = marshal.loads(behind)
    with_data = tuple((*each, packed) for each, packed in zip(resources, given, strict=True))
    return cast("Packed", (path, commented, with_data, _found(findings), *rest))


def _dumped(path: str, findings: bytes, rest: bytes, data: Sequence[bytes]) -> bytes:
    return marshal.dumps((path, findings, rest, tuple(data)))


def _rest(commented: bool, resources: Sequence[Sequence[Any]], others: Sequence[Any]) -> bytes:
    """All of a record but its path, its findings and the data of its resources."""
    without: Any = tuple(each[:-1] for each in resources)
    return marshal.dumps((commented, without, *others))


def _findings(given: tuple[Finding, ...]) -> bytes:
    return pickle.dumps(given, pickle.HIGHEST_PROTOCOL) if given else b""


def _found(packed: bytes) -> tuple[Finding, ...]:
    return cast("tuple[Finding, ...]", pickle.loads(packed)) if packed else ()


def unpack(given: Packed, shelf: BytesShelf) -> Intake:
    """What was packed; its data stays on the shelf."""
    return shelf.intake(shelf.put(given))


def shelf_for(files: int) -> BytesShelf:
    """Where a rollout of so many files is kept: in a file, if it is much and there is room for one."""
    if files > _MANY and hasattr(os, "pread"):
        with suppress(OSError):
            return FileShelf()
    return BytesShelf()


class BytesShelf:
    """Keeps what was packed, file by file, and has at hand what was asked for lately: what many others refer to.

    A file is kept as items: the data of each of its resources, and behind them all else. Whoever looks for a
    resource goes by the number of its data, its spot.
    """

    def __init__(self) -> None:
        self.paths: list[str] = []
        """The files, as shown, in the order in which they came."""
        self.commented: list[int] = []
        """The numbers of those that hold comments for us."""
        self.empty: list[int] = []
        """The numbers of those that hold nothing."""
        self.findings: dict[int, bytes] = {}
        """By number, what files say by themselves that is wrong with them, packed."""
        self._begins = array("Q")
        """The number of each file's first item."""
        self._items: list[bytes] = []
        self._now: dict[int, dict[str, Any]] = {}
        self._before: dict[int, dict[str, Any]] = {}
        self._room = _FRESH
        self._late = LateFiles()

    def put(self, record: Packed) -> int:
        """Keep what a file holds; gives the number of the file."""
        path, commented, resources, findings, *rest = record
        number = len(self.paths)
        self.paths.append(path)
        if findings:
            self.findings[number] = _findings(findings)
        if commented:
            self.commented.append(number)
        if not rest[-1]:
            self.empty.append(number)
        self._begins.append(self._count())
        for each in resources:
            self._add(each[-1])
        self._add(_rest(commented, resources, rest))
        return number

    def first(self, file: int) -> int:
        """How many resources the files before this one have."""
        return self._begins[file] - file

    def intakes(self) -> Iterator[Intake]:
        """What the files hold, one after the other."""
        for file, items in enumerate(self._by_file()):
            yield self._intake(file, items[-1])

    def intake(self, file: int) -> Intake:
        """What a file holds."""
        return self._intake(file, self._item(self._end(file) - 1))

    def dumped(self) -> Iterator[bytes]:
        """What was put here, one after the other, for a file."""
        for file, (*data, rest) in enumerate(self._by_file()):
            yield _dumped(self.paths[file], self.findings.get(file, b""), rest, data)

    def record(self, file: int) -> Packed:
        """What was put here."""
        *data, rest = map(self._item, range(self._begins[file], self._end(file)))
        return undump(_dumped(self.paths[file], self.findings.get(file, b""), rest, data))

    def _intake(self, file: int, rest: bytes) -> Intake:
        commented, resources, reported, unread, filled = marshal.loads(rest)
        begin = self._begins[file]
        return Intake(
            FileOnDisk(self.paths[file], commented=commented, late=self._late),
            tuple(
                Resource.packed(kind, name, self, begin + number, valid=valid, references=references)
                for number, (kind, name, _, valid, references) in enumerate(resources)
            ),
            _found(self.findings.get(file, b"")),
            reported,
            unread,
            filled,
        )

    def data(self, spot: int) -> dict[str, Any]:
        """The manifest at a spot."""
        found = self._now.get(spot)
        if found is None:
            found = self._before.get(spot)
            if found is None:
                found = cast("dict[str, Any]", marshal.loads(self._item(spot)))
            if self._room < 0:
                self._before, self._now, self._room = self._now, {}, _FRESH
            self._room -= self._size(spot)
            self._now[spot] = found
        return found

    def document(self, spot: int) -> DocumentOnDisk:
        """The document of the manifest at a spot."""
        file = self._file(spot)
        commented, resources, *_ = marshal.loads(self._item(self._end(file) - 1))
        index = resources[spot - self._begins[file]][2]
        return DocumentOnDisk(FileOnDisk(self.paths[file], commented=commented, late=self._late), index)

    def path(self, spot: int) -> str:
        """The file of the manifest at a spot, as shown."""
        return self.paths[self._file(spot)]

    def file(self, path: str) -> FileOnDisk:
        """A file, by its path, for those who want to show it."""
        return FileOnDisk(path, commented=False, late=self._late)

    def _file(self, spot: int) -> int:
        return bisect_right(self._begins, spot) - 1

    def _end(self, file: int) -> int:
        """The number behind that of a file's last item."""
        return self._begins[file + 1] if file + 1 < len(self._begins) else self._count()

    def _by_file(self) -> Iterator[Sequence[bytes]]:
        """The items of each file."""
        items = self._in_order()
        for file, begin in enumerate(self._begins):
            yield list(islice(items, self._end(file) - begin))

    def _count(self) -> int:
        return len(self._items)

    def _add(self, item: bytes) -> None:
        self._items.append(item)

    def _item(self, number: int) -> bytes:
        return self._items[number]

    def _size(self, number: int) -> int:
        return len(self._items[number])

    def _in_order(self) -> Iterator[bytes]:
        return iter(self._items)


class FileShelf(BytesShelf):
    """Keeps it in a file of its own, which nobody else sees and which is gone with the process."""

    def __init__(self) -> None:
        from tempfile import TemporaryFile  # few rollouts are as large

        super().__init__()
        self._file_of_items = TemporaryFile(buffering=0)  # noqa: SIM115 - open as long as the shelf is there
        self._descriptor = self._file_of_items.fileno()
        self._ends = array("Q", [0])
        """Where each item begins, and behind them where the last one ends."""
        self._written = 0
        """How many items are in the file; those behind them are still, or for good, in memory."""
        self._waiting = 0
        self._full = False

    def __del__(self) -> None:
        if hasattr(self, "_file_of_items"):  # there may have been no room to begin with
            self._file_of_items.close()

    def _count(self) -> int:
        return len(self._ends) - 1

    def _add(self, item: bytes) -> None:
        self._ends.append(self._ends[-1] + len(item))
        self._items.append(item)
        self._waiting += len(item)
        if self._waiting > _BATCH and not self._full:
            self._write()

    def _write(self) -> None:
        data = b"".join(self._items)
        try:
            written = self._file_of_items.write(data)
        except OSError:
            written = 0
        self._waiting = 0
        if written == len(data):
            self._written += len(self._items)
            self._items.clear()
        else:  # the disk is full: memory may do
            self._full = True

    def _item(self, number: int) -> bytes:
        if number >= self._written:
            return self._items[number - self._written]
        begin = self._ends[number]
        # A copy of this process has the same place in the file: reading must not move it.
        return os.pread(self._descriptor, self._ends[number + 1] - begin, begin)

    def _size(self, number: int) -> int:
        return self._ends[number + 1] - self._ends[number]

    def _in_order(self) -> Iterator[bytes]:
        ends, first = self._ends, 0
        while first < self._written:
            # As many as a batch holds, or the next one, be it as large as it may.
            behind = max(bisect_right(ends, ends[first] + _BATCH, hi=self._written + 1) - 1, first + 1)
            begin = ends[first]
            batch = os.pread(self._descriptor, ends[behind] - begin, begin)
            for number in range(first, behind):
                yield batch[ends[number] - begin : ends[number + 1] - begin]
            first = behind
        yield from self._items
