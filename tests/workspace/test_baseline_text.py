"""A baseline's text: written so that it reads as what it lists, changed so that all else stays."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.errors import GroupedError, InputError
from penstock.lint.baseline import BaselineFile, Entry
from penstock.source import SourceFile, read
from penstock.workspace.baseline_text import Changes, changed_text, in_order, new_text
from penstock.workspace.baselines import parse_baseline

DAY = "2026-11-21"
HEAD = "apiVersion: baseline/v1\nentries:\n"


def parsed(text: str) -> BaselineFile:
    return parse_baseline(read(SourceFile("penstock-baseline.yaml", text)))


def entry(
    index: int = 0, rule: str = "LV801", name: str = "lab", path: str = "spec.endsOn", **more: object
) -> Entry:
    return Entry(rule, f"VendorContract/{name}", path, DAY, index, **more)  # type: ignore[arg-type]


def unplaced(entries: Sequence[Entry]) -> list[Entry]:
    return [replace(each, index=0) for each in entries]


WORDS = st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=12).filter(str.strip)
ENTRIES = st.builds(
    Entry,
    rule=st.sampled_from(["LV801", "LV809", "LV1004", "ACME101"]),
    resource=st.sampled_from(["Rollout", "Agent/clerk", "VendorContract/a", "VendorContract/b", "UseCase/claims"]),
    path=st.one_of(st.just(""), st.sampled_from(["spec.endsOn", "spec.tasks[sum up: all].x", 'a["b c"]']), WORDS),
    since=st.just(DAY),
    index=st.just(0),
    count=st.integers(1, 3),
    owner=st.sampled_from([None, "cfo@acme.example"]),
    until=st.sampled_from([None, "2027-03-31"]),
    reason=st.one_of(st.just(""), WORDS),
)
LISTS = st.lists(ENTRIES, max_size=6, unique_by=lambda each: each.identity)


@given(LISTS.filter(bool))
def test_a_new_file_lists_its_entries_in_order(entries: list[Entry]) -> None:
    assert unplaced(parsed(new_text(entries)).entries) == sorted(entries, key=in_order)


def laid_out(draw: st.DrawFn, text: str) -> str:
    """The text as people leave it: comments, blank lines, line ends of another system, other indentation."""
    lines = []
    number = 0
    inside = False
    for line in text.splitlines():
        if inside and line.startswith("  - ") and draw(st.booleans()):
            lines += draw(
                st.sampled_from([[""], [f"  # kept {number}"], ["", f"# kept {number}"], [f"# kept {number}", ""]])
            )
            number += 1
        inside = inside or line == "entries:"
        comment = inside and not line.endswith(":") and draw(st.integers(0, 4)) == 0
        lines.append(f"{line}  # aside" if comment else line)
    if draw(st.booleans()):
        lines.append("# kept last")
    if draw(st.booleans()):
        lines = [re.sub(r"^  ", "", line) for line in lines]
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    return newline.join(lines) + draw(st.sampled_from(["", newline]))


@st.composite
def changed(draw: st.DrawFn) -> tuple[BaselineFile, Changes]:
    every = draw(LISTS)
    listed = [each for each in every if draw(st.integers(0, 3))]
    added = [each for each in every if each not in listed]
    text = new_text(listed) if listed else f"{HEAD[:-1]} []\n"
    file = parsed(laid_out(draw, text))
    gone = frozenset(each.index for each in file.entries if draw(st.booleans()))
    kept = [each for each in file.entries if each.index not in gone]
    counts = {each.index: draw(st.integers(1, 4)) for each in kept if draw(st.booleans())}
    names = {each.index: f"Agent/new-{each.index}" for each in kept if draw(st.integers(0, 2)) == 0}
    return file, Changes(gone, counts, names, tuple(added))


@given(changed())
def test_a_change_keeps_everything_else(case: tuple[BaselineFile, Changes]) -> None:
    file, changes = case
    text, result = changed_text(file, changes)
    assert unplaced(parsed(text).entries) == unplaced(result.entries)
    new = {each.identity for each in changes.added}
    assert [each for each in unplaced(result.entries) if each.identity not in new] == unplaced(
        changes.kept(file.entries)
    )
    assert {each for each in unplaced(result.entries) if each.identity in new} == set(changes.added)
    assert re.findall("# kept \\w+", text) == re.findall("# kept \\w+", file.file.text)
    before = file.file.text.splitlines()
    untouched = [
        each
        for each in file.entries
        if each.index not in changes.gone | changes.counts.keys() | changes.resources.keys()
    ]
    for each in untouched:
        start = file.location(each).span.start.line - 1  # type: ignore[union-attr]
        assert before[start] in text.splitlines()


def test_nothing_to_change_is_the_same_text() -> None:
    file = parsed(new_text([entry()]))
    assert changed_text(file, Changes()) == (file.file.text, file)


def test_a_new_entry_stands_in_its_place() -> None:
    file = parsed(new_text([entry(name="a"), entry(name="c")]))
    _, result = changed_text(
        file, Changes(added=(entry(name="d"), entry(name="b"), entry(rule="LV700", name="z")))
    )
    assert [each.resource for each in result.entries] == [
        f"VendorContract/{name}" for name in ("z", "a", "b", "c", "d")
    ]


FLOW = (
    "# all of it\n"
    "apiVersion: baseline/v1\n"
    "entries: [{rule: LV801, resource: VendorContract/a, since: 2026-11-21},  # in talks\n"
    "  {rule: LV801, resource: VendorContract/b, since: 2026-11-21}]\n"
)


def test_a_list_in_brackets_is_written_again_with_its_comments() -> None:
    file = parsed(FLOW)
    text, result = changed_text(file, Changes(frozenset({1}), {0: 2}, added=(entry(name="c"),)))
    assert [(each.resource, each.count) for each in result.entries] == [
        ("VendorContract/a", 2),
        ("VendorContract/c", 1),
    ]
    assert "# all of it" in text


def test_what_other_entries_use_is_kept() -> None:
    text = HEAD + (
        "  - {rule: LV801, resource: VendorContract/a, since: &day 2026-11-21}\n"
        "  - {rule: LV801, resource: VendorContract/b, since: *day}\n"
    )
    _, result = changed_text(parsed(text), Changes(frozenset({0})))
    assert unplaced(result.entries) == [entry(name="b", path="")]


def test_what_no_file_can_hold_is_an_error() -> None:
    with pytest.raises(InputError, match="cannot be changed"):
        changed_text(parsed(new_text([entry()])), Changes(added=(entry(name="b", reason="\ud800"),)))


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("", ["a baseline file holds one document"]),
        (f"{HEAD}---\n{HEAD}", ["a baseline file holds one document"]),
        ("entries: []\n", ["the document lacks the required field `apiVersion`"]),
        ("- 1\n", ["the document must be a mapping"]),
        (HEAD, ["`entries` has no value; expected a list"]),
        (
            HEAD + "  - {rule: LV801, resource: Agent/a, since: 2026-11-21, count: 0}\n",
            ["`count` must be at least 1; found 0"],
        ),
        (HEAD + "  - {rule: LV8, resource: Agent/a, since: 2026-11-21}\n", ["`rule` does not have the form"]),
        (HEAD + "  - {rule: LV801, resource: agent, since: 2026-11-21}\n", ["`resource` does not have the form"]),
        (
            HEAD + 2 * "  - {rule: LV801, resource: Agent/a, since: 2026-11-21}\n",
            ["LV801 at Agent/a is listed already, on line 3"],
        ),
        (
            HEAD
            + "".join(
                f"  - {{rule: LV801, resource: {name}, since: 2026-11-21}}\n" for name in ("Rollout", "Rollout/x")
            ),
            ["LV801 at Rollout is listed already, on line 3"],
        ),
        (
            HEAD + "  - {rule: LV801, resource: Agent/a, since: 2026-11-21, until: 2026-11-20}\n",
            ["`until` is 2026-11-20, before `since`, 2026-11-21"],
        ),
    ],
)
def test_what_is_no_baseline_is_refused_with_its_place(text: str, messages: list[str]) -> None:
    with pytest.raises(GroupedError) as caught:
        parsed(text)
    found = caught.value.errors
    assert [fault.file for fault in found] == ["penstock-baseline.yaml"] * len(messages)
    for fault, message in zip(found, messages, strict=True):
        assert isinstance(fault, InputError)
        assert fault.message.startswith(message)
