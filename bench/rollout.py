"""Write a generated rollout, as large as asked for, in which exactly the planted violations are found.

    python bench/rollout.py FOLDER --manifests 10000 [--seed 1] [--violations 0.01]
    python bench/rollout.py FOLDER --grants-to-one-source 20000

FOLDER gets penstock.yaml and the manifests, one a file. Beside it, FOLDER.planted.json says the day to judge by
and each finding that penstock must report: rule and file. The same arguments give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import rollout_company as company
import rollout_data as data
import rollout_use_case as parts
from rollout_company import Manifest
from rollout_place import STAGES, Place
from rollout_planted import Finding, plant
from rollout_yaml import document

AS_OF = "2026-11-20"
CONFIG = "apiVersion: config/v1\nname: {name}\npacks: [levie]\n"
COMPANY_SIZE = 9  # an organization, two labs, a platform, four tiers, a forecast for each unit
USE_CASE_SIZE = 23  # at most; the second of its data sources is shared, and counts once for several
SMALLEST_FULL = COMPANY_SIZE + 2 * USE_CASE_SIZE  # two use cases need every tier


def rollout(count: int, seed: int, share: float) -> Iterator[tuple[Manifest, list[Finding]]]:
    """`count` manifests; the findings that are planted stand beside the first manifest of its use case."""
    if count < SMALLEST_FULL:
        yield from ((manifest, []) for manifest in small(count, seed))
        return
    units = max(1, min(len(company.UNITS), (count - COMPANY_SIZE) // USE_CASE_SIZE // 4))
    shared = [company.organization(units), *company.labs(), company.platform(), *map(company.tier, company.TIERS)]
    shared += [company.forecast(unit, 2027) for unit in company.UNITS[:units]]
    yield from ((manifest, []) for manifest in shared)
    left, due, turn, number = count - len(shared), 0.0, seed, 0
    while left >= USE_CASE_SIZE:
        manifests = list(use_case(_place(number, units, seed)))
        number += 1
        left -= len(manifests)
        due += len(manifests) * share
        findings: list[Finding] = []
        if due >= 1:
            due -= 1
            findings = plant(manifests, turn)
            turn += 1
        for manifest in manifests:
            yield manifest, findings
            findings = []
    yield from ((manifest, []) for manifest in _filling(left, _place(0, units, seed)))


def small(count: int, seed: int) -> Iterator[Manifest]:
    """The smallest rollouts: an organization; with ten or more, one use case with one of everything it needs."""
    yield company.organization(1)
    place = _small_place(seed)
    if count < 10:
        yield from (company.forecast(place.unit, 2027 + year) for year in range(count - 1))
        return
    yield from company.labs()
    yield company.tier(place.tiers[0])
    yield parts.use_case(place)
    yield parts.agent(place, 0)
    yield parts.fte(place)
    yield data.source(place, 0)
    yield data.grant(place, 0, {"agent": place.agent(0)}, 0, "write")
    yield parts.budget(place, 0)
    yield from _filling(count - 10, place)


def grants_to_one_source(grants: int, seed: int) -> Iterator[Manifest]:
    """The smallest rollout with so many more grants to its one source: half to groups, half to its one agent."""
    yield from small(10, seed)
    place = _small_place(seed)
    for number in range(1, grants):
        principal = {"group": f"readers-{number}"} if number % 2 else {"agent": place.agent(0)}
        yield data.grant(place, number, principal, 0, "read")


def use_case(place: Place) -> Iterator[Manifest]:
    yield parts.use_case(place)
    for number in range(place.agents):
        yield parts.agent(place, number)
        for which in range(place.sources):
            permission = "write" if which == place.written else "read"
            principal = {"agent": place.agent(number)}
            yield data.grant(place, number * place.sources + which, principal, which, permission)
    for which in range(place.sources):
        if place.first_to_share or not place.shares(which):
            yield data.source(place, which)
        number = place.agents * place.sources + which
        yield data.grant(place, number, {"group": f"{place.unit}-handlers-{which}"}, which, "read")
    yield parts.budget(place, 0)
    yield parts.budget(place, 1)
    yield company.contract(
        f"{place.folder}/software.yaml", place.contract, f"Suite {place.number}", "enterprise-software", "both"
    )
    yield parts.fte(place)


def _place(number: int, units: int, seed: int) -> Place:
    return Place(number, company.UNITS[number % units], STAGES[(number + seed) % len(STAGES)])


def _small_place(seed: int) -> Place:
    return Place(seed, company.UNITS[0], "pilot", tiers=("frontier",), agents=1, sources=1, software=False)


def _filling(count: int, place: Place) -> Iterator[Manifest]:
    """More grants to people: what a rollout has most of, and what nothing else depends on."""
    for number in range(count):
        yield data.grant(place, 100 + number, {"group": f"more-readers-{number}"}, 0, "read")


def write(folder: Path, manifests: Iterator[tuple[Manifest, list[Finding]]]) -> list[Finding]:
    """Write them; gives what is planted. Refuses a folder that holds something else than a rollout."""
    if folder.exists() and any(folder.iterdir()) and not (folder / "penstock.yaml").is_file():
        raise SystemExit(f"{folder} exists and is no rollout")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "penstock.yaml").write_text(CONFIG.format(name="generated"), encoding="utf-8")
    made, planted = {folder}, list[Finding]()
    for manifest, findings in manifests:
        path = folder / manifest.path
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        comment = f"{manifest.kind} of the platform inventory; changes go through its owner"
        path.write_text(document(manifest.content, comment, manifest.width), encoding="utf-8")
        planted.extend(findings)
    return sorted(planted)


def planted_file(folder: Path) -> Path:
    """Where the list of planted findings is: beside the rollout, so that it is no part of it."""
    return folder.with_name(folder.name + ".planted.json")


def made_by() -> str:
    """Which generator this is: a digest of its source."""
    made = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("rollout*.py")):
        made.update(path.read_bytes())
    return made.hexdigest()


def make(folder: Path, manifests: int, grants: int = 0, seed: int = 1, share: float = 0.01) -> list[Finding]:
    """Write a rollout and, beside it, what is planted in it. `grants` not 0: that many to one source instead."""
    stream = ((m, []) for m in grants_to_one_source(grants, seed)) if grants else rollout(manifests, seed, share)
    planted = write(folder, stream)
    text = json.dumps({"asOf": AS_OF, "made": made_by(), "findings": planted}, indent=1)
    planted_file(folder).write_text(text + "\n", encoding="utf-8")
    return planted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--manifests", type=int, default=10_000)
    parser.add_argument("--grants-to-one-source", type=int, default=0, metavar="COUNT")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--violations", type=float, default=0.01, help="share of the manifests, 0.04 at most")
    chosen = parser.parse_args()
    if chosen.manifests < 1 or not 0 <= chosen.violations <= 1 / USE_CASE_SIZE:
        parser.error("--manifests must be 1 or more, --violations from 0 to 0.04")
    planted = make(
        chosen.folder.resolve(), chosen.manifests, chosen.grants_to_one_source, chosen.seed, chosen.violations
    )
    print(f"{chosen.folder}: {len(planted)} planted violations, listed in {planted_file(chosen.folder)}")


if __name__ == "__main__":
    main()
