"""A plan for a person at a terminal: the steps of each use case, what stands before the next stage, who does what.

Takes a ``penstock.plan.Plan``, gives a string. One use case is told in full; of several, the messages are left
out, and one with nothing to do takes a few lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from penstock.model import STEPS
from penstock.plan import Action, Obstacle, Plan, State, Step, UseCasePlan
from penstock.render.escape import line_start, one_line, visible
from penstock.render.paint import Line, paint
from penstock.render.phrases import field, place
from penstock.render.plan import words
from penstock.render.width import columns, wrap

_NARROWEST = 40
_WIDEST_NAME = 40
_ICONS = {State.DONE: "✓", State.IN_PROGRESS: "◐", State.BLOCKED: "✗", State.NOT_DUE: "·"}
_PLAIN = {State.DONE: "+", State.IN_PROGRESS: "~", State.BLOCKED: "x", State.NOT_DUE: "."}
_ROLES = {State.DONE: "good", State.IN_PROGRESS: "warning", State.BLOCKED: "error", State.NOT_DUE: "quiet"}
GLYPHS = "".join(_ICONS.values())
"""The characters beyond ASCII that a plan is drawn with."""


def render(plan: Plan, *, color: bool = False, width: int = 100, plain: bool = False) -> str:
    """The plan as text of at most ``width`` columns where words allow; ``plain`` keeps to ASCII."""
    return paint(_Text(plan, max(width, _NARROWEST), _PLAIN if plain else _ICONS).lines(), color=color)


class _Text:
    """One rendering."""

    def __init__(self, plan: Plan, width: int, icons: Mapping[State, str]) -> None:
        self._plan = plan
        self._width = width
        self._icons = icons
        self._full = len(plan.use_cases) == 1

    def lines(self) -> Iterator[Line]:
        """All lines of the plan."""
        plan = self._plan
        yield [(visible(words.heading(plan)), "name")]
        if not plan.use_cases:
            yield []
            yield from self._paragraph([], words.NO_USE_CASES)
        if len(plan.use_cases) > 1:
            yield []
            yield from self._overview()
        for case in plan.use_cases:
            yield []
            yield from self._case(case)
        yield from self._events()
        remarks = [words.elsewhere(plan)]
        if any(case.actions for case in plan.use_cases) and not self._full:
            remarks.append("`penstock plan USE-CASE` tells what is wrong at each place.")
        for remark in filter(None, remarks):
            yield []
            yield from self._paragraph([], remark)

    def _overview(self) -> Iterator[Line]:
        """A line for each use case: its name, its stage, a sign for each step, what comes next."""
        cases = self._plan.use_cases
        name_width = min(max(columns(visible(words.name(case))) for case in cases), _WIDEST_NAME)
        stage_width = max(len(visible(case.stage)) for case in cases)
        for case in cases:
            name = visible(words.name(case))
            head: Line = [
                (f"  {name}{'':{max(0, name_width - columns(name))}}  ", ""),
                (f"{visible(case.stage):{stage_width}}  ", "quiet"),
                *(self._icon(step) for step in case.framework),
                ("  ", ""),
            ]
            yield from self._paragraph(head, words.brief(case))

    def _case(self, case: UseCasePlan) -> Iterator[Line]:
        title = f"  {one_line(case.title)}" if case.title else ""
        yield [(visible(words.name(case)), "name"), (title, "")]
        yield [(f"  at {visible(case.stage) or 'no stage'}", ""), (f"  {place(case.location)}", "quiet")]
        for sentence in words.prospects(case):
            yield from self._paragraph(*_verdict(sentence), indent=2)
        if case.stage == "retired" and not (self._full or case.actions):
            return
        yield []
        if self._full or case.actions:
            yield from self._steps(words.shown_steps(case))
        else:
            waiting = words.not_due(case)
            tally = words.tally(case) + (f": {waiting}" if waiting else "")
            yield from self._paragraph([(f"  {self._icons[State.DONE]} ", "good")], tally)
        yield from self._actions(case)

    def _steps(self, steps: Sequence[Step]) -> Iterator[Line]:
        room = max(len(STEPS[step.number]) for step in steps)
        for step in steps:
            head: Line = [("  ", ""), self._icon(step), (f" {step.number:>2} ", "quiet")]
            remark = words.step_remark(step)
            role = "quiet" if step.state is State.NOT_DUE else ""
            title = f"{STEPS[step.number]:{room}}  " if remark else STEPS[step.number]
            yield from self._paragraph([*head, (title, role)], remark, role, indent=None if self._wide else 8)

    @property
    def _wide(self) -> bool:
        """Whether a step's remark has room in a column of its own."""
        return self._width >= 90

    def _icon(self, step: Step) -> tuple[str, str]:
        return self._icons[step.state], _ROLES[step.state]

    def _actions(self, case: UseCasePlan) -> Iterator[Line]:
        said = None
        for blocking, title in ((True, "Next actions"), (False, "Also worth doing: nothing waits for it")):
            chosen = [(number, each) for number, each in enumerate(case.actions, 1) if each.blocking is blocking]
            if chosen:
                yield []
                yield [(f"  {title}", "name")]
            for number, action in chosen:
                key = (action.rule.id, action.stage, action.resolves_on)
                yield from self._action(number, action, again=key == said)
                said = key

    def _action(self, number: int, action: Action, *, again: bool) -> Iterator[Line]:
        head = f"  {number:>2}. "
        indent = " " * len(head)
        if again:
            yield from self._paragraph([(head, "note")], f"The same ({action.rule.id}) for another:")
        else:
            yield from self._paragraph([(head, "note")], action.what, "note")
            due = f"{words.when(action)}; step {action.step}, {action.rule.id} {action.rule.name}"
            yield from self._paragraph([(f"{indent}when: ", "quiet")], due)
        yield from self._paragraph([(f"{indent}who:  ", "quiet")], words.who(action.owner))
        for obstacle in self._told_apart(action.obstacles):
            yield from self._obstacle(obstacle, indent)

    def _told_apart(self, obstacles: Sequence[Obstacle]) -> Sequence[Obstacle]:
        """Those whose lines differ: where no message is shown, one for each place."""
        if self._full:
            return obstacles
        lines: dict[tuple[str, str], Obstacle] = {}
        for each in obstacles:
            where = each.finding.location
            lines.setdefault((place(where), field(where)), each)
        return tuple(lines.values())

    def _obstacle(self, obstacle: Obstacle, indent: str) -> Iterator[Line]:
        finding = obstacle.finding
        role = finding.severity.value if obstacle.blocking else ""
        head: Line = [(f"{indent}--> ", "frame"), (place(finding.location), role), ("  ", "")]
        owner = (field(finding.location), "quiet")
        if sum(columns(text) for text, _ in (*head, owner)) <= self._width:
            yield [*head, owner]
        else:
            yield from (head, [(f"{indent}    ", ""), owner])
        if self._full:
            for text in filter(None, (words.said(obstacle), finding.help)):
                yield from self._paragraph([(f"{indent}    ", "")], text)

    def _events(self) -> Iterator[Line]:
        events = words.events(self._plan)
        if events:
            yield []
            yield [(f"Coming up by {self._plan.horizon}", "name")]
        for event in events:
            first = event.findings[0]
            touched = "" if self._full else f"; {', '.join(event.use_cases)}"
            head: Line = [(f"  {event.on} ", "note"), (first.rule, first.severity.value), (" ", "")]
            yield from self._paragraph(head, f"{first.name}: {words.who(event.owner)}{touched}", indent=13)
            for finding in event.findings:
                yield [(f"{'':13}--> ", "frame"), (place(finding.location), "")]
                yield from self._paragraph([(f"{'':17}", "")], finding.message.partition("; ")[0])

    def _paragraph(self, head: Line, text: str, role: str = "", *, indent: int | None = None) -> Iterator[Line]:
        """Text behind a head, its further lines below where it began, or at ``indent``."""
        taken = sum(columns(part) for part, _ in head)
        margin = taken if indent is None else indent
        room = max(self._width - margin, _NARROWEST // 2)
        first, *others = wrap(one_line(text), room, taken=max(0, taken - margin))
        yield [*head, (first if taken else line_start(first), role)]
        yield from ([(" " * margin, ""), (line_start(line), role)] for line in others)


def _verdict(sentence: str) -> tuple[Line, str]:
    """The head of a sentence about a stage ahead, in its colour, and the rest of it."""
    for start, role in (("Not ready for ", "error"), ("Ready for ", "good")):
        head, colon, rest = sentence.partition(": ")
        if sentence.startswith(start) and colon:
            return [("  ", ""), (f"{head}:", role), (" ", "")], rest
    return [("  ", "")], sentence
