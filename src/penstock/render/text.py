"""The report for a person at a terminal: one code frame per finding, then what was checked.

Where a rule's remedy and its source in the framework are the same for many findings, they are told once.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from penstock.model import Finding, Location, Report, Severity
from penstock.render.escape import line_start, one_line, split_lines, visible, visible_lines
from penstock.render.frame import Look, last_line, styled
from penstock.render.paint import Line, paint
from penstock.render.phrases import citation, field, place
from penstock.render.totals import closing, outcome, remarks
from penstock.render.width import columns, wrap

_NARROWEST = 40


def render(report: Report, *, color: bool = False, width: int = 100, show_passed: bool = False) -> str:
    """The report as text; ``width`` is the terminal's columns, kept to by frames and notes.

    ``show_passed`` adds what every rule said of every resource.
    """
    return paint(_Text(report, max(width, _NARROWEST), show_passed=show_passed).lines(), color=color)


class _Text:
    """One rendering: which rules have told their remedy and their source, and the split texts."""

    def __init__(self, report: Report, width: int, *, show_passed: bool) -> None:
        self._report = report
        self._show_passed = show_passed
        self._width = width
        self._remedied: set[str] = set()
        self._cited: set[str] = set()
        self._sources: dict[str, list[str]] = {}

    def lines(self) -> Iterator[Line]:
        """All lines of the report."""
        for finding in self._report.findings:
            yield from self._finding(finding)
            yield []
        if self._show_passed:
            from penstock.render.evidence import lines as evidence

            yield from evidence(self._report, self._width)
        yield from _closing(self._report)

    def _finding(self, finding: Finding) -> Iterator[Line]:
        role = finding.severity.value
        yield from self._headline(finding, role)
        gutter = self._gutter(finding)
        look = Look(gutter, self._width, role=role)
        yield [(f"{'':{gutter}}--> ", "frame"), (place(finding.location), "")]
        framed = list(self._frame(finding.location, look))
        yield from framed
        for related in finding.related:
            where = f"{place(related.location)}  {one_line(related.message)}"
            yield [(f"{'':{gutter}}::: ", "frame"), (where, "")]
            look = Look(gutter, self._width, mark="-", role="related", context=False)
            shown = list(self._frame(related.location, look))
            framed += shown
            yield from shown
        notes = list(self._notes(finding, gutter))
        if framed and notes:
            yield [(f"{'':{gutter}} |", "frame")]
        yield from notes

    def _headline(self, finding: Finding, role: str) -> Iterator[Line]:
        label, name = f"{role}[{visible(finding.rule)}]", f" {visible(finding.name)}:"
        message, *others = visible_lines(finding.message)
        first, *rest = wrap(message, self._width - 2, taken=columns(label + name) - 1)
        yield [(label, role), (name, "name"), (f" {first}", "name")]
        for line in chain(rest, *(wrap(other, self._width - 2) for other in others)):
            yield [("  " + line_start(line), "name")]

    def _gutter(self, finding: Finding) -> int:
        places = chain([finding.location], (related.location for related in finding.related))
        shown = (
            last_line(self._source(where.file), where.span)
            for where in places
            if where.span and where.file in self._report.texts
        )
        return len(str(max(shown, default=1)))

    def _source(self, file: str) -> list[str]:
        if file not in self._sources:
            self._sources[file] = split_lines(self._report.texts[file])
        return self._sources[file]

    def _frame(self, where: Location, look: Look) -> Iterator[Line]:
        if where.span and where.file in self._report.texts:
            yield from styled(self._source(where.file), where.span, look)

    def _notes(self, finding: Finding, gutter: int) -> Iterator[Line]:
        for label, text in self._said(finding):
            head = f"{'':{gutter}} = "
            indent = len(head) + len(label) + 2
            first, *others = wrap(one_line(text), self._width - indent)
            yield [(head, "frame"), (f"{label}:", "note"), (f" {first}", "")]
            yield from ([(" " * indent + line_start(line), "")] for line in others)

    def _said(self, finding: Finding) -> Iterator[tuple[str, str]]:
        """The labelled notes: the resource, what to do and why; a rule's own ones the first time only."""
        if finding.location.resource:
            yield "resource", field(finding.location)
        rule = self._report.rules.get(finding.rule)
        if finding.help:
            yield "help", finding.help
        elif rule and rule.remediation and rule.id not in self._remedied:
            self._remedied.add(rule.id)
            yield "help", rule.remediation
        if rule and rule.id not in self._cited:
            self._cited.add(rule.id)
            # The most telling source comes first; `penstock explain` shows the others.
            yield from (("framework", citation(source)) for source in rule.sources[:1])


def _closing(report: Report) -> Iterator[Line]:
    worst = min(
        (finding.severity for finding in report.findings), key=lambda severity: severity.rank, default=None
    )
    first = outcome(report)
    yield [(first, worst.value if worst else "good"), (closing(report).removeprefix(first), "")]
    yield from ([(remark, Severity.WARNING.value)] for remark in remarks(report))
