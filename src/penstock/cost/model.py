"""What a projection is made of: lines, gaps, budgets, checks, savings. Frozen data only.

Amounts are figures, so each says its currency and how it came about. Whoever shows them decides on rounding.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Literal

from penstock.cost.figures import Figure
from penstock.manifest.resource import Resource
from penstock.model import Path
from penstock.record import dataclass

Status = Literal["running", "planned"]
"""running: stage pilot or production. planned: assess or prepare. A retired use case is not projected."""
Payer = Literal["it", "line-of-business", "not stated", "no budget"]
Verdict = Literal["within", "over", "unknown"]
CheckKind = Literal["per-query", "per-run", "per-period", "soft", "allocation", "worst-case", "forecast", "notice"]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The numbers that rules LV503 and LV409 judge by: their parameters, here with the same defaults."""

    min_reliability: Fraction = Fraction(95, 100)
    warn_percent: Fraction = Fraction(3)
    fail_percent: Fraction = Fraction(7)


@dataclass(frozen=True, slots=True)
class Case:
    """One use case as the projection sees it."""

    resource: Resource
    stage: str
    status: Status
    starts_on: date | None
    """The first day that costs anything in the calendar; None when nothing says so."""
    workflow: str
    business_unit: str

    @property
    def name(self) -> str:
        return self.resource.name


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier with a price: that of its primary model."""

    resource: Resource
    level: str
    """frontier, mid, small or open-source."""
    model: str
    currency: str
    input_price: Figure
    output_price: Figure

    @property
    def name(self) -> str:
        return self.resource.name


@dataclass(frozen=True, slots=True)
class Line:
    """What one task costs."""

    case: Case
    task: str
    path: Path
    """The task in its use case."""
    team: str
    tier: Tier
    runs: Figure
    """Runs in each ``per``."""
    per: Figure
    """The period of the volume, in years."""
    queries: Figure | None
    """Queries in a run; None when that is not stated."""
    input_tokens: Figure
    output_tokens: Figure
    per_run: Figure
    per_query: Figure | None
    per_month: Figure
    per_year: Figure

    @property
    def currency(self) -> str:
        return self.tier.currency

    @property
    def name(self) -> str:
        return f"{self.case.name}/{self.task}"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing, so that a cost is unknown. Never taken for zero."""

    case: Case
    task: str
    """Empty where it is about the use case as a whole."""
    team: str
    message: str
    """What is missing and what to do: ``no volume; state runs and per``."""
    resource: Resource
    path: Path
    """The field to fill in."""

    @property
    def name(self) -> str:
        return f"{self.case.name}/{self.task}" if self.task else self.case.name


@dataclass(frozen=True, slots=True)
class Owner:
    """Who pays."""

    payer: Payer
    cost_center: str = ""
    accountable: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """One TokenBudget of a use case that is projected."""

    resource: Resource
    case: Case
    owner: Owner
    currency: str
    duration: str
    """As written: ``P1M``."""
    period: Figure
    """Its length in years."""
    moves_after: date | None
    """The last day on which IT pays, for an IT budget with a date to migrate by."""
    moves_to: Owner | None


@dataclass(frozen=True, slots=True)
class Check:
    """A projected amount beside one that a budget states."""

    kind: CheckKind
    budget: Budget
    subject: str
    """The task or allocation it is about; empty for the use case."""
    projected: Figure | None
    """In the budget's currency; None when it cannot be known."""
    limit: Figure
    verdict: Verdict
    share: Fraction | None
    """Projected through limit; None for a limit of zero or an unknown projection."""
    at_least: bool
    """Whether something that belongs to it is not projected, so that it can only be more."""
    reason: str = ""
    """Why the verdict is unknown."""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.budget.resource.name, self.kind, self.subject


@dataclass(frozen=True, slots=True)
class Saving:
    """What a task would save on a cheaper tier."""

    line: Line
    tier: Tier
    per_month: Figure | None
    """In the currency of the task's present tier; None where the two currencies cannot be compared."""
    per_year: Figure | None
    best: bool
    """Whether no other tier saves the task more."""
    asked_by_rule: bool
    """Whether LV503 asks for it: the task is on a frontier tier, and this one is not."""
    keeps_review: bool
    """Whether accountability is regulated, so that a person goes on reviewing every result."""


@dataclass(frozen=True, slots=True)
class MonthCost:
    """What one task costs one payer in one month of the calendar."""

    month: str
    starts_on: date
    ends_on: date
    """The day behind the last."""
    line: Line
    owner: Owner
    cost: Figure


@dataclass(frozen=True, slots=True)
class Revenue:
    """What IT owns, beside the annual revenue."""

    revenue: Figure
    projected: Figure
    """A year of what IT-owned budgets pay for, in the revenue's currency."""
    ceilings: Figure
    """A year of the ceilings of IT-owned budgets."""
    projected_percent: Fraction
    ceilings_percent: Fraction
    at_least: bool
    left_out: tuple[str, ...]
    """Amounts that cannot be converted, each with why."""


@dataclass(frozen=True, slots=True)
class Converted:
    """The totals of every currency as one amount."""

    currency: str
    per_month: Figure
    per_year: Figure
    rates: tuple[tuple[str, Figure, str], ...]
    """The currencies converted, each with its rate and the day the rate was stated (or nothing)."""
    left_out: tuple[str, ...]
    """Currencies without a rate."""
