"""Whether somebody waits at a terminal who is to see how far a run is."""

from __future__ import annotations

import os
import sys

from penstock.course import UNFOLLOWED, Course


def progress(*, colored: bool) -> Course:
    """What shows it on standard error, which is a terminal; nobody where it cannot be written over, or is kept."""
    given = os.environ.get
    # A service that builds may offer a terminal, and keeps all that is written to it.
    if given("TERM", "dumb" if os.name == "posix" else "") == "dumb" or given("CI", "false") not in (
        "",
        "false",
        "0",
    ):
        return UNFOLLOWED
    # Only the newer terminals of Windows know the sequences.
    if os.name == "nt" and not given("WT_SESSION"):
        return UNFOLLOWED
    from penstock.render.progress import Progress

    return Progress(sys.stderr, color=colored and not given("NO_COLOR"))
