"""Packed manifests are what they were, wherever their data is kept, and also where there is no room for it."""

from __future__ import annotations

import gc
import marshal
import os
import tracemalloc
from pathlib import Path

import pytest

from penstock.manifest.intake import Intake, intake
from penstock.manifest.load import link
from penstock.manifest.packed import BytesShelf, FileShelf, Packed, pack, undump, unpack
from penstock.source import read_bytes, read_path

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = sorted(path for path in EXAMPLES.rglob("*.yaml") if path.name != "penstock.yaml")


def told(given: Intake) -> list[object]:
    """What an intake says, in a form that can be compared."""
    resources = [
        (each.id, each.valid, each.data, each.references, each.location(("metadata", "name")), each.file)
        for each in given.resources
    ]
    return [given.file.path, given.findings, given.reported, given.unread, given.filled, resources]


def plain(record: Packed) -> object:
    """A record whose data can be compared: the same data may be packed in more than one way."""
    path, commented, resources, *rest = record
    return path, commented, [(*each[:-1], marshal.loads(each[-1])) for each in resources], *rest


def small(number: int) -> Packed:
    """The record of a file of about a thousand bytes."""
    return f"{number}.yaml", False, (), (), ((number, ("x" * 1_000,)),), False, True


@pytest.mark.parametrize("shelf", [BytesShelf, FileShelf])
def test_what_was_packed_is_what_it_was(shelf: type[BytesShelf]) -> None:
    kept = shelf()
    read = [intake(read_path(path, str(path))) for path in FILES]
    numbers = [kept.put(pack(each)) for each in read]
    assert numbers == list(range(len(FILES)))
    expected = [told(each) for each in read]
    assert [told(each) for each in kept.intakes()] == expected
    assert [told(kept.intake(number)) for number in reversed(numbers)] == expected[::-1]
    records = [plain(pack(each)) for each in read]
    assert [plain(undump(each)) for each in kept.dumped()] == records
    assert [plain(kept.record(number)) for number in reversed(numbers)] == records[::-1]
    counts = [len(each.resources) for each in read]
    assert [kept.first(number) for number in numbers] == [sum(counts[:number]) for number in numbers]


def test_the_places_of_what_is_on_a_shelf() -> None:
    kept = FileShelf()
    read = [intake(read_path(path, str(path))) for path in FILES]
    packed = [unpack(pack(each), kept) for each in read]
    for was, now in zip(read, packed, strict=True):
        for one, other in zip(was.resources, now.resources, strict=True):
            assert other.document.index == one.document.index
            assert other.document.file.text == one.document.file.text
            assert other.related(("spec",)) == one.related(("spec",))


def test_more_than_a_batch_is_written_and_read_piece_by_piece() -> None:
    kept = FileShelf()
    many = [small(number) for number in range(2_000)]
    large: Packed = ("large.yaml", False, (), (), ((0, ("y" * 1_000_000,)),), False, True)
    for record in (*many[:1_000], large, *many[1_000:]):
        kept.put(record)
    assert list(map(undump, kept.dumped())) == [*many[:1_000], large, *many[1_000:]]
    assert [kept.record(number) for number in (1_000, 0, 2_000)] == [large, many[0], many[-1]]


@pytest.mark.parametrize("fits", [0, 400_000])
def test_a_full_disk_leaves_memory(fits: int) -> None:
    class Full(FileShelf):
        def _write(self) -> None:
            if self._ends[-1] > fits:
                os.dup2(full, self._descriptor)
            super()._write()

    if not Path("/dev/full").exists():
        pytest.skip("the system has no full disk to write to")
    records = [small(number) for number in range(1_000)]
    full = os.open("/dev/full", os.O_RDWR)
    kept = Full()
    if fits:
        before = os.dup(kept._descriptor)
    try:
        for record in records:
            kept.put(record)
        if fits:
            os.dup2(before, kept._descriptor)
            os.close(before)
        assert (kept._written > 0, kept._full) == (bool(fits), True)
        assert list(map(undump, kept.dumped())) == records
        assert [kept.record(number) for number in range(1_000)] == records
    finally:
        os.close(full)


def test_a_manifest_takes_little_memory() -> None:
    """Two rollouts that differ in their number of manifests, linked: what each manifest more takes."""
    few, many = (_bytes_of(count) for count in (100, 600))
    assert 200 < (many - few) / 500 < 500


def _bytes_of(count: int) -> int:
    """What a shelf and a rollout of so many manifests take."""
    grant = (
        "apiVersion: rollout/v1\nkind: AccessGrant\nmetadata: {{name: grant-{0}}}\n"
        "spec: {{principal: {{group: all}}, dataSource: cases, permission: read, purpose: Case {0} of many}}\n"
    )
    source = "apiVersion: rollout/v1\nkind: DataSource\nmetadata: {name: cases}\n"
    texts = [*(grant.format(number) for number in range(count)), source]
    records = [pack(intake(read_bytes(text.encode(), f"{number}.yaml"))) for number, text in enumerate(texts)]
    data = sum(len(each[-1]) for record in records for each in record[2])
    tracemalloc.start()
    try:
        kept = FileShelf()
        kept._write()
        while records:
            kept.put(records.pop(0))
        kept._write()
        loaded = link("acme", ".", kept.intakes())
        gc.collect()
        assert data > 150 * count
        assert loaded.rollout.count == count + 1
        return tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
