"""Which policies can observe a field of a manifest, by what ``observed`` has found of each when it was loaded.

Takes policies, kinds and fields; gives answers. Every run that knows of an earlier one asks this: must not import
what only the loading of policies needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from penstock.policy.model import Policy

ANY_KIND = "*"
"""Stands before the name of a field of what is not known to be of some kind."""

Fields = frozenset[str]
"""Such as ``UseCase.spec.tasks.name``, elements of a list under the list's name; ``*.name`` wherever it stands."""

Way = tuple[str, ...]
"""A field with all that is on the way to it: ``("spec", "tasks", "name")``."""

_ORGANIZATION = "organization"
_LOOKING = frozenset({"ref", "referrers", "resources", _ORGANIZATION})
_ORDER = ""
"""Stands for the order of a map's keys: only who looks at the map as a whole can observe it."""


def looking(policies: Iterable[Policy]) -> Iterator[Policy]:
    """The policies that look at other manifests than the one that they are asked of."""
    return (each for each in policies if each.stage is not None or not each.reads.isdisjoint(_LOOKING))


def looking_at_organization(policies: Iterable[Policy]) -> Iterator[Policy]:
    """The policies that look at the Organization without asking for it."""
    return (each for each in policies if _ORGANIZATION in each.reads)


def any_sees(policies: Iterable[Policy], kind: str, ways: Iterable[Way]) -> bool:
    """Whether one of the policies can observe one of the fields of a manifest of a kind."""
    given = tuple(ways)
    return any(is_seen(policy.observes, kind, way) for policy in policies for way in given)


def is_seen(observes: Fields | None, kind: str, way: Way) -> bool:
    """Whether a field is among those observed, and all that is on the way to it."""
    if observes is None:
        return True
    here = kind
    for name in way:
        here = f"{here}.{name}"
        if here not in observes and f"{ANY_KIND}.{name}" not in observes:
            return False
    return True


def differing(one: object, other: object, way: Way = ()) -> Iterator[Way]:
    """The fields in which two values differ for some rule: for Python, true is 1 and 1.0, and order is nothing."""
    if type(one) is not type(other):
        yield way
    elif isinstance(one, dict) and isinstance(other, dict):
        if list(one) != list(other):
            yield from ((*way, name) for name in (*one, *other) if name not in one or name not in other)
            yield (*way, _ORDER)
        for name in one:
            if name in other:
                yield from differing(one[name], other[name], (*way, name))
    elif isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            yield way
        for left, right in zip(one, other):  # noqa: B905 - what is left over has been told
            yield from differing(left, right, way)
    elif one != other:
        yield way


PoliciesOf = Callable[[str], Sequence["Policy"]]
"""Of a kind: the policies that are asked of its manifests."""
