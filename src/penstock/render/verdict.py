"""A rule's verdict on one manifest, and the way to it: stage, match conditions, items, variables, validations.

Takes an ``Explanation`` and the waivers that concern it; gives text for a person at a terminal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from penstock.manifest.paths import path_text, value_at
from penstock.manifest.resource import Resource
from penstock.model import Excused, ExcuseKind, Path
from penstock.policy.explanation import Evaluated, Explanation, Judged, Verdict
from penstock.policy.functions import UnresolvedReferenceError
from penstock.policy.model import STAGES, Expression, Policy, StageGate, Validation
from penstock.record import dataclass, replace
from penstock.render.escape import line_start, one_line, visible
from penstock.render.paint import Line, Segment, paint
from penstock.render.phrases import place
from penstock.render.totals import count
from penstock.render.trace import of_value, parts, said, source
from penstock.render.tree import Branch, draw
from penstock.render.value import CUT, label, shown
from penstock.render.width import wrap

MAX_ITEMS = 3
"""So many items without a finding are shown; of more, only how many there are."""

_VERDICTS = {
    Verdict.FAILS: ("fails on", "error"),
    Verdict.FAULT: ("could not be evaluated on", "error"),
    Verdict.UNJUDGED: ("gives no verdict on", "warning"),
    Verdict.PASSES: ("passes on", "good"),
    Verdict.SKIPPED: ("does not apply to", "quiet"),
}
_ITEMS = {
    Verdict.FAILS: "fails",
    Verdict.FAULT: "could not be evaluated",
    Verdict.UNJUDGED: "has no verdict",
    Verdict.PASSES: "passes",
    Verdict.SKIPPED: "is left alone",
}
_ASKED_FIRST = frozenset({"stage", "forEach", "matchConditions"})
_COUNTED = {Verdict.PASSES: "passes", Verdict.SKIPPED: "is left alone by the match conditions"}
_COUNTED_MANY = {Verdict.PASSES: "pass", Verdict.SKIPPED: "are left alone by the match conditions"}


@dataclass(frozen=True, slots=True)
class Told:
    """An explanation with what the rollout says of the rule beside it."""

    explanation: Explanation
    as_of: str
    waivers: Sequence[Resource] = ()
    excused: Sequence[Excused] = ()
    """The findings that a check does not report."""
    checked: bool = True
    """Whether a check of the rollout applies the rule at all."""


def render(told: Told, *, color: bool = False, width: int = 100) -> str:
    """The verdict, its reason, and the tree of what was evaluated."""
    return paint(_lines(told, max(40, width)), color=color)


def _lines(told: Told, width: int) -> Iterator[Line]:
    explanation = told.explanation
    rule = explanation.policy.rule
    words, role = _VERDICTS[explanation.verdict]
    yield [
        (f"{visible(rule.id)} {visible(rule.name)}", "name"),
        (" ", ""),
        (words, role),
        (f" {visible(explanation.subject.id)}", "name"),
    ]
    where = place(explanation.subject.location(()))
    yield [(" --> ", "frame"), (f"{where}, as of {visible(told.as_of)}", "")]
    for text in (*_reasons(explanation), *_remarks(told)):
        for line in wrap(one_line(text), width - 2):
            yield [(f"  {line_start(line)}", "")]
    yield from draw(tuple(_branches(explanation)), width)


def _reasons(explanation: Explanation) -> Iterator[str]:
    """Why the verdict is what it is, in sentences."""
    rule = explanation.policy.rule
    for finding in explanation.findings:
        where = finding.location
        label = finding.severity.value
        if finding.rule != rule.id:
            # It is the policy that is at fault: the place to look at is in its file.
            label = f"{label} {finding.rule} in {', '.join(place(near.location) for near in finding.related)}"
        elif where.path_text:
            label = f"{label} at {where.path_text} ({place(where)})"
        yield f"{label}: {finding.message}"
    if not explanation.usable:
        yield _unusable(explanation)
    elif not explanation.compared:
        yield "the rule judges what a change has changed, and there is nothing to compare with"
    elif explanation.is_new:
        yield "the rule judges what a change has changed, and this manifest is new"
    elif explanation.verdict is Verdict.SKIPPED:
        yield _skipped(explanation)
    for error in _dangling(explanation):
        yield f"no verdict: {error}; a reference that leads nowhere is a finding of its own"


def _unusable(explanation: Explanation) -> str:
    resource = explanation.subject.resource
    if resource is not None and not resource.valid:
        return f"{resource.id} breaks its schema, which is a finding of its own; rules judge what satisfies it"
    if explanation.old_broken:
        return "the manifest broke its schema before the change: rules judge what satisfies it"
    return "the rule reads the Organization, and that breaks its schema, which is a finding of its own"


def _skipped(explanation: Explanation) -> str:
    policy, items = explanation.policy, explanation.items
    if not explanation.reached and policy.stage is not None:
        stages = " and ".join(_at_stage(one) for one in explanation.use_cases or ())
        got = stages or "it belongs to no use case, so it is at no stage"
        return f"{got}; the rule applies from {_first(policy.stage)} on"
    if not items:
        return "there is nothing in the list that the rule goes through"
    if policy.for_each is None:
        return f"the match condition {_unmet(policy, items[0])} is false"
    return f"none of the {count(len(items), 'item')} meets the match conditions"


def _dangling(explanation: Explanation) -> Iterator[str]:
    """The references on which a verdict waits; not those that only a message follows."""
    errors = [
        evaluated.error.message
        for judged in (explanation.before, *explanation.items)
        for path, evaluated in judged.evaluated.items()
        if evaluated.dangling and evaluated.error and _decides(path)
    ]
    if isinstance(explanation.stopped, UnresolvedReferenceError):
        errors.append(explanation.stopped.message)
    yield from dict.fromkeys(errors)


def _decides(path: Path) -> bool:
    return path[1] in _ASKED_FIRST or (path[1] == "validations" and path[-1] == "expression")


def _remarks(told: Told) -> Iterator[str]:
    rule = told.explanation.policy.rule
    if not told.checked:
        yield f"A check of this rollout leaves {rule.id} out: it is off or not selected."
    for waiver in told.waivers:
        until, reason = value_at(waiver.data, ("spec", "expiresOn")), value_at(waiver.data, ("spec", "reason"))
        excused = told.explanation.verdict is Verdict.FAILS
        effect = "does not report it" if excused else "would not report a finding"
        at = place(waiver.location(("metadata", "name")))
        yield f"{waiver.id} ({at}) waives it until {until}: {str(reason).rstrip('.')}. A check {effect}."
    for each in told.excused:
        excuse = each.excuse
        if excuse.kind is ExcuseKind.WAIVER:
            continue
        by = "a comment suppresses" if excuse.kind is ExcuseKind.SUPPRESSION else "the baseline lists"
        until = f" until {excuse.until}" if excuse.until else ""
        reason = f": {excuse.reason.rstrip('.')}" if excuse.reason else ""
        where = each.finding.location.path_text or "the manifest"
        yield f"At {where}, {by} it ({place(excuse.location)}){until}{reason}. A check does not report it."


def _branches(explanation: Explanation) -> Iterator[Branch]:
    policy = explanation.policy
    if not explanation.usable or not explanation.compared or explanation.is_new:
        return
    if policy.stage is not None:
        yield _stage(policy.stage, explanation)
    if policy.for_each is None:
        for item in explanation.items:
            yield from _judged(policy, item)
        return
    if explanation.reached and (explanation.stopped is None or explanation.before.of(policy.for_each.expression)):
        yield _list(explanation)
    yield from _items(explanation)


def _stage(gate: StageGate, explanation: Explanation) -> Branch:
    verdict: Segment = ("reached", "good") if explanation.reached else ("not reached", "warning")
    evaluated = explanation.before.of(gate.use_case)
    if explanation.use_cases is None:
        error = evaluated.error if evaluated else explanation.stopped
        verdict = (f"error: {one_line(error.message)}" if error else "not known", "error")
    below = tuple(Branch(_at_stage(one)) for one in explanation.use_cases or ())
    if evaluated is not None:
        below = (_expression("use case", evaluated), *below)
    return Branch(f"stage, from {_first(gate)} on", verdict, below, heads=True)


def _first(gate: StageGate) -> str:
    return next((stage for stage in STAGES if stage in gate.stages), "")


def _at_stage(use_case: object) -> str:
    return f"{shown(use_case)} is at {value_at(use_case, ('spec', 'stage'))}"


def _list(explanation: Explanation) -> Branch:
    for_each = explanation.policy.for_each
    assert for_each is not None  # its only caller asks
    size: Segment = (count(len(explanation.items), "item"), "")
    if for_each.expression is None:
        # The last step stands for the elements themselves.
        path = ".".join("*" if step is None else step for step in for_each.path[:-1])
        return Branch(f"for each of {visible(path)}", size, heads=True)
    evaluated = explanation.before.of(for_each.expression)
    if evaluated is None:
        return Branch("for each", size, heads=True)
    found = _expression("for each", evaluated)
    return found if evaluated.error else replace(found, value=size)


def _items(explanation: Explanation) -> Iterator[Branch]:
    """Those with findings first; the others when they are few, or else how many of them."""
    told = [item for item in explanation.items if item.verdict not in _COUNTED]
    rest = [item for item in explanation.items if item.verdict in _COUNTED]
    few = len(rest) <= MAX_ITEMS
    for item in (*told, *rest) if few else told:
        yield Branch(
            f"{_item_name(explanation, item)} {_ITEMS[item.verdict]}",
            below=tuple(_judged(explanation.policy, item)),
            role=_VERDICTS[item.verdict][1],
        )
    if not few:
        other = "other " if told else ""
        for verdict, number in sorted(
            Counter(item.verdict for item in rest).items(), key=lambda pair: pair[0].value
        ):
            words = (_COUNTED if number == 1 else _COUNTED_MANY)[verdict]
            yield Branch(f"{CUT} {count(number, other + 'item')} {words}", role="quiet")


def _item_name(explanation: Explanation, item: Judged) -> str:
    if item.path:
        return visible(path_text(explanation.subject.data, item.path))
    return f"item {label(item.item)}"


def _judged(policy: Policy, judged: Judged) -> Iterator[Branch]:
    """Match conditions, variables that were read, validations."""
    for name, condition in policy.conditions:
        yield _expression(f"match condition {visible(name)}", judged.of(condition), condition)
    if judged.verdict is Verdict.SKIPPED:
        return
    read = [(name, found) for name, each in policy.variables.items() if (found := judged.of(each))]
    if read:
        yield Branch("variables that were read", below=tuple(_variable(*each) for each in read))
    asked = not policy.conditions or all(
        (met := judged.of(each)) and met.value is True for _, each in policy.conditions
    )
    for number, validation in enumerate(policy.validations, 1):
        label = f"validation {number}" if len(policy.validations) > 1 else "validation"
        if asked:
            yield _expression(
                f"{label}, {_where(validation)}", judged.of(validation.expression), validation.expression
            )


def _where(validation: Validation) -> str:
    path = ("item", *validation.at.path) if validation.at.from_item else validation.at.path
    return f"at {visible(path_text(None, path))}" if path else "on the whole"


def _variable(name: str, evaluated: Evaluated) -> Branch:
    """A variable's value; of one that is a test, or has none, also how it comes about."""
    if evaluated.error is not None or isinstance(evaluated.value, bool):
        return _expression(visible(name), evaluated)
    return Branch(visible(name), of_value(evaluated.value))


def _expression(label: str, evaluated: Evaluated | None, expression: Expression | None = None) -> Branch:
    """An expression under its label: the value, the text, the parts."""
    if evaluated is None:
        text = source(expression.text) if expression else ""
        return Branch(label, said(None), details=(text,), heads=True)
    if evaluated.error is not None:
        value: Segment = (f"error: {one_line(evaluated.error.message)}", "error")
    else:
        text, role = of_value(evaluated.value)
        value = (text.removeprefix("= "), "error" if role == "warning" else role)
    below = parts(evaluated.traced) if evaluated.traced else ()
    return Branch(label, value, below, heads=True, details=(source(evaluated.expression.text),))


def _unmet(policy: Policy, judged: Judged) -> str:
    names = (name for name, each in policy.conditions if (met := judged.of(each)) and met.value is False)
    return visible(next(names, ""))
