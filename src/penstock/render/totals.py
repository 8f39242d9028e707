"""The sentences that sum up a run, in the words of every format that people read."""

from __future__ import annotations

from penstock.model import Base, Report, Severity, Stats
from penstock.render.escape import visible
from penstock.render.phrases import short

_PLURALS = {"info": "info", "entry": "entries", "policy": "policies"}


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
    """What the counts do not show, as sentences: what was left out and why, and what it was compared with."""
    stats = report.stats
    sentences = []
    if stats.skipped:
        were = "was" if stats.skipped == 1 else "were"
        evaluations = count(stats.evaluations, "evaluation")
        sentences.append(f"{stats.skipped} of {evaluations} {were} skipped because of findings already reported.")
    if excused := _excused(stats):
        sentences.append(excused)
    if stats.elsewhere:
        are = "is" if stats.elsewhere == 1 else "are"
        sentences.append(f"{count(stats.elsewhere, 'finding')} outside what was named {are} not shown.")
    sentences += (_compared(base, several=len(report.bases) > 1) for base in report.bases)
    return sentences


def _excused(stats: Stats) -> str:
    """``2 findings are waived, 1 is suppressed and 5 are in the baseline.``; empty where nothing is excused."""
    ways = ((stats.waived, "waived"), (stats.suppressed, "suppressed"), (stats.baselined, "in the baseline"))
    parts: list[str] = []
    for number, way in ways:
        if number:
            noun = str(number) if parts else count(number, "finding")
            parts.append(f"{noun} {'is' if number == 1 else 'are'} {way}")
    if not parts:
        return ""
    return f"{' and '.join(filter(None, (', '.join(parts[:-1]), parts[-1])))}."


def _compared(base: Base, *, several: bool) -> str:
    """``Compared with main (1f2e3d4): 1 manifest added, 2 changed, none removed.``"""
    of = f"{visible(base.rollout)}: compared" if several else "Compared"
    counts = ((base.added, "added"), (base.changed, "changed"), (base.removed, "removed"))
    parts: list[str] = []
    for number, what in counts:
        if number:
            parts.append(f"{number if parts else count(number, 'manifest')} {what}")
    changes = ", ".join(parts) or "no manifest differs"
    moved = f", moved from {visible(base.moved_from)}" if base.moved_from else ""
    text = f"{of} with {visible(base.revision)} ({short(base.commit)}{moved}): {changes}."
    if base.not_shown:
        are = "is" if base.not_shown == 1 else "are"
        text += f" {count(base.not_shown, 'finding')} elsewhere {are} not shown."
    if base.everything:
        text += " The configuration or a policy changed too, so every finding is shown."
    return text


def _looked_at(report: Report) -> str:
    """``42 manifests``; where no file could be read as a manifest, the files."""
    stats = report.stats
    return count(stats.resources, "manifest") if stats.resources else count(stats.files, "file")


def _rules_and_date(report: Report) -> str:
    return f"{count(report.stats.rules, 'rule')}, as of {visible(report.as_of)}"
