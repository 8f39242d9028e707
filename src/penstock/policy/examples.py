"""Runs the examples inside policy files: they are the rules' tests and their documentation.

Takes a policy and its pack's example base; gives what went wrong, in words. A bad example must give exactly the
findings it lists; a good one none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from penstock.manifest.integrity import RULES
from penstock.manifest.load import load
from penstock.manifest.pairing import Pairing, pair
from penstock.manifest.rollout import Rollout
from penstock.model import Finding
from penstock.policy.evaluate import Evaluator, Outcome
from penstock.policy.model import Example, ExampleBase, ExpectedFinding, Policy
from penstock.policy.override import Override
from penstock.policy.select import Selection, check_params, in_force
from penstock.record import dataclass
from penstock.source import SourceFile, read

_FILE = "example.yaml"
_FILE_BEFORE = "before.yaml"
# Examples show only the manifests that matter: what they leave out is not a finding here.
_SHAPE_RULES = frozenset({"LV001", "LV002", "LV003", "LV004", "LV005"})


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that does not give what it says."""

    policy: Policy
    example: Example
    problems: tuple[str, ...]

    @property
    def place(self) -> str:
        """``file:line:column`` of the example."""
        document = self.policy.document
        start = document.locate(self.example.path).span.start
        return f"{document.file.path}:{start.line}:{start.column}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """An example, its rollout, what that was before, and what is wrong with its manifests as such."""

    example: Example
    rollout: Rollout
    problems: tuple[str, ...]
    pairing: Pairing | None = None


def run_examples(policy: Policy, base: ExampleBase) -> Iterator[Failure]:
    """Run every example of a policy; yield those that fail."""
    return failures(policy, base, (load_example(example, base) for example in (*policy.good, *policy.bad)))


def failures(policy: Policy, base: ExampleBase, loaded: Iterable[Loaded]) -> Iterator[Failure]:
    """The examples of a policy that fail, of those that have been loaded."""
    for each in loaded:
        problems = tuple(_problems(policy, each, base))
        if problems:
            yield Failure(policy, each.example, problems)


def _problems(policy: Policy, loaded: Loaded, base: ExampleBase) -> Iterator[str]:
    """What is wrong with one example, in words; nothing when it holds."""
    example = loaded.example
    if loaded.problems:
        yield from loaded.problems
        return
    wrong = [str(fault) for _, fault in check_params(policy, example.params)]
    if wrong:
        yield from wrong
        return
    if example in policy.bad and not example.findings:
        yield "a bad example lists the findings it must give"
    yield from differences(example, outcome_of(policy, loaded, base))


def differences(example: Example, outcome: Outcome) -> Iterator[str]:
    """How what a policy gave differs from what the example says, in words."""
    if outcome.skipped:
        yield "the rule could not be judged: a reference it follows leads to no manifest of the example"
    unmatched = list(outcome.findings)
    for expected in example.findings:
        match = next((finding for finding in unmatched if _is(finding, expected)), None)
        if match is None:
            yield f"expected a finding at {expected.resource} {expected.at}{_detail(expected)}, got none"
        else:
            unmatched.remove(match)
    for finding in unmatched:
        where = f"{finding.location.resource} {finding.location.path_text}"
        yield f"unexpected {finding.severity.value} {finding.rule} at {where}: {finding.message}"


def outcome_of(policy: Policy, loaded: Loaded, base: ExampleBase) -> Outcome:
    """What the policy alone gives for an example."""
    example = loaded.example
    selection = Selection(overrides={policy.rule.id: Override(params=example.params)})
    evaluator = Evaluator(loaded.rollout, example.as_of or base.as_of, loaded.pairing)
    for active in in_force([policy], selection):
        evaluator.apply(active)
    return evaluator.outcome


def example_rollout(example: Example, base: ExampleBase) -> tuple[Rollout, list[str]]:
    """The rollout of an example, completed from the base, and what is wrong with its shape."""
    return _rollout(example.manifests, base, _FILE)


def _rollout(manifests: Iterable[Mapping[str, object]], base: ExampleBase, file: str) -> tuple[Rollout, list[str]]:
    documents = (json.dumps(complete(manifest, base), indent=2) for manifest in manifests)
    text = "\n---\n".join(documents)
    loaded = load("example", file, [read(SourceFile(file, text))])
    problems = [
        f"{finding.location.resource or 'a manifest'}: {finding.message}"
        for finding in loaded.findings
        if finding.rule in _SHAPE_RULES
    ]
    return loaded.rollout, problems


def load_example(example: Example, base: ExampleBase) -> Loaded:
    """The example with its rollout, for whoever needs it several times."""
    rollout, problems = example_rollout(example, base)
    if example.before is None:
        return Loaded(example, rollout, tuple(problems))
    old, faults = _rollout(example.before, base, _FILE_BEFORE)
    problems += [f"before: {fault}" for fault in faults]
    return Loaded(example, rollout, tuple(problems), pair(old, rollout))


def complete(manifest: Mapping[str, object], base: ExampleBase) -> object:
    """An example manifest laid over the base of its kind, as RFC 7396 merges: null removes a field."""
    return _merge(base.manifests.get(str(manifest.get("kind")), {}), manifest)


def _merge(target: object, patch: object) -> object:
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = _merge(merged.get(key), value)
    return merged


def _is(finding: Finding, expected: ExpectedFinding) -> bool:
    return (
        # A rule that fails to evaluate finds nothing, wherever that happens to be reported.
        finding.rule not in RULES
        and finding.location.resource == expected.resource
        and finding.location.path_text == expected.at
        and expected.message in (None, finding.message)
        and expected.severity in (None, finding.severity)
    )


def _detail(expected: ExpectedFinding) -> str:
    severity = f" ({expected.severity.value})" if expected.severity else ""
    return severity + (f" saying {expected.message!r}" if expected.message else "")
