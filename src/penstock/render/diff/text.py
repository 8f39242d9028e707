"""A comparison for a person at a terminal: what changed, risk first, and what that does to the findings.

Takes a ``Comparison``, gives a string. Nothing that a manifest says reaches the terminal raw.
"""

from __future__ import annotations

from collections.abc import Iterator

from penstock.change import Change
from penstock.model import Finding
from penstock.render.diff import words
from penstock.render.escape import line_start, one_line, visible
from penstock.render.paint import Line, paint
from penstock.render.phrases import field, place
from penstock.render.width import columns, wrap
from penstock.workspace.compared import Comparison, RolloutDiff

_NARROWEST = 40


def render(comparison: Comparison, *, color: bool = False, width: int = 100) -> str:
    """The comparison as text of at most ``width`` columns where words allow."""
    return paint(_Text(comparison, max(width, _NARROWEST)).lines(), color=color)


class _Text:
    """One rendering."""

    def __init__(self, comparison: Comparison, width: int) -> None:
        self._comparison = comparison
        self._width = width

    def lines(self) -> Iterator[Line]:
        """All lines."""
        comparison = self._comparison
        changed, same = words.rollouts(comparison)
        if not changed:
            yield from self._paragraph([], words.quiet(comparison))
            return
        yield from self._paragraph([], f"Changes {words.between(comparison)}", "name")
        for diff in changed:
            yield []
            yield from self._rollout(diff)
        for diff in same:
            yield []
            yield [(visible(diff.name), "name"), (f"  {visible(diff.folder)}", "quiet"), ("  no change", "quiet")]
        yield []
        found = words.summary(words.all_changes(comparison), comparison)
        if found:
            yield from self._paragraph([], f"{found[0].upper()}{found[1:]}.")
        yield from self._paragraph([], words.verdict(comparison), "error" if comparison.fails else "good")

    def _rollout(self, diff: RolloutDiff) -> Iterator[Line]:
        state = f"  {words.state(diff)}" if words.state(diff) else ""
        yield [(visible(diff.name), "name"), (f"  {visible(diff.folder)}", "quiet"), (state, "note")]
        for remark in diff.remarks:
            yield from self._paragraph([("  ", "")], remark, "warning")
        for file in diff.unread:
            sentence = f"{file} cannot be read: what stands in it was not compared"
            yield from self._paragraph([("  ", "")], sentence, "warning")
        for weight, changes in words.by_weight(diff.changes):
            yield []
            role = "warning" if weight.is_risk else "note"
            yield [(f"  {words.HEADINGS[weight]} ({len(changes)})", role)]
            for change in changes:
                yield from self._change(change)
        for effect in words.effects(diff):
            yield []
            role = "good" if effect.is_good else "warning" if effect.is_risk else "note"
            yield [(f"  {effect.heading} ({len(effect.findings)})", role)]
            for finding, remark in effect.findings:
                yield from self._finding(finding, remark, brief=effect.is_good)

    def _change(self, change: Change) -> Iterator[Line]:
        head: Line = [("    ", ""), (visible(words.subject(change)), "name"), (": ", "")]
        yield from self._paragraph(head, change.sentence, indent=6)
        yield from self._place(place(change.location), visible(change.path_text))

    def _place(self, where: str, what: str) -> Iterator[Line]:
        """An arrow to a place and what stands there, on a line of its own where both do not fit on one."""
        arrow = "      --> "
        on_one = not what or columns(f"{arrow}{where}  {what}") <= self._width
        yield from self._paragraph([(arrow, "frame")], f"{where}  {what}".rstrip() if on_one else where, "quiet")
        if not on_one:
            yield from self._paragraph([(" " * len(arrow), "")], what, "quiet")

    def _finding(self, finding: Finding, remark: str, *, brief: bool) -> Iterator[Line]:
        severity = finding.severity.value
        head: Line = [
            ("    ", ""),
            (severity, "quiet" if brief else severity),
            (f" {visible(finding.rule)} ", "name"),
        ]
        said = one_line(finding.message)
        owner = field(finding.location)
        if brief:
            yield from self._paragraph(head, f"{finding.name}  {owner}" if owner else finding.name, indent=6)
            return
        yield from self._paragraph(head, f"{said} ({remark})" if remark else said, indent=6)
        yield from self._place(place(finding.location), owner)

    def _paragraph(self, head: Line, text: str, role: str = "", *, indent: int | None = None) -> Iterator[Line]:
        """Text behind a head, its further lines below where it began, or at ``indent``."""
        taken = sum(columns(part) for part, _ in head)
        margin = taken if indent is None else indent
        room = max(self._width - margin, _NARROWEST // 2)
        first, *others = wrap(one_line(text), room, taken=max(0, taken - margin))
        yield [*head, (first if taken else line_start(first), role)]
        yield from ([(" " * margin, ""), (line_start(line), role)] for line in others)
