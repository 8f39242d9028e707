"""What the three kinds of exceptions have in common: comments, waivers and the baseline are asked in one way.

A kind of exceptions is an object made for one rollout and one run. ``lint`` shows it every finding that may be
excused, then asks what is wrong with the exceptions themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from penstock.manifest.integrity import is_fixed
from penstock.model import Excuse, Finding

_ABOUT_EXCEPTIONS = frozenset({"LV009", "LV016"})


class Exceptions(Protocol):
    """One kind of exceptions, of one rollout, as of one date."""

    def excuse(self, finding: Finding) -> Excuse | None:
        """Why the finding does not count, if it does not; remembered as a use of the exception."""
        ...

    def findings(self, checked: Collection[str]) -> Iterable[Finding]:
        """What is wrong with the exceptions themselves, once every finding has been shown.

        ``checked`` are the ids of the rules of this run: an exception from another rule may have its use in
        another run.
        """
        ...


def may_be_excused(rule: str) -> bool:
    """Whether anything can excuse findings of the rule with this id.

    Nothing can where a finding says that something was not checked, or that an exception needs attention.
    """
    return rule not in _ABOUT_EXCEPTIONS and not is_fixed(rule)
