"""Writing files so that a reader sees the old content or the new one, never a part."""

from __future__ import annotations

import os
from pathlib import Path

from penstock.errors import UsageError


def write_atomically(path: Path, text: str) -> None:
    """Replace ``path`` by ``text`` (UTF-8), or leave it as it was.

    A link is followed. What is no file (a device, a pipe) is written to, since nothing could take its place.

    Raises:
        UsageError: the file cannot be written.
    """
    import tempfile  # late: few runs write a file

    temporary = None
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            with path.open("w", encoding="utf-8", newline="") as file:
                file.write(text)
            return
        path = path.resolve() if path.is_symlink() else path
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as made:
            temporary = Path(made.name)
            made.write(text)
        # A temporary file is private; the finished one has the permissions any new file would have.
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise UsageError(f"cannot write {path}: {error.strerror}") from None


def _umask() -> int:
    current = os.umask(0o077)
    os.umask(current)
    return current
