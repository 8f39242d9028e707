"""How the work grows with a rollout: counted in steps, never timed.

A step is a line of Python executed, once for each turn of a loop, or a function entered. Counts differ a little
between versions of Python and not at all between runs, so that a bound can be close. What seconds these are,
`bench/run.py` says.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"
COUNT = Path(__file__).with_name("count_steps.py")
AS_OF = "2026-11-20"
SETTLED = 4  # seconds

MANIFESTS = (186, 365, 723)
"""Eight use cases with all that belongs to them, sixteen, and thirty-two: the same mix in each."""

GRANTS = (200, 400, 800)

MORE = MANIFESTS[2] - MANIFESTS[1]

TWICE = 2.03
"""What twice the manifests may cost, where twice is 2. What a run costs in any case is subtracted before.

A term that grows with the square shows early: at 2.03 it is as large as all the rest from 35,000 manifests on.
"""

COLD_STEPS = 3_000
"""At most, for one more manifest, with every rule of the built-in pack."""

EDITED_STEPS = 150
"""At most, for one more manifest when one file was edited since the last run."""

POLICY_STEPS = 76_000
"""At most, for a policy of one's own that is checked and compiled for the first time: one like the built-in ones.

What Python does to compile what is generated is not counted.
"""

WARM_STEPS = 20
"""At most, for one more manifest when nothing was changed since the last run."""

pytestmark = pytest.mark.skipif(not BENCH.is_dir(), reason="the generator is in a checkout only")


@dataclass(frozen=True)
class Counted:
    """Steps of a first run, of a second one right after it, and of a third one after an edit of one file."""

    cold: int
    warm: int
    edited: int


class Counter:
    """Counts runs over generated rollouts. The policies are compiled before, as for any user's second run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seeded = folder / "cache"
        self.made = 0
        self.least = self._write("--manifests", 1)
        self.rollouts = {count: self._write("--manifests", count) for count in MANIFESTS}
        self.grants = {count: self._write("--grants-to-one-source", count) for count in GRANTS}
        # What was written a moment ago is looked at again, since it might be written again within a tick.
        time.sleep(SETTLED)
        self._run(self.least, self.seeded)

    def count(self, rollout: Path) -> Counted:
        """All three runs."""
        cache = self._cache()
        cold, warm = self._run(rollout, cache), self._run(rollout, cache)
        edited = min(rollout.glob("units/*/*/grants/*.yaml"))
        edited.write_bytes(edited.read_bytes().replace(b"  purpose: ", b"  purpose: Another word. ", 1))
        return Counted(cold, warm, self._run(rollout, cache))

    def cold(self, rollout: Path, *options: str) -> int:
        """The first run alone."""
        return self._run(rollout, self._cache(), options)

    def _cache(self) -> Path:
        self.made += 1
        return Path(shutil.copytree(self.seeded, self.folder / f"cache-{self.made}"))

    def _write(self, option: str, count: int) -> Path:
        # Without violations: the first one of a kind brings in what explains it, which is no growth.
        rollout = self.folder / f"{option.strip('-')}-{count}"
        command = [
            sys.executable,
            str(BENCH / "rollout.py"),
            str(rollout),
            option,
            str(count),
            "--violations",
            "0",
        ]
        subprocess.run(command, check=True, capture_output=True)
        return rollout

    def _run(self, rollout: Path, cache: Path, options: tuple[str, ...] = ()) -> int:
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
        environment |= {"PENSTOCK_CACHE_DIR": str(cache), "PENSTOCK_PROCESSES": "1", "PYTHONHASHSEED": "0"}
        command = [sys.executable, str(COUNT), "check", "--as-of", AS_OF, "--exit-zero", *options, "."]
        ended = subprocess.run(
            command, cwd=rollout, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
        )
        assert ended.returncode == 0, ended.stderr
        return int(ended.stderr.splitlines()[-1])


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Counter:
    return Counter(tmp_path_factory.mktemp("operations"))


@pytest.fixture(scope="module")
def growing(counter: Counter) -> list[Counted]:
    """A rollout, twice the rollout, and four times."""
    return [counter.count(rollout) for rollout in counter.rollouts.values()]


def steps(counts: list[int]) -> tuple[int, int]:
    """What the first doubling added, and the second one: twice as much when the work grows as the rollout does."""
    once, twice, four_times = counts
    return twice - once, four_times - twice


def test_twice_the_manifests_take_twice_the_steps(growing: list[Counted]) -> None:
    first, second = steps([counted.cold for counted in growing])

    assert second <= TWICE * first


def test_a_manifest_takes_a_bounded_number_of_steps(growing: list[Counted]) -> None:
    pytest.importorskip("jsonschema_rs", reason="without it each manifest is validated in Python")
    _, second = steps([counted.cold for counted in growing])

    assert second / MORE <= COLD_STEPS


def test_an_unchanged_manifest_takes_next_to_none(growing: list[Counted]) -> None:
    _, second = steps([counted.warm for counted in growing])

    assert second / MORE <= WARM_STEPS


def test_an_edited_manifest_leaves_the_others_as_they_are(growing: list[Counted]) -> None:
    _, second = steps([counted.edited for counted in growing])

    assert second / MORE <= EDITED_STEPS


def test_a_policy_takes_a_bounded_number_of_steps_to_compile(counter: Counter, tmp_path: Path) -> None:
    pytest.importorskip("jsonschema_rs", reason="without it each policy file is validated in Python")
    write = "import sys, pathlib, doubled; doubled.write(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", write, str(tmp_path / "packs")], cwd=BENCH, check=True)
    policies = len(list((tmp_path / "packs" / "copied").glob("*/*.yaml")))
    without = counter.cold(counter.least, "--ignore", "LV101")  # no command whose answer is known
    compiling = counter.cold(counter.least, "--config", str(tmp_path / "packs" / "penstock.yaml"))

    assert policies >= 100
    assert (compiling - without) / policies <= POLICY_STEPS


def test_rules_across_resources_take_twice_the_steps_for_twice_the_manifests(counter: Counter) -> None:
    rules = ",".join(across_rules())
    counts = [counter.cold(rollout, "--select", rules) for rollout in counter.rollouts.values()]
    first, second = steps(counts)

    assert second <= TWICE * first


def test_twice_the_grants_to_one_source_take_twice_the_steps(counter: Counter) -> None:
    first, second = steps([counter.cold(rollout) for rollout in counter.grants.values()])

    assert second <= TWICE * first


def across_rules() -> tuple[str, ...]:
    """The rules that the benchmark takes to look at more than one manifest."""
    specification = importlib.util.spec_from_file_location("bench_across", BENCH / "across.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    rules: tuple[str, ...] = module.across_rules()
    assert len(rules) > 40
    return rules
