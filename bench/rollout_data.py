"""The data of a use case of a generated rollout, and who may use it: data sources and grants.

Takes a place and a number; gives the same manifest for the same ones. It must not know where files are written,
nor what is planted.
"""

from __future__ import annotations

import random

from rollout_company import Manifest, manifest, person
from rollout_place import Place

COLUMNS = (
    "record_id",
    "opened_on",
    "state",
    "region",
    "amount",
    "currency",
    "channel",
    "owner_id",
    "priority",
    "text",
)


def source(place: Place, number: int) -> Manifest:
    name = place.source(number)
    draw = random.Random(f"source/{place.number}/{number}")
    spec = {
        "system": f"Case store {draw.randrange(40)}",
        "description": "Open and closed cases of the last ten years",
        "owner": place.data_owner(number),
        "classification": ("restricted", "confidential", "internal")[number % 3],
        "structure": "structured",
        "governance": "governed",
        "metrics": [
            {
                "name": "shared-volume" if place.shares(number) else "open-cases",
                "definition": "Cases without a decision at midnight UTC",
                "unit": "cases",
            },
            {"name": f"volume-{number}", "definition": "Cases opened in a calendar month", "unit": "cases"},
        ],
        "audit": {
            "status": "passed",
            "auditedOn": f"2026-{draw.randrange(1, 10):02}-{draw.randrange(1, 28):02}",
            "auditor": person("data.audit"),
            "gaps": [
                {
                    "name": "leavers",
                    "account": f"group leavers-{draw.randrange(100)}",
                    "kind": "over-entitled",
                    "status": "closed",
                    "closedOn": "2026-10-01",
                }
            ],
        },
    }
    path = f"shared/{name}.yaml" if place.shares(number) else f"{place.folder}/data-{number}.yaml"
    return manifest(path, "DataSource", name, f"Case data {number}", spec)


def grant(place: Place, number: int, principal: dict[str, str], which: int, permission: str) -> Manifest:
    """One grant on source `which`; `number` tells the grants of a use case apart."""
    draw = random.Random(f"grant/{place.number}/{number}")
    name = f"{place.name}-grant-{number}"
    spec = {
        "principal": principal,
        "dataSource": place.source(which),
        "permission": permission,
        "scope": {
            "tables": ["cases", "case_events", f"case_partition_{draw.randrange(64)}"],
            "columns": draw.sample(COLUMNS, 7),
            "rows": f"region = 'r{draw.randrange(50)}' and state = 'open'",
        },
        "purpose": "Work on the open cases of one region",
        "approver": place.data_owner(which),
        "grantedOn": f"2026-0{draw.randrange(1, 10)}-1{draw.randrange(10)}",
        "expiresOn": "2027-05-03",
        "reviewOn": "2027-03-01",
    }
    path = f"{place.folder}/grants/grant-{number:05}.yaml"
    return manifest(path, "AccessGrant", name, f"Grant {number} of {place.name}", spec)
