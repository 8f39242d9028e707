"""The text of a baseline file: written anew, or changed and otherwise left as its authors have it.

Takes entries and changes, gives text. A change touches the lines of the entries it is about and no others; where
the list is not written with one entry a line or more, the whole file is written again with its comments.
Every text is read again before it is given: it lists what it should, or there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from penstock.errors import GroupedError, InputError
from penstock.lint.baseline import BaselineFile, Entry
from penstock.model import Position, Span, by_number
from penstock.record import dataclass, field, replace
from penstock.source import read_bytes
from penstock.workspace.baselines import parse_baseline

_HEADER = """\
# The findings that were there when the rollout adopted these rules. `penstock check` passes them over, and fails
# for every other. What is mended leaves the list with `penstock baseline prune`. Entries may have an `owner`, an
# `until` (the last day on which the finding is passed over) and a `reason`.
apiVersion: baseline/v1
entries:
"""
_BREAK = re.compile(r"\r\n?|\n")
_DASH = re.compile(r" *- ")
_PLAIN = re.compile(r"[A-Za-z](?:[A-Za-z0-9_./@()+\[\], -]*[A-Za-z0-9_./@()+\]-])?\Z")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


@dataclass(frozen=True, slots=True)
class Changes:
    """What becomes of the entries of a file, by their index."""

    gone: frozenset[int] = frozenset()
    counts: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    resources: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    added: Sequence[Entry] = ()

    def __bool__(self) -> bool:
        return bool(self.gone or self.counts or self.resources or self.added)

    def kept(self, entries: Sequence[Entry]) -> list[Entry]:
        """The entries that stay, as they then are."""
        return [
            replace(
                entry,
                count=self.counts.get(entry.index, entry.count),
                resource=self.resources.get(entry.index, entry.resource),
            )
            for entry in entries
            if entry.index not in self.gone
        ]


class _Edit(NamedTuple):
    """Text in place of what stands between two indices."""

    start: int
    end: int
    text: str


class _Block(NamedTuple):
    """The lines of one entry, from 0, the last one excluded."""

    first: int
    end: int


class _NotInLines(Exception):  # noqa: N818 - control flow, never shown
    """The list is not written as lines that begin with dashes."""


def in_order(entry: Entry) -> tuple[tuple[str, int], str, str]:
    """The order of entries in a file."""
    rule, resource, path = entry.identity
    return by_number(rule), resource, path


def new_text(entries: Sequence[Entry]) -> str:
    """A whole file that lists the entries."""
    lines = [line for entry in sorted(entries, key=in_order) for line in _lines(entry, 2)]
    return _HEADER + "".join(f"{line}\n" for line in lines)


def changed_text(file: BaselineFile, changes: Changes) -> tuple[str, BaselineFile]:
    """The file's text after the changes, and what it then holds.

    Raises:
        InputError: the file is written in a way that cannot be changed so.
    """
    if not changes:
        return file.file.text, file
    for way in (_by_lines, _by_round_trip):
        try:
            text = way(file, changes)
            result = parse_baseline(read_bytes(text.encode(), file.file.path))
        except (_NotInLines, GroupedError, UnicodeEncodeError):
            continue
        if _same(result, file, changes):
            return text, result
    hint = "write each entry as lines of its own, the first beginning with a dash"
    raise InputError("the file is written in a way that cannot be changed", file=file.file.path, hint=hint)


def _same(result: BaselineFile, file: BaselineFile, changes: Changes) -> bool:
    """Whether a file lists the entries that are kept in their order, with those added between them."""
    added = {entry.identity for entry in changes.added}
    found = [replace(entry, index=0) for entry in result.entries]
    new = sorted((entry for entry in found if entry.identity in added), key=in_order)
    old = [entry for entry in found if entry.identity not in added]
    return new == sorted((replace(entry, index=0) for entry in changes.added), key=in_order) and old == [
        replace(entry, index=0) for entry in changes.kept(file.entries)
    ]


def _by_lines(file: BaselineFile, changes: Changes) -> str:
    text = file.file.text
    edits = sorted(_edits(_Sheet(file), changes), reverse=True)
    for start, end, new in edits:
        text = text[:start] + new + text[end:]
    return text


def _by_round_trip(file: BaselineFile, changes: Changes) -> str:
    from penstock.source.roundtrip import YAMLError, rewritten

    def change(data: Any) -> None:
        entries = data["entries"]
        for index, count in changes.counts.items():
            entries[index]["count"] = count
        for index, resource in changes.resources.items():
            entries[index]["resource"] = resource
        for index in sorted(changes.gone, reverse=True):
            del entries[index]
        entries.extend(dict(_fields(entry)) for entry in changes.added)

    try:
        return rewritten(file.file.text, change)
    except YAMLError:
        raise _NotInLines from None


class _Sheet:
    """The lines of a file and of its entries."""

    def __init__(self, file: BaselineFile) -> None:
        self.file = file
        self.text = file.file.text
        self.starts = [0, *(found.end() for found in _BREAK.finditer(self.text))]
        found = _BREAK.search(self.text)
        self.newline = found[0] if found else "\n"
        self.blocks = [self._block(entry) for entry in file.entries]
        self.indent = self._indent(self.blocks[0].first) if self.blocks else 2

    def index(self, position: Position) -> int:
        """The index of a position in the text."""
        return self.starts[position.line - 1] + position.column - 1

    def start(self, line: int) -> int:
        """The index at which a line begins; the text's end for the line behind the last."""
        return self.starts[line] if line < len(self.starts) else len(self.text)

    def line(self, line: int) -> str:
        """A line without its break."""
        return self.text[self.starts[line] : self.start(line + 1)].rstrip("\r\n")

    def span(self, entry: Entry, name: str) -> Span:
        """Where the value of an entry's field stands."""
        return self.file.document.locate(("entries", entry.index, name)).span

    def has(self, entry: Entry, name: str) -> bool:
        """Whether an entry states a field."""
        path = ("entries", entry.index, name)
        return self.file.document.nearest(path) == path

    def _block(self, entry: Entry) -> _Block:
        first = self.file.document.locate(("entries", entry.index)).span.start.line - 1
        if not _DASH.match(self.line(first)):
            raise _NotInLines
        indent = self._indent(first)
        end = first + 1
        while end < len(self.starts) and (not self.line(end).strip() or self._indent(end) > indent):
            end += 1
        while not self.line(end - 1).strip():
            end -= 1
        return _Block(first, end)

    def _indent(self, line: int) -> int:
        text = self.line(line)
        return len(text) - len(text.lstrip(" "))


def _edits(sheet: _Sheet, changes: Changes) -> Iterator[_Edit]:
    entries = sheet.file.entries
    left = [entry for entry in entries if entry.index not in changes.gone]
    for index in sorted(changes.gone):
        yield _removal(sheet, sheet.blocks[index])
    for entry in left:
        if entry.index in changes.counts:
            yield _counting(sheet, entry, changes.counts[entry.index])
        if entry.index in changes.resources:
            span = sheet.span(entry, "resource")
            new = _scalar(changes.resources[entry.index])
            yield _Edit(sheet.index(span.start), sheet.index(span.end), new)
    if not left and not changes.added:
        key = sheet.index(sheet.file.document.locate_key(("entries",)).span.end)
        colon = sheet.text.index(":", key) + 1
        yield _Edit(colon, colon, " []")
    yield from _additions(sheet, changes.added)


def _removal(sheet: _Sheet, block: _Block) -> _Edit:
    """An entry's lines, and one of two blank lines that would then meet."""
    first, last = block.first, len(sheet.starts) - 1
    blank = first > 0 and not sheet.line(first - 1).strip()
    if blank and (block.end >= last or not sheet.line(block.end).strip()):
        first -= 1
    return _Edit(sheet.start(first), sheet.start(block.end), "")


def _counting(sheet: _Sheet, entry: Entry, count: int) -> _Edit:
    """The entry's count written, changed, or left out when it is one."""
    if not sheet.has(entry, "count"):
        line = sheet.span(entry, "since").start.line - 1
        if line >= sheet.blocks[entry.index].end or "{" in sheet.line(sheet.blocks[entry.index].first):
            raise _NotInLines
        at = sheet.start(line + 1)
        gap = "" if at and sheet.text[at - 1] in "\r\n" else sheet.newline
        return _Edit(at, at, f"{gap}{' ' * (sheet.indent + 2)}count: {count}{sheet.newline}")
    span = sheet.span(entry, "count")
    line = span.start.line - 1
    if count == 1 and sheet.line(line).strip() == f"count: {entry.count}":
        return _Edit(sheet.start(line), sheet.start(line + 1), "")
    return _Edit(sheet.index(span.start), sheet.index(span.end), str(count))


def _additions(sheet: _Sheet, added: Sequence[Entry]) -> Iterator[_Edit]:
    """Each new entry in front of the first that comes after it, behind the lines of the entry before that one."""
    places: dict[int, list[Entry]] = {}
    for entry in sorted(added, key=in_order):
        later = (old.index for old in sheet.file.entries if in_order(old) > in_order(entry))
        places.setdefault(next(later, len(sheet.file.entries)), []).append(entry)
    for index, entries in places.items():
        listing = "".join(f"{line}{sheet.newline}" for entry in entries for line in _lines(entry, sheet.indent))
        if index:
            at = sheet.start(sheet.blocks[index - 1].end)
        else:
            key = sheet.file.document.locate_key(("entries",)).span
            at = sheet.start(key.end.line)
        gap = "" if at == 0 or sheet.text[at - 1] in "\r\n" else sheet.newline
        yield _Edit(at, at, gap + listing)
    if added and not sheet.file.entries:
        span = sheet.file.document.locate(("entries",)).span
        start, end = sheet.index(span.start), sheet.index(span.end)
        yield _Edit(len(sheet.text[:start].rstrip(" ")), end, "")


def _lines(entry: Entry, indent: int) -> Iterator[str]:
    lead = " " * indent + "- "
    for name, value in _fields(entry):
        yield f"{lead}{name}: {value if isinstance(value, int) or name in ('since', 'until') else _scalar(value)}"
        lead = " " * (indent + 2)


def _fields(entry: Entry) -> Iterator[tuple[str, str | int]]:
    yield "rule", entry.rule
    yield "resource", entry.resource
    if entry.path:
        yield "path", entry.path
    yield "since", entry.since
    if entry.count > 1:
        yield "count", entry.count
    if entry.owner:
        yield "owner", entry.owner
    if entry.until:
        yield "until", entry.until
    if entry.reason:
        yield "reason", entry.reason


def _scalar(text: str) -> str:
    """A string as YAML: plain where every reader takes it for that very string, else in double quotes."""
    if _PLAIN.match(text) and text.casefold() not in _WORDS:
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
