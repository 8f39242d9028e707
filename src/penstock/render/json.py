"""Everything a report holds, for programs: by the published schema ``schemas/report/v1``.

Every key is always present, in one order; what does not apply is null or empty. Texts come unaltered: active
characters are written as JSON escapes.
"""

from __future__ import annotations

from typing import Any

from penstock.model import (
    Base,
    Control,
    Excuse,
    Finding,
    Location,
    Path,
    Position,
    Report,
    Rule,
    RuleResult,
    Severity,
    Source,
    Status,
)
from penstock.render.fingerprint import fingerprints
from penstock.render.phrases import remedy
from penstock.render.serialize import json_text

API_VERSION = "report/v1"


def render(report: Report) -> str:
    """The report as JSON, two spaces deep, with a final newline."""
    return json_text(data(report))


def data(report: Report) -> dict[str, Any]:
    """The report as what becomes JSON."""
    prints = fingerprints(report.findings)
    pairs = zip(report.findings, prints, strict=True)
    return {
        "apiVersion": API_VERSION,
        "tool": {"name": "penstock", "version": report.version},
        "asOf": report.as_of,
        "failOn": report.fail_on.value,
        "failed": report.failed,
        "summary": {severity.value: report.count(severity) for severity in Severity},
        "stats": _stats(report),
        "bases": [_base(base) for base in report.bases],
        "findings": [_finding(report, finding, fingerprint) for finding, fingerprint in pairs],
        "excused": _excused(report),
        "results": [_result(result) for result in report.results],
        "rules": [_rule(rule) for _, rule in sorted(report.rules.items())],
    }


def pointer(path: Path) -> str:
    """The path as a JSON Pointer (RFC 6901) into the manifest."""
    return "".join("/" + str(element).replace("~", "~0").replace("/", "~1") for element in path)


def _stats(report: Report) -> dict[str, int]:
    stats = report.stats
    return {
        "rollouts": stats.rollouts,
        "files": stats.files,
        "resources": stats.resources,
        "rules": stats.rules,
        "evaluations": stats.evaluations,
        "skipped": stats.skipped,
        "waived": stats.waived,
        "suppressed": stats.suppressed,
        "baselined": stats.baselined,
        "elsewhere": stats.elsewhere,
    }


def _base(base: Base) -> dict[str, Any]:
    return {
        "rollout": base.rollout,
        "revision": base.revision,
        "commit": base.commit,
        "added": base.added,
        "changed": base.changed,
        "removed": base.removed,
        "notShown": base.not_shown,
        "everything": base.everything,
        "movedFrom": base.moved_from,
    }


def _excused(report: Report) -> list[dict[str, Any]]:
    prints = fingerprints(each.finding for each in report.excused)
    return [
        {**_finding(report, each.finding, fingerprint), "excuse": excuse(each.excuse)}
        for each, fingerprint in zip(report.excused, prints, strict=True)
    ]


def excuse(given: Excuse) -> dict[str, Any]:
    """Why a finding does not count, as every JSON output writes it."""
    return {
        "kind": given.kind.value,
        "reason": given.reason,
        "since": given.since,
        "until": given.until,
        "person": given.person,
        "ticket": given.ticket,
        "location": location(given.location),
    }


def _result(result: RuleResult) -> dict[str, Any]:
    """Counts and names by what became of them; a status that did not occur has an empty list."""
    resources = {status.value: list(result.resources.get(status, ())) for status in Status}
    return {
        "rule": result.rule,
        "rollout": result.rollout,
        "examined": result.examined,
        "counts": {status: len(names) for status, names in resources.items()},
        "resources": resources,
    }


def _finding(report: Report, found: Finding, fingerprint: str) -> dict[str, Any]:
    plain = finding(found)
    return {
        "rule": found.rule,
        "name": found.name,
        "rollout": found.rollout,
        **plain,
        "help": remedy(report, found),
        "fingerprint": fingerprint,
    }


def finding(found: Finding) -> dict[str, Any]:
    """A finding by itself, as every JSON output but the report writes it."""
    return {
        "rule": found.rule,
        "name": found.name,
        "severity": found.severity.value,
        "message": found.message,
        "help": found.help,
        "location": location(found.location),
        "related": [
            {"message": related.message, "location": location(related.location)} for related in found.related
        ],
    }


def location(where: Location) -> dict[str, Any]:
    """A place, as every JSON output writes it."""
    return {
        "file": where.file,
        "start": _position(where.span.start) if where.span else None,
        "end": _position(where.span.end) if where.span else None,
        "resource": where.resource,
        "path": list(where.path),
        "pathText": where.path_text,
        "pointer": pointer(where.path),
    }


def _position(position: Position) -> dict[str, int]:
    return {"line": position.line, "column": position.column}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": rule.name,
        "title": rule.title,
        "severity": rule.severity.value,
        "step": rule.step,
        "pack": rule.pack,
        "effectiveFrom": rule.effective_from,
        "why": rule.why,
        "remediation": rule.remediation,
        "sources": [_source(source) for source in rule.sources],
        "controls": [_control(control) for control in rule.controls],
    }


def _source(source: Source) -> dict[str, Any]:
    return {"document": source.document, "section": source.section, "quote": source.quote}


def _control(control: Control) -> dict[str, Any]:
    return {"standard": control.standard, "id": control.id, "note": control.note}
