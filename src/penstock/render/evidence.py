"""What every rule said of every resource, for a person at a terminal: what passed, what is excused and why.

Takes a report; gives lines of styled text, a paragraph a rule. Rules that had nothing to look at come last, named
together.
"""

from __future__ import annotations

from collections.abc import Iterator

from penstock.model import Excused, ExcuseKind, Report, RuleResult, Status
from penstock.render.escape import line_start, one_line, visible
from penstock.render.paint import Line
from penstock.render.phrases import place
from penstock.render.totals import count
from penstock.render.width import wrap

_WORDS = {
    Status.PASSED: ("passed", "good"),
    Status.FAILED: ("failed", "error"),
    Status.SUPPRESSED: ("suppressed", "warning"),
    Status.WAIVED: ("waived", "warning"),
    Status.BASELINED: ("in the baseline", "warning"),
    Status.BEFORE_STAGE: ("before its stage", "quiet"),
    Status.NOT_APPLICABLE: ("does not apply", "quiet"),
    Status.NOT_JUDGED: ("not judged", "warning"),
    Status.FAULT: ("could not be evaluated", "error"),
}
_LABEL = max(len(words) for words, _ in _WORDS.values()) + 2
_KINDS = {
    ExcuseKind.SUPPRESSION: "suppressed at",
    ExcuseKind.WAIVER: "waived by",
    ExcuseKind.BASELINE: "in the baseline at",
}


def lines(report: Report, width: int) -> Iterator[Line]:
    """The paragraphs, each followed by an empty line."""
    excused: dict[tuple[str, str], list[Excused]] = {}
    for each in report.excused:
        excused.setdefault((each.finding.rule, each.finding.rollout), []).append(each)
    idle, sound = [], []
    for result in report.results:
        if _is_sound(report, result):
            sound.append(result)
        elif result.examined:
            yield from _rule(report, result, excused.get((result.rule, result.rollout), ()), width)
            yield []
        else:
            idle.append(result)
    if sound:
        # What every manifest satisfies as such, in a line: the rules that were asked for are the news.
        most = max(result.examined for result in sound)
        yield [("in order", "name"), (f": the manifests themselves, {count(most, 'resource')}", "")]
        ids = ", ".join(dict.fromkeys(visible(result.rule) for result in sound))
        yield from ([(f"  {line}", "quiet")] for line in wrap(ids, width - 2))
        yield []
    if idle:
        yield [("nothing to examine", "name")]
        ids = ", ".join(dict.fromkeys(visible(result.rule) for result in idle))
        yield from ([(f"  {line}", "quiet")] for line in wrap(ids, width - 2))
        yield []


def _is_sound(report: Report, result: RuleResult) -> bool:
    """Whether it is a rule about the manifests themselves, and all of them pass."""
    rule = report.rules.get(result.rule)
    return rule is not None and rule.step == 0 and result.resources.keys() == {Status.PASSED}


def _rule(
    report: Report, result: RuleResult, excused: tuple[Excused, ...] | list[Excused], width: int
) -> Iterator[Line]:
    rule = report.rules.get(result.rule)
    head = f"{visible(result.rule)} {visible(rule.name)}" if rule else visible(result.rule)
    where = f" in {visible(result.rollout)}" if report.stats.rollouts > 1 else ""
    yield [(head, "name"), (f": {count(result.examined, 'resource')} examined{where}", "")]
    for status, names in result.resources.items():
        words, role = _WORDS[status]
        number = f"{len(names):>5}  "
        room = width - 2 - _LABEL - len(number)
        first, *rest = wrap(", ".join(map(visible, names)), max(room, 20))
        yield [(f"  {words:<{_LABEL}}", role), (f"{number}{first}", "")]
        yield from ([(f"{'':{2 + _LABEL + len(number)}}{line_start(line)}", "")] for line in rest)
    for each in excused:
        for number_of, line in enumerate(wrap(_why(each), width - 4)):
            yield [(f"{'  ' if number_of == 0 else '    '}{line_start(line)}", "quiet")]


def _why(each: Excused) -> str:
    """``VendorContract/acme spec.endsOn, waived by Waiver/x (file:4:9) until 2026-12-15: the reason``."""
    excuse, finding = each.excuse, each.finding
    field = visible(f"{finding.location.resource or finding.location.file} {finding.location.path_text}".rstrip())
    by = (
        f"{visible(excuse.location.resource)} ({place(excuse.location)})"
        if excuse.kind is ExcuseKind.WAIVER and excuse.location.resource
        else place(excuse.location)
    )
    text = f"{field}, {_KINDS[excuse.kind]} {by}"
    if excuse.person:
        text += f", {visible(excuse.person)} answers for it"
    if excuse.until:
        text += f", until {visible(excuse.until)}"
    return f"{text}: {one_line(excuse.reason)}" if excuse.reason else text
