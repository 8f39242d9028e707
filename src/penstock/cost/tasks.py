"""Use cases to lines: what each task costs a run, a query, a month and a year; or why that is not known.

Takes the fields of a rollout and a date. A task that lacks a fact is a gap with the field to fill in, never zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from penstock.cost.fields import Fields
from penstock.cost.figures import Figure, constant, product, quotient, total
from penstock.cost.model import Case, Gap, Line, Tier
from penstock.cost.periods import MONTH, YEAR
from penstock.cost.tiers import priced
from penstock.manifest.resource import Resource
from penstock.model import Path

TASKS: Path = ("spec", "tasks")
MILLION = constant("a million tokens", 1_000_000, "tokens")
RUNNING = ("pilot", "production")


def case_of(fields: Fields, resource: Resource, as_of: date) -> Case:
    """A use case, with the day from which the calendar counts its cost.

    A pilot runs from its first day, else from now; production from go-live, else from now; what is planned from
    go-live on. A day that has passed means now.
    """
    stage = fields.text(resource, ("spec", "stage")) or ""
    running = stage in RUNNING
    day = fields.day(resource, ("spec", "pilot", "startedOn") if stage == "pilot" else ("spec", "goLiveOn"))
    now = as_of.replace(day=1)
    return Case(
        resource,
        stage,
        "running" if running else "planned",
        max(day, now) if day is not None else now if running else None,
        fields.text(resource, ("spec", "workflow")) or "",
        fields.text(resource, ("spec", "businessUnit")) or "",
    )


def lines_of(fields: Fields, case: Case) -> Iterator[Line | Gap]:
    """The tasks of a use case in their order: each a line, or a gap for everything it lacks."""
    if not case.resource.valid:
        text = f"{case.resource.id} cannot be used; mend what `penstock check` finds there"
        yield Gap(case, "", case.business_unit, text, case.resource, ())
        return
    tasks = fields.elements(case.resource, TASKS)
    if not tasks:
        text = "it has no tasks; list them with volume, tokens and modelTier"
        yield Gap(case, "", case.business_unit, text, case.resource, TASKS)
    for path, task in tasks:
        yield from _task(fields, case, path, task)


def volumes_of(fields: Fields, case: Case) -> Iterator[tuple[str, tuple[Figure, Figure] | None]]:
    """The name of each task with its runs and their period; None where they are not stated."""
    for path, task in fields.elements(case.resource, TASKS):
        yield str(task.get("name")), _volume(fields, case.resource, path)


def _volume(fields: Fields, resource: Resource, path: Path) -> tuple[Figure, Figure] | None:
    runs = fields.number(resource, (*path, "volume", "runs"), "runs in a period", "runs")
    per = fields.period(resource, (*path, "volume", "per"))
    return (runs, per) if runs is not None and per is not None else None


def cost_in(line: Line, span: Figure, name: str) -> Figure:
    """What a line costs in a span of so many years."""
    return product(name, line.currency, runs_in(line.runs, line.per, span), line.per_run)


def runs_in(runs: Figure, per: Figure, span: Figure) -> Figure:
    """The runs in a span of so many years."""
    what = span.name.removeprefix("length of the period, ")
    return product(f"runs in {what}", "runs", runs, quotient(f"periods of the volume in {what}", "", span, per))


def _task(fields: Fields, case: Case, path: Path, task: dict[str, Any]) -> Iterator[Line | Gap]:
    resource, name = case.resource, str(task.get("name"))
    team = fields.text(resource, (*path, "team")) or case.business_unit
    volume = _volume(fields, resource, path)
    tokens = [
        fields.number(resource, (*path, "tokens", way), f"{way} tokens of a run", "tokens")
        for way in ("input", "output")
    ]
    tier = _tier(fields, resource, path)
    missing: list[tuple[Resource, Path, str]] = []
    if volume is None:
        missing.append((resource, (*path, "volume"), "its volume is not stated; add volume.runs and volume.per"))
    for way, count in zip(("input", "output"), tokens, strict=True):
        if count is None:
            text = f"its {way} tokens are not stated; add tokens.{way}, the average of a run"
            missing.append((resource, (*path, "tokens", way), text))
    if not isinstance(tier, Tier):
        missing += tier
    for where, at, text in missing:
        yield Gap(case, name, team, text, where, at)
    input_tokens, output_tokens = tokens
    if volume and input_tokens and output_tokens and isinstance(tier, Tier):
        runs, per = volume
        queries = fields.number(resource, (*path, "volume", "queriesPerRun"), "queries in a run", "queries")
        per_run = cost_of_run(tier, input_tokens, output_tokens)
        per_query = quotient("cost of a query", tier.currency, per_run, queries) if queries else None
        spans = {}
        for span, label in ((MONTH, "month"), (YEAR, "year")):
            spans[label] = product(
                f"cost of {name} in a {label}", tier.currency, runs_in(runs, per, span), per_run
            )
        yield Line(
            case, name, path, team, tier, runs, per, queries, input_tokens, output_tokens, per_run, per_query,
            spans["month"], spans["year"],
        )  # fmt: skip


def cost_of_run(tier: Tier, input_tokens: Figure, output_tokens: Figure) -> Figure:
    """What a run with so many tokens costs on a tier."""
    parts = []
    for way, count, price in (
        ("input", input_tokens, tier.input_price),
        ("output", output_tokens, tier.output_price),
    ):
        millions = quotient(f"millions of {way} tokens", "", count, MILLION)
        parts.append(product(f"cost of the {way} of a run", tier.currency, millions, price))
    return total(f"cost of a run on {tier.name}", tier.currency, parts)


def _tier(fields: Fields, resource: Resource, path: Path) -> Tier | list[tuple[Resource, Path, str]]:
    at = (*path, "modelTier")
    name = fields.text(resource, at)
    if name is None:
        return [(resource, at, "it names no model tier; add modelTier, the cheapest one that does it reliably")]
    tier = fields.rollout.get("ModelTier", name)
    if tier is None:
        return [(resource, at, f"there is no ModelTier `{name}`; add it, or name another in modelTier")]
    return priced(fields, tier)
