"""The map of access for programs: by the published schema ``schemas/access/v1``.

Every key is always present, in one order; what does not apply is null or empty. Texts come unaltered.
"""

from __future__ import annotations

from typing import Any

from penstock import __version__
from penstock.access.model import AccessMap, Agent, Blast, Copy, Holder, Source, Task
from penstock.access.pair import Access, Grant, Need, Permission, Place, Principal, Remark, Way
from penstock.render.json import pointer
from penstock.render.serialize import json_text

API_VERSION = "access/v1"


def render(found: AccessMap) -> str:
    """The map as JSON, two spaces deep, with a final newline."""
    return json_text(
        {
            "apiVersion": API_VERSION,
            "tool": {"name": "penstock", "version": __version__},
            "rollout": found.rollout,
            "asOf": found.as_of,
            "agents": [_agent(agent) for agent in found.agents],
            "holders": [_holder(holder) for holder in found.holders],
            "dataSources": [_source(source) for source in found.sources],
            "idleUseCases": list(found.idle_use_cases),
            "leftOut": list(found.left_out),
        }
    )


def _agent(agent: Agent) -> dict[str, Any]:
    return {
        "name": agent.name,
        "title": agent.title,
        "useCase": agent.use_case,
        "stage": agent.stage,
        "actsAs": _principal(agent.acts_as) if agent.acts_as else None,
        "location": _location(agent.place),
        "blastRadius": _blast(agent.blast),
        "accesses": [_access(access) for access in agent.accesses],
    }


def _blast(blast: Blast) -> dict[str, Any]:
    return {
        "reached": dict(blast.reached),
        "changeable": dict(blast.changed),
        "changes": list(blast.writes),
        "copies": [_copy(copy) for copy in blast.copies],
        "customerFacing": blast.customer_facing,
        "autonomy": blast.autonomy,
        "tasks": [_task(task) for task in blast.tasks],
        "inputGuardrails": blast.guards_in,
        "outputGuardrails": blast.guards_out,
        "killSwitch": blast.kill_switch,
        "operators": list(blast.operators),
    }


def _copy(copy: Copy) -> dict[str, Any]:
    return {
        "dataSource": copy.source,
        "copyOf": copy.copy_of,
        "bothReached": copy.both,
        "systemOfRecord": copy.system_of_record,
    }


def _task(task: Task) -> dict[str, Any]:
    checkpoints = [{"name": one.name, "when": one.when, "reviewer": one.reviewer} for one in task.checkpoints]
    return {"name": task.name, "checkpoints": checkpoints, "finalReviewer": task.final_reviewer}


def _holder(holder: Holder) -> dict[str, Any]:
    return {
        "principal": _principal(holder.principal),
        "lendsTo": list(holder.lends_to),
        "accesses": [_access(access) for access in holder.accesses],
    }


def _access(access: Access) -> dict[str, Any]:
    return {
        "principal": _principal(access.principal),
        "dataSource": access.source,
        "classification": access.classification,
        "reach": _permission(access.reach),
        "granted": _permission(access.granted),
        "wired": _permission(access.wired),
        "needed": _permission(access.needed),
        "statuses": [status.value for status in access.statuses],
        "remarks": [_remark(remark) for remark in access.remarks],
        "grants": [_grant(grant, borrowed=access.borrows(grant)) for grant in access.grants],
        "ways": [_way(way) for way in access.ways],
        "need": _need(access.need) if access.need else None,
    }


def _remark(remark: Remark) -> dict[str, Any]:
    return {
        "status": remark.status.value,
        "message": remark.message,
        "grant": remark.grant,
        "location": _location(remark.place),
    }


def _grant(grant: Grant, *, borrowed: bool) -> dict[str, Any]:
    return {
        "name": grant.name,
        "principal": _principal(grant.principal),
        "borrowed": borrowed,
        "permission": grant.permission.value,
        "scope": {
            "tables": list(grant.scope.tables),
            "paths": list(grant.scope.paths),
            "columns": list(grant.scope.columns),
            "rows": grant.scope.rows,
        },
        "purpose": grant.purpose,
        "approver": grant.approver,
        "grantedOn": grant.granted_on,
        "expiresOn": grant.expires_on,
        "reviewOn": grant.review_on,
        "force": grant.force.value,
        "reviewIsDue": grant.review_is_due,
        "location": _location(grant.place),
    }


def _way(way: Way) -> dict[str, Any]:
    return {
        "kind": way.kind,
        "name": way.name,
        "url": way.url,
        "permission": way.permission.value,
        "location": _location(way.place),
    }


def _need(need: Need) -> dict[str, Any]:
    return {
        "useCase": need.use_case,
        "permission": need.permission.value,
        "purpose": need.purpose,
        "location": _location(need.place),
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "title": source.title,
        "classification": source.classification,
        "owner": source.owner,
        "governance": source.governance,
        "systemOfRecord": source.system_of_record,
        "copies": list(source.copies),
        "neededBy": [_need(need) for need in source.needed_by],
        "location": _location(source.place) if source.place else None,
    }


def _principal(principal: Principal) -> dict[str, str]:
    return {"kind": principal.kind, "name": principal.name}


def _permission(permission: Permission | None) -> str | None:
    return permission.value if permission else None


def _location(place: Place) -> dict[str, Any]:
    where = place.location
    start = where.span.start if where.span else None
    return {
        "file": where.file,
        "line": start.line if start else None,
        "column": start.column if start else None,
        "resource": where.resource,
        "pathText": where.path_text,
        "pointer": pointer(where.path),
    }
