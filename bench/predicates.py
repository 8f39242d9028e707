"""Rules that somebody might write by hand in Python instead: twenty of penstock's, for generated rollouts only.

Takes documents as PyYAML loads them, by path; gives findings as rule and path. No lines, no messages and no
schema: a floor for judging, not a linter. It must not know penstock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

AS_OF = date(2026, 11, 20)
Document = dict[str, Any]
Named = dict[str, dict[str, Document]]
LIVE = ("pilot", "production")


def findings(documents: dict[str, Document]) -> list[tuple[str, str]]:
    by_name: Named = {}
    for document in documents.values():
        by_name.setdefault(document["kind"], {})[document["metadata"]["name"]] = document
    granted: dict[str, set[str]] = {}
    for grant in by_name.get("AccessGrant", {}).values():
        agent = grant["spec"]["principal"].get("agent")
        if agent:
            granted.setdefault(agent, set()).add(grant["spec"]["dataSource"])
    users: dict[str, list[Document]] = {}
    for use_case in by_name.get("UseCase", {}).values():
        for need in use_case["spec"]["dataSources"]:
            users.setdefault(need["name"], []).append(use_case)
    found = []
    for path, document in documents.items():
        kind = document["kind"]
        if kind == "Agent":
            rules = _agent(document, by_name, granted)
        elif kind == "DataSource":
            rules = _source(document, users)
        else:
            judge = KINDS.get(kind)
            rules = judge(document["spec"], by_name) if judge else iter(())
        found += [(rule, path) for rule in rules]
    return found


def _grant(spec: Document, by_name: Named) -> Iterator[str]:
    if spec["permission"] not in ("read", "write", "admin"):
        yield "LV004"
        return
    source = by_name["DataSource"].get(spec["dataSource"])
    if source is None:
        yield "LV006"
        return
    owner = source["spec"].get("owner")
    if owner and spec.get("approver") != owner:
        yield "LV305"
    if spec["expiresOn"] < AS_OF or spec["reviewOn"] < AS_OF:
        yield "LV306"
    classification = source["spec"]["classification"]
    bounded = bool(spec.get("scope"))
    if classification in ("confidential", "restricted") and (spec["principal"].get("group") == "*" or not bounded):
        yield "LV304"
    if classification == "restricted" and ("purpose" not in spec or not bounded):
        yield "LV307"


def _agent(document: Document, by_name: Named, granted: dict[str, set[str]]) -> Iterator[str]:
    spec = document["spec"]
    if "fteOwner" not in spec:
        yield "LV601"
    if "autonomy" not in spec:
        yield "LV1201"
    if not all(spec.get("conditions", {}).get(key) for key in ("start", "stop", "done")):
        yield "LV1204"
    if spec.get("modelAccess", {}).get("via") != "gateway":
        yield "LV804"
    use_case = by_name["UseCase"][spec["useCase"]]["spec"]
    if use_case["stage"] in LIVE:
        has = granted.get(document["metadata"]["name"], set())
        if any(need["name"] not in has for need in use_case["dataSources"]):
            yield "LV301"
        if any(reached["name"] not in has for tool in spec["tools"] for reached in tool["dataSources"]):
            yield "LV309"


def _budget(spec: Document, _: Named) -> Iterator[str]:
    owner = spec.get("owner", {})
    if "budget" not in owner or "accountable" not in owner:
        yield "LV402"
    if any(key not in spec.get("attribution", {}) for key in ("task", "team", "workflow")):
        yield "LV403"
    planned = max(sum(part["amount"] for part in spec["allocations"]), spec["forecast"]["amount"])
    if planned > spec["maxBudget"]:
        yield "LV408"


def _source(document: Document, users: dict[str, list[Document]]) -> Iterator[str]:
    spec = document["spec"]
    if "owner" not in spec:
        yield "LV204"
    live = any(use_case["spec"]["stage"] in LIVE for use_case in users.get(document["metadata"]["name"], ()))
    if live and any(gap["status"] != "closed" for gap in spec["audit"]["gaps"]):
        yield "LV206"


def _contract(spec: Document, _: Named) -> Iterator[str]:
    terms = spec.get("exit", {})
    if "dataExport" not in terms or not terms.get("terminationForConvenience"):
        yield "LV809"


def _use_case(spec: Document, by_name: Named) -> Iterator[str]:
    if spec["stage"] in LIVE and "plan" not in spec.get("changeManagement", {}):
        yield "LV1005"
    for task in spec["tasks"]:
        tier = by_name["ModelTier"][task["modelTier"]]["spec"]["tier"]
        if tier == "frontier" and (task["complexity"] == "low" or task["saturated"]):
            yield "LV502"
    metrics: dict[str, set[str]] = {}
    for need in spec["dataSources"]:
        for metric in by_name["DataSource"][need["name"]]["spec"]["metrics"]:
            metrics.setdefault(metric["name"], set()).add(metric["definition"])
    if any(len(definitions) > 1 for definitions in metrics.values()):
        yield "LV205"


KINDS: dict[str, Callable[[Document, Named], Iterator[str]]] = {
    "AccessGrant": _grant,
    "TokenBudget": _budget,
    "VendorContract": _contract,
    "UseCase": _use_case,
}
