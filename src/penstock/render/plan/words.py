"""What every format that people read says of a plan, in the same words: takes plain data, gives sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from penstock.model import STEPS, Finding
from penstock.plan import Action, Obstacle, Owner, Plan, Readiness, State, Step, UseCasePlan
from penstock.record import dataclass
from penstock.render.totals import count

LABELS = {
    State.DONE: "done",
    State.IN_PROGRESS: "in progress",
    State.BLOCKED: "blocked",
    State.NOT_DUE: "not due",
}
NO_USE_CASES = "There is nothing to plan for yet: `penstock new UseCase NAME` begins a use case."
_LAST_STAGES = ("production", "retired")
_FEW = 3
_OR_BACK = re.compile(r",? or move the use case back to (?:stage )?[a-z]+")


def heading(plan: Plan) -> str:
    """``Plan of acme as of 2026-11-20: 3 use cases``."""
    number = len(plan.use_cases)
    return f"Plan of {plan.rollout} as of {plan.as_of}: {count(number, 'use case') if number else 'no use case'}"


def shown_steps(case: UseCasePlan) -> tuple[Step, ...]:
    """The eleven steps, step 0 before them where it has something to say, step 12 behind them."""
    return tuple(step for step in case.steps if step.number > 0 or step.state is not State.DONE)


def step_remark(step: Step) -> str:
    """``blocked: LV201 (2) before pilot``; empty for a step that is done."""
    if step.state is State.DONE:
        return ""
    telling = [each for each in step.obstacles if each.blocking] or step.obstacles
    parts = [by_rule(telling)] if telling else []
    if step.note:
        parts.append(step.note)
    if step.state is State.IN_PROGRESS:
        days = [each.resolves_on for each in telling if each.blocking and each.resolves_on]
        parts += [f"passes on {max(days)}"] if days else []
    return f"{LABELS[step.state]}: {'; '.join(parts)}"


def by_rule(obstacles: Sequence[Obstacle]) -> str:
    """``LV104 today, LV102, LV201 (2) before pilot``."""
    parts = []
    for stage in sorted({each.stage or "" for each in obstacles}):
        rules = sorted(each.finding.rule for each in obstacles if (each.stage or "") == stage)
        named = (
            rule if rules.count(rule) == 1 else f"{rule} ({rules.count(rule)})" for rule in dict.fromkeys(rules)
        )
        parts.append(f"{', '.join(named)} {before(stage)}")
    return ", ".join(parts)


def before(stage: str | None) -> str:
    """``before pilot``; ``today`` for what is found as things are."""
    return f"before {stage}" if stage else "today"


def when(action: Action) -> str:
    """``before pilot, or wait until 2027-02-01``."""
    return before(action.stage) + (f", or wait until {action.resolves_on}" if action.resolves_on else "")


def said(obstacle: Obstacle) -> str:
    """What a check says of an obstacle; of one ahead, once the use case is there, and not to go back."""
    message = obstacle.finding.message
    return f"once at {obstacle.stage}: {_OR_BACK.sub('', message)}" if obstacle.stage else message


def name(case: UseCasePlan) -> str:
    """The use case's name, or a stand-in for it."""
    return case.name or "(without a name)"


def tally(case: UseCasePlan) -> str:
    """``8 of 11 steps done, 2 blocked, 1 not due``."""
    states = [step.state for step in case.framework]
    done = states.count(State.DONE)
    first = f"all {len(states)} steps done" if done == len(states) else f"{done} of {len(states)} steps done"
    others = ((states.count(state), LABELS[state]) for state in State if state is not State.DONE)
    return ", ".join([first, *(f"{number} {label}" for number, label in others if number)])


def not_due(case: UseCasePlan) -> str:
    """``Jevons audit (no HeadcountForecast to examine)``: the steps that are not due, when they are few."""
    waiting = [step for step in case.framework if step.state is State.NOT_DUE]
    return "; ".join(f"{STEPS[step.number]} ({step.note})" for step in waiting) if len(waiting) <= _FEW else ""


def brief(case: UseCasePlan) -> str:
    """What comes next for a use case, in a few words."""
    if not case.readiness:
        today = len(_today(case))
        return f"{count(today, 'finding')} to mend" if today else "nothing to mend"
    ready = case.readiness[-1]
    if ready.ready:
        return f"ready for {ready.stage}"
    if ready.unjudged and not ready.blockers:
        return f"{ready.stage} cannot be judged"
    if not ready.open:
        return f"{ready.stage} from {ready.earliest}"
    text = f"{ready.stage} blocked by {count(len(ready.blockers), 'finding')}"
    return f"{text}, not before {ready.earliest}" if ready.earliest else text


def prospects(case: UseCasePlan) -> list[str]:
    """What stands before each stage ahead, as sentences."""
    sentences = [_prospect(ready) for ready in case.readiness] or [_at_the_end(case)]
    if case.goes_live_on:
        earliest = max((ready.earliest for ready in case.readiness if ready.earliest), default="")
        late = f", which is before {earliest}" if earliest > case.goes_live_on else ""
        sentences.append(f"Its go-live is planned for {case.goes_live_on}{late}.")
    sentences += _meanwhile(case)
    return sentences


def _prospect(ready: Readiness) -> str:
    if ready.ready:
        return f"Ready for {ready.stage}: a check finds nothing against it today."
    if not ready.blockers:
        rules = count(len(ready.unjudged), "rule")
        return f"Not known whether ready for {ready.stage}: {rules} could not judge manifests that are broken."
    waits = listed(sorted({each.finding.rule for each in ready.blockers if each.resolves_on}))
    if not ready.open:
        return f"Ready for {ready.stage} from {ready.earliest} on, as far as is known: until then it is {waits}."
    steps = sorted({each.step for each in ready.blockers})
    where = f"step{'' if len(steps) == 1 else 's'} {listed(map(str, steps))}"
    blocked = f"Not ready for {ready.stage}: {count(len(ready.blockers), 'blocking finding')} in {where}"
    one = len(ready.open) == 1
    if ready.earliest:
        passing = len(ready.blockers) - len(ready.open)
        waiting = f"{passing} of which {'passes on' if passing == 1 else 'pass by'} {ready.earliest}"
        mended = f"the other{' is' if one else 's are'} mended"
        return f"{blocked}, {waiting}. Earliest {ready.earliest}, however soon {mended}, because of {waits}."
    return f"{blocked}. No date decides it: ready as soon as {'it is' if one else 'they are'} mended."


def _meanwhile(case: UseCasePlan) -> list[str]:
    """What fails a check before the earliest day of the last stage ahead, if nobody acts."""
    earliest = case.readiness[-1].earliest if case.readiness else None
    before_it = [each for each in case.upcoming if each.blocking and earliest is not None and each.on <= earliest]
    if not before_it:
        return []
    rules = listed(
        f"{rule} on {on}" for on, rule in dict.fromkeys((each.on, each.finding.rule) for each in before_it)
    )
    return [f"Before {earliest}, time alone brings {rules}: see what is coming up."]


def _at_the_end(case: UseCasePlan) -> str:
    today = len(_today(case))
    if case.stage not in _LAST_STAGES:
        return "Its manifest is broken, so nothing can be said of the stages ahead: mend it first."
    if today:
        return f"No stage follows {case.stage}, but a check fails today on {count(today, 'finding')}."
    return f"No stage follows {case.stage}, and no check fails on it today."


def _today(case: UseCasePlan) -> list[Obstacle]:
    return [each for step in case.steps for each in step.obstacles if each.blocking and each.stage is None]


def listed(words: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``; nothing for none."""
    *first, last = (*words,) or ("",)
    return f"{', '.join(first)} and {last}" if first else last


def who(owner: Owner) -> str:
    """``lee@acme.example, owner of DataSource/crm``, or the role and why nobody is named."""
    if owner.person is not None:
        return f"{owner.person}, {owner.capacity}"
    return f"{owner.capacity} (nobody is named{f': {owner.missing}' if owner.missing else ''})"


@dataclass(frozen=True, slots=True)
class Event:
    """What a later day brings: the findings of one rule that one owner takes care of, in whichever use cases."""

    on: str
    owner: Owner
    findings: tuple[Finding, ...]
    use_cases: tuple[str, ...]


def events(plan: Plan) -> tuple[Event, ...]:
    """What is coming up in the whole plan, by day; a finding on what use cases share is told once."""
    groups: dict[tuple[str, str, Owner], dict[Finding, list[str]]] = {}
    for case in plan.use_cases:
        for each in case.upcoming:
            found = groups.setdefault((each.on, each.finding.rule, each.owner), {})
            found.setdefault(each.finding, []).append(case.name)
    return tuple(
        Event(on, owner, tuple(found), tuple(dict.fromkeys(name for names in found.values() for name in names)))
        for (on, _, owner), found in sorted(groups.items(), key=lambda item: item[0][:2])
    )


def elsewhere(plan: Plan) -> str:
    """How many findings touch no use case; empty for none."""
    number = len(plan.elsewhere)
    if not number:
        return ""
    touch, them = ("touches", "it") if number == 1 else ("touch", "them")
    return f"{count(number, 'more finding')} {touch} no use case: `penstock check` shows {them}."
