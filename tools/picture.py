"""Draws docs/images/check.svg: what ``penstock check`` prints on a terminal, coloured.

Runs penstock on a broken example as of a fixed date. The SVG needs no font from elsewhere, and brings its own
background, so that it reads on light and dark pages alike. ``--check`` fails when the picture is not what the
command prints now.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from html import escape

from pages.settle import ROOT, checking, settle

TOOL = "tools/picture.py"
PICTURE = ROOT / "docs" / "images" / "check.svg"
COMMAND = "penstock check examples/broken/financial-services-onboarding --as-of 2026-11-20 --select LV602,LV801"
"""Few rules, so that the picture stays small and does not change with every rule that joins the pack."""

COLUMNS = 100
_CHARACTER, _LINE, _MARGIN, _BAR = 8.4, 19, 16, 34
_FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
_SEQUENCE = re.compile(r"\x1b\[([0-9;]*)m")
_COLORS = {"31": "red", "32": "green", "33": "yellow", "34": "blue", "36": "cyan"}
_STYLE = f"""\
    text {{ font: 14px {_FONT}; fill: #d7dce2; white-space: pre; }}
    .bold {{ font-weight: 700; fill: #ffffff; }}
    .red {{ fill: #ff7b72; }}
    .green {{ fill: #56d364; }}
    .yellow {{ fill: #e3b341; }}
    .blue {{ fill: #79c0ff; }}
    .cyan {{ fill: #76e3ea; }}
    .prompt {{ fill: #8b949e; }}
"""

Run = tuple[str, str]
"""A piece of a line and its classes."""


def main() -> int:
    """Write or check the picture."""
    check = checking(TOOL)
    return settle({PICTURE: draw(COMMAND, output(COMMAND))}, TOOL, check=check)


def output(command: str) -> str:
    """What the command prints, in colour, on a terminal of ``COLUMNS`` columns."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(command), "--color", "always"],
        cwd=ROOT,
        env={**kept, "PYTHONUTF8": "1", "COLUMNS": str(COLUMNS)},
        capture_output=True,
        check=False,
    )
    if done.returncode != 1:
        raise SystemExit(f"{command}: expected findings, got {done.returncode}\n{done.stderr.decode()}")
    return done.stdout.decode("utf-8")


def draw(command: str, printed: str) -> str:
    """The terminal as SVG: a bar, the command, and what it printed."""
    lines = [[("$ ", "prompt"), (command, "bold")], []]
    lines += [list(_runs(line)) for line in printed.rstrip("\n").split("\n")]
    rows = ["".join(text for text, _ in line) for line in lines]
    # A place is never wrapped, so that it can be copied: it may be wider than the terminal.
    width = round(max(COLUMNS, *map(len, rows)) * _CHARACTER + 2 * _MARGIN)
    height = _BAR + len(lines) * _LINE + _MARGIN
    plain = "\n".join(rows)
    body = "\n".join(_text(line, _BAR + (number + 1) * _LINE - 5) for number, line in enumerate(lines) if line)
    dots = "\n".join(
        f'  <circle cx="{_MARGIN + 6 + 20 * number}" cy="17" r="6" fill="#484f58"/>' for number in range(3)
    )
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"
  role="img">
  <title>penstock check on a terminal</title>
  <desc>{escape(plain)}</desc>
  <style>
{_STYLE}  </style>
  <rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8" fill="#161b22" stroke="#6e7681"/>
{dots}
  <g xml:space="preserve">
{body}
  </g>
</svg>
"""


def _runs(line: str) -> Iterator[Run]:
    """The pieces of a line with ANSI sequences, each with the classes in force."""
    classes = ""
    for index, part in enumerate(_SEQUENCE.split(line)):
        if index % 2:
            codes = part.split(";")
            classes = " ".join(["bold"] * ("1" in codes) + [_COLORS[code] for code in codes if code in _COLORS])
        elif part:
            yield part, classes


def _text(line: list[Run], y: int) -> str:
    """A line, each piece at its column and as wide as its characters, whatever the font."""
    column = 0
    pieces = []
    for text, classes in line:
        kept = text.lstrip(" ")
        start = column + len(text) - len(kept)
        column += len(text)
        if kept:
            x, length = _MARGIN + start * _CHARACTER, len(kept) * _CHARACTER
            named = f' class="{classes}"' if classes else ""
            pieces.append(f'<tspan x="{x:.1f}" textLength="{length:.1f}"{named}>{escape(kept)}</tspan>')
    return f'    <text y="{y}">{"".join(pieces)}</text>'


if __name__ == "__main__":
    sys.exit(main())
