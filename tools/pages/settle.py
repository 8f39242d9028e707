"""Generated files: written, or compared with what is there.

A generator first asks ``checking()`` what its command line wants, then hands its texts by path to ``settle()``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def checking(tool: str) -> bool:
    """Whether the command line says ``--check``.

    Raises:
        SystemExit: it says something else; code 2.
    """
    arguments = sys.argv[1:]
    if arguments not in ([], ["--check"]):
        sys.stderr.write(f"usage: python {tool} [--check]\n")
        raise SystemExit(2)
    return bool(arguments)


def settle(files: Mapping[Path, str], tool: str, *, check: bool, surplus: Iterable[Path] = ()) -> int:
    """Write the files and remove the surplus ones; under ``check``, only say which are stale. An exit code."""
    stale = {path: text for path, text in files.items() if not path.is_file() or _read(path) != text}
    over = sorted(surplus)
    if check:
        for path in [*sorted(stale), *over]:
            sys.stderr.write(f"{path.relative_to(ROOT).as_posix()} is stale: run python {tool}\n")
        return 1 if stale or over else 0
    for path, text in stale.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    for path in over:
        path.unlink()
    return 0


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")
