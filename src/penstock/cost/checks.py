"""Budgets beside what is projected: every ceiling, allocation, forecast and notice.

Takes a budget, the lines and gaps of its use case and the rates; gives checks in the order of the manifest. An
incomplete projection can break a limit, but never shows that one holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from penstock.cost.fields import Fields
from penstock.cost.figures import Figure, product, total
from penstock.cost.model import Budget, Check, CheckKind, Gap, Line, Verdict
from penstock.cost.periods import in_words
from penstock.cost.rates import Rates, convert, missing_rate
from penstock.cost.tasks import cost_in, runs_in, volumes_of
from penstock.record import dataclass


@dataclass(frozen=True, slots=True)
class _Judge:
    """One budget with what belongs to it."""

    fields: Fields
    budget: Budget
    lines: Sequence[Line]
    gaps: Sequence[Gap]
    rates: Rates

    def limit(self, name: str, label: str) -> Figure | None:
        return self.fields.number(self.budget.resource, ("spec", name), label, self.budget.currency)

    def in_period(self, line: Line) -> Figure:
        """What a line costs in the budget's period, in its own currency."""
        return cost_in(line, self.budget.period, f"cost of {line.task} in a {in_words(self.budget.duration)}")

    def together(self, lines: Sequence[Line], name: str) -> Figure | str:
        """What lines cost in the budget's period and currency, or why that cannot be said."""
        parts = []
        for line in lines:
            amount = convert(self.rates, self.in_period(line), line.currency, self.budget.currency)
            if amount is None:
                return missing_rate(self.rates, line.currency, self.budget.currency)
            parts.append(amount)
        return total(name, self.budget.currency, parts)

    def check(
        self, kind: CheckKind, limit: Figure, projected: Figure | str, *, subject: str = "", gaps: int = 0
    ) -> Check:
        """The verdict on one limit."""
        if isinstance(projected, str):
            return Check(kind, self.budget, subject, None, limit, "unknown", None, gaps > 0, projected)
        verdict: Verdict = "over" if projected.value > limit.value else "unknown" if gaps else "within"
        reason = f"{gaps} {'task is' if gaps == 1 else 'tasks are'} not projected" if gaps else ""
        share = projected.value / limit.value if limit.value else None
        return Check(kind, self.budget, subject, projected, limit, verdict, share, gaps > 0, reason)

    def missing(self, gaps: Sequence[Gap]) -> int:
        return len({gap.task for gap in gaps})


def checks_of(
    fields: Fields, budget: Budget, lines: Sequence[Line], gaps: Sequence[Gap], rates: Rates
) -> Iterator[Check]:
    """Every check of one budget."""
    judge = _Judge(fields, budget, lines, gaps, rates)
    yield from _per_run(judge)
    yield from _per_period(judge)
    yield from _allocations(judge)
    yield from _notices(judge)


def _per_run(judge: _Judge) -> Iterator[Check]:
    per_query = judge.limit("maxPerQuery", "ceiling of a query")
    per_run = judge.limit("maxPerRun", "ceiling of a run")
    for line in judge.lines:
        if per_query is not None:
            cost = line.per_query
            found = _or_reason(judge, line, cost) if cost else f"volume.queriesPerRun of {line.task} is not stated"
            yield judge.check("per-query", per_query, found, subject=line.task)
        if per_run is not None:
            yield judge.check("per-run", per_run, _or_reason(judge, line, line.per_run), subject=line.task)


def _or_reason(judge: _Judge, line: Line, cost: Figure) -> Figure | str:
    amount = convert(judge.rates, cost, line.currency, judge.budget.currency)
    return amount if amount is not None else missing_rate(judge.rates, line.currency, judge.budget.currency)


def _per_period(judge: _Judge) -> Iterator[Check]:
    gaps = judge.missing(judge.gaps)
    period = in_words(judge.budget.duration)
    projected = judge.together(judge.lines, f"cost of {judge.budget.case.name} in a {period}")
    ceiling = judge.limit("maxBudget", f"ceiling of a {period}")
    soft = judge.limit("softBudget", f"soft ceiling of a {period}")
    per_run = judge.limit("maxPerRun", "ceiling of a run")
    if ceiling is not None:
        yield judge.check("per-period", ceiling, projected, gaps=gaps)
    if soft is not None:
        yield judge.check("soft", soft, projected, gaps=gaps)
    if ceiling is not None and per_run is not None:
        yield _worst_case(judge, ceiling, per_run)
    path = ("spec", "forecast", "amount")
    forecast = judge.fields.number(judge.budget.resource, path, f"forecast of a {period}", judge.budget.currency)
    if forecast is not None:
        yield judge.check("forecast", forecast, projected, gaps=gaps)


def _worst_case(judge: _Judge, ceiling: Figure, per_run: Figure) -> Check:
    """What a period costs when every run costs all that it may: no price is needed for that."""
    budget = judge.budget
    volumes = list(volumes_of(judge.fields, budget.case)) if budget.case.resource.valid else [("", None)]
    at_most = [
        product(f"{task} at its ceiling", budget.currency, runs_in(*volume, budget.period), per_run)
        for task, volume in volumes
        if volume is not None
    ]
    name = f"every run of a {in_words(budget.duration)} at its ceiling"
    unknown = sum(volume is None for _, volume in volumes)
    return judge.check("worst-case", ceiling, total(name, budget.currency, at_most), gaps=unknown)


@dataclass(frozen=True, slots=True)
class _Share:
    """An allocation, or those of the same task together."""

    names: tuple[str, ...]
    task: str | None
    team: str | None
    amounts: tuple[Figure, ...]

    @property
    def name(self) -> str:
        return " and ".join(self.names)

    def covers(self, of: Line | Gap, allotted: Collection[str | None]) -> bool:
        """Whether it is for a task; ``allotted`` are the tasks with an allocation of their own."""
        if self.task is not None:
            return of.task == self.task
        return of.task not in allotted and self.team in (None, of.team)


def _allocations(judge: _Judge) -> Iterator[Check]:
    """Each allocation beside its share of the projection.

    One without a task is for what its team does, or all teams do, outside the tasks that have one of their own.
    """
    shares = _shares(judge)
    allotted = {share.task for share in shares}
    for share in shares:
        single = len(share.amounts) == 1
        limit = share.amounts[0] if single else total(share.name, judge.budget.currency, share.amounts)
        lines = [line for line in judge.lines if share.covers(line, allotted)]
        projected = judge.together(lines, f"cost of what allocation {share.name} is for")
        gaps = judge.missing([gap for gap in judge.gaps if share.covers(gap, allotted)])
        yield judge.check("allocation", limit, projected, subject=share.name, gaps=gaps)


def _shares(judge: _Judge) -> list[_Share]:
    """The allocations in their order, those of the same task as one in the place of the first."""
    resource, found = judge.budget.resource, dict[object, _Share]()
    for path, _ in judge.fields.elements(resource, ("spec", "allocations")):
        name, task, team = (judge.fields.text(resource, (*path, key)) for key in ("name", "task", "team"))
        amount = judge.fields.number(resource, (*path, "amount"), f"allocation {name}", judge.budget.currency)
        if name is None or amount is None:
            continue
        key = ("task", task) if task is not None else ("name", name)
        before = found.get(key)
        names, amounts = (before.names, before.amounts) if before else ((), ())
        found[key] = _Share((*names, name), task, team, (*amounts, amount))
    return list(found.values())


def _notices(judge: _Judge) -> Iterator[Check]:
    """The amount that each audience was shown last."""
    resource = judge.budget.resource
    newest: dict[str, tuple[str, Figure]] = {}
    for path, element in judge.fields.elements(resource, ("spec", "notices")):
        audience, shown = str(element.get("audience")), str(element.get("shownOn"))
        label = f"amount shown to the {audience} on {shown}"
        figure = judge.fields.number(resource, (*path, "amount"), label, judge.budget.currency)
        if figure is not None and shown >= newest.get(audience, ("", figure))[0]:
            newest[audience] = (shown, figure)
    period = in_words(judge.budget.duration)
    projected = judge.together(judge.lines, f"cost of {judge.budget.case.name} in a {period}")
    for audience, (_, figure) in newest.items():
        yield judge.check("notice", figure, projected, subject=audience, gaps=judge.missing(judge.gaps))
