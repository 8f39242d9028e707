"""Whatever is done to a rollout between two runs: the answer is what a run without a cache says."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from answered import CONFIG, POLICY, Clock, contract, found_out, keep_states, run

Edit = Callable[[random.Random, Path], None]

WORDS = ((), ("-o", "json"), ("--exit-zero",), ("sub",), ("--statistics",), ("sub/three.yaml", "two.yaml"))


def put(path: Path, text: str) -> None:
    """Write a file so that its stamp is another than before, however fast the clock of the disk is asked again."""
    before = path.lstat().st_ctime_ns if path.is_symlink() or path.exists() else 0
    if path.is_symlink():
        path.unlink()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    while path.stat().st_ctime_ns == before:
        path.chmod(0o644)


def manifests(root: Path) -> list[Path]:
    return sorted(
        path for path in root.rglob("*.yaml") if "policies" not in path.parts and path.name != "penstock.yaml"
    )


def some(rng: random.Random, root: Path) -> Path:
    found = [path for path in manifests(root) if path.is_file() and not path.is_symlink()]
    return rng.choice(found) if found else root / "one.yaml"


def same_size(rng: random.Random, root: Path) -> None:
    path = some(rng, root)
    put(path, contract(path.stem, rng.choice(["acme", "beta", "gama"])))


def other_size(rng: random.Random, root: Path) -> None:
    path = some(rng, root)
    put(path, contract(path.stem, rng.choice(["abc", "acme-lab"])))


def unseen_time(rng: random.Random, root: Path) -> None:
    path = some(rng, root)
    if path.exists():
        status = path.stat()
        same_size(rng, root)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def touch(rng: random.Random, root: Path) -> None:
    path = some(rng, root)
    if path.exists():
        os.utime(path)


def add(rng: random.Random, root: Path) -> None:
    name = rng.choice(["four", "five", "two"])
    put(root / rng.choice(["", "sub", "new/deep"]) / f"{name}.yaml", contract(name))


def delete(rng: random.Random, root: Path) -> None:
    some(rng, root).unlink(missing_ok=True)


def rename(rng: random.Random, root: Path) -> None:
    path = some(rng, root)
    if path.exists():
        path.rename(path.with_name(rng.choice(["moved.yaml", "moved.txt", ".moved.yaml", "one.yaml"])))


def move_folder(rng: random.Random, root: Path) -> None:
    here, there = rng.sample(["sub", "new", "away"], 2)
    if (root / here).is_dir() and not (root / there).exists():
        (root / here).rename(root / there)


def swap(rng: random.Random, root: Path) -> None:
    if (root / "one.yaml").exists() and (root / "two.yaml").exists():
        (root / "one.yaml").rename(root / "between")
        (root / "two.yaml").rename(root / "one.yaml")
        (root / "between").rename(root / "two.yaml")


def link(rng: random.Random, root: Path) -> None:
    path = root / "one.yaml"
    target = rng.choice([root / "sub" / "three.yaml", root.parent / "outside.yaml", root / "nowhere.yaml"])
    (root.parent / "outside.yaml").write_text(contract("outside"))
    path.unlink(missing_ok=True)
    path.symlink_to(target)


def ignore(rng: random.Random, root: Path) -> None:
    folder = rng.choice([root, root / "sub"])
    put(folder / ".gitignore", rng.choice(["", "two.yaml\n", "sub/\n", "*.yaml\n!one.yaml\n"]))


def not_ignore(rng: random.Random, root: Path) -> None:
    for folder in (root, root / "sub"):
        (folder / ".gitignore").unlink(missing_ok=True)


def exclude_of_git(rng: random.Random, root: Path) -> None:
    put(rng.choice([root, root.parent]) / ".git" / "info" / "exclude", rng.choice(["", "two.yaml\n", "sub\n"]))


def configuration(rng: random.Random, root: Path) -> None:
    more = ["", "failOn: warning\n", "ignore: [ACME001]\n", "rules: {ACME001: {severity: info}}\n", "name: [\n"]
    put(root / "penstock.yaml", CONFIG + rng.choice(more))


def inclusion(rng: random.Random, root: Path) -> None:
    patterns = ["include: ['sub/']", "include: ['*.yaml', '*.txt']", "exclude: ['one.*', policies]"]
    put(root / "penstock.yaml", f"name: acme\npacks: [./policies]\nmanifests: {{{rng.choice(patterns)}}}\n")


def no_configuration(rng: random.Random, root: Path) -> None:
    (root / "penstock.yaml").unlink(missing_ok=True)


def another_rollout(rng: random.Random, root: Path) -> None:
    marker = root / "sub" / "penstock.yaml"
    if marker.exists():
        marker.unlink()
    else:
        put(marker, "packs: [../policies]\n")


def rollout_above(rng: random.Random, root: Path) -> None:
    marker = root.parent / "penstock.yaml"
    if marker.exists():
        marker.unlink()
    else:
        put(marker, "name: above\npacks: [./rollout/policies]\nmanifests: {exclude: [policies]}\n")


def policy(rng: random.Random, root: Path) -> None:
    put(
        root / "policies" / "vendor-too-long.yaml",
        POLICY.replace("too long", rng.choice(["too long", "too wide"])),
    )


def more_policies(rng: random.Random, root: Path) -> None:
    path = root / "policies" / "more" / "second.yaml"
    if path.exists():
        path.unlink()
    else:
        put(path, POLICY.replace("ACME001", "ACME002").replace("vendor-too-long", "second"))


def baseline(rng: random.Random, root: Path) -> None:
    path = root / "penstock-baseline.yaml"
    if path.exists():
        path.unlink()
        return
    entry = "{rule: ACME001, resource: VendorContract/one, path: spec.vendor, since: 2026-11-01}"
    put(path, f"apiVersion: baseline/v1\nentries: [{entry}]\n")


def beside(rng: random.Random, root: Path) -> None:
    put(root / rng.choice(["README.md", "notes/a.txt", ".hidden.yaml"]), str(rng.random()))


def mend(root: Path) -> None:
    """Back to where answers are kept."""
    put(root / "penstock.yaml", CONFIG)
    (root / "penstock-baseline.yaml").unlink(missing_ok=True)
    put(root / "one.yaml", contract("one"))


EDITS: tuple[Edit, ...] = (
    same_size, other_size, unseen_time, touch, add, delete, rename, move_folder, swap, link, ignore, not_ignore,
    exclude_of_git, configuration, inclusion, no_configuration, another_rollout, rollout_above, policy,
    more_policies, baseline, beside,
)  # fmt: skip
FREQUENT: tuple[Edit, ...] = (same_size, other_size, add, configuration)


@pytest.mark.parametrize("stateful", [False, True], ids=["read-whole", "with-states"])
@pytest.mark.parametrize("seed", range(10))
def test_edits(rollout: Path, clock: Clock, seed: int, stateful: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if stateful:
        keep_states(monkeypatch)
    rng = random.Random(seed)
    answered = 0
    run()
    for _ in range(14):
        if rng.random() < 0.4:
            mend(rollout)
        for edit in rng.choices((*EDITS, *FREQUENT), k=rng.choice([0, 1, 1, 1, 2])):
            edit(rng, rollout)
        if rng.random() < 0.15:
            clock.day = rng.choice(["2026-11-20", "2026-11-21", "2026-12-01"])
        # Half of the runs see changes that are too young for their stamps to be trusted.
        clock.later = rng.choice([0, 10])
        words = rng.choice((WORDS[0], WORDS[0], *WORDS))
        expected = found_out(*words)
        for _ in range(3):
            done = run(*words)
            assert done[:3] == expected
            answered += done.answered
    assert answered
