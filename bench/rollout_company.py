"""The part of a generated rollout that all use cases share: the organization, its contracts and its model tiers.

Gives manifests; what they are called is known here, so that use cases can refer to it. It must not know where
files are written, nor what is planted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

DOMAIN = "northgate.example"
UNITS = (
    "claims", "underwriting", "client-service", "treasury", "procurement", "legal", "people-operations",
    "marketing",
    "field-sales", "logistics", "plant-maintenance", "quality", "finance", "tax", "risk", "compliance", "research",
    "partner-channel", "pricing", "fraud-review", "billing", "collections", "travel", "facilities",
)  # fmt: skip

# tier -> (models in order: the first is the primary, the second its substitute), the day the primary took over
TIERS: dict[str, tuple[tuple[tuple[str, str | None, float, float], ...], str]] = {
    "frontier": ((("aldine-apex-4", "aldine-lab", 5, 25), ("brook-summit-2", "brook-lab", 4.5, 22)), "2026-08-17"),
    "mid": ((("brook-ridge-2", "brook-lab", 2.5, 10), ("aldine-core-4", "aldine-lab", 3, 12)), "2026-09-01"),
    "small": (
        (("aldine-spark-4", "aldine-lab", 0.4, 1.6), ("brook-shore-2", "brook-lab", 0.3, 1.2)),
        "2026-06-08",
    ),
    "open-source": ((("fieldstone-70b", None, 0.15, 0.6), ("larch-20b", None, 0.2, 0.8)), "2026-07-01"),
}
PLATFORM = "trestle-platform"
COMPANY = "northgate"


@dataclass(slots=True)
class Manifest:
    """One manifest and the file it goes to. `width` 0: block style only."""

    path: str
    content: dict[str, Any]
    width: int = 0

    @property
    def kind(self) -> str:
        kind: str = self.content["kind"]
        return kind

    @property
    def spec(self) -> dict[str, Any]:
        spec: dict[str, Any] = self.content["spec"]
        return spec


def manifest(path: str, kind: str, name: str, title: str, spec: dict[str, Any], width: int = 0) -> Manifest:
    """A manifest with an envelope as companies write it: labels and annotations of their own."""
    metadata = {
        "name": name,
        "title": title,
        "labels": {"company": COMPANY, "kind": kind.lower(), "record": name[:60]},
        "annotations": {"reviewed-with": "architecture board", "source": "platform inventory"},
    }
    return Manifest(path, {"apiVersion": "rollout/v1", "kind": kind, "metadata": metadata, "spec": spec}, width)


def person(role: str) -> str:
    return f"{role}@{DOMAIN}"


def organization(units: int) -> Manifest:
    spec = {
        "industry": "insurance",
        "segment": "global-2000",
        "annualRevenue": {"amount": 90_000_000_000, "currency": "USD"},
        "maturity": {"stage": "stateful-agentic", "assessedOn": "2026-09-14", "chatRollout": "complete"},
        "tokenBudgetVisibility": "finops-grade",
        "internalTalent": {"headcount": 240, "notes": "Engineers of the former workflow team"},
        "vendorLandscape": [
            {"name": "Aldine models", "category": "model", "status": "deployed"},
            {"name": "Brook models", "category": "model", "status": "deployed"},
            {"name": "Trestle orchestration", "category": "platform", "status": "deployed"},
        ],
        "businessUnits": [
            {"name": unit, "title": unit.replace("-", " ").capitalize(), "head": person(f"head.{unit}")}
            for unit in UNITS[:units]
        ]
        + [{"name": "group-it", "title": "Group IT", "head": person("cio")}],
        "centralIT": "group-it",
        "aiPolicy": {"adoptedOn": "2025-03-18", "document": "docs/policies/ai-use.md"},
        "dataStrategy": {"adoptedOn": "2025-06-30", "document": "docs/policies/data-strategy.md"},
    }
    return manifest("company/organization.yaml", "Organization", COMPANY, "Northgate Group", spec, 110)


def contract(path: str, name: str, vendor: str, category: str, pricing: str) -> Manifest:
    spec = {
        "vendor": vendor,
        "category": category,
        "signedOn": "2026-05-20",
        "startsOn": "2026-06-01",
        "endsOn": "2027-05-31",
        "term": "P1Y",
        "renewal": {"automatic": False, "term": "P1Y", "noticeDays": 60, "maxIncreasePercent": 4},
        "commitment": {"amount": 120000, "currency": "USD", "term": "P1Y", "endsOn": "2027-05-31"},
        "pricing": pricing,
        "exit": {
            "dataExport": "All records as JSON Lines within thirty days",
            "terminationForConvenience": True,
            "noticeDays": 30,
        },
        "apiFirst": {
            "verified": True,
            "verifiedOn": "2026-05-11",
            "evidence": "Every screen of the trial tenant has a call behind it",
        },
    }
    return manifest(path, "VendorContract", name, f"{vendor} master agreement", spec)


def labs() -> list[Manifest]:
    return [
        contract("company/contracts/aldine-lab.yaml", "aldine-lab", "Aldine", "model-lab", "consumption"),
        contract("company/contracts/brook-lab.yaml", "brook-lab", "Brook", "model-lab", "consumption"),
    ]


def platform() -> Manifest:
    path = f"company/contracts/{PLATFORM}.yaml"
    return contract(path, PLATFORM, "Trestle", "orchestration-platform", "consumption")


def tier(name: str) -> Manifest:
    models, since = TIERS[name]
    spec: dict[str, Any] = {
        "tier": name,
        "currency": "USD",
        "models": [
            {"name": model}
            | ({"contract": lab} if lab else {})
            | {"inputPrice": paid_in, "outputPrice": paid_out, "hosting": "vendor-api" if lab else "self-hosted"}
            for model, lab, paid_in, paid_out in models
        ],
        "primary": models[0][0],
        "substitutes": [models[1][0]],
        "primarySince": since,
        "reviewedOn": "2026-10-31",
    }
    return manifest(f"company/models/{name}.yaml", "ModelTier", name, f"{name} models", spec)


def forecast(unit: str, year: int) -> Manifest:
    spec = {
        "function": f"{unit} operations",
        "businessUnit": unit,
        "compression": [
            {"name": "manual-sorting", "roles": 12, "reason": "Agents sort what comes in"},
            {"name": "data-re-keying", "roles": 8, "reason": "Records are filled from the documents"},
        ],
        "expansion": [
            {"name": "exception-handling", "roles": 11, "reason": "What is left over takes longer"},
            {"name": "agent-operations", "roles": 4, "reason": "People who look after agents"},
        ],
        "net": -5,
        "audit": {"auditedOn": "2026-09-25", "author": person("workforce.planning")},
        "projectsUnlocked": [{"name": "backlog", "description": "Cases that nobody had the time for"}],
        "informed": [{"audience": "hr", "on": "2026-09-30"}, {"audience": "board", "on": "2026-10-08"}],
        "publishedOn": "2026-10-15",
    }
    name = f"{unit}-{year}"
    return manifest(f"units/{unit}/headcount-{year}.yaml", "HeadcountForecast", name, f"Roles of {unit}", spec)
