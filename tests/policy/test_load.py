"""What a policy file may not say: each fault with its words and its place, all of them at once."""

from __future__ import annotations

import pytest

from penstock.cel import engine
from penstock.errors import GroupedError, PenstockError
from penstock.policy.load import load_policy
from penstock.policy.model import QuotedDocument
from penstock.source import SourceFile, read

POLICY = """apiVersion: policy/v1
kind: Policy
metadata: {name: under-test}
spec:
  id: TEST001
  title: The title
  severity: error
  step: 1
  sources: [{document: framework, section: Step 1}]
  why: Because.
  remediation: Mend it.
  params:
    most: {type: integer, default: 3, unit: agents, description: The most agents.}
  match: {kinds: [UseCase]}
  variables:
    - {name: tasks, expression: object.spec.tasks}
  validations:
    - expression: size(variables.tasks) <= params.most
      message: too many
      at: spec.tasks
  examples:
    good: [{name: good, manifests: [{kind: UseCase, metadata: {name: a}}]}]
    bad:
      - name: bad
        manifests: [{kind: UseCase, metadata: {name: a}}]
        findings: [{resource: UseCase/a, at: spec}]
"""


DOCUMENTS = {"framework": QuotedDocument("The framework", {"Step 1": None, "Step 2": None})}


def load_faults(text: str) -> list[PenstockError]:
    (document,) = read(SourceFile("under-test.yaml", text)).documents
    try:
        load_policy(document, engine("cel-python"), "test", DOCUMENTS)
    except GroupedError as group:
        return list(group.errors)
    return []


def underlined(error: PenstockError, text: str) -> str:
    """The text from where the fault points to the end of that line."""
    assert error.span is not None
    start = error.span.start
    return text.splitlines()[start.line - 1][start.column - 1 :]


def test_the_policy_itself_loads() -> None:
    assert load_faults(POLICY) == []


KINDS = "  match: {kinds: [UseCase]}"


@pytest.mark.parametrize(
    ("old", "new", "message", "points_at"),
    [
        ("name: under-test", "name: other", "the policy is named other, its file under-test", "other}"),
        ("section: Step 1", "section: Stap 1", "the document `framework` has no section `Stap 1`", "Stap 1"),
        ("document: framework", "document: frame", "the pack has no document `frame`", "frame, section: Step 1}]"),
        ("at: spec.tasks", "at: spec.task", "UseCase has no field `spec.task`", "spec.task"),
        (
            "at: spec.tasks",
            "at: spec.tasks[0].nmae",
            "UseCase has no field `spec.tasks[0].nmae`",
            "spec.tasks[0].nmae",
        ),
        ("at: spec.tasks", "at: item.name", "`item` has no place of its own here", "item.name"),
        ("params.most", "params.least", "params has no field `least`", "least"),
        ("variables.tasks)", "variables.task)", "variables has no field `task`", "task) <= params.most"),
        ("size(", "sise(", "unknown function `sise`", "sise(variables.tasks) <= params.most"),
        ("object.spec.tasks", "objct.spec.tasks", "unknown name `objct`", "objct.spec.tasks}"),
        ("object.spec.tasks", "item.spec.tasks", "unknown name `item`", "item.spec.tasks}"),
        ("<= params.most", "<=", "a value is missing behind `<=`", "<="),
        ("<= params.most", "", "the expression is an int; it must be a bool", "size(variables.tasks)"),
        ("<= params.most", "== object.metadata.name", "`==` compares an int with a string", "=="),
        ("<= params.most", "<= 3 && object.spec.stage == 'pilt'", "can never be true", "'pilt'"),
        ("size(variables.tasks)", "size(ref('a', 'UseCas').spec.tasks)", "there is no kind `UseCas`", "'UseCas'"),
        ("size(variables.tasks)", "days(asOf)", "`days`", "days(asOf)"),
        *(
            ("size(variables.tasks)", f"size(resources('Agent', {fields}))", message, points_at)
            for fields, message, points_at in (
                ("{'spec.usecase':'a'}", "Agent has no field `spec.usecase`", "'spec.usecase'"),
                ("{'spec.tasks':'a'}", "`spec.tasks` is a list, and is never a string", "'a'"),
                ("{'spec.tasks[*]':1}", "`spec.tasks[*]` is a string, and is never a int", "1"),
                ("{'spec.autonomy':'free'}", "`spec.autonomy` is never 'free'", "'free'"),
                ("{asOf:'a'}", "a field to look for is not written out", "asOf"),
                ("{}", "the fields to look for are not written out", "{}"),
                ("variables", "the fields to look for are not written out", "variables"),
            )
        ),
        (
            "size(variables.tasks)",
            "size(resources(asOf, {'spec.useCase':'a'}))",
            "cannot tell which kind",
            "asOf",
        ),
        ("object.spec.tasks", "variables.tasks", "in terms of itself", "variables.tasks"),
        (KINDS, "  match: {kinds: [VendorContract]}\n  stage: {from: pilot}", "which use case", "{from: pilot}"),
        (
            "  variables:\n",
            "  variables:\n    - {name: tasks, expression: asOf}\n",
            "a second variable",
            "tasks, ",
        ),
        (KINDS, f"{KINDS}\n  forEach: {{path: spec.task}}", "UseCase has no field `spec.task`", "spec.task}"),
        (
            "      at: spec.tasks\n",
            "      at: spec.tasks\n      related: [{resource: object, at: spec.nonsense, message: here}]\n",
            "no kind has a field `spec.nonsense`",
            "spec.nonsense, message: here}]",
        ),
        ("severity: error", "severity: fatal", "`severity` must be one of error, warning or info", "fatal"),
    ],
)
def test_a_fault_has_its_words_and_its_place(old: str, new: str, message: str, points_at: str) -> None:
    assert old in POLICY
    text = POLICY.replace(old, new, 1)
    found = [(error.message, underlined(error, text)) for error in load_faults(text)]
    assert any(message in words and place.startswith(points_at) for words, place in found), found


@pytest.mark.parametrize(("target", "wrong"), [("item.modelTier", 0), ("item.modelTear", 1), ("item", 0)])
def test_a_target_under_for_each_is_checked_against_the_element(target: str, wrong: int) -> None:
    text = POLICY.replace(KINDS, f"{KINDS}\n  forEach: {{path: spec.tasks}}")
    assert len(load_faults(text.replace("at: spec.tasks", f"at: {target}"))) == wrong


def test_every_fault_is_told_not_the_first() -> None:
    wrong = "sise(variables.task) <= params.least"
    assert len(load_faults(POLICY.replace("size(variables.tasks) <= params.most", wrong))) == 3
