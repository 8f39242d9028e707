"""How it is noticed that somebody saves a file: by going to look, again and again.

Takes whoever looks, and whoever tells when to: ``Looking`` here, and in ``file_events`` what the operating system
tells. It waits, and knows nothing of what is looked for.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Protocol

SETTLING = 0.05
"""Seconds: files that are saved together are saved within these."""
_SHORTEST = 0.2
_LONGEST = 5.0
_SHARE = 10
"""The pause between two looks is so many times as long as a look takes: looking takes a tenth of one processor."""
_PATIENCE = 40
"""How many times it is waited for files to be left alone."""


class Looker(Protocol):
    """Whoever knows whether there is a reason to do something."""

    def changed(self, named: Collection[str] | None) -> bool:
        """Whether something has changed since the last look, at these paths, or anywhere for None."""

    def still_changing(self) -> bool:
        """Whether what the last look has found changed has changed once more since."""


class Notices(Protocol):
    """Whoever tells when to look."""

    def wait(self, took: float) -> Collection[str] | None:
        """Wait a while; then the paths where something has happened, None for anywhere.

        ``took`` is how many seconds the last look took.
        """

    def settle(self) -> None:
        """Wait for what else may be saved together with what has been."""


class Looking:
    """Has everything looked at now and then."""

    def wait(self, took: float) -> Collection[str] | None:
        time.sleep(min(max(_SHORTEST, _SHARE * took), _LONGEST))
        return None

    def settle(self) -> None:
        time.sleep(SETTLING)


def wait_for_change(looker: Looker, notices: Notices) -> None:
    """Wait until something has changed, and is left alone."""
    took = 0.0
    while True:
        named = notices.wait(took)
        began = time.perf_counter()
        if looker.changed(named):
            break
        took = time.perf_counter() - began
    if named is not None:
        return  # whoever names files has waited for the others
    for _ in range(_PATIENCE):
        notices.settle()
        if not looker.still_changing():
            return
