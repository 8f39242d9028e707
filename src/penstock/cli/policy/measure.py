"""What the subcommands of ``penstock policy`` that measure have in common: the threshold, and the progress."""

from __future__ import annotations

import argparse
import sys


def threshold(arguments: argparse.Namespace) -> float | None:
    """The percentage of ``--fail-under``; None when there is none.

    Raises:
        UsageError: it is not from 0 to 100.
    """
    from penstock.errors import UsageError

    least: float | None = arguments.fail_under
    if least is not None and not 0 <= least <= 100:
        raise UsageError(f"--fail-under is a percentage from 0 to 100, not {least:g}")
    return least


def progress(text: str) -> None:
    """Show how far the work has got, at a terminal; an empty text takes it away."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
