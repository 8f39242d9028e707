"""Findings x exceptions: the findings that count, and those that a comment, a waiver or the baseline excuses.

The one path of exceptions: whoever judges a rollout, the check or the plan, comes through here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from penstock.lint.exceptions import Exceptions, may_be_excused
from penstock.model import Excused, Finding
from penstock.record import dataclass


@dataclass(frozen=True, slots=True)
class Parted:
    """The findings, parted; each part in the order of findings."""

    standing: tuple[Finding, ...]
    excused: tuple[Excused, ...]


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings in their one order, each once."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda each: each.sort_key))


def part(findings: Iterable[Finding], kinds: Sequence[Exceptions]) -> Parted:
    """Show every finding to every kind of exceptions; the first that excuses it is the one that is told.

    All are asked, so that each knows its uses: a finding both waived and in the baseline keeps both alive.
    """
    standing: list[Finding] = []
    excused: list[Excused] = []
    for found in in_order(findings):
        answers = [kind.excuse(found) for kind in kinds] if may_be_excused(found.rule) else []
        excuse = next((answer for answer in answers if answer is not None), None)
        if excuse is None:
            standing.append(found)
        else:
            excused.append(Excused(found, excuse))
    return Parted(tuple(standing), tuple(excused))
