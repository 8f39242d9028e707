"""What a fingerprint depends on, and what not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from penstock.model import Finding, Location, Severity, Span
from penstock.render.fingerprint import fingerprints

PLACE = Location("a.yaml", Span.at(1, 1), "UseCase/a", ("spec", "tasks", 0), "spec.tasks[classify]")
FOUND = Finding("LV502", "n", Severity.ERROR, "30 days old", PLACE)


def test_it_is_the_same_on_every_machine() -> None:
    assert fingerprints([FOUND]) == ["a4b9c66203227fc6eb34693df274789e"]


@pytest.mark.parametrize(
    "other",
    [
        replace(FOUND, message="31 days old"),
        replace(FOUND, severity=Severity.INFO),
        replace(FOUND, name="renamed"),
        replace(FOUND, help="Mend it."),
        replace(FOUND, location=replace(PLACE, span=Span.at(9, 9))),
        replace(FOUND, location=replace(PLACE, file="b.yaml")),
        replace(FOUND, location=replace(PLACE, path=("spec", "tasks", 5))),
    ],
)
def test_it_stays_when_the_finding_is_the_same(other: Finding) -> None:
    assert fingerprints([other]) == fingerprints([FOUND])


@pytest.mark.parametrize(
    "other",
    [
        replace(FOUND, rule="LV503"),
        replace(FOUND, rollout="another"),
        replace(FOUND, location=replace(PLACE, resource="UseCase/b")),
        replace(FOUND, location=replace(PLACE, path_text="spec.tasks[decide]")),
    ],
)
def test_it_differs_when_the_finding_does(other: Finding) -> None:
    assert fingerprints([other]) != fingerprints([FOUND])


def test_findings_alike_are_numbered() -> None:
    first, second, third = fingerprints([FOUND, FOUND, replace(FOUND, rule="LV503")])
    assert len({first, second, third}) == 3
    assert [first, third] == fingerprints([FOUND, replace(FOUND, rule="LV503")])


def test_without_a_resource_the_file_tells_findings_apart() -> None:
    a, b = (replace(FOUND, location=Location(file)) for file in ("a.yaml", "b.yaml"))
    assert fingerprints([a, b]) == [*fingerprints([a]), *fingerprints([b])]
