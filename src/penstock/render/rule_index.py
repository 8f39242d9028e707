"""The index of rules in Markdown, by the framework's steps; each leads to its page beside the index.

Takes rules, with their policies where there are; gives the page. Must not know where the pages lie.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from penstock.model import Rule
from penstock.policy.model import Policy
from penstock.render.rule import first_stage
from penstock.render.rule_markdown import prose, step_title

Listed = tuple[Rule, Policy | None]
"""A rule, and its policy; None for one that no policy states."""


def index_page(rules: Sequence[Listed], introduction: str) -> str:
    """The page; ``introduction`` is Markdown."""
    lines = ["# Rules", "", introduction]
    for _, title in sorted({(rule.step, _title(rule)) for rule, _ in rules}):
        lines += ["", f"## {title}", "", "| Rule | Severity | Applies | Defect |", "| --- | --- | --- | --- |"]
        lines += _rows((rule, policy) for rule, policy in rules if _title(rule) == title)
    return "\n".join(lines) + "\n"


def _title(rule: Rule) -> str:
    title = step_title(rule, ": ")
    return f"Step {title}" if rule.step in range(1, 12) else title[:1].upper() + title[1:]


def _rows(rules: Iterable[Listed]) -> Iterator[str]:
    for rule, policy in rules:
        cells = (
            f"[{rule.id}]({rule.name}.md) {rule.name}",
            rule.severity.value,
            _applies(policy),
            prose(rule.title),
        )
        yield f"| {' | '.join(cells)} |"


def _applies(policy: Policy | None) -> str:
    when = f"from {first_stage(policy)}" if policy and policy.stage else "always"
    if policy is None or not policy.is_change_rule:
        return when
    return f"to changes, {when}" if policy.stage else "to changes"
