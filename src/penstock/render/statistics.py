"""Findings counted by rule: the view of somebody who adopts penstock on a rollout that breaks many rules."""

from __future__ import annotations

from collections import Counter

from penstock.model import Report, by_number
from penstock.render.totals import closing, remarks


def render(report: Report) -> str:
    """A line a rule and severity, the most frequent first, then the summary line."""
    counts = Counter((finding.rule, finding.name, finding.severity) for finding in report.findings)
    rows = sorted(counts.items(), key=lambda row: (-row[1], by_number(row[0][0]), row[0][2].rank))
    lines = []
    if rows:
        digits = max(len(str(count)) for _, count in rows)
        width = max(len(rule) for (rule, _, _), _ in rows)
        lines = [
            f"{count:>{digits}}  {severity.value:<7}  {rule:<{width}}  {name}"
            for (rule, name, severity), count in rows
        ]
        lines.append("")
    return "\n".join([*lines, closing(report), *remarks(report)]) + "\n"
