"""Several new files into a folder as one: all of them, or none and the folder as it was.

Takes texts by path and a folder that may exist or not. Never replaces or changes what is there. Every file is
written beside first, so that what can fail (space, permissions) fails before anything shows.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from penstock.errors import UsageError


def in_the_way(paths: Mapping[str, str], folder: Path) -> list[Path]:
    """What exists at the paths already, or where one of their folders must be."""
    found: list[Path] = []
    for path in paths:
        target = folder / path
        for candidate in (*reversed(target.parents), target):
            is_parent = candidate != target
            if os.path.lexists(candidate) and not (is_parent and candidate.is_dir()):
                found.append(candidate)
                break
    return sorted(set(found))


def put(files: Mapping[str, str], folder: Path) -> None:
    """Write the files below ``folder``.

    Raises:
        UsageError: something is in the way, or cannot be written; nothing has changed.
    """
    shown, folder = folder.as_posix(), folder.resolve()
    base = next(parent for parent in (folder, *folder.parents) if parent.is_dir())
    made: list[Path] = []
    staging = None
    try:
        staging = Path(tempfile.mkdtemp(dir=base, prefix=".penstock-init-"))
        for number, text in enumerate(files.values()):
            (staging / str(number)).write_text(text, encoding="utf-8", newline="\n")
        for number, path in enumerate(files):
            _make_folders((folder / path).parent, made)
            _move(staging / str(number), folder / path)
            made.append(folder / path)
    except BaseException as error:
        _undo(made)
        if isinstance(error, OSError):
            raise UsageError(f"cannot write to {shown}: {error.strerror or error}; nothing was written") from None
        raise
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)


def _make_folders(folder: Path, made: list[Path]) -> None:
    missing = [parent for parent in (folder, *folder.parents) if not parent.is_dir()]
    for parent in reversed(missing):
        parent.mkdir()
        made.append(parent)


def _move(source: Path, target: Path) -> None:
    """Move a file to where there is none. Unlike a rename, a link replaces nothing that came in between."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        # No hard links here, as on FAT and some network drives.
        with target.open("xb") as file:
            try:
                file.write(source.read_bytes())
            except BaseException:
                target.unlink()
                raise


def _undo(made: list[Path]) -> None:
    for path in reversed(made):
        try:
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        except OSError:
            continue  # a folder in which somebody has put something since stays
