"""Paths as a user at the working directory means and types them. Looks at no file."""

from __future__ import annotations

import os
from pathlib import Path


def absolute(path: str | Path) -> Path:
    """The path from the top of the file system, without ``..``; links are not followed."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links


def shown(path: Path) -> str:
    """The path as a user at the working directory would type it, with forward slashes."""
    try:
        return Path(os.path.relpath(path)).as_posix()
    except ValueError:  # another drive on Windows
        return path.as_posix()
