"""Changes to policies: which there are, which of them the examples notice, and how many over the built-in pack."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.cel import BOOL, DYN, INT, STRING, Env, check, engine, enumeration, list_of, parse
from penstock.policy import Policy, load_pack
from penstock.policy.load import expressions_of, load_policy
from penstock.policy.model import ExampleBase
from penstock.policy.mutation import try_policy
from penstock.policy.mutation.edits import edits
from penstock.policy.mutation.mutants import mutants
from penstock.render.mutation import as_text, percent
from penstock.source import SourceFile, read

REPOSITORY = Path(__file__).parents[2]
LEAST = 90.0
"""Percent of the changes to the built-in pack that its examples notice, at least."""

NAMES = Env(
    variables={
        **dict.fromkeys(("a", "b", "c"), BOOL),
        "n": INT,
        "text": STRING,
        "items": list_of(DYN),
        "stage": enumeration(("assess", "pilot", "production")),
        "some": DYN,
    }
)
NO_BASE = ExampleBase("2026-06-30", {})

# An expression, and below it what it is changed to.
CONDITIONS = """
a
  !a
!a
  a
!!a
  !a
!(a || b)
  (a || b)
  !(!a || b)
  !(b)
  !(a && b)
  !(a)
  !(a || !b)
n < 3
  n <= 3
  n >= 3
  n < 2
  n < 4
n <= 0
  n < 0
  n > 0
  n <= -1
  n <= 1
n > n
  n <= n
  n >= n
n >= n
  n < n
  n > n
n == n
  n != n
n != n
  n == n
some > 0.25
  some <= 0.25
  some >= 0.25
  some > 0.24
  some > 0.26
some == 100.0
  some != 100.0
  some == 101.0
  some == 99.0
a && b && c
  !a && b && c
  b && c
  a || b || c
  a && c
  a && !b && c
  a && b
  a && b && !c
(a && b) || c
  c
  (a && b) && c
  (!a && b) || c
  (b) || c
  (a || b) || c
  (a) || c
  (a && !b) || c
  (a && b)
  (a && b) || !c
a == true
  a != true
  a == false
text == 'x'
  text != 'x'
  text == 'x~'
'x' in items
  !('x' in items)
  'x~' in items
stage == 'production'
  stage != 'production'
  stage == 'assess'
stage in ['assess', 'pilot']
  !(stage in ['assess', 'pilot'])
  stage in ['production', 'pilot']
  stage in ['pilot']
  stage in ['assess']
  stage in ['assess', 'production']
has(some.x)
  !has(some.x)
items.all(i, i.x)
  !items.all(i, i.x)
  items.exists(i, i.x)
  items.all(i, !i.x)
items.exists(i, i == n)
  !items.exists(i, i == n)
  items.all(i, i == n)
  items.exists(i, i != n)
items.exists_one(i, i == n)
  !items.exists_one(i, i == n)
  items.exists(i, i == n)
  items.exists_one(i, i != n)
a ? b : c
  !a ? b : c
  a ? !b : c
  a ? c : b
  a ? b : !c
cel.bind(v, n, a)
  cel.bind(v, n, !a)
"""
VALUES = """
text
n + 1
  n - 1
  n + 0
  n + 2
n * n
  n / n
f(some, '-P1Y6M')
  f(some, '-P2Y6M')
  f(some, '-P1Y7M')
a ? 1 : b ? 2 : 3
  !a ? 1 : b ? 2 : 3
  a ? (b ? 2 : 3) : 1
  a ? 1 : !b ? 2 : 3
  a ? 1 : b ? 3 : 2
items.map(i, i.x)
items.filter(i, i.x || a)
  items.filter(i, !i.x || a)
  items.filter(i, a)
  items.filter(i, !(i.x || a))
  items.filter(i, i.x && a)
  items.filter(i, i.x)
  items.filter(i, i.x || !a)
"""


def table(text: str) -> list[tuple[str, list[str]]]:
    rows: list[tuple[str, list[str]]] = []
    for line in text.strip().splitlines():
        if line.startswith("  "):
            rows[-1][1].append(line.strip())
        else:
            rows.append((line, []))
    return rows


def changed(text: str, *, is_condition: bool) -> list[str]:
    checked = check(parse(text), NAMES)
    return [edit.apply(text) for edit in edits(checked, is_condition=is_condition)]


@pytest.mark.parametrize(("text", "expected"), table(CONDITIONS))
def test_changes_to_a_condition(text: str, expected: list[str]) -> None:
    assert sorted(changed(text, is_condition=True)) == sorted(expected)


@pytest.mark.parametrize(("text", "expected"), table(VALUES))
def test_changes_to_a_value(text: str, expected: list[str]) -> None:
    assert sorted(changed(text, is_condition=False)) == sorted(expected)


@pytest.mark.parametrize(("text", "_expected"), table(CONDITIONS) + table(VALUES))
def test_an_edit_shows_what_it_changes_and_comes_in_the_order_of_the_text(text: str, _expected: object) -> None:
    found = edits(check(parse(text), NAMES), is_condition=True)
    assert [edit.start for edit in found] == sorted(edit.start for edit in found)
    for edit in found:
        start, end = edit.shown
        assert edit.before(text) == text[start:end]
        assert edit.apply(text) == text[:start] + edit.after(text) + text[end:]


HEAD = """apiVersion: policy/v1
kind: Policy
metadata: {name: late}
spec:
  id: TEST001
  title: A use case is late
  severity: error
  step: 1
  why: It takes too long.
  remediation: Hurry up.
  match: {kinds: [UseCase]}
"""
RULE = """  stage: {from: pilot}
  matchConditions:
    - {name: claims, expression: object.spec.businessUnit == 'claims'}
  variables:
    - {name: size, expression: size(object.spec.workflow) + 1}
  validations:
    - expression: variables.size < 5
      message: too long
      at: spec.workflow
"""


def use_case(workflow: str, unit: str = "claims", stage: str = "pilot") -> str:
    spec = f"{{workflow: {workflow}, businessUnit: {unit}, domain: knowledge-work, stage: {stage}}}"
    return f"{{apiVersion: rollout/v1, kind: UseCase, metadata: {{name: a}}, spec: {spec}}}"


def policy(good: list[str], bad: list[str], rule: str = RULE, head: str = HEAD) -> Policy:
    lines = [
        "  examples:",
        "    good:",
        *(f"      - {{name: good-{number}, manifests: [{each}]}}" for number, each in enumerate(good)),
        "    bad:",
    ]
    found = "findings: [{resource: UseCase/a, at: spec.workflow}]"
    lines += (f"      - {{name: bad-{number}, manifests: [{each}], {found}}}" for number, each in enumerate(bad))
    document = read(SourceFile("pack/late.yaml", head + rule + "\n".join(lines) + "\n")).documents[0]
    return load_policy(document, engine(), "test", {})


def test_the_mutants_of_a_policy_in_the_order_of_its_parts() -> None:
    given = policy([use_case("abc")], [use_case("abcdef")])
    found = [(each.change, each.before, each.after) for each in mutants(given, expressions_of(given, engine()))]
    assert found == [
        ("stage gate removed", "pilot", ""),
        ("stage moved", "pilot", "prepare"),
        ("stage moved", "pilot", "production"),
        ("match condition removed", "object.spec.businessUnit == 'claims'", ""),
        ("comparison flipped", "object.spec.businessUnit == 'claims'", "object.spec.businessUnit != 'claims'"),
        ("string changed", "object.spec.businessUnit == 'claims'", "object.spec.businessUnit == 'claims~'"),
        ("operator swapped", "size(object.spec.workflow) + 1", "size(object.spec.workflow) - 1"),
        ("number moved", "size(object.spec.workflow) + 1", "size(object.spec.workflow) + 0"),
        ("number moved", "size(object.spec.workflow) + 1", "size(object.spec.workflow) + 2"),
        ("validation removed", "variables.size < 5", ""),
        ("bound moved", "variables.size < 5", "variables.size <= 5"),
        ("comparison flipped", "variables.size < 5", "variables.size >= 5"),
        ("number moved", "variables.size < 5", "variables.size < 4"),
        ("number moved", "variables.size < 5", "variables.size < 6"),
    ]


def test_parameters_kinds_and_severities_are_changed_too() -> None:
    rule = """  params:
    most: {type: integer, default: 1, minimum: 1, description: The most.}
    share: {type: number, default: 0.5, maximum: 0.5, description: The share.}
    strict: {type: boolean, default: true, description: Whether to be strict.}
    within: {type: string, default: P1Y, description: How long.}
    words: {type: array, default: [a, b], description: Words.}
  validations:
    - {expression: "has(object.metadata.name)", message: wrong, at: metadata, severity: warning}
"""
    given = policy([use_case("abc")], [use_case("abc")], rule, head=HEAD.replace("[UseCase]", "[UseCase, Agent]"))
    found = [(each.change, each.before, each.after) for each in mutants(given, expressions_of(given, engine()))]
    assert found == [
        ("default moved", "1", "2"),
        ("default moved", "0.5", "0.4"),
        ("default moved", "true", "false"),
        ("default moved", '"P1Y"', '"P2Y"'),
        ("default moved", '["a", "b"]', '["b"]'),
        ("default moved", '["a", "b"]', '["a"]'),
        ("kind removed", "UseCase", ""),
        ("kind removed", "Agent", ""),
        ("validation removed", "has(object.metadata.name)", ""),
        ("severity changed", "warning", "error"),
        ("negation added", "has(object.metadata.name)", "!has(object.metadata.name)"),
    ]


def test_what_the_checker_refuses_is_no_mutant() -> None:
    rule = """  validations:
    - {expression: "object.metadata.name + 'x' != 'b'", message: wrong, at: spec.workflow}
"""
    given = policy([use_case("abc")], [use_case("abc")], rule)
    found = [each.after for each in mutants(given, expressions_of(given, engine()))]
    assert found == ["", "object.metadata.name + 'x' == 'b'", "object.metadata.name + 'x' != 'b~'"]


def test_weak_examples_let_changes_survive() -> None:
    result = try_policy(policy([use_case("ab")], [use_case("abcdef")]), NO_BASE, engine())
    assert as_text([result]) == (
        "TEST001 late: 14 mutants, 5 killed, 35.7 %\n"
        "  pack/late.yaml:12:17: stage gate removed\n"
        "    - pilot\n"
        "  pack/late.yaml:12:17: stage moved\n"
        "    - pilot\n"
        "    + prepare\n"
        "  pack/late.yaml:14:34: match condition removed\n"
        "    - object.spec.businessUnit == 'claims'\n"
        "  pack/late.yaml:16:32: operator swapped\n"
        "    - size(object.spec.workflow) + 1\n"
        "    + size(object.spec.workflow) - 1\n"
        "  pack/late.yaml:16:32: number moved\n"
        "    - size(object.spec.workflow) + 1\n"
        "    + size(object.spec.workflow) + 0\n"
        "  pack/late.yaml:16:32: number moved\n"
        "    - size(object.spec.workflow) + 1\n"
        "    + size(object.spec.workflow) + 2\n"
        "  pack/late.yaml:18:19: bound moved\n"
        "    - variables.size < 5\n"
        "    + variables.size <= 5\n"
        "  pack/late.yaml:18:19: number moved\n"
        "    - variables.size < 5\n"
        "    + variables.size < 4\n"
        "  pack/late.yaml:18:19: number moved\n"
        "    - variables.size < 5\n"
        "    + variables.size < 6\n"
        "\n"
        "1 rule, 14 mutants, 5 killed, 35.7 %\n"
    )


def test_examples_at_the_limit_notice_every_change() -> None:
    good = [use_case("abc"), use_case("abcd", unit="it"), use_case("abcd", stage="prepare")]
    result = try_policy(policy(good, [use_case("abcd")]), NO_BASE, engine())
    assert (result.mutants, result.killed, result.survivors) == (14, 14, ())


def test_an_evaluation_that_fails_is_noticed() -> None:
    rule = """  validations:
    - {expression: "!has(object.spec.goLiveOn) || object.spec.goLiveOn > asOf", message: wrong, at: spec.workflow}
"""
    late = use_case("abc, goLiveOn: 2026-01-01")
    result = try_policy(policy([use_case("abc")], [late], rule), NO_BASE, engine())
    # Without `!has(…) ||` the good example has no goLiveOn to read.
    survivors = [each.after for each in result.survivors]
    assert survivors == ["!has(object.spec.goLiveOn)", "object.spec.goLiveOn >= asOf"]


def test_a_policy_whose_examples_fail_is_not_tried() -> None:
    result = try_policy(policy([use_case("abcdef")], [use_case("abcdef")]), NO_BASE, engine())
    assert (result.mutants, [failure.example.name for failure in result.failures]) == (0, ["good-0"])
    assert as_text([result]) == (
        "TEST001 late: not tried, since examples of it fail\n"
        "  pack/late.yaml:23:9: example good-0\n"
        "    unexpected error TEST001 at UseCase/a spec.workflow: too long\n"
        "\n"
        "1 rule, 0 mutants, 0 killed, 100.0 %, 1 rule not tried\n"
    )


def test_both_engines_kill_the_same() -> None:
    good, bad = [use_case("ab")], [use_case("abcdef")]
    ours = try_policy(policy(good, bad), NO_BASE, engine())
    theirs = try_policy(policy(good, bad), NO_BASE, engine("cel-python"))
    assert [each.after for each in ours.survivors] == [each.after for each in theirs.survivors]


def test_the_examples_of_the_built_in_pack_notice_nearly_every_change() -> None:
    with_engine = engine()
    pack = load_pack("levie", REPOSITORY, with_engine)
    results = [try_policy(each, pack.base, with_engine) for each in pack.policies]
    report = as_text(results)
    print(report)
    assert not any(result.failures for result in results), report
    assert percent(results) >= LEAST, report
