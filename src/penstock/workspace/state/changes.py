"""Which judgements an edit may have changed: those that read what was edited, before or after.

Takes the columns of a state and the manifests that changed, as they were and as they are; gives numbers of
resources. It may name too many, never too few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from penstock.manifest import shapes
from penstock.policy.model import ROLLOUT_KIND, Policy
from penstock.policy.seen import PoliciesOf, Way, any_sees, differing, looking, looking_at_organization
from penstock.record import dataclass
from penstock.workspace.state.columns import WHOLE, Columns, Numbers

_ORGANIZATION = "Organization"
_FAULT = b"LV011"


@dataclass(frozen=True, slots=True)
class Change:
    """One manifest that changed."""

    number: int
    kind: str
    name: str
    file: str
    """As it is shown."""
    sides: tuple[dict[str, Any], dict[str, Any]]
    """What it was and is."""
    targets: frozenset[str]
    """The ids of what it referred to or refers to."""
    validity: bool
    """Whether it satisfied its schema before and does not now, or the other way round."""
    rewired: bool
    """Whether it refers to others than it did, or holds other elements that others name."""

    @property
    def fields(self) -> frozenset[Way]:
        """The fields that it has changed."""
        return frozenset(differing(*self.sides))


def concerned(columns: Columns, changes: Iterable[Change], policies_of: PoliciesOf) -> set[int]:
    """The resources, and perhaps the rollout as a whole, whose judgement a change may have changed."""
    given = tuple(changes)
    # Whatever else is as it was, the places that findings point to may have moved.
    found = _pointing(columns, {change.file for change in given})
    for change in given:
        fields = change.fields
        if fields or change.validity or change.rewired:
            found.add(change.number)
        if change.validity or change.rewired:
            found.update(_readers(columns, change))
        elif fields:
            kinds = _Kinds(columns, policies_of, looking, change)
            found.update(reader for reader in _readers(columns, change) if kinds.see(reader))
        if fields and change.kind == _ORGANIZATION:
            kinds = _Kinds(columns, policies_of, looking_at_organization, change)
            found.update(filter(kinds.see, range(WHOLE, len(columns.ids))))
    return found


class _Kinds:
    """The kinds of which a policy can observe a change, each asked about once."""

    def __init__(
        self,
        columns: Columns,
        policies_of: PoliciesOf,
        looking_at: Callable[[Iterable[Policy]], Iterable[Policy]],
        change: Change,
    ) -> None:
        self._ids = columns.ids
        self._policies_of = policies_of
        self._looking_at = looking_at
        self._kind, self._fields = change.kind, change.fields
        self._known: dict[str, bool] = {}

    def see(self, number: int) -> bool:
        """Whether one of the policies does that are asked of a resource, or of the rollout as a whole."""
        kind = ROLLOUT_KIND if number == WHOLE else self._ids[number].partition("/")[0]
        if kind not in self._known:
            policies = self._looking_at(self._policies_of(kind))
            self._known[kind] = any_sees(policies, self._kind, self._fields)
        return self._known[kind]


def _pointing(columns: Columns, files: Iterable[str]) -> set[int]:
    """Those with findings that point into one of the files, or that tell of a fault in a rule.

    Such a fault may tell of more than the rule can observe. What is packed has the names of files as they are.
    """
    names = [_FAULT, *(file.encode("utf-8", "surrogatepass") for file in files)]
    return {number for number, packed in columns.found.items() if any(name in packed for name in names)}


def _readers(columns: Columns, change: Change) -> Iterator[int]:
    """Whoever read the manifest, one way or another."""
    yield from columns.by_name.get(f"{change.kind}/{change.name}", ())
    yield from columns.by_kind.get(change.kind, ())
    for target in change.targets:
        kind, _, name = target.partition("/")
        yield from columns.by_referrers.get((kind, name, change.kind), ())
    # Its lists may have lost or got an element that others name, and so those who refer to it.
    for other in shapes.kinds():
        yield from columns.by_referrers.get((change.kind, change.name, other), ())
    for numbers in _by_fields(columns, change):
        yield from numbers


def _by_fields(columns: Columns, change: Change) -> Iterator[Numbers]:
    """Whoever asked for manifests of the kind by values, one side of which may have had them."""
    asked = columns.by_fields.get(change.kind)
    if not asked:
        return
    scalars = [set(_scalars(side)) for side in change.sides]
    for fields, numbers in asked.items():
        values = [value for _, value in fields]
        if change.validity or any(_may_have(side, values) for side in scalars):
            yield numbers


def _may_have(scalars: set[object], values: Iterable[object]) -> bool:
    return all(not isinstance(value, (str, int, float)) or value in scalars for value in values)


def _scalars(data: object) -> Iterator[object]:
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif value is not None:
            yield value
