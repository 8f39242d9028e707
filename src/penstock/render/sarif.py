"""SARIF 2.1.0, for code scanning services: the rules as descriptors, the findings as results.

Controls of public standards and the steps of the framework are taxonomies; ``sarif_taxonomies`` builds them.
Result messages follow SARIF's own syntax: related places are links to ``relatedLocations``, which is the only
way some services show them, and a manifest's text cannot make a link of its own.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from penstock.model import Control, Finding, Location, Report, Rule, Severity, Span
from penstock.render.escape import one_line, visible, visible_lines
from penstock.render.fingerprint import fingerprints
from penstock.render.markdown_escape import escape
from penstock.render.phrases import citation, place
from penstock.render.sarif_taxonomies import Taxonomies
from penstock.render.serialize import json_text

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MAX_RESULTS = 25_000
"""GitHub refuses a run with more results."""
FINGERPRINT = "penstock/v1"
# Not primaryLocationLineHash: the upload action computes that one itself and warns about every other value.

_BASE = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEM = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
_LINK = re.compile(r"\[([^\[\]]*)\](?=\()")
_BRACKET = re.compile(r"([\[\]\\])")
_ESCAPED = r"\\\1"
_ABSOLUTE = re.compile(r"/|[A-Za-z]:[/\\]")

Object = dict[str, Any]


def render(report: Report) -> str:
    """The report as a SARIF log with one run."""
    rules = [rule for _, rule in sorted(report.rules.items())]
    taxonomies = Taxonomies(rules)
    writer = _Results(report, rules, taxonomies)
    results = writer.results()
    driver: Object = {
        "name": "penstock",
        "version": visible(report.version),
        "semanticVersion": visible(report.version),
        "rules": [_descriptor(rule, taxonomies) for rule in rules],
    }
    run: Object = {
        "tool": {"driver": driver},
        "invocations": [_invocation(report, len(results))],
        "originalUriBaseIds": {_BASE: {"description": {"text": "The directory that penstock was run in."}}},
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": uri, "roles": ["analysisTarget"]} for uri in writer.files],
        "results": results,
        "properties": {"asOf": visible(report.as_of)},
    }
    if taxonomies.components:
        driver["supportedTaxonomies"] = taxonomies.references
        run["taxonomies"] = taxonomies.components
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _descriptor(rule: Rule, taxonomies: Taxonomies) -> Object:
    descriptor: Object = {
        "id": visible(rule.id),
        "name": visible(rule.name),
        "shortDescription": {"text": _plain(rule.title)},
        "fullDescription": {"text": _plain(rule.why)},
        "help": _help(rule),
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": [f"step:{rule.step}", f"severity:{rule.severity.value}", f"pack:{visible(rule.pack)}"],
            "problem.severity": _PROBLEM[rule.severity],
        },
    }
    if relationships := taxonomies.relationships(rule):
        descriptor["relationships"] = relationships
    return descriptor


def _help(rule: Rule) -> Object:
    sources = [(one_line(source.document), citation(source)) for source in rule.sources]
    controls = [_control(control) for control in rule.controls]
    text = [rule.remediation, *(f"{document}: {cited}" for document, cited in sources)]
    text += [f"Supports {control}" for control in controls]
    markdown = [escape(one_line(rule.remediation)), escape(one_line(rule.why))]
    markdown += [f"> {escape(cited)}\n>\n> {escape(document)}" for document, cited in sources]
    if controls:
        markdown.append("Supports " + ", ".join(map(escape, controls)))
    return {"text": _plain("\n".join(text)), "markdown": "\n\n".join(markdown)}


def _control(control: Control) -> str:
    note = f" ({one_line(control.note)})" if control.note else ""
    return f"{one_line(control.standard)} {one_line(control.id)}{note}"


def _plain(text: str) -> str:
    return "\n".join(visible_lines(text))


def _invocation(report: Report, written: int) -> Object:
    invocation: Object = {"executionSuccessful": True}
    found = len(report.findings)
    if written < found:
        text = f"{found} findings; the {written} most severe are in this log, {found - written} are left out."
        invocation["toolExecutionNotifications"] = [
            {"descriptor": {"id": "too-many-findings"}, "level": "warning", "message": {"text": text}}
        ]
    return invocation


class _Results:
    """The results of one report, with the files they point to in order of their first mention."""

    def __init__(self, report: Report, rules: list[Rule], taxonomies: Taxonomies) -> None:
        self._report = report
        self._indexes = {rule.id: index for index, rule in enumerate(rules)}
        self._taxonomies = taxonomies
        self.files: list[Object] = []
        self._files: dict[str, int] = {}

    def results(self) -> list[Object]:
        """The results in the report's order; of too many, the most severe."""
        pairs = list(zip(self._report.findings, fingerprints(self._report.findings), strict=True))
        worst = sorted(range(len(pairs)), key=lambda index: pairs[index][0].severity.rank)
        return [self._result(*pairs[index]) for index in sorted(worst[:MAX_RESULTS])]

    def _result(self, finding: Finding, fingerprint: str) -> Object:
        result: Object = {"ruleId": visible(finding.rule)}
        if finding.rule in self._indexes:
            result["ruleIndex"] = self._indexes[finding.rule]
        result |= {
            "level": _LEVELS[finding.severity],
            "message": {"text": _message(finding)},
            "locations": [self._location(finding.location)],
        }
        if finding.related:
            result["relatedLocations"] = [
                {"id": number, **self._location(other.location), "message": {"text": one_line(other.message)}}
                for number, other in enumerate(finding.related, 1)
            ]
        result["partialFingerprints"] = {FINGERPRINT: fingerprint}
        rule = self._report.rules.get(finding.rule)
        if rule and (taxa := self._taxonomies.targets(rule)):
            result["taxa"] = taxa
        return result

    def _location(self, where: Location) -> Object:
        location: Object = {}
        if where.file:
            location["physicalLocation"] = {"artifactLocation": self._artifact(where.file)}
            if where.span:
                location["physicalLocation"]["region"] = _region(where.span)
        if where.resource:
            location["logicalLocations"] = [_logical(where.resource, where.path_text)]
        return location

    def _artifact(self, file: str) -> Object:
        uri = _uri(file)
        index = self._files.setdefault(uri["uri"], len(self._files))
        if index == len(self.files):
            self.files.append(uri)
        return {**uri, "index": index}


def _message(finding: Finding) -> str:
    text = _LINK.sub(r"\\[\1\\]", _plain(finding.message))
    if finding.help:
        text += "\n" + _LINK.sub(r"\\[\1\\]", _plain(finding.help))
    links = []
    for number, other in enumerate(finding.related, 1):
        label = one_line(other.message) or place(other.location)
        links.append(f"[{_BRACKET.sub(_ESCAPED, label)}]({number})")
    return text + ("\nSee " + ", ".join(links) if links else "")


def _uri(file: str) -> Object:
    """The file as a URI: relative to the base where it can be, percent-encoded."""
    try:
        raw = file.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raw = file.encode("utf-8", "surrogatepass")
    if _ABSOLUTE.match(file):
        return {"uri": "file:///" + quote(raw.lstrip(b"/"), safe="/:")}
    return {"uri": quote(raw.removeprefix(b"./")) or ".", "uriBaseId": _BASE}


def _region(span: Span) -> Object:
    return {
        "startLine": span.start.line,
        "startColumn": span.start.column,
        "endLine": span.end.line,
        "endColumn": span.end.column,
    }


def _logical(resource: str, path_text: str) -> Object:
    full = visible(f"{resource}/{path_text}" if path_text else resource)
    name = visible(path_text or resource.rpartition("/")[2])
    return {"name": name, "fullyQualifiedName": full, "kind": "property" if path_text else "resource"}
