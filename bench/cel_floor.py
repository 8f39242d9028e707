"""The twelve expressions of the benchmark: types, data, and the Python function that does the same.

Data only. A floor takes the values of the variables in the order of ``data`` and is what somebody who knows Python
well would write for just these types: no fallback, no messages, no checks that the types make needless.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from penstock.cel.types import (
    BOOL,
    INT,
    NUMBER,
    STRING,
    Field,
    Record,
    Type,
    enumeration,
    list_of,
    record,
)


@dataclass(frozen=True, slots=True)
class Case:
    """``types`` are what a host that has a JSON Schema of its data can tell the checker."""

    name: str
    expression: str
    types: Mapping[str, Type]
    data: Mapping[str, object]
    floor: Callable[..., object]
    expected: object


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


if sys.version_info >= (3, 11):  # before, Python could not read the Z
    _moment = datetime.fromisoformat

_WEEK = timedelta(days=7)
_NAME = re.compile(r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
_CATEGORIES = frozenset({"model-lab", "orchestration-platform", "data-platform", "observability"})


def _presence(contract: Any) -> object:
    term = contract["spec"].get("termMonths")
    return term is not None and term <= 12


def _quantified(rollout: Any) -> object:
    for agent in rollout["agents"]:
        for owner in agent["owners"]:
            if owner["unit"] == "claims":
                break
        else:
            return False
    return True


def _pattern(agent: Any) -> object:
    return _NAME.search(agent["metadata"]["name"]) is not None


def _moments(agent: Any) -> object:
    spec = agent["spec"]
    return _moment(spec["endedAt"]) - _moment(spec["startedAt"]) <= _WEEK


def _message(task: Any, use_case: Any) -> object:
    return f"task `{task['name']}` of use case `{use_case}` has {task['reviewers']} reviewers"


def _membership(contract: Any) -> object:
    return contract["spec"]["category"] in _CATEGORIES


def _nested(agent: Any) -> object:
    autonomy = agent["spec"]["autonomy"]
    if autonomy == "suggest":
        return 0
    if autonomy == "act-with-approval":
        return 1
    return 2 if agent["spec"]["customerFacing"] else 3


def _gathered(use_case: Any) -> object:
    return len(
        [task["name"] for task in use_case["tasks"] if task["repeatable"] and task["modelTier"] == "frontier"]
    )


def _integers(budget: Any) -> object:
    return (budget["runs"] * 31 + budget["reserve"]) % budget["step"] - budget["runs"] // 7


def _doubles(task: Any, params: Any) -> object:
    return task["reliability"] * 100.0 >= params["minReliability"]


def _dates(contract: Any, params: Any) -> object:
    spec = contract["spec"]
    start = spec.get("startsOn")
    if start is None:
        start = spec.get("signedOn")
        if start is None:
            start = params["asOf"]
    ends = spec.get("endsOn")
    return ends is None or start <= ends <= params["lastDay"]


def _spec(title: str, fields: Mapping[str, Field]) -> Record:
    """A manifest as the schemas describe one."""
    metadata = record(f"{title}.metadata", {"name": Field(STRING, True)})
    spec = record(f"{title}.spec", fields)
    return record(
        title, {"kind": Field(STRING, True), "metadata": Field(metadata, True), "spec": Field(spec, True)}
    )


def _contract(**spec: object) -> dict[str, object]:
    metadata = {"name": "acme"}
    return {"kind": "VendorContract", "metadata": metadata, "spec": {"category": "observability", **spec}}


def _owners(size: int) -> dict[str, object]:
    """As many agents as owners; the owner that is looked for comes half way.

    Half way, because some peers stop at 10,000 iterations.
    """
    owners = [
        {"name": f"owner-{each}", "unit": "claims" if each == size // 2 else "sales"} for each in range(size)
    ]
    return {"agents": [{"owners": [dict(owner) for owner in owners]} for _ in range(size)]}


_OWNER = record("Owner", {"name": Field(STRING, True), "unit": Field(STRING, True)})
_AGENTS = list_of(record("Agent", {"owners": Field(list_of(_OWNER), True)}))
_QUANTIFIED = "rollout.agents.all(agent, agent.owners.exists(owner, owner.unit == 'claims'))"
_TASK = record(
    "Task",
    {
        "name": Field(STRING, True),
        "repeatable": Field(BOOL, True),
        "modelTier": Field(STRING, True),
        "reviewers": Field(INT, True),
        "reliability": Field(NUMBER, True),
    },
)
_TASK_DATA = {
    "name": "classify",
    "repeatable": True,
    "modelTier": "frontier",
    "reviewers": 3,
    "reliability": 0.975,
}
_TASKS = [
    {**_TASK_DATA, "repeatable": each % 2 == 0, "modelTier": "frontier" if each % 3 else "small"}
    for each in range(10)
]
_CONTRACT = _spec(
    "VendorContract",
    {
        "termMonths": Field(INT),
        "category": Field(enumeration((*sorted(_CATEGORIES), "other")), True),
        "startsOn": Field(STRING),
        "signedOn": Field(STRING),
        "endsOn": Field(STRING),
    },
)
_AGENT = _spec(
    "Agent",
    {
        "startedAt": Field(STRING, True),
        "endedAt": Field(STRING, True),
        "autonomy": Field(enumeration(("suggest", "act-with-approval", "autonomous")), True),
        "customerFacing": Field(BOOL, True),
    },
)
_AGENT_DATA = {
    "kind": "Agent",
    "metadata": {"name": "claims-triage-2"},
    "spec": {
        "startedAt": "2026-06-01T08:30:00Z",
        "endedAt": "2026-06-07T17:00:00Z",
        "autonomy": "autonomous",
        "customerFacing": False,
    },
}
_PARAMS_DATA = {"minReliability": 95, "asOf": "2026-11-20", "lastDay": "2027-01-31"}
_PARAMS = record(
    "params",
    {"minReliability": Field(NUMBER, True), "asOf": Field(STRING, True), "lastDay": Field(STRING, True)},
)
_BUDGET = record("Budget", {name: Field(INT, True) for name in ("runs", "reserve", "step")})

CASES: tuple[Case, ...] = (
    Case(
        "presence",
        "has(contract.spec.termMonths) && contract.spec.termMonths <= 12",
        {"contract": _CONTRACT},
        {"contract": _contract(termMonths=12)},
        _presence,
        True,
    ),
    Case(
        "quantified-10",
        _QUANTIFIED,
        {"rollout": record("Rollout", {"agents": Field(_AGENTS, True)})},
        {"rollout": _owners(10)},
        _quantified,
        True,
    ),
    Case(
        "quantified-100",
        _QUANTIFIED,
        {"rollout": record("Rollout", {"agents": Field(_AGENTS, True)})},
        {"rollout": _owners(100)},
        _quantified,
        True,
    ),
    Case(
        "pattern",
        "agent.metadata.name.matches('^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$')",
        {"agent": _AGENT},
        {"agent": _AGENT_DATA},
        _pattern,
        True,
    ),
    Case(
        "timestamps",
        "timestamp(agent.spec.endedAt) - timestamp(agent.spec.startedAt) <= duration('168h')",
        {"agent": _AGENT},
        {"agent": _AGENT_DATA},
        _moments,
        True,
    ),
    Case(
        "message",
        "'task `' + task.name + '` of use case `' + useCase + '` has ' + string(task.reviewers) + ' reviewers'",
        {"task": _TASK, "useCase": STRING},
        {"task": _TASK_DATA, "useCase": "claims-triage"},
        _message,
        "task `classify` of use case `claims-triage` has 3 reviewers",
    ),
    Case(
        "membership",
        "contract.spec.category in ['model-lab', 'orchestration-platform', 'data-platform', 'observability']",
        {"contract": _CONTRACT},
        {"contract": _contract()},
        _membership,
        True,
    ),
    Case(
        "conditional",
        "agent.spec.autonomy == 'suggest' ? 0 : agent.spec.autonomy == 'act-with-approval' ? 1"
        " : agent.spec.customerFacing ? 2 : 3",
        {"agent": _AGENT},
        {"agent": _AGENT_DATA},
        _nested,
        3,
    ),
    Case(
        "filter-map",
        "size(useCase.tasks.filter(task, task.repeatable && task.modelTier == 'frontier').map(task, task.name))",
        {"useCase": record("UseCase", {"tasks": Field(list_of(_TASK), True)})},
        {"useCase": {"tasks": _TASKS}},
        _gathered,
        3,
    ),
    Case(
        "integers",
        "(budget.runs * 31 + budget.reserve) % budget.step - budget.runs / 7",
        {"budget": _BUDGET},
        {"budget": {"runs": 12_345, "reserve": 678, "step": 1_000}},
        _integers,
        (12_345 * 31 + 678) % 1_000 - 12_345 // 7,
    ),
    Case(
        "doubles",
        "double(task.reliability) * 100.0 >= double(params.minReliability)",
        {"task": _TASK, "params": _PARAMS},
        {"task": _TASK_DATA, "params": _PARAMS_DATA},
        _doubles,
        True,
    ),
    Case(
        "dates",
        "!has(contract.spec.endsOn)"
        " || (has(contract.spec.startsOn) ? contract.spec.startsOn"
        " : has(contract.spec.signedOn) ? contract.spec.signedOn : params.asOf) <= contract.spec.endsOn"
        " && contract.spec.endsOn <= params.lastDay",
        {"contract": _CONTRACT, "params": _PARAMS},
        {
            "contract": _contract(signedOn="2026-02-01", endsOn="2026-12-31"),
            "params": _PARAMS_DATA,
        },
        _dates,
        True,
    ),
)
