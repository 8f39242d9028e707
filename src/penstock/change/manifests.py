"""Two states of a rollout, paired -> every change of its manifests.

Takes a ``Pairing``; gives ``Change``s in their order. A manifest that moved to another file, keys in another order
and comments are no change; nor is a reference that follows its target to a new name.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from penstock.change import situation, whole
from penstock.change.differences import Difference, differences
from penstock.change.model import Change, Weight, What
from penstock.change.same import ABSENT, NO_SCHEMA
from penstock.change.special import UNITS, Sides, told
from penstock.change.telling import Told
from penstock.manifest import shapes
from penstock.manifest.pairing import Pairing
from penstock.manifest.paths import value_at
from penstock.manifest.references import values_at
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.manifest.shapes import Schema
from penstock.model import Path
from penstock.record import replace

_NAME: Path = ("metadata", "name")
_Renames = Mapping[tuple[str, str], str]
"""The new name of each renamed manifest, by kind and old name."""


def manifest_changes(
    pairing: Pairing, same_file: Mapping[str, str] | None = None, left_out: Collection[str] = ()
) -> tuple[Change, ...]:
    """Every change between the two states, what weighs most first.

    ``same_file`` gives, for a file of the old state, the name that the new state shows it by, where it is another;
    ``left_out`` are the manifests (``Kind/name``) that are still there, but no longer taken in.
    """
    renames = {(old.kind, old.name): new.name for old, new in pairing.renamed if old.name and new.name}
    found = [
        *_added(pairing),
        *_removed(pairing, same_file or {}, left_out),
        *(change for old, new in pairing.pairs for change in _between(pairing, old, new, renames)),
    ]
    return tuple(sorted(found, key=lambda change: change.sort_key))


def _added(pairing: Pairing) -> Iterator[Change]:
    for resource in pairing.added:
        yield _change(pairing.new, resource, (), whole.added(pairing.new, resource), new=resource.data)


def _removed(pairing: Pairing, same_file: Mapping[str, str], left_out: Collection[str]) -> Iterator[Change]:
    unread = set(pairing.new.unread)
    for resource in pairing.removed:
        lost = same_file.get(resource.file, resource.file) in unread
        said = whole.removed(pairing.old, resource, unread=lost)
        if resource.id in left_out and not lost:
            said = whole.left_out(pairing.old, resource)
        yield _change(pairing.old, resource, (), said, old=resource.data, is_gone=True)


def _between(pairing: Pairing, old: Resource, new: Resource, renames: _Renames) -> Iterator[Change]:
    """The changes of one manifest."""
    was = old.id if old.name != new.name else None
    if was is not None:
        sentence = f"renamed from {old.name or 'no name'} to {new.name or 'no name'}"
        said = Told(What.RENAMED, Weight.OTHER, sentence)
        yield replace(_change(pairing.new, new, _NAME, said, old=old.name, new=new.name), was=was)
    sides = Sides(pairing.old, pairing.new, old, new)
    units = UNITS.get(new.kind, frozenset())
    for difference in differences(_following(old, new, renames), new.data, schema_of(new.kind), units):
        if was is None or difference.new_path != _NAME:
            yield replace(_told(pairing, sides, difference), was=was)


def schema_of(kind: str) -> Schema:
    """The schema of a kind's manifests; an empty one for a kind that is not known."""
    return shapes.inlined(f"{shapes.ROLLOUT}/{kind}") if kind in shapes.kinds() else NO_SCHEMA


def _told(pairing: Pairing, sides: Sides, difference: Difference) -> Change:
    said = told(difference, sides)
    old = None if difference.old is ABSENT else difference.old
    new = None if difference.new is ABSENT else difference.new
    if difference.is_removed and not difference.is_part:
        return _change(pairing.old, sides.old, difference.old_path, said, old=old, called=sides.new, is_gone=True)
    return _change(pairing.new, sides.new, difference.new_path, said, old=old, new=new)


def _change(
    rollout: Rollout,
    resource: Resource,
    path: Path,
    said: Told,
    *,
    old: object = None,
    new: object = None,
    called: Resource | None = None,
    is_gone: bool = False,
) -> Change:
    """A change at a place of a manifest; ``called``: the manifest whose name it goes by, if that is another."""
    where = resource.location(path or _NAME)
    return Change(
        resource=(called or resource).id,
        path=path,
        path_text=where.path_text if path else "",
        what=said.what,
        weight=said.weight,
        sentence=said.sentence,
        location=where,
        is_gone=is_gone,
        old=old,
        new=new,
        facts=situation.facts(rollout, resource),
    )


def _following(old: Resource, new: Resource, renames: _Renames) -> dict[str, Any]:
    """The old data, with the new names of what it refers to, where the new data refers to them."""
    found = [(path, renames[key]) for path, key in _references(old) if key in renames]
    after = {(kind, name) for _, (kind, name) in _references(new)} if found else ()
    followed = [(path, name) for path, name in found if _leads(path, name, old, after)]
    if not followed:
        return old.data
    data = copy.deepcopy(old.data)
    for path, name in followed:
        holder: Any = value_at(data, path[:-1])
        holder[path[-1]] = name
    return data


def _leads(path: Path, name: str, old: Resource, after: Collection[tuple[str, str]]) -> bool:
    """Whether the new manifest refers to the new name, and not to the old one any more."""
    before = value_at(old.data, path)
    return any(each == name for _, each in after) and all(each != before for _, each in after)


def _references(resource: Resource) -> Iterator[tuple[Path, tuple[str, str]]]:
    """The fields that name another manifest, with its kind and name."""
    from penstock.manifest.references import references

    for field in references(resource.kind):
        if field.items is None and field.kind is not None:
            for path, name in values_at(resource.data, field.path):
                if isinstance(name, str):
                    yield path, (field.kind, name)
    if resource.kind == "Waiver":
        for path, kind in values_at(resource.data, ("spec", "resources", None, "kind")):
            name = value_at(resource.data, (*path[:-1], "name"))
            if isinstance(kind, str) and isinstance(name, str):
                yield (*path[:-1], "name"), (kind, name)
