"""A projection as JSON, by the published schema ``cost/v1``.

Every key is always present, in one order; what does not apply is null or empty. Numbers are strings of digits, so
that no reader makes floats of them; ``cost_amounts.decimal`` says when they are rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from penstock.cost.comparing import Change, Comparison
from penstock.cost.figures import Figure
from penstock.cost.grouping import Block, blocks, owner_now
from penstock.cost.model import Case, Check, Converted, Gap, Line, MonthCost, Owner, Revenue, Saving
from penstock.cost.projection import Projection
from penstock.manifest.resource import Resource
from penstock.model import Path
from penstock.render.cost.amounts import decimal
from penstock.render.cost.view import View
from penstock.render.json import location
from penstock.render.serialize import json_text

API_VERSION = "cost/v1"


def render(view: View) -> str:
    """The view as JSON, two spaces deep, with a final newline."""
    projection = view.projection
    by_month = view.by == "month"
    return json_text(
        {
            "apiVersion": API_VERSION,
            "tool": {"name": "penstock", "version": view.version},
            "rollout": projection.rollout,
            "asOf": projection.as_of.isoformat(),
            "by": view.by,
            "complete": projection.complete,
            "useCases": [_case(projection, case) for case in projection.cases],
            "retired": list(projection.retired),
            "currencies": [_block(block) for block in blocks(projection, "use-case" if by_month else view.by)],
            "months": [_month(each) for each in projection.months] if by_month else [],
            "converted": _converted(projection.converted) if projection.converted else None,
            "tasks": [_line(line) for line in projection.lines],
            "notProjected": [_gap(gap) for gap in projection.gaps],
            "limits": [_check(check) for check in projection.checks],
            "savings": [_saving(saving) for saving in projection.savings],
            "revenue": _revenue(projection.revenue) if projection.revenue else None,
            "whatIf": _comparison(view.comparison) if view.comparison else None,
            "explained": [_figure(figure) for figure in view.explained],
            "notes": list(projection.notes),
        }
    )


def _amount(figure: Figure | None) -> str | None:
    return None if figure is None else decimal(figure.value)


def _place(resource: Resource, path: Path) -> dict[str, Any]:
    return location(resource.location(path))


def _owner(owner: Owner) -> dict[str, Any]:
    return {
        "payer": owner.payer,
        "costCenter": owner.cost_center or None,
        "accountable": owner.accountable or None,
    }


def _case(projection: Projection, case: Case) -> dict[str, Any]:
    return {
        "name": case.name,
        "workflow": case.workflow,
        "businessUnit": case.business_unit,
        "stage": case.stage,
        "status": case.status,
        "startsOn": case.starts_on.isoformat() if case.starts_on else None,
        "budgets": [budget.resource.name for budget in projection.budgets.get(case.name, ())],
        "owner": _owner(owner_now(projection, case.name, projection.as_of)),
    }


def _block(block: Block) -> dict[str, Any]:
    return {
        "currency": block.currency,
        "perMonth": _amount(block.per_month),
        "perYear": _amount(block.per_year),
        "running": _span(block.running),
        "planned": _span(block.planned),
        "rows": [
            {
                "key": row.key,
                "detail": row.detail or None,
                "perMonth": _amount(row.per_month),
                "perYear": _amount(row.per_year),
                "tasks": row.tasks,
                "notProjected": row.missing,
            }
            for row in block.rows
        ],
    }


def _span(pair: Sequence[Figure]) -> dict[str, Any]:
    return {"perMonth": _amount(pair[0]), "perYear": _amount(pair[1])}


def _month(each: MonthCost) -> dict[str, Any]:
    return {
        "month": each.month,
        "startsOn": each.starts_on.isoformat(),
        "endsBefore": each.ends_on.isoformat(),
        "useCase": each.line.case.name,
        "task": each.line.task,
        "owner": _owner(each.owner),
        "currency": each.line.currency,
        "cost": _amount(each.cost),
    }


def _converted(found: Converted) -> dict[str, Any]:
    return {
        "currency": found.currency,
        "perMonth": _amount(found.per_month),
        "perYear": _amount(found.per_year),
        "rates": [
            {"currency": currency, "rate": _amount(rate), "statedOn": day or None}
            for currency, rate, day in found.rates
        ],
        "leftOut": list(found.left_out),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "useCase": line.case.name,
        "task": line.task,
        "team": line.team,
        "tier": line.tier.name,
        "model": line.tier.model,
        "currency": line.currency,
        "runs": _amount(line.runs),
        "per": line.per.written,
        "queriesPerRun": _amount(line.queries),
        "inputTokens": _amount(line.input_tokens),
        "outputTokens": _amount(line.output_tokens),
        "inputPrice": _amount(line.tier.input_price),
        "outputPrice": _amount(line.tier.output_price),
        "perQuery": _amount(line.per_query),
        "perRun": _amount(line.per_run),
        "perMonth": _amount(line.per_month),
        "perYear": _amount(line.per_year),
        "location": _place(line.case.resource, line.path),
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "useCase": gap.case.name,
        "task": gap.task or None,
        "message": gap.message,
        "location": _place(gap.resource, gap.path),
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "useCase": check.budget.case.name,
        "budget": check.budget.resource.name,
        "kind": check.kind,
        "subject": check.subject or None,
        "period": check.budget.duration,
        "currency": check.budget.currency,
        "projected": _amount(check.projected),
        "limit": _amount(check.limit),
        "share": None if check.share is None else decimal(check.share),
        "atLeast": check.at_least,
        "verdict": check.verdict,
        "reason": check.reason or None,
    }


def _saving(saving: Saving) -> dict[str, Any]:
    return {
        "useCase": saving.line.case.name,
        "task": saving.line.task,
        "from": saving.line.tier.name,
        "to": saving.tier.name,
        "currency": saving.line.currency,
        "perMonth": _amount(saving.per_month),
        "perYear": _amount(saving.per_year),
        "best": saving.best,
        "askedByRule": saving.asked_by_rule,
        "keepsReview": saving.keeps_review,
    }


def _revenue(revenue: Revenue) -> dict[str, Any]:
    return {
        "currency": revenue.revenue.unit,
        "annualRevenue": _amount(revenue.revenue),
        "projectedPerYear": _amount(revenue.projected),
        "projectedPercent": decimal(revenue.projected_percent),
        "ceilingsPerYear": _amount(revenue.ceilings),
        "ceilingsPercent": decimal(revenue.ceilings_percent),
        "atLeast": revenue.at_least,
        "leftOut": list(revenue.left_out),
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "changes": list(comparison.texts),
        "totals": [_change(change) for change in comparison.totals],
        "rows": [_change(change) for change in comparison.rows],
        "together": _change(comparison.together) if comparison.together else None,
        "crossings": [
            {
                "useCase": crossing.after.budget.case.name,
                "budget": crossing.after.budget.resource.name,
                "kind": crossing.after.kind,
                "subject": crossing.after.subject or None,
                "before": crossing.before.verdict,
                "after": crossing.after.verdict,
            }
            for crossing in comparison.crossings
        ],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "currency": change.currency,
        "key": change.key or None,
        "before": _span(change.before),
        "after": _span(change.after),
        "difference": _span(change.difference),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "name": figure.name,
        "value": _amount(figure),
        "exact": f"{figure.value.numerator}/{figure.value.denominator}",
        "unit": figure.unit or None,
        "how": figure.how,
        "written": figure.written or None,
        "location": _place(figure.resource, figure.path) if figure.resource else None,
        "parts": [_figure(part) for part in figure.parts],
    }
