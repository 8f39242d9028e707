"""Text as Markdown: what stands between two backticks is code, and nothing gets out of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.render.markdown_escape import prose, prose_lines

CASES = [
    ("agent `triage` is", "agent `triage` is"),
    ("`a` and `b`", "`a` and `b`"),
    ("one ` only", "one \\` only"),
    ("`a` b` c", "`a` b\\` c"),
    ("``a`` b", "\\`\\`a\\`\\` b"),
    ("`a``b`", "\\`a\\`\\`b\\`"),
    ("`a|b`", "<code>a\\|b</code>"),
    ("`<b>`", "`<b>`"),
    ("<b>`x`</b>", "&lt;b&gt;`x`&lt;/b&gt;"),
    ("\\`x`", "\\\\`x`"),
    ("$`x`$", "<span>$</span>`x`<span>$</span>"),
    ("a `b\nc` d", "a `b c` d"),
]


@pytest.mark.parametrize(("text", "shown"), CASES, ids=[each[0] for each in CASES])
def test_pairs_of_backticks_are_code(text: str, shown: str) -> None:
    assert prose(text) == shown


def test_code_ends_with_its_line() -> None:
    assert prose_lines("a `b\nc` `d`") == "a \\`b<br>c\\` `d`"


@given(st.text(alphabet="`\\\\ a|<$@[](*_\n", max_size=40))
def test_outside_of_code_all_is_as_escaped(text: str) -> None:
    shown = prose(text)
    # As CommonMark reads it: a backtick behind an odd number of backslashes is plain, any other begins code,
    # which ends at the next one.
    outside = re.sub(r"(?<!\\)((?:\\\\)*)(?<!`)`(?!`)[^`]+`(?!`)", r"\1", shown)
    assert not re.search(r"(?<!\\)(?:\\\\)*`", outside)
    assert not re.search(r"<(?!/?(?:span|code)>)", outside)
