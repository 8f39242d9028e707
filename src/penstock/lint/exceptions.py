"""What the three kinds of exceptions have in common: comments, waivers and the baseline are asked in one way.

A kind of exceptions is an object made for one rollout and one run. ``lint`` shows it every finding that may be
excused, then asks what is wrong with the exceptions themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from penstock.manifest.integrity import is_fixed
from penstock.model import Excuse, Finding, Status

ABOUT_EXCEPTIONS = frozenset({"LV008", "LV009", "LV010", "LV015", "LV016", "LV017"})
"""The rules about exceptions themselves."""


Unjudged = tuple[str, str]
"""A rule's id and a resource (``Kind/name``) on which it could give no verdict."""


class Exceptions(Protocol):
    """One kind of exceptions, of one rollout, as of one date."""

    def excuse(self, finding: Finding) -> Excuse | None:
        """Why the finding does not count, if it does not; remembered as a use of the exception."""
        ...

    def findings(self, checked: Collection[str], unjudged: Collection[Unjudged] = (), /) -> Iterable[Finding]:
        """What is wrong with the exceptions themselves, once every finding has been shown.

        ``checked`` are the ids of the rules of this run: an exception from another rule may have its use in
        another run. Of the ``unjudged`` nobody knows what would have been found.
        """
        ...


def unjudged(statuses: Mapping[str, Mapping[Status, Iterable[str]]]) -> frozenset[Unjudged]:
    """Where an evaluation came to no verdict, from what it noted by rule and status."""
    return frozenset(
        (rule, resource)
        for rule, found in statuses.items()
        for status in (Status.NOT_JUDGED, Status.FAULT)
        for resource in found.get(status, ())
    )


def may_be_excused(rule: str) -> bool:
    """Whether anything can excuse findings of the rule with this id.

    Nothing can where a finding says that something was not checked, or that an exception needs attention.
    """
    return rule not in ABOUT_EXCEPTIONS and not is_fixed(rule)
