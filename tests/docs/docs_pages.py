"""The pages under test, and what they hold: fenced blocks, prose without them, headings."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from pages.fences import Block, blocks  # noqa: E402 - it lies beside the generators

from penstock.workspace.catalog import Entry, catalog  # noqa: E402

GUIDES = (
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "guides").glob("*.md")),
)
"""Written by hand."""
PAGES = (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))
"""Every page for users and contributors, generated ones included."""

_CODE = re.compile(r"(`+)(.+?)\1")
_HEADING = re.compile(r"#{1,6} +(.+?)\s*")


@functools.cache
def rules_known() -> Mapping[str, Entry]:
    """Every rule there is, by id."""
    return catalog(ROOT)


def name(page: Path) -> str:
    """A page's path in the repository: what pytest calls it."""
    return page.relative_to(ROOT).as_posix()


def found(page: Path, *languages: str) -> list[Block]:
    """The blocks of these languages."""
    return [block for block in blocks(text(page)) if block.language in languages]


def text(page: Path) -> str:
    """A page as it is."""
    return page.read_text(encoding="utf-8")


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    lines = text(page).split("\n")
    for block in blocks(text(page)):
        lines[block.first : block.last + 1] = [""] * (block.last + 1 - block.first)
    return "\n".join(lines)


def codes(page: Path) -> list[str]:
    """What stands between backticks outside blocks."""
    return [match[2].strip() for match in _CODE.finditer(prose(page))]


def without_code(page: Path) -> str:
    """Prose without what stands between backticks."""
    return _CODE.sub("", prose(page))


def anchors(page: Path) -> set[str]:
    """The anchors that a Git host gives the page's headings."""
    slugs: list[str] = []
    for line in prose(page).split("\n"):
        heading = _HEADING.fullmatch(line)
        if heading:
            title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading[1])
            slugs.append(re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-"))
    counted = [
        slug if slugs[:n].count(slug) == 0 else f"{slug}-{slugs[:n].count(slug)}" for n, slug in enumerate(slugs)
    ]
    return set(counted)


def rows(page: Path, title: str) -> list[list[str]]:
    """The cells of the table rows below a heading, down to the next heading of the same or a higher level."""
    lines = prose(page).split("\n")
    start = next(n for n, line in enumerate(lines) if re.fullmatch(rf"#+ {re.escape(title)}", line))
    level = len(lines[start]) - len(lines[start].lstrip("#"))
    cells = []
    for line in lines[start + 1 :]:
        marks = len(line) - len(line.lstrip("#"))
        if 0 < marks <= level:
            break
        if line.startswith("| ") and not line.startswith("| ---"):
            cells.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return cells
