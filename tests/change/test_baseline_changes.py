"""What is said of a changed baseline: an entry that excuses more or for longer is an exception made."""

from __future__ import annotations

import pytest

from penstock.change import Change, baseline_changes
from penstock.lint.baseline import BaselineFile
from penstock.source import read_bytes
from penstock.workspace.baselines import parse_baseline

ENTRY = "{rule: LV303, resource: AccessGrant/x, path: spec.permission, since: 2026-06-01"
HEAD = "apiVersion: baseline/v1\nentries:\n"


def file(*entries: str) -> BaselineFile:
    text = HEAD + "".join(f"  - {entry}\n" for entry in entries) if entries else f"{HEAD.rstrip()} []\n"
    return parse_baseline(read_bytes(text.encode(), "penstock-baseline.yaml"))


def changes(old: str, new: str) -> tuple[Change, ...]:
    return baseline_changes(*(file(f"{ENTRY}{more}}}") for more in (old, new)))


CASES = [
    (
        ", until: 2027-03-31",
        ", until: 2029-03-31",
        "lengthened",
        "rules",
        "holds longer: 2027-03-31 -> 2029-03-31",
    ),
    (", until: 2027-03-31", "", "lengthened", "rules", "holds longer: 2027-03-31 -> without an end"),
    ("", ", until: 2027-03-31", "shortened", "other", "ends earlier: without an end -> 2027-03-31"),
    ("", ", count: 3", "raised", "rules", "excuses more findings: 1 -> 3"),
    (", count: 3", ", count: 2", "lowered", "other", "excuses fewer findings: 3 -> 2"),
    (
        ", owner: a@x.example",
        ", owner: b@x.example",
        "replaced",
        "other",
        "has another owner: a@x.example -> b@x.example",
    ),
    (", reason: Old.", ", reason: New.", "changed", "other", "has another reason: Old. -> New."),
    (
        ", owner: a@x.example, reason: So.",
        ", owner: a@x.example, reason: So., count: 2",
        "raised",
        "rules",
        "excuses more findings: 1 -> 2 (owner a@x.example): So.",
    ),
]


@pytest.mark.parametrize(("old", "new", "what", "weight", "said"), CASES, ids=[each[4] for each in CASES])
def test_one_entry_is_told_by_itself(old: str, new: str, what: str, weight: str, said: str) -> None:
    (found,) = changes(old, new)
    sentence = f"LV303 at spec.permission of AccessGrant/x {said}"
    assert (found.what.value, found.weight.value, found.sentence) == (what, weight, sentence)
    assert (found.resource, found.location.file) == ("baseline", "penstock-baseline.yaml")


def test_an_entry_that_comes_is_an_exception_with_its_reason_and_one_that_goes_is_not() -> None:
    one = file(f"{ENTRY}, until: 2027-03-31, owner: a@x.example, reason: It is being replaced.}}")
    (came,) = baseline_changes(None, one)
    assert came.sentence == (
        "LV303 at spec.permission of AccessGrant/x added (until 2027-03-31, owner a@x.example): "
        "It is being replaced."
    )
    assert (came.weight.value, came.is_gone, came.facts.owner) == ("rules", False, "a@x.example")
    (went,) = baseline_changes(one, file())
    assert (went.what.value, went.weight.value, went.is_gone) == ("removed", "other", True)


def test_what_is_the_same_is_no_change_nor_is_another_order() -> None:
    first, second = f"{ENTRY}}}", f"{ENTRY.replace('LV303', 'LV304')}}}"
    assert baseline_changes(file(first, second), file(second, first)) == ()
    assert baseline_changes(None, None) == ()
    renamed = file(first.replace("/x", "/y"))
    assert baseline_changes(file(first), renamed, {"AccessGrant/x": "AccessGrant/y"}) == ()
    assert len(baseline_changes(file(first), renamed)) == 2


def test_many_alike_are_one_line() -> None:
    def many(until: str, number: int = 29) -> BaselineFile:
        entries = (f"{ENTRY}, until: {until}}}".replace("/x", f"/x{index}") for index in range(number))
        return file(*entries)

    (found,) = baseline_changes(many("2027-03-31"), many("2029-03-31"))
    assert found.sentence == "29 entries hold longer: 2027-03-31 -> 2029-03-31 (LV303)"
    assert found.path == ("entries",)
    assert isinstance(found.new, list)
    assert len(found.new) == 29
    (came,) = baseline_changes(None, many("2027-03-31", 4))
    assert came.sentence == "4 entries added (LV303; until 2027-03-31; owner nobody)"
    assert len(baseline_changes(None, many("2027-03-31", 3))) == 3
