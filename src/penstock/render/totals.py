"""The sentences that sum up a run, in the words of every format that people read."""

from __future__ import annotations

from penstock.model import Report, Severity
from penstock.render.escape import visible

_PLURALS = {"info": "info"}


def count(number: int, noun: str) -> str:
    """``1 rule``, ``28 rules``."""
    return f"{number} {noun if number == 1 else _PLURALS.get(noun, noun + 's')}"


def share(part: int, whole: int) -> float:
    """Percent with one decimal, rounded down so that only all is 100; all of nothing too."""
    return 1000 * part // whole / 10 if whole else 100.0


def by_severity(report: Report) -> str:
    """``3 errors, 1 warning``: the severities that occur, worst first; empty for a clean run."""
    counts = ((report.count(severity), severity.value) for severity in Severity)
    return ", ".join(count(number, name) for number, name in counts if number)


def outcome(report: Report) -> str:
    """``Found 3 errors, 1 warning`` or ``No findings``: how ``closing`` begins."""
    found = by_severity(report)
    return f"Found {found}" if found else "No findings"


def closing(report: Report) -> str:
    """The summary line: the outcome and what was checked, as a sentence."""
    if report.findings:
        return f"{outcome(report)} in {_looked_at(report)} ({_rules_and_date(report)})."
    return f"{outcome(report)}: {checked(report)}."


def checked(report: Report) -> str:
    """``42 manifests in 1 rollout, 28 rules, as of 2026-11-20``."""
    return f"{_looked_at(report)} in {count(report.stats.rollouts, 'rollout')}, {_rules_and_date(report)}"


def remarks(report: Report) -> list[str]:
    """What the counts do not show, as sentences: evaluations left out because of other findings, and waivers."""
    stats = report.stats
    sentences = []
    if stats.skipped:
        were = "was" if stats.skipped == 1 else "were"
        evaluations = count(stats.evaluations, "evaluation")
        sentences.append(f"{stats.skipped} of {evaluations} {were} skipped because of findings already reported.")
    if stats.waived:
        are = "is" if stats.waived == 1 else "are"
        sentences.append(f"{count(stats.waived, 'finding')} {are} waived.")
    return sentences


def _looked_at(report: Report) -> str:
    """``42 manifests``; where no file could be read as a manifest, the files."""
    stats = report.stats
    return count(stats.resources, "manifest") if stats.resources else count(stats.files, "file")


def _rules_and_date(report: Report) -> str:
    return f"{count(report.stats.rules, 'rule')}, as of {visible(report.as_of)}"
