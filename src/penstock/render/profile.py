"""Where the time of a run went, for people and for programs: takes a ``Profiled``, gives text or data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from penstock.course import JUDGED, READ, RULES
from penstock.model import Report
from penstock.profile import Profiled, RuleTime
from penstock.render.escape import visible
from penstock.render.serialize import json_text
from penstock.render.totals import count, share

_SLOWEST = 15
_WIDEST = 60
_BETWEEN = "choosing rules, unpacking manifests"


def render(profiled: Profiled, report: Report) -> str:
    """The parts with their share, what was known, and the rules that took the longest."""
    parts = [f"  {name:<24}{_ms(spent):>10} ms {_percent(spent, profiled):>6}" for name, spent in profiled.parts]
    head = f"Profile: {_ms(profiled.total)} ms in one process for {_checked(report)}"
    peak = f", at most {_mib(profiled.peak)} MiB of memory" if profiled.peak is not None else ""
    lines = ["", f"{head}{peak}.", "", *parts, f"  {'in all':<24}{_ms(profiled.total):>10} ms", ""]
    lines += _known(profiled, report)
    if any(each.asked for each in profiled.rules):
        lines += ["", *_rules(profiled, _names(report))]
    return "\n".join(lines) + "\n"


def render_json(profiled: Profiled, report: Report) -> str:
    """The same for programs, every rule included."""
    names = _names(report)
    (read, known), judged = _files(profiled, report), _judgements(profiled, report)
    return json_text(
        {
            "total": _number(profiled.total),
            "parts": [{"part": name, "ms": _number(spent)} for name, spent in profiled.parts],
            "rules": [_rule(each, names) for each in profiled.rules],
            "files": {"read": read, "known": known},
            "judgements": {"made": judged[0], "known": judged[1]},
            "manifests": report.stats.resources,
            "peakMemory": profiled.peak,
        }
    )


def _rule(each: RuleTime, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "rule": each.rule,
        "name": names.get(each.rule, ""),
        "ms": _number(each.nanoseconds),
        "asked": each.asked,
    }


def _names(report: Report) -> Mapping[str, str]:
    return {rule: given.name for rule, given in report.rules.items()}


def _checked(report: Report) -> str:
    return f"{count(report.stats.files, 'file')} and {count(report.stats.resources, 'manifest')}"


def _files(profiled: Profiled, report: Report) -> tuple[int, int]:
    """The files that were read, and those that an earlier run had read."""
    read = profiled.counts.get(READ, 0)
    return read, max(report.stats.files - read, 0)


def _judgements(profiled: Profiled, report: Report) -> tuple[int, int]:
    """The manifests and rollouts that were judged, and those whose judgement an earlier run had left."""
    if JUDGED not in profiled.counts:
        return 0, 0
    made = profiled.counts[JUDGED]
    return made, max(report.stats.resources + report.stats.rollouts - made, 0)


def _known(profiled: Profiled, report: Report) -> list[str]:
    """How much an earlier run had found out already."""
    (read, known), (made, kept) = _files(profiled, report), _judgements(profiled, report)
    return [
        f"  {count(read, 'file')} read, {known} known from an earlier run;",
        f"  {count(made, 'judgement')} made, {kept} known.",
    ]


def _rules(profiled: Profiled, names: Mapping[str, str]) -> list[str]:
    """A line for each of the slowest rules, one for the others, and one for what is the work of no rule."""
    shown = [each for each in profiled.rules[:_SLOWEST] if each.asked]
    others = [each for each in profiled.rules[len(shown) :] if each.asked]
    idle = len(profiled.rules) - len(shown) - len(others)
    id_width = max(len(each.rule) for each in shown)
    labels = [f"{each.rule:<{id_width}}  {visible(names.get(each.rule, ''))}"[:_WIDEST] for each in shown]
    width = max(len(_BETWEEN), *map(len, labels)) + 2
    lines = [f"  {'rule':<{width}}{'ms':>10}{'asked':>10}{'us each':>10}"]
    for label, each in zip(labels, shown, strict=True):
        lines.append(f"  {label:<{width}}{_columns(each.nanoseconds, each.asked)}")
    if others:
        spent, asked = sum(each.nanoseconds for each in others), sum(each.asked for each in others)
        rest = f"and {count(len(others), 'other')}"
        lines.append(f"  {rest:<{width}}{_columns(spent, asked)}")
    if idle:
        lines.append(f"  {f'{idle} not asked':<{width}}{_ms(0):>10}{0:>10}")
    between = dict(profiled.parts).get(RULES, 0) - sum(each.nanoseconds for each in profiled.rules)
    lines.append(f"  {_BETWEEN:<{width}}{_ms(max(between, 0)):>10}")
    return lines


def _columns(spent: int, asked: int) -> str:
    return f"{_ms(spent):>10}{asked:>10}{spent / 1000 / asked if asked else 0:>10.1f}"


def _ms(nanoseconds: int) -> str:
    return f"{nanoseconds / 1_000_000:.1f}"


def _number(nanoseconds: int) -> float:
    return round(nanoseconds / 1_000_000, 3)


def _percent(part: int, profiled: Profiled) -> str:
    return f"{share(part, profiled.total):.1f} %"


def _mib(size: int) -> int:
    return round(size / 1024 / 1024)
