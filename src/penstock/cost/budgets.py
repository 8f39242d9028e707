"""Token budgets: whose they are, now and after they have moved to the line of business.

Takes the fields of a rollout and its use cases. Must not know what anything costs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from penstock.cost.fields import Fields
from penstock.cost.model import Budget, Case, Owner, Payer
from penstock.manifest.resource import Resource

NO_BUDGET = Owner("no budget")


def budgets_of(fields: Fields, cases: Iterable[Case]) -> dict[str, tuple[Budget, ...]]:
    """The valid budgets of each use case, in file order; use cases without one are left out."""
    by_name = {case.name: case for case in cases}
    found: dict[str, tuple[Budget, ...]] = {}
    for resource in fields.valid("TokenBudget"):
        case = by_name.get(fields.text(resource, ("spec", "useCase")) or "")
        budget = _budget(fields, resource, case) if case else None
        if budget is not None:
            found[budget.case.name] = (*found.get(budget.case.name, ()), budget)
    return found


def owner_of(fields: Fields, resource: Resource) -> Owner:
    """Who owns a budget as its manifest says now."""
    given = fields.text(resource, ("spec", "owner", "budget"))
    payers: Mapping[str | None, Payer] = {"it": "it", "line-of-business": "line-of-business"}
    return Owner(
        payers.get(given, "not stated"),
        fields.text(resource, ("spec", "owner", "costCenter")) or "",
        fields.text(resource, ("spec", "owner", "accountable")) or "",
    )


def payer_on(budgets: tuple[Budget, ...], day: date, as_of: date) -> Owner:
    """Who pays for a use case on a day.

    The first budget counts where there are several. One that should have moved before the as-of date and has not
    is still IT's: the manifest says so.
    """
    if not budgets:
        return NO_BUDGET
    budget = budgets[0]
    if budget.moves_to is None or budget.moves_after is None or budget.moves_after < as_of:
        return budget.owner
    return budget.owner if day <= budget.moves_after else budget.moves_to


def is_overdue(budget: Budget, as_of: date) -> bool:
    """Whether IT still pays although the line of business should."""
    return budget.moves_after is not None and budget.moves_after < as_of


def _budget(fields: Fields, resource: Resource, case: Case) -> Budget | None:
    currency = fields.text(resource, ("spec", "currency"))
    period = fields.period(resource, ("spec", "budgetDuration"))
    if currency is None or period is None:
        return None
    owner = owner_of(fields, resource)
    by = fields.day(resource, ("spec", "migration", "by")) if owner.payer == "it" else None
    center = fields.text(resource, ("spec", "migration", "costCenter")) or ""
    moved = Owner("line-of-business", center) if by else None
    return Budget(resource, case, owner, currency, period.written, period, by, moved)
