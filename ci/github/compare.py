"""Compares a pull request with its base: runs ``penstock diff`` for each path of the Action, joins what it says.

Takes its inputs from the environment of the Action's step; gives one Markdown file for the comment, the same in
the job's summary, and the step's outputs. It must not know of the token, nor talk to any server.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_COMMENT = 65_400
"""Bytes; GitHub takes 65,536 characters. One comparison has 65,000 at most."""
MAX_SUMMARY = 1_000_000
"""Bytes; GitHub takes 1 MiB of a step."""
_NOTE = 100
"""Bytes kept for the note on what was left out."""


@dataclass(frozen=True)
class Comparison:
    """What ``penstock diff`` says of one path."""

    markdown: str
    """The first line is the hidden mark of the comment."""
    changes: bool
    """Whether anything changed in meaning."""


def main() -> int:
    """Compare, write, and give the exit code: 0, or that of the comparison that failed."""
    given = os.environ
    folder = Path(tempfile.mkdtemp(prefix="penstock-", dir=given["RUNNER_TEMP"]))
    found: list[Comparison] = []
    day = [f"--as-of={given['PENSTOCK_AS_OF']}"] if given["PENSTOCK_AS_OF"] else []
    for path in [line for line in given["PENSTOCK_PATHS"].splitlines() if line] or ["."]:
        markdown, data = folder / f"{len(found)}.md", folder / f"{len(found)}.json"
        words = [f"--path={path}", f"--output=markdown={markdown}", f"--output=json={data}", *day]
        line = [given["PENSTOCK"], "diff", *words, "--", given["PENSTOCK_BASE"]]
        code = subprocess.run(line, check=False).returncode
        if code:
            return code
        found.append(Comparison(markdown.read_text("utf-8"), has_changes(json.loads(data.read_text("utf-8")))))
    comment = folder / "comment.md"
    comment.write_text(joined(found, MAX_COMMENT), encoding="utf-8")
    _append(given["GITHUB_STEP_SUMMARY"], joined(found, MAX_SUMMARY))
    changes = str(any(each.changes for each in found)).lower()
    _append(given["GITHUB_OUTPUT"], f"comparison={comment}\nchanges={changes}\n")
    return 0


def has_changes(comparison: Mapping[str, Any]) -> bool:
    """Whether a comparison, as ``diff/v1``, has a rollout in which something changed: a list that is not empty."""
    return any(_holds(each) for each in comparison["rollouts"])


def _holds(data: Mapping[str, Any]) -> bool:
    parts = [value for value in data.values() if isinstance(value, dict)]
    return any(value for value in data.values() if isinstance(value, list)) or any(map(_holds, parts))


def joined(found: Sequence[Comparison], limit: int) -> str:
    """One text of at most ``limit`` bytes, with the mark once: comparisons with changes, or that there are none.

    Two paths of one rollout are compared alike, since a rollout means something as a whole: that is told once.
    """
    told = [each.markdown for each in found if each.changes] or [each.markdown for each in found[:1]]
    text, left_out = "", 0
    for markdown in dict.fromkeys(told):
        part = f"\n{markdown.partition(chr(10))[2]}" if text else markdown
        if len(f"{text}{part}".encode()) > limit - _NOTE:
            left_out += 1
        else:
            text += part
    many = "1 more comparison" if left_out == 1 else f"{left_out} more comparisons"
    return f"{text}\n{many} did not fit here. `penstock diff` tells all of it.\n" if left_out else text


def _append(file: str, text: str) -> None:
    with Path(file).open("a", encoding="utf-8") as opened:
        opened.write(text)


if __name__ == "__main__":
    sys.exit(main())
