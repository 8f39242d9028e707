"""The baseline file of a rollout: where it is, and what it lists.

Takes a configuration and a root; gives the file's entries, or every fault of it with its place. Judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from penstock.errors import GroupedError, InputError
from penstock.lint.baseline import BaselineFile, Entry, Identity, plain_resource
from penstock.manifest.schema import validate_against
from penstock.model import Path as DataPath
from penstock.source import Document, Reading, read_bytes, read_path
from penstock.source.shown import absolute, shown
from penstock.workspace.config import Config
from penstock.workspace.reading import baseline_path
from penstock.workspace.roots import Root


def read_baseline(config: Config, root: Root, edited: tuple[str, bytes] | None = None) -> BaselineFile | None:
    """The rollout's baseline; None where there is none.

    ``edited`` is a file's name and the content that counts in place of what is on disk.

    Raises:
        GroupedError: of ``InputError``: everything wrong with the file, each with line and column.
    """
    path = baseline_path(root, config)
    if path is None:
        return None
    if edited and absolute(edited[0]) == path:
        return parse_baseline(read_bytes(edited[1], shown(path)))
    return parse_baseline(read_path(path, shown(path))) if path.exists() or path.is_symlink() else None


def parse_baseline(reading: Reading) -> BaselineFile:
    """The baseline that a file holds.

    Raises:
        GroupedError: as for ``read_baseline``.
    """
    name, text = reading.file.path, reading.file.text
    faults = [
        InputError(fault.message, file=name, span=fault.span, hint=fault.hint, frame=text)
        for fault in reading.faults
    ]
    if not faults and len(reading.documents) != 1:
        hint = "it begins with `apiVersion: baseline/v1`"
        faults.append(InputError("a baseline file holds one document", file=name, hint=hint))
    if not faults:
        faults += _violations(reading.documents[0])
    if not faults:
        document = reading.documents[0]
        baseline = BaselineFile(reading.file, document, tuple(_entries(cast("dict[str, Any]", document.data))))
        faults += _contradictions(baseline)
    if faults:
        raise GroupedError(tuple(faults))
    return baseline


def _violations(document: Document) -> Iterator[InputError]:
    for found in validate_against("baseline/v1/baseline", document.data):
        yield _fault(document, found.path, found.message, found.hint, key=found.key)


def _entries(data: dict[str, Any]) -> Iterator[Entry]:
    for index, given in enumerate(data["entries"]):
        yield Entry(
            rule=given["rule"],
            resource=plain_resource(given["resource"]),
            path=given.get("path", ""),
            since=given["since"],
            index=index,
            count=given.get("count", 1),
            owner=given.get("owner"),
            until=given.get("until"),
            reason=given.get("reason", ""),
        )


def _contradictions(baseline: BaselineFile) -> Iterator[InputError]:
    """What the schema cannot say: identities written twice, ends before their beginning."""
    first: dict[Identity, Entry] = {}
    for entry in baseline.entries:
        path = ("entries", entry.index)
        same = first.setdefault(entry.identity, entry)
        if same is not entry:
            line = baseline.document.locate(("entries", same.index)).span.start.line
            message = f"{entry.rule} at {entry.place} is listed already, on line {line}"
            yield _fault(baseline.document, path, message, "keep one of the two, with `count` for both")
        if entry.until is not None and entry.until < entry.since:
            message = f"`until` is {entry.until}, before `since`, {entry.since}: the entry never holds"
            yield _fault(baseline.document, (*path, "until"), message, "`until` is the last day of the entry")


def _fault(document: Document, path: DataPath, message: str, hint: str | None, *, key: bool = False) -> InputError:
    spot = document.locate_key(path) if key else document.locate(path)
    return InputError(message, file=document.file.path, span=spot.span, hint=hint, frame=document.file.text)
