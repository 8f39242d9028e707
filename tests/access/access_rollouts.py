"""Small rollouts for the tests of this folder, and their maps."""

from __future__ import annotations

import json
from typing import Any

from penstock.access import AccessMap, access_map
from penstock.access.pair import Access
from penstock.manifest.load import Loaded, load
from penstock.source import SourceFile, read

AS_OF = "2026-06-30"


def manifest(kind: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {"apiVersion": "rollout/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}


def use_case(name: str = "triage", needs: dict[str, str] | None = None, **spec: Any) -> dict[str, Any]:
    """A use case that needs these sources, each at a permission."""
    stated = {"workflow": "Triage", "businessUnit": "claims", "domain": "knowledge-work", "stage": "pilot"}
    listed = [{"name": source, "permission": permission} for source, permission in (needs or {}).items()]
    return manifest("UseCase", name, {**stated, "dataSources": listed, **spec})


def agent(
    name: str = "triager",
    tools: dict[str, dict[str, str]] | None = None,
    servers: dict[str, dict[str, str]] | None = None,
    **spec: Any,
) -> dict[str, Any]:
    """An agent whose tools and servers reach these sources, each at a permission."""
    ways = {
        field: [
            {"name": way, "dataSources": [{"name": one, "permission": may} for one, may in behind.items()]}
            for way, behind in given.items()
        ]
        for field, given in (("tools", tools), ("mcpServers", servers))
        if given
    }
    return manifest("Agent", name, {"useCase": "triage", **ways, **spec})


def source(name: str = "claims-db", classification: str = "internal", **spec: Any) -> dict[str, Any]:
    stated = {"system": "PostgreSQL", "classification": classification, "governance": "governed"}
    return manifest("DataSource", name, {**stated, **spec})


def grant(name: str, to: dict[str, str] | None = None, **spec: Any) -> dict[str, Any]:
    """A grant to read claims-db, to the agent triager."""
    stated = {"principal": to or {"agent": "triager"}, "dataSource": "claims-db", "permission": "read"}
    return manifest("AccessGrant", name, {**stated, **spec})


def loaded(*manifests: dict[str, Any]) -> Loaded:
    """A rollout in one file, a manifest a document, with an organization that has the business unit claims."""
    organization = manifest(
        "Organization",
        "acme",
        {"industry": "insurance", "segment": "mid-market", "businessUnits": [{"name": "claims"}]},
    )
    text = "---\n".join(json.dumps(one, ensure_ascii=False) + "\n" for one in (organization, *manifests))
    return load("acme", ".", [read(SourceFile("all.yaml", text))])


def mapped(*manifests: dict[str, Any], as_of: str = AS_OF) -> AccessMap:
    return access_map(loaded(*manifests).rollout, as_of)


def only(found: AccessMap) -> Access:
    """The one access of the one agent."""
    (one,) = found.agents
    (access,) = one.accesses
    return access


def judged(access: Access) -> tuple[list[str], list[str]]:
    """The statuses, and the messages of the remarks."""
    assert [remark.status for remark in access.remarks] == sorted(
        (remark.status for remark in access.remarks), key=lambda status: status.rank
    )
    return [status.value for status in access.statuses], [remark.message for remark in access.remarks]
