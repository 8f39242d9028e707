"""A plan for an issue or a wiki page: per use case a section, its steps as a table, its actions as a checklist.

Takes a ``penstock.plan.Plan``, gives Markdown in which nothing that a manifest says is markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from penstock.model import STEPS
from penstock.plan import Action, Plan, Step, UseCasePlan
from penstock.render.markdown_escape import code, escape
from penstock.render.phrases import place
from penstock.render.plan import words


def render(plan: Plan) -> str:
    """The plan as Markdown."""
    parts = [f"# {escape(words.heading(plan))}\n"]
    if not plan.use_cases:
        parts.append(f"{words.NO_USE_CASES}\n")
    if len(plan.use_cases) > 1:
        parts.append(_overview(plan.use_cases))
    parts += (part for case in plan.use_cases for part in _case(case))
    if events := words.events(plan):
        parts.append(f"## Coming up by {plan.horizon}\n")
        parts.append(_events(events))
    if remark := words.elsewhere(plan):
        parts.append(f"{remark}\n")
    return "\n".join(parts)


def _overview(cases: Sequence[UseCasePlan]) -> str:
    rows = ["| Use case | Stage | Steps | Next |", "| --- | --- | --- | --- |"]
    for case in cases:
        cells = (code(words.name(case)), escape(case.stage), words.tally(case), escape(words.brief(case)))
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def _case(case: UseCasePlan) -> Iterator[str]:
    title = f": {escape(case.title)}" if case.title else ""
    yield f"## {code(words.name(case))}{title}\n"
    yield f"At {escape(case.stage) or 'no stage'} ({code(place(case.location))}).\n"
    yield "".join(f"- {escape(sentence)}\n" for sentence in words.prospects(case))
    yield _steps(words.shown_steps(case))
    for blocking, heading in ((True, "Next actions"), (False, "Also worth doing")):
        chosen = [action for action in case.actions if action.blocking is blocking]
        if chosen:
            yield f"### {heading}\n"
            yield "".join(map(_action, chosen))


def _steps(steps: Sequence[Step]) -> str:
    rows = ["| Step | | State |", "| ---: | --- | --- |"]
    for step in steps:
        state = words.step_remark(step) or words.LABELS[step.state]
        rows.append(f"| {step.number} | {escape(STEPS[step.number])} | {escape(state)} |")
    return "\n".join(rows) + "\n"


def _action(action: Action) -> str:
    lines = [
        f"- [ ] **{escape(action.what)}**<br>",
        f"  {words.when(action)}; step {action.step}, {escape(action.rule.id)} {code(action.rule.name)}<br>",
        f"  {escape(words.who(action.owner))}",
    ]
    for obstacle in action.obstacles:
        finding = obstacle.finding
        help_text = f" {escape(finding.help)}" if finding.help else ""
        lines.append(f"  - {code(place(finding.location))} {escape(words.said(obstacle))}{help_text}")
    return "\n".join(lines) + "\n"


def _events(events: Sequence[words.Event]) -> str:
    rows = ["| Day | Finding | Where | Who | Use cases |", "| --- | --- | --- | --- | --- |"]
    for event in events:
        for finding in event.findings:
            said = f"{finding.severity.value} {escape(finding.rule)}: {escape(finding.message)}"
            cases = ", ".join(map(code, event.use_cases))
            cells = (event.on, said, code(place(finding.location)), escape(words.who(event.owner)), cases)
            rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"
