"""How a fault reaches the user: on standard error, with its place and a caret, never as a traceback."""

from __future__ import annotations

import os
import platform
import sys
import traceback

from penstock import __version__
from penstock.errors import GroupedError, PenstockError
from penstock.render.escape import visible
from penstock.render.frame import frame


def report(error: PenstockError) -> None:
    """Print a fault, or each of a group."""
    errors = error.errors if isinstance(error, GroupedError) else (error,)
    sys.stderr.write("\n".join(shown(one, "penstock: error") for one in sorted(errors, key=place)))


def report_bug(error: BaseException) -> None:
    """Say that penstock itself is wrong and how to report it. ``PENSTOCK_DEBUG=1`` adds the traceback."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = f"{os.path.basename(last[0].filename)}:{last[0].lineno}" if last else "unknown place"  # noqa: PTH119
    sys.stderr.write(
        f"penstock: internal error: {type(error).__name__} at {where}: {visible(str(error))}\n"
        "  This is a bug in penstock, not in your manifests. Please report it as CONTRIBUTING.md says, with this\n"
        "  line, the command, and the smallest manifest that shows it (a security matter: as SECURITY.md says):\n"
        f"  penstock {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
        "  PENSTOCK_DEBUG=1 prints the full traceback.\n"
    )
    if os.environ.get("PENSTOCK_DEBUG"):
        traceback.print_exception(error)


def place(error: PenstockError) -> tuple[str, int, int]:
    """What faults are sorted by: file, line, column."""
    start = error.span.start if error.span else None
    return error.file or "", start.line if start else 0, start.column if start else 0


def shown(error: PenstockError, head: str) -> str:
    """A fault with its place, the line it is in and a caret, behind a word for what it is."""
    lines = [f"{head}: {visible(error.message)}"]
    if error.file and error.span:
        lines.append(f"  --> {visible(error.file)}:{error.span.start.line}:{error.span.start.column}")
        if error.frame is not None:
            lines.extend(frame(error.frame, error.span))
    elif error.file:
        lines.append(f"  --> {visible(error.file)}")
    if error.hint:
        lines.append(f"  = help: {visible(error.hint)}")
    return "\n".join(lines) + "\n"
