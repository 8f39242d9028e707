"""A rule's page for the terminal, made from the policy file alone: what its author wrote and tested."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill, indent

from penstock.model import STEPS, Rule
from penstock.policy import Example, Policy
from penstock.render.escape import visible
from penstock.source.excerpt import excerpt
from penstock.workspace.catalog import Entry

_WIDTH = 96
_EXAMPLES = (
    "Examples show the fields that matter, laid over a complete manifest of the kind; null leaves a field out."
)


def page(entry: Entry) -> str:
    """The whole page: heading, why, how to mend, parameters, source, controls, expressions, examples."""
    lines = [*_head(entry.rule)]
    if entry.policy is not None:
        lines += [*_params(entry.policy)]
    lines += [*_sources(entry.rule)]
    if entry.policy is not None:
        lines += [*_checks(entry.policy), *_examples(entry.policy)]
    return "\n".join(visible(line) for line in "\n".join(lines).split("\n")) + "\n"


def _head(rule: Rule) -> Iterator[str]:
    yield f"{rule.id} {rule.name} ({rule.severity.value})"
    yield _wrap(f"{rule.title}.")
    yield ""
    yield "Why"
    yield _wrap(rule.why, "  ")
    yield ""
    yield "What to do"
    yield _wrap(rule.remediation, "  ")


def _params(policy: Policy) -> Iterator[str]:
    if policy.params:
        yield from ("", f"Parameters (set them in penstock.yaml under rules.{policy.rule.id}.params)")
    for param in policy.params.values():
        unit = f" {param.unit}" if param.unit else ""
        yield f"  {param.name} = {policy.values[param.name]}{unit}"
        yield _wrap(param.description, "      ")


def _sources(rule: Rule) -> Iterator[str]:
    yield from ("", "Where it comes from")
    yield f"  Step {rule.step}, {STEPS[rule.step]}" if rule.step in range(1, 12) else f"  {STEPS[rule.step]}"
    for source in rule.sources:
        yield _wrap(f"{source.document}: {source.section}", "  ")
        if source.quote:
            yield _wrap(f'"{source.quote}"', "      ")
    for control in rule.controls:
        note = f" ({control.note})" if control.note else ""
        yield f"  supports {control.standard} {control.id}{note}"


def _checks(policy: Policy) -> Iterator[str]:
    kinds = ", ".join(policy.kinds)
    stage = f", from stage {first_stage(policy)}" if policy.stage else ""
    changes = ", where a change is judged" if policy.is_change_rule else ""
    yield from ("", f"Checked on {kinds}{stage}{changes}, in {policy.document.file.path}")
    for name, condition in policy.conditions:
        yield _code(f"only if ({name})", condition.text)
    for validation in policy.validations:
        yield _code("must be true", validation.expression.text)


def first_stage(policy: Policy) -> str:
    """The stage of the use case from which a policy with a gate applies."""
    from penstock.policy.model import STAGES

    return next(stage for stage in STAGES if policy.stage and stage in policy.stage.stages)


def _code(label: str, text: str) -> str:
    return f"  {label}:\n" + indent(text.strip(), "      ")


def _examples(policy: Policy) -> Iterator[str]:
    yield from ("", _wrap(_EXAMPLES))
    for heading, examples in (("Fails", policy.bad), ("Passes", policy.good)):
        for example in examples:
            yield from ("", f"{heading}: {example.name.replace('-', ' ')}{_circumstances(example)}")
            if example.before is not None:
                yield from ("  before the change:", _manifests(policy, example, "before"), "  after it:")
            yield _manifests(policy, example, "manifests")
            for finding in example.findings:
                message = f": {finding.message}" if finding.message else ""
                yield _wrap(f"=> {finding.resource} {finding.at}{message}", "  ", "     ")


def _manifests(policy: Policy, example: Example, field: str) -> str:
    return indent(excerpt(policy.document.file.text, (*example.path, field)).rstrip(), "    ")


def _circumstances(example: Example) -> str:
    given = [f"as of {example.as_of}"] if example.as_of else []
    given += [f"with {name} = {value}" for name, value in example.params.items()]
    return f" ({', '.join(given)})" if given else ""


def _wrap(text: str, lead: str = "", follow: str | None = None) -> str:
    return fill(
        " ".join(text.split()),
        _WIDTH,
        initial_indent=lead,
        subsequent_indent=lead if follow is None else follow,
        break_long_words=False,
        break_on_hyphens=False,
    )
