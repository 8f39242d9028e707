"""The report as a comment for a pull or merge request, and as the body of a CI job's summary.

An overview by rule, then the findings by severity: the first ones open, the others folded, and past the limit of
the service a note on what was left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import quote

from penstock.model import Finding, Location, Report, Severity
from penstock.render.markdown_escape import code, escape, escape_lines
from penstock.render.phrases import field, place, remedy
from penstock.render.totals import by_severity, checked, count, remarks

MAX_COMMENT = 65_000
"""GitHub takes 65,536 characters. Counted here in bytes of UTF-8, of which there are never fewer."""
MARKER = "<!-- penstock -->"
"""The comment's first line, by which a later run finds it to update it."""

_OPEN = 10
_MAX_RULES = 15
_MAX_TEXT = 1_000
_HEADINGS = {Severity.ERROR: "Errors", Severity.WARNING: "Warnings", Severity.INFO: "Info"}
_UNLINKED = re.compile(r"/|[A-Za-z]:|(?:.*/)?\.\.(?:/|$)")


def render(report: Report, *, limit: int = MAX_COMMENT, link_base: str = "") -> str:
    """The report as Markdown of at most ``limit`` bytes.

    ``link_base`` is what a file's path is put behind to make a link, such as the web address of the revision with
    a slash at its end; without it links are relative.
    """
    text = _head(report)
    # What stands around the entries: headings, folding, and the note on what is left out.
    room = limit - _size(text) - 1_000
    left_out = 0
    told: set[str] = set()
    for severity in Severity:
        found = [finding for finding in report.findings if finding.severity is severity]
        entries: list[str] = []
        for finding in found:
            entry = _entry(report, finding, link_base, told)
            room -= _size(entry)
            if room < 0:
                break
            entries.append(entry)
        left_out += len(found) - len(entries)
        text += _section(f"{_HEADINGS[severity]} ({len(found)})", entries)
    if left_out:
        text += f"\n{count(left_out, 'more finding')} did not fit here. `penstock check` lists all of them.\n"
    return text


def _size(text: str) -> int:
    return len(text.encode("utf-8"))


def _head(report: Report) -> str:
    title = f"penstock: {by_severity(report) or 'no findings'}"
    parts = [f"{MARKER}\n## {title}\n"]
    if report.findings:
        parts.append(_overview(report))
    parts.append(f"{escape(checked(report))}.\n")
    parts += [f"{escape(remark)}\n" for remark in remarks(report)]
    return "\n".join(parts)


def _overview(report: Report) -> str:
    """A table of the rules that found something, the worst and most frequent first."""
    counts = Counter((finding.severity, finding.rule, finding.name) for finding in report.findings)
    rows = sorted(counts.items(), key=lambda item: (item[0][0].rank, -item[1], item[0][1:]))
    lines = ["| Severity | Rule | Findings |", "| --- | --- | ---: |"]
    lines += [
        f"| {severity.value} | {escape(_cut(rule))} {code(_cut(name))} | {number} |"
        for (severity, rule, name), number in rows[:_MAX_RULES]
    ]
    if len(rows) > _MAX_RULES:
        rest = rows[_MAX_RULES:]
        lines.append(f"| | {count(len(rest), 'more rule')} | {sum(number for _, number in rest)} |")
    return "\n".join(lines) + "\n"


def _section(heading: str, entries: Sequence[str]) -> str:
    if not entries:
        return ""
    text = f"\n### {heading}\n\n" + "".join(entries[:_OPEN])
    if folded := entries[_OPEN:]:
        text += f"\n<details><summary>{len(folded)} more</summary>\n\n{''.join(folded)}\n</details>\n"
    return text


def _entry(report: Report, finding: Finding, link_base: str, told: set[str]) -> str:
    """One list item. A rule's remediation stands with its first finding only; ``told`` remembers which had it."""
    where = finding.location
    head = f"**{escape(_cut(finding.rule))}** {code(_cut(finding.name))}: {link(where, link_base)}"
    if owner := field(where):
        head += f" {code(_cut(owner))}"
    lines = [head, escape_lines(_cut(finding.message))]
    lines += [
        f"See {link(other.location, link_base)}: {escape(_cut(other.message))}"
        for other in finding.related[:_OPEN]
    ]
    help_text = remedy(report, finding)
    if help_text and (finding.help or finding.rule not in told):
        lines.append(f"**Help:** {escape(_cut(help_text))}")
    if not finding.help:
        told.add(finding.rule)
    return f"- {'<br>'.join(lines)}\n"


def link(where: Location, link_base: str) -> str:
    """A place as a link to its file and line, or as code where no link can lead there."""
    label = code(place(where))
    if not where.file or _UNLINKED.match(where.file):
        return label
    path = quote(where.file.removeprefix("./").encode("utf-8", "replace"))
    return f"[{label}]({link_base}{path}{f'#L{where.span.start.line}' if where.span else ''})"


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else text[:_MAX_TEXT] + "..."
