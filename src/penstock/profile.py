"""Where the time of a run went: its parts, and each rule.

Takes what the run tells of its course, and a clock; gives ``Profiled``. Each moment belongs to one part, so that
the parts add up to the whole.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping

from penstock.course import PARTS, Asked, Course
from penstock.record import dataclass

START = "start-up"
OTHER = "other"


@dataclass(frozen=True, slots=True)
class RuleTime:
    """What one rule took."""

    rule: str
    nanoseconds: int
    asked: int
    """How many resources it was asked of."""


@dataclass(frozen=True, slots=True)
class Profiled:
    """A run that was followed. Times are in nanoseconds."""

    total: int
    parts: tuple[tuple[str, int], ...]
    """In the order of a run; what belongs to none of them at the end."""
    rules: tuple[RuleTime, ...]
    """The slowest first. What they take is in the part of the rules, which is a little more."""
    counts: Mapping[str, int]
    peak: int | None
    """The most memory that was used, in bytes; None where the system does not tell."""


class Profile(Course):
    """Follows a run closely. ``age`` is how long the process has been there already."""

    closely = True

    def __init__(self, clock: Callable[[], int] = time.perf_counter_ns, age: int = 0) -> None:
        super().__init__(clock)
        self._spent = {START: age}
        self._asked: dict[str, Asked] = {}
        self._counts: dict[str, int] = {}
        self._now = OTHER
        self._since = clock()

    def part(self, name: str) -> _Part:
        return _Part(self, name)

    def count(self, what: str, number: int) -> None:
        self._counts[what] = self._counts.get(what, 0) + number

    def asked(self, rule: str) -> Asked:
        return self._asked.setdefault(rule, Asked())

    def turn(self, name: str) -> str:
        """From now on, the time is that of another part; gives the one that it was of."""
        now, before = self.clock(), self._now
        self._spent[before] = self._spent.get(before, 0) + now - self._since
        self._spent.setdefault(name, 0)
        self._now, self._since = name, now
        return before

    def profiled(self) -> Profiled:
        """What has come of it so far."""
        self.turn(self._now)
        parts = tuple((name, self._spent[name]) for name in (START, *PARTS, OTHER) if name in self._spent)
        rules = (RuleTime(rule, asked.nanoseconds, asked.times) for rule, asked in self._asked.items())
        return Profiled(
            total=sum(spent for _, spent in parts),
            parts=parts,
            rules=tuple(sorted(rules, key=lambda each: (-each.nanoseconds, each.rule))),
            counts=dict(self._counts),
            peak=peak_memory(),
        )


class _Part:
    """A part of a profile while it goes on."""

    __slots__ = ("_before", "_name", "_profile")

    def __init__(self, profile: Profile, name: str) -> None:
        self._profile = profile
        self._name = name
        self._before = name

    def __enter__(self) -> None:
        self._before = self._profile.turn(self._name)

    def __exit__(self, *_: object) -> None:
        self._profile.turn(self._before)


def age() -> int:
    """For how many nanoseconds this process has been there.

    Linux tells when it was started, to a hundredth of a second. Elsewhere it is the time that the processor has
    spent on it, which while starting up is nearly the same.
    """
    spent = time.process_time_ns()
    try:
        with open("/proc/self/stat", "rb") as file:  # noqa: PTH123
            # Field 22 of proc(5): the name in field 2 may hold anything, even a bracket.
            ticks = int(file.read().rpartition(b")")[2].split()[19])
        began = ticks * 1_000_000_000 // os.sysconf("SC_CLK_TCK")
        return max(spent, time.clock_gettime_ns(time.CLOCK_BOOTTIME) - began)
    except (OSError, ValueError, AttributeError, IndexError):
        return spent


def peak_memory() -> int | None:
    """The most memory that this process had, in bytes."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    # getrusage(2): kibibytes, but bytes on macOS
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
