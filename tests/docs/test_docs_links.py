"""Every relative link, anchor and path that a page names leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docs_pages import GUIDES, PAGES, ROOT, anchors, codes, found, name, without_code

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_PATH = re.compile(r"(?<![\w./-])(?:ci|docs|examples|policies|schemas|src|tests|tools)/[\w./-]*")


def broken(page: Path) -> list[str]:
    """The links of a page that lead nowhere."""
    wrong = []
    for target in _LINK.findall(without_code(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        where = (page.parent / path).resolve() if path else page
        if not where.exists() or (anchor and anchor not in anchors(where)):
            wrong.append(target)
    return wrong


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    assert broken(page) == []


@pytest.mark.parametrize("page", GUIDES, ids=name)
def test_every_path_of_the_repository_exists(page: Path) -> None:
    shown = [*codes(page), *(block.body for block in found(page, "sh"))]
    paths = {path for code in shown for path in _PATH.findall(code)}
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


def test_every_guide_is_linked_from_the_readme() -> None:
    linked = set(_LINK.findall(without_code(ROOT / "README.md")))
    guides = {name(page) for page in GUIDES if page.name != "README.md"}
    assert guides - {target.partition("#")[0] for target in linked} == set()


def test_broken_links_are_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](#one) [b](#two) [c](gone.md) `[d](code.md)`\n```\n[e](block.md)\n```\n")
    assert broken(page) == ["#two", "gone.md"]
