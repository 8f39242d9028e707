"""GitHub workflow commands: an annotation for each finding, at its lines; and the job's step summary.

GitHub shows ten annotations of a level and drops the others without a word, so the worst ones are written and
one notice counts the rest. ``summary`` has them all, for ``GITHUB_STEP_SUMMARY``.
"""

from __future__ import annotations

from collections import defaultdict

from penstock.model import Finding, Report, Severity
from penstock.render import markdown
from penstock.render.escape import visible, visible_lines
from penstock.render.phrases import remedy
from penstock.render.totals import count

MAX_ANNOTATIONS = 10
"""Of one level, in one step."""
MAX_SUMMARY = 1024 * 1024
"""Bytes that one step may write to its summary."""

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_MAX_MESSAGE = 4_000


def render(report: Report) -> str:
    """The workflow commands, one a line, worst first; empty when there are no findings."""
    levels: defaultdict[Severity, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        levels[finding.severity].append(finding)
    crowded = any(len(findings) > MAX_ANNOTATIONS for findings in levels.values())
    lines = []
    rest = []
    for severity in Severity:
        # The notice on the rest is a notice itself.
        room = MAX_ANNOTATIONS - (crowded and severity is Severity.INFO)
        findings = levels[severity]
        lines += [_annotation(report, finding) for finding in findings[:room]]
        if len(findings) > room:
            rest.append(count(len(findings) - room, severity.value))
    if rest:
        text = f"{', '.join(rest)} more: GitHub shows {MAX_ANNOTATIONS} annotations of a level. See the summary."
        lines.append(f"::notice title=penstock::{escape_data(text)}")
    return "".join(f"{line}\n" for line in lines)


def summary(report: Report, *, link_base: str = "") -> str:
    """The report as Markdown for the step summary, at most 1 MiB."""
    return markdown.render(report, limit=MAX_SUMMARY - 1, link_base=link_base)


def escape_data(text: str) -> str:
    """A command's message, as GitHub's toolkit writes it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(text: str) -> str:
    """A command's property, as GitHub's toolkit writes it."""
    return escape_data(text).replace(":", "%3A").replace(",", "%2C")


def _annotation(report: Report, finding: Finding) -> str:
    where = finding.location
    properties: dict[str, str | int] = {}
    if where.file:
        properties["file"] = visible(where.file)
    if span := where.span:
        properties |= {"line": span.start.line, "endLine": span.end.line}
        # GitHub takes columns only within one line.
        if span.start.line == span.end.line:
            properties |= {"col": span.start.column, "endColumn": span.end.column}
    properties["title"] = visible(f"{finding.rule} {finding.name}")
    pairs = ",".join(f"{key}={escape_property(str(value))}" for key, value in properties.items())
    return f"::{_LEVELS[finding.severity]} {pairs}::{escape_data(_message(report, finding))}"


def _message(report: Report, finding: Finding) -> str:
    lines = visible_lines(finding.message)
    if help_text := remedy(report, finding):
        lines += visible_lines(f"Help: {help_text}")
    text = "\n".join(lines)
    return text if len(text) <= _MAX_MESSAGE else text[:_MAX_MESSAGE] + "..."
