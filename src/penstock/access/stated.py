"""What manifests state about access: grants, the tools and servers of agents, the needs of use cases.

Takes usable resources, gives the records of ``penstock.access.pair``. Judges nothing but whether a grant is in
force on a day.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from penstock.access.pair import Force, Grant, Need, Permission, Place, Principal, Scope, Way
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout

_ALL = "*"
"""In a scope: no limit."""


def usable(rollout: Rollout, kind: str) -> tuple[Resource, ...]:
    """The resources of a kind that keep their schema, in file order."""
    return tuple(resource for resource in rollout.of_kind(kind) if resource.valid)


def find(rollout: Rollout, kind: str, name: str | None) -> Resource | None:
    """The resource of that kind and name, if it keeps its schema."""
    resource = rollout.get(kind, name) if name is not None else None
    return resource if resource is not None and resource.valid else None


def name_of(resource: Resource) -> Place:
    """The name of a resource, where it stands."""
    return Place(resource, ("metadata", "name"))


def grant(resource: Resource, as_of: str) -> Grant:
    """What an AccessGrant says."""
    spec: dict[str, Any] = resource.data["spec"]
    (kind, name), *_ = spec["principal"].items()
    review_on = spec.get("reviewOn")
    return Grant(
        name=resource.name,
        principal=Principal(kind, name),
        source=spec["dataSource"],
        permission=Permission(spec["permission"]),
        scope=_scope(spec.get("scope") or {}),
        purpose=spec.get("purpose"),
        approver=spec.get("approver"),
        granted_on=spec.get("grantedOn"),
        expires_on=spec.get("expiresOn"),
        review_on=review_on,
        force=_force(spec.get("grantedOn"), spec.get("expiresOn"), as_of),
        review_is_due=review_on is not None and review_on < as_of,
        place=name_of(resource),
    )


def ways(resource: Resource) -> Iterator[Way]:
    """The sources behind each tool, then behind each MCP server, of an Agent."""
    for field, kind in (("tools", "tool"), ("mcpServers", "mcp-server")):
        for index, way in enumerate(resource.data["spec"].get(field, ())):
            for at, source in enumerate(way.get("dataSources", ())):
                yield Way(
                    kind,
                    way["name"],
                    source["name"],
                    Permission(source["permission"]),
                    way.get("url"),
                    Place(resource, ("spec", field, index, "dataSources", at, "permission")),
                )


def needs(resource: Resource) -> dict[str, Need]:
    """What a UseCase needs, by source: its schema lets it name each once."""
    return {
        need["name"]: Need(
            use_case=resource.name,
            source=need["name"],
            permission=Permission(need["permission"]),
            purpose=need.get("purpose"),
            place=Place(resource, ("spec", "dataSources", index, "permission")),
        )
        for index, need in enumerate(resource.data["spec"].get("dataSources", ()))
    }


def acts_as(resource: Resource) -> Principal | None:
    """The group or person whose access an Agent borrows."""
    borrowed = resource.data["spec"].get("actsAs")
    return Principal(*next(iter(borrowed.items()))) if borrowed else None


def _scope(stated: dict[str, Any]) -> Scope:
    def part(field: str) -> tuple[str, ...]:
        values = tuple(stated.get(field, ()))
        return () if _ALL in values else values

    rows = stated.get("rows")
    return Scope(part("tables"), part("paths"), part("columns"), None if rows == _ALL else rows)


def _force(first: str | None, last: str | None, as_of: str) -> Force:
    if last is not None and last < as_of:
        return Force.EXPIRED
    return Force.NOT_YET if first is not None and first > as_of else Force.IN_FORCE
