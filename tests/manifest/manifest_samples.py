"""Manifests for the tests of this folder: a small valid one of each kind, and rollouts read from texts."""

from __future__ import annotations

import copy
from typing import Any

from penstock.manifest.load import Loaded, load
from penstock.model import Finding
from penstock.source.document import SourceFile
from penstock.source.yaml import read

SPECS: dict[str, dict[str, Any]] = {
    "Organization": {
        "industry": "insurance",
        "segment": "mid-market",
        "annualRevenue": {"amount": 4e8, "currency": "EUR"},
        "businessUnits": [{"name": "claims"}, {"name": "legal"}, {"name": "it"}],
        "centralIT": "it",
    },
    "UseCase": {
        "workflow": "Triage of incoming claims",
        "businessUnit": "claims",
        "domain": "knowledge-work",
        "stage": "prepare",
        "dataSources": [{"name": "claims-db", "permission": "read"}],
        "tasks": [{"name": "classify", "modelTier": "frontier"}, {"name": "route", "team": "legal"}],
        "checkpoints": [{"name": "sample", "tasks": ["classify"]}],
    },
    "Agent": {"useCase": "triage", "tasks": ["classify"], "fteOwner": "dana"},
    "DataSource": {"system": "PostgreSQL", "classification": "internal", "governance": "governed"},
    "AccessGrant": {"principal": {"agent": "triager"}, "dataSource": "claims-db", "permission": "read"},
    "TokenBudget": {
        "useCase": "triage",
        "currency": "EUR",
        "budgetDuration": "P1M",
        "allocations": [{"name": "classify-claims", "task": "classify", "team": "claims", "amount": 10}],
    },
    "ModelTier": {
        "tier": "frontier",
        "models": [{"name": "Acme Frontier 2", "contract": "acme-lab"}, {"name": "open-weights"}],
        "primary": "Acme Frontier 2",
        "substitutes": ["open-weights"],
    },
    "FteOwner": {"person": "dana@acme.example", "employment": "internal"},
    "VendorContract": {"vendor": "Acme Lab", "category": "model-lab"},
    "HeadcountForecast": {"function": "claims handling", "businessUnit": "claims"},
    "Waiver": {
        "rules": ["LV801"],
        "resources": [{"kind": "VendorContract", "name": "acme-lab"}],
        "reason": "Renegotiation is under way.",
        "approver": "cio@acme.example",
        "grantedOn": "2026-06-01",
        "expiresOn": "2026-08-31",
    },
}
NAMES = {
    "Organization": "acme",
    "UseCase": "triage",
    "Agent": "triager",
    "DataSource": "claims-db",
    "AccessGrant": "triager-reads-claims",
    "TokenBudget": "triage-budget",
    "ModelTier": "frontier",
    "FteOwner": "dana",
    "VendorContract": "acme-lab",
    "HeadcountForecast": "claims-2026",
    "Waiver": "acme-lab-term",
}


def manifest(kind: str, **spec: Any) -> dict[str, Any]:
    """The valid manifest of a kind, with some fields of its spec replaced; None leaves a field out."""
    fields = {**copy.deepcopy(SPECS[kind]), **spec}
    return {
        "apiVersion": "rollout/v1",
        "kind": kind,
        "metadata": {"name": NAMES[kind]},
        "spec": {key: value for key, value in fields.items() if value is not None},
    }


def loaded(**files: str) -> Loaded:
    """A rollout from the texts of its files, which are named by keyword: ``org="..."`` is ``org.yaml``."""
    readings = [read(SourceFile(f"{name}.yaml", text)) for name, text in files.items()]
    return load("test", ".", readings)


def place(finding: Finding) -> str:
    """``org.yaml:3:18 LV005 Organization/acme metadata.name``."""
    where = finding.location
    start = f"{where.span.start.line}:{where.span.start.column}" if where.span else "-"
    parts = (f"{where.file}:{start}", finding.rule, where.resource, where.path_text)
    return " ".join(part for part in parts if part)


def places(found: Loaded | tuple[Finding, ...]) -> list[str]:
    """The places of all findings, in their order."""
    return [place(finding) for finding in (found.findings if isinstance(found, Loaded) else found)]
