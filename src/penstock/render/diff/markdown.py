"""A comparison as the comment on a pull or merge request, and as the summary of a job.

What widens a risk comes first and open, as do findings that count; the rest is folded. Past the limit of the
service a note says what was left out. Nothing that a manifest says is markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from penstock.change import Change, Weight
from penstock.model import Finding
from penstock.record import dataclass
from penstock.render.diff import words
from penstock.render.markdown import MAX_COMMENT, link
from penstock.render.markdown_escape import code, escape, prose
from penstock.render.phrases import field, place
from penstock.render.totals import count
from penstock.workspace.compared import Comparison, RolloutDiff

MARKER = "<!-- penstock diff -->"
"""The comment's first line, by which a later run finds it to update it."""

_AROUND = 1_500
"""Bytes kept for headings, folding and the note on what was left out."""
_MAX_TEXT = 600


@dataclass(frozen=True, slots=True)
class _Block:
    """A heading and list items, folded or open."""

    heading: str
    items: tuple[str, ...]
    noun: str
    folded: bool = False


def render(comparison: Comparison, *, limit: int = MAX_COMMENT, link_base: str = "") -> str:
    """The comparison as Markdown of at most ``limit`` bytes.

    ``link_base`` is what a file's path is put behind to make a link; without it links are relative. What is gone
    has no link: its file may be, too.
    """
    changed, same = words.rollouts(comparison)
    if not changed:
        return f"{MARKER}\n{escape(words.quiet(comparison))}\n"
    text = _head(comparison)
    room = limit - _size(text) - _AROUND
    left_out: dict[str, int] = {}
    several = len(comparison.rollouts) > 1
    for diff in changed:
        if room < 0:
            left_out["rollout"] = left_out.get("rollout", 0) + 1
            continue
        if several:
            state = f": {words.state(diff)}" if words.state(diff) else ""
            title = f"\n### {code(_cut(diff.name))}{escape(state)}\n"
            room -= _size(title)
            text += title
        for note in _notes(diff):
            room -= _size(note)
            text += note if room >= 0 else ""
        for block in _blocks(diff, link_base):
            shown: list[str] = []
            for item in block.items:
                room -= _size(item)
                if room < 0:
                    break
                shown.append(item)
            left_out[block.noun] = left_out.get(block.noun, 0) + len(block.items) - len(shown)
            if shown:
                room -= _size(block.heading) + 80
                text += _section(block, shown)
    if same:
        names = ", ".join(code(_cut(diff.name)) for diff in same[:_MOST])
        more = f" and {len(same) - _MOST} more" if len(same) > _MOST else ""
        text += f"\nNo change in {names}{more}.\n"
    return text + _left_out(left_out)


_MOST = 10


def _size(text: str) -> int:
    return len(text.encode("utf-8"))


def _head(comparison: Comparison) -> str:
    changes = words.all_changes(comparison)
    title = words.summary(changes, comparison) or "no change in meaning"
    lines = [
        MARKER,
        f"## penstock diff: {escape(title)}",
        "",
        f"{escape(_upper(words.between(comparison)))}. {_verdict(comparison)}",
    ]
    return "\n".join(lines) + "\n"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _verdict(comparison: Comparison) -> str:
    said = words.verdict(comparison)
    return f"**{said}**" if comparison.fails else said


def _notes(diff: RolloutDiff) -> Iterator[str]:
    """What could not be compared."""
    for remark in diff.remarks:
        yield f"\n> {prose(_cut(remark))}\n"
    for file in diff.unread:
        yield f"\n> {code(_cut(file))} cannot be read: what stands in it was not compared.\n"


def _blocks(diff: RolloutDiff, link_base: str) -> Iterator[_Block]:
    weighed = words.by_weight(diff.changes)
    for weight, changes in weighed:
        if weight.is_risk:
            yield _changes(weight, changes, link_base)
    effects = words.effects(diff)
    for effect in effects:
        if not effect.is_good:
            items = tuple(_finding(each, link_base, is_gone=effect.is_gone) for each in effect.findings)
            yield _Block(effect.heading, items, "finding")
    for weight, changes in weighed:
        if not weight.is_risk:
            yield _changes(weight, changes, link_base, folded=weight is not Weight.NOTABLE)
    for effect in effects:
        if effect.is_good:
            items = tuple(_brief(finding) for finding, _ in effect.findings)
            yield _Block(effect.heading, items, "finding", folded=True)


def _changes(weight: Weight, changes: Sequence[Change], link_base: str, *, folded: bool = False) -> _Block:
    items = tuple(_change(change, link_base) for change in changes)
    return _Block(words.HEADINGS[weight], items, "change", folded)


def _section(block: _Block, shown: Sequence[str]) -> str:
    heading = f"{block.heading} ({len(block.items)})"
    if block.folded or len(shown) > _OPEN:
        opened = () if block.folded else shown[:_OPEN]
        rest = shown[len(opened) :]
        summary = heading if block.folded else f"{len(rest)} more"
        fold = f"\n<details><summary>{summary}</summary>\n\n{''.join(rest)}\n</details>\n"
        return fold if block.folded else f"\n**{heading}**\n\n{''.join(opened)}{fold}"
    return f"\n**{heading}**\n\n{''.join(shown)}"


_OPEN = 10


def _change(change: Change, link_base: str) -> str:
    where = code(place(change.location)) if change.is_gone else link(change.location, link_base)
    return f"- {code(_cut(words.subject(change)))}: {prose(_cut(change.sentence))} ({where})\n"


def _finding(given: tuple[Finding, str], link_base: str, *, is_gone: bool) -> str:
    """A finding with what is said behind it; one of the old state has no link: its file may be gone."""
    finding, remark = given
    head = f"{finding.severity.value} **{escape(_cut(finding.rule))}** {code(_cut(finding.name))}"
    owner = f" {code(_cut(field(finding.location)))}" if field(finding.location) else ""
    said = f"{head}{owner}: {prose(_cut(finding.message))}"
    said += f" *({prose(_cut(remark))})*" if remark else ""
    where = code(place(finding.location)) if is_gone else link(finding.location, link_base)
    return f"- {said} ({where})\n"


def _brief(finding: Finding) -> str:
    owner = f" {code(_cut(field(finding.location)))}" if field(finding.location) else ""
    return f"- {escape(_cut(finding.rule))} {code(_cut(finding.name))}{owner}\n"


def _left_out(left_out: dict[str, int]) -> str:
    parts = [count(number, f"more {noun}") for noun, number in left_out.items() if number]
    if not parts:
        return ""
    return f"\n{' and '.join(parts)} did not fit here. `penstock diff` lists all of them.\n"


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else text[:_MAX_TEXT] + "..."
