"""The Python that pages show does what they say: the blocks of a page are one session, from top to bottom."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
from docs_pages import GUIDES, ROOT, codes, found, name, rows

from penstock import cel
from penstock.cel.closures import MAX_WORK
from penstock.cel.limits import MAX_DEPTH, MAX_LENGTH, MAX_NESTING

PAGE = ROOT / "docs" / "cel.md"
PROTOCOL = {"Engine", "engine"}
"""What stands between penstock and its engines; the library is used without."""
SESSIONS = [page for page in GUIDES if found(page, "python")]


def failures(page: Path) -> list[str]:
    """What the session of a page prints that the page does not."""
    said: list[str] = []
    for block in found(page, "python"):
        assert ">>> " in block.body, f"{name(page)}:{block.first + 1}: write Python as a session"
    body = "".join(block.body for block in found(page, "python"))
    session = doctest.DocTestParser().get_doctest(body, {}, name(page), str(page), 0)
    doctest.DocTestRunner(verbose=False).run(session, out=said.append)
    return said


@pytest.mark.parametrize("page", SESSIONS, ids=name)
def test_every_session_is_true(page: Path) -> None:
    assert failures(page) == []


def test_the_guide_to_the_library_has_a_session() -> None:
    assert PAGE in SESSIONS


def test_a_wrong_session_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    monkeypatch.setattr("docs_pages.ROOT", tmp_path)
    page.write_text("```python\n>>> 1 + 1\n3\n\n```\n")
    assert "Expected:\n    3\nGot:\n    2\n" in "".join(failures(page))


def test_the_limits_are_those_of_the_engine() -> None:
    limits = dict(rows(PAGE, "Limits")[1:])
    assert limits["characters of an expression"] == f"{MAX_LENGTH:,}"
    assert limits["brackets within brackets"] == str(MAX_NESTING)
    assert f"{MAX_DEPTH};" in limits["other nesting: fields, calls, conditionals"]
    assert f"{MAX_WORK:,} steps" in limits["work of one evaluation"]


def test_every_name_of_the_package_is_in_the_guide() -> None:
    shown = " ".join([*codes(PAGE), *(block.body for block in found(PAGE, "python"))])
    assert set(cel.__all__) - PROTOCOL - set(re.findall(r"\w+", shown)) == set()
