"""One line per finding, for grep and for editors: ``file:line:column: severity id[name] message``.

A finding without a place in the text stands at 1:1. There is no summary: every line is a finding.
"""

from __future__ import annotations

from penstock.model import Finding, Position, Report
from penstock.render.escape import line_start, one_line, visible


def render(report: Report) -> str:
    """The findings, each on a line of its own; empty when there are none."""
    return "".join(line(finding) + "\n" for finding in report.findings)


def line(finding: Finding) -> str:
    """One finding."""
    where = finding.location
    start = where.span.start if where.span else Position(1, 1)
    rule = f"{visible(finding.rule)}[{visible(finding.name)}]"
    place = f"{visible(where.file)}:{start.line}:{start.column}"
    return line_start(f"{place}: {finding.severity.value} {rule} {one_line(finding.message)}")
