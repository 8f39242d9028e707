"""What it means for a field to become more or less: the table of the fields that matter.

Data alone, by kind and field. A field that is not here is told all the same, in the words of its schema, at the
weight of ``Weight.OTHER``.
"""

from __future__ import annotations

from collections.abc import Mapping

from penstock.change.model import Weight, What
from penstock.record import dataclass

_ACCESS, _SPEND, _COMMITMENT = Weight.ACCESS, Weight.SPEND, Weight.COMMITMENT
_PEOPLE, _OVERSIGHT, _RULES = Weight.PEOPLE, Weight.OVERSIGHT, Weight.RULES
_NOTABLE, _OTHER, _TEXT = Weight.NOTABLE, Weight.OTHER, Weight.TEXT

RAISED = (What.RAISED, What.LOWERED)
WIDENED = (What.WIDENED, What.NARROWED)
LENGTHENED = (What.LENGTHENED, What.SHORTENED)
ADVANCED = (What.ADVANCED, What.SET_BACK)


@dataclass(frozen=True, slots=True)
class Trait:
    """What a change of one field weighs.

    More: a larger number or amount, a later date, a longer period, a stronger choice, true, more elements.
    """

    more: Weight = _OTHER
    less: Weight = _OTHER
    added: Weight = _OTHER
    """The field is set that was not, or the element is new."""
    removed: Weight = _OTHER
    other: Weight = _OTHER
    """Another value, in no order that is known."""
    order: tuple[str, ...] = ()
    """The choices from the least to the most."""
    whats: tuple[What, What] = RAISED
    subject: str = ""
    """What the field is called, where its title alone does not say it."""
    ends: str = ""
    """Of a last day: the words before how much later or earlier it comes."""


PLAIN = Trait()
_WORDS = Trait(*(_TEXT,) * 5)
_NOTED = Trait(*(_NOTABLE,) * 5)
_ACCOUNTABLE = Trait(removed=_PEOPLE, other=_PEOPLE, added=_NOTABLE)


def _ceiling(subject: str) -> Trait:
    return Trait(more=_SPEND, removed=_SPEND, less=_NOTABLE, added=_NOTABLE, subject=subject)


def _price(subject: str = "") -> Trait:
    return Trait(more=_SPEND, less=_NOTABLE, added=_NOTABLE, removed=_NOTABLE, subject=subject)


def _bound(weight: Weight, subject: str = "", ends: str = "") -> Trait:
    """An end: later or none is a risk."""
    return Trait(more=weight, removed=weight, added=_NOTABLE, whats=LENGTHENED, subject=subject, ends=ends)


def _binds(subject: str = "", removed: Weight = _NOTABLE) -> Trait:
    """What a contract demands: the more, the worse."""
    return Trait(more=_COMMITMENT, added=_COMMITMENT, other=_COMMITMENT, removed=removed, subject=subject)


def _guard(subject: str = "", order: tuple[str, ...] = (), other: Weight = _OVERSIGHT) -> Trait:
    """A safeguard: less or none is a risk."""
    return Trait(less=_OVERSIGHT, removed=_OVERSIGHT, other=other, more=_NOTABLE, subject=subject, order=order)


def _limit(subject: str = "") -> Trait:
    """A list of what may be used: more is wider, and so is none at all."""
    return Trait(
        more=_ACCESS, removed=_ACCESS, added=_NOTABLE, less=_NOTABLE, other=_ACCESS, whats=WIDENED, subject=subject
    )


_PERMISSIONS = ("read", "write", "admin")
_STAGES = ("assess", "prepare", "pilot", "production", "retired")
_AUTONOMY = ("suggest", "act-with-approval", "autonomous")
_CLASSES = ("public", "internal", "confidential", "restricted")
_RATING = Trait(order=("low", "medium", "high"), more=_NOTABLE, less=_NOTABLE, added=_NOTABLE, removed=_NOTABLE)
_PERMISSION = Trait(order=_PERMISSIONS, more=_ACCESS, less=_NOTABLE, added=_ACCESS, other=_ACCESS, whats=WIDENED)
_SOURCE = Trait(added=_ACCESS, removed=_NOTABLE, other=_ACCESS)

ANY: Mapping[str, Trait] = {
    "metadata.title": _WORDS,
    "metadata.labels": PLAIN,
    "metadata.annotations": _WORDS,
    "spec.description": _WORDS,
}
"""Fields of every kind."""

TRAITS: Mapping[str, Mapping[str, Trait]] = {
    "Organization": {
        "spec.maturity.stage": Trait(
            order=("chat", "agent-pilots", "stateful-agentic"),
            more=_NOTABLE,
            less=_NOTABLE,
            added=_NOTABLE,
            removed=_NOTABLE,
            whats=ADVANCED,
            subject="maturity",
        ),
        "spec.maturity.chatRollout": Trait(
            order=("not-started", "in-progress", "complete"), more=_NOTABLE, less=_NOTABLE, subject="chat rollout"
        ),
        "spec.tokenBudgetVisibility": _guard(order=("none", "partial", "finops-grade")),
        "spec.exchangeRates[]": _NOTED,
        "spec.exchangeRates[].rate": _NOTED,
        "spec.annualRevenue.currency": _NOTED,
        "spec.internalTalent.headcount": Trait(less=_PEOPLE, removed=_PEOPLE),
        "spec.internalTalent.notes": _WORDS,
        "spec.businessUnits[]": _NOTED,
        "spec.businessUnits[].title": _WORDS,
        "spec.businessUnits[].head": _ACCOUNTABLE,
        "spec.centralIT": _NOTED,
        "spec.aiPolicy": _guard(),
        "spec.aiPolicy.adoptedOn": _guard(other=_OTHER),
        "spec.dataStrategy": _guard(),
    },
    "UseCase": {
        "spec.stage": Trait(
            order=_STAGES, more=_NOTABLE, less=_NOTABLE, added=_NOTABLE, removed=_NOTABLE, whats=ADVANCED
        ),
        "spec.sponsor": _ACCOUNTABLE,
        "spec.goLiveOn": _NOTED,
        "spec.dataSources[]": _SOURCE,
        "spec.dataSources[].permission": _PERMISSION,
        "spec.dataSources[].purpose": _WORDS,
        "spec.tasks[]": _NOTED,
        "spec.tasks[].description": _WORDS,
        "spec.tasks[].regulatedAccountability": _guard(),
        "spec.tasks[].modelTier": _NOTED,
        "spec.tasks[].interface": _NOTED,
        "spec.tasks[].volume.runs": _price(),
        "spec.tasks[].volume.queriesPerRun": _price(),
        "spec.tasks[].tokens.input": _price(subject="input tokens"),
        "spec.tasks[].tokens.output": _price(subject="output tokens"),
        "spec.tasks[].humanFinalReview": _guard(),
        "spec.tasks[].humanFinalReview.reviewer": Trait(removed=_OVERSIGHT, other=_PEOPLE),
        "spec.tasks[].humanFinalReview.instructions": _WORDS,
        "spec.checkpoints[]": _guard(),
        "spec.checkpoints[].reviewer": Trait(removed=_OVERSIGHT, other=_PEOPLE),
        "spec.checkpoints[].tasks": Trait(less=_OVERSIGHT, added=_OVERSIGHT, more=_NOTABLE, removed=_NOTABLE),
        "spec.checkpoints[].when": _guard(
            "review", order=("sampled", "after-run", "before-delivery", "before-action")
        ),
        "spec.checkpoints[].samplePercent": _guard(subject="share of runs reviewed"),
        "spec.roi": _NOTED,
        "spec.roi.metric.name": _NOTED,
        "spec.roi.metric.counts": _NOTED,
        "spec.roi.baseline.value": _NOTED,
        "spec.roi.baseline.source": _WORDS,
        "spec.roi.target.value": _NOTED,
        "spec.roi.target.by": Trait(*(_NOTABLE,) * 5, ends="target is due"),
        "spec.roi.measurements[].source": _WORDS,
        "spec.pilot.maxParticipants": _NOTED,
        "spec.pilot.endedOn": _NOTED,
        "spec.pilot.decision": _NOTED,
        "spec.pilot.findings[].summary": _WORDS,
        **{
            f"spec.pilot.differentiators.{name}.{field}": trait
            for name in (
                "userFluency",
                "contextCompleteness",
                "outputVerifiability",
                "accessCleanliness",
                "errorRecovery",
            )
            for field, trait in (("rating", _RATING), ("evidence", _WORDS))
        },
        "spec.changeManagement": _guard(),
        "spec.changeManagement.sponsor": _ACCOUNTABLE,
        "spec.automation.sharePercent": _NOTED,
        "spec.automation.coach": _ACCOUNTABLE,
        "spec.projections[].benchmark": _NOTED,
    },
    "Agent": {
        "spec.useCase": _NOTED,
        "spec.tasks": Trait(more=_NOTABLE, removed=_NOTABLE, less=_NOTABLE, added=_NOTABLE),
        "spec.fteOwner": _ACCOUNTABLE,
        "spec.autonomy": Trait(
            order=_AUTONOMY, more=_OVERSIGHT, less=_NOTABLE, added=_NOTABLE, removed=_OVERSIGHT, other=_OVERSIGHT
        ),
        "spec.platform": _NOTED,
        "spec.modelAccess.via": _NOTED,
        "spec.modelAccess.gateway": _NOTED,
        "spec.modelAccess.tiers": _NOTED,
        "spec.modelAccess.models": _NOTED,
        "spec.actsAs": Trait(added=_ACCESS, other=_ACCESS, removed=_NOTABLE, subject="borrowed access"),
        "spec.actsAs.group": Trait(
            added=_ACCESS, other=_ACCESS, removed=_NOTABLE, subject="borrowed access of group"
        ),
        "spec.actsAs.person": Trait(
            added=_ACCESS, other=_ACCESS, removed=_NOTABLE, subject="borrowed access of person"
        ),
        "spec.tools[]": _NOTED,
        "spec.tools[].description": _WORDS,
        "spec.tools[].dataSources[]": _SOURCE,
        "spec.tools[].dataSources[].permission": _PERMISSION,
        "spec.mcpServers[]": _NOTED,
        "spec.mcpServers[].url": Trait(*(_ACCESS,) * 5),
        "spec.mcpServers[].dataSources[]": _SOURCE,
        "spec.mcpServers[].dataSources[].permission": _PERMISSION,
        "spec.guardrails": _guard(),
        "spec.guardrails.input": _guard("input guardrail"),
        "spec.guardrails.output": _guard("output guardrail"),
        "spec.stopgap": _guard(),
        "spec.stopgap.killSwitch": _guard("kill switch"),
        "spec.stopgap.operators": Trait(less=_PEOPLE, removed=_PEOPLE, subject="operator of the kill switch"),
        "spec.conditions": _guard(),
        "spec.conditions.stop": _guard("stop condition"),
        "spec.customerFacing": Trait(more=_OVERSIGHT, less=_NOTABLE, removed=_NOTABLE),
    },
    "DataSource": {
        "spec.owner": _ACCOUNTABLE,
        "spec.classification": _guard(order=_CLASSES),
        "spec.governance": _guard(order=("shadow", "ungoverned", "governed")),
        "spec.audit": _guard(),
        "spec.audit.status": _guard("audit", order=("failed", "not-started", "in-progress", "passed")),
        "spec.audit.gaps[]": Trait(added=_NOTABLE, removed=_NOTABLE),
        "spec.audit.gaps[].status": Trait(*(_NOTABLE,) * 5),
        "spec.systemOfRecord": _NOTED,
    },
    "AccessGrant": {
        "spec.principal": Trait(*(_ACCESS,) * 5),
        "spec.principal.agent": Trait(*(_ACCESS,) * 5),
        "spec.principal.group": Trait(*(_ACCESS,) * 5),
        "spec.principal.person": Trait(*(_ACCESS,) * 5),
        "spec.dataSource": Trait(*(_ACCESS,) * 5),
        "spec.permission": _PERMISSION,
        "spec.scope": _limit(),
        "spec.scope.tables": _limit("tables"),
        "spec.scope.paths": _limit("paths"),
        "spec.scope.columns": _limit("columns"),
        "spec.scope.rows": _limit("row filter"),
        "spec.purpose": Trait(*(_NOTABLE,) * 5),
        "spec.approver": Trait(removed=_PEOPLE, other=_NOTABLE),
        "spec.expiresOn": _bound(_ACCESS, "last day of the grant", "grant expires"),
        "spec.reviewOn": _bound(_OVERSIGHT, "review", "review is due"),
    },
    "TokenBudget": {
        "spec.useCase": _NOTED,
        "spec.owner": _ACCOUNTABLE,
        "spec.owner.costCenter": Trait(removed=_PEOPLE, other=_NOTABLE, subject="cost owner"),
        "spec.owner.accountable": Trait(removed=_PEOPLE, other=_PEOPLE, subject="accountable person"),
        "spec.owner.budget": Trait(*(_NOTABLE,) * 5, subject="budget that pays"),
        "spec.currency": Trait(*(_SPEND,) * 5, subject="currency of every amount"),
        "spec.budgetDuration": Trait(
            less=_SPEND, removed=_SPEND, other=_SPEND, whats=LENGTHENED, subject="period of the ceilings"
        ),
        "spec.maxBudget": _ceiling("ceiling"),
        "spec.softBudget": _ceiling("soft ceiling"),
        "spec.maxPerQuery": _ceiling("ceiling per query"),
        "spec.maxPerRun": _ceiling("ceiling per run"),
        "spec.attribution": _guard(),
        "spec.attribution.task": Trait(removed=_OVERSIGHT),
        "spec.attribution.team": Trait(removed=_OVERSIGHT),
        "spec.attribution.workflow": Trait(removed=_OVERSIGHT),
        "spec.allocations[]": _NOTED,
        "spec.allocations[].amount": _price(),
        "spec.forecast.amount": _price("forecast"),
        "spec.forecast.basis": _WORDS,
        "spec.alerts[]": _guard(),
        "spec.alerts[].action": _guard(order=("notify", "degrade", "stop")),
        "spec.alerts[].atPercent": Trait(
            more=_OVERSIGHT, less=_NOTABLE, subject="share of the ceiling at which it goes off"
        ),
        "spec.alerts[].notify": Trait(less=_PEOPLE, removed=_PEOPLE),
        "spec.migration": Trait(added=_NOTABLE, removed=_OVERSIGHT),
        "spec.migration.by": _bound(_OVERSIGHT, ends="migration is due"),
    },
    "ModelTier": {
        "spec.tier": _NOTED,
        "spec.currency": Trait(*(_SPEND,) * 5, subject="currency of every price"),
        "spec.models[]": _NOTED,
        "spec.models[].inputPrice": _price(),
        "spec.models[].outputPrice": _price(),
        "spec.models[].contract": _NOTED,
        "spec.models[].hosting": _NOTED,
        "spec.primary": Trait(*(_NOTABLE,) * 5, subject="primary model"),
        "spec.substitutes": Trait(*(_NOTABLE,) * 5),
    },
    "FteOwner": {
        "spec.person": Trait(*(_PEOPLE,) * 5, subject="FTE"),
        "spec.employment": Trait(
            order=("external", "internal"), less=_PEOPLE, more=_NOTABLE, removed=_PEOPLE, whats=ADVANCED
        ),
        "spec.businessUnit": _NOTED,
        "spec.sourcing": _NOTED,
        "spec.contract": _NOTED,
        "spec.allocationPercent": Trait(less=_PEOPLE, removed=_PEOPLE, more=_NOTABLE),
        "spec.duties": Trait(less=_PEOPLE, removed=_PEOPLE, more=_NOTABLE),
        "spec.engagement.type": Trait(
            order=("project", "sustaining"), less=_PEOPLE, more=_NOTABLE, whats=ADVANCED
        ),
        "spec.engagement.endsOn": Trait(
            less=_PEOPLE, added=_PEOPLE, more=_NOTABLE, whats=LENGTHENED, ends="engagement ends"
        ),
        "spec.successor": Trait(removed=_PEOPLE, other=_NOTABLE, added=_NOTABLE),
        "spec.handOverOn": Trait(more=_PEOPLE, removed=_PEOPLE, whats=LENGTHENED, ends="hand-over is due"),
    },
    "VendorContract": {
        "spec.vendor": Trait(*(_COMMITMENT,) * 5),
        "spec.category": _NOTED,
        "spec.startsOn": Trait(*(_NOTABLE,) * 5, ends="contract starts"),
        "spec.endsOn": _bound(_COMMITMENT, "end of the contract", "contract ends"),
        "spec.term": _bound(_COMMITMENT),
        "spec.renewal": _binds(),
        "spec.renewal.automatic": _binds("automatic renewal"),
        "spec.renewal.term": Trait(more=_COMMITMENT, added=_COMMITMENT, whats=LENGTHENED, subject="renewal term"),
        "spec.renewal.noticeDays": _binds("days of notice against a renewal"),
        "spec.renewal.maxRenewals": _bound(_COMMITMENT, "most renewals"),
        "spec.renewal.maxIncreasePercent": _bound(_COMMITMENT, "most price increase at a renewal"),
        "spec.commitment": _binds(),
        "spec.commitment.amount": _binds("spend commitment"),
        "spec.commitment.currency": _binds("currency of the spend commitment"),
        "spec.commitment.term": Trait(more=_COMMITMENT, removed=_COMMITMENT, whats=LENGTHENED),
        "spec.commitment.endsOn": Trait(
            more=_COMMITMENT, removed=_COMMITMENT, whats=LENGTHENED, ends="spend commitment ends"
        ),
        "spec.exclusivity": _binds(),
        "spec.exclusivity.until": _bound(_COMMITMENT, "end of the exclusivity", "exclusivity ends"),
        "spec.exclusivity.scope": _binds(),
        "spec.pricing": _NOTED,
        "spec.exit": Trait(removed=_COMMITMENT, added=_NOTABLE),
        "spec.exit.dataExport": Trait(removed=_COMMITMENT, added=_NOTABLE, other=_NOTABLE),
        "spec.exit.terminationForConvenience": Trait(
            less=_COMMITMENT, removed=_COMMITMENT, more=_NOTABLE, subject="termination for convenience"
        ),
        "spec.exit.noticeDays": _binds("days of notice for an early end"),
        "spec.apiFirst.verified": _guard(),
        "spec.apiFirst.evidence": _WORDS,
        "spec.decision": _NOTED,
        "spec.decision.outcome": _NOTED,
    },
    "HeadcountForecast": {
        "spec.net": _NOTED,
        "spec.compression[]": _NOTED,
        "spec.compression[].roles": _NOTED,
        "spec.compression[].reason": _WORDS,
        "spec.expansion[]": _NOTED,
        "spec.expansion[].roles": _NOTED,
        "spec.expansion[].reason": _WORDS,
        "spec.publishedOn": _NOTED,
    },
    "Waiver": {
        "spec.rules": Trait(more=_RULES, added=_RULES, whats=WIDENED, subject="waived rules"),
        "spec.resources[]": Trait(added=_RULES),
        "spec.approver": _NOTED,
        "spec.grantedOn": Trait(less=_RULES, ends="waiver begins"),
        "spec.expiresOn": _bound(_RULES, "last day of the waiver", "waiver ends"),
        "spec.reason": _NOTED,
    },
}
"""By kind and field; ``[]`` is an element of a list."""

WHOLE: Mapping[str, tuple[Weight, Weight]] = {
    "AccessGrant": (_ACCESS, _NOTABLE),
    "VendorContract": (_COMMITMENT, _NOTABLE),
    "FteOwner": (_NOTABLE, _PEOPLE),
    "TokenBudget": (_NOTABLE, _SPEND),
    "Waiver": (_RULES, _NOTABLE),
}
"""What a whole manifest weighs that is added, and one that is removed, where it is more than notable."""


def trait(kind: str, field: str) -> Trait:
    """What is known of a field: its own trait, or that of all fields below one of every kind."""
    found = TRAITS.get(kind, {}).get(field) or ANY.get(field)
    if found is None and field.startswith("metadata."):
        return ANY.get(field.rpartition(".")[0], PLAIN)
    return found or PLAIN
