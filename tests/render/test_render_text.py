"""The terminal text: frames under exact spans, notes told once, and the closing line."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sample_report import build

from penstock.errors import UsageError
from penstock.model import Finding, Location, Position, Report, Rule, Severity, Source, Span, Stats
from penstock.render import render
from penstock.render.frame import frame
from penstock.render.width import columns, wrap


def report(*findings: Finding, rules: dict[str, Rule] | None = None, **fields: object) -> Report:
    stats = Stats(rollouts=1, files=3, resources=3, rules=2)
    return replace(Report(findings, rules or {}, stats, "2026-11-20", "0.1.0"), **fields)  # type: ignore[arg-type]


def finding(rule: str = "LV801", severity: Severity = Severity.ERROR, **fields: object) -> Finding:
    location = Location("a.yaml", Span.at(1, 1), "Kind/a", ("spec",), "spec")
    made = Finding(rule, "some-defect", severity, "it is wrong", location)
    return replace(made, **fields)  # type: ignore[arg-type]


def under(line: str, span: Span, width: int = 100) -> list[str]:
    """The frame's last two lines without their margin."""
    return [shown[4:] for shown in frame(line, span, width=width)[-2:]]


def test_carets_stand_under_the_span() -> None:
    assert under("endsOn: 2028-12-31", Span.at(1, 9, 10)) == ["endsOn: 2028-12-31", "        ^^^^^^^^^^"]


@pytest.mark.parametrize(
    ("line", "target", "caret_at", "caret_width"),
    [
        ("顧客: x", "x", 6, 1),
        ("x: 顧客", "顧客", 3, 4),
        ("cafe\u0301: x", "x", 6, 1),
        ("x: e\u0301", "e\u0301", 3, 1),
        ("👍: x", "x", 4, 1),
        ("\tx", "x", 4, 1),
        ("a\tx", "x", 4, 1),
        ("abcd\tx", "x", 8, 1),
        ("顧\tx", "x", 4, 1),
        ("\u202ea: x", "x", 9, 1),
        ("a\u200bb", "b", 7, 1),
        ("x: \x1b[0m", "\x1b", 3, 4),
    ],
)
def test_carets_count_columns_not_characters(line: str, target: str, caret_at: int, caret_width: int) -> None:
    source, carets = under(line, Span.at(1, line.index(target) + 1, len(target)))
    assert carets == " " * caret_at + "^" * caret_width
    assert columns(source) >= caret_at + caret_width


def test_an_empty_span_still_has_a_caret() -> None:
    assert under("a: ", Span.at(1, 4, 0)) == ["a:", "   ^"]


def test_the_line_above_gives_context_unless_it_is_blank() -> None:
    assert frame("a: 1\nb: 2\n", Span.at(2, 4))[1] == "1 | a: 1"
    assert frame("a: 1\n \nb: 2\n", Span.at(3, 4))[1] == "3 | b: 2"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_line_break_of_yaml_ends_a_line(newline: str) -> None:
    assert frame(newline.join(["a", "b", "c: d"]), Span.at(3, 4))[-2:] == ["3 | c: d", "  |    ^"]


def test_a_line_separator_does_not_end_a_line() -> None:
    assert frame("a\u2028b\nc", Span.at(2, 1))[-2:] == ["2 | c", "  | ^"]


def test_a_span_over_lines_is_joined_by_a_bar() -> None:
    text = "a:\n  - b: 1\n    c: 2\n"
    assert frame(text, Span(Position(2, 5), Position(3, 9))) == [
        "  |",
        "1 |   a:",
        "2 |     - b: 1",
        "  |  _____^",
        "3 | |     c: 2",
        "  | |________^",
    ]


def test_a_span_ending_before_the_first_column_ends_on_the_line_above() -> None:
    text = "a: |\n  b\nc: d\n"
    assert frame(text, Span(Position(1, 4), Position(3, 1)))[-2:] == ["2 | |   b", "  | |___^"]
    assert frame(text, Span(Position(1, 4), Position(2, 1)))[-2:] == ["1 | a: |", "  |    ^"]


def test_a_long_span_is_cut_in_the_middle() -> None:
    text = "\n".join(f"k{number}: {number}" for number in range(1, 31))
    shown = frame(text, Span(Position(5, 1), Position(25, 7)))
    assert [line.split(" |")[0].strip() for line in shown if line[0] != " " or line.strip()[0].isdigit()] == [
        "4",
        "5",
        "6",
        "7",
        "...",
        "24",
        "25",
    ]


def test_a_long_line_is_cut_around_the_span() -> None:
    line = "a: " + "x" * 200 + "TARGET" + "y" * 200
    source, carets = under(line, Span.at(1, line.index("TARGET") + 1, 6), width=80)
    assert len(source) <= 76
    assert source.startswith("...x")
    assert source.endswith("y...")
    assert source[carets.index("^") : carets.rindex("^") + 1] == "TARGET"


def test_a_span_longer_than_the_line_has_room_is_cut_at_the_right() -> None:
    source, carets = under("a: " + "x" * 300, Span.at(1, 4, 300), width=80)
    assert source.startswith("a: xxx")
    assert source.endswith("...")
    assert len(carets) == len(source) - 3


@pytest.mark.parametrize(
    "span",
    [Span.at(9, 1), Span.at(0, 0, 0), Span(Position(1, 90), Position(9, 9)), Span(Position(1, 3), Position(1, 2))],
)
def test_a_span_outside_the_text_does_no_harm(span: Span) -> None:
    for line in frame("ab: c\nd: e", span):
        assert len(line) < 20


def test_a_finding_names_rule_place_field_and_remedy() -> None:
    rule = Rule(
        "LV801", "some-defect", "t", Severity.ERROR, 8, "w", "Mend it.", (Source("D", "Step 8", "Be brief."),)
    )
    text = render(report(finding(), rules={"LV801": rule}, texts={"a.yaml": "spec: 1"}), "text")
    assert text == (
        "error[LV801] some-defect: it is wrong\n"
        " --> a.yaml:1:1\n"
        "  |\n"
        "1 | spec: 1\n"
        "  | ^\n"
        "  |\n"
        "  = resource: Kind/a spec\n"
        "  = help: Mend it.\n"
        '  = framework: Step 8, "Be brief."\n'
        "\n"
        "Found 1 error in 3 manifests (2 rules, as of 2026-11-20).\n"
    )


def test_a_rule_explains_itself_once_and_a_finding_s_own_help_always_shows() -> None:
    rule = Rule("LV801", "n", "t", Severity.ERROR, 8, "w", "Mend it.", (Source("D", "Step 8"),))
    findings = (finding(help="Mend this one."), finding(), finding())
    text = render(report(*findings, rules={"LV801": rule}), "text")
    assert text.count("= help: Mend it.") == 1
    assert text.count("= framework: Step 8") == 1
    assert text.count("= help: Mend this one.") == 1


def test_long_messages_and_notes_keep_to_the_width() -> None:
    long = finding(message="word " * 40, help="other " * 40)
    lines = render(report(long), "text", width=60).splitlines()
    assert max(map(len, lines)) <= 60
    assert [line[:11] for line in lines if "other" in line][1:] == ["          o"] * 4


def test_wrapped_text_cannot_start_a_workflow_command() -> None:
    text = render(report(finding(message="a" * 90 + " ::error::x", help="b" * 90 + " ::add-mask::y")), "text")
    assert r"\x3a:error::x" in text
    assert not [line for line in text.splitlines() if line.lstrip().startswith(("::error", "::add-mask"))]


def test_wide_words_wrap_by_columns() -> None:
    assert list(wrap("顧客 受入 ab", 6)) == ["顧客", "受入", "ab"]


@pytest.mark.parametrize(
    ("found", "counts", "closing"),
    [
        ((), {}, "No findings: 3 manifests in 1 rollout, 2 rules, as of 2026-11-20.\n"),
        ((finding(),), {}, "\nFound 1 error in 3 manifests (2 rules, as of 2026-11-20).\n"),
        (
            (finding(), finding(), finding(severity=Severity.WARNING), finding(severity=Severity.INFO)),
            {},
            "\nFound 2 errors, 1 warning, 1 info in 3 manifests (2 rules, as of 2026-11-20).\n",
        ),
        ((), {"skipped": 1}, ".\n1 of 9 evaluations was skipped because of findings already reported.\n"),
        ((), {"waived": 1}, ".\n1 finding is waived.\n"),
        ((), {"waived": 2}, ".\n2 findings are waived.\n"),
        ((), {"skipped": 2}, ".\n2 of 9 evaluations were skipped because of findings already reported.\n"),
    ],
)
def test_closing_lines(found: tuple[Finding, ...], counts: dict[str, int], closing: str) -> None:
    stats = Stats(rollouts=1, files=3, resources=3, rules=2, evaluations=9, **counts)
    assert render(report(*found, stats=stats), "text").endswith(closing)


def test_where_no_file_is_a_manifest_the_files_are_counted() -> None:
    text = render(report(finding(), stats=Stats(rollouts=1, files=1)), "text")
    assert text.endswith("Found 1 error in 1 file (0 rules, as of 2026-11-20).\n")


def test_colour_adds_sequences_and_nothing_else() -> None:
    plain, coloured = (render(build(), "text", color=color) for color in (False, True))
    assert "\x1b[1;31merror[LV801]\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_plain_text_does_not_import_rich() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from penstock.model import Report, Stats; from penstock.render import render, FORMATS\n"
        "report = Report((), {}, Stats(), '2026-11-20', '0')\n"
        "[render(report, name) for name in FORMATS]\n"
        "sys.exit('rich' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_unknown_format_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="there is no output format 'yaml'"):
        render(build(), "yaml")
