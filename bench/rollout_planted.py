"""Plant violations in the manifests of a use case, and say which finding each must give.

Takes the manifests of a use case and changes one of them; gives the rules and files of the findings that penstock
must report for it, no more and no fewer. A use case gets one violation at most, so that no two meet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from rollout_company import Manifest

Finding = tuple[str, str]  # the rule's id and the file


@dataclass(frozen=True, slots=True)
class Planted:
    """One way to break a manifest of a kind. `rules`: what finds it. `live`: only in a pilot or in production."""

    rules: str
    kind: str
    change: Callable[[Manifest], object]
    live: bool = False
    only: Callable[[Manifest], bool] = lambda _: True
    # The file that has the finding: where a rule looks across manifests, it may be another than the changed one.
    file: Callable[[Manifest], str] = lambda manifest: manifest.path


def _drop(*keys: str) -> Callable[[Manifest], object]:
    def change(manifest: Manifest) -> None:
        inside = manifest.spec
        for key in keys[:-1]:
            inside = inside[key]
        del inside[keys[-1]]

    return change


def _set(value: object, *keys: str) -> Callable[[Manifest], object]:
    def change(manifest: Manifest) -> None:
        inside = manifest.spec
        for key in keys[:-1]:
            inside = inside[key]
        inside[keys[-1]] = value

    return change


def _to_group(manifest: Manifest) -> bool:
    return "group" in manifest.spec["principal"]


def _restricted(manifest: Manifest) -> bool:
    return _to_group(manifest) and manifest.spec["dataSource"].endswith("-data-0")


def _sensitive(manifest: Manifest) -> bool:
    return _to_group(manifest) and not manifest.spec["dataSource"].endswith("-data-2")


def _own(source: Manifest) -> bool:
    return not source.path.startswith("shared/")


def _needed(manifest: Manifest) -> bool:
    return "agent" in manifest.spec["principal"] and manifest.spec["dataSource"].endswith("-data-0")


def _to_people(manifest: Manifest) -> None:
    manifest.spec["principal"] = {"group": "handlers"}


def _misspelt(manifest: Manifest) -> None:
    manifest.spec["dataSource"] += "x"


def _on_frontier(manifest: Manifest) -> bool:
    return bool(manifest.spec["tasks"][-1]["modelTier"] == "frontier")


def _simple(manifest: Manifest) -> None:
    manifest.spec["tasks"][-1]["complexity"] = "low"


def _metric(manifest: Manifest) -> None:
    manifest.spec["metrics"][0]["definition"] = "Cases without a decision at noon"


def _open_gap(manifest: Manifest) -> None:
    gap = manifest.spec["audit"]["gaps"][0]
    gap["status"] = "open"
    del gap["closedOn"]


def _its_agent(grant: Manifest) -> str:
    number = grant.spec["principal"]["agent"].rsplit("-", 1)[1]
    return f"{PurePosixPath(grant.path).parent.parent}/agent-{number}.yaml"


def _its_use_case(manifest: Manifest) -> str:
    return f"{PurePosixPath(manifest.path).parent}/use-case.yaml"


PLANTED = (
    Planted("LV305", "AccessGrant", _set("somebody.else@northgate.example", "approver"), only=_to_group),
    Planted("LV306", "AccessGrant", _set("2026-11-01", "expiresOn"), only=_to_group),
    Planted("LV304", "AccessGrant", _set("*", "principal", "group"), only=_sensitive),
    Planted("LV307", "AccessGrant", _drop("purpose"), only=_restricted),
    Planted("LV006", "AccessGrant", _misspelt, only=_to_group),
    Planted("LV004", "AccessGrant", _set("reed", "permission"), only=_to_group),
    Planted("LV301 LV309", "AccessGrant", _to_people, live=True, only=_needed, file=_its_agent),
    Planted("LV601", "Agent", _drop("fteOwner")),
    Planted("LV1201", "Agent", _drop("autonomy")),
    Planted("LV1204", "Agent", _drop("conditions", "stop")),
    Planted("LV804", "Agent", _set("direct", "modelAccess", "via")),
    Planted("LV402", "TokenBudget", _drop("owner", "budget")),
    Planted("LV408", "TokenBudget", _set(6000, "maxBudget")),
    Planted("LV403", "TokenBudget", _drop("attribution", "team")),
    Planted("LV204", "DataSource", _drop("owner"), only=_own),
    Planted("LV206", "DataSource", _open_gap, live=True, only=_own),
    Planted("LV205", "DataSource", _metric, file=_its_use_case, only=_own),
    Planted("LV809", "VendorContract", _drop("exit", "dataExport")),
    Planted("LV1005", "UseCase", _drop("changeManagement"), live=True),
    Planted("LV502", "UseCase", _simple, only=_on_frontier),
)


def plant(manifests: list[Manifest], turn: int) -> list[Finding]:
    """Break one of a use case's manifests; which rule's turn it is goes by `turn`."""
    stage = next(manifest.spec["stage"] for manifest in manifests if manifest.kind == "UseCase")
    live = stage in ("pilot", "production")
    for offset in range(len(PLANTED)):
        way = PLANTED[(turn + offset) % len(PLANTED)]
        fitting = [each for each in manifests if each.kind == way.kind and way.only(each)]
        if fitting and (live or not way.live):
            chosen = fitting[turn % len(fitting)]
            findings = [(rule, way.file(chosen)) for rule in way.rules.split()]
            way.change(chosen)
            return findings
    return []
