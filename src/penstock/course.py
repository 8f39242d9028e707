"""How a run goes, as those who do its work tell it: its parts, what was counted, how many items are done.

``Course`` follows nothing, and costs next to nothing to tell: a profile and a progress bar are others. It must not
know what the work is.
"""

from __future__ import annotations

from time import perf_counter_ns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractContextManager
    from typing import TypeVar

    Item = TypeVar("Item")

CONFIGURATION = "configuration"
PACKS = "packs"
FINDING = "finding files"
READING = "reading"
PARSING = "parsing"
SCHEMA = "schema"
PACKING = "packing"
LINKING = "linking"
STATE = "known state"
COMPARING = "comparing"
RULES = "rules"
EXCEPTIONS = "exceptions"
REPORT = "report"
OUTPUT = "output"
SAVING = "saving"
PARTS = (
    CONFIGURATION,
    FINDING,
    PACKS,
    STATE,
    READING,
    PARSING,
    SCHEMA,
    PACKING,
    LINKING,
    RULES,
    SAVING,
    COMPARING,
    EXCEPTIONS,
    REPORT,
    OUTPUT,
)
"""The parts of a check, in the order in which they begin."""

READ, JUDGED = "read", "judged"
"""What is counted: files that were read, and resources that were judged, a rollout as a whole being one too."""


class Asked:
    """How many times something was asked, and how long that took in all."""

    __slots__ = ("nanoseconds", "times")

    def __init__(self) -> None:
        self.nanoseconds = 0
        self.times = 0


class Course:
    """Whom a run tells how it goes."""

    every = 0
    """After how many items it wants to be told how many are done; 0: never."""
    closely = False
    """Whether each step of each item counts: then one process does all the work."""

    def __init__(self, clock: Callable[[], int] = perf_counter_ns) -> None:
        """``clock`` tells nanoseconds since whenever."""
        self.clock = clock

    def part(self, name: str) -> AbstractContextManager[object]:  # noqa: ARG002
        """The time within is that of a part; of a part within it, that is not this one's."""
        return _WITHIN

    def count(self, what: str, number: int) -> None:
        """So many more of something."""

    def each(self, items: Sequence[Item]) -> Iterable[Item]:
        """The items, one after the other, as whoever asks for them is done with them."""
        return items

    def done(self, done: int, of: int) -> None:
        """So many items are done, of all that this part has."""

    def asked(self, rule: str) -> Asked:  # noqa: ARG002
        """Where to note how long a rule takes."""
        return Asked()

    def end(self) -> None:
        """The work is done, or given up: nothing may be left of what was shown."""


class _Within:
    __slots__ = ()

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        pass


_WITHIN = _Within()

UNFOLLOWED = Course()
"""Nobody wants to know."""
