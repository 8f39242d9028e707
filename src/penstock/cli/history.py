"""What was typed at the prompt, kept from one time to the next in a file that only its owner may read.

Takes Python's readline module. A file that cannot be read or written costs the history and nothing else.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LINES = 1000
_FILE = "eval-history"


def state_folder(platform: str, env: Mapping[str, str], home: Path) -> Path:
    """Where a program keeps what it remembers of its user's work, by the platform's own custom."""
    if env.get("XDG_STATE_HOME") and Path(env["XDG_STATE_HOME"]).is_absolute():
        return Path(env["XDG_STATE_HOME"]) / "penstock"
    if platform == "win32":
        return Path(env.get("LOCALAPPDATA") or home / "AppData" / "Local") / "penstock"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "penstock"
    return home / ".local" / "state" / "penstock"


def history_file() -> Path | None:
    """The file of this user; None where there is no home."""
    try:
        return state_folder(sys.platform, os.environ, Path.home()) / _FILE
    except RuntimeError:
        return None


def recall(readline: Any, file: Path | None) -> None:
    """Take the lines of earlier times up again."""
    readline.set_history_length(LINES)
    if file is None:
        return
    try:
        readline.read_history_file(str(file))
    except (OSError, UnicodeError):
        return


def keep(readline: Any, file: Path | None) -> None:
    """Write the lines down, in a folder and a file that nobody else may read."""
    if file is None:
        return
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The file is private before there is anything in it.
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600))
        file.chmod(0o600)
        readline.write_history_file(str(file))
        file.chmod(0o600)
    except OSError:
        return
