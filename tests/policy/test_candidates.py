"""Completion of expressions: what may stand at a place of an unfinished text."""

from __future__ import annotations

import pytest

from penstock.manifest import shapes
from penstock.policy import knowledge
from penstock.policy.candidates import Candidates, Surroundings, candidates

NAMES = {"Agent": ["triager", "writer"], "UseCase": ["claims"]}
HERE = Surroundings(
    knowledge.environment({"object": knowledge.manifest("UseCase")}),
    shapes.kinds(),
    lambda kind: NAMES.get(kind, []) if kind else ["claims", "triager", "writer"],
)


def offered(text: str) -> tuple[str, ...]:
    """What is offered at the end of a text, from where the word being typed begins."""
    return candidates(text, len(text), HERE).words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("object.", ("apiVersion", "kind", "metadata", "spec")),
        ("object.spec.wo", ("workflow",)),
        ("object.spec.roi.base", ("baseline",)),
        ("object . spec . wo", ("workflow",)),
        ("object.?spec.?wo", ("workflow",)),
        ("has(object.spec.wo", ("workflow",)),
        ("true && (1 < 2 || object.spec.wo", ("workflow",)),
        ("true ? object.spec.wo", ("workflow",)),
        ("true ? 1 : object.spec.wo", ("workflow",)),
        ("[object.spec.wo", ("workflow",)),
        ("{'a': object.spec.wo", ("workflow",)),
        ("'(' + object.spec.wo", ("workflow",)),
        ("1 + )) object.spec.wo", ("workflow",)),
        ("object.spec.tasks[0].interf", ("interface",)),
        ("object.spec.tasks.all(t, t.interf", ("interface",)),
        ("object.spec.tasks.exists(t, has(t.interf", ("interface",)),
        ("resources('Agent').filter(a, a.spec.useC", ("useCase",)),
        ("ref(object.spec.sponsor, 'Agent').spec.useC", ("useCase",)),
        ("organization.spec.indus", ("industry",)),
    ],
)
def test_fields_of_the_kind(text: str, words: tuple[str, ...]) -> None:
    assert offered(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ref('x', 'Use", ("UseCase",)),
        ("object.spec.sponsor.ref('Use", ("UseCase",)),
        ('referrers(object, "Acc', ("AccessGrant",)),
        ("resources('Ag", ("Agent",)),
        ("ref('", ("claims", "triager", "writer")),
        ("ref('t", ("triager",)),
        ("resources('Agent', {'spec.useC", ("spec.useCase",)),
        (
            "resources('Agent', {'spec.useCase': 'a', 'spec.modelAccess.ti",
            ("spec.modelAccess.tiers", "spec.modelAccess.tiers[*]"),
        ),
        ("referrers(object, 'Agent', {'spec.autonomy': 'sug", ("suggest",)),
        ("{'spec.useC", ()),
        ("size({'spec.useC", ()),
        ("object.spec.stage == 'p", ("prepare", "pilot", "production")),
        ("'p' == object.spec.stage || object.spec.stage != 're", ("retired",)),
        ("object.spec.stage in ['pilot', 'pro", ("production",)),
        ("object.spec.tasks.all(t, t.interface == 'se", ("seated",)),
        ("'Use", ()),
        ("object.spec.workflow + 'p", ()),
    ],
)
def test_texts_in_quotes(text: str, words: tuple[str, ...]) -> None:
    assert offered(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("obj", ("object",)),
        ("asO", ("asOf",)),
        ("orga", ("organization",)),
        ("1 + addP", ("addPeriod(",)),
        ("ha", ("has(",)),
        ("tru", ("true",)),
        ("math.gre", ("greatest(",)),
        ("object.spec.tasks.all(task, ta", ("task",)),
        ("object.spec.tasks.all(task, true) && ta", ()),
        ("object.spec.workflow.startsW", ("startsWith(",)),
        ("object.spec.tasks.exists_", ("exists_one(",)),
        ("object.spec.startsW", ()),
        ("12", ()),
        ("12ab", ()),
        ("", offered("")),
    ],
)
def test_names_and_functions(text: str, words: tuple[str, ...]) -> None:
    assert offered(text) == words


def test_a_type_decides_which_methods_there_are() -> None:
    text, listed = offered("object.spec.workflow."), offered("object.spec.tasks.")
    assert "contains(" in text
    assert "contains(" not in listed
    assert "all(" in listed
    assert "all(" not in text


def test_the_word_begins_where_it_is_replaced() -> None:
    assert candidates("object.spec.wo && x", 14, HERE) == Candidates(12, ("workflow",))
    assert candidates("ref('cl", 7, HERE) == Candidates(5, ("claims",))


@pytest.mark.parametrize(
    "text",
    ["'" * 7, "((((", "]]]].", "a.?", "?:?:", "\\", "'\\", "r'\\", "x" * 9000, "[" * 40 + "a.", "\x00.", "a\nb."],
)
def test_no_text_is_too_broken(text: str) -> None:
    for position in range(0, len(text) + 1, max(1, len(text) // 20)):
        assert isinstance(candidates(text, position, HERE), Candidates)
