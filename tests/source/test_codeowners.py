"""CODEOWNERS: which lines decide about a file, by GitHub's rules and GitLab's sections."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.model import Span
from penstock.source.codeowners import CodeOwners


def owners(text: str, path: str) -> list[tuple[str, ...]]:
    """Whom each of the deciding lines names."""
    return [entry.owners for entry in CodeOwners(text).deciding(path)]


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        ("*", ["a.md", "docs/a.md", ".github/x/y"], []),
        ("**", ["a.md", "docs/a.md"], []),
        ("*.js", ["a.js", "src/b/c.js", ".js"], ["a.jsx", "js", "js/a"]),
        ("/build/logs/", ["build/logs/x", "build/logs/x/y"], ["a/build/logs/x", "build/logs"]),
        # A star alone behind a folder does not reach below it.
        ("docs/*", ["docs/a.md"], ["docs/deep/a.md", "a/docs/a.md", "docs"]),
        ("/*", ["a.md"], ["docs/a.md"]),
        ("docs/**", ["docs/a.md", "docs/deep/a.md"], ["docs", "a/docs/b"]),
        ("docs/**/*", ["docs/a.md", "docs/deep/a.md"], ["docs"]),
        ("docs/*.md", ["docs/a.md", "docs/odd.md/x"], ["docs/deep/a.md"]),
        ("apps/", ["apps/x", "a/apps/x/y"], ["apps"]),
        ("/apps/", ["apps/x"], ["a/apps/x"]),
        ("apps", ["apps", "apps/x", "a/apps"], ["apps2", "my-apps"]),
        ("apps/github", ["apps/github", "apps/github/x"], ["a/apps/github", "apps/gitlab"]),
        ("**/logs", ["logs", "logs/x", "build/logs/x", "a/b/logs"], ["logs2"]),
        ("/a/**/z", ["a/z", "a/b/z", "a/b/c/z/x"], ["b/z", "a/zz"]),
        ("?.md", ["a.md", "docs/b.md"], ["ab.md", ".md"]),
        ("waivers/r?sk-*.yaml", ["waivers/risk-1.yaml", "waivers/rusk-.yaml"], ["waivers/rsk-1.yaml"]),
        (r"with\ space/", ["with space/x"], ["with/x"]),
        (r"\*.md", ["*.md"], ["a.md"]),
        ("foo#bar", ["foo#bar"], ["foo"]),
        ("Docs/", ["Docs/x"], ["docs/x"]),
    ],
)
def test_a_pattern_means_these_files(pattern: str, inside: list[str], outside: list[str]) -> None:
    text = f"{pattern} @me\n"
    assert [path for path in inside if owners(text, path) != [("@me",)]] == []
    assert [path for path in outside if owners(text, path)] == []


TEXT = """\
# Everything is the team's, unless a line below says otherwise.
*       @acme/risk cio@acme.example
*.yaml  @dana   # an inline comment with @somebody
/apps/  @octo
/apps/free
"""


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("README.md", ("@acme/risk", "cio@acme.example")),
        ("waivers/a.yaml", ("@dana",)),
        ("apps/a.yaml", ("@octo",)),
        ("apps/free/a.yaml", ()),
    ],
)
def test_the_last_line_that_fits_decides(path: str, named: tuple[str, ...]) -> None:
    assert owners(TEXT, path) == [named]


def test_the_deciding_line_has_its_place_without_the_comment() -> None:
    (entry,) = CodeOwners(TEXT).deciding("a.yaml")
    assert entry.span == Span.at(3, 1, 13)


@pytest.mark.parametrize(
    "line",
    [
        "!a.yaml @other",
        "[ab].yaml @other",
        r"\#a.yaml @other",
        "a.yaml other",
        "a.yaml @other and somebody",
        "a.yaml @",
        "a.yaml\\",
        "/ @other",
        "# a.yaml @other",
        "   ",
    ],
)
def test_a_line_that_is_not_valid_is_passed_over(line: str) -> None:
    assert owners(f"* @first\n{line}\n", "a.yaml") == [("@first",)]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_and_indentation_do_not_count(end: str) -> None:
    text = end.join(["* @first", "", "\ta.yaml\t@second  lee@acme.example", ""])
    assert owners(text, "a.yaml") == [("@second", "lee@acme.example")]


SECTIONS = """\
* @general
[Risk][2] @acme/risk
waivers/
waivers/special/ @special
^[Docs] @docs
*.md
[RISK]
waivers/mine/ @mine
[Nobody]
free/
"""


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("src/a.py", [("@general",)]),
        ("waivers/a.yaml", [("@general",), ("@acme/risk",)]),
        ("waivers/special/a.yaml", [("@general",), ("@special",)]),
        # Headings of one name, in whatever case, are one section.
        ("waivers/mine/a.yaml", [("@general",), ("@mine",)]),
        # Optional sections count only where no other names anybody.
        ("a.md", [("@general",)]),
        ("free/a", [("@general",)]),
    ],
)
def test_each_section_decides_for_itself(path: str, named: list[tuple[str, ...]]) -> None:
    assert owners(SECTIONS, path) == named


def test_an_optional_section_counts_where_it_is_alone() -> None:
    text = "^[Docs][1] @docs\n*.md\n"
    assert owners(text, "a.md") == [("@docs",)]
    assert owners("/a.md\n" + text, "a.md") == [("@docs",)]


def test_lines_that_take_ownership_away_are_told_when_nobody_is_left() -> None:
    assert owners("* @me\n/a.md\n^[Docs]\n*.md\n", "a.md") == [(), ()]


def test_roles_are_owners() -> None:
    assert owners("* @@maintainer\n", "a") == [("@@maintainer",)]


# An oracle of its own making: the whole pattern as one regular expression.
_NAMES = st.text("ab", min_size=1, max_size=2)
_PIECES = st.one_of(_NAMES, st.sampled_from(["*", "**", "?", "a*", "*b", "a?"]))
_PATTERNS = st.builds(
    lambda front, pieces, back: front + "/".join(pieces) + back,
    st.sampled_from(["", "/"]),
    st.lists(_PIECES, min_size=1, max_size=4),
    st.sampled_from(["", "/"]),
)
_PATHS = st.lists(_NAMES, min_size=1, max_size=5).map("/".join)


def oracle(pattern: str, path: str) -> bool:
    """Whether GitHub's rules take the file for the pattern's."""
    folder = pattern.endswith("/")
    body = pattern.strip("/")
    anchored = "/" in pattern.rstrip("/")
    pieces = body.split("/")
    shallow = anchored and not folder and pieces[-1] == "*"
    regex = "" if anchored else "(?:[^/]+/)*"
    for index, piece in enumerate(pieces):
        last = index == len(pieces) - 1
        if piece == "**" and anchored:
            # As the last piece, something must lie there.
            regex += "(?:[^/]+/)*[^/]+" if last else "(?:[^/]+/)*"
            continue
        regex += re.sub(r"\*+", "[^/]*", piece).replace("?", "[^/]") + ("" if last else "/")
    regex += "" if shallow else "/.+" if folder else "(?:/.+)?"
    return re.fullmatch(regex, path) is not None


@given(_PATTERNS, _PATHS)
def test_patterns_mean_what_the_oracle_says(pattern: str, path: str) -> None:
    assert bool(owners(f"{pattern} @me\n", path)) == oracle(pattern, path)


@given(st.lists(st.tuples(_PATTERNS, st.sampled_from(["@a", "@b", ""])), max_size=6), _PATHS)
def test_the_last_of_many_lines_decides(lines: list[tuple[str, str]], path: str) -> None:
    text = "".join(f"{pattern} {owner}\n" for pattern, owner in lines)
    fitting = [owner for pattern, owner in lines if oracle(pattern, path)]
    assert owners(text, path) == ([(fitting[-1],) if fitting[-1] else ()] if fitting else [])


@given(st.text(), st.text(min_size=1))
def test_any_text_does_no_harm(text: str, path: str) -> None:
    lines = text.split("\n")
    for entry in CodeOwners(text).deciding(path):
        start, end = entry.span.start, entry.span.end
        assert 1 <= start.line <= len(lines)
        assert 1 <= start.column < end.column <= len(lines[start.line - 1]) + 1
