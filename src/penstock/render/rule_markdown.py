"""A rule's page in Markdown: what its author wrote, and its examples as they run.

Takes a rule, and for a policy the base that its examples are laid over; gives the page. Must not know where the
page lies: links are the caller's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from penstock.manifest.integrity import RULES
from penstock.model import STEPS, Finding, Rule
from penstock.policy.examples import load_example, outcome_of
from penstock.policy.model import Example, ExampleBase, Param, Policy
from penstock.render.markdown_escape import code, escape
from penstock.render.rule import first_stage
from penstock.source.excerpt import excerpt


def integrity_page(rule: Rule) -> str:
    """The page of a rule that no policy states."""
    lines = [*_head(rule, "every manifest"), *_why(rule)]
    lines += ["", "## Where it comes from", "", "penstock itself: what cannot be read cannot be judged."]
    return "\n".join(lines) + "\n"


def policy_page(policy: Policy, base: ExampleBase, file: str, about_examples: str | None = None) -> str:
    """The page of a policy; ``file`` is the Markdown that names its file, ``about_examples`` what examples are."""
    stage = f", from stage {first_stage(policy)} on" if policy.stage else ""
    stage += ", where a change is judged" if policy.is_change_rule else ""
    lines = [*_head(policy.rule, ", ".join(policy.kinds) + stage), *_why(policy.rule), *_params(policy)]
    lines += ["", "## Examples", "", about_examples or _LAID_OVER]
    for heading, examples in (("Fails", policy.bad), ("Passes", policy.good)):
        for example in examples:
            lines += ["", f"### {heading}: {escape(example.name.replace('-', ' '))}", ""]
            lines += _example(policy, example, base)
    lines += ["", *_check(policy, file), *_sources(policy.rule)]
    return "\n".join(lines) + "\n"


def prose(text: str) -> str:
    """Text of an author as Markdown: what stands between backticks is code, all else is plain."""
    parts = _CODE.split(text)
    return "".join(code(part) if index % 2 else _plain(part) for index, part in enumerate(parts))


def step_title(rule: Rule, behind_number: str) -> str:
    """The framework's step that a rule belongs to, with its number where it counts as one."""
    if rule.step == 0 and rule.id not in RULES:
        return "none of the framework's"
    title = STEPS[rule.step]
    return f"{rule.step}{behind_number}{title}" if rule.step in range(1, 12) else title


def _plain(part: str) -> str:
    """Escaped, with a blank at either end where there was one."""
    before, after = part[:1].isspace(), part[-1:].isspace()
    return f"{' ' * before}{escape(part)}{' ' * after}" if part.strip() else " " * before


_CODE = re.compile(r"`([^`\n]+)`")
_LAID_OVER = (
    "Each shows the fields that matter, laid over a complete manifest of the kind that keeps every rule; `null` "
    "leaves a field out. They run as the rule's tests."
)


def _head(rule: Rule, applies_to: str) -> Iterator[str]:
    yield f"# {rule.id} {rule.name}"
    yield ""
    yield f"{prose(rule.title)}."
    yield ""
    yield f"- Severity: {rule.severity.value}"
    yield f"- Step: {step_title(rule, ', ')}"
    yield f"- Applies to: {applies_to}"


def _why(rule: Rule) -> Iterator[str]:
    yield from ("", "## Why", "", prose(rule.why), "", "## What to do", "", prose(rule.remediation))


def _params(policy: Policy) -> Iterator[str]:
    if not policy.params:
        return
    yield from ("", "## Parameters", "", "| Parameter | Default | Unit | Allowed | What it sets |")
    yield "| --- | --- | --- | --- | --- |"
    for param in policy.params.values():
        cells = (code(param.name), code(_value(param.default)), escape(param.unit or ""), _allowed(param))
        yield f"| {' | '.join((*cells, prose(param.description)))} |"
    yield from ("", "They are set in `penstock.yaml`; these are the defaults:", "", "```yaml config", "rules:")
    yield f"  {policy.rule.id}:"
    yield "    params:"
    yield from (f"      {param.name}: {_value(param.default)}" for param in policy.params.values())
    yield "```"


def _allowed(param: Param) -> str:
    if param.enum:
        return ", ".join(code(str(value)) for value in param.enum)
    least = f"from {_value(param.minimum)}" if param.minimum is not None else ""
    most = f"to {_value(param.maximum)}" if param.maximum is not None else ""
    return " ".join(filter(None, (least, most)))


def _value(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _example(policy: Policy, example: Example, base: ExampleBase) -> Iterator[str]:
    given = [f"As of {example.as_of}." if example.as_of else ""]
    given += [f"With {code(name)} set to {code(_value(value))}." for name, value in example.params.items()]
    if any(given):
        yield from (" ".join(filter(None, given)), "")
    if example.before is not None:
        yield from ("Before the change:", "", *_manifests(policy, example, "before"), "", "After it:", "")
    yield from _manifests(policy, example, "manifests")
    outcome = outcome_of(policy, load_example(example, base), base)
    findings = sorted(outcome.findings, key=lambda found: found.sort_key)
    if findings:
        yield ""
        yield from (_finding(finding) for finding in findings)


def _manifests(policy: Policy, example: Example, field: str) -> Iterator[str]:
    yield "```yaml"
    yield excerpt(policy.document.file.text, (*example.path, field)).rstrip()
    yield "```"


def _finding(finding: Finding) -> str:
    where = " ".join(code(part) for part in (finding.location.resource or "", finding.location.path_text) if part)
    return f"- {finding.severity.value} at {where}: {prose(finding.message)}"


def _check(policy: Policy, file: str) -> Iterator[str]:
    yield from ("## The check", "", f"In CEL, in {file}; variables and messages are there.", "")
    yield "```cel"
    blocks = [f"// only if {name}\n{expression.text.strip()}" for name, expression in policy.conditions]
    blocks += [f"// must be true\n{validation.expression.text.strip()}" for validation in policy.validations]
    yield "\n\n".join(blocks)
    yield "```"


def _sources(rule: Rule) -> Iterator[str]:
    if rule.sources:
        yield from ("", "## Where it comes from", "")
    for source in rule.sources:
        quote = f": “{escape(source.quote)}”" if source.quote else ""
        yield f"- {escape(source.document)}, {escape(source.section)}{quote}"
    if rule.controls:
        yield from ("", "## Controls it supports", "")
        for control in rule.controls:
            note = f" ({escape(control.note)})" if control.note else ""
            yield f"- {escape(control.standard)} {escape(control.id)}{note}"
