"""Readings to a rollout, with every integrity finding that needs neither a policy nor a date.

Takes what the files of a rollout hold, in order; gives the rollout and its findings in the one order of findings.
One bad file never hides what is wrong with another. Must not read files, nor know of policies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from penstock.manifest import wording
from penstock.manifest.dangling import dangling_findings, meant
from penstock.manifest.intake import Intake, intake
from penstock.manifest.integrity import finding
from penstock.manifest.references import expects_referrers
from penstock.manifest.resource import Resource
from penstock.manifest.rollout import Rollout
from penstock.model import Finding, Location, Path, Related
from penstock.record import dataclass
from penstock.source.document import Reading

Place = Location | Callable[[], Location | None] | None
"""Where something is, or how to find that out."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A rollout and what is wrong with its manifests as such."""

    rollout: Rollout
    findings: tuple[Finding, ...]
    """Sorted by ``Finding.sort_key``."""


def load(name: str, root: str, readings: Iterable[Reading], config: Place = None) -> Loaded:
    """The rollout ``name`` under the folder ``root``, as shown to the user.

    ``config`` is where its penstock.yaml is, if it has one.
    """
    return link(name, root, map(intake, readings), config)


def link(name: str, root: str, intakes: Iterable[Intake], config: Place = None) -> Loaded:
    """As ``load``, from what the files hold."""
    found = _Found()
    for each in intakes:
        found.take(each)
    found.taken.clear()
    rollout = Rollout(name, root, found.resources, config, tuple(dict.fromkeys(found.unread)))
    findings = [
        *found.findings,
        *dangling_findings(rollout, found.reported),
        *_unreferenced(rollout),
        *_organizations(rollout),
    ]
    return Loaded(rollout, tuple(sorted(findings, key=lambda each: each.sort_key)))


class _Found:
    """What has been found so far, file by file."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.resources: list[Resource] = []
        self.unread: list[str] = []
        """Files that hold, or may hold, manifests which are not among the resources."""
        self.reported: set[tuple[Resource, Path]] = set()
        """The fields that are wrong in themselves."""
        self.taken: dict[str, Resource] = {}

    def take(self, given: Intake) -> None:
        """Take a file in, with what the names already taken say of it."""
        self.findings += given.findings
        if given.unread:
            self.unread.append(given.file.path)
        for number, path in given.reported:
            self.reported.add((given.resources[number], path))
        for resource in given.resources:
            self.resources.append(resource)
            first = self.taken.setdefault(resource.id, resource) if resource.id != resource.kind else resource
            if first is not resource:
                resource.valid = False
                duplicate = _duplicate(resource, first)
                self.findings.append(duplicate)
                self.reported.add((resource, duplicate.location.path))


def _duplicate(later: Resource, first: Resource) -> Finding:
    path = ("metadata", "name")
    message = f"the name {wording.name(later.name)} is already taken by another {later.kind}, in {first.file}"
    related = Related(first.location(path), f"the first {later.kind} of this name")
    return finding("LV005", message, later.location(path), (related,))


def _unreferenced(rollout: Rollout) -> Iterator[Finding]:
    if rollout.unread:
        # What refers to the resource may stand in a file that could not be read.
        return
    misspelled = meant(rollout)
    for resource in rollout.resources:
        if not expects_referrers(resource.kind) or rollout.referrers(resource):
            continue
        name = resource.name
        named = bool(name) and rollout.get(resource.kind, name) is resource
        if named and (resource.kind, name) not in misspelled:
            yield unreferenced(resource)


def unreferenced(resource: Resource) -> Finding:
    """That nothing refers to a resource."""
    message = f"nothing refers to {resource.kind} {wording.name(resource.name)}"
    return finding("LV007", message, resource.location(("metadata", "name")))


def _organizations(rollout: Rollout) -> Iterator[Finding]:
    first = rollout.organization
    for other in rollout.of_kind("Organization"):
        if first is not None and other is not first and (other.name != first.name or not other.name):
            path = ("metadata", "name")
            message = f"the rollout has several organizations: {other.id} besides {first.id}"
            related = Related(first.location(path), "the first Organization")
            yield finding("LV013", message, other.location(path), (related,))
