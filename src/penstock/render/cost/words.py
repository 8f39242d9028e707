"""What several formats say of costs, in the same words: payers, checks, verdicts, headings.

Takes what a projection is made of; gives plain text, safe to show once it is made visible.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from penstock.cost.comparing import Change, Crossing
from penstock.cost.model import Check, Gap, Revenue, Saving, Thresholds
from penstock.cost.periods import in_words
from penstock.cost.projection import Projection
from penstock.record import replace
from penstock.render.cost.amounts import money, number, percent, rounded, signed

PAYERS = {
    "it": "IT",
    "line-of-business": "Line of business",
    "not stated": "Owner not stated",
    "no budget": "No budget",
}
AUDIENCES = {"cfo": "the CFO", "cmo": "the CMO", "line-of-business-head": "the line of business"}
BY = {
    "use-case": "Use case",
    "team": "Team",
    "task": "Task",
    "workflow": "Workflow",
    "cost-owner": "Cost owner",
    "month": "Month",
    "tier": "Tier",
}
DETAILS = {
    "use-case": "Stage",
    "task": "Tier",
    "workflow": "Use case",
    "cost-owner": "Accountable",
    "tier": "Primary model",
}


def row_name(key: str, by: str) -> str:
    """A row's key as people read it: ``IT GIT-7002`` for a payer."""
    if by != "cost-owner":
        return key
    for payer, words in PAYERS.items():
        if key == payer or key.startswith(f"{payer} "):
            return words + key[len(payer) :]
    return key


def check_name(check: Check) -> str:
    """What a limit is for: ``month``, ``run of flag-risks``, ``allocation concepts``."""
    period = in_words(check.budget.duration)
    return {
        "per-query": f"query of {check.subject}",
        "per-run": f"run of {check.subject}",
        "per-period": period,
        "soft": f"{period}, soft",
        "worst-case": f"{period}, worst case",
        "forecast": f"{period}, forecast",
        "allocation": f"allocation {check.subject}",
        "notice": f"{period}, shown to {audiences([check.subject])}",
    }[check.kind]


def together(checks: Iterable[Check]) -> list[Check]:
    """The checks, those of audiences that were shown the same amount as one, in the place of the first."""
    found: dict[object, list[Check]] = {}
    for check in checks:
        same = (check.budget.resource.name, check.limit.value) if check.kind == "notice" else id(check)
        found.setdefault(same, []).append(check)
    return [
        replace(same[0], subject=audiences([check.subject for check in same])) if len(same) > 1 else same[0]
        for same in found.values()
    ]


def audiences(names: Sequence[str]) -> str:
    """``the CFO and the line of business``."""
    return " and ".join(AUDIENCES.get(name, name) for name in names)


def verdict(check: Check) -> str:
    """``within``, ``over by 12.00``, ``not known``; for a forecast or notice, how far it is off."""
    if check.verdict == "unknown":
        return "not known"
    if check.kind in ("forecast", "notice"):
        if check.share is None:
            return "within" if check.verdict == "within" else "above"
        off = abs(check.share - 1)
        return "exact" if not off else f"{percent(off)} {'above' if check.share > 1 else 'below'}"
    if check.verdict == "over" and check.projected is not None:
        return f"over by {money(check.projected.value - check.limit.value)}"
    return check.verdict


def together_words(change: Change, per: str) -> str:
    """``All in USD: 294.32 before, 135.88 after, -158.44 a month (-53.8 %).``"""
    at = 0 if per == "month" else 1
    before, after, off = (pair[at].value for pair in (change.before, change.after, change.difference))
    share = f" ({percent(off / before)})" if before else ""
    return f"All in {change.currency}: {money(before)} before, {money(after)} after, {signed(off)} a {per}{share}."


def crossing_words(crossing: Crossing) -> str:
    """What a what-if did to a limit: ``now exceeded``, ``now holds``."""
    check = crossing.after
    beyond = "exceeded" if is_limit(check) else "above"
    if check.verdict == "over":
        return f"now {beyond}"
    if check.verdict == "unknown":
        was_over = crossing.before.verdict == "over"
        return f"no longer {beyond}, as far as known" if was_over else "no longer known"
    return "now holds" if is_limit(check) else f"no longer {beyond}"


def is_limit(check: Check) -> bool:
    """Whether it may not be exceeded; a forecast and what was shown are expectations."""
    return check.kind not in ("forecast", "notice")


def expectations(checks: Iterable[Check]) -> list[Check]:
    """The checks that are no limits; audiences that were shown the same amount count once."""
    return together(check for check in checks if not is_limit(check))


def tally(projection: Projection) -> str:
    """``26 limits: 24 hold, 1 is exceeded, 1 is not known; 2 expectations: 1 is kept, 1 is exceeded``."""
    limits = [check for check in projection.checks if is_limit(check)]
    expected = expectations(projection.checks)
    said = [_tally("limit", limits, ("holds", "hold"))] if limits else []
    said += [_tally("expectation", expected, ("is kept", "are kept"))] if expected else []
    return "; ".join(said)


def _tally(noun: str, checks: Sequence[Check], kept: tuple[str, str]) -> str:
    words = {
        "within": kept,
        "over": ("is exceeded", "are exceeded"),
        "unknown": ("is not known", "are not known"),
    }
    counts = [(name, sum(check.verdict == name for check in checks)) for name in words]
    said = ", ".join(f"{count} {words[name][count != 1]}" for name, count in counts if count)
    return f"{len(checks)} {noun}{'' if len(checks) == 1 else 's'}: {said}"


def revenue_words(revenue: Revenue, thresholds: Thresholds) -> str:
    """The sentence on the line of 3 to 7 % of revenue."""
    unit = revenue.revenue.unit
    least = "at least " if revenue.at_least else ""
    if not (least or revenue.projected.value or revenue.ceilings.value):
        return "IT owns no token budget, so nothing counts against the share of revenue at which IT budgets end."
    low, high = (number(value) for value in (thresholds.warn_percent, thresholds.fail_percent))
    return (
        f"IT pays for {least}{money(revenue.projected.value)} {unit} a year, "
        f"{_percent(revenue.projected_percent)} of the annual revenue of {number(revenue.revenue.value)} {unit}; "
        f"the ceilings it owns come to {money(revenue.ceilings.value)} {unit}, "
        f"{_percent(revenue.ceilings_percent)}. "
        f"Budgets that stay in IT cap AI investment at {low} to {high} % of revenue."
    )


def revenue_role(revenue: Revenue, thresholds: Thresholds) -> str:
    """error from the upper line on, warning from the lower one; else nothing."""
    worst = max(revenue.projected_percent, revenue.ceilings_percent)
    return "error" if worst >= thresholds.fail_percent else "warning" if worst >= thresholds.warn_percent else ""


def nothing(projection: Projection) -> str:
    """Why there is no cost at all."""
    if projection.cases:
        return "Nothing can be projected: see below what is missing."
    there = "every use case is retired" if projection.retired else "there is no use case"
    return f"Nothing can be projected: {there}."


def saving_note(saving: Saving) -> str:
    """What to know of a saving."""
    notes = ["LV503 asks for it"] if saving.asked_by_rule else []
    notes += ["human review stays"] if saving.keeps_review else []
    return ", ".join(notes)


def eligible_words(thresholds: Thresholds) -> str:
    """Which tasks peeling is about."""
    share = number(100 * thresholds.min_reliability)
    return f"Tasks that repeat, {share} % of whose runs need no correction, on each cheaper tier"


def gap_place(gap: Gap) -> str:
    """``UseCase/claims spec.tasks[triage].volume``: the field to fill in."""
    where = gap.resource.location(gap.path)
    return f"{where.resource} {where.path_text}".rstrip()


def converted_words(projection: Projection, per: str) -> str:
    """The total over all currencies, and the rates it is made at; nothing where there is only one currency."""
    found = projection.converted
    if found is None:
        return ""
    total = found.per_month if per == "month" else found.per_year
    rates = [
        f"1 {currency} = {number(rate.value)} {found.currency}{f', stated {day}' if day else ', no date stated'}"
        for currency, rate, day in found.rates
    ]
    if found.left_out:
        return (
            f"Not everything can be added up in {found.currency}: no exchange rate is stated for "
            f"{' and '.join(found.left_out)} (spec.exchangeRates of the Organization)."
        )
    least = "at least " if projection.gaps else ""
    return f"All in {found.currency}: {least}{money(total.value)} a {per} ({'; '.join(rates)})."


def _percent(value: Fraction) -> str:
    return "less than 0.01 %" if 0 < value < Fraction(1, 100) else f"{rounded(value, 2)} %"
