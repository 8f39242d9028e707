"""Where ``penstock init`` and ``penstock new`` put a manifest.

Any layout is a valid one: rules never look at paths. This is the one that penstock proposes.
"""

from __future__ import annotations

SCHEMAS = ".penstock"
"""The folder of the schemas that editors read."""

_FOLDERS = {
    "AccessGrant": "access",
    "Agent": "agents",
    "DataSource": "data-sources",
    "FteOwner": "people",
    "HeadcountForecast": "people",
    "ModelTier": "models",
    "TokenBudget": "budgets",
    "UseCase": "use-cases",
    "VendorContract": "contracts",
    "Waiver": "waivers",
}


def place(kind: str, name: str) -> str:
    """The path of a manifest below the rollout's folder. A rollout has one Organization, at its top."""
    if kind == "Organization":
        return "organization.yaml"
    return f"{_FOLDERS[kind]}/{name}.yaml"


def modeline(path: str, schema: str = "rollout") -> str:
    """The comment by which editors find the schema of the file at ``path``, below the rollout's folder."""
    up = "../" * path.count("/")
    return f"# yaml-language-server: $schema={up}{SCHEMAS}/{schema}.schema.json"
