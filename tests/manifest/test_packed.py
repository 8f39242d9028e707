"""Packed manifests are what they were, wherever their data is kept, and also where there is no room for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.manifest.intake import Intake, intake
from penstock.manifest.packed import BytesShelf, FileShelf, pack, unpack
from penstock.source import read_path

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = sorted(path for path in EXAMPLES.rglob("*.yaml") if path.name != "penstock.yaml")


def told(given: Intake) -> list[object]:
    """What an intake says, in a form that can be compared."""
    resources = [
        (each.id, each.valid, each.data, each.references, each.location(("metadata", "name")), each.file)
        for each in given.resources
    ]
    return [given.file.path, given.findings, given.reported, given.unread, given.filled, resources]


@pytest.mark.parametrize("shelf", [BytesShelf, FileShelf])
def test_what_was_packed_is_what_it_was(shelf: type[BytesShelf]) -> None:
    kept = shelf()
    read = [intake(read_path(path, str(path))) for path in FILES]
    records = [kept.kept(pack(each)) for each in read]
    assert [told(unpack(each, kept)) for each in records] == [told(each) for each in read]
    assert [kept.whole(each) for each in records] == [pack(each) for each in read]


def test_a_full_disk_leaves_memory() -> None:
    class Full(FileShelf):
        def __init__(self) -> None:
            super().__init__()
            self._file.close()
            self._file = open("/dev/full", "wb", buffering=0)  # noqa: SIM115, PTH123

    if not Path("/dev/full").exists():
        pytest.skip("the system has no full disk to write to")
    kept = Full()
    read = intake(read_path(FILES[0], str(FILES[0])))
    record = kept.kept(pack(read))
    assert told(unpack(record, kept)) == told(read)
    assert kept.whole(record) == pack(read)
