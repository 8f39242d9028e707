"""GitLab's Code Quality report: a JSON list that merge requests compare with their target branch's."""

from __future__ import annotations

from typing import Any

from penstock.model import Finding, Report, Severity
from penstock.render.escape import one_line, visible
from penstock.render.fingerprint import fingerprints
from penstock.render.serialize import json_text

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report) -> str:
    """The findings as Code Quality entries."""
    prints = fingerprints(report.findings)
    return json_text([_entry(*pair) for pair in zip(report.findings, prints, strict=True)])


def _entry(finding: Finding, fingerprint: str) -> dict[str, Any]:
    where = finding.location
    begin = where.span.start.line if where.span else 1
    end = where.span.end.line if where.span else 1
    return {
        "description": f"{visible(finding.rule)} {visible(finding.name)}: {one_line(finding.message)}",
        "check_name": visible(finding.rule),
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        # GitLab matches the path with its own list of changed files, which never starts with "./".
        "location": {"path": where.file.removeprefix("./"), "lines": {"begin": begin, "end": end}},
    }
