"""The first text of a policy, and of the pack around it: sound as it stands, to be made one's own part by part.

Takes names, kinds and an id; gives YAML. Must not know of files: what is taken already is for the caller to find.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from penstock.policy.model import ROLLOUT_KIND
from penstock.record import dataclass
from penstock.source import SourceFile, read
from penstock.starter.skeleton import skeleton
from penstock.starter.text import field, scalar

AS_OF = "2026-06-30"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of the policy to write."""

    name: str
    id: str
    title: str
    kinds: tuple[str, ...]


def title_of(name: str) -> str:
    """A title to begin with: the name as words."""
    words = name.replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def policy_text(draft: Draft, base: Mapping[str, Any]) -> str:
    """The policy file. Examples leave out what ``base``, complete manifests by kind, has already."""
    of_rollout = draft.kinds == (ROLLOUT_KIND,)
    text = _HEAD + (_OF_ROLLOUT if of_rollout else _OF_MANIFESTS) + _EXAMPLES
    title = scalar(draft.title, block=True)
    filled = text.format(name=scalar(draft.name), id=draft.id, title=title, kinds=", ".join(draft.kinds))
    examples = _rollout_examples(base) if of_rollout else _examples(draft, base)
    lines = filled.splitlines()
    for quality in ("good", "bad"):
        lines.append(f"    {quality}:")
        for example in examples[quality]:
            lines += (f"      {line}" for line in _element(example))
    return "\n".join(lines) + "\n"


def pack_text(name: str, kinds: Sequence[str]) -> str:
    """The file that names the pack, with a manifest of each of the kinds for examples to build on."""
    base = {kind: manifest(kind, _name(kind)) for kind in base_kinds(kinds)}
    text = _PACK.format(name=scalar(name), title=scalar(title_of(name), block=True))
    if not base:
        return text
    lines = _EXAMPLES_OF_PACK.format(as_of=AS_OF).splitlines()
    for kind, written in base.items():
        lines += (f"      {line}" for line in field(kind, written))
    return text + "\n".join(lines) + "\n"


def manifest(kind: str, name: str) -> dict[str, Any]:
    """A manifest of the kind with what must be there, and nothing else."""
    [document] = read(SourceFile("new.yaml", skeleton(kind, name))).documents
    assert isinstance(document.data, dict)  # a skeleton is a mapping
    return document.data


def base_kinds(kinds: Sequence[str]) -> tuple[str, ...]:
    """The kinds of the manifests in the examples of a policy on these kinds."""
    return tuple("UseCase" if kind == ROLLOUT_KIND else kind for kind in kinds)


def _name(kind: str) -> str:
    """An example's name that says what it is: ``some-vendor-contract``."""
    words = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in kind)
    return f"some{words}"


def _laid_over(kind: str, name: str, metadata: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    whole = {} if kind in base else manifest(kind, name)
    return {**whole, "kind": kind, "metadata": {"name": name, **metadata}}


def _examples(draft: Draft, base: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    kinds, label = draft.kinds, draft.name

    def manifests(metadata: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [_laid_over(kind, _name(kind), metadata, base) for kind in kinds]

    findings = [
        {
            "resource": f"{kind}/{_name(kind)}",
            "at": "metadata.labels",
            "message": f"{kind} `{_name(kind)}` has labels, but none named `{label}`; add it to metadata.labels",
        }
        for kind in kinds
    ]
    # What a base may say is taken out: each example stands by itself.
    without = {"labels": {label: None, "another-label": "example"}}
    return {
        "good": [
            {"name": "with-the-label", "manifests": manifests({"labels": {label: "example"}})},
            {"name": "left-alone-without-labels", "manifests": manifests({"labels": None})},
        ],
        "bad": [{"name": "without-the-label", "manifests": manifests(without), "findings": findings}],
    }


def _rollout_examples(base: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    def use_cases(*names: str) -> list[dict[str, Any]]:
        return [_laid_over("UseCase", name, {}, base) for name in names]

    finding = {
        "resource": f"{ROLLOUT_KIND}/example",
        "at": "",
        "message": "the rollout has 2 use cases; at most 1 is allowed",
    }
    return {
        "good": [{"name": "at-the-limit", "params": {"most": 1}, "manifests": use_cases("first")}],
        "bad": [
            {
                "name": "one-too-many",
                "params": {"most": 1},
                "manifests": use_cases("first", "second"),
                "findings": [finding],
            }
        ],
    }


def _element(value: Mapping[str, Any]) -> list[str]:
    lines = [line for key, item in value.items() for line in field(key, item)]
    return [f"- {lines[0]}", *(f"  {line}" for line in lines[1:])]


_HEAD = """\
# A policy to make your own: it works as it stands, so that you can change one part at a time.
# After each change: penstock policy lint, then penstock policy test.
apiVersion: policy/v1
kind: Policy
metadata:
  # The name states the defect, and is this file's name.
  name: {name}
spec:
  id: {id}
  # The defect in a sentence, without a full stop.
  title: {title}
  # error, warning or info. Users can change it for their rollout.
  severity: warning
  # The framework's step, 1 to 11; 12 orchestration and autonomy; 0 none.
  step: 0
  why: Replace this by a sentence or two on what goes wrong, and for whom, where the rule is not kept.
  remediation: Replace this by what to write into which field.
"""
_OF_MANIFESTS = """\
  # Values that users may set in penstock.yaml. Delete what you do not need, here and below.
  params:
    label:
      type: string
      default: {name}
      description: The label that must be there.
  match:
    kinds: [{kinds}]
  # To wait for the use case: stage {{from: pilot}}. Kinds that name no use case need stage.useCase as well.
  # The rule applies only where all of these are true.
  matchConditions:
    - name: has-labels
      expression: has(object.metadata.labels)
  # Values with a name, for the conditions, the checks and the messages.
  variables:
    - name: labelled
      expression: params.label in object.metadata.labels
  # Each check is true when all is well. The message says what is wrong, and what to do.
  validations:
    - expression: variables.labelled
      at: metadata.labels
      messageExpression: >-
        object.kind + ' `' + object.metadata.name + '` has labels, but none named `' + params.label
        + '`; add it to metadata.labels'
"""
_OF_ROLLOUT = """\
  # Values that users may set in penstock.yaml. Delete what you do not need, here and below.
  params:
    most:
      type: integer
      default: 50
      minimum: 1
      description: The most use cases that a rollout may have.
  # The rule is applied once, to the rollout as a whole.
  match:
    kinds: [{kinds}]
  # The rule applies only where all of these are true.
  matchConditions:
    - name: has-use-cases
      expression: resources('UseCase').size() > 0
  # Values with a name, for the conditions, the checks and the messages.
  variables:
    - name: count
      expression: resources('UseCase').size()
  # Each check is true when all is well. The message says what is wrong, and what to do.
  validations:
    - expression: variables.count <= params.most
      at: ""
      messageExpression: >-
        'the rollout has ' + string(variables.count) + ' use cases; at most ' + string(params.most)
        + (params.most == 1 ? ' is allowed' : ' are allowed')
"""
_EXAMPLES = """\
  # The rule's tests. A bad example gives exactly the findings that it lists, a good one none.
  examples:
"""
_PACK = """\
# What these policies have in common.
apiVersion: policy/v1
kind: Pack
metadata:
  name: {name}
spec:
  version: 0.1.0
  title: {title}
  manifests: [rollout/v1]
"""
_EXAMPLES_OF_PACK = """\
  examples:
    # The day that examples are judged by, unless they say another.
    asOf: {as_of}
    # One complete manifest of each kind: an example states only what differs from it.
    base:
"""
