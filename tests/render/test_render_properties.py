"""Whatever a manifest says, no format breaks or lets it act."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator, Draft202012Validator

from penstock.bundle import folder
from penstock.model import (
    Control,
    Finding,
    Location,
    Position,
    Related,
    Report,
    Rule,
    Severity,
    Source,
    Span,
    Stats,
)
from penstock.render import FORMATS, github, render
from penstock.render.markdown import MAX_COMMENT

SARIF = Draft4Validator(json.loads((Path(__file__).parent / "sarif-schema-2.1.0.json").read_text("utf-8")))
REPORT = Draft202012Validator(json.loads((folder("schemas") / "report/v1/report.schema.json").read_text("utf-8")))

ACTING = "\x00\x07\x0b\x1b\x7f\x85\x9b\u200b\u200f\u2028\u202e\u2066\u2069\ufeff\ufffe\ud800\udfff\U000e0001"
LAYOUT = "\r\n\t ::##[]()|`<>&@#$*_~!%,\\\"'"
WORDS = (
    "::error::",
    "\r\n::add-mask::x",
    "##[error]",
    "##vso[x]",
    "]]>",
    "-->",
    "</details>",
    "```",
    "[a](b)",
    "{0}",
)

PIECES = st.sampled_from([*ACTING, *LAYOUT, *WORDS, "顧", "e\u0301", "👍", "a", "word "]) | st.text(max_size=2)
TEXTS = st.lists(st.lists(PIECES, max_size=10).map("".join), min_size=1, max_size=6)
SEVERITY = st.sampled_from(list(Severity))
POSITION = st.builds(Position, st.integers(1, 4), st.integers(1, 12))
SPAN = st.tuples(POSITION, POSITION).map(lambda pair: Span(*sorted(pair)))


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """A report whose texts all come from a few arbitrary ones."""
    text = st.sampled_from(draw(TEXTS))
    name = text.map(lambda drawn: drawn or "n")
    path = st.lists(text | st.integers(0, 3), max_size=2).map(tuple)
    file = text | st.sampled_from(["a.yaml", "./dir/ü b.yaml", "::error::f"])
    location = st.builds(Location, file, st.none() | SPAN, st.none() | text, path, text)
    related = st.lists(st.builds(Related, location, text), max_size=1).map(tuple)
    finding = st.builds(Finding, name, name, SEVERITY, text, location, related, st.none() | text)
    findings = draw(st.lists(finding, max_size=4)) * draw(st.sampled_from([1, 1, 5]))
    sources = st.lists(st.builds(Source, text, text, st.none() | text), max_size=1).map(tuple)
    controls = st.lists(st.builds(Control, text, text, st.none() | text), max_size=2).map(tuple)
    rule = st.builds(Rule, name, name, text, SEVERITY, st.integers(0, 13), text, text, sources, controls, text)
    return Report(
        findings=tuple(sorted(findings, key=lambda found: found.sort_key)),
        rules={made.id: made for made in draw(st.lists(rule, max_size=2))},
        stats=Stats(1, 1, 1, 1, 2, 1),
        as_of="2026-11-20",
        version=draw(text),
        texts={found.location.file: draw(text) for found in findings},
        fail_on=draw(SEVERITY),
    )


RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
COMMAND = re.compile(r"^\s*::(?!:( |$))|##(\[|vso\[)", re.MULTILINE)
"""What GitHub's and Azure's runners would carry out. Three colons, as before a related place, are no command."""


@given(report=reports(), width=st.integers(1, 120))
@settings(max_examples=50)
def test_logs_hold_no_raw_controls_and_start_no_commands(report: Report, width: int) -> None:
    for text in (render(report, "text", width=width), render(report, "concise")):
        assert not RAW.search(text)
        assert not COMMAND.search(text)
    assert render(report, "concise").count("\n") == len(report.findings)


@given(report=reports())
@settings(max_examples=50)
def test_colours_leave_the_text_as_it_is(report: Report) -> None:
    coloured = render(report, "text", color=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render(report, "text")


@given(report=reports())
@settings(max_examples=50)
def test_json_formats_are_valid(report: Report) -> None:
    for name in ("json", "sarif", "gitlab"):
        text = render(report, name)
        assert not RAW.search(text)
        data = json.loads(text)
        if name != "gitlab":
            (SARIF if name == "sarif" else REPORT).validate(data)


@given(report=reports())
@settings(max_examples=50)
def test_xml_parses_and_counts_every_finding(report: Report) -> None:
    text = render(report, "junit")
    assert not RAW.search(text)
    root = ElementTree.fromstring(text)
    assert len(root.findall(".//failure")) + len(root.findall(".//skipped")) == len(report.findings)


@given(report=reports())
@settings(max_examples=50)
def test_github_lines_are_our_own_commands(report: Report) -> None:
    text = render(report, "github")
    assert not RAW.search(text)
    for line in text.splitlines():
        assert re.match(r"::(error|warning|notice) [a-zA-Z]+=[^:]*::", line)


@given(report=reports())
@settings(max_examples=50)
def test_markdown_holds_no_markup_but_our_own(report: Report) -> None:
    text = render(report, "markdown")
    assert len(text) < MAX_COMMENT
    assert not RAW.search(text)
    assert set(re.findall(r"<[^>]*>?", re.sub(r"(?<!\\)`[^`\n|]*`", "", text))) <= {
        "<!-- penstock -->",
        *("<br>", "<code>", "</code>", "<span>", "</span>"),
        *("<details>", "<summary>", "</summary>", "</details>"),
    }


@pytest.mark.parametrize("name", FORMATS)
@given(report=reports())
@settings(max_examples=10)
def test_every_format_is_utf_8_and_the_same_twice(name: str, report: Report) -> None:
    text = render(report, name)
    assert text.encode("utf-8").decode("utf-8") == render(report, name)
    assert text == "" or text.endswith("\n")


@given(report=reports())
@settings(max_examples=10)
def test_the_summary_is_safe_too(report: Report) -> None:
    assert not RAW.search(github.summary(report))
