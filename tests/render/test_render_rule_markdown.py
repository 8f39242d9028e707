"""A rule's page in Markdown: its parts in order, an author's text as text, examples as they run."""

from __future__ import annotations

import pytest

from penstock.cel import engine
from penstock.manifest.integrity import RULES
from penstock.policy.load import load_policy
from penstock.policy.model import ExampleBase
from penstock.render.rule_markdown import integrity_page, policy_page, prose
from penstock.source import SourceFile, read

POLICY = """\
apiVersion: policy/v1
kind: Policy
metadata: {name: long-workflow}
spec:
  id: TEST101
  title: A workflow's name is longer than `most` <b>
  severity: warning
  step: 2
  why: Nobody reads [it](x).
  remediation: Shorten `spec.workflow`.
  sources: [{document: house-rules, section: "Part 1", quote: "short, please"}]
  controls: [{standard: ISO/IEC 42001, id: A.1, note: only here}]
  params:
    most: {type: integer, default: 3, minimum: 1, maximum: 9, unit: letters, description: The longest.}
    tone: {type: string, default: calm, enum: [calm, loud], description: How it sounds.}
  match: {kinds: [UseCase]}
  stage: {from: pilot}
  matchConditions:
    - {name: named, expression: object.spec.workflow != ''}
  validations:
    - expression: object.spec.workflow.size() <= params.most
      messageExpression: "'`' + object.spec.workflow + '` has too many letters*'"
      at: spec.workflow
  examples:
    good:
      - name: just-fits
        manifests: [{kind: UseCase, metadata: {name: a}, spec: {workflow: abc}}]
    bad:
      - name: too-long
        asOf: 2026-02-28
        params: {most: 2}
        manifests:
          - kind: UseCase
            metadata: {name: a}
            spec: {workflow: abc}  # one letter too many
        findings: [{resource: UseCase/a, at: spec.workflow}]
"""
BASE = ExampleBase(
    "2026-01-01",
    {
        "UseCase": {
            "apiVersion": "rollout/v1",
            "kind": "UseCase",
            "metadata": {"name": "a"},
            "spec": {"workflow": "w", "businessUnit": "b", "domain": "coding", "stage": "pilot"},
        }
    },
)


def test_a_policy_from_its_head_to_its_controls() -> None:
    (document,) = read(SourceFile("long-workflow.yaml", POLICY)).documents
    page = policy_page(load_policy(document, engine(), "test", {}), BASE, "[a file](a.yaml)")
    assert page == PAGE


def test_an_integrity_rule_has_no_examples() -> None:
    page = integrity_page(RULES["LV001"])
    assert page.startswith("# LV001 syntax-error\n\nA manifest file is not valid YAML.\n\n- Severity: error\n")
    assert "Examples" not in page


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("set `spec.a`, then *b*", "set `spec.a`, then \\*b\\*"),
        ("one ` alone", "one \\` alone"),
        ("`a|b`", "<code>a\\|b</code>"),
        ("<script>", "&lt;script&gt;"),
    ],
)
def test_what_stands_between_backticks_is_code(text: str, shown: str) -> None:
    assert prose(text) == shown


PAGE = """\
# TEST101 long-workflow

A workflow's name is longer than `most` &lt;b&gt;.

- Severity: warning
- Step: 2, Audit the data environment
- Applies to: UseCase, from stage pilot on

## Why

Nobody reads \\[it\\]\\(x\\).

## What to do

Shorten `spec.workflow`.

## Parameters

| Parameter | Default | Unit | Allowed | What it sets |
| --- | --- | --- | --- | --- |
| `most` | `3` | letters | from 1 to 9 | The longest. |
| `tone` | `calm` |  | `calm`, `loud` | How it sounds. |

They are set in `penstock.yaml`; these are the defaults:

```yaml config
rules:
  TEST101:
    params:
      most: 3
      tone: calm
```

## Examples

Each shows the fields that matter, laid over a complete manifest of the kind that keeps every rule; `null` leaves a field out. They run as the rule's tests.

### Fails: too long

As of 2026-02-28. With `most` set to `2`.

```yaml
- kind: UseCase
  metadata: {name: a}
  spec: {workflow: abc}          # one letter too many
```

- warning at `UseCase/a` `spec.workflow`: `abc` has too many letters\\*

### Passes: just fits

```yaml
[{kind: UseCase, metadata: {name: a}, spec: {workflow: abc}}]
```

## The check

In CEL, in [a file](a.yaml); variables and messages are there.

```cel
// only if named
object.spec.workflow != ''

// must be true
object.spec.workflow.size() <= params.most
```

## Where it comes from

- house-rules, Part 1: “short, please”

## Controls it supports

- ISO/IEC 42001 A.1 (only here)
"""  # noqa: E501 - a paragraph is a line
