"""How it is noticed that somebody saves a file: the operating system tells, through the library ``watchfiles``.

The only module that knows that library, which is an extra of the package: nobody tells where it is not installed,
nor where the system does not want to tell of so many folders.

https://watchfiles.helpmanual.io/api/watch/
"""

from __future__ import annotations

import time
from collections.abc import Collection, Generator, Sequence
from pathlib import Path
from typing import Any

from penstock.workspace.saves import SETTLING, Looking

_PAUSE = 0.5
"""Seconds between two looks at what is outside of the folders: configurations, packs, who owns what."""
_EVERYWHERE = 20.0
"""Seconds between two looks at everything: some file systems, such as those of networks, do not tell all."""
_LONGEST_BURST = 2.0
"""Seconds for which files may go on being saved, one close behind the other, before somebody looks."""


class Events:
    """What has happened below some folders."""

    def __init__(self, told: Generator[set[Any], None, None]) -> None:
        self._told: Generator[set[Any], None, None] | None = told
        self._last = float("-inf")
        self._looking = Looking()

    def wait(self, took: float) -> Collection[str] | None:
        """As ``Notices``; the first time anything may have happened, before anybody was listening."""
        if self._told is None:
            return self._looking.wait(took)
        try:
            changes = next(self._told)
        except (OSError, RuntimeError, StopIteration):
            # More folders than the system wants to tell of, or they are gone.
            self._told = None
            return None
        now = time.monotonic()
        if now - self._last > _EVERYWHERE:
            self._last = now
            return None
        return {path for _, path in changes}

    def settle(self) -> None:
        self._looking.settle()


def events(folders: Sequence[Path]) -> Events | None:
    """What tells of these folders and all below."""
    try:
        import watchfiles
    except ImportError:
        return None
    told = watchfiles.watch(
        *folders,
        watch_filter=None,
        debounce=int(_LONGEST_BURST * 1000),
        step=int(SETTLING * 1000),
        rust_timeout=int(_PAUSE * 1000),
        yield_on_timeout=True,
        ignore_permission_denied=True,
    )
    return Events(told)
