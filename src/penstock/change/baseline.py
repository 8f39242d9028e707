"""Two states of the baseline -> what became of its entries: one by one where few, in one line where many.

Takes the files as they were read; gives ``Change``s. An entry is known by what it lists: rule, resource and path.
Whatever lets an entry excuse more, or for longer, is an exception made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from penstock.change import words
from penstock.change.model import Change, Facts, Weight, What
from penstock.lint.baseline import BaselineFile, Entry, Identity
from penstock.record import dataclass, replace

NAME = "baseline"
"""What the baseline goes by among the resources."""

_FEW = 3
"""So many entries of one kind of change are told one by one."""
_NO_END = "without an end"
_NOBODY = "nobody"
_Field = Callable[[Entry], object]


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of change of entries."""

    what: What
    weight: Weight
    one: str
    """How it is said of one entry, behind what it lists."""
    many: str
    """How it is said behind a number of entries."""
    field: str = ""
    """The field whose value is another; empty where the entry came or went."""


_ADDED = _Kind(What.ADDED, Weight.RULES, "added", "added")
_REMOVED = _Kind(What.REMOVED, Weight.OTHER, "removed", "removed")
_LONGER = _Kind(What.LENGTHENED, Weight.RULES, "holds longer", "hold longer", "until")
_SHORTER = _Kind(What.SHORTENED, Weight.OTHER, "ends earlier", "end earlier", "until")
_EARLIER = _Kind(What.LENGTHENED, Weight.RULES, "begins earlier", "begin earlier", "since")
_LATER = _Kind(What.SHORTENED, Weight.OTHER, "begins later", "begin later", "since")
_MORE = _Kind(What.RAISED, Weight.RULES, "excuses more findings", "excuse more findings", "count")
_FEWER = _Kind(What.LOWERED, Weight.OTHER, "excuses fewer findings", "excuse fewer findings", "count")
_OWNER = _Kind(What.REPLACED, Weight.OTHER, "has another owner", "have another owner", "owner")
_REASON = _Kind(What.CHANGED, Weight.OTHER, "has another reason", "have another reason", "reason")


@dataclass(frozen=True, slots=True)
class _Pair:
    """An entry as it was and as it is."""

    old: Entry | None
    new: Entry | None

    @property
    def entry(self) -> Entry:
        found = self.new or self.old
        assert found is not None
        return found

    def values(self, kind: _Kind) -> tuple[str, str]:
        """What the field was and is, in words."""
        return tuple(_said(kind.field, entry) for entry in (self.old, self.new))  # type: ignore[return-value]


def baseline_changes(
    old: BaselineFile | None, new: BaselineFile | None, renamed: Mapping[str, str] | None = None
) -> tuple[Change, ...]:
    """Every change of the entries; ``renamed`` gives the new name (``Kind/name``) of a renamed manifest."""
    groups: dict[_Kind, list[_Pair]] = {}
    for pair in _pairs(old, new, renamed or {}):
        for kind in _kinds(pair):
            groups.setdefault(kind, []).append(pair)
    return tuple(change for kind, pairs in groups.items() for change in _changes(kind, pairs, old, new))


def _pairs(old: BaselineFile | None, new: BaselineFile | None, renamed: Mapping[str, str]) -> Iterator[_Pair]:
    def now(entry: Entry) -> Identity:
        return entry.rule, renamed.get(entry.resource, entry.resource), entry.path

    before = {now(entry): entry for entry in (old.entries if old else ())}
    # An entry that kept the old name of what was renamed lists what is no more; it is still the same entry.
    for entry in new.entries if new else ():
        yield _Pair(before.pop(entry.identity, None) or before.pop(now(entry), None), entry)
    for entry in before.values():
        yield _Pair(entry, None)


def _kinds(pair: _Pair) -> Iterator[_Kind]:
    """What became of an entry; nothing where it is as it was."""
    old, new = pair.old, pair.new
    if old is None or new is None:
        yield _ADDED if old is None else _REMOVED
        return
    if old.until != new.until:
        yield _LONGER if (new.until or "9") > (old.until or "9") else _SHORTER
    if old.since != new.since:
        yield _EARLIER if new.since < old.since else _LATER
    if old.count != new.count:
        yield _MORE if new.count > old.count else _FEWER
    if old.owner != new.owner:
        yield _OWNER
    if " ".join(old.reason.split()) != " ".join(new.reason.split()):
        yield _REASON


def _changes(
    kind: _Kind, pairs: Sequence[_Pair], old: BaselineFile | None, new: BaselineFile | None
) -> Iterator[Change]:
    if len(pairs) <= _FEW:
        for pair in pairs:
            yield _placed(kind, pair, f"{_listed(pair.entry)} {_one(kind, pair)}", old, new)
        return
    first = _placed(kind, pairs[0], _many(kind, pairs), old, new)
    owners = {pair.entry.owner for pair in pairs}
    yield replace(
        first,
        path=("entries",),
        path_text="entries",
        old=[_data(pair.old) for pair in pairs if pair.old],
        new=[_data(pair.new) for pair in pairs if pair.new],
        facts=Facts(owner=owners.pop() if len(owners) == 1 else None),
    )


def _listed(entry: Entry) -> str:
    """``LV303 at spec.permission of AccessGrant/x``."""
    return f"{words.cut(entry.rule)} at {words.cut(entry.place)}"


def _one(kind: _Kind, pair: _Pair) -> str:
    entry = pair.entry
    why = words.reason(entry.reason)
    if not kind.field:
        held = [
            f"owner {words.cut(entry.owner)}" if entry.owner else "",
            f"{entry.count} findings" if entry.count > 1 else "",
        ]
        end = f"until {entry.until}" if entry.until else _NO_END
        return f"{kind.one} ({', '.join(filter(None, (end, *held)))})" + (f": {why}" if why else "")
    if kind is _REASON:
        return "{}: {} -> {}".format(kind.one, *(words.reason(each) or "none" for each in pair.values(kind)))
    behind = f" (owner {words.cut(entry.owner)})" if entry.owner and kind is not _OWNER else ""
    said = "{}: {} -> {}".format(kind.one, *pair.values(kind)) + behind
    return said + (f": {why}" if why else "")


def _many(kind: _Kind, pairs: Sequence[_Pair]) -> str:
    head = f"{len(pairs)} entries {kind.many}"
    entries = [pair.entry for pair in pairs]
    rules = _counted(words.cut(entry.rule) for entry in entries)
    if kind is _REASON:
        reasons = {words.reason(entry.reason) or "none" for entry in entries}
        return f"{head}{f': {reasons.pop()}' if len(reasons) == 1 else ''} ({rules})"
    if kind.field:
        return f"{head}: {_counted('{} -> {}'.format(*pair.values(kind)) for pair in pairs)} ({rules})"
    ends = _counted(f"until {entry.until}" if entry.until else _NO_END for entry in entries)
    owners = _counted(words.cut(entry.owner) if entry.owner else _NOBODY for entry in entries)
    found = {words.reason(entry.reason) for entry in entries}
    why = f": {found.pop()}" if len(found) == 1 and found != {""} else ""
    return f"{head} ({rules}; {ends}; owner {owners}){why}"


def _counted(texts: Iterable[str]) -> str:
    """Each different text, the most frequent first, with its number where there are several."""
    counts = Counter(texts).most_common()
    if len(counts) == 1:
        return counts[0][0]
    return words.listing([f"{text} ({number})" for text, number in counts])


def _said(field: str, entry: Entry | None) -> str:
    value = getattr(entry, field) if entry is not None and field else None
    if value is None:
        return {"until": _NO_END, "owner": _NOBODY}.get(field, "")
    return str(value) if field == "reason" else words.cut(str(value))


def _placed(kind: _Kind, pair: _Pair, sentence: str, old: BaselineFile | None, new: BaselineFile | None) -> Change:
    is_gone = pair.new is None
    file, entry = (old, pair.old) if is_gone else (new, pair.new)
    assert file is not None
    assert entry is not None
    has_field = bool(kind.field) and getattr(entry, kind.field) not in (None, "")
    where = file.location(entry, *((kind.field,) if has_field else ()))
    before, after = (
        (getattr(each, kind.field) if kind.field else _data(each)) if each is not None else None
        for each in (pair.old, pair.new)
    )
    return Change(
        resource=NAME,
        path=where.path,
        path_text=where.path_text,
        what=kind.what,
        weight=kind.weight,
        sentence=sentence,
        location=where,
        is_gone=is_gone,
        old=before,
        new=after,
        facts=Facts(owner=entry.owner),
    )


def _data(entry: Entry) -> dict[str, object]:
    """An entry for programs."""
    return {
        "rule": entry.rule,
        "resource": entry.resource,
        "path": entry.path,
        "count": entry.count,
        "since": entry.since,
        "until": entry.until,
        "owner": entry.owner,
        "reason": entry.reason,
    }
