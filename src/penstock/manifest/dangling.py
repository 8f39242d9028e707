"""References that lead nowhere (LV006).

Takes a rollout, gives a finding for each edge without a target, at the field, with the name most likely meant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from penstock.manifest import shapes, wording
from penstock.manifest.integrity import finding
from penstock.manifest.near import nearest
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Edge, Rollout
from penstock.model import Finding, Path, Related


def dangling_findings(rollout: Rollout, reported: Collection[tuple[Resource, Path]] = ()) -> Iterator[Finding]:
    """One finding for each dangling edge, except at the fields ``reported`` as wrong in themselves."""
    for edge in rollout.dangling():
        if (edge.source, edge.path) not in reported:
            yield dangling_finding(rollout, edge)


def dangling_finding(rollout: Rollout, edge: Edge) -> Finding:
    """That a name does not exist, with what was most likely meant."""
    return _element(rollout, edge) if edge.field.items is not None else _resource(rollout, edge)


def meant(rollout: Rollout) -> set[tuple[str, str]]:
    """Kind and name of the resources that dangling references were most likely meant for."""
    missed = {(edge.kind, edge.name) for edge in rollout.dangling() if edge.field.items is None}
    near = {(kind, nearest(name, rollout.names(kind))) for kind, name in missed}
    return {(kind, name) for kind, name in near if name is not None}


def unread_note(rollout: Rollout) -> str:
    """The addition to a message that something does not exist, while some files could not be read."""
    if not rollout.unread:
        return ""
    files = wording.any_of(rollout.unread[:3], "and")
    return f" ({files} could not be read in full, and may define it)"


def missing_resource(rollout: Rollout, kind: str, name: str) -> tuple[str, str]:
    """The message that there is no resource of that kind and name, and what there is instead."""
    names = rollout.names(kind)
    message = (
        f"there is no {kind} named {wording.name(name)}{wording.did_you_mean(name, names)}{unread_note(rollout)}"
    )
    others = [resource for other in shapes.kinds() if (resource := rollout.get(other, name)) is not None]
    if others and nearest(name, names) is None:
        return message, f"{others[0].id} has that name, but the reference is to the kind {kind}"
    if not names:
        return message, f"the rollout has no {kind}"
    return message, f"the {kind} manifests of this rollout: {wording.listing(names)}"


def _resource(rollout: Rollout, edge: Edge) -> Finding:
    message, help_text = missing_resource(rollout, edge.kind, edge.name)
    return finding("LV006", message, edge.source.location(edge.path), edge.source.related(edge.path), help_text)


def _element(rollout: Rollout, edge: Edge) -> Finding:
    items: Path = edge.field.items or ()
    holders = rollout.holders(edge.field, edge.source, edge.of) or ()
    names = sorted({name for holder in holders for name in rollout.element_names(holder, items)})
    listed = wording.code(".".join(map(str, items)))
    meant = wording.did_you_mean(edge.name, names)
    if not holders:
        message = f"there is no {edge.kind} whose {listed} could have an element named {wording.name(edge.name)}"
    else:
        where = _holder_text(edge, [holder.id for holder in holders])
        message = f"no element of {listed} in {where} is named {wording.name(edge.name)}{meant}"
    related = edge.source.related(edge.path)
    if len(holders) == 1 and holders[0] is not edge.source:
        related += (Related(holders[0].location(items), "the elements are listed here"),)
    if names:
        help_text = f"the elements of this list: {wording.listing(names)}"
    else:
        help_text = f"{listed} has no elements with a name" if holders else f"the rollout has no {edge.kind}"
    at = edge.source.location(edge.path)
    note = unread_note(rollout) if edge.field.kind is not None else ""
    return finding("LV006", message + note, at, related, help_text)


def _holder_text(edge: Edge, ids: Sequence[str]) -> str:
    if edge.field.kind is None:
        return "this manifest"
    return ids[0] if len(ids) == 1 else f"any {edge.kind}"
