"""What several formats say of one finding, in the same words: where, what to do, where the framework asks it."""

from __future__ import annotations

from penstock.model import Finding, Location, Report, Source
from penstock.render.escape import one_line, visible
from penstock.render.width import columns, wrap

_QUOTE = 160


def place(where: Location) -> str:
    """``file:line:column``, or the file alone."""
    file = visible(where.file)
    return f"{file}:{where.span.start.line}:{where.span.start.column}" if where.span else file


def short(commit: str) -> str:
    """A commit's id as people write it."""
    return commit[:10]


def field(where: Location) -> str:
    """``VendorContract/acme spec.endsOn``; empty for a finding outside every resource."""
    return visible(f"{where.resource} {where.path_text}".rstrip()) if where.resource else ""


def remedy(report: Report, finding: Finding) -> str | None:
    """What to do: the finding's own help, or else its rule's remediation."""
    if finding.help:
        return finding.help
    rule = report.rules.get(finding.rule)
    return rule.remediation or None if rule else None


def citation(source: Source) -> str:
    """``Step 8, "Replaceability by design..."``, the quote cut at a word."""
    section = one_line(source.section)
    if not source.quote:
        return section
    quote = one_line(source.quote)
    if columns(quote) > _QUOTE:
        quote = next(wrap(quote, _QUOTE)).rstrip(" ,;:.") + "..."
    return f'{section}, "{quote}"'
