"""What became of a baseline, in words: takes the outcome of a command, gives lines for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from penstock.lint.baseline import Entry
from penstock.model import Finding, Rule, by_number
from penstock.render.concise import line
from penstock.render.escape import visible
from penstock.render.totals import count
from penstock.source.shown import shown
from penstock.workspace.baselining import Outcome

_CHECK = "`penstock check` says what stands in the way"


def created(outcome: Outcome, rules: Mapping[str, Rule]) -> str:
    """What was listed, by rule, and what could not be."""
    lines: list[str] = []
    if outcome.entries:
        findings = sum(entry.count for entry in outcome.entries)
        by_rule = Counter[str]()
        for entry in outcome.entries:
            by_rule[entry.rule] += entry.count
        lines.append(f"Wrote {_file(outcome)}: {count(findings, 'finding')} of {count(len(by_rule), 'rule')}.")
        width = max(len(rules[rule].name) for rule in by_rule)
        lines += (
            f"  {rule:<7} {rules[rule].name:<{width}} {by_rule[rule]:>4}"
            for rule in sorted(by_rule, key=by_number)
        )
    else:
        lines.append(f"Nothing to list: {_file(outcome)} was not written.")
    lines += _findings("Not listed, since no baseline excuses it", outcome.barred)
    if outcome.entries:
        lines += [
            "",
            "Commit the file. `penstock check` now fails for "
            f"{'those not listed, ' if outcome.barred else ''}new findings, and mended ones still listed.",
        ]
    return "\n".join(lines) + "\n"


def pruned(outcome: Outcome) -> str:
    """What went, and how much is left."""
    lines = [*_changes(outcome)] or [f"Nothing to prune in {_file(outcome)}."]
    lines.append(_left(outcome))
    if outcome.unsure:
        lines.append(f"Not every manifest could be judged, so entries that may be mended stay: {_CHECK}.")
    return "\n".join(lines) + "\n"


def updated(outcome: Outcome) -> str:
    """What went, moved and was added; what stands and is not listed."""
    lines = [*_changes(outcome)] or [f"Nothing to change in {_file(outcome)}."]
    lines.append(_left(outcome))
    for old, new in outcome.moved:
        lines += [
            "",
            f"{visible(old)} is gone, and {visible(new)} has what is listed for it.",
            f"  If it was renamed, --renamed {visible(f'{old}={new}')} lets the entries follow.",
            "  If it was not, `penstock baseline prune` deletes them.",
        ]
    lines += _findings("Not listed; `--add RULE` lists the findings of a rule", outcome.standing)
    lines += _findings("Not listed, since no baseline excuses it", outcome.barred)
    if outcome.unsure:
        lines += ["", f"Not every manifest could be judged, so entries that may be mended stay: {_CHECK}."]
    return "\n".join(lines) + "\n"


def _changes(outcome: Outcome) -> Iterator[str]:
    for entry, old in outcome.renamed:
        yield f"Renamed  {_entry(entry)} (was {visible(old)})"
    for entry in outcome.gone:
        yield f"Deleted  {_entry(entry)}"
    for entry, before in outcome.recounted:
        yield f"Counted  {_entry(entry)}: {entry.count} (was {before})"
    for entry in outcome.added:
        times = f", {entry.count} times" if entry.count > 1 else ""
        yield f"Added    {_entry(entry)}{times}"


def _left(outcome: Outcome) -> str:
    number = len(outcome.entries)
    if not number:
        return f"{_file(outcome)} lists nothing any more: delete it."
    return f"{_file(outcome)} lists {count(number, 'entry')}."


def _findings(heading: str, findings: Sequence[Finding]) -> Iterable[str]:
    return ["", f"{heading}:", *(f"  {line(found)}" for found in findings)] if findings else ()


def _entry(entry: Entry) -> str:
    return visible(f"{entry.rule} {entry.resource} {entry.path}".rstrip())


def _file(outcome: Outcome) -> str:
    return visible(shown(outcome.path))
