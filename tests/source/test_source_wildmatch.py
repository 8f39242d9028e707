"""Patterns as .gitignore files write them. That git agrees is tested with discovery."""

from __future__ import annotations

import time

import pytest

from penstock.source.wildmatch import compile_line, compile_lines


def fits(line: str, path: str) -> bool:
    pattern = compile_line(line)
    assert pattern is not None
    return pattern.fits(path.removesuffix("/").split("/"), path.endswith("/"))


@pytest.mark.parametrize(
    ("line", "path", "expected"),
    [
        ("a", "a", True), ("a", "x/a", True), ("a", "a/x", False), ("a", "ab", False),
        ("/a", "a", True), ("/a", "x/a", False), ("a/", "a", False), ("a/", "x/a/", True),
        ("x/a", "x/a", True), ("x/a", "y/x/a", False), ("x/*", "x/a", True), ("x/*", "x/a/b", False),
        ("**/a", "a", True), ("**/a", "x/y/a", True), ("a/**", "a", False), ("a/**", "a/b/c", True),
        ("a/**/b", "a/b", True), ("a/**/b", "a/x/y/b", True), ("a/**/b", "a/x", False),
        ("**/a/**/b/*.c", "x/a/y/a/b/b/z.c", True), ("**/a/**/b/*.c", "x/a/y/b/b/c/z.c", False),
        ("*.yaml", "x/a.yaml", True), ("*.yaml", "a.yml", False), ("*", ".a", True), ("a*c*e", "abcde", True),
        ("a*c*e", "abde", False), ("a**e", "a-e", True), ("*a*b", "aab", True), ("?", "é", True), ("?", "", False),
        ("[a-c]", "b", True), ("[a-c]", "d", False), ("[!a-c]", "d", True), ("[^a-c]", "a", False),
        ("[]]", "]", True), ("[!]]", "]", False), ("[a-]", "-", True), ("[--0]", ".", True), ("[\\]]", "]", True),
        ("[[:digit:]_]", "7", True), ("[[:digit:]_]", "_", True), ("[[:upper:]]", "a", False),
        ("[z-a]", "m", False),
        ("[!z-a]", "m", True), ("[[]", "[", True), ("[&&]", "&", True), ("[~~|]", "|", True),
        ("\\*", "*", True), ("\\*", "a", False), ("\\#a", "#a", True), ("\\!a", "!a", True),
        ("a\\ ", "a ", True),
        ("a  ", "a", True), ("a\r", "a", True), ("a.b", "axb", False), ("(a|b)", "a", False), ("a$", "a$", True),
    ],
)  # fmt: skip
def test_fits(line: str, path: str, expected: bool) -> None:
    assert fits(line, path) is expected


@pytest.mark.parametrize("line", ["", "   ", "# a", "\r"])
def test_lines_without_a_pattern(line: str) -> None:
    assert compile_line(line) is None


@pytest.mark.parametrize("line", ["!", "/", "!/", "[a", "a[", "a\\", "x/[a/b", "[]", "[!]"])
def test_lines_that_fit_nothing(line: str) -> None:
    with pytest.raises(ValueError, match=r"nothing|bracket"):
        compile_line(line)
    assert [each.literal for each in compile_lines(["a", line, "b"])] == ["a", "b"]


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("*a" * 100 + "b", "a" * 255),
        ("*?" * 100 + "b", "a" * 255),
        ("**/a/" * 100 + "b", "a/" * 1_000 + "a"),
        ("**/*a*a*a*b/" * 50 + "c", "a/" * 1_000 + "a"),
        ("*[ab]" * 60, "ab" * 100 + "c"),
    ],
)
def test_no_pattern_runs_away(line: str, path: str) -> None:
    began = time.process_time()
    assert not fits(line, path)
    assert time.process_time() - began < 2
