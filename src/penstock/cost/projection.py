"""A rollout to its projection: the one way in.

Takes a loaded rollout, a date, and what was asked for; puts together what the other modules work out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from penstock.cost.budgets import budgets_of, is_overdue
from penstock.cost.calendar import calendar
from penstock.cost.checks import checks_of
from penstock.cost.fields import Fields, Place
from penstock.cost.figures import Figure
from penstock.cost.model import (
    Budget,
    Case,
    Check,
    Converted,
    Gap,
    Line,
    MonthCost,
    Revenue,
    Saving,
    Thresholds,
)
from penstock.cost.peeling import savings_of
from penstock.cost.periods import months_from
from penstock.cost.rates import Rates, converted, rates_of
from penstock.cost.revenue import revenue_line
from penstock.cost.tasks import case_of, lines_of
from penstock.errors import UsageError
from penstock.manifest import wording
from penstock.manifest.rollout import Rollout
from penstock.record import dataclass, field


@dataclass(frozen=True, slots=True)
class Projection:
    """What a rollout is projected to cost."""

    rollout: str
    as_of: date
    thresholds: Thresholds
    lines: tuple[Line, ...]
    gaps: tuple[Gap, ...]
    cases: tuple[Case, ...]
    """The use cases that are projected, in file order: those asked for, but for retired ones."""
    retired: tuple[str, ...]
    budgets: Mapping[str, tuple[Budget, ...]]
    """By use case."""
    rates: Rates
    checks: tuple[Check, ...]
    savings: tuple[Saving, ...]
    months: tuple[MonthCost, ...]
    converted: Converted | None
    revenue: Revenue | None
    """None where no revenue is stated, or only some use cases were asked for."""
    notes: tuple[str, ...]
    """What the reader must know about the whole, as sentences."""
    calendar: tuple[str, ...] = ()
    """The months of the calendar that were asked for, also those in which nothing costs anything."""
    partial: bool = field(default=False)
    """Whether only some use cases were asked for."""

    @property
    def complete(self) -> bool:
        """Whether every task of every use case has a cost."""
        return not self.gaps

    @property
    def currencies(self) -> tuple[str, ...]:
        return tuple(sorted({line.currency for line in self.lines}))


def project(
    rollout: Rollout,
    as_of: date,
    *,
    use_cases: Collection[str] = (),
    thresholds: Thresholds | None = None,
    months: int = 12,
    overlay: Mapping[Place, Figure | str] = MappingProxyType({}),
) -> Projection:
    """Project the use cases named, or all of them.

    Raises:
        UsageError: there is no use case of a name.
    """
    check_names(rollout, use_cases)
    thresholds = thresholds or Thresholds()
    fields = Fields(rollout, overlay)
    chosen = [each for each in rollout.of_kind("UseCase") if not use_cases or each.name in use_cases]
    every = [case_of(fields, resource, as_of) for resource in chosen]
    cases = [case for case in every if case.stage != "retired"]
    found = [each for case in cases for each in lines_of(fields, case)]
    lines = tuple(each for each in found if isinstance(each, Line))
    gaps = tuple(each for each in found if isinstance(each, Gap))
    budgets = budgets_of(fields, cases)
    rates = rates_of(fields)
    revenue = None if use_cases else revenue_line(fields, lines, gaps, budgets, rates)
    return Projection(
        rollout=rollout.name,
        as_of=as_of,
        thresholds=thresholds,
        lines=lines,
        gaps=gaps,
        cases=tuple(cases),
        retired=tuple(case.name for case in every if case.stage == "retired"),
        budgets=budgets,
        rates=rates,
        checks=tuple(_checks(fields, budgets, lines, gaps, rates)),
        savings=savings_of(fields, lines, rates, thresholds),
        months=tuple(calendar(lines, budgets, as_of, months)),
        converted=converted(rates, lines),
        revenue=revenue,
        notes=tuple(_notes(fields, cases, budgets, lines, as_of)),
        calendar=tuple(str(month) for month in months_from(as_of, months)),
        partial=bool(use_cases),
    )


def check_names(rollout: Rollout, use_cases: Collection[str]) -> None:
    """Every name is that of a use case.

    Raises:
        UsageError: one is not.
    """
    known = rollout.names("UseCase")
    for name in use_cases:
        if name not in known:
            near = wording.did_you_mean(name, known)
            hint = f"it has {wording.listing(known)}" if known else "it has none"
            message = f"the rollout {rollout.name} has no use case {wording.name(name)}{near}"
            raise UsageError(message, hint=hint)


def _checks(
    fields: Fields,
    budgets: Mapping[str, tuple[Budget, ...]],
    lines: Sequence[Line],
    gaps: Sequence[Gap],
    rates: Rates,
) -> list[Check]:
    by_case: dict[str, tuple[list[Line], list[Gap]]] = {name: ([], []) for name in budgets}
    for line in lines:
        by_case.get(line.case.name, ([], []))[0].append(line)
    for gap in gaps:
        by_case.get(gap.case.name, ([], []))[1].append(gap)
    return [
        check
        for name, found in budgets.items()
        for budget in found
        for check in checks_of(fields, budget, *by_case[name], rates)
    ]


def _notes(
    fields: Fields,
    cases: Sequence[Case],
    budgets: Mapping[str, tuple[Budget, ...]],
    lines: Sequence[Line],
    as_of: date,
) -> list[str]:
    notes = []
    unread = fields.rollout.unread
    if unread:
        notes.append(f"Not everything could be read: {', '.join(unread)}. `penstock check` says why.")
    broken = [
        each.id
        for kind in ("TokenBudget", "Organization")
        for each in fields.rollout.of_kind(kind)
        if not each.valid
    ]
    if broken:
        notes.append(
            f"Left out, as they do not satisfy their schemas: {', '.join(broken)}. `penstock check` says why."
        )
    for name, found in budgets.items():
        if len(found) > 1:
            listed = ", ".join(budget.resource.name for budget in found)
            notes.append(f"{name} has several budgets ({listed}): each is checked, and the first one pays.")
        if is_overdue(found[0], as_of):
            notes.append(
                f"The budget {found[0].resource.name} was to move from IT to the line of business by "
                f"{found[0].moves_after}; its manifest still says IT, so IT goes on paying in every month."
            )
    costed = {line.case.name for line in lines}
    undated = [case.name for case in cases if case.starts_on is None and case.name in costed]
    notes += [
        f"{name} has no go-live date (spec.goLiveOn): no month of the calendar has its cost." for name in undated
    ]
    return notes
