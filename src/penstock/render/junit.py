"""JUnit XML: a test suite per rule, a failed test case per finding, a passed one where a rule found nothing.

So a green run shows what was checked. Findings that do not fail the run are skipped test cases: CI counts
the same failures as the exit code does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from xml.etree import ElementTree

from penstock.model import Finding, Report
from penstock.render.escape import one_line, visible, visible_lines
from penstock.render.phrases import field, place, remedy


def render(report: Report) -> str:
    """The report as XML in UTF-8."""
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        found[finding.rule].append(finding)
    failing = sum(finding.severity.at_least(report.fail_on) for finding in report.findings)
    suites = [_suite(report, rule, found[rule]) for rule in sorted({*report.rules, *found})]
    tests = sum(int(suite.attrib["tests"]) for suite in suites)
    root = ElementTree.Element("testsuites", _counts("penstock", tests, failing, len(report.findings)))
    root.extend(suites)
    ElementTree.indent(root)
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _counts(name: str, tests: int, failing: int, findings: int) -> dict[str, str]:
    counts = {"tests": tests, "failures": failing, "errors": 0, "skipped": findings - failing, "time": 0}
    return {"name": name, **{key: str(value) for key, value in counts.items()}}


def _suite(report: Report, rule_id: str, findings: list[Finding]) -> ElementTree.Element:
    rule = report.rules.get(rule_id)
    rule_name = rule.name if rule else findings[0].name
    name = visible(f"{rule_id} {rule_name}")
    failing = sum(finding.severity.at_least(report.fail_on) for finding in findings)
    suite = ElementTree.Element("testsuite", _counts(name, max(1, len(findings)), failing, len(findings)))
    properties = ElementTree.SubElement(suite, "properties")
    for key, value in (
        ("title", rule.title if rule else rule_name),
        ("asOf", report.as_of),
        ("penstock", report.version),
    ):
        ElementTree.SubElement(properties, "property", name=key, value=one_line(value))
    if not findings:
        ElementTree.SubElement(suite, "testcase", classname=name, name="no findings", time="0")
    seen: Counter[str] = Counter()
    for finding in findings:
        title = field(finding.location) or place(finding.location)
        seen[title] += 1
        # CI systems take test cases of one name for one test.
        unique = title if seen[title] == 1 else f"{title} ({seen[title]})"
        suite.append(_case(report, finding, name, unique))
    return suite


def _case(report: Report, finding: Finding, suite: str, name: str) -> ElementTree.Element:
    where = finding.location
    attributes = {"classname": suite, "name": name, "file": visible(where.file), "time": "0"}
    if where.span:
        attributes["line"] = str(where.span.start.line)
    case = ElementTree.Element("testcase", attributes)
    message = one_line(finding.message)
    if finding.severity.at_least(report.fail_on):
        outcome = ElementTree.SubElement(case, "failure", type=finding.severity.value, message=message)
    else:
        message = f"{finding.severity.value}: {message}"
        outcome = ElementTree.SubElement(case, "skipped", message=message)
    outcome.text = "\n".join(_details(report, finding))
    return case


def _details(report: Report, finding: Finding) -> list[str]:
    lines = [f"{place(finding.location)}: {finding.severity.value} {visible(finding.rule)}"]
    lines += visible_lines(finding.message)
    lines += [f"{place(other.location)}: {one_line(other.message)}" for other in finding.related]
    if help_text := remedy(report, finding):
        lines.append(f"help: {one_line(help_text)}")
    return lines
