"""A state brought up to date: the files that have changed are read, and what they concern is judged again.

Takes a state, the files as they are now and a way to judge; gives what a check of all of it would give, or None
where the change is of a kind that only a whole check gets right: files that come and go, names that change.
"""

from __future__ import annotations

import functools
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import cast

from penstock.course import RULES, UNFOLLOWED, Course
from penstock.manifest import shapes
from penstock.manifest.dangling import dangling_finding, meant
from penstock.manifest.load import Loaded, unreferenced
from penstock.manifest.packed import BytesShelf, Packed, unpack
from penstock.manifest.paths import element_name, value_at
from penstock.manifest.references import expects_referrers, references
from penstock.manifest.resource import Resource
from penstock.model import Finding, Path
from penstock.policy.judge import whole
from penstock.policy.sweep import Sweep
from penstock.policy.swept import Swept
from penstock.record import dataclass
from penstock.workspace.state.changes import Change, concerned
from penstock.workspace.state.columns import WHOLE, State
from penstock.workspace.state.kept_rollout import KeptRollout
from penstock.workspace.state.readers import Readers

_ORGANIZATION = "Organization"


@dataclass(frozen=True, slots=True)
class Recalled:
    """A rollout that was checked before, as it is now."""

    loaded: Loaded
    swept: Swept
    judged: int
    """How many judgements were made anew."""


def recall(
    state: State,
    newer: Mapping[int, Packed],
    named: tuple[str, str],
    sweep_of: Callable[[KeptRollout], Sweep],
    as_of: str,
    course: Course = UNFOLLOWED,
) -> Recalled | None:
    """The state with the ``newer`` records of files, by number; ``named`` are the rollout's name and root.

    The state itself is brought up to date, unless nothing comes of it: then it is as it was.

    Raises:
        LostRecordError: a record is not what was written.
    """
    rollout = KeptRollout(*named, state, partial(pickle.loads, state.columns.place))
    if not all(_fits(rollout, file, record) for file, record in newer.items()):
        return None
    edits = list(_renewed(state, rollout, newer))
    columns = state.columns
    sweep = sweep_of(rollout)
    again = concerned(columns, edits, sweep.of_kind)
    if columns.as_of != as_of:
        again.update(range(WHOLE, len(columns.ids)))
        columns.as_of = as_of
    _link(state, rollout, edits)
    readers = Readers.of(columns)
    with course.part(RULES):
        for number in course.each(sorted(again)):
            judgement = sweep.judge(None if number == WHOLE else rollout.at(number))
            columns.statuses[number] = judgement.statuses
            _keep(columns.found, number, judgement.findings)
            columns.faulty.pop(number, None)
            if judgement.faulty:
                columns.faulty[number] = judgement.faulty
            readers.add(number, judgement.reads)
    findings = sorted(_findings((columns.intake, columns.linked)), key=lambda each: each.sort_key)
    subjects = [*columns.ids, whole(rollout).id]
    swept = Swept(sweep, subjects, columns.statuses, _findings((columns.found,)), columns.faulty)
    return Recalled(Loaded(rollout, tuple(findings)), swept, len(again))


def _fits(rollout: KeptRollout, file: int, record: Packed) -> bool:
    """Whether a newer record holds the same resources, and none that every manifest may depend on."""
    was, now = rollout.intake(file), unpack(record, BytesShelf())
    return (
        not now.unread
        and [each.id for each in now.resources] == [each.id for each in was.resources]
        and all(each.name for each in now.resources)
        and all(map(_is_found_alike, was.resources, now.resources))
    )


def _is_found_alike(was: Resource, now: Resource) -> bool:
    """Whether those who depend on a manifest without naming it find the same."""
    if was.kind not in searched_kinds():
        return True
    return was.valid == now.valid and _elements(was.kind, was.data) == _elements(now.kind, now.data)


def _elements(kind: str, data: object) -> list[list[str | None]]:
    """The names of the elements of those lists that other manifests may mean."""
    held = (value_at(data, items) for items in _named_lists(kind))
    return [list(map(element_name, each)) if isinstance(each, list) else [] for each in held]


@functools.cache
def _named_lists(kind: str) -> tuple[Path, ...]:
    """The lists of a kind whose elements other manifests name."""
    fields = (field for each in shapes.kinds() for field in references(each))
    return tuple(dict.fromkeys(field.items for field in fields if field.kind == kind and field.items))


def _renewed(state: State, rollout: KeptRollout, newer: Mapping[int, Packed]) -> Iterator[Change]:
    """Put newer records in their places; a change for each of their resources."""
    columns = state.columns
    for file, record in newer.items():
        before = rollout.intake(file)
        was = [(each, each.data, rollout.targets(each)) for each in before.resources]
        state.newer[file] = record
        rollout.renew(file)
        now = rollout.intake(file)
        _keep(columns.intake, file, now.findings)
        _mark(columns.commented, file, marked=record[1])
        _mark(columns.empty, file, marked=not now.filled)
        for number, (old, data, targets) in enumerate(was, columns.first[file]):
            resource = now.resources[number - columns.first[file]]
            new = rollout.targets(resource)
            rewired = new != targets or _elements(old.kind, data) != _elements(old.kind, resource.data)
            _mark(columns.invalid, number, marked=not resource.valid)
            yield Change(
                number,
                resource.kind,
                resource.name,
                resource.file,
                sides=(data, resource.data),
                targets=frozenset(targets | new),
                validity=old.valid != resource.valid,
                rewired=rewired,
            )


@functools.cache
def searched_kinds() -> frozenset[str]:
    """The kinds that every manifest may depend on without naming one.

    The Organization, which policies read as such, and those in whose lists a name is looked for without saying in
    which of them.
    """
    fields = (field for kind in shapes.kinds() for field in references(kind))
    return frozenset({_ORGANIZATION, *(each.kind for each in fields if each.kind and each.items and not each.of)})


def _link(state: State, rollout: KeptRollout, edits: Sequence[Change]) -> None:
    """Bring the references up to date, and what is wrong with them."""
    columns = state.columns
    for change in edits:
        now = rollout.targets(rollout.at(change.number))
        for target in change.targets:
            if rollout.number(target) is not None:
                sources = columns.incoming.setdefault(target, [])
                _mark(sources, change.number, marked=target in now)
                _note_lonely(state, rollout, target)
    edited = {change.number for change in edits}
    # No name has come or gone: of what leads nowhere, only names of elements may lead somewhere now.
    look_again = edited | {
        each for each in columns.dangling if _names_elements(columns.ids[each].partition("/")[0])
    }
    for change in edits:
        holder = f"{change.kind}/{change.name}"
        sources = columns.incoming.get(holder, [])
        for source in [each for each in sources if _names_elements(columns.ids[each].partition("/")[0])]:
            look_again.add(source)
            _mark(sources, source, marked=holder in rollout.targets(rollout.at(source)))
        _note_lonely(state, rollout, holder)
    for number in look_again:
        resource = rollout.at(number)
        edges = list(rollout.dangling_of(resource))
        _mark(columns.dangling, number, marked=bool(edges))
        reported = {path for at, path in _reported(rollout, number) if at is resource}
        wrong = [dangling_finding(rollout, edge) for edge in edges if edge.path not in reported]
        lonely = [each for each in _unpacked(columns.linked, number) if each.rule == _UNREFERENCED]
        _keep(columns.linked, number, [*wrong, *(() if number in edited else lonely)])
    _link_lonely(state, rollout)


def _note_lonely(state: State, rollout: KeptRollout, target: str) -> None:
    """Note whether anything refers to a resource now."""
    number = rollout.number(target)
    if number is not None and expects_referrers(target.partition("/")[0]):
        _mark(state.columns.lonely, number, marked=not state.columns.incoming.get(target))


def _link_lonely(state: State, rollout: KeptRollout) -> None:
    """Tell of the resources that nothing refers to, and of no others."""
    columns = state.columns
    lonely = set(columns.lonely)
    if lonely:
        misspelled = {f"{kind}/{name}" for kind, name in meant(rollout)}
        lonely = {number for number in lonely if columns.ids[number] not in misspelled}
    for number in lonely | columns.linked.keys():
        known = _unpacked(columns.linked, number)
        if (number in lonely) != any(each.rule == _UNREFERENCED for each in known):
            others = [each for each in known if each.rule != _UNREFERENCED]
            more = [unreferenced(rollout.at(number))] if number in lonely else []
            _keep(columns.linked, number, [*others, *more])


@functools.cache
def _names_elements(kind: str) -> bool:
    return any(field.items is not None for field in references(kind))


_UNREFERENCED = "LV007"


def _reported(rollout: KeptRollout, number: int) -> Iterator[tuple[Resource, object]]:
    """The fields of a resource's file that are wrong in themselves."""
    given = rollout.intake(rollout.file_of(number))
    for at, path in given.reported:
        yield given.resources[at], path


def _findings(packed: Sequence[Mapping[int, bytes]]) -> Iterator[Finding]:
    for column in packed:
        for data in column.values():
            yield from pickle.loads(data)


def _unpacked(column: Mapping[int, bytes], number: int) -> Sequence[Finding]:
    return cast("Sequence[Finding]", pickle.loads(column[number])) if number in column else ()


def _keep(column: dict[int, bytes], number: int, findings: Sequence[Finding]) -> None:
    column.pop(number, None)
    if findings:
        column[number] = pickle.dumps(tuple(findings), pickle.HIGHEST_PROTOCOL)


def _mark(numbers: list[int], number: int, *, marked: bool) -> None:
    """Have a number in an ordered list, or not."""
    if number in numbers:
        if not marked:
            numbers.remove(number)
    elif marked:
        numbers.append(number)
        numbers.sort()
