"""Paths as a user at the working directory means and types them. Looks at no file."""

from __future__ import annotations

import os
from collections.abc import Iterable
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


def shown_all(paths: Iterable[Path]) -> list[str]:
    """``shown`` for each of many paths: what is the same for a folder is worked out once."""
    folders: dict[Path, str] = {}
    names = []
    for path in paths:
        parent = path.parent
        folder = folders.get(parent)
        if folder is None:
            whole = shown(parent)
            folder = folders[parent] = "" if whole == "." else f"{whole}/".replace("//", "/")
        names.append(folder + path.name)
    return names
